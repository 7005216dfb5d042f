"""Crawling beside a bare Scrapy spider: pages a second, and whether memory stays where it is.

    python -m benchmarks.crawl [--pages 10000] [--hosts 100] [--rounds 1] [--memory 50000]

A loopback server (`benchmarks.crawl_server`) has so many virtual hosts, each with a front page, a sitemap and
small articles. In turns, in processes of their own, a bare spider fetches the articles' addresses, which it
is given, and Thresher finds them from the front pages, fetches, cleans and stores them; both without delay,
one request at a time to a host. With `--memory` Thresher crawls a second time, so many pages, and the peaks
of the crawling process's resident memory are compared.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final

import typer

from benchmarks.output import JsonFile, console, table, write_json

BARE: Final = "bare spider"
OURS: Final = "thresher"

Number = Annotated[int, typer.Option(min=1, help="How many articles, over all hosts.")]
Hosts = Annotated[int, typer.Option(min=1, help="How many virtual hosts.")]
Rounds = Annotated[int, typer.Option(min=1, help="How often each contestant runs.")]
Memory = Annotated[int | None, typer.Option(min=1, help="Articles of a second crawl, for its memory.")]


def main(
    pages: Number = 10_000,
    hosts: Hosts = 100,
    rounds: Rounds = 1,
    memory: Memory = None,
    json: JsonFile = None,
) -> None:
    """Crawl, and print tables."""
    runs: list[dict[str, Any]] = []
    with serving(pages // hosts) as port:
        for _ in range(rounds):
            runs += [run_child(kind, port, hosts, pages // hosts) for kind in (BARE, OURS)]
    record: dict[str, Any] = {"hosts": hosts, "runs": runs, "ratio": ratio(runs)}
    if memory is not None:
        with serving(memory // hosts) as port:
            large = run_child(OURS, port, hosts, memory // hosts)
        small = next(run for run in runs if run["name"] == OURS)
        record |= {"large": large, "growth": large["peak_rss"] / small["peak_rss"]}
        runs.append(large)
    show(record)
    write_json(json, record)


@contextmanager
def serving(articles: int) -> Iterator[int]:
    """The port of a server whose hosts have so many articles each."""
    server = subprocess.Popen(  # noqa: S603 - our own server
        [sys.executable, "-m", "benchmarks.crawl_server", str(articles)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        yield int(server.stdout.readline())
    finally:
        server.kill()
        server.wait()


def run_child(name: str, port: int, hosts: int, articles: int) -> dict[str, Any]:
    """The figures of one contestant. Raises `RuntimeError` where not every article came."""
    with tempfile.TemporaryDirectory() as folder:
        kind = name.partition(" ")[0]
        order = [
            sys.executable,
            "-m",
            "benchmarks.crawl_child",
            kind,
            str(port),
            str(hosts),
            str(articles),
            folder,
        ]
        done = subprocess.run(  # noqa: S603 - our own module
            order, stdout=subprocess.PIPE, text=True, check=True
        )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if figures["pages"] != hosts * articles:
        raise RuntimeError(f"{name} brought {figures['pages']} of {hosts * articles} articles")
    return {"name": name, **figures}


def rate(run: dict[str, Any]) -> float:
    """Pages a second."""
    return float(run["pages"]) / float(run["seconds"])


def ratio(runs: list[dict[str, Any]]) -> float:
    """Our rate by the bare spider's, each over all its runs."""
    seconds = {name: sum(run["seconds"] for run in runs if run["name"] == name) for name in (BARE, OURS)}
    return float(seconds[BARE] / seconds[OURS])


def show(record: dict[str, Any]) -> None:
    """Print the runs, the ratio and the growth."""
    rows = [
        (
            run["name"],
            f"{run['pages']:,}",
            f"{run['seconds']:.1f}",
            f"{rate(run):.0f}",
            f"{1000 * run['cpu'] / run['pages']:.2f}",
            f"{run['peak_rss'] / 1e6:.0f}",
        )
        for run in record["runs"]
    ]
    columns = ("Contestant", "Pages", "Seconds", "Pages/s", "CPU ms a page, crawling process", "Peak MB")
    out = console()
    out.print(table(f"{record['hosts']} hosts", columns, rows))
    out.print(f"Thresher crawls, cleans and stores at {record['ratio']:.2f} of the bare spider's rate.")
    if "growth" in record:
        out.print(f"Peak memory of the larger crawl: {record['growth']:.2f} of the smaller one's.")


if __name__ == "__main__":
    typer.run(main)
