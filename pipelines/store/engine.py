"""How a database is opened, and how a transaction that writes begins: SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

BUSY_SECONDS: Final = 30
"""How long one writer waits for another; a write takes milliseconds."""

_CACHE_KIB: Final = 64 * 1024  # the index of keys is written all over, and its inner pages must be at hand
_SILENT_SECONDS: Final = 20  # after which the other end counts as gone; less than BUSY_SECONDS
_PROBE_SECONDS: Final = 5  # between two signs of life on a quiet connection
_AGAIN_SECONDS: Final = 0.01
_CONNECT_SECONDS: Final = 10  # a server that is there answers in one; the system would wait for minutes
_HANGS_SECONDS: Final = 300  # after which a writer that stopped in the middle loses its turn
_WRITERS: Final = 0x7468726573686572  # "thresher": PostgreSQL's advisory locks have numbers for names

_TURN: Final = text(
    "SELECT set_config('lock_timeout', :wait, true), set_config('idle_in_transaction_session_timeout', "
    ":hangs, true), pg_advisory_xact_lock(:key)"
)


class WrongDatabaseError(SQLAlchemyError):
    """A database that this program cannot work with; the message says why, and what to do."""


def open_engine(url: str, *, read_only: bool = False) -> Engine:
    """An engine for a database's URL; the folder of an SQLite file is made if it is missing.

    With `read_only` the database itself refuses to be written.

    Raises `WrongDatabaseError` for a URL of another kind of database, and where its driver is not installed.
    """
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, ValueError):  # what they say may repeat a password
        raise WrongDatabaseError(
            "its address is no SQLAlchemy URL, such as sqlite:///corpus/thresher.db"
        ) from None
    if backend in _OPENERS:
        engine = _OPENERS[backend](parsed)
        if read_only:
            refusing = _READ_ONLY[backend]
            event.listen(engine, "connect", lambda connection, _: _execute(connection, refusing))
        return engine
    raise WrongDatabaseError(f"it can be SQLite or PostgreSQL, but not {backend}")


def begin_write(connection: Connection, wait_seconds: int = BUSY_SECONDS) -> None:
    """Wait for the turn to write, which lasts to the end of the transaction.

    A transaction that reads first and writes what follows from it is wrong if another one wrote in between:
    SQLite lets it fail at once, PostgreSQL lets it go on or, where two wait for each other, stops one. Ours
    read and write, take milliseconds, and come many at once from one thread of a process; so each takes its
    turn at the start. Raises `OperationalError` if that does not come within `wait_seconds` (of SQLite the
    connection's `busy_timeout` says how long).
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.execute(_TURN, {"wait": f"{wait_seconds}s", "hangs": f"{_HANGS_SECONDS}s", "key": _WRITERS})


def _execute(connection: Any, statement: str) -> None:
    cursor = connection.cursor()
    cursor.execute(statement)
    cursor.close()
    connection.commit()


def _sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    else:  # one connection, as each has a memory of its own
        engine = create_engine(url, poolclass=StaticPool)
    event.listen(engine, "connect", _configure_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: Any) -> None:
    # The driver would begin transactions by itself, and only at the first write; see `begin_write`.
    connection.isolation_level = None
    cursor = connection.cursor()
    _write_ahead(cursor)  # readers and the writer do not wait for each other
    cursor.execute("PRAGMA synchronous=NORMAL")  # safe with WAL; a power cut may lose the last items only
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Have SQLite write ahead.

    While others open or close the same file it may fail at once, whatever the connection's timeout is.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_AGAIN_SECONDS)
        else:
            return


def _postgresql(url: URL) -> Engine:
    if url.drivername == "postgresql":  # SQLAlchemy 2.0 would take another driver
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername != "postgresql+psycopg":
        raise WrongDatabaseError("for PostgreSQL its address begins with postgresql+psycopg://")
    try:
        engine = create_engine(
            url,
            connect_args=connection_defaults(url),
            pool_pre_ping=True,  # between two writes the server may have been started anew
            isolation_level="READ COMMITTED",  # what is read after the turn has come was written before it
        )
    except ImportError as error:
        raise WrongDatabaseError(
            "PostgreSQL needs the package psycopg: pip install 'thresher[postgres]'"
        ) from error
    event.listen(engine, "connect", _configure_postgresql)
    return engine


def connection_defaults(url: URL) -> dict[str, str | int]:
    """libpq's parameters of a connection to PostgreSQL, where the URL does not name them itself.

    A network that is cut refuses nothing, it is silent: without these, waiting for it takes a quarter of an
    hour.
    """
    defaults: dict[str, str | int] = {
        "connect_timeout": _CONNECT_SECONDS,
        "application_name": "thresher",
        "keepalives_idle": _PROBE_SECONDS,
        "keepalives_interval": _PROBE_SECONDS,
        "keepalives_count": _SILENT_SECONDS // _PROBE_SECONDS - 1,
        "tcp_user_timeout": _SILENT_SECONDS * 1_000,
    }
    return {name: value for name, value in defaults.items() if name not in url.query}


def _configure_postgresql(connection: Any, _record: Any) -> None:
    # Times are read in the session's zone, and the first and the last of the calendar are in UTC only. The
    # server, too, must notice that a writer was cut off: until then it keeps the turn to write from others.
    _execute(
        connection,
        "SELECT set_config('TimeZone', 'UTC', false), "
        f"set_config('tcp_keepalives_idle', '{_PROBE_SECONDS}', false), "
        f"set_config('tcp_keepalives_interval', '{_PROBE_SECONDS}', false), "
        f"set_config('tcp_keepalives_count', '{_SILENT_SECONDS // _PROBE_SECONDS - 1}', false), "
        f"set_config('tcp_user_timeout', '{_SILENT_SECONDS * 1_000}', false)",
    )


_OPENERS: Final = {"sqlite": _sqlite, "postgresql": _postgresql}
_READ_ONLY: Final = {
    "sqlite": "PRAGMA query_only=ON",
    "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
}
