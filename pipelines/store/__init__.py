"""The corpus in a database: SQLite unless another one is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from cleaners.article import Article, Rejection
from pipelines.store.articles import Saved
from pipelines.store.crawl_schema import StoredSite  # noqa: F401 - its tables are made with the others
from pipelines.store.reuse_schema import StoredText  # noqa: F401 - its tables too
from pipelines.store.schema import Base, Run
from pipelines.store.together import Save

_BUSY_SECONDS: Final = 30  # how long one writer waits for another; a write takes milliseconds


class Store:
    """Articles and rejections in a database, one transaction an item.

    `url` is an SQLAlchemy database URL; the folder and the tables are made if they are missing. One thread at
    a time; several stores may share a database.
    """

    def __init__(self, url: str) -> None:
        """Open the database, and make it if it is not there. Raises SQLAlchemy's errors if that fails."""
        self._engine = _engine(url)
        with self.write() as session:  # so that two stores that open at once do not both make the tables
            Base.metadata.create_all(session.connection())

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the database's connections."""
        self._engine.dispose()

    def session(self) -> Session:
        """A session to read the corpus with; close it (or use it in a `with`)."""
        return Session(self._engine)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose transaction is committed at the end, and undone by an exception."""
        with Session(self._engine) as session, session.begin():
            if self._engine.dialect.name == "sqlite":
                # A transaction that reads first and writes later fails at once if another one wrote in
                # between. Ours read and write, so they take the write lock at their start and wait there.
                session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield session

    def save(self, item: Article | Rejection, run_id: int | None = None) -> Saved:
        """Write one article or rejection in a transaction of its own.

        An article that says something else than the one held becomes its next revision, and removes the
        rejection that its URL had from an earlier run; a rejection leaves the article of an earlier run.
        """
        with self.write() as session:
            return Save(item, run_id)(session)


def begin_run(
    session: Session, spider: str, arguments: Mapping[str, Any], started: datetime, job: str | None = None
) -> int:
    """Record that a run began; gives its number."""
    run = Run(spider=spider, arguments=dict(arguments), started=started, job=job)
    session.add(run)
    session.flush()
    return run.id


def end_run(session: Session, run_id: int, finished: datetime, outcome: str) -> None:
    """Record that a run ended, and how. Raises `LookupError` for a run that was never begun."""
    run = session.get(Run, run_id)
    if run is None:
        raise LookupError(f"no run {run_id} in the database")
    run.finished, run.outcome = finished, outcome


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": _BUSY_SECONDS})
    else:  # one connection, as each has a memory of its own
        engine = create_engine(parsed, poolclass=StaticPool)
    event.listen(engine, "connect", _configure_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: Any) -> None:
    # The driver would begin transactions by itself, and only at the first write; see Store._write.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")  # readers and the writer do not wait for each other
    cursor.execute("PRAGMA synchronous=NORMAL")  # safe with WAL; a power cut may lose the last items only
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
