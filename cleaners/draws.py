"""Random places in a list, drawn from one fixed seed as `random.Random` draws them, many at a time.

The generator's words of 32 bits are the same for every text, so they are made once; to draw is to look at
the next of them. Method: that of Python's `random` (Mersenne Twister; Box and Muller for normal deviates).
"""

from __future__ import annotations

import functools
import math
import random
from bisect import bisect_left
from typing import Final

import numpy as np
from numpy.typing import NDArray

SEED: Final = 0

WORDS: Final = 65_536
"""Words that are made. Half of them begin with a bit of 0 and so make a place in a list of any size: more
than four times what all trials of a text draw at most."""

FIRST_WORDS: Final = 320
"""Words of which the places are made at first: the trials of most texts take no more."""

GROWTH: Final = 2
"""How many times as many words are looked at where those were too few."""

_WORD_BITS: Final = 32


@functools.cache
def _words() -> NDArray[np.uint32]:
    bits = random.Random(SEED).getrandbits  # noqa: S311 -- the same draws each time are what is wanted
    return np.array([bits(_WORD_BITS) for _ in range(WORDS)], np.uint32)


class Draws:
    """The draws from the seed on, in their order, of places in a list of some size."""

    def __init__(self, size: int) -> None:
        """Stand before the first word."""
        self._size = size
        self._next = 0
        self._second: float | None = None
        self._make_places(FIRST_WORDS)

    def _make_places(self, words: int) -> None:
        """Make the places that come of the first words, and after which word each of them ends."""
        self._made = words
        places = _words()[:words] >> np.uint32(_WORD_BITS - self._size.bit_length())
        used = (places < self._size).nonzero()[0]  # a word beyond the list's end makes no place
        self._places: list[int] = places[used].tolist()
        self._ends: list[int] = (used + 1).tolist()

    def gauss(self) -> float:
        """A normal deviate of mean 0 and deviation 1; they are made in pairs."""
        deviate, self._second = self._second, None
        if deviate is None:
            angle = self._fraction() * 2 * math.pi
            radius = math.sqrt(-2.0 * math.log(1.0 - self._fraction()))
            deviate, self._second = math.cos(angle) * radius, math.sin(angle) * radius
        return deviate

    def _fraction(self) -> float:
        """A number from 0 up to 1, of 53 bits from two words."""
        high, low = _words()[self._next : self._next + 2].tolist()
        self._next += 2
        return float(((high >> 5) * 67_108_864 + (low >> 6)) / 9_007_199_254_740_992)

    def look(self, number: int) -> list[int]:
        """The next places, without drawing them: `draw` says how many of them are wanted."""
        first = bisect_left(self._ends, self._next + 1)
        while first + number > len(self._places) and self._made < WORDS:
            self._make_places(GROWTH * self._made)
        return self._places[first : first + number]

    def draw(self, number: int) -> None:
        """Go on behind so many places."""
        self._next = self._ends[bisect_left(self._ends, self._next + 1) + number - 1]
