"""Cron expressions, read as crontab(5) reads them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

_FIELDS: Final = ("minute", "hour", "day", "month", "weekday")
_FIELD_PART: Final = re.compile(r"(?:\*|\d+(?:-\d+)?)(?:/\d+)?|[a-z]{3}(?:-[a-z]{3})?", re.IGNORECASE)
_WEEKDAY_PART: Final = re.compile(r"(?:\*|(\w+)(?:-(\w+))?)(?:/(\d+))?")
_WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def cron_trigger(expression: str, zone: tzinfo) -> BaseTrigger:
    """The times that a cron expression stands for, as crontab(5) reads it.

    That is: Sunday is weekday 0 or 7, and where both the day and the weekday are named, either will do.
    (APScheduler by itself counts weekdays from Monday and wants both.) Raises `ValueError` for what is no
    expression and for one whose time never comes.
    """
    fields = expression.split()
    if len(fields) != len(_FIELDS):
        raise ValueError(f"there are {len(fields)} fields instead of 5")
    for name, field in zip(_FIELDS[:-1], fields, strict=False):
        for part in field.split(","):
            if not _FIELD_PART.fullmatch(part):
                raise ValueError(f"the {name} {part!r} cannot be read")
    *others, weekday = fields
    days = _weekdays(weekday)
    if fields[2].startswith("*") or weekday.startswith("*"):
        trigger: BaseTrigger = CronTrigger.from_crontab(" ".join([*others, days]), zone)
    else:
        minute, hour, day, month = others
        by_day = CronTrigger.from_crontab(f"{minute} {hour} {day} {month} *", zone)
        by_weekday = CronTrigger.from_crontab(f"{minute} {hour} * {month} {days}", zone)
        trigger = OrTrigger([by_day, by_weekday])
    if next_time(trigger, datetime.now(UTC)) is None:
        raise ValueError("the day that it names never comes")
    return trigger


def _weekdays(field: str) -> str:
    """A field of weekdays by their names, which mean the same to everyone."""
    days: set[int] = set()
    for part in field.split(","):
        match = _WEEKDAY_PART.fullmatch(part)
        if not match:
            raise ValueError(f"the weekday {part!r} cannot be read")
        first, last, step = match.groups()
        begin = _weekday(first or "sun")
        end = _weekday(last or ("sat" if step or not first else first))
        if end == 0 < begin:
            end = 7  # "fri-sun": Sunday ends the week here
        if end < begin or step == "0":
            raise ValueError(f"the weekdays {part!r} hold no day")
        days.update(day % 7 for day in range(begin, end + 1, int(step or 1)))
    return "*" if len(days) == len(_WEEKDAYS) else ",".join(_WEEKDAYS[day] for day in sorted(days))


def _weekday(word: str) -> int:
    if word.isdecimal() and int(word) <= 7:
        return int(word)
    if word.lower() in _WEEKDAYS:
        return _WEEKDAYS.index(word.lower())
    raise ValueError(f"the weekday {word!r} is none of 0 to 7 and sun to sat")


def next_time(trigger: BaseTrigger, after: datetime) -> datetime | None:
    """The first time of a trigger that is later than `after`, in UTC; `None` when there is none."""
    found: datetime | None = trigger.get_next_fire_time(None, after + timedelta(microseconds=1))
    return found and found.astimezone(UTC)
