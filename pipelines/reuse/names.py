"""The names that tell what a text is about, and the keys that reports of one event share by them.

A report names whom it is about early and often. Two reports of one event, each in its own words, have
hardly a sentence with the same facts, but some of these names.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from babel import localedata

from pipelines.reuse.reading import AnchorKind, Reading
from pipelines.reuse.shingles import hash_key

NAMES_KEPT: Final = 12
"""Names of a text that are keys. Sixteen found no more of the annotated reports."""

LEAD_SENTENCES: Final = 4
"""Sentences at the start that count as a report's lead: who did what, where. Two texts of one field (mobile
telephones, coffee machines) share names as well, but one in ten of them in both leads."""

NAMES_SHARED: Final = 2
NAMES_SHARED_ANYWHERE: Final = 6
"""Names that two texts of one event share at the least, if one stands in both leads, and if none does. Pages
of one shop or field that share facts mostly share four at most."""

SHORTEST_NAME: Final = 3
"""Consonants of a name below which too many others sound the same."""

PERIOD_DAYS: Final = 14
"""Days of a period, within which it is counted how many texts have a name."""

EVENT_DAYS: Final = 4
"""Days between two reports that are searched for one event: news is told at once, and what follows from it
in the next days. A fortnight brings nearly twice as many pairs that only share a field."""

LANGUAGES_KEPT: Final = 64
"""Languages whose words of countries are kept: 100 KB each."""

_NAME_BITS: Final = 31
_WORD: Final = re.compile(r"[^\W\d_]+")


def telling_names(reading: Reading) -> Mapping[int, bool]:
    """The numbers of the names that a text is about, and whether each stands in its lead.

    Those that it has most often; one in the lead counts once more. Words that names of countries and
    languages are made of are left out: reports of other events share them. None of a text whose names cannot
    be told from other words.
    """
    if not reading.tells_names:
        return {}
    places = _words_of_places(reading.language)
    common = {anchor.key for name, anchor in reading.names.items() if _plain(name) in places}
    counts: Counter[str] = Counter()
    lead: set[str] = set()
    for number, row in enumerate(reading.facts):
        names = [
            anchor.key
            for anchor in row
            if anchor.kind is AnchorKind.NAME
            and len(anchor.key) >= SHORTEST_NAME
            and anchor.key not in common
        ]
        counts.update(names)
        if number < LEAD_SENTENCES:
            lead.update(names)
    ranked = sorted(counts, key=lambda name: (-counts[name] - (name in lead), -len(name), name))
    return {_number(name): name in lead for name in ranked[:NAMES_KEPT]}


def same_subject(one: Reading, other: Reading) -> bool:
    """Whether two texts may be about one event, as far as their names tell.

    They share two names and one in both leads, or most names whatever the place. Of texts whose names cannot
    be told it is not known.
    """
    if not (one.tells_names and other.tells_names):
        return True
    ours, theirs = telling_names(one), telling_names(other)
    shared = ours.keys() & theirs.keys()
    leading = any(ours[name] and theirs[name] for name in shared)
    return len(shared) >= (NAMES_SHARED if leading else NAMES_SHARED_ANYWHERE)


def pack(names: Mapping[int, bool]) -> bytes:
    """Names as they are kept with a text."""
    return b"".join(struct.pack(">I", number << 1 | leads) for number, leads in sorted(names.items()))


def unpack(packed: bytes) -> dict[int, bool]:
    """Names as they were packed."""
    found: Iterator[tuple[int]] = struct.iter_unpack(">I", packed)
    return {value >> 1: bool(value & 1) for (value,) in found}


def period_of(published: datetime) -> int:
    """The period that a time is in."""
    return _day(published) // PERIOD_DAYS


def periods_near(published: datetime) -> list[int]:
    """The periods that hold reports of an event that was told of at a time."""
    day = _day(published)
    return sorted({(day + days) // PERIOD_DAYS for days in (-EVENT_DAYS, 0, EVENT_DAYS)})


def name_key(period: int, name: int) -> int:
    """The key of a name in a period; those of one period stand together."""
    return period << _NAME_BITS | name


@lru_cache(LANGUAGES_KEPT)
def _words_of_places(language: str) -> frozenset[str]:
    """The words in CLDR's names of countries, regions and languages, in a language and in English."""
    words: set[str] = set()
    for locale in (language, "en"):
        if localedata.exists(locale):
            data = localedata.load(locale, merge_inherited=False)
            for kind in ("territories", "languages"):
                for name in data.get(kind, {}).values():
                    words.update(_WORD.findall(name.lower()))
    return frozenset(words)


def _plain(name: str) -> str:
    return name.lower().removesuffix("'s").removesuffix("’s")


def _day(published: datetime) -> int:
    aware = published.replace(tzinfo=UTC) if published.tzinfo is None else published
    return aware.astimezone(UTC).toordinal()


def _number(name: str) -> int:
    return hash_key(name.encode("utf-8", "replace")) >> (63 - _NAME_BITS)
