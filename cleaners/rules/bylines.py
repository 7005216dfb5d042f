"""Dates, authors and the like beside the title or the article's first paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from cleaners.article import BlockType
from cleaners.reading import group_mask
from cleaners.rules.decision import Decision
from cleaners.rules.evidence import Evidence, ends_sentence
from cleaners.rules.phrases import BIO_WORDS

BYLINE_WORDS: Final = 16
"""Names, dates and a reading time together have at most about this many words."""

BY_NAME_WORDS: Final = 8
"""Words of a block that only says by whom."""

BYLINE_REACH: Final = 8
"""Blocks between a byline and the title or the article's first paragraph, at most."""

BELOW_OPENING: Final = 2
"""Blocks below the article's first paragraph that may still be its byline."""

RELATED_REACH: Final = 3
"""Blocks after another article's headline in which a date is that article's."""

_DATE: Final = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}[./-]\d{1,2}[./-]\d{1,2}\b|\b\d{1,2}:\d{2}\b|\d{1,2}月\d{1,2}日"
)


_BYLINE: Final = group_mask("byline", "byline_heading")
_AUTHOR_BIO: Final = group_mask("author_bio")
_MONTHS: Final = group_mask("months")


def blocks_near_head(evidence: Evidence, decisions: Sequence[Decision | None]) -> set[int]:
    """The blocks close to a title or, inside the content root, to the article's first paragraph."""
    near: set[int] = set()
    for block, decision in enumerate(decisions):
        if decision is not None and decision.type is BlockType.TITLE:
            near.update(range(block - BYLINE_REACH, block + BYLINE_REACH + 1))
    if evidence.last >= 0:
        start = max(0, evidence.first - BYLINE_REACH)
        opening = range(start, min(len(decisions), evidence.first + BELOW_OPENING + 1))
        near.update(block for block in opening if evidence.in_root[block])
    return near


def byline(evidence: Evidence, block: int, decisions: list[Decision | None]) -> Decision | None:
    """A date, or "by" and a name; the block is one of `blocks_near_head`."""
    if evidence.words[block] > BYLINE_WORDS:
        return None
    sentence = evidence.prose[block] and ends_sentence(evidence.segments.text[block])
    if sentence or _belongs_to_another(evidence, block, decisions):
        return None
    return _told_by_words(evidence, block)


def _belongs_to_another(evidence: Evidence, block: int, decisions: list[Decision | None]) -> bool:
    """Whether the block stands in a list of other articles or among comments."""
    hint = evidence.group_hint[block]
    if hint is not None and not hint.weak and hint.type in (BlockType.RELATED, BlockType.COMMENTS):
        return True
    before = decisions[max(0, block - RELATED_REACH) : block]
    return any(decision is not None and decision.type is BlockType.RELATED for decision in before)


def _told_by_words(evidence: Evidence, block: int) -> Decision | None:
    groups, words = evidence.groups[block], evidence.words[block]
    if _has_date(evidence, block):
        return Decision(BlockType.BYLINE, "date", "date beside the title")
    opens = next((match for match in evidence.matches[block] if match.start == 0), None)
    if opens and opens.group == "by_words" and words <= BY_NAME_WORDS:
        return Decision(BlockType.BYLINE, "by-name", f"opens with “{opens.phrase}”")
    if groups & _BYLINE or (groups & _AUTHOR_BIO and words < BIO_WORDS):
        return Decision(BlockType.BYLINE, "byline-phrase", "phrase of a byline beside the title")
    text = evidence.segments.text[block].casefold()
    if any(author.casefold() in text for author in evidence.document.authors if len(author) > 3):
        return Decision(BlockType.BYLINE, "author-name", "names the page's author")
    return None


def _has_date(evidence: Evidence, block: int) -> bool:
    """Whether the block names a day: figures, or a month's name beside a number."""
    text = evidence.segments.text[block][:200]
    if _DATE.search(text):
        return True
    return bool(evidence.groups[block] & _MONTHS) and any(map(str.isdigit, text))
