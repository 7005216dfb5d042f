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
from typing import Final

from cleaners.article import BlockType

_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


@dataclass(frozen=True, slots=True)
class NameHint:
    """The type that an element's names speak for, and the word that says so.

    A `weak` word is also used for an article's own parts or for whole pages: it decides only for short
    text.
    """

    type: BlockType
    word: str
    weak: bool


class _Vocabulary:
    """The words, and the pairs by their first word, each with the rank of its type."""

    def __init__(self, types: Mapping[str, list[str]], weak: frozenset[str]) -> None:
        self.single: dict[str, tuple[int, NameHint]] = {}
        self.pairs: dict[str, list[tuple[str, int, NameHint]]] = {}
        for rank, (kind, entries) in enumerate(types.items()):
            for entry in entries:
                hint = NameHint(BlockType(kind), entry, entry in weak)
                first, _, second = entry.partition(" ")
                if second:
                    self.pairs.setdefault(first, []).append((second, rank, hint))
                else:
                    self.single[first] = (rank, hint)


@lru_cache(maxsize=1)
def _vocabulary() -> _Vocabulary:
    data = json.loads(resources.files("cleaners").joinpath("names.json").read_text(encoding="utf-8"))
    return _Vocabulary(data["types"], frozenset(data["weak"]))


@lru_cache(maxsize=50_000)
def hint_of(names: str) -> NameHint | None:
    """The type that the class, id and role names of one element speak for, or `None`."""
    words = {word.lower() for word in _WORDS.findall(names)}
    if not words:
        return None
    vocabulary = _vocabulary()
    found = [vocabulary.single[word] for word in words if word in vocabulary.single]
    for word in words:
        found += [(rank, hint) for second, rank, hint in vocabulary.pairs.get(word, ()) if second in words]
    return min(found, key=lambda entry: (entry[0], entry[1].word))[1] if found else None
