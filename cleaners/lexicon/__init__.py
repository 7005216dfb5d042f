"""Phrases that tell what a piece of a page is, in ten languages, and a fast matcher for them.

The phrases are data: one `<language>.json` for each language, `{"language": …, "phrases": {group:
[phrase, …]}}`, in lower case, the words parted by single spaces. A group is a block type with one of
four strengths, or one of a few word lists:

- `<type>`: a short block (about twelve words at most) that holds the phrase is nearly surely of the type;
- `<type>_weak`: supports the type beside other evidence, or when the block is the phrase and nothing else;
- `<type>_heading`: opens a group of blocks of that type ("related posts");
- `<type>_closing`: a small line that ends such a group ("unsubscribe at any time");
- `source_label`: names a source when it opens a short line and a colon follows;
- `picture_label`: names a picture's maker when a colon or copyright mark follows;
- `months`, `weekdays`, `by_words`, `pronoun_we`, `money_words`: words that support a byline or a plea.

A phrase stands in one group of a language only. Pages mix languages, so all languages are matched at
once unless the caller asks for some; word lists of different languages overlap ("may" is a month and a
verb, "set" a month in Italian), so `Match.language` tells whose phrase it was.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

from cleaners.article import BlockType

LANGUAGES: Final = ("en", "de", "es", "fr", "it", "nl", "pl", "pt", "ru", "uk")
"""Languages with phrases, in the order in which a phrase that several of them share is credited."""

STRENGTHS: Final = ("", "_weak", "_heading", "_closing")
"""Endings of a type's group names; see the module's description."""

TYPED_GROUPS: Final = frozenset(
    block_type.value + strength
    for block_type in BlockType
    if block_type not in (BlockType.TITLE, BlockType.BODY)
    for strength in STRENGTHS
)
"""Groups that speak for a block type. Titles and body text have no telling phrases."""

WORD_GROUPS: Final = frozenset(
    {"source_label", "picture_label", "months", "weekdays", "by_words", "pronoun_we", "money_words"}
)
"""Groups that only list words."""

MAX_PHRASE_TOKENS: Final = 7
"""The longest phrase allowed in the data."""

_TOKEN: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u2032\uff07\u0060\u00b4", "'"))
_SOFT_HYPHEN: Final = "\u00ad"


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found in a token sequence: `tokens[start : start + length]` is the phrase."""

    group: str
    phrase: str
    language: str
    start: int
    length: int


class _Node:
    """One token of the phrase trie: the tokens that may follow, and the phrases that end here."""

    __slots__ = ("ends", "length", "next", "phrase")

    def __init__(self, phrase: str, length: int) -> None:
        self.next: dict[str, _Node] = {}
        self.ends: tuple[tuple[str, str], ...] = ()
        self.phrase = phrase
        self.length = length


class Lexicon:
    """The phrases of some languages, ready for matching. It does not change once made."""

    __slots__ = ("_roots", "languages")

    def __init__(self, phrases: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
        """Take phrases by language and group; earlier languages are credited with shared phrases."""
        self.languages: tuple[str, ...] = tuple(phrases)
        self._roots: dict[str, _Node] = {}
        for language, groups in phrases.items():
            for group, members in groups.items():
                for phrase in members:
                    self._add(language, group, phrase)

    def _add(self, language: str, group: str, phrase: str) -> None:
        words = phrase.split(" ")
        level = self._roots
        for count, word in enumerate(words, 1):
            node = level.get(word) or _Node(" ".join(words[:count]), count)
            level[word] = node
            level = node.next
        if all(known != group for known, _ in node.ends):
            node.ends = (*node.ends, (group, language))

    def match(self, tokens: Sequence[str]) -> list[Match]:
        """All phrases in `tokens`, by position, the longest first at each.

        Matches may overlap. A phrase that stands in different groups in different languages gives a
        match for each group; one that stands in the same group of several languages gives one match,
        credited to the first of them.
        """
        matches: list[Match] = []
        root = self._roots.get
        count = len(tokens)
        for start, token in enumerate(tokens):
            node = root(token)
            if node is None:
                continue
            found: list[_Node] = [node] if node.ends else []
            position = start + 1
            while position < count and (node := node.next.get(tokens[position])) is not None:
                if node.ends:
                    found.append(node)
                position += 1
            for end in reversed(found):
                for group, language in end.ends:
                    matches.append(Match(group, end.phrase, language, start, end.length))
        return matches


def tokenize(text: str) -> list[str]:
    """The words of `text` as the phrases write them: lower case, composed, with plain apostrophes."""
    if not text.isascii():
        if _SOFT_HYPHEN in text:
            text = text.replace(_SOFT_HYPHEN, "")
        text = unicodedata.normalize("NFC", text).translate(_APOSTROPHES)
    return _TOKEN.findall(text.lower())


def read_phrases(language: str) -> dict[str, list[str]]:
    """The phrases of one language by group, as its data file has them."""
    if language not in LANGUAGES:
        raise ValueError(f"no phrases for language {language!r}; known are {', '.join(LANGUAGES)}")
    text = resources.files(__name__).joinpath(f"{language}.json").read_text(encoding="utf-8")
    phrases: dict[str, list[str]] = json.loads(text)["phrases"]
    return phrases


def load_lexicon(languages: Iterable[str] | None = None) -> Lexicon:
    """The lexicon of some languages (ISO codes), of all by default. Each choice is built only once."""
    wanted = LANGUAGES if languages is None else tuple(languages)
    for language in wanted:
        if language not in LANGUAGES:
            raise ValueError(f"no phrases for language {language!r}; known are {', '.join(LANGUAGES)}")
    return _build(tuple(language for language in LANGUAGES if language in wanted))


@lru_cache(maxsize=64)
def _build(languages: tuple[str, ...]) -> Lexicon:
    return Lexicon({language: read_phrases(language) for language in languages})
