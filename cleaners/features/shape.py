"""A block's own measures: length, links, characters, element, and those of its neighbours."""

from __future__ import annotations

from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.arrays import Flags, Floats, Integers, integers, log
from cleaners.features.characters import CLASSES, RANKS, count_characters
from cleaners.features.columns import Columns
from cleaners.reading import MAX_READ_CHARS, Reading
from cleaners.rules.evidence import LONG_PROSE_WORDS, PROSE_LINK_SHARE, PROSE_WORDS
from cleaners.segment import Segments
from cleaners.tree import REGIONS, Tree, region_mask

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
_STEPS: Final = (-2, -1, 1, 2)
_REACHES: Final = (3, 8)

_BESIDE: Final = ("words", "link share", "prose", "heading")
_SAME: Final = ("path", "parent", "shape")
"""What is compared with the blocks right before and after."""

_WITHIN: Final = ("words", "link share", "prose")


def _beside(step: int) -> list[str]:
    names = [f"{name} {step:+}" for name in _BESIDE]
    return names + [f"same {name} {step:+}" for name in _SAME] if abs(step) == 1 else names


COLUMNS: Final = (
    "words", "characters", "word length", "link share", "links", "prose", "media", "controls", "emphasis",
    *(f"share of {name}" for name in CLASSES),
    *(f"first {name}" for name in _FIRST),
    *(f"last {name}" for name in _LAST),
    *(f"tag {tag}" for tag in _LEAF_TAGS),
    *(f"in {region}" for region in REGIONS),
    "hidden", "depth",
    *(name for step in _STEPS for name in _beside(step)),
    *(f"{name} within {reach}" for reach in _REACHES for name in _WITHIN),
)  # fmt: skip


def _ranks(names: tuple[str, ...]) -> Integers:
    """The place in `names` of each class of characters, -1 for those that are none of them."""
    return np.array([names.index(name) if name in names else -1 for name in CLASSES], np.int64)


_RANK_OF_FIRST: Final = _ranks(_FIRST)
_RANK_OF_LAST: Final = _ranks(_LAST)
_RANK_OF_TAG: Final = {tag: rank for rank, tag in enumerate(_LEAF_TAGS)}
_ENDS_PROSE: Final = np.array([name in ("end", "quote") for name in CLASSES], np.bool_)
_HEADING: Final = region_mask("heading")


class Shape:
    """Measures of each block that other features need too.

    `chars` and `words` are counts (of half the characters in scripts without spaces, so words may be
    halves), `page_words` the sum of `words`, `prose_words` those of prose and 0 elsewhere, `linked`
    characters in links, `link_share` their share, `heading` is 1 inside headings. `prose` says what reads
    like running text, by the same measures as the rules' but with characters' classes for patterns.
    `counts` are the classes of characters at the start, [classes x blocks], `counted` how many these are,
    `first` and `last` the classes of the first and the last of them.
    """

    def __init__(self, segments: Segments, reading: Reading, tree: Tree) -> None:
        """Measure the blocks of a page."""
        self.chars: Floats = reading.chars.astype(np.float32)
        self.counts, self.first, self.last = count_characters(reading.heads)
        self.counted: Integers = np.minimum(reading.chars, MAX_READ_CHARS)
        unspaced = self.counts[RANKS["unspaced"]] / self.counted * self.chars
        self.words: Floats = np.maximum(reading.spaced, unspaced / 2).astype(np.float32)
        self.page_words: np.float32 = self.words.sum()
        figures = (
            *(segments.link_chars, segments.media, segments.controls),
            *(segments.links, segments.emphasis_chars),
        )
        read = np.fromiter(chain.from_iterable(figures), np.float32, len(figures) * len(segments.text))
        self.linked, self.media, self.controls, self.links, self.emphasis = read.reshape(len(figures), -1)
        self.link_share: Floats = self.linked / self.chars
        ends = _ENDS_PROSE[self.last] | (self.words >= LONG_PROSE_WORDS)
        self.prose: Flags = (self.link_share <= PROSE_LINK_SHARE) & (self.words >= PROSE_WORDS) & ends
        self.prose_words: Floats = self.words * self.prose
        self.heading: Floats = (tree.regions & _HEADING != 0).astype(np.float32)


def add_shape(columns: Columns, segments: Segments, tree: Tree, shape: Shape) -> None:
    """The block's own measures, and its neighbours'."""
    words, chars, links, media, controls = log(
        np.array((shape.words, shape.chars, shape.links, shape.media, shape.controls))
    )
    own = (
        *(words, chars, shape.chars / shape.words, shape.link_share, links, shape.prose, media, controls),
        shape.emphasis / shape.chars,
    )
    columns.group("words", len(own))[:] = own
    shares = columns.group(f"share of {CLASSES[0]}", len(CLASSES))
    np.divide(shape.counts, shape.counted, out=shares, dtype=np.float32, casting="same_kind")
    columns.mark(f"first {_FIRST[0]}", _RANK_OF_FIRST[shape.first])
    columns.mark(f"last {_LAST[0]}", _RANK_OF_LAST[shape.last])
    tags = integers([_RANK_OF_TAG.get(tag, -1) for tag, _ in tree.kinds])
    columns.mark(f"tag {_LEAF_TAGS[0]}", tags[tree.kind[tree.node]])
    columns.group(f"in {REGIONS[0]}", len(REGIONS))[:] = _bits(tree.regions)
    hidden = segments.nodes.hidden
    columns["hidden"] = [hidden[node] for node in segments.node]
    columns["depth"] = tree.depth[tree.node]
    _add_neighbours(columns, tree, shape, words)
    _add_windows(columns, shape)


def _bits(regions: Integers) -> NDArray[np.uint8]:
    """The bits of `REGIONS`, [regions x blocks]."""
    octets = regions.astype("<u4").view(np.uint8).reshape(-1, 4)
    return np.unpackbits(octets, axis=1, bitorder="little")[:, : len(REGIONS)].T


def _add_neighbours(columns: Columns, tree: Tree, shape: Shape, words: Floats) -> None:
    """Of the blocks one and two places before and after: measures; past the page's ends a share of -1."""
    blocks, edge = columns.blocks, _STEPS[-1]
    measures = np.zeros((len(_BESIDE), blocks + 2 * edge), np.float32)
    measures[:, edge:-edge] = words, shape.link_share, shape.prose, shape.heading
    measures[_BESIDE.index("link share"), :edge] = measures[_BESIDE.index("link share"), -edge:] = -1
    for step in _STEPS:
        beside = columns.group(f"{_BESIDE[0]} {step:+}", len(_BESIDE))
        beside[:] = measures[:, edge + step : edge + step + blocks]
    keys = np.full((len(_SAME), blocks + 2), -1, np.int64)
    keys[:, 1:-1] = tree.path, tree.parent[tree.node], tree.shape
    same = keys[:, 1:] == keys[:, :-1]
    columns.group(f"same {_SAME[0]} -1", len(_SAME))[:] = same[:, :-1]
    columns.group(f"same {_SAME[0]} +1", len(_SAME))[:] = same[:, 1:]


def _add_windows(columns: Columns, shape: Shape) -> None:
    """Measures over each block and as many blocks on both sides as each of `_REACHES` says."""
    blocks, edge = columns.blocks, _REACHES[-1]
    total = np.zeros((4, blocks + 1 + 2 * edge), np.float64)  # sums before each block, from `edge` on
    measures = np.array((shape.words, shape.chars, shape.linked, shape.prose_words))
    measures.cumsum(axis=1, out=total[:, edge + 1 : -edge])
    total[:, -edge:] = total[:, -edge - 1, None]
    held = np.empty((4, len(_REACHES), blocks), np.float64)
    for place, reach in enumerate(_REACHES):
        low, high = edge - reach, edge + reach + 1
        np.subtract(total[:, high : high + blocks], total[:, low : low + blocks], out=held[:, place])
    words, chars, linked, prose = held
    within = columns.group(f"{_WITHIN[0]} within {_REACHES[0]}", len(_REACHES), len(_WITHIN))
    within[:, 0] = log(words)
    np.divide(linked, chars, out=within[:, 1], casting="same_kind")
    np.divide(prose, words, out=within[:, 2], casting="same_kind")
