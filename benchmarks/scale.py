"""Comparing a million articles: articles a second, memory, and the index's size as the corpus grows.

    python -m benchmarks.scale [--articles 1000000] [--words 400] [--database URL]

The articles are made up (`benchmarks.stories`): one in ten is a copy of an earlier one, word for word,
edited, or a part. Only comparing is timed, with clusters, origins and reports of one event, on one core, not
making and storing them. An existing database is refused.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, insert, make_url, select, text
from sqlalchemy.orm import Session

from benchmarks.stories import StoryMaker
from pipelines.deduplicate import LARGE_BATCH, Deduplicator
from pipelines.store import Store
from pipelines.store.reuse_schema import StoredOrigin
from pipelines.store.schema import StoredArticle, table_of

CHECKPOINTS: Final = (10_000, 30_000, 100_000, 300_000, 1_000_000)
INDEX_TABLES: Final = (
    "bands", "facts", "common_facts", "text_names", "texts", "relations", "clusters", "origins",
)  # fmt: skip
SITES: Final = 997
BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A corpus at a size: seconds of comparing since the size before, bytes of memory and of the index."""

    articles: int
    compared: int
    wall: float
    cpu: float
    peak_rss: int
    index: int
    origins: int


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=CHECKPOINTS[-1])
    parser.add_argument("--words", type=int, default=400)
    parser.add_argument("--database", help="SQLAlchemy URL (default: SQLite in a temporary folder)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{folder}/scale.db"
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and Path(parsed.database or "").exists():
            sys.exit(f"{parsed.database} is there already; name another database")
        console = Console()
        rows = []
        for point in measure(url, options.articles, options.words):
            rows.append(point)
            console.print(point)
        console.print(_table(rows))


def measure(url: str, articles: int, words: int) -> Iterator[Checkpoint]:
    """Fill a database with made-up articles and compare them; gives the checkpoints as they are reached."""
    maker, deduplicator = StoryMaker(words), Deduplicator()
    wall = cpu = 0.0
    last = 0
    with Store(url) as store:
        for start in range(0, articles, LARGE_BATCH):
            end = min(start + LARGE_BATCH, articles)
            with store.write() as session:
                session.execute(
                    insert(table_of(StoredArticle)), [_row(n, maker.story(n)) for n in range(start, end)]
                )
            began, worked = time.perf_counter(), time.process_time()
            with store.write() as session:
                deduplicator.compare(session, LARGE_BATCH)
            while _step(store, deduplicator.settle):
                pass
            while _step(store, deduplicator.seek):
                pass
            wall += time.perf_counter() - began
            cpu += time.process_time() - worked
            if end in CHECKPOINTS or end == articles:
                yield _checkpoint(store, end, end - last, wall, cpu)
                wall = cpu = 0.0
                last = end


def _step(store: Store, step: Callable[[Session, int], int]) -> int:
    with store.write() as session:
        return step(session, LARGE_BATCH)


def _row(number: int, story: str) -> dict[str, Any]:
    site = f"site{number % SITES}.example"
    return {
        "schema_version": 1,
        "url": f"https://{site}/{number}",
        "site": site,
        "title": f"Story {number}",
        "authors": [],
        "published": BEGINNING + timedelta(minutes=number),
        "language": "en",
        "text": story,
        "markdown": "",
        "categories": [],
        "boilerplate": {},
        "warnings": [],
        "revision": 1,
        "digest": str(number),
        "compared": False,
    }


def _checkpoint(store: Store, articles: int, compared: int, wall: float, cpu: float) -> Checkpoint:
    with store.session() as session:
        origins = session.scalar(select(func.count()).select_from(StoredOrigin)) or 0
        size = _index_bytes(session)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Checkpoint(articles, compared, wall, cpu, peak, size, origins)


def _index_bytes(session: Session) -> int:
    """Bytes of the tables and indexes that comparing needs, the articles' own left out."""
    if session.get_bind().dialect.name == "sqlite":
        query = (
            "SELECT sum(pgsize) FROM dbstat JOIN sqlite_master AS made ON dbstat.name = made.name "
            "WHERE aggregate = TRUE AND tbl_name = :name"
        )
    else:
        query = "SELECT pg_total_relation_size(CAST(:name AS regclass))"
    return sum(int(session.scalar(text(query), {"name": name}) or 0) for name in INDEX_TABLES)


def _table(points: Sequence[Checkpoint]) -> Table:
    table = Table(
        "articles",
        "articles/s",
        "CPU ms/article",
        "peak RSS MB",
        "index MB",
        "index bytes/article",
        "in clusters",
    )
    for point in points:
        table.add_row(
            f"{point.articles:,}",
            f"{point.compared / point.wall:.0f}",
            f"{1000 * point.cpu / point.compared:.2f}",
            f"{point.peak_rss / 1e6:.0f}",
            f"{point.index / 1e6:.0f}",
            f"{point.index / point.articles:.0f}",
            f"{point.origins:,}",
        )
    return table


if __name__ == "__main__":
    main()
