"""The beginnings of blocks as words, and the lexicon's phrases in them: read once, for rules and features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cleaners.lexicon import Lexicon, Match, load_lexicon, tokenize

MAX_READ_CHARS: Final = 400
"""Characters of a block that are read for words: what gives a long block away stands at its start."""

MAX_READ_TOKENS: Final = 48
"""Words of a block that are read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The first words of each block, and the phrases found in them, one list a block."""

    tokens: list[list[str]]
    matches: list[list[Match]]


def read_beginnings(texts: Sequence[str], lexicon: Lexicon | None = None) -> Reading:
    """Read the beginning of every text, with the phrases of all languages unless told otherwise."""
    match = (lexicon or load_lexicon()).match
    tokens = [tokenize(text[:MAX_READ_CHARS])[:MAX_READ_TOKENS] for text in texts]
    return Reading(tokens, [match(read) for read in tokens])
