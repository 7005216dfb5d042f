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

from collections.abc import Mapping

import numpy as np

from cleaners.features import Features
from cleaners.features.columns import Floats, Integers
from cleaners.model.vectors import WordVectors
from cleaners.model.weights import Weights

CLIP = 5.0
"""Standardised columns beyond this many standard deviations say no more."""

EPSILON = 1e-5

STEPS = (-1, 1, -2, 2)
"""Neighbours that a mixing layer sees, by their distance."""

CONTAINERS = 3
"""Containers around a block that a mixing layer sees."""


class Network:
    """The weights of one model, ready for use. It does not change but for a bounded memory of names."""

    def __init__(self, weights: Weights) -> None:
        """Take the weights."""
        self._arrays: Mapping[str, Floats] = weights.arrays
        self._layers = sum(
            1 for name in weights.arrays if name.startswith("mix") and name.endswith(".weight")
        )
        self._vectors = WordVectors(weights)

    def scores(self, features: Features) -> Floats:
        """Scores (natural logarithms up to a constant) of the types, [blocks x types]."""
        arrays = self._arrays
        numbers = np.clip((features.matrix - arrays["mean"]) * arrays["scale"], -CLIP, CLIP)
        words = self._vectors.of_blocks(features)
        state = self._normed(0, _relu(self._linear("numbers", numbers) + words @ arrays["words.weight"]))
        for layer in range(self._layers):
            seen = _relu(self._linear(f"see{layer}", state))
            mixed = _relu(
                self._linear(f"mix{layer}", np.concatenate([*_views(features, seen), state], axis=1))
            )
            state = self._normed(layer + 1, state + mixed)
        return self._linear("out", state)

    def _linear(self, name: str, values: Floats) -> Floats:
        result: Floats = values @ self._arrays[f"{name}.weight"] + self._arrays[f"{name}.bias"]
        return result

    def _normed(self, layer: int, values: Floats) -> Floats:
        """Method: layer normalisation, Ba, Kiros and Hinton, 2016."""
        centred = values - values.mean(axis=1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + EPSILON)
        result: Floats = (
            centred / spread * self._arrays[f"norm{layer}.weight"] + self._arrays[f"norm{layer}.bias"]
        )
        return result


def _relu(values: Floats) -> Floats:
    result: Floats = np.maximum(values, 0.0)
    return result


def _views(features: Features, seen: Floats) -> list[Floats]:
    """What each block is shown: itself, its neighbours, its heading, and the means of its groups."""
    rows = len(seen)
    views = [seen, *(_neighbour(seen, step) for step in STEPS)]
    above = np.where(features.heading_before[:, None] >= 0, seen[features.heading_before], np.float32(0))
    views.append(above)
    tree = features.tree
    total = np.concatenate([np.zeros((1, seen.shape[1])), np.cumsum(seen, axis=0, dtype=np.float64)])
    for level in range(CONTAINERS):
        around = tree.containers[level]
        first, last = tree.first[around], tree.last[around]
        held = np.maximum(1, last - first)[:, None]
        views.append(((total[last] - total[first]) / held).astype(np.float32))
    views.append(_group_means(seen, tree.path))
    views.append(np.broadcast_to(seen.mean(axis=0), seen.shape))
    words = features.shape.words / max(1e-6, float(features.shape.words.sum()))
    views.append(np.broadcast_to(words @ seen, (rows, seen.shape[1])))
    return views


def _neighbour(seen: Floats, step: int) -> Floats:
    moved = np.zeros_like(seen)
    if step > 0:
        moved[:-step] = seen[step:]
    else:
        moved[-step:] = seen[:step]
    return moved


def _group_means(seen: Floats, group: Integers) -> Floats:
    """The mean of the rows of each row's group."""
    _, rank, number = np.unique(group, return_inverse=True, return_counts=True)
    order = np.argsort(rank, kind="stable")
    starts = np.concatenate(([0], np.cumsum(number)[:-1]))
    means: Floats = np.add.reduceat(seen[order], starts, axis=0)
    means /= number[:, None]
    return means[rank]
