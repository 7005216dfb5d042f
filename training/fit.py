"""Fits the network to examples."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch.nn import functional

from cleaners.article import BlockType
from cleaners.features.columns import Floats
from cleaners.model.network import CLIP
from training.batches import Batch, Prepared, batches, standardised
from training.examples import Example, Form
from training.labels import BODY, PAGE_KINDS, TYPES
from training.network import Parameters, forward
from training.recipe import Recipe
from training.vocabulary import Vocabulary, gather_vocabulary, number_words

MAIN_SHARE: Final = {
    BlockType.TITLE: 0.12, BlockType.BYLINE: 0.15, BlockType.CAPTION: 0.15, BlockType.BODY: 0.97,
    BlockType.ATTRIBUTION: 0.4, BlockType.DONATION: 0.05, BlockType.DISCLAIMER: 0.08, BlockType.RELATED: 0.03,
    BlockType.ADVERTISEMENT: 0.06, BlockType.AUTHOR_BIO: 0.05,
}  # fmt: skip
"""Share of each type's words that the public benchmark counts as main content, measured on the 219 pages
that both it and our annotators labelled; of the types that are not here about one in a hundred."""

REST_SHARE: Final = 0.015


Progress = Callable[[str], None]


@dataclass(slots=True)
class Fitted:
    """A trained model: what it learned, the vocabulary, the columns' scaling and names."""

    parameters: Parameters
    vocabulary: Vocabulary
    mean: Floats
    scale: Floats
    columns: list[str]
    recipe: Recipe

    def prepare(self, example: Example) -> Prepared:
        """An example as this model sees it."""
        return _prepare(example, self.vocabulary, self.mean, self.scale, self.recipe)

    def predict(self, pages: Sequence[Prepared]) -> list[Floats]:
        """Probabilities of the types for each page's blocks."""
        found: list[Floats] = []
        with torch.no_grad():
            for batch in batches(pages, self.recipe.batch_blocks):
                scores, _ = forward(self.parameters, batch, self.recipe, training=False)
                chances = scores.softmax(dim=1).numpy()
                found.extend(chances[part] for _, part in batch.slices())
        return found


def fit(examples: Sequence[Example], recipe: Recipe, progress: Progress) -> Fitted:
    """Train on examples; the same examples and recipe give the same model on the same machine.

    Method: AdamW (Loshchilov and Hutter, 2019) with a one-cycle learning rate (Smith, 2018); what is kept
    is the running average of the weights (Polyak and Juditsky, 1992).
    """
    torch.manual_seed(recipe.seed)
    torch.set_flush_denormal(True)
    torch.set_num_threads(1)
    vocabulary = gather_vocabulary(examples)
    mean, scale = _scaling(examples)
    pages = [_prepare(example, vocabulary, mean, scale, recipe) for example in examples]
    columns = examples[0].names
    parameters = Parameters.initial(recipe, len(columns), len(vocabulary.names), len(vocabulary.texts))
    average = Parameters({name: tensor.detach().clone() for name, tensor in parameters.tensors.items()})
    order = random.Random(recipe.seed)  # noqa: S311  # a shuffle, nothing secret
    steps = recipe.planned_epochs * sum(1 for _ in batches(pages, recipe.batch_blocks))
    optimizer = torch.optim.AdamW(
        parameters.tensors.values(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay, fused=True
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=steps, pct_start=0.1
    )
    costs = _type_costs(pages, recipe)
    started, step = time.monotonic(), 0
    for epoch in range(recipe.epochs):
        lost = 0.0
        for batch in batches(pages, recipe.batch_blocks, order):
            loss = _loss(parameters, batch, costs, recipe)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters.tensors.values(), 2.0)
            optimizer.step()
            schedule.step()
            step += 1
            _average(average, parameters, min(recipe.average, step / (step + 10)))
            lost += loss.item() * len(batch.prepared)
        progress(f"epoch {epoch + 1}: loss {lost / len(pages):.4f}, {time.monotonic() - started:.0f} s")
    return Fitted(average, vocabulary, mean, scale, columns, recipe)


def _average(average: Parameters, current: Parameters, share: float) -> None:
    with torch.no_grad():
        for name, tensor in average.tensors.items():
            tensor.mul_(share).add_(current.tensors[name], alpha=1 - share)


def _scaling(examples: Sequence[Example]) -> tuple[Floats, Floats]:
    """Means and inverse deviations of the columns; of each page at most its first blocks."""
    rows = np.concatenate([example.matrix[:300] for example in examples]).astype(np.float64)
    return rows.mean(axis=0).astype(np.float32), (1 / (rows.std(axis=0) + 1e-3)).astype(np.float32)


def _prepare(
    example: Example, vocabulary: Vocabulary, mean: Floats, scale: Floats, recipe: Recipe
) -> Prepared:
    words = torch.from_numpy(example.words.astype(np.float32))
    known = torch.from_numpy((example.total > 0).astype(np.float32))
    types = main = None
    if example.types is not None:
        held = example.types.sum(axis=1, keepdims=True)
        types = torch.from_numpy(example.types / np.maximum(held, 1e-9))
        known = torch.from_numpy((held[:, 0] > 0).astype(np.float32))
        weight = known * (words + 2) ** 0.25
    elif example.main is not None:
        main = torch.from_numpy(example.main.astype(np.float32))
        words = words * known
        weight = known * (words + 2) ** 0.7
    return Prepared(
        example=example,
        numbers=standardised(example.matrix, mean, scale, CLIP),
        bags=number_words(example, vocabulary),
        words=words,
        weight=weight
        * recipe.form_weight[example.form]
        * (1.0 if example.kind == "article" or main is not None else recipe.rare_kinds),
        types=types,
        main=main,
    )


def _type_costs(pages: Sequence[Prepared], recipe: Recipe) -> torch.Tensor:
    """What a mistake costs by type: rare types more, so that they are learned at all; 1 on average."""
    counts = torch.stack([page.types.sum(dim=0) for page in pages if page.types is not None]).sum(dim=0)
    share = counts / counts.sum()
    costs = share.clamp(min=1e-4) ** -recipe.rare_types
    return costs / (costs * share).sum()


def _loss(parameters: Parameters, batch: Batch, costs: torch.Tensor, recipe: Recipe) -> torch.Tensor:
    scores, kinds = forward(parameters, batch, recipe, training=True)
    logs, total = scores.log_softmax(dim=1), recipe.kind_cost * _kind_loss(batch, kinds)
    for page, part in batch.slices():
        if page.types is not None:
            total = total + recipe.type_cost * _type_loss(page, page.types, logs[part], costs)
        elif page.main is not None:
            total = total + _main_loss(page, page.main, logs[part], recipe)
    return total / len(batch.prepared)


def _kind_loss(batch: Batch, kinds: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of the kinds of pages, summed; text and fragments show too little of theirs."""
    known = [
        (place, PAGE_KINDS.index(page.example.kind))
        for place, page in enumerate(batch.prepared)
        if page.example.form is Form.HTML and page.example.kind in PAGE_KINDS
    ]
    if not known:
        return torch.zeros(())
    places, targets = zip(*known, strict=True)
    return functional.cross_entropy(kinds[list(places)], torch.tensor(targets), reduction="sum")


def _type_loss(page: Prepared, types: torch.Tensor, logs: torch.Tensor, costs: torch.Tensor) -> torch.Tensor:
    """Cross-entropy; a page counts with the root of its blocks' weight, so that long ones do not rule."""
    cross = -(types * logs * costs).sum(dim=1)
    return (cross * page.weight).sum() / (page.weight.sum().sqrt() + 1e-6) / 5


def _main_loss(page: Prepared, main: torch.Tensor, logs: torch.Tensor, recipe: Recipe) -> torch.Tensor:
    """Two costs where only main content is known: of each block, and of the page's overlap of words.

    The types' chances are turned into the chance of being main content. The overlap is the word-level F1
    itself with chances for decisions (Milletari et al., "V-Net", 2016), so that a page is learned as a whole.
    """
    chances = logs.exp()
    share = torch.tensor([MAIN_SHARE.get(kind, REST_SHARE) for kind in TYPES])
    chance = (chances @ share).clamp(1e-5, 1 - 1e-5)
    cross = functional.binary_cross_entropy(chance, main, weight=page.weight, reduction="sum")
    taken, wanted = chances[:, BODY] * page.words, main * page.words
    overlap = 1 - 2 * (taken * main).sum() / (taken.sum() + wanted.sum() + 5)
    factor = recipe.form_weight[page.example.form] * (
        1.0 if page.example.kind == "article" else recipe.rare_kinds
    )
    mean = cross / (page.weight.sum() + 1e-6)
    return factor * (recipe.main_cost * mean + recipe.overlap_cost * overlap)
