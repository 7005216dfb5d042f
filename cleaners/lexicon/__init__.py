"""Phrases that tell what a piece of a page is, in many languages, and a fast matcher for them.

The phrases are data: one `<language>.json` for each language, `{"language": …, "phrases": {group:
[phrase, …]}}`, in lower case, the words parted by single spaces, Chinese and Japanese without spaces. A
group is a block type with one of four strengths, or one of a few word lists:

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
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from cleaners.lexicon.extension import LexiconError, read_extensions
from cleaners.lexicon.groups import STRENGTHS, TYPED_GROUPS, WORD_GROUPS
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
    "LexiconError",
    "Match",
    "load_lexicon",
    "read_phrases",
    "tokenize",
]

LANGUAGES: Final = (
    *("en", "de", "es", "fr", "it", "nl", "pl", "pt", "ru", "uk"),
    *("ar", "cs", "da", "el", "fi", "he", "hi", "hu", "id", "ja", "ko", "no", "ro", "sv", "tr", "vi", "zh"),
)
"""Languages with phrases, in the order in which a phrase that several of them share is credited: first
those in which most pages are written."""


def read_phrases(language: str) -> dict[str, list[str]]:
    """The phrases of one built-in language by group, as its data file has them."""
    _check_known([language], LANGUAGES)
    text = resources.files(__name__).joinpath(f"{language}.json").read_text(encoding="utf-8")
    phrases: dict[str, list[str]] = json.loads(text)["phrases"]
    return phrases


def load_lexicon(languages: Iterable[str] | None = None, *, extra: Sequence[Traversable] = ()) -> Lexicon:
    """The lexicon of some languages (ISO codes), of all by default. Each choice is built only once.

    `extra` names files, or folders of files, with phrases to add or to remove, as `pathlib.Path` or what
    else can be read that way. They may bring languages of their own. They are read when a choice is
    first built. A file that cannot be used raises `LexiconError`.
    """
    wanted = None if languages is None else frozenset(languages)
    if extra:
        return _build_extended(wanted, tuple(extra))
    _check_known(wanted or (), LANGUAGES)
    return _build(tuple(language for language in LANGUAGES if wanted is None or language in wanted))


@lru_cache(maxsize=64)
def _build(languages: tuple[str, ...]) -> Lexicon:
    return Lexicon({language: read_phrases(language) for language in languages})


@lru_cache(maxsize=16)
def _build_extended(wanted: frozenset[str] | None, extra: tuple[Traversable, ...]) -> Lexicon:
    extensions = read_extensions(extra)
    known = (*LANGUAGES, *sorted({extension.language for extension in extensions} - set(LANGUAGES)))
    _check_known(wanted or (), known)
    phrases = {
        language: read_phrases(language) if language in LANGUAGES else {}
        for language in known
        if wanted is None or language in wanted
    }
    for extension in extensions:
        if extension.language in phrases:
            extension.apply(phrases[extension.language])
    return Lexicon(phrases)


def _check_known(languages: Iterable[str], known: Sequence[str]) -> None:
    for language in sorted(languages):
        if language not in known:
            raise ValueError(f"no phrases for language {language!r}; known are {', '.join(known)}")
