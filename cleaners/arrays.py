"""The arrays that pages become: their types, and the few operations that several modules share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Doubles: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]


_ONE: Final = np.float32(1)


def integers(values: Sequence[int]) -> Integers:
    """A list of numbers as an array; several times as fast as `np.array` for lists of a page's length."""
    return np.fromiter(values, np.int64, len(values))


def table(*columns: Sequence[int]) -> Integers:
    """Lists of equal length as the rows of one array."""
    size = len(columns[0])
    return np.fromiter(chain.from_iterable(columns), np.int64, len(columns) * size).reshape(-1, size)


def running(values: NDArray[Any]) -> Doubles:
    """Sums along the last axis before each place, one entry longer than `values`.

    The sum over `values[..., a:b]` is `running[..., b] - running[..., a]`, so that sums over the blocks of
    any number of elements cost one subtraction each.
    """
    total = np.zeros((*values.shape[:-1], values.shape[-1] + 1), np.float64)
    values.cumsum(axis=-1, out=total[..., 1:])
    return total


def log(counts: NDArray[Any]) -> Floats:
    """ln(1 + count) in single precision; `np.log1p` takes six times as long where a CPU has no AVX-512."""
    result: Floats = np.log(counts + _ONE, dtype=np.float32)
    return result


def signed_log(distances: NDArray[Any]) -> Floats:
    """ln(1 + |distance|) with the distance's sign."""
    result: Floats = np.copysign(log(np.abs(distances)), distances, dtype=np.float32)
    return result


def upwards(
    parent: Integers, values: NDArray[Any], combine: Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]]
) -> NDArray[Any]:
    """For each item of a forest what `combine` makes of its value and of those of all items above it.

    `parent` is -1 at the roots; `combine` is associative and zeros are its neutral element. Each step
    doubles how far up an item has looked (pointer doubling), so depth costs its logarithm.
    """
    beyond = len(parent)
    above = np.full(beyond + 1, beyond, np.int64)
    np.copyto(above[:-1], parent, where=parent >= 0)
    seen = np.concatenate([values, np.zeros_like(values[:1])])
    while (above != beyond).any():
        seen = combine(seen, seen[above])
        above = above[above]
    return seen[:beyond]
