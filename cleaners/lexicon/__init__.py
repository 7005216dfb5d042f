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
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources
from typing import Final

from cleaners.article import BlockType
from cleaners.lexicon.matching import Lexicon, Match
from cleaners.lexicon.tokens import MAX_PHRASE_TOKENS, MAX_UNSPACED_TOKENS, tokenize

__all__ = [
    "LANGUAGES",
    "MAX_PHRASE_TOKENS",
    "MAX_UNSPACED_TOKENS",
    "STRENGTHS",
    "TYPED_GROUPS",
    "WORD_GROUPS",
    "Lexicon",
    "Match",
    "load_lexicon",
    "read_phrases",
    "tokenize",
]

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
