"""The page's elements as arrays: what they are, what stands around them, which blocks they hold.

Three tables, each smaller than the one before it. An element has a *path*, the tags and names from the root
down to it, which it often shares with others: items of one list. A path's last step is a *kind*: a tag with
names. What depends on the path alone is computed once a path.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import compress, count
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaners.arrays import Flags, Integers, integers, table
from cleaners.segment import HEADING_TAGS, Segments

REGIONS: Final = (
    "nav", "header", "footer", "aside", "main", "article", "section", "form", "figure", "figcaption",
    "list", "table", "dialog", "address", "button", "label", "select", "quote", "details", "heading", "pre",
    "definition", "paragraph", "item", "inert", "cell", "textarea", "summary",
)  # fmt: skip
"""What elements around a block can say of it; several tags share a region."""

_TAGS: Final = {
    "ul": "list", "ol": "list", "menu": "list", "dl": "definition", "dt": "definition", "dd": "definition",
    "blockquote": "quote", "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading",
    "h5": "heading", "h6": "heading", "p": "paragraph", "li": "item", "td": "cell", "th": "cell",
    "tr": "table", "input": "button", "option": "select", "noscript": "inert", "template": "inert",
    "legend": "label", "fieldset": "form",
}  # fmt: skip

_STRICT: Final = {
    "form": "form element", "button": "control", "input": "control", "label": "control",
    "select": "control", "textarea": "control",
}  # fmt: skip
"""Regions of exactly these tags, for rules that a fieldset without a form must not set off."""

_RANKS: Final = {name: rank for rank, name in enumerate((*REGIONS, *dict.fromkeys(_STRICT.values())))}

LEVELS: Final = 4
"""Containers above a block that are looked at, each with more blocks than the one inside it."""


def region_mask(*names: str) -> int:
    """The bits that `Tree.regions` has for some of `REGIONS`, or for "form element" and "control"."""
    return sum(1 << _RANKS[name] for name in names)


def _region_bits() -> dict[str, int]:
    bits = {name: region_mask(name) for name in REGIONS}
    bits |= {tag: region_mask(region) for tag, region in _TAGS.items()}
    return bits | {tag: bits[tag] | region_mask(region) for tag, region in _STRICT.items()}


_BITS: Final = _region_bits()


@dataclass(frozen=True, slots=True)
class Tree:
    """The tables of a page's kinds, paths and elements, and of where its blocks stand.

    `kinds` are pairs of a tag and names. By path: `path_kind` its last step's number in `kinds`,
    `path_parent` the path without it, -1 for roots, `path_depth` how many steps that one has. By element:
    `parent` (-1 for roots), `first` and `last` which bound its blocks; and `kind` and `depth`, 0 for elements
    without blocks. By block: `node` is the innermost element, `path` its path, `shape` a number of the path's
    tags without the names. `regions` has the bits of `region_mask` that the block stands in. `heading` says
    whether `node` or the element around it is a heading. `containers[i]` are the elements around each block
    that hold ever more blocks, [levels x blocks], from the innermost with two or more; the root where there
    is no larger one.
    """

    kinds: list[tuple[str, str]]
    path_kind: Integers
    path_parent: Integers
    path_depth: Integers
    parent: Integers
    kind: Integers
    first: Integers
    last: Integers
    depth: Integers
    node: Integers
    path: Integers
    shape: Integers
    regions: Integers
    heading: Flags
    containers: Integers


def read_tree(segments: Segments) -> Tree:
    """The tables of a page's elements."""
    nodes = segments.nodes
    parent, first, last = table(nodes.parent, nodes.first_block, nodes.last_block)
    node = integers(segments.node)
    filled = last > first  # a third of the elements hold no text, and no others that do
    kinds, steps = _number_kinds(compress(zip(nodes.tag, nodes.names, strict=True), filled.tolist()))
    path, path_parent, path_kind = _number_paths(filled.nonzero()[0], steps, parent, len(kinds))
    regions, path_depth, shape = _read_paths(kinds, path_parent.tolist(), path_kind.tolist())
    own_path = path[node]
    headings = np.array([tag in HEADING_TAGS for tag, _ in kinds], np.bool_)[path_kind]
    headings |= headings[path_parent] & (path_parent >= 0)
    return Tree(
        kinds=kinds,
        path_kind=path_kind,
        path_parent=path_parent,
        path_depth=path_depth,
        parent=parent,
        kind=np.where(filled, path_kind[path], 0),
        first=first,
        last=last,
        depth=np.where(filled, path_depth[path], 0),
        node=node,
        path=own_path,
        shape=shape[own_path],
        regions=regions[own_path],
        heading=headings[own_path],
        containers=_containers(parent, last - first, node),
    )


def _numbering() -> defaultdict[Any, int]:
    """Gives each key that is looked up a number, in the order of their first look-ups."""
    return defaultdict(count().__next__)


def _number_kinds(elements: Iterable[tuple[str, str]]) -> tuple[list[tuple[str, str]], list[int]]:
    """The different pairs of tag and names in order of appearance, and each element's number."""
    numbers = _numbering()
    kind = list(map(numbers.__getitem__, elements))
    return list(numbers), kind


def _number_paths(
    filled: NDArray[np.intp], steps: list[int], parent: Integers, width: int
) -> tuple[Integers, Integers, Integers]:
    """A number of each filled element's path, and of each path the path around it and its last step."""
    numbers = _numbering()
    path = [0] * len(parent)
    for element, step, around in zip(filled.tolist(), steps, parent[filled].tolist(), strict=True):
        path[element] = numbers[step + width * path[around] if around >= 0 else step - width]
    path_parent, path_kind = np.divmod(integers(list(numbers)), width)
    return integers(path), path_parent, path_kind


def _read_paths(kinds: list[tuple[str, str]], parents: list[int], steps: list[int]) -> Integers:
    """Of each path the regions it passes, its depth, and a number of its tags without names, a row each."""
    bits = [_BITS.get(tag, 0) for tag, _ in kinds]
    tags, shapes = _numbering(), _numbering()
    tag_of = [tags[tag] for tag, _ in kinds]
    width = len(tags)
    regions: list[int] = []
    depth: list[int] = []
    shape: list[int] = []
    for parent, step in zip(parents, steps, strict=True):
        if parent < 0:
            regions.append(bits[step])
            depth.append(0)
            shape.append(shapes[tag_of[step] - width])
        else:
            regions.append(regions[parent] | bits[step])
            depth.append(depth[parent] + 1)
            shape.append(shapes[tag_of[step] + width * shape[parent]])
    return table(regions, depth, shape)


def _containers(parent: Integers, size: Integers, node: Integers) -> Integers:
    """For each block the innermost element with two blocks or more, then the next larger ones."""
    index = np.arange(len(parent))
    top = np.where((parent >= 0) & (size[parent] <= size), parent, index)
    while True:  # the topmost of the elements around each one that hold no more blocks than it
        higher = top[top]
        if (higher == top).all():
            break
        top = higher
    larger = np.maximum(parent[top], 0)
    levels = np.empty((LEVELS, len(node)), np.int64)
    levels[0] = np.where(size[node] > 1, node, larger[node])
    for level in range(1, LEVELS):
        levels[level] = larger[levels[level - 1]]
    return levels
