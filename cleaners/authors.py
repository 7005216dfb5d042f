"""The names of people and desks in an author field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from cleaners.strings import clean_string, unique

MAX_AUTHORS: Final = 30
"""Names that are kept; longer lists are a site's whole staff."""

_LABEL: Final = re.compile(
    r"(?:(?:written|posted|published|words|story|text|(?:view )?(?:all|more) posts) by|by"
    r"|(?:authors?|autore?|autor(?:in)?|auteur|автор)\s?:"
    r"|(?:von|par|por|door)(?=\s+\S+\s+\S))\s*:?\s+",
    re.IGNORECASE,
)
_SURE_BREAK: Final = re.compile(r"\s?[;|]\s?")
_BREAK: Final = re.compile(r",\s+(?:and\s+|und\s+|et\s+)?|\s+(?:and|&|und|et|y|oraz|og|och|и|та)\s+")
_PARTICLES: Final = frozenset(
    {"al", "bin", "da", "dal", "de", "del", "den", "der", "di", "dos", "du", "el", "la", "le", "ten", "ter"}
    | {"van", "von", "zu"}
)
_NO_NAME: Final = re.compile(r"https?:|www\.|[@{}<>\[\]\\]|^/|^\W*$|^\d+$", re.IGNORECASE)
_NOBODY: Final = frozenset(
    {"view all posts", "view more posts", "false", "n/a", "none", "null", "true", "undefined", "unknown"}
)


def first_authors(*sources: Iterable[str]) -> list[str]:
    """The names of the first source that has any."""
    for source in sources:
        names = unique(name for value in source for name in split_authors(value))
        if names:
            return names[:MAX_AUTHORS]
    return []


def split_authors(value: str) -> list[str]:
    """The names in one author field: labels off, several names parted where both sides are names."""
    names: list[str] = []
    for part in _SURE_BREAK.split(clean_string(value) or ""):
        text = _LABEL.sub("", part, count=1) if _LABEL.match(part) else part
        pieces = [piece.strip(" ,") for piece in _BREAK.split(text)]
        names.extend(pieces if len(pieces) > 1 and all(map(_is_full_name, pieces)) else [text.strip(" ,")])
    return [name for name in names if _may_be_name(name)]


def _is_full_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 5 and all(word[0].isupper() or word in _PARTICLES for word in words)


def _may_be_name(name: str) -> bool:
    return (
        1 < len(name) <= 120
        and len(name.split()) <= 12
        and not _NO_NAME.search(name)
        and name.casefold() not in _NOBODY
        and (" " in name or name.count(".") < 2)  # "page.author.name" is a hole in a template
    )
