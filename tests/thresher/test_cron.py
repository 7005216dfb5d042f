"""What cron expressions mean, and which are none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from thresher.cron import cron_trigger, next_time

SUNDAY = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def times(expression: str, number: int, *, after: datetime = SUNDAY, zone: Any = UTC) -> list[str]:
    trigger, found = cron_trigger(expression, zone), []
    for _ in range(number):
        following = next_time(trigger, after)
        assert following is not None
        after = following
        found.append(f"{after:%a %d %b %H:%M}")
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("*/15 * * * *", ["Sun 01 Mar 12:15", "Sun 01 Mar 12:30", "Sun 01 Mar 12:45"]),
        ("0 6 * * *", ["Mon 02 Mar 06:00", "Tue 03 Mar 06:00", "Wed 04 Mar 06:00"]),
        ("0 6 * * 1", ["Mon 02 Mar 06:00", "Mon 09 Mar 06:00", "Mon 16 Mar 06:00"]),
        ("0 6 * * 0", ["Sun 08 Mar 06:00", "Sun 15 Mar 06:00", "Sun 22 Mar 06:00"]),
        ("0 6 * * 7", ["Sun 08 Mar 06:00", "Sun 15 Mar 06:00", "Sun 22 Mar 06:00"]),
        ("0 6 * * 5-7", ["Fri 06 Mar 06:00", "Sat 07 Mar 06:00", "Sun 08 Mar 06:00"]),
        ("0 6 * * fri-sun", ["Fri 06 Mar 06:00", "Sat 07 Mar 06:00", "Sun 08 Mar 06:00"]),
        ("0 6 * * 1-5/2", ["Mon 02 Mar 06:00", "Wed 04 Mar 06:00", "Fri 06 Mar 06:00"]),
        ("0 6 * * */3", ["Wed 04 Mar 06:00", "Sat 07 Mar 06:00", "Sun 08 Mar 06:00"]),
        ("0 6 * * Mon,3", ["Mon 02 Mar 06:00", "Wed 04 Mar 06:00", "Mon 09 Mar 06:00"]),
        ("0 6 * * 0-6", ["Mon 02 Mar 06:00", "Tue 03 Mar 06:00", "Wed 04 Mar 06:00"]),
        ("30 4 1,15 * 5", ["Fri 06 Mar 04:30", "Fri 13 Mar 04:30", "Sun 15 Mar 04:30"]),
        ("0 0 1 jan-feb *", ["Fri 01 Jan 00:00", "Mon 01 Feb 00:00", "Sat 01 Jan 00:00"]),
        ("5/20 9-17/4 * * *", ["Sun 01 Mar 13:05", "Sun 01 Mar 13:25", "Sun 01 Mar 13:45"]),
    ],
)
def test_cron_expressions_mean_what_crontab_says(expression: str, expected: list[str]) -> None:
    assert times(expression, 3) == expected


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("", "there are 0 fields instead of 5"),
        ("@daily", "there are 1 fields instead of 5"),
        ("61 * * * *", r"the last value \(61\) is higher than the maximum value \(59\)"),
        ("*/0 * * * *", "Increment must be higher than 0"),
        ("* mon * * *", 'Unrecognized expression "mon" for field "hour"'),
        ("* * L * *", "the day 'L' cannot be read"),
        ("* * * jan/2 *", "the month 'jan/2' cannot be read"),
        ("* * * abc *", 'Invalid month name "abc"'),
        ("* * * * mon#2", "the weekday 'mon#2' cannot be read"),
        ("* * * * monday", "the weekday 'monday' is none of 0 to 7 and sun to sat"),
        ("* * * * 8", "the weekday '8' is none of 0 to 7"),
        ("* * * * 5-1", "the weekdays '5-1' hold no day"),
        ("* * * * 1/0", "the weekdays '1/0' hold no day"),
        ("0 0 30 2 *", "the day that it names never comes"),
    ],
)
def test_what_is_no_cron_expression(expression: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cron_trigger(expression, UTC)


def test_a_day_has_its_times_when_the_clocks_are_changed() -> None:
    spring = times("30 2 * * *", 2, after=datetime(2026, 3, 28, 12, tzinfo=UTC), zone=BERLIN)
    assert spring == ["Sun 29 Mar 01:30", "Mon 30 Mar 00:30"]  # UTC; 02:30 does not exist on that Sunday
    autumn = times("0 * * * *", 3, after=datetime(2026, 10, 24, 23, 30, tzinfo=UTC), zone=BERLIN)
    assert autumn == ["Sun 25 Oct 00:00", "Sun 25 Oct 01:00", "Sun 25 Oct 02:00"]
