"""What the page is like, how much of it shares a block's path, and where on it the block stands."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np

from cleaners.arrays import Floats, log
from cleaners.classifier import Document
from cleaners.features.columns import Columns
from cleaners.features.shape import Shape
from cleaners.tree import Tree, region_mask

_KINDS: Final = ("article", "product", "forum", "collection", "faq", "recipe", "video")
"""Words of what a page's metadata says that it is."""

_REGIONS: Final = ("main", "article", "heading", "form")

_SHARED: Final = (
    "blocks",
    "share of blocks",
    "share of words",
    "share of prose",
    "words a block",
    "link share",
)

PATH_COLUMNS: Final = tuple(f"{name}: {measure}" for name in ("path", "shape") for measure in _SHARED)

COLUMNS: Final = (
    *("place by blocks", "place by words", "blocks before", "blocks after"),
    *(
        "page: blocks",
        "page: words",
        "page: prose words",
        "page: prose blocks",
        "page: link share",
        "page: markup",
    ),
    *(f"page: {kind}" for kind in _KINDS),
    *(f"page: has {region}" for region in _REGIONS),
    "same text",
)


def add_paths(columns: Columns, tree: Tree, shape: Shape, weight: Floats) -> None:
    """How much of the page shares the block's path, and its path without the names."""
    blocks, words, total = columns.blocks, shape.words.sum(), max(1.0, weight.sum())
    for name, path in (("path", tree.path), ("shape", tree.shape)):
        number = np.bincount(path)
        held = np.bincount(path, shape.words)
        linked = np.bincount(path, shape.linked) / np.maximum(1, np.bincount(path, shape.chars))
        prose = np.bincount(path, weight) / total
        each = np.maximum(1, number)  # numbers of paths that hold blocks only deeper down are 0
        table = np.stack([log(number), number / blocks, held / words, prose, log(held / each), linked])
        columns.group(f"{name}: {_SHARED[0]}", len(_SHARED))[:] = table[:, path]


def add_page(columns: Columns, document: Document, tree: Tree, shape: Shape) -> None:
    """What the page is like, the block's place on it, and texts that stand on it more than once."""
    blocks, words = columns.blocks, shape.words
    index = np.arange(blocks)
    columns["place by blocks"] = index / blocks
    columns["place by words"] = (np.cumsum(words) - words) / words.sum()
    columns["blocks before"] = log(index)
    columns["blocks after"] = log(blocks - 1 - index)
    columns["page: blocks"] = np.log1p(blocks)
    columns["page: words"] = np.log1p(words.sum())
    columns["page: prose words"] = np.log1p((words * shape.prose).sum())
    columns["page: prose blocks"] = np.log1p(shape.prose.sum())
    columns["page: link share"] = shape.linked.sum() / shape.chars.sum()
    columns["page: markup"] = document.has_markup
    kinds = " ".join(document.kinds)
    for kind in _KINDS:
        columns[f"page: {kind}"] = kind in kinds
    for region in _REGIONS:
        columns[f"page: has {region}"] = np.count_nonzero(tree.regions & region_mask(region)) / blocks
    number = Counter(document.segments.text)
    columns["same text"] = [number[text] for text in document.segments.text]
