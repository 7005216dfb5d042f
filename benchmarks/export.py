"""How fast a corpus is exported, what each stage takes, and how much memory.

    python -m benchmarks.export [--articles 200000] [--words 400] [--form parquet]

A database is filled with made-up articles of so many words and about 20 blocks, a fifth of them copies of
others, and exported with `--dedup`. Filling and exporting are processes of their own, so that the peak of the
resident memory is that of the export alone.
"""

from __future__ import annotations

import hashlib
import itertools
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from benchmarks.output import JsonFile, console, table, write_json
from cleaners import Article, Block, BlockType
from pipelines.export.options import DUPLICATES, Form

SITES: Final = 200
AT_A_TIME: Final = 1_000
COPY_EVERY: Final = 5
"""One of so many articles is a copy of the one before it."""

Articles = Annotated[int, typer.Option(min=1, help="How many articles to export.")]
Words = Annotated[int, typer.Option(min=1, help="How many words each has.")]
FormOption = Annotated[Form, typer.Option("--form", help="How the rows are written.")]


def main(
    articles: Articles = 200_000, words: Words = 400, form: FormOption = Form.PARQUET, json: JsonFile = None
) -> None:
    """Fill a database, export it, and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/thresher.db"
        in_child(fill, url, articles, words)
        record = {
            "articles": articles,
            "words": words,
            "form": form.value,
            **in_child(run, url, folder, form),
        }
    show(record)
    write_json(json, record)


def in_child(function: Any, *arguments: Any) -> Any:
    """What a function gives in a new process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def fill(url: str, number: int, words: int) -> None:
    """Fill a database with articles, in random order of sites and times."""
    from pipelines.store import Store
    from pipelines.store.together import Save, save_together

    made = stories(random.Random(1), number, words)  # noqa: S311 - the same articles each time
    with Store(url) as store:
        while batch := list(itertools.islice(made, AT_A_TIME)):
            with store.write() as session:
                save_together(session, [Save(article, None) for article in batch])
        with store.write() as session:
            relate(session.connection(), number)


def stories(draw: random.Random, number: int, words: int) -> Iterator[Article]:
    """Articles of words that are as unevenly common as those of a language."""
    letters = "etaoinshrdlucmfwypvbgk"
    known = ["".join(draw.choices(letters, k=draw.randint(2, 9))) for _ in range(20_000)]
    weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(known))))
    around = [("Home page", BlockType.NAVIGATION)] * 8 + [("A story of ours to read", BlockType.RELATED)] * 4
    for one in range(number):
        said = draw.choices(known, cum_weights=weights, k=words)
        parts = [" ".join(said[begin : begin + 60]) for begin in range(0, words, 60)]
        pieces = [(part, BlockType.BODY) for part in parts] + around
        text = "\n\n".join(parts)
        site = f"{draw.randrange(SITES)}.example"
        yield Article(
            url=f"https://{site}/{one}",
            site=site,
            title=parts[0][:80],
            published=datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=draw.randrange(2_000_000)),
            language="en",
            text=text,
            markdown=f"# {parts[0][:80]}\n\n{text}",
            blocks=[Block(text=piece, type=kind, confidence=0.9, reason="made up") for piece, kind in pieces],
        )


def relate(connection: Any, number: int) -> None:
    """Make one of five articles a copy of the one before it."""
    from sqlalchemy import insert, update

    from pipelines.store.reuse_schema import StoredCluster, StoredOrigin, StoredText
    from pipelines.store.schema import StoredArticle

    for begin in range(1, number + 1, AT_A_TIME):
        ids = range(begin, min(begin + AT_A_TIME, number + 1))
        copies = [one for one in ids if one % COPY_EVERY == 0 and one > begin]
        related = {one: copy for copy in copies for one in (copy - 1, copy)}
        if copies:
            connection.execute(insert(StoredCluster), [{"id": copy, "settled": True} for copy in copies])
        digests = {one: hashlib.md5(str(one).encode(), usedforsecurity=False).digest() for one in ids}
        texts = [
            {"id": one, "digest": digests[one], "words": 1, "cluster_id": related.get(one)} for one in ids
        ]
        connection.execute(insert(StoredText), texts)
        if copies:
            connection.execute(
                insert(StoredOrigin), [_origin(one, cluster) for one, cluster in related.items()]
            )
    connection.execute(update(StoredArticle).values(text_id=StoredArticle.id, compared=True))


def _origin(one: int, cluster: int) -> dict[str, Any]:
    relation = "edited" if one == cluster else "original"
    return {
        "article_id": one,
        "cluster_id": cluster,
        "origin_id": cluster - 1,
        "relation": relation,
        "evidence": [],
    }


def run(url: str, folder: str, form: Form) -> dict[str, Any]:
    """Export a database; gives the seconds of each stage, the bytes, and the peak of resident memory."""
    from pipelines.export.corpus import export
    from pipelines.export.options import Options
    from pipelines.store import Store

    begun: dict[str, float] = {}

    def report(stage: str, _done: int, _total: int) -> None:
        begun.setdefault(stage, time.perf_counter())

    with Store(url) as store:
        options = Options(dedup=frozenset(DUPLICATES), form=form)
        card = export(store, Path(folder, "export"), options, report=report)
    ends = [*list(begun.values())[1:], time.perf_counter()]
    return {
        "written": card.written.articles,
        "bytes": sum(file.bytes for file in card.files),
        "stages": {stage: end - start for (stage, start), end in zip(begun.items(), ends, strict=True)},
        "peak_rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def show(record: dict[str, Any]) -> None:
    """Print a record."""
    seconds = sum(record["stages"].values())
    rows = [
        (stage, f"{took:.1f}", f"{100 * took / seconds:.0f} %") for stage, took in record["stages"].items()
    ]
    rows.append(("all", f"{seconds:.1f}", "100 %"))
    out = console()
    title = f"{record['articles']:,} articles of {record['words']} words to {record['form']}"
    out.print(table(title, ("Stage", "Seconds", "Share"), rows))
    out.print(
        f"{record['articles'] / seconds:,.0f} articles a second; {record['written']:,} written in "
        f"{record['bytes'] / 1e6:,.0f} MB; peak memory {record['peak_rss'] / 1e6:,.0f} MB"
    )


if __name__ == "__main__":
    typer.run(main)
