"""Which sentences of two stories hold the same names, numbers and words, in the same order."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.reuse.reading import Anchor, AnchorKind

NUMBER_WEIGHTS: Final = (0.25, 0.25, 1.0, 1.5, 2.0)
"""What a number says by the digits of its mantissa: 2 or 30 stand in any text, 3,863 in few."""

NAME_WEIGHT: Final = 1.5
SHORT_NAME_WEIGHT: Final = 0.5
"""Names of one or two consonants ("Li", "Joe") sound like many others."""

WORD_WEIGHT: Final = 1.0

MAX_PLACES: Final = 40
"""Sentences of one text that an anchor is looked up in: what stands everywhere aligns nothing."""

Row = Sequence[Anchor]


class SentencePair(NamedTuple):
    """A sentence of the later story, one of the earlier, and the weight of what they share."""

    later: int
    earlier: int
    weight: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """What two stories share when their sentences are paired in order.

    `share` is the weight of what the pairs share, of all that the story with less of it holds (0 to 1);
    `weight` is that weight itself, `any_order` the share were order of no account.
    """

    pairs: tuple[SentencePair, ...]
    weight: float
    share: float
    any_order: float


def align(later: Sequence[Row], earlier: Sequence[Row], kinds: Collection[AnchorKind]) -> Alignment:
    """Pair the sentences of two stories, in order, so that they share the most anchors of the given kinds."""
    matrix, totals = _shared_weights(later, earlier, kinds)
    least = min(totals)
    if not matrix.size or least <= 0:
        return Alignment((), 0.0, 0.0, 0.0)
    scores = _ordered_scores(matrix)
    weight = float(scores[-1, -1])
    loose = min(float(matrix.max(axis=1).sum()), float(matrix.max(axis=0).sum()))
    return Alignment(_pairs(matrix, scores), weight, min(weight / least, 1.0), min(loose / least, 1.0))


def _shared_weights(
    later: Sequence[Row], earlier: Sequence[Row], kinds: Collection[AnchorKind]
) -> tuple[NDArray[np.float64], tuple[float, float]]:
    """What each sentence shares with each of the other story, and what each story holds in all."""
    places = [_places(rows, kinds) for rows in (later, earlier)]
    matrix = np.zeros((len(later), len(earlier)))
    totals = [0.0, 0.0]
    frequency = Counter({anchor: len(rows) for anchor, rows in places[0].items()})
    frequency.update({anchor: len(rows) for anchor, rows in places[1].items()})
    for anchor in sorted(frequency):
        weight = _weight(anchor) / math.sqrt(frequency[anchor])
        here, there = (found.get(anchor, []) for found in places)
        totals[0] += weight * len(here)
        totals[1] += weight * len(there)
        if here and there:
            matrix[np.ix_(here[:MAX_PLACES], there[:MAX_PLACES])] += weight
    return matrix, (totals[0], totals[1])


def _places(rows: Sequence[Row], kinds: Collection[AnchorKind]) -> dict[Anchor, list[int]]:
    """The sentences that hold each anchor."""
    places: dict[Anchor, list[int]] = {}
    for number, row in enumerate(rows):
        for anchor in dict.fromkeys(row):
            if anchor.kind in kinds:
                places.setdefault(anchor, []).append(number)
    return places


def _weight(anchor: Anchor) -> float:
    if anchor.kind is AnchorKind.NUMBER:
        return NUMBER_WEIGHTS[min(len(anchor.key), len(NUMBER_WEIGHTS) - 1)]
    if anchor.kind is AnchorKind.NAME:
        return NAME_WEIGHT if len(anchor.key) > 2 else SHORT_NAME_WEIGHT
    return WORD_WEIGHT


def _ordered_scores(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """The best weight of pairs in order, for every start of the two stories."""
    rows, columns = matrix.shape
    scores = np.zeros((rows + 1, columns + 1))
    for row in range(rows):
        taken = np.maximum(scores[row, 1:], scores[row, :-1] + matrix[row])
        scores[row + 1, 1:] = np.maximum.accumulate(taken)
    return scores


def _pairs(matrix: NDArray[np.float64], scores: NDArray[np.float64]) -> tuple[SentencePair, ...]:
    """The pairs that the best weight was reached with, in order."""
    row, column = matrix.shape
    found = []
    while row and column:
        if scores[row, column] == scores[row - 1, column]:
            row -= 1
        elif scores[row, column] == scores[row, column - 1]:
            column -= 1
        else:
            row, column = row - 1, column - 1
            found.append(SentencePair(row, column, round(float(matrix[row, column]), 2)))
    return tuple(reversed(found))
