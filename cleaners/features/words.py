"""The words of a block that weights are learned for: of names, of text, of the first link's address.

Each kind of word has a mark of its own, so that "share" in a class name and "share" in a text are two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cleaners.names import read_names, split_words
from cleaners.urls import parts_of

MAX_NAME_WORDS: Final = 24
"""Words of one element's names that are read; generated names can be endless."""

OPENING_WORDS: Final = 14
"""Words at the start of a block that are read one by one."""

CLOSING_WORDS: Final = 3
"""Words at the end of what is read of a longer block."""

EXACT_WORDS: Final = 6
"""A block of at most this many words is also one word as a whole: "share", "read more"."""

MAX_LINK_CHARS: Final = 80
"""Characters of an address's path that are read."""

MAX_LINK_WORDS: Final = 6
"""Words of an address's path that are read: the sections of a site come first."""


MAX_KINDS: Final = 8
"""Kinds that a page's metadata gives it which are read."""


_WEB: Final = frozenset({"http", "https", ""})


def inline_words(names: str) -> tuple[str, ...]:
    """The words of the names of inline elements, each once, in order."""
    return tuple(dict.fromkeys(read_names(names)[0]))[:MAX_NAME_WORDS]


def element_words(tag: str, names: str) -> tuple[str, ...]:
    """What an element says of itself: its tag, marked with "<", and the words of its names."""
    return (f"<{tag}", *inline_words(names)) if names else (f"<{tag}",)


def text_words(tokens: Sequence[str]) -> list[str]:
    """The words of a block's text, from the tokens at its start (`reading.Reading`)."""
    words = [f"t:{token}" for token in dict.fromkeys(tokens[:OPENING_WORDS])]
    if len(tokens) <= EXACT_WORDS:
        words.append("=:" + " ".join(tokens))
    if len(tokens) > OPENING_WORDS:
        words.extend(f"$:{token}" for token in tokens[-CLOSING_WORDS:])
    if len(tokens) >= 2:
        words.append(f"2:{tokens[0]} {tokens[1]}")
    return words


def link_words(href: str, host: str) -> list[str]:
    """The words of a link's address, marked."""
    return [f"a:{word}" for word in address_words(href, host)]


def address_words(href: str, host: str) -> list[str]:
    """What an address says of where it leads: a scheme other than the web's, another site ("ext") and its
    name, marked with "@", the words of the path; "#" for a place on the same page.
    """
    if href.startswith("#"):
        return ["#"]
    scheme, other, path = parts_of(href)
    words = _path_words(path)
    if other and other != host:
        words[:0] = ["ext", *(f"@{label}" for label in other.split(".")[-2:-1])]
    if scheme not in _WEB:
        words.insert(0, scheme)
    return words


def page_words(url: str | None, kinds: Sequence[str]) -> tuple[str, ...]:
    """What a page's address and metadata say of its kind: "u:collections", "k:product"."""
    words = [f"u:{word}" for word in _path_words(parts_of(url).path)]
    return (*words, *(f"k:{kind}" for kind in kinds[:MAX_KINDS]))


def _path_words(path: str) -> list[str]:
    """The first words of an address's path, each once."""
    return list(dict.fromkeys(split_words(path[:MAX_LINK_CHARS])))[:MAX_LINK_WORDS]


def host_of(url: str | None) -> str:
    """The host of a page's address, empty where there is none."""
    return parts_of(url).host
