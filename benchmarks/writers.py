"""How many articles a second a PostgreSQL takes, from one process and from several.

    python -m benchmarks.writers --database URL [--articles 6000] [--writers 1 --writers 3]

What a database takes is the ceiling of a fleet: transactions that write take turns. The articles are made up
(`benchmarks.audit`: 400 words, about 45 blocks, six in ten copies), and made before the clock starts. Each
count of writers runs twice over, with a transaction for each article, as they come from slow sites, and with
100 in one, as a busy crawl writes them; with and without comparing each with all others. The database must
be empty, and is emptied between the runs.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, make_url, select, text

from benchmarks.audit import Press
from cleaners.article import Article
from pipelines.deduplicate import Deduplicator
from pipelines.store import Store
from pipelines.store.schema import Base, StoredArticle
from pipelines.store.together import Save, save_together

SITES: Final = 50
COMPARE_EVERY: Final = 50
"""Articles of a writer between two turns of comparing."""

_MODES: Final = ((1, False), (1, True), (100, False), (100, True))


@dataclass(frozen=True, slots=True)
class Run:
    """Articles that went in: `together` in a transaction, `compared` or not, in so many seconds."""

    writers: int
    together: int
    compared: bool
    articles: int
    seconds: float
    bytes: int


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", required=True, help="SQLAlchemy URL of an empty PostgreSQL database")
    parser.add_argument("--articles", type=int, default=6_000)
    parser.add_argument("--writers", type=int, action="append", help="how many; may be repeated (1 and 3)")
    options = parser.parse_args(arguments)
    if make_url(options.database).get_backend_name() != "postgresql":
        sys.exit("only PostgreSQL has several writers that matter; give a postgresql+psycopg:// URL")
    with Store(options.database) as store, store.session() as session:
        if session.scalar(select(func.count()).select_from(StoredArticle)):
            sys.exit("the database holds articles, which would be lost; name an empty one")
    rows = []
    for together, compared in _MODES:
        for writers in options.writers or (1, 3):
            run = measure(options.database, options.articles, writers, together, compared)
            rows.append(run)
            print(run, flush=True)
    Console().print(_table(rows))


def measure(url: str, articles: int, writers: int, together: int, compared: bool) -> Run:
    """Empty the database and fill it from so many processes."""
    with Store(url) as store, store.write() as session:
        names = ", ".join(table.name for table in Base.metadata.sorted_tables)
        session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    context = get_context("spawn")
    barrier = context.Barrier(writers + 1)
    processes = [
        context.Process(target=_write, args=(url, articles, writers, number, together, compared, barrier))
        for number in range(writers)
    ]
    for process in processes:
        process.start()
    barrier.wait()
    began = time.perf_counter()
    for process in processes:
        process.join()
    seconds = time.perf_counter() - began
    if any(process.exitcode for process in processes):
        raise RuntimeError("a writer failed")
    with Store(url) as store, store.session() as session:
        stored = session.scalar(select(func.count()).select_from(StoredArticle)) or 0
        size = session.scalar(text("SELECT pg_database_size(current_database())")) or 0
    if stored != articles:
        raise RuntimeError(f"{stored} of {articles} articles are there")
    return Run(writers, together, compared, articles, seconds, size)


def _write(
    url: str, articles: int, writers: int, number: int, together: int, compared: bool, barrier: Barrier
) -> None:
    press = Press(SITES)
    made = [press.article(one) for one in range(articles)][number::writers]
    deduplicator = Deduplicator()
    with Store(url) as store:
        barrier.wait()
        waiting = 0
        for begin in range(0, len(made), together):
            batch = made[begin : begin + together]
            _save(store, batch)
            waiting += len(batch)
            if compared and waiting >= COMPARE_EVERY:
                _compare(store, deduplicator, waiting)
                waiting = 0
        if compared:
            _compare(store, deduplicator, articles)
            _settle(store, deduplicator)


def _save(store: Store, batch: Sequence[Article]) -> None:
    with store.write() as session:
        if len(batch) == 1:
            Save(batch[0], None)(session)
        else:
            save_together(session, [Save(article, None) for article in batch])


def _compare(store: Store, deduplicator: Deduplicator, waiting: int) -> None:
    while waiting > 0:
        with store.write() as session:
            done = deduplicator.compare(session)
        waiting -= done
        if not done:
            return


def _settle(store: Store, deduplicator: Deduplicator) -> None:
    steps: Any = (deduplicator.settle, deduplicator.seek)
    for step in steps:
        done = 1
        while done:
            with store.write() as session:
                done = step(session)


def _table(runs: Sequence[Run]) -> Table:
    table = Table("writers", "a transaction", "compared", "articles/s", "ms an article", "kB an article")
    for run in runs:
        table.add_row(
            str(run.writers),
            str(run.together),
            "yes" if run.compared else "no",
            f"{run.articles / run.seconds:.0f}",
            f"{1000 * run.seconds / run.articles:.2f}",
            f"{run.bytes / run.articles / 1000:.1f}",
        )
    return table


if __name__ == "__main__":
    main()
