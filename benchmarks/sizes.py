"""What the article of a real page takes: processor time to clean it, and bytes in each of the outputs.

    python -m benchmarks.sizes --database URL [--pages 400]

Pages of the public benchmark that are articles are cleaned in this process and stored in a new SQLite file
and in an empty PostgreSQL database, compared there with each other, and exported to Parquet.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import zstandard
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, make_url, select, text

from benchmarks.data import benchmark_pages, benchmark_truths
from cleaners import Page, clean
from cleaners.article import Article
from pipelines.deduplicate import deduplicate
from pipelines.export.corpus import export
from pipelines.export.options import Options
from pipelines.store import Store
from pipelines.store.schema import StoredArticle
from pipelines.store.together import Save, save_together

_ZSTD_LEVEL: Final = 10  # as crawls write it
_LEAST_WORDS: Final = 50  # shorter ones are no articles of a newspaper


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", required=True, help="SQLAlchemy URL of an empty PostgreSQL database")
    parser.add_argument("--pages", type=int, default=400)
    options = parser.parse_args(arguments)
    if make_url(options.database).get_backend_name() != "postgresql":
        sys.exit("give a postgresql+psycopg:// URL; SQLite is measured as well")
    kinds = {truth.name: truth.kind for truth in benchmark_truths()}
    pages = [(name, html) for name, html in benchmark_pages() if kinds.get(name) == "article"]
    pages = pages[: options.pages]
    began = time.process_time()
    made = [
        (html, clean(Page(body=html, url=f"https://s{n % 20}.example/{n}")))
        for n, (_, html) in enumerate(pages)
    ]
    cpu = time.process_time() - began
    kept = [(html, article) for html, article in made if len(article.text.split()) >= _LEAST_WORDS]
    articles = [article for _, article in kept]
    number = len(articles)
    lines = "".join(
        json.dumps(article.to_record(), ensure_ascii=False) + "\n" for article in articles
    ).encode()
    html = [html for html, _ in kept]
    with tempfile.TemporaryDirectory() as folder:
        sqlite = f"sqlite:///{folder}/thresher.db"
        rows = [
            ("words of text", sum(len(article.text.split()) for article in articles)),
            ("blocks", sum(len(article.blocks) for article in articles)),
            ("HTML", sum(map(len, html))),
            ("HTML, gzip each (WARC)", sum(len(gzip.compress(one)) for one in html)),
            ("articles.jsonl", len(lines)),
            ("articles.jsonl.zst", len(zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(lines))),
            ("SQLite", stored(sqlite, articles)),
            ("PostgreSQL", stored(options.database, articles)),
            ("Parquet (export)", exported(sqlite, Path(folder, "out"))),
        ]
    table = Table("", "an article", title=f"{number} articles of {len(pages)} pages")
    table.add_row("CPU ms to clean a page", f"{1000 * cpu / len(pages):.1f}")
    for what, total in rows:
        table.add_row(what, f"{total / number:,.0f}")
    Console().print(table)


def stored(url: str, articles: Sequence[Article]) -> int:
    """Bytes that articles take in a database, with the comparing's index, over what it takes empty."""
    with Store(url) as store:
        with store.session() as session:
            if session.scalar(select(func.count()).select_from(StoredArticle)):
                sys.exit("the database holds articles; name an empty one")
        empty = _size(store)
        for begin in range(0, len(articles), 100):
            with store.write() as session:
                save_together(session, [Save(article, None) for article in articles[begin : begin + 100]])
        deduplicate(store)
        return _size(store) - empty


def exported(url: str, folder: Path) -> int:
    """Bytes of the Parquet files that a database's articles are exported to."""
    with Store(url) as store:
        return sum(file.bytes for file in export(store, folder, Options()).files)


def _size(store: Store) -> int:
    sqlite = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    with store.session() as session:
        backend = session.get_bind().dialect.name
        query = sqlite if backend == "sqlite" else "SELECT pg_database_size(current_database())"
        return int(session.scalar(text(query)) or 0)


if __name__ == "__main__":
    main()
