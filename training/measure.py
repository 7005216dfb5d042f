"""Figures of held-back predictions: by type, by language, by kind, and the calibration made from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from cleaners.article import KEPT_TYPES
from cleaners.features.columns import Floats
from cleaners.model import Favor
from training.examples import Example, Form
from training.labels import BODY, TYPES

KEPT: Final = [TYPES.index(kind) for kind in TYPES if kind in KEPT_TYPES]

BETA: Final = {Favor.PRECISION: 0.5, Favor.BALANCED: 1.0, Favor.RECALL: 2.0}
"""How much more recall counts than precision when a point of the dial is chosen (van Rijsbergen's beta)."""

PLATEAU: Final = 0.0005
"""The measure is flat about its best, and there the higher threshold is taken: a button in the text does more
harm than a line that lacks. With 0.002 collections lost 0.03 of word F1."""

THRESHOLDS: Final = tuple(round(step / 50, 2) for step in range(1, 50))

BINS: Final = 15


@dataclass(slots=True)
class Predicted:
    """A page that its model had not seen, and the chances that it gave."""

    example: Example
    chances: Floats


@dataclass(frozen=True, slots=True)
class TypeFigures:
    """How well types were told: F1 by type, their mean, the share right, and F1 of kept words by page."""

    f1: dict[str, float]
    macro: float
    accuracy: float
    kept: float
    blocks: int


def type_figures(pages: Iterable[Predicted]) -> TypeFigures:
    """The figures over annotated pages; a block's type is that of most of its words."""
    confusion = np.zeros((len(TYPES), len(TYPES)))
    kept: list[float] = []
    for page in pages:
        labels = page.example.types
        if labels is None:
            continue
        chosen = page.chances.argmax(axis=1)
        known = labels.sum(axis=1) > 0
        np.add.at(confusion, (labels[known].argmax(axis=1), chosen[known]), 1)
        taken = np.isin(chosen, KEPT)
        right = float(labels[taken][:, KEPT].sum())
        kept.append(2 * right / max(1e-9, float(labels[taken].sum() + labels[:, KEPT].sum())))
    right_by_type = np.diag(confusion)
    f1 = 2 * right_by_type / np.maximum(1, confusion.sum(axis=0) + confusion.sum(axis=1))
    seen = confusion.sum(axis=1) > 0
    return TypeFigures(
        f1={kind.value: round(float(f1[rank]), 3) for rank, kind in enumerate(TYPES) if seen[rank]},
        macro=round(float(f1[seen].mean()), 4) if seen.any() else 0.0,
        accuracy=round(float(right_by_type.sum() / max(1, confusion.sum())), 4),
        kept=round(float(np.mean(kept)), 4) if kept else 0.0,
        blocks=int(confusion.sum()),
    )


def overlap(page: Predicted, threshold: float) -> tuple[float, float]:
    """Precision and recall by words of a page's main content, with body from a threshold on.

    Of an annotated page the words of its body are the main content.
    """
    main, types = page.example.main, page.example.types
    if main is None:
        if types is None:
            raise ValueError(f"{page.example.name} has no labels to compare with")
        main = types[:, BODY] / np.maximum(1e-9, types.sum(axis=1))
    taken = (page.chances[:, BODY] >= threshold) * page.example.total
    right, wanted = float((taken * main).sum()), float((main * page.example.total).sum())
    return right / max(1e-9, float(taken.sum())), right / max(1e-9, wanted)


def mean_f1(pages: Sequence[Predicted], threshold: float, beta: float = 1.0) -> float:
    """The mean over pages of the F measure by words."""
    scores = []
    for page in pages:
        precision, recall = overlap(page, threshold)
        weighed = beta * beta * precision + recall
        scores.append((1 + beta * beta) * precision * recall / weighed if weighed else 0.0)
    return float(np.mean(scores)) if scores else 0.0


def calibrate(pages: Sequence[Predicted]) -> dict[str, Any]:
    """The dial's thresholds and the confidences, from pages that no model had seen.

    A threshold is the highest whose F measure of its beta is nearly the best, the mean of the benchmark's
    pages and that of the annotated ones counting alike. The confidence of a chance is the share of decisions
    with about that chance that were right on annotated pages, made to rise with the chance (pool adjacent
    violators, Zadrozny and Elkan, 2002).
    """
    html = [page for page in pages if page.example.form is Form.HTML]
    sets = [[page for page in html if (page.example.main is None) is typed] for typed in (False, True)]
    thresholds = {favor.value: _threshold(sets, beta) for favor, beta in BETA.items()}
    return {"thresholds": thresholds, "calibration": _reliability(pages)}


def _threshold(sets: Sequence[Sequence[Predicted]], beta: float) -> float:
    scores = {
        threshold: float(np.mean([mean_f1(pages, threshold, beta) for pages in sets if pages]))
        for threshold in THRESHOLDS
    }
    return max(threshold for threshold in THRESHOLDS if scores[threshold] >= max(scores.values()) - PLATEAU)


def _reliability(pages: Sequence[Predicted]) -> dict[str, list[float]]:
    chances, right = [], []
    for page in pages:
        labels = page.example.types
        if labels is None or page.example.form is Form.FRAGMENT:
            continue
        known = labels.sum(axis=1) > 0
        chances.append(page.chances.max(axis=1)[known])
        right.append((page.chances.argmax(axis=1) == labels.argmax(axis=1))[known])
    chance, hit = np.concatenate(chances), np.concatenate(right).astype(np.float64)
    order = np.argsort(chance, kind="stable")
    groups = np.array_split(order, BINS)
    levels = [[float(hit[group].mean()), float(len(group)), float(chance[group].mean())] for group in groups]
    return {
        "chance": [round(level[2], 4) for level in levels],
        "right": [round(value, 4) for value in _rising([(level[0], level[1]) for level in levels])],
    }


def _rising(levels: Sequence[tuple[float, float]]) -> list[float]:
    """Values by weight, made to rise: neighbours that fall are put together."""
    pools: list[tuple[float, float, int]] = []
    for value, weight in levels:
        pools.append((value, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (left, held, number), (right, more, others) = pools[-2], pools[-1]
            pools[-2:] = [((left * held + right * more) / (held + more), held + more, number + others)]
    return [value for value, _, number in pools for _ in range(number)]


def by_group(pages: Sequence[Predicted], key: Callable[[Example], str]) -> dict[str, list[Predicted]]:
    """Pages by what `key` says of them, in alphabetical order."""
    groups: dict[str, list[Predicted]] = {}
    for page in sorted(pages, key=lambda page: key(page.example)):
        groups.setdefault(key(page.example), []).append(page)
    return groups
