"""When a site publishes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, time
from statistics import median
from typing import Final

from audit.findings.model import Rhythm

_HOURS: Final = 24
_WEEKDAYS: Final = 7


def rhythm_of(dates: Iterable[datetime]) -> Rhythm:
    """The rhythm of articles with these dates, which are in UTC.

    Midnight to the second is a date without a time, as in `pipelines.reuse.origin`: sites that print only
    the day are many, stories of that very second few.
    """
    dates = list(dates)
    hours = Counter(moment.hour for moment in dates if moment.time() != time.min)
    weekdays = Counter(moment.weekday() for moment in dates)
    days = Counter(moment.date() for moment in dates)
    return Rhythm(
        dated=len(dates),
        hours=tuple(hours[hour] for hour in range(_HOURS)),
        weekdays=tuple(weekdays[weekday] for weekday in range(_WEEKDAYS)),
        days=tuple(sorted(days.items())),
        median_a_day=float(median(days.values())) if days else None,
    )
