"""The layers that the network is made of. They change the arrays that they are given."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import accumulate
from typing import Final

import numpy as np

from cleaners.arrays import Floats
from cleaners.model.groups import CONTAINERS, Groups

_ZERO: Final = np.float32(0)

EPSILON: Final = 1e-5
"""Added to variances, so that a block whose values are all alike is not divided by zero."""

STEPS: Final = (-1, 1, -2, 2)
"""Neighbours that a mixing layer sees, by their distance."""


def rectify(values: Floats) -> Floats:
    """Zeros for what is negative."""
    np.maximum(values, _ZERO, out=values)
    return values


def normalise(values: Floats, weight: Floats, bias: Floats) -> Floats:
    """Method: layer normalisation, Ba, Kiros and Hinton, 2016."""
    share = _shares(values.shape[1])
    values -= (values @ share)[:, None]
    spread = np.einsum("ij,ij->i", values, values) * share[0] + np.float32(EPSILON)
    values *= (1 / np.sqrt(spread))[:, None]
    values *= weight
    values += bias
    return values


@cache
def _shares(width: int) -> Floats:
    """Weights that make a mean of so many values."""
    return np.full(width, 1 / width, np.float32)


class Mixing:
    """Each block takes in what was made of itself, its neighbours, and the groups that it is in.

    The layer's weights are those of one matrix for all that a block is shown; what several blocks are shown
    alike is multiplied once.
    """

    def __init__(self, arrays: Mapping[str, Floats], layer: int) -> None:
        """Take the weights of a layer, parted by what they are for."""
        self._see, self._see_bias = arrays[f"see{layer}.weight"], arrays[f"see{layer}.bias"]
        self._bias = arrays[f"mix{layer}.bias"]
        self._norm = arrays[f"norm{layer + 1}.weight"], arrays[f"norm{layer + 1}.bias"]
        seen = self._see.shape[1]
        sizes = (seen * (1 + len(STEPS)), seen, seen * CONTAINERS, seen, seen * 2)
        beside, self._heading, self._container, self._path, self._page, own = np.split(
            arrays[f"mix{layer}.weight"], list(accumulate(sizes))
        )
        self._local = np.concatenate([beside, own])

    def apply(self, state: Floats, groups: Groups) -> Floats:
        """The next state of the blocks, [blocks x hidden]."""
        seen = rectify(state @ self._see + self._see_bias)
        mixed: Floats = _beside(seen, state) @ self._local
        mixed += groups.page(seen) @ self._page + self._bias
        mixed += (groups.containers(seen) @ self._container)[groups.container]
        mixed += (groups.headings(seen) @ self._heading)[groups.heading]
        mixed += (groups.paths(seen) @ self._path)[groups.path]
        rectify(mixed)
        mixed += state
        return normalise(mixed, *self._norm)


def _beside(seen: Floats, state: Floats) -> Floats:
    """What was made of each block and of its neighbours, zeros past the page's ends, and its state."""
    blocks, width = seen.shape
    views = np.zeros((blocks, width * (1 + len(STEPS)) + state.shape[1]), np.float32)
    views[:, :width] = seen
    for place, step in enumerate(STEPS, 1):
        view = views[:, place * width : (place + 1) * width]
        if step > 0:
            view[:-step] = seen[step:]
        else:
            view[-step:] = seen[:step]
    views[:, -state.shape[1] :] = state
    return views
