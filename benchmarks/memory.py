"""Whether memory stays where it is while one process cleans page after page.

    python -m benchmarks.memory [--pages 100000]

The pages of the data come again and again, read from disk each time. Printed is the resident memory of
the process after 1,000, 2,000, 5,000, 10,000 … pages; exit status 1 where it has grown by more than 50 MB
since the first of these.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from benchmarks.data import BenchmarkPage, benchmark_truths, count_truths
from benchmarks.ours import Thresher
from benchmarks.output import Data, JsonFile, console, progress, table, write_json, wrong_call

ALLOWED_GROWTH_MB: Final = 50.0
"""What memory may grow by after the first milestone, which is when all is loaded."""

FIRST_MILESTONE: Final = 1_000
"""Pages after which memory is first looked at."""

Number = Annotated[int, typer.Option(min=1, help="How many pages to clean.")]


def main(data: Data = None, pages: Number = 100_000, json: JsonFile = None) -> None:
    """Clean the pages and print how memory went."""
    try:
        if not count_truths(data):
            raise FileNotFoundError(f"no pages in {data or 'the benchmark data'}")
    except FileNotFoundError as error:
        raise wrong_call(error) from error
    start = time.perf_counter()
    rows = watch(progress(endless(data, pages), pages, "Pages"), set(milestones(pages)), resident_mb)
    record = {"pages": pages, "seconds": round(time.perf_counter() - start, 1), **verdict(rows)}
    show(record)
    write_json(json, record)
    if not record["stays"]:
        sys.exit(1)


def endless(data: Path | None, number: int) -> Iterator[BenchmarkPage]:
    """So many pages of the data, which starts again when it is through."""
    left = number
    while left:
        for page in benchmark_truths(data):
            yield page
            left -= 1
            if not left:
                return


def milestones(number: int) -> list[int]:
    """1,000, 2,000, 5,000, 10,000 … up to a number, and the number itself."""
    found = []
    step = FIRST_MILESTONE
    while step <= number:
        found += [step, 2 * step, 5 * step]
        step *= 10
    return sorted({one for one in found if one < number} | {number})


def watch(
    pages: Iterable[BenchmarkPage], stops: set[int], memory: Callable[[], float]
) -> list[tuple[int, float]]:
    """Clean the pages; at each stop the number so far and the memory then."""
    thresher = Thresher()
    rows: list[tuple[int, float]] = []
    for number, page in enumerate(pages, start=1):
        thresher.clean(page.html, url=page.url, name=page.name)
        if number in stops:
            gc.collect()
            rows.append((number, round(memory(), 1)))
    return rows


def verdict(rows: list[tuple[int, float]]) -> dict[str, Any]:
    """What memory was at the milestones, how far it went above the first, and whether that is allowed."""
    growth = max(memory for _, memory in rows) - rows[0][1]
    return {
        "resident_mb": dict(rows),
        "growth_mb": round(growth, 1),
        "allowed_mb": ALLOWED_GROWTH_MB,
        "stays": growth <= ALLOWED_GROWTH_MB,
    }


def resident_mb() -> float:
    """The resident memory of this process, in MB of 10⁶ bytes."""
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def show(record: Mapping[str, Any]) -> None:
    """Print what a record holds."""
    found = list(record["resident_mb"].items())
    first = found[0][1]
    rows = [[f"{number:,}", f"{memory:.1f}", f"{memory - first:+.1f}"] for number, memory in found]
    out = console()
    out.print(table("Resident memory", ["pages", "MB", "since the first"], rows))
    if len(found) == 1:
        out.print(f"Too few pages to tell: more than {FIRST_MILESTONE:,} are asked for")
        return
    says = "stays within" if record["stays"] else "does not stay within"
    out.print(
        f"Memory {says} {record['allowed_mb']:.0f} MB of the figure at {found[0][0]:,} pages: "
        f"{record['growth_mb']:+.1f} MB, {record['pages']:,} pages in {record['seconds']:,.0f} s"
    )


if __name__ == "__main__":
    typer.run(main)
