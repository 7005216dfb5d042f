"""What the page is like, how much of it shares a block's path, and where on it the block stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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
_REGION_MASKS: Final = tuple(map(region_mask, _REGIONS))

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
    blocks, words, total = columns.blocks, shape.page_words, max(1.0, weight.sum())
    for name, path in (("path", tree.path), ("shape", tree.shape)):
        number = np.bincount(path)
        held = np.bincount(path, shape.words)
        linked = np.bincount(path, shape.linked) / np.maximum(1, np.bincount(path, shape.chars))
        prose = np.bincount(path, weight) / total
        each = np.maximum(1, number)  # numbers of paths that hold blocks only deeper down are 0
        counts, lengths = log(np.array((number, held / each)))
        table = np.array((counts, number / blocks, held / words, prose, lengths, linked), np.float32)
        columns.group(f"{name}: {_SHARED[0]}", len(_SHARED))[:] = table[:, path]


def add_page(columns: Columns, document: Document, tree: Tree, shape: Shape) -> None:
    """What the page is like, the block's place on it, and texts that stand on it more than once."""
    blocks, words = columns.blocks, shape.words
    index = np.arange(blocks)
    total = shape.page_words
    columns["place by blocks"] = index / blocks
    columns["place by words"] = (words.cumsum() - words) / total
    columns["blocks before"] = before = log(index)
    columns["blocks after"] = before[::-1]
    kinds = " ".join(document.kinds)
    of_page = (
        *(np.log1p(blocks), np.log1p(total), np.log1p(shape.prose_words.sum())),
        *(np.log1p(shape.prose.sum()), shape.linked.sum() / shape.chars.sum(), document.has_markup),
        *(kind in kinds for kind in _KINDS),
        *(np.count_nonzero(tree.regions & mask) / blocks for mask in _REGION_MASKS),
    )
    columns.group("page: blocks", len(of_page))[:] = np.array(of_page, np.float32)[:, None]
    columns["same text"] = _same_texts(document.segments.text)


def _same_texts(texts: Sequence[str]) -> Sequence[int] | int:
    """How many blocks hold each block's text."""
    number = Counter(texts)
    return 1 if len(number) == len(texts) else [number[text] for text in texts]
