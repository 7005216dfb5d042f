"""Where a block stands: in its containers, in the content root, among blocks of its path, on the page."""

from __future__ import annotations

from typing import Final

import numpy as np

from cleaners.classifier import Document
from cleaners.features.columns import Columns, Flags, Floats, Integers
from cleaners.features.shape import Shape
from cleaners.features.tree import LEVELS, REGIONS, Tree
from cleaners.segment import Segments
from cleaners.strings import squash

ROOT_SHARES: Final = (0.5, 0.75, 0.9)
"""Shares of the page's prose that its content roots hold."""

MIN_TITLE_LETTERS: Final = 8
"""A shorter title would be found in labels."""

_KINDS: Final = ("article", "product", "forum", "collection", "faq", "recipe", "video")
_ASIDE: Final = ("nav", "footer", "aside", "form", "dialog")


def _bits(names: tuple[str, ...]) -> int:
    return sum(1 << REGIONS.index(name) for name in names)


def add_containers(columns: Columns, segments: Segments, tree: Tree, shape: Shape) -> None:
    """What the elements around a block hold, from the innermost that holds more than the block."""
    index = np.arange(columns.rows)
    media, controls = np.array(segments.media, np.float32), np.array(segments.controls, np.float32)
    total_words = max(1.0, float(shape.words.sum()))
    linked = shape.chars * shape.link_share
    prose_words = shape.words * shape.prose
    short = (shape.words <= 6).astype(np.float32)
    heading = ((tree.regions >> REGIONS.index("heading")) & 1).astype(np.float32)
    for level in range(LEVELS):
        around = tree.containers[level]
        first, last = tree.first[around], tree.last[around]
        blocks = np.maximum(1, last - first)
        words = tree.sums(shape.words, around)
        name = f"container {level}: "
        columns.add(name + "blocks", np.log1p(blocks))
        columns.add(name + "words", np.log1p(words))
        columns.add(name + "words a block", np.log1p(words / blocks))
        columns.add(name + "share of page", words / total_words)
        columns.add(
            name + "link share", tree.sums(linked, around) / np.maximum(1, tree.sums(shape.chars, around))
        )
        columns.add(name + "prose share", tree.sums(prose_words, around) / np.maximum(1, words))
        columns.add(name + "short share", tree.sums(short, around) / blocks)
        columns.add(name + "headings", np.log1p(tree.sums(heading, around)))
        columns.add(name + "controls", np.log1p(tree.sums(controls, around)))
        columns.add(name + "media", np.log1p(tree.sums(media, around)))
        columns.add(name + "from start", np.log1p(index - first))
        columns.add(name + "from end", np.log1p(np.maximum(0, last - 1 - index)))
        columns.add(name + "opens with heading", heading[np.minimum(first, columns.rows - 1)])
        columns.add(name + "depth", tree.depth[around])
        columns.add(
            name + "siblings", np.log1p(np.bincount(tree.parent[around] + 1)[tree.parent[around] + 1])
        )


def content_weight(tree: Tree, shape: Shape) -> Floats:
    """Words of prose that count for the content root: none in menus, footers, asides and forms."""
    aside = (tree.regions & _bits(_ASIDE)) != 0
    weight = np.where(shape.prose & ~aside, shape.words, 0)
    if weight.sum() < 25:
        weight = np.where(shape.prose, shape.words, 0)
    if weight.sum() == 0:
        weight = np.where(shape.link_share < 0.5, shape.words, 0)
    result: Floats = np.minimum(weight, 400).astype(np.float32)
    return result


def add_roots(columns: Columns, tree: Tree, weight: Floats) -> Flags:
    """The place relative to the smallest elements that hold most of the prose, and to the prose itself."""
    rows = columns.rows
    index = np.arange(rows)
    total = np.concatenate(([0.0], np.cumsum(weight, dtype=np.float64)))
    held = total[tree.last] - total[tree.first]
    inside = np.ones(rows, np.bool_)
    for share in ROOT_SHARES:
        holds = np.nonzero(held >= share * total[-1])[0] if total[-1] else np.array([0])
        root = int(holds[-1]) if len(holds) else 0
        first, last = int(tree.first[root]), int(tree.last[root])
        inside = (index >= first) & (index < last)
        name = f"root {share:.0%}: "
        columns.add(name + "inside", inside)
        columns.add(name + "before", np.log1p(np.maximum(0, first - index)))
        columns.add(name + "after", np.log1p(np.maximum(0, index - last + 1)))
        columns.add(name + "depth below", np.where(inside, tree.depth[tree.node] - tree.depth[root], -1))
        columns.add(name + "share of blocks", (last - first) / rows)
        held_here = max(1.0, float(held[root]))
        columns.add(name + "passed", np.clip((total[index] - total[first]) / held_here, -0.1, 1.1))
    _add_readability(columns, tree, weight)
    columns.add("prose before", total[index] / max(1.0, total[-1]))
    columns.add("prose words before", np.log1p(total[index]))
    columns.add("prose words after", np.log1p(total[-1] - total[index + 1]))
    _add_distances(columns, weight)
    return inside


def _add_readability(columns: Columns, tree: Tree, weight: Floats) -> None:
    """Method: Readability's, paragraphs score for their parent and half for its parent."""
    scores = np.zeros(len(tree.first), np.float64)
    parent = np.maximum(0, tree.parent)
    around = np.where(tree.last[tree.node] - tree.first[tree.node] > 1, tree.node, parent[tree.node])
    np.add.at(scores, around, weight)
    np.add.at(scores, parent[around], weight / 2)
    top = int(scores.argmax()) if len(scores) else 0
    index = np.arange(columns.rows)
    columns.add("in top element", (index >= tree.first[top]) & (index < tree.last[top]))
    columns.add("own element's score", scores[around] / max(1.0, float(scores.max(initial=0))))


def _add_distances(columns: Columns, weight: Floats) -> None:
    index = np.arange(columns.rows)
    places = np.nonzero(weight)[0]
    if not len(places):
        for name in ("from first prose", "from last prose", "since prose", "until prose"):
            columns.add(name, -1)
        return
    columns.add("from first prose", _signed_log(index - places[0]))
    columns.add("from last prose", _signed_log(index - places[-1]))
    nearest = np.searchsorted(places, index, side="right")
    before = places[np.maximum(0, nearest - 1)]
    columns.add("since prose", np.where(nearest > 0, np.log1p(np.maximum(0, index - before)), -1))
    following = np.searchsorted(places, index)
    after = places[np.minimum(len(places) - 1, following)]
    columns.add("until prose", np.where(following < len(places), np.log1p(np.maximum(0, after - index)), -1))


def _signed_log(values: Integers) -> Floats:
    result: Floats = (np.sign(values) * np.log1p(np.abs(values))).astype(np.float32)
    return result


def add_paths(columns: Columns, tree: Tree, shape: Shape, weight: Floats) -> None:
    """How much of the page shares the block's path."""
    total, words, blocks = max(1.0, float(weight.sum())), max(1.0, float(shape.words.sum())), columns.rows
    for name, path in (("path", tree.path), ("shape", tree.shape)):
        number = np.bincount(path)[path]
        held = np.bincount(path, shape.words)[path]
        columns.add(f"{name}: blocks", np.log1p(number))
        columns.add(f"{name}: share of blocks", number / blocks)
        columns.add(f"{name}: share of words", held / words)
        columns.add(f"{name}: share of prose", np.bincount(path, weight)[path] / total)
        columns.add(f"{name}: words a block", np.log1p(held / number))
        linked = np.bincount(path, shape.chars * shape.link_share)[path]
        columns.add(f"{name}: link share", linked / np.maximum(1, np.bincount(path, shape.chars)[path]))


def add_page(columns: Columns, document: Document, tree: Tree, shape: Shape) -> None:
    """What the page is like, the block's place on it, and texts that stand on it more than once."""
    rows, index = columns.rows, np.arange(columns.rows)
    words = shape.words
    passed = np.cumsum(words) - words
    columns.add("place by blocks", index / rows)
    columns.add("place by words", passed / max(1.0, float(words.sum())))
    columns.add("blocks before", np.log1p(index))
    columns.add("blocks after", np.log1p(rows - 1 - index))
    columns.add("page: blocks", np.log1p(rows))
    columns.add("page: words", np.log1p(words.sum()))
    columns.add("page: prose words", np.log1p((words * shape.prose).sum()))
    columns.add("page: prose blocks", np.log1p(shape.prose.sum()))
    columns.add(
        "page: link share", (shape.link_share * shape.chars).sum() / max(1.0, float(shape.chars.sum()))
    )
    columns.add("page: markup", document.has_markup)
    kinds = " ".join(document.kinds)
    columns.add_all("page: ", _KINDS, [kind in kinds for kind in _KINDS])
    for region in ("main", "article", "heading", "form"):
        columns.add(f"page: has {region}", ((tree.regions >> REGIONS.index(region)) & 1).mean())
    seen: dict[str, int] = {}
    numbers = [seen.setdefault(text, len(seen)) for text in document.segments.text]
    columns.add("same text", np.bincount(numbers)[numbers])


def add_titles(columns: Columns, document: Document, tree: Tree, tokens: list[list[str]]) -> None:
    """Likeness to the title, authors and summary that the page's metadata gives, and the place after it."""
    index = np.arange(columns.rows)
    texts = document.segments.text
    wanted = {key for title in document.titles if len(key := squash(title)) >= MIN_TITLE_LETTERS}
    longest = max(map(len, document.titles), default=0) * 2 + 20
    exact = np.array([len(text) <= longest and squash(text) in wanted for text in texts], np.bool_)
    title_words = {word for title in document.titles for word in title.casefold().split()}
    shared = [
        len(title_words.intersection(read[:20])) / min(20, len(read)) if read else 0.0 for read in tokens
    ]
    columns.add("is title", exact)
    columns.add("words of title", shared)
    heading = (tree.regions >> REGIONS.index("heading")) & 1
    places = np.nonzero(exact & (heading == 1))[0]
    if not len(places):
        places = np.nonzero(exact)[0]
    columns.add("from title", _signed_log(index - places[0]) if len(places) else -9)
    columns.add("from last title", _signed_log(index - places[-1]) if len(places) else -9)
    h1 = [
        block
        for block, node in enumerate(document.segments.node)
        if document.segments.nodes.tag[node] == "h1"
    ]
    columns.add("from h1", _signed_log(index - h1[0]) if h1 else -9)
    columns.add("page: h1", min(5, len(h1)))
    last_heading = np.maximum.accumulate(np.where(heading == 1, index, -1))
    columns.add("since heading", np.where(last_heading >= 0, np.log1p(index - last_heading), -1))
    authors = [author.casefold() for author in document.authors if len(author) > 3]
    columns.add("names author", [any(name in text[:200].casefold() for name in authors) for text in texts])
    summary = squash(document.description or "")[:80]
    columns.add(
        "is summary", [len(summary) > 30 and squash(text[:200])[:60] == summary[:60] for text in texts]
    )
