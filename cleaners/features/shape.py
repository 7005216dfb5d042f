"""A block's own measures: length, links, characters, element, and those of its neighbours."""

from __future__ import annotations

from typing import Final

import numpy as np

from cleaners.features.characters import CLASSES, count_characters
from cleaners.features.columns import Columns, Flags, Floats, Integers, shifted
from cleaners.features.tree import REGIONS, Tree
from cleaners.segment import Segments

PROSE_WORDS: Final = 12
LONG_PROSE_WORDS: Final = 25
PROSE_LINK_SHARE: Final = 0.4
"""See `cleaners.rules.evidence`: what reads like running text."""

_LEAF_TAGS: Final = (
    "p",
    "li",
    "div",
    "span",
    "tr",
    "td",
    "h1",
    "h2",
    "h3",
    "h4",
    "button",
    "pre",
    "dd",
    "blockquote",
)
_FIRST: Final = ("lower", "upper", "digit", "quote", "bracket", "dash", "bar", "symbol", "unspaced")
_LAST: Final = ("end", "colon", "comma", "quote", "bracket", "bar", "digit")


class Shape:
    """Measures of each block that other features need too."""

    def __init__(self, segments: Segments) -> None:
        texts = segments.text
        self.chars = np.fromiter(map(len, texts), np.float32, len(texts))
        self.counts, self.first, self.last = count_characters(texts)
        spaced = np.array([text.count(" ") + text.count("\t") + 1 for text in texts], np.float32)
        counted = np.maximum(1, self.counts.sum(axis=1))
        unspaced = self.counts[:, CLASSES.index("unspaced")] / counted * self.chars
        self.words: Floats = np.maximum(spaced, unspaced / 2).astype(np.float32)
        self.link_share: Floats = (
            np.array(segments.link_chars, np.float32) / np.maximum(1, self.chars)
        ).astype(np.float32)
        ends = self.last == CLASSES.index("end")
        ends |= self.last == CLASSES.index("quote")
        self.ends_sentence: Flags = ends
        self.prose: Flags = (
            (self.link_share <= PROSE_LINK_SHARE)
            & (self.words >= PROSE_WORDS)
            & (ends | (self.words >= LONG_PROSE_WORDS))
        )


def add_shape(columns: Columns, segments: Segments, tree: Tree, shape: Shape) -> None:
    """The block's own measures, and its neighbours'."""
    log_words = np.log1p(shape.words)
    columns.add("words", log_words)
    columns.add("characters", np.log1p(shape.chars))
    columns.add("word length", shape.chars / np.maximum(1, shape.words))
    columns.add("link share", shape.link_share)
    columns.add("links", np.log1p(np.array(segments.links, np.float32)))
    columns.add("prose", shape.prose)
    columns.add("media", np.log1p(np.array(segments.media, np.float32)))
    columns.add("controls", np.log1p(np.array(segments.controls, np.float32)))
    columns.add("emphasis", np.array(segments.emphasis_chars, np.float32) / np.maximum(1, shape.chars))
    counted = np.maximum(1, shape.counts.sum(axis=1))[:, None]
    columns.add_all("share of ", CLASSES, shape.counts / counted)
    columns.add_all("first ", _FIRST, np.stack([shape.first == CLASSES.index(c) for c in _FIRST], axis=1))
    columns.add_all("last ", _LAST, np.stack([shape.last == CLASSES.index(c) for c in _LAST], axis=1))
    tags = [segments.nodes.tag[node] for node in segments.node]
    columns.add_all("tag ", _LEAF_TAGS, np.array([[tag == leaf for leaf in _LEAF_TAGS] for tag in tags]))
    columns.add_all("in ", REGIONS, (tree.regions[:, None] >> np.arange(len(REGIONS))) & 1)
    hidden = segments.nodes.hidden
    columns.add("hidden", [hidden[node] for node in segments.node])
    columns.add("depth", tree.depth[tree.node])
    _add_neighbours(columns, tree, shape, log_words)


def _add_neighbours(columns: Columns, tree: Tree, shape: Shape, log_words: Floats) -> None:
    heading = (tree.regions >> REGIONS.index("heading")) & 1
    same: dict[str, Integers] = {"path": tree.path, "parent": tree.parent[tree.node], "shape": tree.shape}
    for step in (-2, -1, 1, 2):
        columns.add(f"words {step:+}", shifted(log_words, step))
        columns.add(f"link share {step:+}", shifted(shape.link_share, step, -1))
        columns.add(f"prose {step:+}", shifted(shape.prose, step))
        columns.add(f"heading {step:+}", shifted(heading, step))
        if abs(step) == 1:
            for name, values in same.items():
                columns.add(f"same {name} {step:+}", shifted(values, step, -1) == values)
    for reach in (3, 8):
        columns.add(f"words within {reach}", np.log1p(_window(shape.words, reach)))
        linked = _window(shape.chars * shape.link_share, reach) / np.maximum(1, _window(shape.chars, reach))
        columns.add(f"link share within {reach}", linked)
        columns.add(
            f"prose within {reach}", _window(shape.prose * shape.words, reach) / _window(shape.words, reach)
        )


def _window(values: Floats, reach: int) -> Floats:
    """Sums of `values` over each block and `reach` blocks on both sides."""
    total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    index = np.arange(len(values))
    low, high = np.maximum(0, index - reach), np.minimum(len(values), index + reach + 1)
    result: Floats = (total[high] - total[low]).astype(np.float32)
    return result
