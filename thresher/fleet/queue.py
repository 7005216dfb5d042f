"""The queue of sites to crawl: jobs of Procrastinate in the database of the articles, PostgreSQL.

One job is one crawl of one site. Jobs that crawl the same site have the same lock, so that one runs at a
time in all the fleet; and a site waits in the queue once, however often it is asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import make_url

from cleaners.urls import site_of
from pipelines.store.engine import connection_defaults
from thresher.fleet.runs import latest_run

try:
    import psycopg
    from procrastinate import App, PsycopgConnector
    from procrastinate.exceptions import AlreadyEnqueued
    from procrastinate.schema import SchemaManager
    from psycopg import sql
    from psycopg.conninfo import make_conninfo
except ImportError as error:
    raise ImportError("a queue of sites needs more packages: pip install 'thresher[workers]'") from error

if TYPE_CHECKING:
    from thresher.config import Config, Site

CRAWL: Final = "thresher:crawl"
"""The task, and the queue, of the crawls of sites."""

_POOL: Final[dict[str, Any]] = {
    "min_size": 1,
    "max_size": 4,
    "timeout": 5.0,
}  # connections of one worker; seconds
_SCHEMA_LOCK: Final = 0x7468726571756575  # "threqueu": workers that start together make the tables once
_SAID: Final = "made by thresher, up to "  # begins the comment of the queue's main table


class NoQueueError(ValueError):
    """A configuration whose database cannot hold a queue."""


def conninfo_of(database: str) -> str:
    """libpq's connection string for a database's URL. Raises `NoQueueError` if it is not of PostgreSQL."""
    url = make_url(database)
    if url.get_backend_name() != "postgresql":
        raise NoQueueError(
            'workers share a database of PostgreSQL: database = "postgresql+psycopg://…" in the file '
            "(docs/fleet.md); one machine needs no workers but `thresher schedule`"
        )
    given: dict[str, Any] = {
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "password": url.password,
        "dbname": url.database,
        **{key: value if isinstance(value, str) else ",".join(value) for key, value in url.query.items()},
        **connection_defaults(url),
    }
    return make_conninfo(**{key: value for key, value in given.items() if value})


def make_queue(database: str) -> None:
    """Make the tables of the queue where they are missing, and bring those of an older version up to date.

    Raises `NoQueueError` and psycopg's errors.
    """
    # Each script for itself: some use what others must have committed.
    with psycopg.connect(conninfo_of(database), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_SCHEMA_LOCK])
        latest = _last_script(connection)
        scripts = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
        if latest is None:
            with connection.transaction():
                connection.execute(SchemaManager.get_schema())
                _note(connection, scripts[-1])
            return
        for script in scripts:
            if script.name > latest:
                connection.execute(script.read_bytes())
                _note(connection, script)


def _last_script(connection: psycopg.Connection[Any]) -> str | None:
    """The name of the last of Procrastinate's scripts that the tables have seen; `None` without tables."""
    row = connection.execute(
        "SELECT obj_description(found, 'pg_class') "
        "FROM to_regclass('procrastinate_jobs') AS found WHERE found IS NOT NULL"
    ).fetchone()
    if row is None:
        return None
    comment = str(row[0] or "")
    if not comment.startswith(_SAID):
        raise NoQueueError(
            "the database holds tables of Procrastinate that another program made; give Thresher its own"
        )
    return comment.removeprefix(_SAID)


def _note(connection: psycopg.Connection[Any], script: Path) -> None:
    """Note the last script in the comment of the main table."""
    comment = sql.Literal(f"{_SAID}{script.name}")
    connection.execute(sql.SQL("COMMENT ON TABLE procrastinate_jobs IS {}").format(comment))


@asynccontextmanager
async def queue_app(database: str) -> AsyncIterator[App]:
    """Procrastinate's application on a database. Raises psycopg's errors, and its `ConnectorException`, while
    there is no answer."""
    conninfo = conninfo_of(database)
    await (await psycopg.AsyncConnection.connect(conninfo)).close()  # the pool would try for half a minute
    app = App(connector=PsycopgConnector(conninfo=conninfo, **_POOL))
    async with app.open_async():
        yield app


async def put(
    app: App, site: Site, after: int, *, tries: int = 0, wait: float = 0, due: int | None = None
) -> bool:
    """Ask for a crawl of a site; false where one waits already, or its time `due` was served before.

    `after` is the number of the latest run that does not count as the crawl asked for, `tries` how often it
    has failed, `wait` the seconds until it may begin.
    """
    task = {"site": site.name, "after": after, "tries": tries}
    deferrer = app.configure_task(
        CRAWL,
        queue=CRAWL,
        lock=lock_of(site),
        queueing_lock=site.name,
        task_kwargs=task if due is None else {**task, "timestamp": due},
        schedule_in={"seconds": round(wait)} if wait else None,
    )
    try:
        if due is None:
            await deferrer.defer_async()
            return True
        number = await app.job_manager.defer_periodic_job(
            deferrer.job, periodic_id=site.name, defer_timestamp=due
        )
    except AlreadyEnqueued:
        return False
    return number is not None


def lock_of(site: Site) -> str:
    """What jobs that crawl the same site have in common."""
    return f"site {site_of(site.url[0]) or site.url[0]}" if site.url else f"files {site.name}"


def enqueue(config: Config, sites: Sequence[Site]) -> list[Site]:
    """Ask for crawls of sites, from outside of a worker; gives those that did not wait already.

    Raises `NoQueueError`, psycopg's errors and SQLAlchemy's.
    """
    make_queue(config.database)
    after = latest_run(config.database)

    async def put_all() -> list[Site]:
        async with queue_app(config.database) as app:
            return [site for site in sites if await put(app, site, after)]

    return asyncio.run(put_all())
