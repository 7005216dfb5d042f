"""The page's elements as arrays: containers, regions, paths, and sums over any element's blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from cleaners.features.columns import Floats, Integers
from cleaners.segment import Segments

REGIONS: Final = (
    "nav", "header", "footer", "aside", "main", "article", "section", "form", "figure", "figcaption",
    "list", "table", "dialog", "address", "button", "label", "select", "quote", "details", "heading", "pre",
    "definition", "paragraph", "item", "inert", "cell", "textarea", "summary",
)  # fmt: skip
"""What elements around a block can say of it; several tags share a region."""

_TAGS: Final = {
    "ul": "list", "ol": "list", "menu": "list", "dl": "definition", "dt": "definition", "dd": "definition",
    "blockquote": "quote", "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading",
    "h5": "heading", "h6": "heading", "p": "paragraph", "li": "item", "td": "cell", "th": "cell", "tr": "table",
    "input": "button", "option": "select", "noscript": "inert", "template": "inert", "legend": "label",
    "fieldset": "form",
}  # fmt: skip

LEVELS: Final = 4
"""Containers above a block that are looked at, each with more blocks than the one inside it."""


def _region_bits() -> dict[str, int]:
    bits = {name: 1 << rank for rank, name in enumerate(REGIONS)}
    return bits | {tag: bits[region] for tag, region in _TAGS.items()}


@dataclass(frozen=True, slots=True)
class Tree:
    """Arrays over the elements (`first`, `last`, `parent`, `depth`) and over the blocks (the others).

    `first` and `last` bound an element's blocks. `regions` has a bit for each of `REGIONS` that a block
    stands in. `containers[i]` are the elements around each block that hold ever more blocks, [levels x
    blocks]. `path` and `shape` number the page's paths, with and without class names, by block.
    """

    parent: Integers
    first: Integers
    last: Integers
    depth: Integers
    node: Integers
    regions: Integers
    containers: Integers
    path: Integers
    shape: Integers

    def sums(self, values: Floats, nodes: Integers) -> Floats:
        """The sum of `values` (one a block) over the blocks of each of `nodes`."""
        total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
        result: Floats = (total[self.last[nodes]] - total[self.first[nodes]]).astype(np.float32)
        return result


def read_tree(segments: Segments) -> Tree:
    """The arrays of a page's elements."""
    nodes = segments.nodes
    first, last = np.array(nodes.first_block, np.int64), np.array(nodes.last_block, np.int64)
    node = np.array(segments.node, np.int64)
    regions, depth = _inherit(segments)
    path, shape = _number_paths(segments)
    return Tree(
        parent=np.array(nodes.parent, np.int64),
        first=first,
        last=last,
        depth=np.array(depth, np.int64),
        node=node,
        regions=np.array(regions, np.int64)[node],
        containers=_containers(nodes.parent, (last - first).tolist(), node),
        path=np.array(path, np.int64)[node],
        shape=np.array(shape, np.int64)[node],
    )


def _inherit(segments: Segments) -> tuple[list[int], list[int]]:
    bits = _region_bits()
    nodes = segments.nodes
    regions: list[int] = []
    depth: list[int] = []
    for tag, parent in zip(nodes.tag, nodes.parent, strict=True):
        own = bits.get(tag, 0)
        if parent < 0:
            regions.append(own)
            depth.append(0)
        else:
            regions.append(regions[parent] | own)
            depth.append(depth[parent] + 1)
    return regions, depth


def _containers(parents: list[int], sizes: list[int], node: Integers) -> Integers:
    """For each block the innermost element with two blocks or more, then the next larger ones."""
    larger = [0] * len(parents)  # the nearest element around each one that holds more blocks
    for index, parent in enumerate(parents):
        if parent >= 0:
            larger[index] = parent if sizes[parent] > sizes[index] else larger[parent]
    step = np.array(larger, np.int64)
    size = np.array(sizes, np.int64)
    levels = [np.where(size[node] > 1, node, step[node])]
    for _ in range(LEVELS - 1):
        levels.append(step[levels[-1]])
    return np.stack(levels)


def _number_paths(segments: Segments) -> tuple[list[int], list[int]]:
    """For each element a number of its path from the root, by tags and names, and by tags alone."""
    nodes = segments.nodes
    paths: dict[tuple[int, str, str], int] = {}
    shapes: dict[tuple[int, str], int] = {}
    path: list[int] = []
    shape: list[int] = []
    for tag, parent, names in zip(nodes.tag, nodes.parent, nodes.names, strict=True):
        above, around = (path[parent], shape[parent]) if parent >= 0 else (-1, -1)
        path.append(paths.setdefault((above, tag, names), len(paths)))
        shape.append(shapes.setdefault((around, tag), len(shapes)))
    return path, shape
