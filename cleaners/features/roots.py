"""Where a block stands relative to the content root, which is told in several ways, and to the prose."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.arrays import Doubles, Flags, Floats, Integers, log, running, signed_log
from cleaners.features.columns import Columns
from cleaners.features.shape import Shape
from cleaners.tree import Tree, region_mask

ROOT_SHARES: Final = (0.5, 0.75, 0.9)
"""Shares of the page's prose that its content roots hold."""

_SHARES: Final = np.array(ROOT_SHARES)[:, None]

MIN_PROSE_WORDS: Final = 25
"""With less prose outside menus, footers and the like, prose inside them counts too."""

MIXED_LINK_SHARE: Final = 0.5
"""On a page without prose, blocks with less of their characters in links count."""

MAX_WORDS: Final = 400
"""Words of one block that count: a page is not one long licence."""

_ASIDE: Final = region_mask("nav", "footer", "aside", "form", "dialog")

_MEASURES: Final = ("inside", "before", "after", "depth below", "share of blocks", "passed")

_DISTANCES: Final = ("from first prose", "from last prose", "since prose", "until prose")

COLUMNS: Final = (
    *(f"root {share:.0%}: {name}" for share in ROOT_SHARES for name in _MEASURES),
    *("in top element", "own element's score", "prose before", "prose words before", "prose words after"),
    *_DISTANCES,
)


def content_weight(tree: Tree, shape: Shape) -> Floats:
    """Words of prose that count for the content root: none in menus, footers, asides and forms."""
    prose = shape.prose_words
    weight = np.where(tree.regions & _ASIDE, 0, prose)
    if weight.sum() < MIN_PROSE_WORDS:
        weight = prose
    if weight.sum() == 0:
        weight = np.where(shape.link_share < MIXED_LINK_SHARE, shape.words, 0)
    result: Floats = np.minimum(weight, MAX_WORDS).astype(np.float32)
    return result


def add_roots(columns: Columns, tree: Tree, weight: Floats) -> Flags:
    """The place relative to the smallest elements that hold most of the prose, and to the prose itself.

    Gives which blocks stand in the smallest of these that holds the last of `ROOT_SHARES`.
    """
    index = np.arange(columns.blocks)
    total = running(weight)
    roots = _find_roots(tree, total)
    first, last = tree.first[roots][:, None], tree.last[roots][:, None]
    inside = (index >= first) & (index < last)
    passed = (total[:-1] - total[first]) / np.maximum(1, total[last] - total[first])
    below = tree.depth[tree.node] - tree.depth[roots][:, None]
    into = columns.group(COLUMNS[0], len(ROOT_SHARES), len(_MEASURES))
    into[:, 0] = inside
    into[:, 1] = first - index
    into[:, 2] = index - last + 1
    beside = into[:, 1:3]
    np.maximum(beside, 0, out=beside)
    beside[:] = log(beside)
    into[:, 3] = np.where(inside, below, -1)
    into[:, 4] = (last - first) / columns.blocks
    into[:, 5] = np.minimum(np.maximum(passed, -0.1), 1.1)
    _add_readability(columns, tree, weight, index)
    columns["prose before"] = total[:-1] / max(1.0, total[-1])
    columns.group("prose words before", 2)[:] = log(np.array((total[:-1], total[-1] - total[1:])))
    _add_distances(columns, weight.nonzero()[0], index)
    smallest: Flags = inside[-1]
    return smallest


def _find_roots(tree: Tree, total: Doubles) -> Integers:
    """For each share the last element, in document order, that holds it: such lie on one path down."""
    if not total[-1]:
        return np.zeros(len(ROOT_SHARES), np.int64)
    held = total[tree.last] - total[tree.first]
    enough = held[::-1] >= _SHARES * total[-1]
    found: Integers = np.where(enough.any(axis=1), len(held) - 1 - enough.argmax(axis=1), 0)
    return found


def _add_readability(columns: Columns, tree: Tree, weight: Floats, index: Integers) -> None:
    """Method: Readability's, paragraphs score for their parent and half for its parent."""
    elements = len(tree.parent)
    parent = np.maximum(0, tree.parent)
    around = np.where(tree.last[tree.node] - tree.first[tree.node] > 1, tree.node, parent[tree.node])
    scores = np.bincount(around, weight, elements) + np.bincount(parent[around], weight / 2, elements)
    top = int(scores.argmax())
    columns["in top element"] = (index >= tree.first[top]) & (index < tree.last[top])
    columns["own element's score"] = scores[around] / max(1.0, float(scores[top]))


def _add_distances(columns: Columns, prose: NDArray[np.intp], index: Integers) -> None:
    """Distances from the blocks that count as prose, in blocks; -1 where there is none on that side."""
    into = columns.group(_DISTANCES[0], len(_DISTANCES))
    if not len(prose):
        into[:] = -1
        return
    first, last = prose[[0, -1]].tolist()
    into[0] = index - first
    into[1] = index - last
    near = np.empty((2, columns.blocks), np.int64)  # the last prose up to each block, the next from it on
    near[0], near[1] = first, last
    near[:, prose] = prose
    into[2] = index - np.maximum.accumulate(near[0])
    into[3] = np.minimum.accumulate(near[1, ::-1])[::-1] - index
    into[:] = signed_log(into)
    into[2, :first] = -1
    into[3, last + 1 :] = -1
