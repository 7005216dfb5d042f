"""What blocks say: the lexicon's phrases in them, stop words, dates, addresses."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, chain
from typing import Final

import numpy as np
from justext import get_stoplist

from cleaners.arrays import Doubles, Floats, Integers, integers
from cleaners.classifier import Document
from cleaners.features.characters import RANKS
from cleaners.features.columns import Columns
from cleaners.features.shape import Shape
from cleaners.language_tags import language_of
from cleaners.reading import GROUPS, RANK_OF_GROUP, Reading

SEARCHED_CHARS: Final = 200
"""Characters of a block in which dates, marks and addresses are searched."""

COLUMNS: Final = (
    *(f"phrase:{group}" for group in GROUPS),
    *("read tokens", "stop words", "date", "time", "year", "copyright mark", "address", "ago"),
)

_NUMBERS: Final = ("date", "time", "year", "ago")
_NUMBER: Final = re.compile(
    r"""\d(?<!\w\d)
    (?=(\d?[./-]\d{1,2}[./-]\d{2,4}\b|\d{3}[./-]\d{1,2}[./-]\d{1,2}\b)?)
    (?=(\d?[:.h]\d\d\b)?)
    (?=((?:(?<=1)9|(?<=2)0)\d\d\b)?)
    (?=(\d*\s?(?i:min|h|d|hrs?|days?|hours?|mins?|minutes?|m)\b)?)
    (?(1)|(?(2)|(?(3)|(?(4)|(?!)))))""",
    re.VERBOSE,
)
"""Which of `_NUMBERS` stand at the first digit of a word, a group each. To look back for the word's beginning
from its first character lets the search skip all other characters, which is several times as fast."""

_DAY: Final = re.compile(r"\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]")
_COPYRIGHT: Final = ("©", "®", "(c)", "(C)")
_ADDRESS: Final = re.compile(r"@|https?:|www\.|\b[a-z0-9-]+\.(?:com|org|net|co|de|fr|io|info)\b", re.I)
_MAYBE_ADDRESS: Final = re.compile(
    r"[@:.](?:(?<=@)|(?<=[sp]:)|(?<=w\.)|(?<=\.)(?:com|org|net|co|de|fr|io|info)\b)", re.I
)
"""Matches in every text in which `_ADDRESS` does, and is looked for in a tenth of the time."""

_PARTING: Final = "\0"
"""Stands between texts that are searched as one: none of the patterns can pass it."""


def add_wording(columns: Columns, document: Document, reading: Reading, shape: Shape) -> None:
    """Phrases, stop words, marks and dates, a column each."""
    phrases = columns.group(f"phrase:{GROUPS[0]}", len(GROUPS))
    sizes = integers(list(map(len, reading.tokens)))
    _fill_cover(phrases, reading, sizes)
    columns["read tokens"] = sizes
    columns["stop words"] = _stop_shares(document, reading.tokens, sizes)
    _add_patterns(columns, shape, [head[:SEARCHED_CHARS] for head in reading.heads])


def _fill_cover(cover: Floats, reading: Reading, sizes: Integers) -> None:
    """Share of each block's first words that phrases of each group cover, [groups x blocks]."""
    matches = list(chain.from_iterable(reading.matches))
    if not matches:
        return
    block = np.arange(len(sizes)).repeat(list(map(len, reading.matches)))
    group = integers([RANK_OF_GROUP[match[0]] for match in matches])
    length = integers([match[4] for match in matches])
    np.add.at(cover.reshape(-1), group * len(sizes) + block, (length / sizes[block]).astype(np.float32))
    np.minimum(cover, 1, out=cover)


def _stop_shares(document: Document, tokens: Sequence[Sequence[str]], sizes: Integers) -> Doubles:
    """Share of stop words among the tokens; -1 where there is no stop list for the page's language."""
    stop = _stop_words(document.language)
    if stop is None:
        return np.full(len(tokens), -1, np.float64)
    found = np.fromiter(map(stop.__contains__, chain.from_iterable(tokens)), np.bool_, int(sizes.sum()))
    owner = np.arange(len(tokens)).repeat(sizes)
    shares: Doubles = np.bincount(owner[found], minlength=len(tokens)) / np.maximum(1, sizes)
    return shares


def _add_patterns(columns: Columns, shape: Shape, texts: Sequence[str]) -> None:
    """Which blocks hold dates, times, marks and addresses. They are searched as one text."""
    page = _Joined(texts)
    marks = [at for mark in _COPYRIGHT if mark in page.text for at in _places(page.text, mark)]
    columns.tick("copyright mark", page.holding(marks))
    likely = page.holding([match.start() for match in _MAYBE_ADDRESS.finditer(page.text)])
    columns.tick("address", [block for block in likely if _ADDRESS.search(texts[block])])
    # Digits beyond Unicode's first plane are counted as symbols.
    with_digits = (shape.counts[RANKS["digit"]] + shape.counts[RANKS["symbol"]]).nonzero()[0].tolist()
    if not with_digits:
        return
    numbers = _Joined(texts, with_digits)
    spans = [match.regs for match in _NUMBER.finditer(numbers.text)]
    for rank, name in enumerate(_NUMBERS, 1):
        columns.tick(name, numbers.holding([span[0][0] for span in spans if span[rank][0] >= 0]))
    if "月" in numbers.text or "월" in numbers.text:
        days = [match.start() for match in _DAY.finditer(numbers.text)]
        columns.tick("date", numbers.holding(days))


def _places(text: str, mark: str) -> Iterator[int]:
    """Where a mark stands in the text."""
    place = text.find(mark)
    while place >= 0:
        yield place
        place = text.find(mark, place + 1)


class _Joined:
    """The beginnings of some blocks, all of them by default, as one text."""

    def __init__(self, texts: Sequence[str], blocks: Sequence[int] | None = None) -> None:
        joined = texts if blocks is None else [texts[block] for block in blocks]
        self.text = _PARTING.join(joined)
        self._blocks = range(len(texts)) if blocks is None else blocks
        self._ends = list(accumulate(len(text) + 1 for text in joined))

    def holding(self, places: Sequence[int]) -> list[int]:
        """Which of the page's blocks these places of the text are in."""
        held = dict.fromkeys([bisect_right(self._ends, place) for place in places])
        return [self._blocks[block] for block in held]


_STOP_LISTS: Final = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "pl": "Polish", "it": "Italian",
    "pt": "Portuguese", "nl": "Dutch", "ru": "Russian", "uk": "Ukrainian", "cs": "Czech", "sv": "Swedish",
    "no": "Norwegian_Bokmal", "nb": "Norwegian_Bokmal", "da": "Danish", "fi": "Finnish", "tr": "Turkish",
    "ro": "Romanian", "hu": "Hungarian", "el": "Greek", "ar": "Arabic", "hi": "Hindi", "id": "Indonesian",
    "vi": "Vietnamese", "bg": "Bulgarian", "hr": "Croatian", "sr": "Serbian", "sk": "Slovak",
    "sl": "Slovenian", "ca": "Catalan", "et": "Estonian", "lv": "Latvian", "lt": "Lithuanian",
}  # fmt: skip


@lru_cache(maxsize=64)
def _stop_words(language: str | None) -> frozenset[str] | None:
    name = _STOP_LISTS.get(language_of(language) or "")
    return frozenset(word.lower() for word in get_stoplist(name)) if name else None
