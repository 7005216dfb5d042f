"""The words everyone uses: what a page is, what its blocks are called, what an article holds.

Nothing here computes anything from a page; the other modules of this package do, and the packages
above it pass these objects on.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

SCHEMA_VERSION: Final = 1
"""Version of the record that `Article.to_record` gives; raised whenever a field changes meaning."""


class BlockType(StrEnum):
    """What a piece of a page's text is. Every block has exactly one of these."""

    TITLE = "title"
    BYLINE = "byline"
    CAPTION = "caption"
    BODY = "body"
    NAVIGATION = "navigation"
    RELATED = "related"
    NEWSLETTER = "newsletter"
    DONATION = "donation"
    PAYWALL = "paywall"
    ADVERTISEMENT = "advertisement"
    SHARING = "sharing"
    COMMENTS = "comments"
    CONSENT = "consent"
    DISCLAIMER = "disclaimer"
    COPYRIGHT = "copyright"
    ATTRIBUTION = "attribution"
    AUTHOR_BIO = "author_bio"
    MEDIA = "media"
    OTHER = "other"


KEPT_TYPES: Final = frozenset({BlockType.TITLE, BlockType.BYLINE, BlockType.CAPTION, BlockType.BODY})
"""The article's own parts. Everything else is boilerplate."""

DEFAULT_TEXT_TYPES: Final = frozenset({BlockType.BODY})
"""What `Article.text` holds unless the caller asks for more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One document as a source delivered it, before cleaning.

    `body` is the raw bytes where they are known, text where the source was text already. `headers`
    holds only those that matter later (content type, validators, dates). `discovered_by` names what
    led to the page ("seed", "link", "sitemap", "feed", "wordpress-api", "file" …). `lastmod` is the
    time that the source (not the page) gives for its last change. `key` is the page's entry in the frontier
    of the crawl that fetched it.
    """

    url: str | None
    body: bytes | str
    content_type: str | None = None
    fetched_at: datetime | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    discovered_by: str | None = None
    lastmod: datetime | None = None
    key: str | None = None


class _CountedText:
    """A text that keeps the number of its words, which is none of the fields that make it what it is."""

    __slots__ = ("_counted",)
    _counted: tuple[str, int]
    text: str

    @property
    def words(self) -> int:
        """Words of the text (`count_words`), counted once; the number goes along when this is pickled."""
        known = getattr(self, "_counted", None)
        if known is None or known[0] is not self.text:
            known = self._counted = self.text, count_words(self.text)
        return known[1]


@dataclass(slots=True)
class Block(_CountedText):
    """A run of text that a reader sees as one piece, with its type and why it has that type.

    `confidence` is the share of decisions as sure as this one that were right on annotated pages held back,
    0 to 1. `reason` is one phrase a person understands. `markup` is the element that sets the text
    (p, h2, li, blockquote, pre, td …). `path` is CSS-like for HTML ("body > div.story > p") and
    "line N" for text. `hidden_in` names the inert element (noscript, template) that the text stands
    in, if any. `repeats` is the number (from 0) of an earlier block of the article whose text this one says
    again; such a block is left out where the article's text is written. Blocks of one page, in order, hold
    its whole text.
    """

    text: str
    type: BlockType
    confidence: float
    reason: str
    markup: str = "p"
    path: str = ""
    hidden_in: str | None = None
    repeats: int | None = None

    @property
    def kept(self) -> bool:
        """Whether the block is part of the article itself: title, byline, caption or body."""
        return self.type in KEPT_TYPES

    def is_written(self, types: Collection[BlockType]) -> bool:
        """Whether a text made of the blocks of some types holds this one: repeats are left out."""
        return self.type in types and self.repeats is None

    def to_record(self) -> dict[str, Any]:
        """The block as plain data, in the order of the documented record."""
        return {
            "text": self.text,
            "type": self.type.value,
            "confidence": self.confidence,
            "reason": self.reason,
            "markup": self.markup,
            "path": self.path,
            "hidden_in": self.hidden_in,
            "repeats": self.repeats,
            "kept": self.kept,
        }


@dataclass(frozen=True, slots=True)
class ClaimedSource:
    """The outlet that a page itself names as the origin of its text.

    `domain` is the registrable domain where the page gives one, else `None`; `name` is the name as
    printed. `kind` says where the claim stands ("attribution line", "leftover markup",
    "canonical link"); `evidence` is the text or the markup that makes it.
    """

    domain: str | None
    name: str | None
    kind: str
    evidence: str

    def to_record(self) -> dict[str, Any]:
        """The claim as plain data."""
        return {"domain": self.domain, "name": self.name, "kind": self.kind, "evidence": self.evidence}


@dataclass(frozen=True, slots=True, order=True)
class Fingerprint:
    """An id in a page's markup that ties sites to one operator.

    `kind` names the service and what the id is there ("adsense", "google-tag-manager" …, `docs/record.md`).
    """

    kind: str
    value: str

    def to_record(self) -> dict[str, Any]:
        """The fingerprint as plain data."""
        return {"kind": self.kind, "value": self.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A URL or file that gave no article, with the reason, so that nothing is dropped in silence.

    `reason` is a short fixed name that can be counted ("http-404", "timeout", "no-text", "not-html",
    "robots-txt", "worker-memory" …), `detail` the sentence a person reads. `key` is that of `Page`; it is
    not part of the record.
    """

    url: str | None
    reason: str
    detail: str
    status: int | None = None
    fetched_at: datetime | None = None
    discovered_by: str | None = None
    key: str | None = None

    def to_record(self) -> dict[str, Any]:
        """The rejection as plain data, in the order of the documented record."""
        return {
            "url": self.url,
            "reason": self.reason,
            "detail": self.detail,
            "status": self.status,
            "fetched_at": _iso(self.fetched_at),
            "discovered_by": self.discovered_by,
        }


@dataclass(frozen=True, slots=True)
class BoilerplateCount:
    """How much of one boilerplate type a page holds, in blocks and in words."""

    blocks: int
    words: int


@dataclass(slots=True, kw_only=True)
class Article:
    """A cleaned page: the article's text and, typed, everything that stood around it.

    `revision` counts the texts that a crawl's database has held of this page, from 1. `key` and `headers`
    are those of `Page`, for the store; they are not part of the record.
    """

    url: str | None = None
    canonical_url: str | None = None
    site: str | None = None
    title: str | None = None
    authors: list[str] = field(default_factory=list)
    published: datetime | None = None
    modified: datetime | None = None
    language: str | None = None
    text: str = ""
    markdown: str = ""
    blocks: list[Block] = field(default_factory=list)
    claimed_source: ClaimedSource | None = None
    warnings: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    fingerprints: list[Fingerprint] = field(default_factory=list)
    fetched_at: datetime | None = None
    discovered_by: str | None = None
    lastmod: datetime | None = None
    revision: int = 1
    key: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def boilerplate(self) -> dict[BlockType, BoilerplateCount]:
        """Blocks and words of each boilerplate type on the page, types without any left out."""
        return count_types(block for block in self.blocks if not block.kept)

    def text_of(self, types: Collection[BlockType]) -> str:
        """The text of the blocks of the given types, one block a paragraph, in page order without repeats."""
        return to_text(self.blocks, types)

    def to_record(self) -> dict[str, Any]:
        """The documented JSON record (`docs/record.md`): plain data, times in ISO 8601."""
        return {
            "schema_version": SCHEMA_VERSION,
            "url": self.url,
            "canonical_url": self.canonical_url,
            "site": self.site,
            "title": self.title,
            "authors": list(self.authors),
            "published": _iso(self.published),
            "modified": _iso(self.modified),
            "language": self.language,
            "text": self.text,
            "markdown": self.markdown,
            "categories": list(self.categories),
            "claimed_source": self.claimed_source.to_record() if self.claimed_source else None,
            "boilerplate": {
                kind.value: {"blocks": count.blocks, "words": count.words}
                for kind, count in self.boilerplate.items()
            },
            "blocks": [block.to_record() for block in self.blocks],
            "warnings": list(self.warnings),
            "fingerprints": [fingerprint.to_record() for fingerprint in self.fingerprints],
            "fetched_at": _iso(self.fetched_at),
            "discovered_by": self.discovered_by,
            "lastmod": _iso(self.lastmod),
            "revision": self.revision,
        }


def to_text(blocks: Iterable[Block], types: Collection[BlockType] = DEFAULT_TEXT_TYPES) -> str:
    """The blocks of the given types as plain text, an empty line between two; repeats are left out."""
    return "\n\n".join(block.text for block in blocks if block.is_written(types))


WORD: Final = re.compile(r"[぀-ヿ㐀-鿿가-힣฀-๿]|[^\W_぀-ヿ㐀-鿿가-힣฀-๿]+")
"""A word; in scripts that write no spaces (Chinese, Japanese, Thai …) a character."""

_COUNTED_AT_ONCE: Final = 100_000  # characters whose words may all be in memory: counted twice as fast


def count_words(text: str) -> int:
    """Words of `text`; in scripts that write no spaces (Chinese, Japanese, Thai …) each character."""
    if len(text) <= _COUNTED_AT_ONCE:
        return len(WORD.findall(text))
    return sum(1 for _ in WORD.finditer(text))


def count_types(blocks: Iterable[Block]) -> dict[BlockType, BoilerplateCount]:
    """Blocks and words by type, in the order of `BlockType`."""
    totals: dict[BlockType, tuple[int, int]] = {}
    for block in blocks:
        number, words = totals.get(block.type, (0, 0))
        totals[block.type] = (number + 1, words + block.words)
    return {kind: BoilerplateCount(*totals[kind]) for kind in BlockType if kind in totals}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
