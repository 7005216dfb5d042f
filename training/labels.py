"""What each of our blocks should be, by aligning its words with annotated or true text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from benchmarks.data import scorer
from cleaners.article import BlockType
from cleaners.features.columns import Floats

TYPES: Final = tuple(BlockType)
_RANK: Final = {kind.value: rank for rank, kind in enumerate(TYPES)}


def words_by_type(texts: Sequence[str], truth: Sequence[tuple[str, str]]) -> tuple[Floats, Floats]:
    """For each text how many of its words stand in `truth` with each type, [texts x types], and its words.

    `truth` are (text, type) pairs in document order. Both sides are aligned in order, so that a word
    counts only in its place.
    """
    score = scorer()
    wanted, kinds = score.words(truth)
    ours, owners = score.words([(text, "") for text in texts])
    found = np.zeros((len(texts), len(TYPES)), np.float32)
    total = np.zeros(len(texts), np.float32)
    for word, twin in enumerate(score.align(ours, wanted)):
        block = owners[word][1]
        total[block] += 1
        if twin is not None:
            found[block, _RANK[kinds[twin][0]]] += 1
    return found, total
