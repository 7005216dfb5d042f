"""How well the lengths of two texts' paragraphs follow one another.

Gale and Church, "A program for aligning sentences in bilingual corpora" (1993): what is long in one language
is long in its translation, so that lengths alone align a text with its translation, and with no other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

MAX_PARAGRAPHS: Final = 80
"""Paragraphs that are aligned, from the start: 80 by 80 take some hundredths of a second."""

_VARIANCE: Final = 6.8
"""Variance of a translation's length for each character of its source (Gale and Church)."""

_ONE_TO_ONE: Final = 0.1
_ONE_TO_NONE: Final = 7.6
_TWO_TO_ONE: Final = 2.4
"""Costs of how paragraphs are paired: minus the logarithm of how often translators do so; what one that is
left out surprises by is in it."""

_LEAST_LIKELY: Final = 1e-6

_STEPS: Final = (
    (1, 1, _ONE_TO_ONE), (1, 0, _ONE_TO_NONE), (0, 1, _ONE_TO_NONE), (2, 1, _TWO_TO_ONE), (1, 2, _TWO_TO_ONE)
)  # fmt: skip


def length_cost(earlier: Sequence[int], later: Sequence[int]) -> float:
    """Cost of the best pairing of paragraphs by their lengths in characters, a paragraph of the longer text.

    Below 0.7 for translations; above 1.1 for texts that have nothing to do with each other, unless they have
    few paragraphs. Infinite for a text of nothing.
    """
    earlier, later = earlier[:MAX_PARAGRAPHS], later[:MAX_PARAGRAPHS]
    if not (sum(earlier) and sum(later)):
        return math.inf
    ratio = sum(later) / sum(earlier)
    best = {(0, 0): 0.0}
    for i in range(len(earlier) + 1):
        for j in range(len(later) + 1):
            here = best.get((i, j))
            if here is None:
                continue
            for rows, columns, cost in _STEPS:
                there = (i + rows, j + columns)
                if there[0] > len(earlier) or there[1] > len(later):
                    continue
                total = here + cost
                if rows and columns:
                    total += _surprise(sum(earlier[i : there[0]]), sum(later[j : there[1]]), ratio)
                best[there] = min(total, best.get(there, math.inf))
    return best[len(earlier), len(later)] / max(len(earlier), len(later))


def _surprise(earlier: int, later: int, ratio: float) -> float:
    """Minus the logarithm of the chance that a text of one length is given one of the other."""
    mean = (earlier + later / ratio) / 2
    deviation = (later - ratio * earlier) / math.sqrt(_VARIANCE * max(mean, 1) * ratio)
    return -math.log(max(math.erfc(abs(deviation) / math.sqrt(2)), _LEAST_LIKELY))
