"""What a block's characters are, counted for all blocks of a page at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

MAX_COUNTED_CHARS: Final = 400
"""Characters of a block that are counted: its first lines show what it is."""

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

_MARKS: Final = {
    "comma": ",;،、，；",
    "end": ".!?…。！？؟।",
    "colon": ":：",
    "quote": "\"'“”‘’«»„「」『』",
    "bracket": "()[]{}（）【】",
    "dash": "-–—_",
    "bar": "|/\\•·›»▸►→‹←▾▼×+>",
}


@lru_cache(maxsize=1)
def _class_table() -> NDArray[np.uint8]:
    """The class of each character of Unicode's first plane; all beyond it are symbols or rare letters."""
    ranks = {name: rank for rank, name in enumerate(CLASSES)}
    by_category = {"Ll": "lower", "Lo": "lower", "Lm": "lower", "Lu": "upper", "Lt": "upper", "Nd": "digit"}
    by_category |= {"Zs": "space", "Cc": "space", "Sc": "currency", "So": "symbol", "Sm": "symbol"}
    category = unicodedata.category
    table = np.array(
        [ranks[by_category.get(category(chr(code)), "other")] for code in range(0x10000)], np.uint8
    )
    for first, last in (
        (0x3040, 0x30FF),
        (0x3400, 0x9FFF),
        (0x0E00, 0x0EFF),
        (0x1000, 0x109F),
        (0x1780, 0x17FF),
    ):
        table[first : last + 1] = np.where(
            table[first : last + 1] == ranks["lower"], ranks["unspaced"], table[first : last + 1]
        )
    for name, marks in _MARKS.items():
        for mark in marks:
            table[ord(mark)] = ranks[name]
    return table


def count_characters(texts: Sequence[str]) -> tuple[Integers, Integers, Integers]:
    """Counts of each class in the first characters of each text, [texts x classes], and the classes of
    its first and its last counted character."""
    pieces = [text[:MAX_COUNTED_CHARS] for text in texts]
    lengths = np.fromiter(map(len, pieces), np.int64, len(pieces))
    codes = np.frombuffer("".join(pieces).encode("utf-32-le", "surrogatepass"), np.uint32)
    classes = _class_table()[np.minimum(codes, 0xFFFF)].astype(np.int64)
    classes[codes > 0xFFFF] = CLASSES.index("symbol")
    owner = np.repeat(np.arange(len(pieces)) * len(CLASSES), lengths)
    counts = np.bincount(owner + classes, minlength=len(pieces) * len(CLASSES))
    ends = np.cumsum(lengths)
    return counts.reshape(len(pieces), len(CLASSES)), classes[ends - lengths], classes[ends - 1]
