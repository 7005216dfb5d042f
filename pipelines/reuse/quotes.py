"""What two stories quote alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pipelines.reuse.shingles import words_of

MIN_WORDS: Final = 4
"""Words of a quote that two stories can share: shorter ones are sayings, titles and irony."""

MAX_CHARACTERS: Final = 600
"""Characters of a quote; what is longer was not closed."""

_QUOTE: Final = re.compile(
    rf"“([^“”]{{1,{MAX_CHARACTERS}}})”|„([^„“”]{{1,{MAX_CHARACTERS}}})[“”]|«([^«»]{{1,{MAX_CHARACTERS}}})»"
    rf"|»([^«»]{{1,{MAX_CHARACTERS}}})«|「([^「」]{{1,{MAX_CHARACTERS}}})」|\"([^\"]{{1,{MAX_CHARACTERS}}})\""
)


def shared_quotes(later: Iterable[str], earlier: Iterable[str]) -> tuple[str, ...]:
    """The quotes of the later story that the earlier one has in the same words, in their order."""
    there = {words for words, _ in _quotes(earlier)}
    shared = {words: quote for words, quote in reversed(list(_quotes(later))) if words in there}
    return tuple(reversed(shared.values()))


def _quotes(paragraphs: Iterable[str]) -> Iterable[tuple[tuple[str, ...], str]]:
    for paragraph in paragraphs:
        for found in _QUOTE.finditer(paragraph):
            quote = found[found.lastindex or 0]
            words = tuple(words_of(quote))
            if len(words) >= MIN_WORDS:
                yield words, quote
