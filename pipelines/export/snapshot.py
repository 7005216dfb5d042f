"""One state of the database for a whole export, while crawls go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from pipelines.store import Store


@contextmanager
def snapshot(store: Store) -> Iterator[Connection]:
    """A connection whose every query sees the database as the first one did.

    Nobody waits for it. SQLite's write-ahead log grows by what others write until this ends.
    """
    with store.session() as session:
        if session.get_bind().dialect.name == "sqlite":
            connection = session.connection()
            connection.exec_driver_sql("BEGIN")  # the driver begins none by itself, see Store
        else:
            connection = session.connection(
                execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            )
        yield connection
