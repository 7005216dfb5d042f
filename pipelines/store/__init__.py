"""The corpus in a database: SQLite unless another one is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import Engine, create_engine, delete, event, make_url, select
from sqlalchemy.orm import Session

from cleaners.article import SCHEMA_VERSION, Article, Rejection
from pipelines.store.schema import Base, Run, StoredArticle, StoredBlock, StoredRejection, storable

_BUSY_SECONDS: Final = 30  # how long one writer waits for another; a write takes milliseconds


class Store:
    """Articles and rejections in a database, one transaction an item.

    `url` is an SQLAlchemy database URL; the folder and the tables are made if they are missing. Saving
    the same page URL again updates its row. One thread at a time; several stores may share a database.
    """

    def __init__(self, url: str) -> None:
        """Open the database, and make it if it is not there. Raises SQLAlchemy's errors if that fails."""
        self._engine = _engine(url)
        with self._write() as session:  # so that two stores that open at once do not both make the tables
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
    def _write(self) -> Iterator[Session]:
        with Session(self._engine) as session, session.begin():
            if self._engine.dialect.name == "sqlite":
                # A transaction that reads first and writes later fails at once if another one wrote in
                # between. Ours read and write, so they take the write lock at their start and wait there.
                session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield session

    def begin_run(self, spider: str, arguments: Mapping[str, Any], started: datetime) -> int:
        """Record that a run began; gives its number."""
        with self._write() as session:
            run = Run(spider=spider, arguments=dict(arguments), started=started)
            session.add(run)
            session.flush()
            return run.id

    def end_run(self, run_id: int, finished: datetime) -> None:
        """Record that a run ended. Raises `LookupError` for a run that was never begun."""
        with self._write() as session:
            run = session.get(Run, run_id)
            if run is None:
                raise LookupError(f"no run {run_id} in the database")
            run.finished = finished

    def save(self, item: Article | Rejection, run_id: int | None = None) -> None:
        """Write one article or rejection in a transaction of its own.

        An article removes the rejection that its URL had from an earlier run; a rejection leaves the
        article of an earlier run in place.
        """
        with self._write() as session:
            if isinstance(item, Article):
                _save_article(session, item, run_id)
            else:
                _save_rejection(session, item, run_id)


def _save_article(session: Session, article: Article, run_id: int | None) -> None:
    stored: StoredArticle | None = None
    if article.url is not None:
        url = storable(article.url)
        session.execute(delete(StoredRejection).where(StoredRejection.url == url))
        stored = session.scalar(select(StoredArticle).where(StoredArticle.url == url))
    if stored is None:
        stored = StoredArticle()
        session.add(stored)
    else:
        session.execute(delete(StoredBlock).where(StoredBlock.article_id == stored.id))
        session.expire(stored, ["blocks"])
    for name, value in _columns(article).items():
        setattr(stored, name, value)
    stored.run_id = run_id
    session.flush()
    session.add_all(
        StoredBlock(article_id=stored.id, position=position, **block.to_record())
        for position, block in enumerate(article.blocks)
    )


def _columns(article: Article) -> dict[str, Any]:
    claim = article.claimed_source
    names = (
        "url canonical_url site title authors published modified language text markdown categories "
        "warnings fetched_at discovered_by lastmod"
    )
    return {
        **{name: getattr(article, name) for name in names.split()},
        "schema_version": SCHEMA_VERSION,
        "boilerplate": article.to_record()["boilerplate"],
        "claimed_domain": claim.domain if claim else None,
        "claimed_name": claim.name if claim else None,
        "claimed_kind": claim.kind if claim else None,
        "claimed_evidence": claim.evidence if claim else None,
    }


def _save_rejection(session: Session, rejection: Rejection, run_id: int | None) -> None:
    stored: StoredRejection | None = None
    if rejection.url is not None:
        url = storable(rejection.url)
        stored = session.scalar(select(StoredRejection).where(StoredRejection.url == url))
    if stored is None:
        stored = StoredRejection()
        session.add(stored)
    for name in ("url", "reason", "detail", "status", "fetched_at", "discovered_by"):
        setattr(stored, name, getattr(rejection, name))
    stored.run_id = run_id


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": _BUSY_SECONDS})
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
