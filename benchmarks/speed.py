"""CPU time a page, ours beside peers', in one process and one run.

    python -m benchmarks.speed [PAGES]

Each page goes through all contestants before the next one does, so that a noisy machine hurts them
alike; the order changes from page to page. Figures are CPU milliseconds a page, and the ratio to a bare
`lxml.html` parse. The peers are the `bench` extra.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from lxml import etree, html
from rich.console import Console
from rich.table import Table

from benchmarks.data import benchmark_pages
from cleaners import clean

Contestant = Callable[[bytes], Any]


def contestants() -> dict[str, Contestant]:
    """What is timed, by name. Raises `ImportError` where the `bench` extra is not installed."""
    import trafilatura
    from resiliparse.extract.html2text import extract_plain_text

    return {
        "lxml parse": lambda body: html.fromstring(_text(body).encode("utf-8"), parser=_parser()),
        "thresher": clean,
        "trafilatura": lambda body: trafilatura.extract(_text(body)),
        "resiliparse": lambda body: extract_plain_text(_text(body), main_content=True),
    }


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _parser() -> html.HTMLParser:
    return html.HTMLParser(encoding="utf-8", huge_tree=True)


def main() -> None:
    """Time all contestants on all pages and print a table."""
    limit = int(sys.argv[1]) if len(sys.argv) > 1 else None
    times: dict[str, list[float]] = {name: [] for name in contestants()}
    runners = list(contestants().items())
    pages = list(benchmark_pages(limit))
    for _, run in runners:
        run(pages[0][1])  # imports and models are loaded before the clock runs
    for number, (_, body) in enumerate(pages):
        turn = number % len(runners)
        for name, run in runners[turn:] + runners[:turn]:
            times[name].append(_milliseconds(run, body))
    _print(times)


def _milliseconds(run: Contestant, body: bytes) -> float:
    start = time.process_time()
    try:
        run(body)
    except (ValueError, AssertionError, etree.ParserError) as error:  # a peer that cannot take a page
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    return 1000 * (time.process_time() - start)


def _print(times: dict[str, list[float]]) -> None:
    floor = statistics.mean(times["lxml parse"])
    table = Table(title=f"CPU ms a page, {len(times['thresher']):,} pages", title_justify="left")
    for column in ("", "mean", "median", "p99", "max", "× parse"):
        table.add_column(column, justify="right" if column else "left")
    for name, values in times.items():
        mean = statistics.mean(values)
        figures = (mean, statistics.median(values), statistics.quantiles(values, n=100)[98], max(values))
        table.add_row(name, *(f"{figure:.2f}" for figure in figures), f"{mean / floor:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
