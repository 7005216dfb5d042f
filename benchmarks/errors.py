"""The worst pages as a report to look at: our blocks beside the truth, wrong ones marked.

    python -m benchmarks.errors [--out out/errors] [--worst 30] [--folds DIR]

Writes `index.html` into the folder: one file, which fetches and runs nothing. It holds the text of pages
that are not ours to publish.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from benchmarks.data import BenchmarkPage, TypedPage, benchmark_truths, count_truths, count_typed, typed_pages
from benchmarks.mistakes import Mistakes, of_benchmark, of_typed
from benchmarks.ours import Thresher
from benchmarks.output import Data, Folds, JsonFile, Pages, console, progress, table, write_json, wrong_call
from benchmarks.report import Part, render
from cleaners.article import Article

Page = TypeVar("Page", BenchmarkPage, TypedPage)
Out = Annotated[Path, typer.Option(help="Folder for the report.")]
Worst = Annotated[int, typer.Option(min=1, help="How many pages of each collection.")]


def main(
    data: Data = None,
    folds: Folds = None,
    pages: Pages = None,
    out: Out = Path("out/errors"),
    worst: Worst = 30,
    json: JsonFile = None,
) -> None:
    """Find the worst pages of the public benchmark and of the annotated pages, and write the report."""
    try:
        thresher = Thresher.load(folds)
        sizes = count_truths(data, pages), count_typed(pages)
    except FileNotFoundError as error:
        raise wrong_call(error) from error
    benchmark = progress(benchmark_truths(data, pages), sizes[0], "Benchmark")
    annotated = progress(typed_pages(pages), sizes[1], "Annotated")
    parts = [
        Part(
            "Public benchmark",
            "Words that the true content has and our text lacks, and the other way round.",
            sizes[0],
            find_worst(benchmark, thresher, of_benchmark, worst),
        ),
        Part(
            "Annotated pages",
            "Words that stand under another type than the annotated one.",
            sizes[1],
            find_worst(annotated, thresher, of_typed, worst),
        ),
    ]
    out.mkdir(parents=True, exist_ok=True)
    (out / "index.html").write_text(render(parts), encoding="utf-8")
    show(parts)
    console().print(f"Report: {out / 'index.html'}", highlight=False)
    write_json(json, record_of(parts))


def find_worst(
    pages: Iterable[Page],
    thresher: Thresher,
    compare: Callable[[Page, Article], Mistakes],
    number: int,
) -> list[Mistakes]:
    """The pages with the most words lost, worst first; those with none are left out."""
    found = (compare(page, thresher.clean(page.html, url=page.url, name=page.name)) for page in pages)
    worst = heapq.nlargest(number, found, key=lambda mistakes: (mistakes.lost, mistakes.name))
    return [mistakes for mistakes in worst if mistakes.lost]


def show(parts: Iterable[Part]) -> None:
    """Print the worst pages of each collection."""
    for part in parts:
        rows = [[page.name, page.kind, f"{page.lost:,}", page.summary] for page in part.pages]
        console().print(table(part.heading, ["page", "kind", "words lost", ""], rows))


def record_of(parts: Iterable[Part]) -> dict[str, object]:
    """The worst pages as plain data."""
    return {
        part.heading: [
            {"name": page.name, "url": page.url, "kind": page.kind, "lost": page.lost, "words": page.words}
            for page in part.pages
        ]
        for part in parts
    }


if __name__ == "__main__":
    typer.run(main)
