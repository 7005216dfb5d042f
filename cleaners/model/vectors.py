"""Learned vectors of words, summed for each block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

import numpy as np

from cleaners.arrays import Floats, Integers, integers, upwards
from cleaners.features import Features
from cleaners.features.words import address_words, host_of, inline_words, page_words
from cleaners.model.text_words import TextWords
from cleaners.model.weights import Weights

MAX_REMEMBERED: Final = 2_000
"""Names of elements whose words' rows are kept; sites repeat theirs on every page."""

PLACES: Final = ("own", "near", "far")
"""What an element is to a block: its own, one of the `NEAR` around that, one further out."""

NEAR: Final = 2


class WordVectors:
    """Sums of word vectors. A bag's sum is divided by the square root of its size, so that long bags do
    not drown short ones. Words that no vector was learned for count nothing.
    """

    def __init__(self, weights: Weights) -> None:
        """Take the vectors, and the words by their marks."""
        self._elements = np.concatenate([weights.arrays[f"{place}.vectors"] for place in PLACES], axis=1)
        self._texts = weights.arrays["text.vectors"]
        self._width = self._texts.shape[1]
        self._rows = weights.vocabulary
        self._tags = {word[1:]: (row,) for word, row in self._rows.items() if word.startswith("<")}
        self._text_words = TextWords(self._rows)
        self._of_names = lru_cache(maxsize=MAX_REMEMBERED)(lambda names: self._known(inline_words(names)))

    def of_blocks(self, features: Features) -> Floats:
        """For each block the vectors of its own element, of the two around it, of those further out, of
        its text and of its link, [blocks x 5 widths].
        """
        width, reading = self._width, features.reading
        vectors = np.empty((len(reading.heads), 5 * width), np.float32)
        self._fill_elements(features, vectors[:, : 3 * width])
        rows, sizes = self._text_words.rows([reading.tokens[block] for block in reading.firsts])
        links, link = self._links(features)
        link_rows, link_sizes = _packed(links)
        sums = _sums(self._texts, np.concatenate((rows, link_rows)), np.concatenate((sizes, link_sizes)))
        vectors[:, 3 * width : 4 * width] = sums[reading.rank]
        vectors[:, 4 * width :] = sums[link + len(sizes)]
        return vectors

    def _fill_elements(self, features: Features, vectors: Floats) -> None:
        """The vectors of the elements around each block, which are those of its path."""
        tree, width = features.tree, self._width
        bags, bag, inline = self._sum_names(features)
        # What is around a root has the last bag, an empty one.
        parent = np.full(len(tree.path_parent) + 1, -1)
        around = parent[:-1]
        around[:] = tree.path_parent
        by_path = bags[bag]  # of which each path's own element keeps its first part alone
        far = upwards(tree.path_parent, by_path[:-1, 2 * width :], np.add)
        near = by_path[:, width : 2 * width].copy()
        by_path[:, width : 2 * width] = near[parent]
        for _ in range(1, NEAR):
            around = parent[around]
            by_path[:-1, width : 2 * width] += near[around]
        around = parent[around]
        depth = np.sqrt(tree.path_depth[around] + 1, dtype=np.float32)[:, None]
        by_path[:-1, 2 * width :] = np.where(around[:, None] >= 0, far[around] / depth, np.float32(0))
        vectors[:] = by_path[tree.path]
        vectors[:, :width] += bags[inline, :width]

    def _sum_names(self, features: Features) -> tuple[Floats, Integers, Integers]:
        """The sums of bags of names, [bags x 3 widths]; the number of each path's bag, and of no path's;
        that of the names inside each block.
        """
        tree, document = features.tree, features.document
        rows = [self._tags.get(tag, ()) + self._of_names(names) for tag, names in tree.kinds]
        page = self._known(page_words(document.url, document.kinds))
        rows += [page + rows[tree.path_kind[0]], ()]  # the page's own words are the root's
        bag = np.full(len(tree.path_kind) + 1, len(rows) - 1)
        bag[1:-1] = tree.path_kind[1:]
        bag[0] = len(rows) - 2
        inline = dict.fromkeys(document.segments.names)
        number = dict(zip(inline, range(len(rows), len(rows) + len(inline)), strict=True))
        rows += map(self._of_names, inline)
        bags = _sums(self._elements, *_packed(rows))
        return bags, bag, integers([number[names] for names in document.segments.names])

    def _known(self, words: Iterable[str]) -> tuple[int, ...]:
        """The rows of the words that have one."""
        return tuple([row for row in map(self._rows.get, words) if row is not None])

    def _links(self, features: Features) -> tuple[list[list[int]], Integers]:
        """The rows of the addresses of the blocks' first links, once an address; each block's address."""
        hrefs, host = features.document.segments.href, host_of(features.document.url)
        number = {href: place for place, href in enumerate(dict.fromkeys(hrefs))}
        addresses = [address_words(href, host) if href else () for href in number]
        known = self._text_words.addresses.get
        rows = [[row for row in map(known, words) if row is not None] for words in addresses]
        return rows, integers([number[href] for href in hrefs])


def _packed(bags: Sequence[Sequence[int]]) -> tuple[Integers, Integers]:
    """Bags one after the other, and their sizes."""
    sizes = integers(list(map(len, bags)))
    return np.fromiter(chain.from_iterable(bags), np.int64, int(sizes.sum())), sizes


def _sums(table: Floats, rows: Integers, sizes: Integers) -> Floats:
    """Sums of a table's rows over packed bags, divided by the square roots of the bags' sizes."""
    sums = np.zeros((len(sizes), table.shape[1]), np.float32)
    filled = sizes.nonzero()[0]
    if len(filled):
        starts = (sizes.cumsum() - sizes)[filled]
        held = np.add.reduceat(table.take(rows, axis=0), starts, axis=0)
        sums[filled] = held / np.sqrt(sizes[filled], dtype=np.float32)[:, None]
    return sums
