"""The matrix under construction: named columns, one entry a block."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from cleaners.arrays import Flags, Floats, Integers

__all__ = ["Columns", "Flags", "Floats", "Integers", "Layout"]


class Layout:
    """The names of all columns, in order, and the place of each."""

    def __init__(self, names: Sequence[str]) -> None:
        """Take the names in the matrix's order."""
        self.names = list(names)
        self.places = {name: place for place, name in enumerate(names)}


class Columns:
    """Columns by name, zeros until they are set.

    A column is one stretch of memory, [columns x blocks], so that setting one is fast; the matrix is the
    same memory seen from the other side.
    """

    def __init__(self, layout: Layout, blocks: int) -> None:
        """Make room for the columns of a page with so many blocks."""
        self.blocks = blocks
        self._places = layout.places
        self._values = np.zeros((len(layout.names), blocks), np.float32)

    def __setitem__(self, name: str, values: ArrayLike) -> None:
        """Set one column; a single number stands for a whole column."""
        self._values[self._places[name]] = values

    def group(self, first: str, *shape: int) -> Floats:
        """The columns from one name on, to be set: as many as the numbers of `shape` multiply to, each of
        them a dimension, and the blocks the last."""
        start = self._places[first]
        stop = start + math.prod(shape)
        return self._values[start:stop].reshape(*shape, self.blocks)

    def tick(self, name: str, blocks: Sequence[int]) -> None:
        """Set 1 in one column for some blocks."""
        if blocks:
            self._values[self._places[name], blocks] = 1

    def mark(self, first: str, which: Integers) -> None:
        """Set 1 in one of the columns from `first` on, for each block in that of the number in `which`; in
        none where it is negative."""
        marked = (which >= 0).nonzero()[0]
        self._values[self._places[first] + which[marked], marked] = 1

    def matrix(self) -> Floats:
        """All columns as one matrix, [blocks x columns]."""
        return self._values.T
