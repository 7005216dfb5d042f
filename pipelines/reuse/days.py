"""The days of the week that a text names, in its own language, and on which date the latest of them fell.

Names of days and months are CLDR's, through Babel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from babel import localedata

_CONTEXTS: Final = ("format", "stand-alone")
_WIDTHS: Final = ("wide", "abbreviated")
_SPACED: Final = re.compile(r"[^\u2e80-\u9fff\uac00-\ud7af\u0e00-\u0e7f]+")
_LETTERS_KEPT: Final = 4  # of a day's name, when its last one gives way to an ending


@cache
def calendar_words(language: str) -> frozenset[str]:
    """The names of days and months in a language and in English, in small letters."""
    names = (
        name for locale in (language, "en") for kind in ("days", "months") for name in _names(locale, kind)
    )
    return frozenset(part.strip(".") for name, _ in names for part in name.split())


def days_named(text: str, language: str) -> tuple[int, ...]:
    """The days of the week that a text names, Monday 0 to Sunday 6, in its order."""
    days, pattern = _days(language)
    if pattern is None:
        return ()
    return tuple(days[found[0].lower()[: len(found[1])]] for found in pattern.finditer(text))


def latest(day: int, until: date) -> date:
    """The last date, `until` included, that was this day of the week."""
    return until - timedelta(days=(until.weekday() - day) % 7)


@cache
def _days(language: str) -> tuple[Mapping[str, int], re.Pattern[str] | None]:
    """What day each stem stands for, and an expression that finds days, with the stem as its group.

    A spaced language bends a day's last letter and adds to it: środa, środę; kedd, kedden.
    """
    stems: dict[str, int] = {}
    for name, day in sorted(_names(language, "days", ("wide",))):
        stems.setdefault(name[:-1] if len(name) > _LETTERS_KEPT else name, int(day))
    spaced = all(_SPACED.fullmatch(stem) for stem in stems)
    if not spaced:
        stems = {name: int(day) for name, day in _names(language, "days") if len(name) > 1}
    if not stems:
        return stems, None
    choices = "|".join(map(re.escape, sorted(stems, key=lambda stem: (-len(stem), stem))))
    return stems, re.compile(rf"\b({choices})\w{{0,2}}\b" if spaced else f"({choices})", re.IGNORECASE)


def _names(language: str, kind: str, widths: tuple[str, ...] = _WIDTHS) -> Iterator[tuple[str, Any]]:
    # Babel's own view of its data writes what one language inherits into what all share, so that answers
    # would depend on which language was asked for before; what a language says itself is read as stored.
    if not localedata.exists(language):
        return
    data = localedata.load(language, merge_inherited=False).get(kind, {})
    for context in _CONTEXTS:
        for width in widths:
            names = data.get(context, {})
            names = names.get(width, {}) if type(names) is dict else {}
            if type(names) is dict:
                for key, name in names.items():
                    yield name.lower(), key
