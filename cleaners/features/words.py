"""The words of a block that weights are learned for: of names, of text, of the first link's address.

Each kind of word has a mark of its own, so that "share" in a class name and "share" in a text are two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from cleaners.urls import parts_of

_NAME_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")

MAX_NAME_WORDS: Final = 24
"""Words of one element's names that are read; generated names can be endless."""

OPENING_WORDS: Final = 14
"""Words at the start of a block that are read one by one."""

CLOSING_WORDS: Final = 3
"""Words at the end of what is read of a longer block."""

EXACT_WORDS: Final = 6
"""A block of at most this many words is also one word as a whole: "share", "read more"."""

MAX_LINK_CHARS: Final = 80
MAX_LINK_WORDS: Final = 6
MAX_KINDS: Final = 8


@lru_cache(maxsize=20_000)
def split_names(names: str) -> tuple[str, ...]:
    """The words of an element's class, id and role names, each once, in order, in lower case."""
    words = (word.lower() for word in _NAME_WORDS.findall(names))
    return tuple(dict.fromkeys(words))[:MAX_NAME_WORDS]


def element_words(tag: str, names: str) -> tuple[str, ...]:
    """What an element says of itself: its tag, marked with "<", and the words of its names."""
    return (f"<{tag}", *split_names(names)) if names else (f"<{tag}",)


def text_words(tokens: list[str]) -> list[str]:
    """The words of a block's text, from the tokens at its start (`wording.read_wording`)."""
    words = [f"t:{token}" for token in dict.fromkeys(tokens[:OPENING_WORDS])]
    if len(tokens) <= EXACT_WORDS:
        words.append("=:" + " ".join(tokens))
    if len(tokens) > OPENING_WORDS:
        words.extend(f"$:{token}" for token in tokens[-CLOSING_WORDS:])
    if len(tokens) >= 2:
        words.append(f"2:{tokens[0]} {tokens[1]}")
    return words


def link_words(href: str, host: str) -> list[str]:
    """The words of a link's address: scheme, other site and its name, words of the path."""
    if href.startswith("#"):
        return ["a:#"]
    parts = parts_of(href)
    words: list[str] = []
    if parts.scheme not in ("http", "https", ""):
        words.append(f"a:{parts.scheme}")
    if parts.host and parts.host != host:
        words.append("a:ext")
        words.extend(f"a:@{label}" for label in parts.host.split(".")[-2:-1])
    words.extend(f"a:{word}" for word in split_names(parts.path[:MAX_LINK_CHARS])[:MAX_LINK_WORDS])
    return words


def host_of(url: str | None) -> str:
    """The host of a page's address, empty where there is none."""
    return parts_of(url).host


def page_words(url: str | None, kinds: Sequence[str]) -> tuple[str, ...]:
    """What a page's address and metadata say of its kind: "u:collections", "k:product"."""
    words = [f"u:{word}" for word in split_names(parts_of(url).path[:MAX_LINK_CHARS])[:MAX_LINK_WORDS]]
    return (*words, *(f"k:{kind}" for kind in kinds[:MAX_KINDS]))
