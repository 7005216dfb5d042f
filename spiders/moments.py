"""The times that sitemaps, feeds and APIs give, in the forms that they give them in."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final

from cleaners.dates import EARLIEST_YEAR, LATEST_YEAR

_MAX_LENGTH: Final = 64  # characters; a longer text is no time

# `email.utils` reads "10:00 PM" as morning, and "+02:00" and names of zones that it does not know as UTC.
_RFC_822: Final = re.compile(
    r"(?:[^\W\d]{2,12}\.?(?:,\s*|\s+))?(?P<day>\d{1,2})(?:\s+|-)(?P<month>[A-Za-z]{3,9})\.?,?(?:\s+|-)"
    r"(?P<year>\d{4}|\d{2})"
    r"(?:,?\s+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?)?"
    r"(?:\s*(?P<zone>(?:(?:GMT|UTC?)(?=[+-]))?[+-]\d\d:?\d\d|[A-Za-z]{1,5})(?:\s+\([^()]*\))?)?"
)
_ISO_8601: Final = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d|\d{8})(?:(?:T|\s+)(?P<time>\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?)"
    r"(?:\s*(?P<zone>[+-]\d\d(?::?\d\d)?|[A-Za-z]{1,5}))?)?",
    re.IGNORECASE,
)
_MONTH_NAMES: Final = "january february march april may june july august september october november december"
_MONTHS: Final = {"sept": 9} | {
    form: number for number, name in enumerate(_MONTH_NAMES.split(), 1) for form in (name, name[:3])
}
# RFC 822's zones, and those that name one offset wherever they are used; "IST" and "BST" name several.
_ZONES: Final = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "CET": 1, "WEST": 1, "CEST": 2, "EET": 2, "EEST": 3,
    "MSK": 3, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "EDT": -4, "EST": -5, "CDT": -5, "CST": -6,
    "MDT": -6, "MST": -7, "PDT": -7, "PST": -8,
}  # fmt: skip
_ZERO: Final = date(1970, 1, 1)
_CENTURY_TURN: Final = 50  # RFC 5322, 4.3: years 00 to 49 are of this century, 50 to 99 of the last


def parse_moment(text: str | None) -> datetime | None:
    """The time that an ISO 8601 or RFC 822 text names, in UTC where it names no zone; else `None`.

    The name of the weekday is not looked at. No time is what names no day, what is in a zone whose name has
    no sure offset, and what stands for "never": the year 1, the first day of 1970.
    """
    text = (text or "").strip()
    if not text or len(text) > _MAX_LENGTH:
        return None
    try:
        moment = _iso_8601(text) or _rfc_822(text)
    except (ValueError, OverflowError):  # the 31st of February, the 25th hour
        return None
    if moment is None or moment.date() == _ZERO or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        return None
    return moment


def _iso_8601(text: str) -> datetime | None:
    match = _ISO_8601.fullmatch(text)
    zone = _zone(match["zone"]) if match else None
    if match is None or zone is None:
        return None
    # Each part is read by itself, as some texts write only one of them with separators.
    clock = time.fromisoformat(match["time"]) if match["time"] else time()
    return datetime.combine(date.fromisoformat(match["day"]), clock, zone)


def _rfc_822(text: str) -> datetime | None:
    match = _RFC_822.fullmatch(text)
    zone = _zone(match["zone"]) if match else None
    if match is None or zone is None:
        return None
    month, year = _MONTHS.get(match["month"].lower()), int(match["year"])
    if month is None:
        return None
    if len(match["year"]) == 2:
        year += 2000 if year < _CENTURY_TURN else 1900
    hour, minute, second = (int(match[unit] or 0) for unit in ("hour", "minute", "second"))
    return datetime(year, month, int(match["day"]), hour, minute, second, tzinfo=zone)


def _zone(name: str | None) -> tzinfo | None:
    """The zone of a name or an offset, UTC for none; `None` where a name has no sure offset."""
    if not name:
        return UTC
    hours = _ZONES.get(name.upper())
    if hours is not None:
        return timezone(timedelta(hours=hours)) if hours else UTC
    if not name[-1].isdigit():
        return None
    sign, digits = name.lstrip("GMTUCgmtuc")[0], re.sub(r"\D", "", name)
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-offset if sign == "-" else offset) if offset else UTC
