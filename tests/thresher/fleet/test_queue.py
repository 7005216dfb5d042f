"""The queue's tables, who may use them, and what a schedule puts there."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from procrastinate.schema import SchemaManager

from pipelines.store import Store, begin_run, end_run
from tests.thresher.fleet.workers import jobs
from thresher.config import Config, load_config
from thresher.fleet.planning import plan
from thresher.fleet.queue import NoQueueError, conninfo_of, enqueue, lock_of, make_queue, queue_app
from thresher.fleet.runs import COUNTED, figures_of_runs, latest_run, was_crawled


def write(folder: Path, database: str, text: str) -> Config:
    (folder / "thresher.toml").write_text(f'database = "{database}"\n{text}', encoding="utf-8")
    return load_config(folder / "thresher.toml")


SCHEDULED = '[[site]]\nname = "one"\nurl = "https://one.example"\nschedule = "{}"\n'


def planned(config: Config) -> list[str]:
    async def run() -> list[str]:
        async with queue_app(config.database) as app:
            return await plan(app, config)

    return asyncio.run(run())


def ran(database: str, job: str, outcome: str | None, ago: timedelta = timedelta()) -> int:
    began = datetime.now(UTC) - ago
    with Store(database) as store, store.write() as session:
        number = begin_run(session, "site", {}, began, job)
        if outcome:
            end_run(session, number, began, outcome)
    return number


def test_tables_are_made_once_and_remember_who_made_them(database: str) -> None:
    make_queue(database)
    make_queue(database)
    with psycopg.connect(conninfo_of(database)) as connection:
        (comment,) = connection.execute(
            "SELECT obj_description('procrastinate_jobs'::regclass, 'pg_class')"
        ).fetchall()
    assert comment[0].startswith("made by thresher, up to 03.")


def test_tables_of_an_older_version_are_brought_up_to_date(tmp_path: Path, database: str) -> None:
    scripts = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    with psycopg.connect(conninfo_of(database), autocommit=True) as connection:
        for script in scripts:
            if script.name < "03.02":
                connection.execute(script.read_bytes())
                connection.execute(
                    f"COMMENT ON TABLE procrastinate_jobs IS 'made by thresher, up to {script.name}'"
                )
    config = write(tmp_path, database, '[[site]]\nurl = "https://one.example"\n')
    assert enqueue(config, config.enabled) == config.enabled
    assert jobs(database) == [("one.example", "todo", 0)]


def test_tables_of_another_program_are_left_alone(database: str) -> None:
    with psycopg.connect(conninfo_of(database)) as connection:
        connection.execute(SchemaManager.get_schema())
    with pytest.raises(NoQueueError, match="that another program made"):
        make_queue(database)


def test_a_queue_needs_postgresql() -> None:
    with pytest.raises(NoQueueError, match="workers share a database of PostgreSQL"):
        make_queue("sqlite:///corpus/thresher.db")


def test_sites_of_one_domain_have_one_lock(tmp_path: Path, database: str) -> None:
    config = write(
        tmp_path,
        database,
        '[[site]]\nname = "a"\nurl = "https://www.gazette.example/x"\n'
        '[[site]]\nname = "b"\nurl = "http://gazette.example"\n'
        '[[site]]\nname = "c"\nkind = "files"\npath = "pages"\n',
    )
    assert [lock_of(site) for site in config.enabled] == [
        "site gazette.example", "site gazette.example", "files c",
    ]  # fmt: skip


def test_a_time_of_a_schedule_makes_one_job(tmp_path: Path, database: str) -> None:
    config = write(tmp_path, database, SCHEDULED.format("* * * * *"))
    make_queue(database)
    ran(database, "one", "finished", timedelta(minutes=10))
    assert planned(config) == ["one"]
    assert planned(config) == []  # it waits
    with psycopg.connect(conninfo_of(database)) as connection:
        connection.execute("UPDATE procrastinate_jobs SET status = 'failed'")
        (due,) = connection.execute("SELECT defer_timestamp FROM procrastinate_periodic_defers").fetchall()
    assert due[0] % 60 == 0
    assert 0 <= datetime.now(UTC).timestamp() - due[0] < 120
    assert planned(config) in ([], ["one"])  # the same minute, or the next one


def test_a_site_that_is_not_due_is_not_put_there(tmp_path: Path, database: str) -> None:
    make_queue(database)
    config = write(
        tmp_path, database, SCHEDULED.format("0 0 1 1 *") + '[[site]]\nurl = "https://two.example"\n'
    )
    assert planned(config) == ["one"]  # never crawled
    with psycopg.connect(conninfo_of(database)) as connection:
        connection.execute("DELETE FROM procrastinate_jobs")
    ran(database, "one", "finished")
    assert planned(config) == []


def test_a_schedule_of_rare_times_is_due_after_a_long_while(tmp_path: Path, database: str) -> None:
    make_queue(database)
    config = write(tmp_path, database, SCHEDULED.format("0 0 1 * *"))
    ran(database, "one", "finished", timedelta(days=70))
    assert planned(config) == ["one"]
    with psycopg.connect(conninfo_of(database)) as connection:
        (due,) = connection.execute("SELECT defer_timestamp FROM procrastinate_periodic_defers").fetchall()
    assert datetime.fromtimestamp(due[0], UTC).day == 1


@pytest.mark.parametrize(
    ("outcome", "done"),
    [(None, False), ("finished", True), ("max_pages", True), ("shutdown", False), ("lease-lost", False), ("held", False)],
)  # fmt: skip
def test_a_crawl_counts_when_it_went_to_its_end(database: str, outcome: str | None, done: bool) -> None:
    before = ran(database, "one", "finished")
    assert latest_run(database) == before
    ran(database, "two", "finished")
    ran(database, "one", outcome)
    assert was_crawled(database, "one", before) is done
    assert was_crawled(database, "one", latest_run(database)) is False
    assert figures_of_runs(database, "one", 0) == dict.fromkeys(COUNTED, 0)
