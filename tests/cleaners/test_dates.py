"""Dates: formats, zones, languages, and what is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.dates import EARLIEST_YEAR, LATEST_YEAR, parse_date


@pytest.mark.parametrize(
    ("value", "language", "moment"),
    [
        ("2025-02-11T12:00:00.000Z", None, datetime(2025, 2, 11, 12, tzinfo=UTC)),
        ("2025-02-11T12:00:00+0200", None, datetime(2025, 2, 11, 10, tzinfo=UTC)),
        ("2025-02-11 12:00", None, datetime(2025, 2, 11, 12)),
        ("20250211", None, datetime(2025, 2, 11)),
        ("1739275200", None, datetime(2025, 2, 11, 12, tzinfo=UTC)),
        ("1739275200000", None, datetime(2025, 2, 11, 12, tzinfo=UTC)),
        ("Tue, 11 Feb 2025 12:00:00 GMT", None, datetime(2025, 2, 11, 12, tzinfo=UTC)),
        ("Feb 11, 2025 7:00 AM EST", None, datetime(2025, 2, 11, 12, tzinfo=UTC)),
        ("Feb 11, 2025 7:00 AM XYZT", None, datetime(2025, 2, 11, 7)),
        ("11.02.2025", None, datetime(2025, 2, 11)),
        ("11/02/2025", "fr", datetime(2025, 2, 11)),
        ("11/02/2025", "en-GB", datetime(2025, 2, 11)),
        ("02/11/2025", "en-US", datetime(2025, 2, 11)),
    ],
)
def test_dates(value: str, language: str | None, moment: datetime) -> None:
    assert parse_date(value, language) == moment


@pytest.mark.parametrize(
    "value",
    [
        "",
        "2025",
        "2025-02",
        "February 2025",
        "12:30:45",
        "yesterday",
        "0001-01-01",
        "0000-00-00T00:00:00",
        "1970-01-01T00:00:00Z",
        "9999-12-31",
        "2025-13-45",
        "1" * 5000,
        "9" * 13,
        "2025-02-11" + " x" * 500,
    ],
)
def test_what_is_no_date(value: str) -> None:
    assert parse_date(value) is None


@given(st.text(alphabet=st.characters() | st.sampled_from("0123456789-:/.TZ+ "), max_size=70))
def test_any_text_gives_a_date_of_a_page_or_none(text: str) -> None:
    moment = parse_date(text)
    assert moment is None or EARLIEST_YEAR <= moment.year <= LATEST_YEAR
