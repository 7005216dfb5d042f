"""How well an extracted text agrees with the true one, word by word; and what a mean may be off by."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean
from typing import Final, NamedTuple, TypeVar

WORD: Final = re.compile(r"\w+")
"""A word of the public benchmark's metric."""

DENSE_WORD: Final = re.compile(r"[぀-ヿ㐀-鿿가-힣฀-๿]|[^\W_]+")
"""A word where scripts that write no spaces count by character, as `cleaners.article.count_words` does."""

ROUNDS: Final = 2_000
"""Samples that an interval is drawn from; more move its ends by less than a digit that is printed."""

Item = TypeVar("Item")


class Score(NamedTuple):
    """Precision, recall and F1 of one text, 0 to 1."""

    precision: float
    recall: float
    f1: float


def score(text: str, truth: str, word: re.Pattern[str] = WORD) -> Score:
    """Compare two texts as multisets of lower-cased words.

    Two texts without words agree; where only one has none, all figures are 0.
    """
    found, true = (Counter(word.findall(side.lower())) for side in (text, truth))
    if not found and not true:
        return Score(1.0, 1.0, 1.0)
    common = (found & true).total()
    if not common:
        return Score(0.0, 0.0, 0.0)
    precision, recall = common / found.total(), common / true.total()
    return Score(precision, recall, 2 * common / (found.total() + true.total()))


def mean_score(scores: Iterable[Score]) -> Score:
    """The mean of each figure over pages; all 0 where there are none."""
    columns = tuple(zip(*scores, strict=True))
    return Score(*(fmean(column) for column in columns)) if columns else Score(0.0, 0.0, 0.0)


def interval(items: Sequence[Item], statistic: Callable[[Sequence[Item]], float]) -> tuple[float, float]:
    """The bootstrap 95 % interval of a statistic of pages, drawn from a fixed seed."""
    source = random.Random(0)  # noqa: S311  # statistics, not secrets
    figures = sorted(statistic(source.choices(items, k=len(items))) for _ in range(ROUNDS))
    return figures[round(0.025 * (ROUNDS - 1))], figures[round(0.975 * (ROUNDS - 1))]
