"""The moment that a date in a metadata field or a byline names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any, Final

from dateutil import parser as dateparser

MAX_DATE_LENGTH: Final = 64
"""Characters; a longer value is no date, or one with a story around it."""

EARLIEST_YEAR: Final = 1700
LATEST_YEAR: Final = 2100
"""Years outside are mistakes: the oldest newspapers have put themselves online, none from the future."""

MAX_DATES: Final = 300
"""Values that are tried; one that is no date costs up to a millisecond."""

_ISO_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d(?!\d)|\d{8}(?:T|$)")
_EPOCH: Final = re.compile(r"\d{10}(?:\d{3})?")
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_NUMERIC: Final = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{4}")
_ZONES: Final = {
    **dict.fromkeys(("UTC", "GMT", "Z", "WET"), 0),
    **dict.fromkeys(("BST", "IST", "CET", "WEST"), 1),
    **dict.fromkeys(("CEST", "EET"), 2),
    **dict.fromkeys(("EEST", "MSK"), 3),
    **dict.fromkeys(("JST", "KST"), 9),
    **dict.fromkeys(("CDT", "EST"), -5),
    **dict.fromkeys(("CST", "MDT"), -6),
    **dict.fromkeys(("MST", "PDT"), -7),
    "EDT": -4,
    "PST": -8,
}


def parse_date(value: str, language: str | None = None) -> datetime | None:
    """The moment that a metadata field names: UTC where it gives a zone, naive where it gives none.

    Dates without a day, in words of other languages than English, or outside the years that a page
    can have are none. `language`, a tag such as "en-US", decides which of two numbers is the day.
    """
    text = " ".join(value.split()) if len(value) <= 2 * MAX_DATE_LENGTH else ""
    if not 8 <= len(text) <= MAX_DATE_LENGTH:
        return None
    try:
        moment = _parse(text, language)
        if moment is None or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            return None
        if (moment.year, moment.month, moment.day) == (1970, 1, 1):  # a zero that was taken for a time
            return None
        return moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, ArithmeticError, TypeError, AttributeError, IndexError):
        # dateutil's free parser lets all of these out on one hostile string or another.
        return None


def _parse(text: str, language: str | None) -> datetime | None:
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if _ISO_DAY.match(text):
        try:
            return dateparser.isoparse(text)
        except ValueError:
            pass
    if not _YEAR.search(text):
        return None
    day_first = _day_first(text, language)
    # The parser fills what is missing from a default; where two defaults show through, a day is missing.
    one, other = (
        dateparser.parse(text, default=default, dayfirst=day_first, tzinfos=_zone)
        for default in (datetime(2000, 1, 1), datetime(2004, 2, 2))
    )
    return one if one.date() == other.date() else None


def _day_first(text: str, language: str | None) -> bool:
    numeric = _NUMERIC.match(text)
    if numeric is None:
        return False
    return numeric[1] == "." or (language or "en").lower() not in {"en", "en-us"}


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """The zone of a name or an offset in seconds; unknown names give none, whatever this machine's are."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    hours = _ZONES.get(name or "")
    return None if hours is None else timezone(timedelta(hours=hours))


def first_date(values: Iterable[Any], language: str | None) -> datetime | None:
    """The first moment that one of the values names, as `parse_date` reads it."""
    strings = (value for value in values if isinstance(value, str))
    moments = (parse_date(value, language) for value in itertools.islice(strings, MAX_DATES))
    return next((moment for moment in moments if moment is not None), None)
