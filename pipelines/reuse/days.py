"""The days of the week that a text names, in its own language, and on which date the latest of them fell.

Names of days and months are CLDR's, through Babel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from anyascii import anyascii
from babel import localedata

_CONTEXTS: Final = ("format", "stand-alone")
_WIDTHS: Final = ("wide", "abbreviated")
_SPACED: Final = re.compile(r"[^\u2e80-\u9fff\uac00-\ud7af\u0e00-\u109f\u1780-\u17ff]+")
_LETTERS_KEPT: Final = 4  # of a day's name, when its last one gives way to an ending
_VOWELS: Final = frozenset("aeiou'")  # in Latin letters, the soft sign among them
_NO_DAYS: Final = frozenset({"среди", "środki", "środku", "sredi"})  # "among", "means", "inside"
_APOSTROPHES: Final = "['’ʼ]"  # п'ятниця; CLDR writes the last of them


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
    return tuple(
        days[(found.lastindex or 1) - 1]
        for found in pattern.finditer(text)
        if found[0].lower() not in _NO_DAYS
    )


def latest(day: int, until: date) -> date:
    """The last date, `until` included, that was this day of the week; there is none before the year 1."""
    return until - timedelta(days=min((until.weekday() - day) % 7, (until - date.min).days))


@cache
def _days(language: str) -> tuple[tuple[int, ...], re.Pattern[str] | None]:
    """An expression that finds days, and the day that each of its groups stands for.

    A spaced language adds to a day (kedd, kedden), and bends a vowel at its end (środa, środę).
    """
    names: dict[str, int] = {}
    for name, day in sorted(_names(language, "days", ("wide",))):
        names.setdefault(name, int(day))
    if all(_SPACED.fullmatch(name) for name in names):
        forms = [(name, day, r"\w{0,2}") for name, day in names.items()]
        forms += [(name[:-1], day, r"\w{1,2}") for name, day in names.items() if _bends(name)]
        edges = r"(?<!\w)", r"(?!\w)"
    else:
        forms = [(name, int(day), "") for name, day in _names(language, "days") if len(name) > 1]
        edges = "", ""
    if not forms:
        return (), None
    forms.sort(key=lambda form: (-len(form[0]), form))
    written = (f"({re.escape(said).replace('ʼ', _APOSTROPHES)}){ending}" for said, _, ending in forms)
    choices = "|".join(written)
    return tuple(day for _, day, _ in forms), re.compile(f"(?:{choices})".join(edges), re.IGNORECASE)


def _bends(name: str) -> bool:
    return len(name) > _LETTERS_KEPT and anyascii(name[-1])[-1:] in _VOWELS


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
