"""What a name sounds like, so that Quarrington, Куоррингтон and Kuorrington are seen to be one.

After the consonant keys of record linkage (Soundex, Metaphone): the name in Latin letters, without its inner
vowels, which languages write most freely, and with one letter for sounds that transcriptions mix.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from anyascii import anyascii
from rapidfuzz.distance import Levenshtein

LONGEST_NAME: Final = 40
"""Letters of a name that are read; the longest surnames have thirty."""

FUZZY_FROM: Final = 4
"""Letters of a key from which one letter may differ: shorter keys that differ by one are other names."""

ENDING: Final = 2
"""Consonants that an inflected name may have more than its nominative (Mortimer, Mortimerowi)."""

_NOT_LATIN: Final = re.compile("[^a-z]")
_DOUBLED: Final = re.compile(r"(.)\1+")
_VOWELS: Final = re.compile("[aeiouyh]")
_GREEK: Final = (("μπ", "b"), ("ντ", "d"), ("γκ", "g"))
"""How Greek writes the sounds b, d and g, which its own letters have not."""

_SPELLINGS: Final = (
    ("tsch", "c"), ("sch", "s"), ("kh", "k"), ("ch", "k"), ("sh", "s"), ("zh", "z"), ("ph", "f"),
    ("th", "t"), ("ck", "k"), ("qu", "k"), ("ku", "k"), ("x", "ks"), ("w", ""), ("c", "k"), ("q", "k"),
    ("z", "s"), ("j", ""),
)  # fmt: skip
"""What is written differently from language to language, in the order of replacing."""


def sound_key(name: str) -> str:
    """The consonants of a name, in Latin letters; its first letter is "a" where it begins with a vowel."""
    name = name[:LONGEST_NAME].lower()
    for written, sound in _GREEK:
        name = name.replace(written, sound)
    latin = _NOT_LATIN.sub("", anyascii(name).lower())
    for written, sound in _SPELLINGS:
        latin = latin.replace(written, sound)
    if not latin:
        return ""
    first = "a" if _VOWELS.match(latin) else latin[0]
    return _DOUBLED.sub(r"\1", first + _VOWELS.sub("", latin[1:]))


def same_names(theirs: Iterable[str], ours: Iterable[str]) -> Mapping[str, str]:
    """Which of their keys are ours in another spelling or case: theirs → ours, the nearest one.

    A key that both have is left out.
    """
    known = sorted(set(ours))
    found = {}
    for key in sorted(set(theirs) - set(known)):
        distances = ((_distance(key, other), other) for other in known)
        near = min(((distance, other) for distance, other in distances if distance is not None), default=None)
        if near is not None:
            found[key] = near[1]
    return found


def _distance(key: str, other: str) -> int | None:
    """Letters that differ between two keys of one name; `None` for two names."""
    shorter, longer = sorted((key, other), key=len)
    if len(shorter) < FUZZY_FROM - 1:
        return None
    if longer.startswith(shorter) and len(longer) - len(shorter) <= ENDING:
        return len(longer) - len(shorter)
    if len(shorter) < FUZZY_FROM:
        return None
    distance = Levenshtein.distance(key, other, score_cutoff=1)
    return distance if distance <= 1 else None
