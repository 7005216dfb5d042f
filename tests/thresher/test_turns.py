"""Which sites are due."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.store import Store, begin_run, end_run
from thresher.config import load_config
from thresher.turns import turns

SITES = """
timezone = "Europe/Berlin"
[[site]]
name = "hourly"
url = "https://hourly.example"
schedule = "0 * * * *"
[[site]]
name = "daily"
url = "https://daily.example"
schedule = "0 6 * * *"
[[site]]
name = "unplanned"
url = "https://unplanned.example"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "thresher.toml"
    path.write_text(text, encoding="utf-8")
    return path


def ran(folder: Path, *runs: tuple[str, datetime, str | None]) -> None:
    """Put runs into the database: job, start, outcome."""
    with Store(f"sqlite:///{folder}/corpus/thresher.db") as store:
        for job, started, outcome in runs:
            with store.write() as session:
                run = begin_run(session, "site", {}, started, job)
                if outcome:
                    end_run(session, run, started, outcome)


def standing(folder: Path, now: datetime) -> dict[str, tuple[bool, datetime | None, datetime | None]]:
    config = load_config(write(folder, SITES))
    return {turn.site.name: (turn.due, turn.last, turn.next) for turn in turns(config, config.enabled, now)}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-02T{text}:00+00:00")


def test_what_never_ran_is_due_and_asking_makes_no_database(tmp_path: Path) -> None:
    assert standing(tmp_path, at("10:30")) == {
        "hourly": (True, None, at("11:00")),
        "daily": (True, None, datetime(2026, 3, 3, 5, tzinfo=UTC)),  # six o'clock in Berlin
        "unplanned": (True, None, None),
    }
    assert not (tmp_path / "corpus").exists()


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("10:00", False),
        ("10:59", False),
        ("11:00", True),
        ("11:01", True),
        ("23:01", True),
    ],
)
def test_a_site_is_due_once_a_time_of_it_has_come_since_its_last_run(
    tmp_path: Path, now: str, due: bool
) -> None:
    ran(tmp_path, ("hourly", at("09:30"), "finished"), ("hourly", at("10:00"), "finished"))
    assert standing(tmp_path, at(now))["hourly"][:2] == (due, at("10:00"))


def test_the_time_zone_counts(tmp_path: Path) -> None:
    ran(tmp_path, ("daily", at("04:59"), "finished"))
    assert standing(tmp_path, at("04:59"))["daily"][0] is False
    assert standing(tmp_path, at("05:00"))["daily"][0] is True


def test_a_run_that_was_killed_counts_and_one_that_was_held_does_not(tmp_path: Path) -> None:
    ran(
        tmp_path,
        ("hourly", at("10:00"), None),
        ("hourly", at("11:00"), "held"),
        ("daily", at("11:00"), "held"),
    )
    found = standing(tmp_path, at("10:30"))
    assert found["hourly"][:2] == (False, at("10:00"))
    assert found["daily"][:2] == (True, None)


def test_what_waits_longest_comes_first(tmp_path: Path) -> None:
    ran(tmp_path, ("hourly", at("10:00"), "finished"), ("unplanned", at("09:00"), "finished"))
    assert list(standing(tmp_path, at("12:00"))) == ["daily", "unplanned", "hourly"]
