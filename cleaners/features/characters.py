"""What a block's characters are, counted for all blocks of a page at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.arrays import Integers, integers

CLASSES: Final = (
    "other",
    "lower",
    "upper",
    "unspaced",
    "digit",
    "space",
    "comma",
    "end",
    "colon",
    "quote",
    "bracket",
    "dash",
    "bar",
    "currency",
    "symbol",
)
"""Classes of characters. "unspaced" are letters of scripts that write no spaces, "end" ends a sentence,
"bar" parts the items of menus and breadcrumbs."""

RANKS: Final = {name: rank for rank, name in enumerate(CLASSES)}

_CATEGORIES: Final = {
    "Ll": "lower", "Lo": "lower", "Lm": "lower", "Lu": "upper", "Lt": "upper", "Nd": "digit",
    "Zs": "space", "Cc": "space", "Sc": "currency", "So": "symbol", "Sm": "symbol",
}  # fmt: skip

_UNSPACED: Final = ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF))
"""First and last characters of kana, Han, Thai and Lao, Burmese, Khmer."""

_MARKS: Final = {
    "comma": ",;،、，；",
    "end": ".!?…。！？؟।",
    "colon": ":：",
    "quote": "\"'“”‘’«»„「」『』",
    "bracket": "()[]{}（）【】",
    "dash": "-–—_",
    "bar": "|/\\•·›»▸►→‹←▾▼×+>",
}

_BEYOND: Final = 0x10000
"""Stands for all characters beyond Unicode's first plane: symbols, and some rare letters."""


@lru_cache(maxsize=1)
def _class_table() -> NDArray[np.uint8]:
    """The class of each character of Unicode's first plane, and of all beyond it."""
    category = unicodedata.category
    names = [_CATEGORIES.get(category(chr(code)), "other") for code in range(_BEYOND)]
    table = np.array([*(RANKS[name] for name in names), RANKS["symbol"]], np.uint8)
    for first, last in _UNSPACED:
        letters = table[first : last + 1]
        letters[letters == RANKS["lower"]] = RANKS["unspaced"]
    for name, marks in _MARKS.items():
        table[list(map(ord, marks))] = RANKS[name]
    return table


def count_characters(texts: Sequence[str]) -> tuple[Integers, NDArray[np.uint8], NDArray[np.uint8]]:
    """Counts of each class in each text, [classes x texts], and the classes of its first and last character.

    No text may be empty.
    """
    number = len(texts)
    lengths = integers(list(map(len, texts)))
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    classes = _class_table().take(codes, mode="clip")
    cells = np.multiply(classes, number, dtype=np.int64)
    cells += np.arange(number).repeat(lengths)
    counts = np.bincount(cells, minlength=len(CLASSES) * number)
    ends = lengths.cumsum()
    return counts.reshape(len(CLASSES), number), classes[ends - lengths], classes[ends - 1]
