"""The matrix under construction: named columns, one row a block."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Columns:
    """Columns by name, in the order in which they were added."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.names: list[str] = []
        self._parts: list[NDArray[np.float32]] = []

    def add(self, name: str, values: ArrayLike) -> None:
        """Add one column; a single number stands for a whole column."""
        self.names.append(name)
        column = np.asarray(values, np.float32)
        self._parts.append(np.broadcast_to(column, (self.rows,))[:, None])

    def add_all(self, prefix: str, names: Sequence[str], values: ArrayLike) -> None:
        """Add the columns of a matrix, or of one row that stands for all rows."""
        matrix = np.asarray(values, np.float32)
        self.names.extend(f"{prefix}{name}" for name in names)
        self._parts.append(np.broadcast_to(matrix, (self.rows, len(names))))

    def matrix(self) -> Floats:
        """All columns as one matrix, [rows x columns]."""
        return np.concatenate(self._parts, axis=1) if self._parts else np.zeros((self.rows, 0), np.float32)


def shifted(values: NDArray[np.generic], step: int, fill: float = 0) -> NDArray[np.generic]:
    """`values` of the block `step` places further on (before, where negative), `fill` past the ends."""
    moved = np.full_like(values, fill)
    if step > 0:
        moved[:-step] = values[step:]
    elif step < 0:
        moved[-step:] = values[:step]
    return moved
