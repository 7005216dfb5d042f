"""What the rules look at: per block figures, phrases, names and the place relative to the article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import numpy as np

from cleaners.arrays import integers
from cleaners.article import BlockType
from cleaners.classifier import Document
from cleaners.lexicon import Match
from cleaners.names import NameHint, read_names
from cleaners.reading import Reading
from cleaners.segment import Segments
from cleaners.tree import Tree

PROSE_WORDS: Final = 12
"""A block of at least this many words that ends a sentence is prose; jusText's "short" ends near it."""

LONG_PROSE_WORDS: Final = 25
"""A block this long is prose even without a full stop."""

PROSE_LINK_SHARE: Final = 0.4
"""Prose has at most this share of its characters in links; on the gold pages 98 % of body text has less."""

BROAD_SHARE: Final = 0.5
"""An element with more than this share of the page's prose, or of its blocks, is the page rather than a
part of it: its names say nothing of one block."""

LOCAL_BLOCKS: Final = 3
"""What a name says of single blocks holds in elements of at most this many blocks inside the named one."""

LOCAL_TYPES: Final = frozenset({BlockType.TITLE, BlockType.BYLINE, BlockType.CAPTION})
"""Types that names give to single blocks; the other types are given to whole containers."""

FORM_TYPES: Final = frozenset({BlockType.NEWSLETTER, BlockType.COMMENTS, BlockType.DONATION})
"""Boxes with forms, whose line about consent is theirs."""

_SENTENCE_END: Final = re.compile(r"[.!?…。！？:;][\"'”’»“)\]]*$")


@dataclass(slots=True)
class Evidence:
    """Lists with one entry a block (`words` … `in_root`), and the bounds of the article.

    `words` counts words, in unspaced scripts half the characters. `groups` has the bits
    (`reading.group_mask`) of the phrase groups that `matches` are of, `areas` those (`tree.region_mask`) of
    the elements that the block stands in. `first` and `last` are the first and last block of the article's
    prose; `last < first` where the page has none. `in_root` says which blocks are inside the content root
    or, in plain text, inside the article's runs of lines. `thin` says that the page has too little prose
    for an article: a list, a shop, a front page.
    """

    segments: Segments
    document: Document
    reading: Reading
    tree: Tree
    words: list[int]
    link_share: list[float]
    prose: list[bool]
    matches: list[Sequence[Match]]
    groups: list[int]
    tokens: list[int]
    heading: list[bool]
    group_hint: list[NameHint | None]
    local_hint: list[NameHint | None]
    areas: list[int]
    in_root: list[bool]
    thin: bool = False
    first: int = 0
    last: int = -1


def gather(document: Document, reading: Reading, tree: Tree) -> Evidence:
    """Look once at everything that rules decide by; the article's bounds are `span.find_article`'s to set."""
    segments, words = document.segments, reading.words
    link_share = integers(segments.link_chars) / reading.chars
    prose = _find_prose(segments.text, reading, link_share)
    group_hints, local_hints = _resolve_hints(segments, tree, words, prose)
    return Evidence(
        segments=segments,
        document=document,
        reading=reading,
        tree=tree,
        words=words,
        link_share=link_share.tolist(),
        prose=prose,
        matches=reading.matches,
        groups=reading.groups,
        tokens=list(map(len, reading.tokens)),
        heading=tree.heading.tolist(),
        group_hint=group_hints,
        local_hint=local_hints,
        areas=tree.regions.tolist(),
        in_root=[True] * len(words),
    )


def ends_sentence(text: str) -> bool:
    """Whether the text ends with a sentence's last mark, quotes and brackets after it aside."""
    return _SENTENCE_END.search(text, max(0, len(text) - 8)) is not None


def _find_prose(texts: Sequence[str], reading: Reading, link_share: np.ndarray) -> list[bool]:
    """Which blocks read like running text rather than a label, a list of links or a datum."""
    words = integers(reading.words)
    likely = (link_share <= PROSE_LINK_SHARE) & (words >= PROSE_WORDS)
    prose: list[bool] = (likely & (words >= LONG_PROSE_WORDS)).tolist()
    for block in (likely & (words < LONG_PROSE_WORDS)).nonzero()[0].tolist():
        prose[block] = ends_sentence(texts[block])
    return prose


def _resolve_hints(
    segments: Segments, tree: Tree, words: list[int], prose: list[bool]
) -> tuple[list[NameHint | None], list[NameHint | None]]:
    """For each block the hint of the nearest container, and the nearest hint for single blocks."""
    groups, locals_ = _inherited_hints(tree, words, prose)
    inline = {names: hint for names in set(segments.names) if names and (hint := read_names(names)[1])}
    if inline:  # elements inside the block are nearer than any container
        for block, names in enumerate(segments.names):
            if names in inline:
                own = inline[names]
                (locals_ if own.type in LOCAL_TYPES else groups)[block] = own
    return groups, locals_


def _inherited_hints(
    tree: Tree, words: list[int], prose: list[bool]
) -> tuple[list[NameHint | None], list[NameHint | None]]:
    """The hints of the elements around each block. Elements come in document order, so inner ones last."""
    hints = [read_names(names)[1] if names else None for _, names in tree.kinds]
    weight = list(
        accumulate((n if is_text else 0 for n, is_text in zip(words, prose, strict=True)), initial=0)
    )
    most_words, most_blocks = BROAD_SHARE * max(1, weight[-1]), BROAD_SHARE * len(words)
    groups: list[NameHint | None] = [None] * len(words)
    locals_ = groups.copy()
    for first, last, kind in _telling(tree, hints):
        hint, size = hints[kind], last - first
        if hint and size > 1 and (weight[last] - weight[first] > most_words or size > most_blocks):
            hint = None
        if hint and hint.type in LOCAL_TYPES:
            locals_[first:last] = [hint] * size
            continue
        if size > LOCAL_BLOCKS and locals_[first]:
            locals_[first:last] = [None] * size
        around = groups[first]
        small_print = hint and hint.type is BlockType.CONSENT and around and around.type in FORM_TYPES
        if hint and not small_print:
            groups[first:last] = [hint] * size
    return groups, locals_


def _telling(tree: Tree, hints: Sequence[NameHint | None]) -> list[tuple[int, int, int]]:
    """First block, end and kind of the elements that may change what is known of the blocks inside."""
    size = tree.last - tree.first
    hinted = np.array([hint is not None for hint in hints], np.bool_)[tree.kind] & (size > 0)
    nodes = (hinted | (size > LOCAL_BLOCKS)).nonzero()[0]
    columns = (tree.first[nodes].tolist(), tree.last[nodes].tolist(), tree.kind[nodes].tolist())
    return list(zip(*columns, strict=True))
