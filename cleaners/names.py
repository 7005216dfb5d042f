"""What class, id and role names of elements say about the text inside them.

The vocabulary (`names.json`) is the web's own: theme and plugin authors call things what they are. A
name is split into its words ("relatedPosts", "post-related-items") and each word, or pair of words,
looked up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import chain
from string import ascii_letters
from typing import Final, TypeAlias

from cleaners.article import BlockType

MAX_REMEMBERED: Final = 2_000
"""Different names that are kept, read: sites repeat theirs on every page, which has 250 on average."""

_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_LETTERS: Final = bytes(code if chr(code) in ascii_letters else 0x20 for code in range(256))
"""Letters, and spaces for everything else."""


@dataclass(frozen=True, slots=True)
class NameHint:
    """The type that an element's names speak for, and the word that says so.

    A `weak` word is also used for an article's own parts or for whole pages: it decides only for short
    text.
    """

    type: BlockType
    word: str
    weak: bool


NameReading: TypeAlias = tuple[list[str], NameHint | None]
"""The words of an element's names, in order, in lower case; and the type they speak for."""

_Ranked: TypeAlias = tuple[int, str, NameHint]
"""A hint behind the rank of its type and its word, by which the most telling one is found."""


class _Vocabulary:
    """The words, and the pairs by their first word."""

    def __init__(self, types: Mapping[str, list[str]], weak: frozenset[str]) -> None:
        self.single: dict[str, _Ranked] = {}
        self.pairs: dict[str, list[tuple[str, _Ranked]]] = {}
        for rank, (kind, entries) in enumerate(types.items()):
            for entry in entries:
                ranked = (rank, entry, NameHint(BlockType(kind), entry, entry in weak))
                first, _, second = entry.partition(" ")
                if second:
                    self.pairs.setdefault(first, []).append((second, ranked))
                else:
                    self.single[first] = ranked
        self.telling = frozenset(self.single) | frozenset(self.pairs)


@lru_cache(maxsize=1)
def _vocabulary() -> _Vocabulary:
    data = json.loads(resources.files("cleaners").joinpath("names.json").read_text(encoding="utf-8"))
    return _Vocabulary(data["types"], frozenset(data["weak"]))


def split_words(names: str) -> list[str]:
    """The words of names or of an address, in order, in lower case: "relatedPosts" has two."""
    words = names.encode("ascii", "replace").translate(_LETTERS).decode("ascii").split()
    return words if names == names.lower() else list(chain.from_iterable(map(_split_humps, words)))


def _split_humps(letters: str) -> list[str]:
    """The words of a run of letters, each with one capital at its beginning or of capitals alone."""
    if letters.islower():
        return [letters]
    return [letters.lower()] if letters.istitle() else " ".join(_WORDS.findall(letters)).lower().split()


@lru_cache(maxsize=MAX_REMEMBERED)
def read_names(names: str) -> NameReading:
    """The words of the class, id and role names of one element, and what they say. Not to be changed."""
    words = split_words(names)
    telling = _vocabulary().telling.intersection(words)
    return words, _most_telling(telling, words) if telling else None


def _most_telling(telling: frozenset[str], words: list[str]) -> NameHint | None:
    vocabulary = _vocabulary()
    found: list[_Ranked] = []
    for word in telling:
        if word in vocabulary.single:
            found.append(vocabulary.single[word])
        if word in vocabulary.pairs:
            found.extend(ranked for second, ranked in vocabulary.pairs[word] if second in words)
    return min(found)[2] if found else None
