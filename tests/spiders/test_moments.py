"""Times as feeds and listings write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.moments import parse_moment

MOMENT = datetime(2024, 5, 1, 10, tzinfo=UTC)
EAST = timezone(timedelta(hours=2))
WEST = timezone(timedelta(hours=-5))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC)),
        ("20240501", datetime(2024, 5, 1, tzinfo=UTC)),
        ("2024-05-01T10:00:00Z", MOMENT),
        ("2024-05-01T10:00Z", MOMENT),
        ("20240501T100000Z", MOMENT),
        ("2024-05-01T10:00:00.000Z", MOMENT),
        ("2024-05-01T10:00:00.123456789Z", MOMENT.replace(microsecond=123456)),
        ("2024-05-01 10:00:00", MOMENT),
        ("2024-05-01 10:00:00 UTC", MOMENT),
        ("  2024-05-01t12:00:00+02:00\n", datetime(2024, 5, 1, 12, tzinfo=EAST)),
        ("2024-05-01T12:00:00+0200", datetime(2024, 5, 1, 12, tzinfo=EAST)),
        ("2024-05-01 12:00:00 +02", datetime(2024, 5, 1, 12, tzinfo=EAST)),
        ("Wed, 01 May 2024 10:00:00 GMT", MOMENT),
        ("Wed, 01 May 2024 10:00:00 +0000", MOMENT),
        ("Wed, 01 May 2024 10:00:00 -0000", MOMENT),
        ("Wed, 01 May 2024 10:00:00", MOMENT),
        ("Wed, 1 May 2024 10:00 Z", MOMENT),
        ("01 May 2024 10:00:00 GMT", MOMENT),
        ("01 May 2024", datetime(2024, 5, 1, tzinfo=UTC)),
        ("Fri, 01 May 2024 10:00:00 GMT", MOMENT),  # it was a Wednesday
        ("Wednesday, 01 May 2024 10:00:00 GMT", MOMENT),
        ("Wed,01 May 2024 10:00:00 GMT", MOMENT),
        ("mi., 01-May-24 10:00:00 GMT", MOMENT),
        ("Wed, 01 May 24 12:00:00 +02:00", datetime(2024, 5, 1, 12, tzinfo=EAST)),
        ("Wed, 01 May 2024 12:00:00 GMT+0200", datetime(2024, 5, 1, 12, tzinfo=EAST)),
        ("Wed, 01 May 2024 12:00:00 +0200 (CEST)", datetime(2024, 5, 1, 12, tzinfo=EAST)),
        ("Wed, 01 May 2024 12:00:00 CEST", datetime(2024, 5, 1, 12, tzinfo=EAST)),
        ("Wed, 01 May 2024 10:00:00 est", datetime(2024, 5, 1, 10, tzinfo=WEST)),
        ("Thu, 01 Sept 1994 10:00:00 GMT", datetime(1994, 9, 1, 10, tzinfo=UTC)),
        ("01 January 94 10:00:00 GMT", datetime(1994, 1, 1, 10, tzinfo=UTC)),
        ("01 Jan 49 10:00:00 GMT", datetime(2049, 1, 1, 10, tzinfo=UTC)),
        ("Thu, 29 Feb 2024 10:00:00 GMT", datetime(2024, 2, 29, 10, tzinfo=UTC)),
    ],
)
def test_moments(text: str, moment: datetime) -> None:
    found = parse_moment(text)
    assert found == moment
    assert found.utcoffset() == moment.utcoffset()


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "yesterday",
        "2024",
        "2024-05",
        "0000-00-00",
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "9999-12-31",
        "99999-01-01",
        "2024-02-30",
        "2024-05-01T25:00:00Z",
        "2024-05-01T10:00:00 IST",  # Indian, Irish or Israeli
        "1714557600",
        "1712011500123",
        "05/01/2024",
        "Wed, 99 May 2024 10:00:00",
        "Wed, 01 Mai 2024 10:00:00 GMT",
        "01 marraskuu 2024",  # Finnish for November
        "Wed, 01 May 2024 10:00:00 PM",
        "Wed, 01 May 2024 10:00:00 +9900",
        "Wed, 30 Feb 2024 10:00:00 GMT",
        "Wed, 01 May 2024 10:00:00 GMT and more",
        "2024-05-01" + " " * 100 + "10:00",
    ],
)
def test_no_moment(text: str | None) -> None:
    assert parse_moment(text) is None


@given(
    st.text(max_size=80)
    | st.from_regex(r"[A-Za-z]{3}, \d{1,2} [A-Z][a-z]{2} \d{2,4} [\d: ]{5,9} ?[A-Z+-]?\d*")
)
def test_any_text_has_an_answer(text: str) -> None:
    moment = parse_moment(text)
    assert moment is None or moment.tzinfo is not None


@given(st.datetimes(datetime(1971, 1, 1), datetime(2099, 12, 30)), st.integers(-14 * 60, 14 * 60))
def test_written_moments_are_read_back(naive: datetime, minutes: int) -> None:
    moment = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_moment(moment.isoformat()) == moment
    assert parse_moment(moment.strftime("%Y-%m-%d %H:%M:%S %z")) == moment
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    assert parse_moment(f"Xyz, {moment.day:02} {months[moment.month - 1]} {moment:%Y %H:%M:%S %z}") == moment
