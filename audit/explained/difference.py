"""What differs between two records of one page: blocks aligned in order, facts, words of the text.

The blocks whose texts are the same are aligned by the longest common subsequence of the two pages (Hunt and
Szymanski 1977; bit-parallel as by Hyyrö 2004 in rapidfuzz). Between them, blocks are joined to groups where
the texts of some on one side, white space aside, are those of some on the other: the cleaner keeps all of a
page's text in order, so what is no group is text that only one side has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Final, Literal

from rapidfuzz.distance import LCSseq

from audit.explained.record import ArticleRecord, RecordBlock
from audit.explained.recut import Span, matched_spans
from audit.findings.model import Record
from cleaners.article import WORD, BlockType

DIFFERENCE_VERSION: Final = 1
"""Version of the record of a difference; raised whenever a field changes its meaning."""

CONFIDENCE_MOVED: Final = 0.2
"""A confidence that moved by more is a change: any new training moves most by less."""

_TEXT_SAID: Final = 300  # characters of a block's text that a change repeats
_EXACT: Final = 6  # decimal places of confidences beyond which floating point says nothing


class ChangeKind(StrEnum):
    """What became of a block, or of several."""

    TYPE = "type"
    CONFIDENCE = "confidence"
    SPLIT = "split"
    JOINED = "joined"
    RECUT = "recut"
    NEW = "new"
    GONE = "gone"


class Side(Record):
    """A block on one side of a change: its number (from 0) in its record, and what was decided of it."""

    number: int
    type: BlockType
    confidence: float
    reason: str
    kept: bool
    words: int


class Change(Record):
    """A change in the blocks. `position` is the number, in the new record, of the block that it begins with
    or stands before; `crossed` says that text is now part of the article, or is so no more; `text` is where
    it begins."""

    kind: ChangeKind
    position: int
    before: tuple[Side, ...]
    after: tuple[Side, ...]
    crossed: Literal["kept", "removed"] | None
    text: str


class FactChange(Record):
    """What is known of the article, before and after."""

    fact: str
    before: str | None
    after: str | None


class WordsChange(Record):
    """Words of the article's text, and how many, each as often as it stands there, came and went."""

    before: int
    after: int
    gained: int
    lost: int


class Difference(Record):
    """All that differs. `kinds` counts changes, those that are none left out; `now_kept` and `now_removed`
    count changes that brought text into the article or out of it; `same` counts the blocks in neither."""

    schema_version: Literal[1]
    url: str | None
    same: int
    kinds: dict[ChangeKind, int]
    now_kept: int
    now_removed: int
    words: WordsChange
    facts: tuple[FactChange, ...]
    changes: tuple[Change, ...]


def compare(before: ArticleRecord, after: ArticleRecord) -> Difference:
    """What differs in `after` from `before`."""
    changes = []
    same = 0
    for span in matched_spans(*_numbered_texts(before.blocks, after.blocks), _matching):
        change = _change(span, before.blocks, after.blocks)
        if change is None:
            same += 1
        else:
            changes.append(change)
    kinds = Counter(change.kind for change in changes)
    return Difference(
        schema_version=DIFFERENCE_VERSION,
        url=after.url,
        same=same,
        kinds={kind: kinds[kind] for kind in ChangeKind if kinds[kind]},
        now_kept=sum(change.crossed == "kept" for change in changes),
        now_removed=sum(change.crossed == "removed" for change in changes),
        words=_words(before.text, after.text),
        facts=_facts(before, after),
        changes=tuple(changes),
    )


def _numbered_texts(
    before: Sequence[RecordBlock], after: Sequence[RecordBlock]
) -> tuple[list[str], list[str]]:
    """The texts without white space, which versions of the cleaner part differently."""
    return ["".join(block.text.split()) for block in before], ["".join(block.text.split()) for block in after]


def _matching(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int, int]]:
    """Runs of texts that are the same: where each begins on both sides, and how long it is."""
    numbers: dict[str, int] = {}
    first, second = ([numbers.setdefault(text, len(numbers)) for text in side] for side in (before, after))
    return [(run.a, run.b, run.size) for run in LCSseq.editops(first, second).as_matching_blocks()]


def _change(span: Span, before: Sequence[RecordBlock], after: Sequence[RecordBlock]) -> Change | None:
    old, new = before[span.before], after[span.after]
    kind = _kind(old, new)
    if kind is None:
        return None
    return Change(
        kind=kind,
        position=span.after.start,
        before=_sides(old, span.before.start),
        after=_sides(new, span.after.start),
        crossed=_crossed(old, new),
        text=" ".join((new or old)[0].text[:_TEXT_SAID].split()),
    )


def _kind(old: Sequence[RecordBlock], new: Sequence[RecordBlock]) -> ChangeKind | None:
    if not old or not new:
        return ChangeKind.NEW if new else ChangeKind.GONE
    if len(old) > 1 or len(new) > 1:
        recut = ChangeKind.RECUT if len(old) > 1 else ChangeKind.SPLIT
        return recut if len(new) > 1 else ChangeKind.JOINED
    if old[0].type is not new[0].type or old[0].kept != new[0].kept:
        return ChangeKind.TYPE
    moved = round(abs(old[0].confidence - new[0].confidence), _EXACT)
    return ChangeKind.CONFIDENCE if moved > CONFIDENCE_MOVED else None


def _crossed(old: Sequence[RecordBlock], new: Sequence[RecordBlock]) -> Literal["kept", "removed"] | None:
    """Whether the article has words of these blocks that it had not, or lacks some that it had."""
    if len(old) <= 1 and len(new) <= 1:  # a block may hold no word, and a group be cut beside such a one
        kept_before, kept_after = (sum(block.kept for block in side) for side in (old, new))
    else:
        kept_before, kept_after = (sum(block.words for block in side if block.kept) for side in (old, new))
    if kept_before == kept_after:
        return None
    return "kept" if kept_after > kept_before else "removed"


def _sides(blocks: Sequence[RecordBlock], start: int) -> tuple[Side, ...]:
    return tuple(
        Side(
            number=number,
            type=block.type,
            confidence=block.confidence,
            reason=block.reason,
            kept=block.kept,
            words=block.words,
        )
        for number, block in enumerate(blocks, start)
    )


def _words(before: str, after: str) -> WordsChange:
    old, new = Counter(WORD.findall(before)), Counter(WORD.findall(after))
    return WordsChange(
        before=old.total(), after=new.total(), gained=(new - old).total(), lost=(old - new).total()
    )


def _facts(before: ArticleRecord, after: ArticleRecord) -> tuple[FactChange, ...]:
    old, new = facts_of(before), facts_of(after)
    return tuple(
        FactChange(fact=fact, before=old[fact], after=new[fact]) for fact in old if old[fact] != new[fact]
    )


def facts_of(article: ArticleRecord) -> dict[str, str | None]:
    """What is known of an article beside its text, by name; `None` is unknown."""
    return {
        "title": article.title,
        "canonical": article.canonical_url,
        "authors": ", ".join(article.authors) or None,
        "published": article.published,
        "modified": article.modified,
        "language": article.language,
        "claims": article.claimed_source.said if article.claimed_source else None,
        "warnings": "; ".join(article.warnings) or None,
    }
