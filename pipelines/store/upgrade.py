"""The database's schema: made, recognised, and brought up to date when a database is opened.

`alembic_version` names the last step of `migrations` that was taken. A database that is up to date costs one
query; Alembic is loaded only where there is something to do. The whole upgrade is one transaction, which a
second program that opens the database meanwhile waits for.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, insert, inspect, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from pipelines.store.engine import BUSY_SECONDS, WrongDatabaseError, begin_write
from pipelines.store.tables import METADATA

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_WAIT_SECONDS: Final = 3_600  # for another program's upgrade: millions of articles take minutes
_ONE_AT_A_TIME: Final = threading.Lock()  # Alembic's `op` is one for the whole process

VERSION: Final = Table(
    "alembic_version",
    MetaData(naming_convention={"pk": "alembic_version_pkc"}),
    Column("version_num", String(32), primary_key=True),
)
"""The table that notes the last step that was taken, as Alembic makes it."""

_LANDMARKS: Final = (
    ("articles", "digest", "0003"),
    ("blocks", "repeats", "0002"),
    ("articles", "claimed_kind", "0001"),
)
"""Columns that tell how old a database is that was made before there were migrations, newest first. Of what
the last of these programs made, step 0004 makes the rest."""

logger = logging.getLogger(__name__)


@cache
def steps() -> tuple[str, ...]:
    """The numbers of the steps, in order; the last one leads to the schema of the models."""
    return tuple(sorted(path.name[:4] for path in (_MIGRATIONS / "versions").glob("[0-9]*_*.py")))


def bring_up_to_date(engine: Engine) -> None:
    """Make a database's tables, or change them to those that the models describe.

    Raises `WrongDatabaseError` for a database of a newer program or with other tables of the same names, and
    SQLAlchemy's errors where it cannot be read or written.
    """
    with engine.connect() as connection:
        try:
            version = connection.scalar(select(VERSION.c.version_num))
        except (OperationalError, ProgrammingError):
            version = None  # no such table, most likely; what else is wrong shows in the next step
    if version != steps()[-1]:
        with _ONE_AT_A_TIME, _alone(engine) as connection:
            _upgrade(connection)


def require_up_to_date(engine: Engine) -> None:
    """Raise `WrongDatabaseError` for a database that is not of this program's schema, and change nothing."""
    with engine.connect() as connection:
        version = _recorded(connection)
    if version != steps()[-1]:
        raise WrongDatabaseError(
            f"its schema is {version or 'of no known version'}, and this program reads {steps()[-1]}: "
            "`thresher relate` brings an older one up to date"
        )


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction that nobody writes beside."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            begin_write(connection, wait_seconds=_WAIT_SECONDS)
            yield connection
            connection.commit()
            return
        connection.exec_driver_sql("PRAGMA busy_timeout=1000")
        # A table that Alembic copies is dropped: rows that refer to its rows must not go with it.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        try:
            _wait_for_turn(connection)
            yield connection
            connection.commit()
        finally:
            connection.rollback()
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def _wait_for_turn(connection: Connection) -> None:
    """In SQLite. By the second, as Python sees no Ctrl-C while the library waits."""
    until = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            begin_write(connection)
        except OperationalError as error:
            busy = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > until:
                raise
        else:
            return


def _upgrade(connection: Connection) -> None:
    recorded, known = _recorded(connection), steps()
    version = recorded or _recognised(connection)
    if version is None:
        METADATA.create_all(connection)
        _record(connection, known[-1])
    elif version not in known:
        raise WrongDatabaseError(
            f"it was written by a newer Thresher (its schema is {version}, this program knows those up to "
            f"{known[-1]}); upgrade the program, or name another database"
        )
    elif version != known[-1]:
        if recorded is None:
            _record(connection, version)
        logger.info("The database is upgraded from schema %s to %s", version, known[-1])
        _migrate(connection)
        _check_references(connection)


def _recorded(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION.name):
        return None
    return connection.scalar(select(VERSION.c.version_num))


def _recognised(connection: Connection) -> str | None:
    """The step that a database without a recorded one stands at; `None` for one without our tables."""
    inspector = inspect(connection)
    if not inspector.has_table("articles"):
        return None
    for table, column, version in _LANDMARKS:
        if inspector.has_table(table) and column in {one["name"] for one in inspector.get_columns(table)}:
            return version
    raise WrongDatabaseError("it has a table “articles” of another program; name another database")


def _record(connection: Connection, version: str) -> None:
    VERSION.create(connection, checkfirst=True)
    connection.execute(insert(VERSION).values(version_num=version))


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a tenth of a second that a database up to date does not cost
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _check_references(connection: Connection) -> None:
    """PostgreSQL checks them all along, SQLite not while tables are copied."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise WrongDatabaseError(
                f"a row of its table {broken[0]} refers to a row of {broken[2]} that is not there"
            )
