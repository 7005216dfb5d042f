"""What the elements around a block hold."""

from __future__ import annotations

from typing import Final

import numpy as np

from cleaners.arrays import log, running
from cleaners.features.columns import Columns
from cleaners.features.shape import Shape
from cleaners.tree import LEVELS, Tree

SHORT_WORDS: Final = 6
"""A block of at most this many words is a label."""

_MEASURES: Final = (
    *("blocks", "words", "words a block", "share of page", "link share", "prose share", "short share"),
    *("headings", "controls", "media", "from start", "from end", "opens with heading", "depth", "siblings"),
)
"""Of each container; "siblings" are the blocks of containers that stand side by side, in one element."""

_NO_COUNTS: Final = frozenset(
    {"share of page", "link share", "prose share", "short share", "opens with heading", "depth"}
)

_COUNTS: Final = [rank for rank, name in enumerate(_MEASURES) if name not in _NO_COUNTS]
"""Measures of which the matrix holds the logarithm."""

COLUMNS: Final = tuple(f"container {level}: {name}" for level in range(LEVELS) for name in _MEASURES)


def add_containers(columns: Columns, tree: Tree, shape: Shape) -> None:
    """Measures of the containers around each block, from the innermost, and its place in each."""
    around = tree.containers
    first, last = tree.first[around], tree.last[around]
    blocks = np.maximum(1, last - first)
    index = np.arange(columns.blocks)
    summed = (
        *(shape.words, shape.chars, shape.linked, shape.prose_words),
        *(shape.words <= SHORT_WORDS, shape.heading, shape.controls, shape.media),
    )
    total = running(np.array(summed, np.float32))
    words, chars, linked, prose, short, headings, controls, media = total.take(last, axis=1) - total.take(
        first, axis=1
    )
    beside = tree.parent[around] + 1 + np.arange(LEVELS)[:, None] * (len(tree.parent) + 1)
    siblings = np.bincount(beside.ravel())[beside]
    measures = (
        *(blocks, words, words / blocks, words / total[0, -1]),
        *(linked / np.maximum(1, chars), prose / np.maximum(1, words), short / blocks),
        *(headings, controls, media, index - first, np.maximum(0, last - 1 - index)),
        *(shape.heading[np.minimum(first, columns.blocks - 1)], tree.depth[around], siblings),
    )
    into = columns.group(COLUMNS[0], LEVELS, len(_MEASURES)).swapaxes(0, 1)
    for column, values in zip(into, measures, strict=True):
        column[:] = values
    into[_COUNTS] = log(into[_COUNTS])
