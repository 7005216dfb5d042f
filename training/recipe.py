"""How the model is trained: the figures, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Recipe:
    """Sizes, regularisation and costs of one training run."""

    hidden: int = 128
    seen: int = 64
    vector: int = 32
    layers: int = 2
    epochs: int = 8
    batch_blocks: int = 4_000
    learning_rate: float = 2e-3
    weight_decay: float = 0.05
    drop_columns: float = 0.1
    drop_words: float = 0.3
    drop_hidden: float = 0.25
    drop_kinds: float = 0.15
    average: float = 0.995
    type_cost: float = 1.0
    main_cost: float = 2.0
    overlap_cost: float = 1.0
    rare_types: float = 0.25
    form_weight: dict[str, float] = field(default_factory=lambda: {"html": 1.0, "text": 0.5, "fragment": 0.3})
    rare_kinds: float = 1.0
    seed: int = 1
