"""What the rules look at: per block figures, phrases, names and the place relative to the article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from cleaners.article import BlockType
from cleaners.classifier import Document
from cleaners.lexicon import Match
from cleaners.names import NameHint, hint_of
from cleaners.reading import Reading, read_beginnings
from cleaners.segment import HEADING_TAGS, Segments

PROSE_WORDS: Final = 12
"""A block of at least this many words that ends a sentence is prose; jusText's "short" ends near it."""

LONG_PROSE_WORDS: Final = 25
"""A block this long is prose even without a full stop."""

PROSE_LINK_SHARE: Final = 0.4
"""Prose has at most this share of its characters in links; on the gold pages 98 % of body text has less."""

BROAD_SHARE: Final = 0.5
"""An element with more than this share of the page's prose, or of its blocks, is the page rather than a
part of it: its names say nothing of one block."""

LOCAL_TYPES: Final = frozenset({BlockType.TITLE, BlockType.BYLINE, BlockType.CAPTION})
"""Types that names give to single blocks; the other types are given to whole containers."""

FORM_TYPES: Final = frozenset({BlockType.NEWSLETTER, BlockType.COMMENTS, BlockType.DONATION})
"""Boxes with forms, whose line about consent is theirs."""

_SENTENCE_END: Final = re.compile(r"[.!?…。！？:;][\"'”’»“)\]]*$")
_UNSPACED: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]+")
_AREAS: Final = frozenset(
    {"nav", "footer", "form", "figure", "figcaption", "address", "dialog", "main"}
    | {"button", "input", "label", "select", "textarea"}
)
"""Elements that say something of all text inside them."""


@dataclass(slots=True)
class Evidence:
    """Lists with one entry a block (`words` … `in_root`), and the bounds of the article.

    `groups` holds the names of the phrase groups that `matches` are of. `words` counts words, in unspaced
    scripts half the characters. `first` and `last` are the first and last block of the article's prose;
    `last < first` where the page has none. `in_root` says which blocks are inside the content root or, in
    plain text, inside the article's runs of lines. `thin` says that the page has too little prose for an
    article: a list, a shop, a front page.
    """

    segments: Segments
    document: Document
    words: list[int]
    link_share: list[float]
    prose: list[bool]
    matches: list[list[Match]]
    groups: list[set[str]]
    tokens: list[int]
    heading: list[bool]
    group_hint: list[NameHint | None]
    local_hint: list[NameHint | None]
    areas: list[frozenset[str]]
    in_root: list[bool]
    thin: bool = False
    first: int = 0
    last: int = -1


def gather(document: Document, reading: Reading | None = None) -> Evidence:
    """Look once at everything that rules decide by; the article's bounds are `span.find_article`'s to set."""
    segments = document.segments
    words = [count_units(text) for text in segments.text]
    link_share = [chars / len(text) for chars, text in zip(segments.link_chars, segments.text, strict=True)]
    prose = [
        is_prose(text, number, share)
        for text, number, share in zip(segments.text, words, link_share, strict=True)
    ]
    reading = reading or read_beginnings(segments.text)
    group_hints, local_hints = _resolve_hints(segments, words, prose)
    areas = _resolve_areas(segments)
    node = segments.node
    return Evidence(
        segments=segments,
        document=document,
        words=words,
        link_share=link_share,
        prose=prose,
        matches=reading.matches,
        groups=[{match.group for match in found} for found in reading.matches],
        tokens=[len(tokens) for tokens in reading.tokens],
        heading=[segments.nodes.tag[n] in HEADING_TAGS or _inside_heading(segments, n) for n in node],
        group_hint=[_block_hint(segments, i, group_hints[n], local=False) for i, n in enumerate(node)],
        local_hint=[_block_hint(segments, i, local_hints[n], local=True) for i, n in enumerate(node)],
        areas=[areas[n] for n in node],
        in_root=[True] * len(node),
    )


def count_units(text: str) -> int:
    """Words of `text`; scripts without spaces count half a word a character."""
    spaced = text.count(" ") + text.count("\t") + 1
    if text.isascii() or spaced * 8 > len(text):
        return spaced
    unspaced = sum(map(len, _UNSPACED.findall(text)))
    return max(spaced, unspaced // 2)


def is_prose(text: str, words: int, link_share: float) -> bool:
    """Whether a block reads like running text rather than a label, a list of links or a datum."""
    if link_share > PROSE_LINK_SHARE or words < PROSE_WORDS:
        return False
    return words >= LONG_PROSE_WORDS or ends_sentence(text)


def ends_sentence(text: str) -> bool:
    """Whether the text ends with a sentence's last mark, quotes and brackets after it aside."""
    return _SENTENCE_END.search(text, max(0, len(text) - 8)) is not None


def _resolve_hints(
    segments: Segments, words: list[int], prose: list[bool]
) -> tuple[list[NameHint | None], list[NameHint | None]]:
    """For each node the nearest container's hint, and the hint for single blocks at most two levels up."""
    nodes = segments.nodes
    counted = [number if is_text else 0 for number, is_text in zip(words, prose, strict=True)]
    weight = list(accumulate(counted, initial=0))
    total, blocks = max(1, weight[-1]), max(1, len(words))
    groups: list[NameHint | None] = []
    locals_: list[NameHint | None] = []
    for node, names in enumerate(nodes.names):
        parent = nodes.parent[node]
        hint = hint_of(names) if names else None
        first, last = nodes.first_block[node], nodes.last_block[node]
        if hint and last - first > 1:
            broad = weight[last] - weight[first] > BROAD_SHARE * total or last - first > BROAD_SHARE * blocks
            if broad:
                hint = None
        is_local = hint is not None and hint.type in LOCAL_TYPES
        inherited = groups[parent] if parent >= 0 else None
        if hint and hint.type is BlockType.CONSENT and inherited and inherited.type in FORM_TYPES:
            hint = inherited
        groups.append(hint if hint and not is_local else inherited)
        near = locals_[parent] if parent >= 0 else None
        locals_.append(hint if is_local else near if last - first <= 3 else None)
    return groups, locals_


def _block_hint(
    segments: Segments, block: int, inherited: NameHint | None, *, local: bool
) -> NameHint | None:
    """The hint of the inline elements inside the block, else the container's."""
    names = segments.names[block]
    own = hint_of(names) if names else None
    if own and (own.type in LOCAL_TYPES) == local:
        return own
    return inherited


def _resolve_areas(segments: Segments) -> list[frozenset[str]]:
    """For each node the sectioning and form elements that it stands in."""
    nodes = segments.nodes
    areas: list[frozenset[str]] = []
    for tag, parent in zip(nodes.tag, nodes.parent, strict=True):
        inherited = areas[parent] if parent >= 0 else frozenset[str]()
        areas.append(inherited | {tag} if tag in _AREAS and tag not in inherited else inherited)
    return areas


def _inside_heading(segments: Segments, node: int) -> bool:
    parent = segments.nodes.parent[node]
    return parent >= 0 and segments.nodes.tag[parent] in HEADING_TAGS
