"""The network's forward pass: features of a page's blocks -> a score for each type.

Three steps. Each block is read on its own: its columns of numbers, and the sums of the learned vectors of
its words (those of its element, of the elements around it, of its text, of its link). Then, as many times
as there are mixing layers, each block takes in what was made of the blocks beside it, of the heading above
it, of all blocks in its containers, on its path and on its page: a form's heading, fields and small print
learn of one another there. Last, a score a type.

A deep set over containers (Zaheer et al., "Deep Sets", 2017) with the neighbours of a convolution. Only
NumPy is needed; `training.network` is the same in PyTorch, and training checks that both agree.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from cleaners.arrays import Floats
from cleaners.features import Features
from cleaners.model.groups import CONTAINERS, Groups
from cleaners.model.layers import EPSILON, STEPS, Mixing, normalise, rectify
from cleaners.model.threads import products
from cleaners.model.vectors import WordVectors
from cleaners.model.weights import Weights

__all__ = ["CLIP", "CONTAINERS", "EPSILON", "STEPS", "Network"]

CLIP: Final = 5.0
"""Standardised columns beyond this many standard deviations say no more."""

CHUNK_BLOCKS: Final = 4_096
"""Blocks whose columns are standardised at once, 6 MB; the benchmark's largest page has 2,641."""


class Network:
    """The weights of one model, ready for use. It does not change but for a bounded memory of names."""

    def __init__(self, weights: Weights) -> None:
        """Take the arrays by the names that `training.network.Parameters` gives them."""
        arrays = self._arrays = weights.arrays
        layers = sum(1 for name in arrays if name.startswith("mix") and name.endswith(".weight"))
        self._mixing = [Mixing(arrays, layer) for layer in range(layers)]
        self._vectors = WordVectors(weights)

    def scores(self, features: Features) -> Floats:
        """Scores (natural logarithms up to a constant) of the types, [blocks x types]."""
        groups = Groups(features)
        with products().on_one_thread():
            state = self._read(features)
            for mixing in self._mixing:
                state = mixing.apply(state, groups)
            result: Floats = state @ self._arrays["out.weight"] + self._arrays["out.bias"]
        return result

    def _read(self, features: Features) -> Floats:
        """What is made of each block on its own, [blocks x hidden]."""
        arrays = self._arrays
        state: Floats = self._vectors.of_blocks(features) @ arrays["words.weight"]
        for start in range(0, len(state), CHUNK_BLOCKS):
            rows = slice(start, start + CHUNK_BLOCKS)
            numbers = features.matrix[rows] - arrays["mean"]
            numbers *= arrays["scale"]
            np.minimum(numbers, np.float32(CLIP), out=numbers)
            np.maximum(numbers, np.float32(-CLIP), out=numbers)
            state[rows] += numbers @ arrays["numbers.weight"]
        state += arrays["numbers.bias"]
        return normalise(rectify(state), arrays["norm0.weight"], arrays["norm0.bias"])
