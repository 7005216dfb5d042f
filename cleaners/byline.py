"""Author and date read from byline blocks, for pages without metadata: extracted text has none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from cleaners.article import Block, BlockType
from cleaners.dates import parse_date
from cleaners.lexicon import load_lexicon, tokenize

MAX_NAME_WORDS: Final = 4
"""Words of one person's name in a byline; what is longer is a sentence."""

_DATE: Final = re.compile(
    r"\b(?:[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}\.? [^\W\d_]{3,12}\.?,? \d{4}"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}/\d{1,2}/\d{4})\b"
)
_NAME_END: Final = re.compile(r"\d|[|•·,/(–—]|\s-\s")


def byline_date(blocks: Iterable[Block], language: str | None) -> datetime | None:
    """The first date that a byline block names, naive, or `None`."""
    for block in blocks:
        if block.type is BlockType.BYLINE and (match := _DATE.search(block.text[:300])):
            moment = parse_date(match.group(), language)
            if moment is not None:
                return moment
    return None


def byline_authors(blocks: Iterable[Block]) -> list[str]:
    """The name after "by" in the first byline block that has one."""
    for block in blocks:
        if block.type is BlockType.BYLINE:
            name = _name_after_by(block.text[:300])
            if name:
                return [name]
    return []


def _name_after_by(text: str) -> str | None:
    tokens = tokenize(text)
    opening = next(
        (m for m in load_lexicon().match(tokens[:4]) if m.group == "by_words" and m.start == 0), None
    )
    if opening is None:
        return None
    rest = text.split(None, opening.length)[opening.length :]
    name = _NAME_END.split(_without_month(rest[0]) if rest else "", maxsplit=1)[0].strip(" :.-")
    return name if 1 <= len(name.split()) <= MAX_NAME_WORDS and len(name) >= 2 else None


def _without_month(text: str) -> str:
    match = _DATE.search(text)
    return text[: match.start()] if match else text
