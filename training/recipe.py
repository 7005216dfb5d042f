"""How the model is trained: the figures, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Recipe:
    """Sizes, regularisation and costs of one training run.

    Sizes: `hidden` values a block, of which `seen` are shown to other blocks by each of `layers` mixing
    layers, and `vector` values a word; they keep the weights below 3 MB and the network to 2 ms a page.

    Regularisation: parts of the input left out at random (`drop_columns` single numbers, `drop_words` single
    words, `drop_kinds` whole kinds of words of a page, `drop_hidden` values inside), `weight_decay`, and the
    running `average` of the weights, without which the benchmark's F1 is 0.02 lower at the same epoch.
    Types go on gaining for about ten `epochs`, main content stops after six. The learning rate falls as for
    `planned_epochs`: brought down to nothing by the end, it made chances truer on three folds of three, but
    decisions worse (accuracy by 0.003, macro F1 by 0.009).

    Costs: of types (`type_cost`), of the page's kind (`kind_cost`), of main content block by block and by the
    overlap of a page's words (`main_cost`, `overlap_cost`). `rare_types` is the power of a type's share by
    which it costs more, `rare_kinds` how much more a page counts that is no article (there are as many
    articles as others), and `form_weight` how much each form of a page counts: the page itself most.
    """

    hidden: int = 128
    seen: int = 64
    vector: int = 32
    layers: int = 2
    epochs: int = 8
    planned_epochs: int = 15
    batch_blocks: int = 4_000
    learning_rate: float = 2e-3
    weight_decay: float = 0.05
    drop_columns: float = 0.1
    drop_words: float = 0.3
    drop_hidden: float = 0.25
    drop_kinds: float = 0.15
    average: float = 0.995
    type_cost: float = 1.2
    kind_cost: float = 0.3
    main_cost: float = 2.0
    overlap_cost: float = 1.0
    rare_types: float = 0.25
    rare_kinds: float = 1.5
    form_weight: dict[str, float] = field(default_factory=lambda: {"html": 1.0, "text": 0.5, "fragment": 0.3})
    seed: int = 1
