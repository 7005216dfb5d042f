"""The few strings of a page that name something (titles, people, outlets): made alike, compared."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Final

from lxml import etree

MAX_STRING_LENGTH: Final = 2_000
"""Characters of any one value that is kept."""

MAX_TEXT_TAGS: Final = 300
"""Start and end tags inside an element that are passed in search of its text."""

_NOT_WORD: Final = re.compile(r"[\W_]+")
_NO_CHARACTER: Final = re.compile(r"&#(?:\d{9,}|[xX][0-9a-fA-F]{9,});?")  # Unicode has seven digits at most
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def repair(text: str) -> str:
    """`text` without NUL characters, as browsers read it, and with U+FFFD for lone surrogates.

    JSON can name a lone surrogate by an escape; no encoding can write it.
    """
    text = text.replace("\0", "")
    try:
        text.encode("utf-8")  # several times as fast as looking for them
    except UnicodeEncodeError:
        return _LONE_SURROGATE.sub("\ufffd", text)
    return text


def unescape(text: str) -> str:
    """`text` with its character references resolved; those of no character are left out.

    `html.unescape` raises `ValueError` where a reference has more digits than Python reads as a number.
    """
    return html.unescape(_NO_CHARACTER.sub("", text))


def clean_string(value: str | None) -> str | None:
    """`value` without entities and needless white space, cut to length; `None` when nothing is left."""
    if not value:
        return None
    # JSON-LD holds entities for want of a parser, attributes where a template escaped twice.
    text = value[: 2 * MAX_STRING_LENGTH]
    text = unescape(text) if "&" in text else text
    return repair(" ".join(text.split())[:MAX_STRING_LENGTH]) or None


def texts_in(element: etree._Element) -> Iterator[str]:
    """The pieces of text inside an element, in order, as far as its first `MAX_TEXT_TAGS` tags."""
    events = etree.iterwalk(element, ("start", "end", "comment", "pi"))
    for event, inner in itertools.islice(events, MAX_TEXT_TAGS):
        text = inner.text if event == "start" else None if inner is element else inner.tail
        if text:
            yield text


def text_of(element: etree._Element) -> str | None:
    """The cleaned text inside an element."""
    pieces: list[str] = []
    size = 0
    for piece in texts_in(element):
        pieces.append(piece)
        size += len(piece)
        if size > MAX_STRING_LENGTH:
            break
    return clean_string("".join(pieces))


def unique(values: Iterable[str]) -> list[str]:
    """Each string once, upper and lower case alike, in order."""
    found: dict[str, str] = {}
    for value in values:
        found.setdefault(value.casefold(), value)
    return list(found.values())


def squash(text: str) -> str:
    """`text` bare of case, white space and punctuation, for comparing."""
    return _NOT_WORD.sub("", text.casefold())
