"""Learned vectors of words, summed for each block."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from cleaners.features import Features
from cleaners.features.columns import Floats, Integers
from cleaners.model.weights import Weights

MAX_REMEMBERED: int = 20_000
"""Bags of element words whose vectors are kept; sites repeat theirs on every page."""


class WordVectors:
    """Sums of word vectors. A bag's sum is divided by the square root of its size, so that long bags do
    not drown short ones. Words that no vector was learned for count nothing."""

    def __init__(self, weights: Weights) -> None:
        """Take the vectors."""
        self._rows = weights.vocabulary
        self._elements = np.concatenate(
            [weights.arrays[f"{place}.vectors"] for place in ("own", "near", "far")], axis=1
        )
        self._texts = weights.arrays["text.vectors"]
        self._width = self._texts.shape[1]
        self._remembered: dict[tuple[str, ...], Floats] = {}

    def of_blocks(self, features: Features) -> Floats:
        """For each block the vectors of its own element, of the two around it, of those further out, of
        its text and of its link, [blocks x 5 widths]."""
        width, tree = self._width, features.tree
        bags = np.stack([self._element(words) for words in features.elements])
        element = bags[features.element_bag]
        node, parent = tree.node, tree.parent
        own = element[node, :width] + bags[features.inline_bag, :width]
        near = np.zeros_like(own)
        around = node
        for _ in range(2):
            around = np.where(around >= 0, parent[around], -1)
            near += np.where(around[:, None] >= 0, element[around, width : 2 * width], np.float32(0))
        around = np.where(around >= 0, parent[around], -1)
        summed = _sum_along_paths(element[:, 2 * width :], parent, tree.depth)
        depth = np.maximum(1, tree.depth[around] + 1)[:, None]
        far = np.where(around[:, None] >= 0, summed[around] / np.sqrt(depth, dtype=np.float32), np.float32(0))
        return np.concatenate(
            [own, near, far, self._sums(features.texts), self._sums(features.links)], axis=1
        )

    def _element(self, words: tuple[str, ...]) -> Floats:
        vector = self._remembered.get(words)
        if vector is None:
            rows = [row for word in words if (row := self._rows.get(word)) is not None]
            vector = self._elements[rows].sum(axis=0) / np.float32(max(1, len(rows)) ** 0.5)
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            self._remembered[words] = vector
        return vector

    def _sums(self, bags: Sequence[Sequence[str]]) -> Floats:
        rows = self._rows
        found = [[row for word in bag if (row := rows.get(word)) is not None] for bag in bags]
        sizes = np.fromiter(map(len, found), np.int64, len(found))
        sums = np.zeros((len(found), self._width), np.float32)
        filled = np.nonzero(sizes)[0]
        if len(filled):
            picked = self._texts[
                np.fromiter((row for bag in found for row in bag), np.int64, int(sizes.sum()))
            ]
            starts = (np.cumsum(sizes) - sizes)[filled]
            sums[filled] = (
                np.add.reduceat(picked, starts, axis=0) / np.sqrt(sizes[filled], dtype=np.float32)[:, None]
            )
        return sums


def _sum_along_paths(vectors: Floats, parent: Integers, depth: Integers) -> Floats:
    """For each element the sum over itself and all elements around it, level by level."""
    summed = vectors.copy()
    order = np.argsort(depth, kind="stable")
    bounds = np.searchsorted(depth[order], np.arange(1, int(depth.max()) + 2))
    for start, stop in pairwise(bounds):
        level = order[start:stop]
        summed[level] += summed[parent[level]]
    return summed
