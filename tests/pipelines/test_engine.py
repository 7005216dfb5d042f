"""How databases are opened, who writes when, and what is said where that fails."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from cleaners import Article, Rejection
from cleaners.article import Fingerprint
from cleaners.frontier import Ended, FoundUrl, Outcome, Role
from pipelines.store import Store, engine
from pipelines.store.crawl_schema import StoredPage, StoredSite
from pipelines.store.engine import WrongDatabaseError, begin_write, open_engine
from pipelines.store.frontier import admit, end
from pipelines.store.schema import StoredArticle, StoredFingerprint, StoredRejection, StoredRevision
from tests.postgres_server import PASSWORD

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SITE = "a.example"


def side_by_side(database: str, write: Callable[[Store, int], None], stores: int = 4) -> None:
    """What several programs do at once, each with a store of its own."""
    gate = threading.Barrier(stores)

    def run(number: int) -> None:
        with Store(database) as store:
            gate.wait(timeout=30)
            write(store, number)

    with ThreadPoolExecutor(stores) as threads:
        for future in [threads.submit(run, number) for number in range(stores)]:
            future.result()


def test_what_was_read_stays_true_until_it_is_written(database: str) -> None:
    with Store(database) as store, store.write() as session:
        session.add(StoredSite(site=SITE, pass_id=0, pass_began=NOW, pass_open=False))

    def count(store: Store, _number: int) -> None:
        for _ in range(25):
            with store.write() as session:
                site = session.get(StoredSite, SITE)
                assert site is not None
                site.pass_id += 1

    side_by_side(database, count)
    with Store(database) as store, store.session() as session:
        assert session.scalars(select(StoredSite.pass_id)).one() == 100


def test_programs_that_find_and_save_the_same_pages(database: str) -> None:
    """Each in another order, so that without turns two would wait for each other."""
    keys = [f"{SITE}/{number}" for number in range(20)]

    def crawl(store: Store, number: int) -> None:
        for key in keys if number % 2 else reversed(keys):
            found = FoundUrl(key=key, url=f"http://{key}", site=SITE, role=Role.ARTICLE, discovered_by="link")
            with store.write() as session:
                admit(session, [found], {SITE: 1}, NOW)
                end(session, Ended(key=key, outcome=Outcome.ARTICLE), NOW)
            marks = [Fingerprint("generator", f"Hugo {key[-1]}"), Fingerprint("google-ads", key)]
            store.save(Rejection(url=f"http://{key}", reason="timeout", detail="late"))
            store.save(Article(url=f"http://{key}", text=f"By {number}.", fingerprints=marks))

    side_by_side(database, crawl)
    with Store(database) as store, store.session() as session:
        assert sorted(session.scalars(select(StoredPage.key))) == sorted(keys)
        assert len(session.scalars(select(StoredArticle.id)).all()) == len(keys)
        revisions = sorted(session.scalars(select(StoredArticle.revision)))
        assert revisions == [4] * len(keys)
        assert len(session.scalars(select(StoredRevision.revision)).all()) == 3 * len(keys)
        assert len(session.scalars(select(StoredFingerprint.id)).all()) == 10 + len(keys)
        assert session.scalars(select(StoredRejection.id)).all() == []


def test_who_waits_too_long_is_told(database: str) -> None:
    with Store(database) as store, store.write(), Store(database) as other, other.session() as session:
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA busy_timeout=200")
        with pytest.raises(OperationalError, match="lock"):
            begin_write(connection, wait_seconds=1)


def test_readers_wait_for_nobody(database: str) -> None:
    with Store(database) as store, store.write() as session:
        session.add(StoredSite(site=SITE, pass_id=0, pass_began=NOW, pass_open=False))
        session.flush()
        with Store(database) as other, other.session() as reading:
            assert reading.scalars(select(StoredSite)).all() == []


def test_sqlite_keeps_a_log(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path}/crawl.db") as store, store.session() as session:
        for setting, value in (("journal_mode", "wal"), ("synchronous", 1), ("foreign_keys", 1)):
            assert session.execute(text(f"PRAGMA {setting}")).scalar() == value


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_server_that_was_started_anew(database: str) -> None:
    with Store(database) as store, Store(database) as other:
        for number, expected in enumerate(("new", "new")):
            assert store.save(Article(url=f"http://{SITE}/{number}", text="One.")) == expected
            with other.session() as session:
                others = (
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                )
                session.execute(text(f"{others} AND datname = current_database()"))


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_writer_that_hangs_loses_its_turn(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_HANGS_SECONDS", 1)
    with Store(database) as hanging, Store(database) as store:

        def hang() -> None:
            with hanging.write() as session:
                session.add(StoredSite(site=SITE, pass_id=0, pass_began=NOW, pass_open=False))
                session.flush()
                assert store.save(Article(url=f"http://{SITE}/", text="One.")) == "new"

        with pytest.raises(DBAPIError, match="idle-in-transaction timeout"):
            hang()
        with store.session() as reading:
            assert reading.scalars(select(StoredSite)).all() == []


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_addresses_of_postgresql(database: str) -> None:
    with Store(database.replace("postgresql+psycopg:", "postgresql:")) as store, store.session() as session:
        assert session.execute(text("SHOW timezone")).scalar() == "UTC"
        assert session.execute(text("SHOW application_name")).scalar() == "thresher"
    with Store(f"{database}&application_name=mine") as store, store.session() as session:
        assert session.execute(text("SHOW application_name")).scalar() == "mine"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgresql+psycopg://me:{}@h:port/x", "its address is no SQLAlchemy URL, such as sqlite:///corpus/thresher.db"),
        ("{}", "its address is no SQLAlchemy URL, such as sqlite:///corpus/thresher.db"),
        ("mysql://me:{}@h/x", "it can be SQLite or PostgreSQL, but not mysql"),
        ("postgresql+psycopg2://me:{}@h/x", "for PostgreSQL its address begins with postgresql+psycopg://"),
    ],
)  # fmt: skip
def test_other_databases(url: str, message: str) -> None:
    with pytest.raises(WrongDatabaseError) as caught:
        open_engine(url.format(PASSWORD))
    assert str(caught.value) == message


def test_without_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(WrongDatabaseError) as caught:
        open_engine(f"postgresql+psycopg://me:{PASSWORD}@h/x")
    assert str(caught.value) == "PostgreSQL needs the package psycopg: pip install 'thresher[postgres]'"


@pytest.mark.parametrize("query", ["", "?hots=x", "?sslmode=never"])
def test_no_error_shows_the_password(query: str) -> None:
    url = f"postgresql+psycopg://me:{PASSWORD}@127.0.0.1:1/x{query}"
    assert PASSWORD not in repr(open_engine(url))
    with pytest.raises(SQLAlchemyError, match=r"refused|option|sslmode") as caught:
        Store(url)
    assert PASSWORD not in f"{caught.value!r} {caught.value} {caught.value.__cause__!r}"


def test_a_store_that_only_reads_cannot_write(database: str) -> None:
    Store(database).close()
    with Store(database, read_only=True) as store:
        with store.snapshot() as session:
            assert session.scalar(select(func.count(StoredArticle.id))) == 0
        with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
            store.save(Rejection(url="https://a.example/", reason="timeout", detail="too slow"))


def test_a_store_that_only_reads_upgrades_nothing(empty_database: str) -> None:
    with pytest.raises(WrongDatabaseError, match="thresher relate"):
        Store(empty_database, read_only=True)


def test_a_snapshot_sees_nothing_that_is_written_meanwhile(database: str) -> None:
    with Store(database) as store, Store(database) as other:
        with store.snapshot() as session:
            count = select(func.count(StoredRejection.id))
            assert session.scalar(count) == 0
            other.save(Rejection(url="https://a.example/", reason="timeout", detail="too slow"))
            assert session.scalar(count) == 0
        with store.session() as session:
            assert session.scalar(count) == 1
