"""The corpus in a database: SQLite, unless one of PostgreSQL is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Self

from sqlalchemy.orm import Session

from cleaners.article import Article, Rejection
from pipelines.store.articles import Saved
from pipelines.store.engine import begin_write, open_engine
from pipelines.store.schema import Run
from pipelines.store.together import Save
from pipelines.store.upgrade import bring_up_to_date, require_up_to_date


class Store:
    """Articles and rejections in a database, one transaction an item.

    `url` is an SQLAlchemy database URL; the folder and the tables are made if they are missing. One thread at
    a time; several stores may share a database.
    """

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        """Open the database; make it if it is not there, and upgrade it if an older program made it.

        With `read_only` neither is done, and nothing can be written. Raises SQLAlchemy's errors if that
        fails, `WrongDatabaseError` among them.
        """
        self._engine = open_engine(url, read_only=read_only)
        try:
            if read_only:
                require_up_to_date(self._engine)
            else:
                bring_up_to_date(self._engine)
        except BaseException:
            self._engine.dispose()
            raise

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
    def snapshot(self) -> Iterator[Session]:
        """A session whose every query sees the database as the first one did, while crawls go on writing.

        Nobody waits for it. SQLite's write-ahead log grows by what others write until this ends.
        """
        with self.session() as session:
            if session.get_bind().dialect.name == "sqlite":
                # The driver begins no transaction by itself, see `begin_write`.
                session.connection().exec_driver_sql("BEGIN")
            else:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose transaction is committed at the end, and undone by an exception.

        One at a time in the whole database, whoever writes; the others wait (`begin_write`).
        """
        with Session(self._engine) as session, session.begin():
            begin_write(session.connection())
            yield session

    @contextmanager
    def write_beside(self) -> Iterator[Session]:
        """A session of PostgreSQL for a statement that is right whatever others write: it waits for none.

        From any thread.
        """
        with Session(self._engine) as session, session.begin():
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
