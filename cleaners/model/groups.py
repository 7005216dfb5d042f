"""The blocks of a page that a mixing layer shows each block: in its containers, on its path, above it."""

from __future__ import annotations

from typing import Final

import numpy as np

from cleaners.arrays import Floats, Integers
from cleaners.features import Features

CONTAINERS: Final = 3
"""Containers around a block that a mixing layer sees."""


class Groups:
    """The groups of one page's blocks. A group's mean is taken once, however many blocks are shown it.

    `container`, `heading` and `path` are the number of each block's group in what the methods of the same
    names give.
    """

    def __init__(self, features: Features) -> None:
        """Number the groups."""
        tree = features.tree
        elements, place = _numbered(tree.containers[:CONTAINERS])
        self._first, self._last = tree.first[elements], tree.last[elements]
        self._held = np.maximum(1, self._last - self._first)[:, None]
        innermost, self.container = _numbered(place[0])
        member = np.empty(len(innermost), np.int64)
        member[self.container] = np.arange(len(self.container))
        self._chain = place[:, member].T
        above, self.heading = _numbered(features.heading_before + 1)
        self._above = above - 1
        paths, self.path = _numbered(tree.path)
        self._order = self.path.argsort(kind="stable")
        on_path = np.bincount(self.path, minlength=len(paths))
        self._path_starts = on_path.cumsum() - on_path
        self._on_path = on_path[:, None]
        words = features.shape.words
        self._weights = np.empty((2, len(words)), np.float32)
        self._weights[0] = 1 / len(words)
        np.divide(words, features.shape.page_words, out=self._weights[1])

    def containers(self, seen: Floats) -> Floats:
        """Means over the containers from each innermost one outwards, [groups x containers * width]."""
        total = np.zeros((len(seen) + 1, seen.shape[1]), np.float64)
        seen.cumsum(axis=0, out=total[1:])
        means = ((total[self._last] - total[self._first]) / self._held).astype(np.float32)
        chained: Floats = means[self._chain].reshape(len(self._chain), -1)
        return chained

    def headings(self, seen: Floats) -> Floats:
        """What was made of each heading, zeros for none, [groups x width]."""
        made = seen[self._above]
        made[self._above < 0] = 0
        return made

    def paths(self, seen: Floats) -> Floats:
        """Means over the blocks of each path, [groups x width]."""
        means: Floats = np.add.reduceat(seen[self._order], self._path_starts, axis=0)
        means /= self._on_path
        return means

    def page(self, seen: Floats) -> Floats:
        """Means over the page, of blocks and of words, [2 * width]."""
        result: Floats = (self._weights @ seen).reshape(-1)
        return result


def _numbered(values: Integers) -> tuple[Integers, Integers]:
    """The different values in order, and for each value its place among them; values are small."""
    present = np.bincount(values.ravel()) > 0
    return present.nonzero()[0], (present.cumsum() - 1)[values]
