"""What blocks say: their words, the lexicon's phrases in them, stop words, dates, addresses."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import numpy as np
from justext import get_stoplist

from cleaners.article import BlockType
from cleaners.classifier import Document
from cleaners.features.columns import Columns, Floats
from cleaners.lexicon import STRENGTHS, WORD_GROUPS
from cleaners.reading import Reading

PHRASE_TYPES: Final = tuple(kind for kind in BlockType if kind not in (BlockType.TITLE, BlockType.BODY))
PHRASE_COLUMNS: Final = tuple(
    f"{kind.value}{strength}" for kind in PHRASE_TYPES for strength in STRENGTHS
) + tuple(sorted(WORD_GROUPS))

_COLUMN_OF: Final = {name: rank for rank, name in enumerate(PHRASE_COLUMNS)}

_DATE: Final = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}[./-]\d{1,2}[./-]\d{1,2}\b|\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
)
_TIME: Final = re.compile(r"\b\d{1,2}[:.h]\d{2}\b")
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_COPYRIGHT: Final = re.compile(r"[©®]|\(c\)", re.I)
_ADDRESS: Final = re.compile(r"@|https?:|www\.|\b[a-z0-9-]+\.(?:com|org|net|co|de|fr|io|info)\b", re.I)
_AGO: Final = re.compile(r"\b\d+\s?(?:min|h|d|hrs?|days?|hours?|mins?|minutes?|m)\b", re.I)


def phrase_cover(reading: Reading) -> Floats:
    """Share of each block's first words that phrases of each group cover, [blocks x PHRASE_COLUMNS]."""
    rows, width = len(reading.tokens), len(PHRASE_COLUMNS)
    cells: list[int] = []
    lengths: list[int] = []
    for block, matches in enumerate(reading.matches):
        for match in matches:
            cells.append(block * width + _COLUMN_OF[match.group])
            lengths.append(match.length)
    covered = np.bincount(cells, weights=lengths, minlength=rows * width).reshape(rows, width)
    counts = np.fromiter(map(len, reading.tokens), np.float32, rows)
    result: Floats = np.minimum(1.0, covered / np.maximum(1.0, counts)[:, None]).astype(np.float32)
    return result


def add_wording(columns: Columns, document: Document, reading: Reading) -> None:
    """Phrases, stop words, marks and dates, a column each."""
    columns.add_all("phrase:", PHRASE_COLUMNS, phrase_cover(reading))
    columns.add("read tokens", [len(read) for read in reading.tokens])
    columns.add("stop words", _stop_shares(document, reading.tokens))
    for name, pattern in (
        ("date", _DATE),
        ("time", _TIME),
        ("year", _YEAR),
        ("copyright mark", _COPYRIGHT),
        ("address", _ADDRESS),
        ("ago", _AGO),
    ):
        columns.add(name, [pattern.search(text[:200]) is not None for text in document.segments.text])


def _stop_shares(document: Document, tokens: list[list[str]]) -> list[float]:
    """Share of stop words among the tokens; -1 where there is no stop list for the page's language."""
    stop = _stop_words(document.language)
    if stop is None:
        return [-1.0] * len(tokens)
    return [sum(map(stop.__contains__, read)) / len(read) if read else 0.0 for read in tokens]


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
    name = _STOP_LISTS.get((language or "")[:2].lower())
    return frozenset(word.lower() for word in get_stoplist(name)) if name else None
