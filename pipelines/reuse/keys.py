"""The keys that a text is found by: what texts made from one another have in common, hashed.

Near copies share bands of their MinHash signatures. Excerpts share too little for that, but every word
sequence that they have; rewrites and translations share neither, but facts: names that stand in one sentence,
and numbers that follow one another. Of sequences and facts those with the smallest hashes are taken, so that
all texts that have one have it as a key, or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final
from zlib import crc32

from pipelines.reuse.alignment import Row
from pipelines.reuse.names import pack, telling_names
from pipelines.reuse.reading import AnchorKind, Reading
from pipelines.reuse.shingles import band_keys, hash_key, shingles_of

LEAST_WORDS: Final = 20
"""Words of the shortest text that is compared with others: "Photo gallery: see all pictures" stands on many
pages that have nothing to do with each other."""

SEQUENCE_SHARE: Final = 1 / 40
"""Share of a text's shingles that are keys: ten of 400. An excerpt of a hundred words has two or three, and
the text that it was taken from has the same ones."""

FACT_SHARE: Final = 1 / 2
FACTS_AT_LEAST: Final = 20
"""Share of a text's facts that are keys, and how many of the smallest hashes at any rate: stories of 450
words state 45, or 15 where only numbers can be told, and their translations must share two keys or more."""

FACTS_AT_MOST: Final = 64
SEQUENCES_AT_MOST: Final = 256
"""Keys of each kind: those of ten thousand words, of which an excerpt can be found."""

NAMES_A_SENTENCE: Final = 8
NUMBERS_A_SENTENCE: Final = 4
"""Names and numbers of a sentence that are paired: a list of two hundred names is no fact."""

SHORTEST_NUMBER: Final = 2
SHORTEST_NAME: Final = 3
"""Digits of a mantissa and consonants of a name below which too many others look the same."""

_HASHES: Final = 1 << 63
_CHECKSUMS: Final = 1 << 32


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a text, 63 bits each: those of its bands, and those of its word sequences and facts; and
    the names that it is about, packed, by which reports of one event are found."""

    bands: tuple[int, ...]
    facts: tuple[int, ...]
    names: bytes = b""


def keys_of(reading: Reading) -> Keys:
    """The keys of a text, sorted; none of one that is too short to be compared."""
    if len(reading.words) < LEAST_WORDS:
        return Keys((), ())
    shingles = shingles_of(reading.words)
    facts = _smallest(_facts(reading))
    return Keys(
        tuple(sorted(band_keys(shingles))),
        tuple(sorted({*_sampled(shingles), *facts})),
        pack(telling_names(reading)),
    )


def _facts(reading: Reading) -> Iterator[str]:
    numbers: list[str] = []
    for row in reading.facts:
        names = _named(row) if reading.tells_names else []
        here = [a.key for a in row if a.kind is AnchorKind.NUMBER and len(a.key) >= SHORTEST_NUMBER]
        numbers += here
        yield from (f"n {one} {other}" for one, other in combinations(sorted(names), 2))
        yield from (f"m {name} {number}" for name in names for number in here[:NUMBERS_A_SENTENCE])
    yield from (f"d {one} {other}" for one, other in pairwise(numbers))
    yield from (f"d {one} {other}" for one, other in zip(numbers, numbers[2:], strict=False))


def _named(row: Row) -> Sequence[str]:
    """The first different names of a sentence."""
    names = dict.fromkeys(a.key for a in row if a.kind is AnchorKind.NAME and len(a.key) >= SHORTEST_NAME)
    return list(names)[:NAMES_A_SENTENCE]


def _sampled(shingles: Iterable[str]) -> list[int]:
    """Keys of the word sequences that a checksum, which is quick, picks."""
    below = SEQUENCE_SHARE * _CHECKSUMS
    encoded = (shingle.encode("utf-8", "replace") for shingle in shingles)
    return sorted({hash_key(b"s " + said) for said in encoded if crc32(said) < below})[:SEQUENCES_AT_MOST]


def _smallest(facts: Iterable[str]) -> list[int]:
    """Keys of the facts with the smallest hashes."""
    hashes = sorted({hash_key(fact.encode("utf-8", "replace")) for fact in facts})
    below = [key for key in hashes if key < FACT_SHARE * _HASHES]
    return (below if len(below) >= FACTS_AT_LEAST else hashes[:FACTS_AT_LEAST])[:FACTS_AT_MOST]
