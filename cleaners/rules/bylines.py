"""Dates, authors and the like beside the title or the article's first paragraph."""

from __future__ import annotations

import re
from typing import Final

from cleaners.article import BlockType
from cleaners.rules.decision import Decision
from cleaners.rules.evidence import Evidence, ends_sentence
from cleaners.rules.phrases import BIO_WORDS

BYLINE_WORDS: Final = 16
"""Names, dates and a reading time together have at most about this many words."""

BY_NAME_WORDS: Final = 8
"""Words of a block that only says by whom."""

BYLINE_REACH: Final = 8
"""Blocks between a byline and the title or the article's first paragraph, at most."""

RELATED_REACH: Final = 3
"""Blocks after another article's headline in which a date is that article's."""

_DATE: Final = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}[./-]\d{1,2}[./-]\d{1,2}\b|\b\d{1,2}:\d{2}\b|\d{1,2}月\d{1,2}日"
)


def byline(evidence: Evidence, block: int, decisions: list[Decision | None]) -> Decision | None:
    """A date, or "by" and a name, close to the title or to the article's first paragraph."""
    if evidence.words[block] > BYLINE_WORDS or not _near_article_head(evidence, block, decisions):
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
    if groups & {"byline", "byline_heading"} or ("author_bio" in groups and words < BIO_WORDS):
        return Decision(BlockType.BYLINE, "byline-phrase", "phrase of a byline beside the title")
    text = evidence.segments.text[block].casefold()
    if any(author.casefold() in text for author in evidence.document.authors if len(author) > 3):
        return Decision(BlockType.BYLINE, "author-name", "names the page's author")
    return None


def _near_article_head(evidence: Evidence, block: int, decisions: list[Decision | None]) -> bool:
    start, stop = max(0, block - BYLINE_REACH), min(len(decisions), block + BYLINE_REACH + 1)
    for near in range(start, stop):
        decision = decisions[near]
        if decision is not None and decision.type is BlockType.TITLE:
            return True
    return evidence.last >= 0 and -2 <= evidence.first - block <= BYLINE_REACH and evidence.in_root[block]


def _has_date(evidence: Evidence, block: int) -> bool:
    """Whether the block names a day: figures, or a month's name beside a number."""
    text = evidence.segments.text[block][:200]
    if _DATE.search(text):
        return True
    if not any(character.isdigit() for character in text):
        return False
    return any(match.group == "months" for match in evidence.matches[block])
