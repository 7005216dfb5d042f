"""An article as a page: what the page held, block by block and why, beside the article made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from audit.assets import Inlined, asset, environment, shown
from audit.explained.difference import Change, ChangeKind, Difference, Side, facts_of
from audit.explained.record import ArticleRecord, RecordBlock
from cleaners.article import KEPT_TYPES, BlockType

MOST_OF_A_BLOCK: Final = 5_000
"""Characters of a block that are shown; the longest paragraphs that people write have half of that."""

MOST_OF_A_PAGE: Final = 4_000_000
"""Characters of all blocks together, after which each is cut to `MOST_OF_THE_REST`: a browser opens that in
a few seconds."""

MOST_OF_THE_REST: Final = 200
"""Characters of a block once those before it took all there is room for."""

UNSURE: Final = 0.7
"""A confidence below which a decision is marked: of such, three in ten or more are wrong."""

BOUNDS: Final = (0.95, 0.9, 0.8, 0.7, 0.6, 0.5)
"""Confidences of which the page can show the blocks that are below one."""

_BUNCH: Final = 50  # blocks that the browser lays out together, when they come near the window
_MOST_FINGERPRINTS: Final = 50  # shown; a page may have 200
_MOST_BEFORE: Final = 20  # blocks of the other record that a change names
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_WIDTH: Final = 1_000  # of the bar, in its own units
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SAID: Final = {
    ChangeKind.TYPE: "was",
    ChangeKind.CONFIDENCE: "was",
    ChangeKind.SPLIT: "split from",
    ChangeKind.JOINED: "joined from",
    ChangeKind.RECUT: "cut anew from",
    ChangeKind.NEW: "text that the other record lacks",
    ChangeKind.GONE: "only in the other record",
}


@dataclass(frozen=True, slots=True)
class Cut:
    """A text as far as it is shown, and how many characters are left out."""

    text: str
    left_out: int


@dataclass(frozen=True, slots=True)
class Note:
    """What another record said of a block."""

    kind: ChangeKind
    crossed: str | None
    said: str
    before: tuple[Side, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Row:
    """A block of the page as it is shown. `number` is empty for one that only the other record has."""

    number: int | None
    type: BlockType
    kept: bool
    in_text: bool
    confidence: float
    reason: str
    cut: Cut
    markup: str
    path: str
    words: int
    note: Note | None

    @property
    def tag(self) -> str:
        """The element that the article's text has the block in."""
        if self.markup in _HEADINGS:
            return "h3"
        return self.markup if self.markup in {"blockquote", "pre"} else "p"


@dataclass(frozen=True, slots=True)
class TypeCount:
    """How much there is of a type, and where its part of the bar is, in thousandths."""

    type: BlockType
    kept: bool
    blocks: int
    words: int
    share: float
    start: float
    width: float


def explanation_page(article: ArticleRecord, difference: Difference | None, version: str) -> str:
    """A self-contained HTML page; `difference` is from another record, `version` this program's."""
    inlined = Inlined(
        [
            asset("audit", "static/base.css"),
            asset("audit", "static/types.css"),
            asset("audit.explained", "static/explain.css"),
        ],
        [asset("audit.explained", "static/explain.js")],
    )
    rows = list(_rows(article, difference))
    kept = sum(block.words for block in article.blocks if block.kept)
    return (
        environment("audit.explained")
        .get_template("explain.html")
        .render(
            article=article,
            facts={name: value for name, value in facts_of(article).items() if value},
            credits=" · ".join(filter(None, [*article.authors, (article.published or "").replace("T", " ")])),
            fingerprints=article.fingerprints[:_MOST_FINGERPRINTS],
            more_fingerprints=max(len(article.fingerprints) - _MOST_FINGERPRINTS, 0),
            language=article.language if _LANGUAGE.fullmatch(article.language or "") else None,
            rows=rows,
            types=_type_counts(article.blocks),
            words=sum(block.words for block in article.blocks),
            kept_words=kept,
            difference=difference,
            changed=sum(row.note is not None for row in rows),
            bunch=_BUNCH,
            bounds=BOUNDS,
            unsure=UNSURE,
            width=_WIDTH,
            inlined=inlined,
            version=version,
        )
    )


def _rows(article: ArticleRecord, difference: Difference | None) -> Iterator[Row]:
    changes = difference.changes if difference else ()
    notes = {side.number: _note(change) for change in changes for side in change.after}
    gone: dict[int, list[Change]] = {}
    for change in changes:
        if change.kind is ChangeKind.GONE:
            gone.setdefault(change.position, []).append(change)
    room = MOST_OF_A_PAGE
    for number, block in enumerate(article.blocks):
        yield from map(_gone_row, gone.get(number, ()))
        row = _row(number, block, notes.get(number), MOST_OF_A_BLOCK if room > 0 else MOST_OF_THE_REST)
        room -= len(row.cut.text)
        yield row
    yield from map(_gone_row, gone.get(len(article.blocks), ()))


def _row(number: int, block: RecordBlock, note: Note | None, most: int) -> Row:
    return Row(
        number=number,
        type=block.type,
        kept=block.kept,
        in_text=block.in_text,
        confidence=block.confidence,
        reason=_why(block),
        cut=_cut(block.text, most),
        markup=block.markup,
        path=block.path,
        words=block.words,
        note=note,
    )


def _gone_row(change: Change) -> Row:
    side = change.before[0]
    return Row(
        number=None,
        type=side.type,
        kept=side.kept,
        in_text=False,
        confidence=side.confidence,
        reason=side.reason,
        cut=_cut(change.text, MOST_OF_A_BLOCK),
        markup="p",
        path="",
        words=0,  # none of this record's
        note=_note(change),
    )


def _why(block: RecordBlock) -> str:
    """The reason, and whether the article's text leaves the block out although it is of its type."""
    if block.repeats is None:
        return block.reason
    return f"{block.reason}; left out, block {block.repeats + 1} says the same"


def _note(change: Change) -> Note:
    before = () if change.kind is ChangeKind.GONE else change.before
    return Note(
        kind=change.kind,
        crossed=change.crossed,
        said=_SAID[change.kind],
        before=before[:_MOST_BEFORE],
        more=max(len(before) - _MOST_BEFORE, 0),
    )


def _cut(text: str, most: int) -> Cut:
    left_out = max(len(text) - most, 0)
    return Cut(shown(text[:most], None), left_out)


def _type_counts(blocks: Sequence[RecordBlock]) -> list[TypeCount]:
    """All types that the page has, in the order of the types: first those that are kept."""
    total = sum(block.words for block in blocks)
    counts = []
    start = 0.0
    for kind in BlockType:
        group = [block for block in blocks if block.type is kind]
        words = sum(block.words for block in group)
        share = words / total if total else 0.0
        if group:
            width = round(share * _WIDTH, 2)
            counts.append(
                TypeCount(kind, kind in KEPT_TYPES, len(group), words, share, round(start, 2), width)
            )
            start += width
    return counts
