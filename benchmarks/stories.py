"""Made-up articles by the million: words and names as often as in newspapers, and copies among them."""

from __future__ import annotations

import random
from typing import Final

import numpy as np

WORDS: Final = 60_000
NAMES: Final = 20_000
SENTENCE: Final = 20
PARAGRAPH: Final = 80
NAME_SHARE: Final = 0.06
NUMBER_SHARE: Final = 0.02
COPY_EVERY: Final = 10
"""One article in so many is a copy of an earlier one."""

_SYLLABLES: Final = (
    "ba",
    "ke",
    "lo",
    "mi",
    "tu",
    "ran",
    "ser",
    "dol",
    "fi",
    "gan",
    "hor",
    "el",
    "pra",
    "sto",
    "ver",
)


class StoryMaker:
    """Makes articles of a length by their numbers; the same number gives the same article."""

    def __init__(self, words: int) -> None:
        """Make a vocabulary."""
        draw = random.Random(2)  # noqa: S311 - words are no secret
        self._length = words
        self._words = ["".join(draw.choices(_SYLLABLES, k=draw.randint(1, 4))) for _ in range(WORDS)]
        self._names = [word.capitalize() for word in self._words[:NAMES]]
        self._often = _zipf(WORDS, 2.0, 1.0)
        self._named = _zipf(NAMES, 5.0, 0.8)

    def story(self, number: int) -> str:
        """The text of an article; every tenth is a copy: word for word, edited, or a part."""
        if number % COPY_EVERY or not number:
            return " ".join(self._tokens(number)).replace("\n\n ", "\n\n")
        draw = random.Random(number)  # noqa: S311 - neither is this
        tokens = self._tokens(draw.randrange(number // COPY_EVERY) * COPY_EVERY + 1)
        kind = draw.randrange(3)
        if kind == 1:
            for place in draw.sample(range(len(tokens)), len(tokens) // 25):
                tokens[place] = "changed"
        if kind == 2:
            tokens = tokens[: len(tokens) // 3]
        return " ".join(tokens).replace("\n\n ", "\n\n")

    def _tokens(self, number: int) -> list[str]:
        draw = np.random.default_rng(number)
        words = np.searchsorted(self._often, draw.random(self._length))
        names = np.searchsorted(self._named, draw.random(self._length))
        which, digits = draw.random(self._length), draw.integers(10, 9_999, self._length)
        tokens = []
        for place in range(self._length):
            if which[place] < NAME_SHARE and place % SENTENCE:
                token = self._names[names[place]]
            elif which[place] < NAME_SHARE + NUMBER_SHARE:
                token = str(digits[place])
            else:
                token = self._words[words[place]]
            tokens.append(_set(token, place))
        return tokens


def _set(token: str, place: int) -> str:
    """A word as it stands in its sentence."""
    if place % SENTENCE == 0:
        token = token.capitalize()
    if place % SENTENCE == SENTENCE - 1:
        token += "."
    return token + "\n\n" if place % PARAGRAPH == PARAGRAPH - 1 else token


def _zipf(size: int, offset: float, exponent: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Cumulated shares of words by their rank (Zipf and Mandelbrot)."""
    shares = 1 / (np.arange(size) + offset) ** exponent
    cumulated: np.ndarray[tuple[int], np.dtype[np.float64]] = np.cumsum(shares / shares.sum())
    cumulated[-1] = 1.0
    return cumulated
