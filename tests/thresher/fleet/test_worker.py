"""Workers that share a queue: one crawl of a site at a time, none lost, none twice."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import psycopg
import pytest

from tests.thresher.fleet.workers import jobs, log, until, worker
from thresher.config import Config, load_config
from thresher.fleet.queue import conninfo_of, enqueue


def write(folder: Path, database: str, *sites: str, more: str = "", lost_after: float = 5) -> Config:
    text = f'database = "{database}"\n[workers]\nlost_after = {lost_after}\n' + "".join(
        f'[[site]]\nname = "{name}"\nurl = "https://{name}.example"\n{more}' for name in sites
    )
    (folder / "thresher.toml").write_text(text, encoding="utf-8")
    return load_config(folder / "thresher.toml")


def let_go(folder: Path, name: str, status: int | str = 0) -> None:
    (folder / f"{name}-go").write_text(str(status))


def begun(folder: Path, *entries: str) -> bool:
    return {line for line in log(folder) if line.endswith("begins")} >= {
        f"{entry} begins" for entry in entries
    }


def test_sites_of_the_queue_are_crawled_and_their_jobs_end(tmp_path: Path, database: str) -> None:
    config = write(tmp_path, database, "one", "two")
    assert [site.name for site in enqueue(config, config.enabled)] == ["one", "two"]
    assert enqueue(config, config.enabled) == []  # they wait already
    let_go(tmp_path, "one")
    let_go(tmp_path, "two", 3)
    with worker(tmp_path, "a") as running:
        running.until_said("two: ALARM (exit status 3)")
        until(lambda: jobs(database) == [], lambda: jobs(database))
        assert running.end() == 0
    assert sorted(log(tmp_path)) == ["a one begins", "a one ends with 0", "a two begins", "a two ends with 3"]
    said = running.said()
    assert re.fullmatch(r"worker on \S+: 8 sites at the same time", said[0])
    assert any(re.fullmatch(r"one: done \(exit status 0\), after 0:00:0\d", line) for line in said)
    assert said[-2:] == ["stopping; crawls that are waited for: 0 (a second signal kills them)", "stopped"]


def test_a_worker_that_was_killed_is_replaced_and_what_it_did_is_not_done_again(
    tmp_path: Path, database: str
) -> None:
    config = write(tmp_path, database, "one", "two")
    enqueue(config, config.enabled)
    with worker(tmp_path, "a") as first:
        until(lambda: begun(tmp_path, "a one", "a two"), first.said)
        first.end(signal.SIGKILL)
    # Its crawls outlive it here. One goes to its end while nobody looks, the other is stopped on its way.
    let_go(tmp_path, "one")
    let_go(tmp_path, "two", 1)
    until(lambda: {"a one ends with 0", "a two ends with 1"} <= set(log(tmp_path)))
    with worker(tmp_path, "b") as second:
        second.until_said("taken over from workers that were lost: one, two")
        second.until_said("one: was crawled already")
        until(lambda: begun(tmp_path, "b two"), second.said)
        let_go(tmp_path, "two")
        until(lambda: jobs(database) == [], lambda: (jobs(database), second.said()))
        assert second.end() == 0
    assert [line for line in log(tmp_path) if "one" in line] == ["a one begins", "a one ends with 0"]


def test_a_worker_that_is_told_to_stop_leaves_its_crawls_to_others(tmp_path: Path, database: str) -> None:
    config = write(tmp_path, database, "one")
    enqueue(config, config.enabled)
    with worker(tmp_path, "a") as first:
        until(lambda: begun(tmp_path, "a one"), first.said)
        assert first.end() == 0
        assert "one: was stopped" in first.said()
    assert jobs(database) == [("one", "todo", 0)]
    with worker(tmp_path, "b") as second:
        until(lambda: begun(tmp_path, "b one"), second.said)
        let_go(tmp_path, "one")
        until(lambda: jobs(database) == [], second.said)
    assert log(tmp_path) == [
        "a one begins", "a one told to stop", "a one ends with 1", "b one begins", "b one ends with 0",
    ]  # fmt: skip


def test_a_crawl_that_failed_is_tried_again_later_and_not_for_ever(tmp_path: Path, database: str) -> None:
    config = write(tmp_path, database, "one")
    (tmp_path / "thresher.toml").write_text(
        (tmp_path / "thresher.toml").read_text().replace("[workers]\n", "[workers]\nretries = 1\n")
    )
    enqueue(config, config.enabled)
    let_go(tmp_path, "one", 4)
    with worker(tmp_path, "a") as running:
        running.until_said("one: is tried again in 0:01:00")
        until(lambda: jobs(database) == [("one", "todo", 0)], lambda: jobs(database))
        hurry(database)
        let_go(tmp_path, "one", 4)
        running.until_said("one: broke off (exit status 4), for the last time")
        until(lambda: jobs(database) == [("one", "failed", 0)], lambda: jobs(database))


def test_a_crawl_that_broke_off_is_not_done_whatever_its_status_says(tmp_path: Path, database: str) -> None:
    config = write(tmp_path, database, "one")
    enqueue(config, config.enabled)
    let_go(tmp_path, "one", "0 error")
    with worker(tmp_path, "a") as running:
        running.until_said("one: ended before all was done (exit status 0)")
        running.until_said("one: is tried again in 0:01:00")
        until(lambda: jobs(database) == [("one", "todo", 0)], lambda: jobs(database))


def test_a_crawl_that_could_not_hold_its_site_goes_on_soon(tmp_path: Path, database: str) -> None:
    config = write(tmp_path, database, "one")
    enqueue(config, config.enabled)
    let_go(tmp_path, "one", "1 lease-lost")
    with worker(tmp_path, "a") as running:
        running.until_said("one: could not hold its site")
        until(lambda: log(tmp_path).count("a one begins") == 2, running.said)
        let_go(tmp_path, "one")
        until(lambda: jobs(database) == [], lambda: jobs(database))


def test_a_site_that_another_run_crawls_is_asked_for_again(tmp_path: Path, database: str) -> None:
    config = write(tmp_path, database, "one")
    enqueue(config, config.enabled)
    let_go(tmp_path, "one", 75)
    with worker(tmp_path, "a") as running:
        running.until_said("one: is crawled by another run")
        until(lambda: log(tmp_path).count("a one begins") == 2, running.said)
        let_go(tmp_path, "one")
        until(lambda: jobs(database) == [], lambda: jobs(database))
    assert log(tmp_path).count("a one ends with 0") == 1


def test_a_schedule_makes_one_job_for_all_workers(tmp_path: Path, database: str) -> None:
    write(tmp_path, database, "one", more='schedule = "0 0 1 1 *"\n')
    with worker(tmp_path, "a") as first, worker(tmp_path, "b") as second:
        until(lambda: begun(tmp_path, "a one") or begun(tmp_path, "b one"), first.said)
        let_go(tmp_path, "one")
        until(lambda: jobs(database) == [] and len(log(tmp_path)) == 2, lambda: jobs(database))
        for running in (first, second):
            assert running.end() == 0
    due = [line for running in (first, second) for line in running.said() if line.startswith("due now")]
    assert due == ["due now: one"]


def test_sites_with_one_address_take_turns_in_all_the_fleet(tmp_path: Path, database: str) -> None:
    config = write(tmp_path, database, "www.gazette", "gazette")
    enqueue(config, config.enabled)
    with worker(tmp_path, "a") as first, worker(tmp_path, "b") as second:
        until(lambda: len(log(tmp_path)) == 1, lambda: (first.said(), second.said()))
        until(lambda: sorted(status for _, status, _ in jobs(database)) == ["doing", "todo"])
        let_go(tmp_path, "www.gazette")
        let_go(tmp_path, "gazette")
        until(lambda: jobs(database) == [], lambda: jobs(database))
    lines = [line[2:] for line in log(tmp_path)]
    assert lines == ["www.gazette begins", "www.gazette ends with 0", "gazette begins", "gazette ends with 0"]


def test_a_worker_joins_again_when_the_database_answers_and_keeps_its_crawls(
    tmp_path: Path, database: str
) -> None:
    config = write(tmp_path, database, "one")
    enqueue(config, config.enabled)
    with worker(tmp_path, "a") as running:
        until(lambda: begun(tmp_path, "a one"), running.said)
        lose_database(database)
        running.until_said("the database cannot be reached; trying again")
        regain_database(database)
        until(lambda: jobs(database)[0][1] == "todo" or len(running.said()) > 3, running.said)
        let_go(tmp_path, "one")
        until(lambda: jobs(database) == [], lambda: (jobs(database), running.said()))
    assert log(tmp_path) == ["a one begins", "a one ends with 0"]


@pytest.mark.parametrize("status", [0, 4])
def test_a_job_that_others_have_taken_over_is_left_to_them(
    tmp_path: Path, database: str, status: int
) -> None:
    config = write(tmp_path, database, "one")
    enqueue(config, config.enabled)
    with worker(tmp_path, "a") as running:
        until(lambda: begun(tmp_path, "a one"), running.said)
        with psycopg.connect(conninfo_of(database)) as connection:
            (other,) = connection.execute(
                "SELECT worker_id FROM procrastinate_register_worker_v1()"
            ).fetchall()
            connection.execute("UPDATE procrastinate_jobs SET worker_id = %s WHERE args ? 'site'", other)
        let_go(tmp_path, "one", status)
        running.until_said("one: done" if status == 0 else "one: was taken over")
        assert running.end() == 0
    assert jobs(database) == [("one", "doing", 0)]


def hurry(database: str) -> None:
    """Let the time come for what waits."""
    with psycopg.connect(conninfo_of(database)) as connection:
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")


def lose_database(database: str) -> None:
    """End all connections to a database, and let nobody connect."""
    allow(database, "false")


def regain_database(database: str) -> None:
    allow(database, "true")


def allow(database: str, yes: str) -> None:
    name = psycopg.conninfo.conninfo_to_dict(conninfo_of(database))["dbname"]
    with psycopg.connect(conninfo_of(database), dbname="postgres", autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {yes}")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
