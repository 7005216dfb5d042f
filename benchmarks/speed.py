"""CPU time a page, ours beside the peers', in one process and one run; where ours goes; start-up.

    python -m benchmarks.speed [--pages N] [--peers trafilatura,resiliparse]

Each page goes through all contestants before the next one does, so that a noisy machine hurts them
alike; the order changes from page to page. Figures are CPU milliseconds a page, from bytes for us and
from decoded text for the peers, and the ratio to a bare `lxml.html` parse and to ours.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from lxml import html
from rich.table import Table

from benchmarks import peers as peers_module
from benchmarks.data import BenchmarkPage, benchmark_truths, count_truths
from benchmarks.output import Data, JsonFile, Pages, Peers, console, progress, table, write_json, wrong_call
from benchmarks.stages import stage_names, watched
from benchmarks.words import interval
from cleaners import clean
from cleaners.parse import decode

FLOOR: Final = "lxml parse"
OURS: Final = "thresher"

STARTS: Final = 7
"""Fresh interpreters of each kind."""

START_CODE: Final = "import cleaners; cleaners.clean('<p>x</p>')"
"""What is done in a fresh interpreter, to be compared with doing nothing."""

Run = Callable[[], Any]
Starts = Annotated[bool, typer.Option(help="Measure start-up as well.")]


def main(
    data: Data = None,
    pages: Pages = None,
    peers: Peers = None,
    start: Starts = True,
    json: JsonFile = None,
) -> None:
    """Time all contestants on all pages and print tables."""
    try:
        chosen = peers_module.choose(peers)
        total = count_truths(data, pages)
    except (ValueError, FileNotFoundError) as error:
        raise wrong_call(error) from error
    ready, missing = peers_module.load(chosen)
    warm_up(data, ready)
    times, failed = time_all(progress(benchmark_truths(data, pages), total, "Pages"), ready)
    stages = time_stages(progress(benchmark_truths(data, pages), total, "Stages"))
    record = {
        "pages": total,
        "versions": peers_module.versions(peer for peer in chosen if peer.name in ready),
        "not_installed": missing,
        "contestants": {name: figures(name, times) | {"failed": failed.get(name, 0)} for name in times},
        "stages": stages,
        "start_seconds": start_seconds() if start else None,
    }
    show(record)
    write_json(json, record)


def runs(page: BenchmarkPage, ready: Mapping[str, peers_module.Extract]) -> list[tuple[str, Run]]:
    """What is timed on one page, by name."""
    text = decode(page.html).text
    raw = text.encode("utf-8")
    ours: list[tuple[str, Run]] = [(FLOOR, partial(_parse, raw)), (OURS, partial(clean, page.html))]
    return ours + [(name, partial(extract, text, page.url)) for name, extract in ready.items()]


def _parse(raw: bytes) -> html.HtmlElement:
    return html.fromstring(raw, parser=html.HTMLParser(encoding="utf-8", huge_tree=True))


def warm_up(data: Path | None, ready: Mapping[str, peers_module.Extract]) -> None:
    """Run all once on the first page: imports and models are loaded before the clock runs."""
    for page in benchmark_truths(data, 1):
        for _, run in runs(page, ready):
            _milliseconds(run)


def time_all(
    pages: Iterable[BenchmarkPage], ready: Mapping[str, peers_module.Extract]
) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Milliseconds of all contestants on all pages, in order, and how often each raised."""
    times: dict[str, list[float]] = {FLOOR: [], OURS: [], **{name: [] for name in ready}}
    failed: dict[str, int] = {}
    for place, page in enumerate(pages):
        all_runs = runs(page, ready)
        turn = place % len(all_runs)
        for name, run in all_runs[turn:] + all_runs[:turn]:
            milliseconds, done = _milliseconds(run)
            times[name].append(milliseconds)
            failed[name] = failed.get(name, 0) + (not done)
    return times, failed


def _milliseconds(run: Run) -> tuple[float, bool]:
    """How long a run took, and whether it came to an end; what it raises is its result."""
    start = time.process_time()
    try:
        run()
    except Exception:
        return 1000 * (time.process_time() - start), False
    return 1000 * (time.process_time() - start), True


def time_stages(pages: Iterable[BenchmarkPage]) -> dict[str, float]:
    """Milliseconds a page of each stage of ours."""
    number = 0
    with watched(clean) as (run, clock):
        for page in pages:
            run(page.html)
            number += 1
    return {name: round(1000 * clock.seconds.get(name, 0.0) / max(1, number), 3) for name in stage_names()}


def start_seconds() -> dict[str, float]:
    """What loading us and cleaning a first page adds to the start of an interpreter: median and extremes."""
    added = [_start(START_CODE) - _start("pass") for _ in range(STARTS)]
    return {"median": statistics.median(added), "least": min(added), "most": max(added)}


def _start(code: str) -> float:
    root = Path(__file__).resolve().parents[1]
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)  # noqa: S603  # our own code
    return time.perf_counter() - start


def figures(name: str, times: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    """One contestant's figures; the ratio to ours is that of the means, with a 95 % interval over pages."""
    values = times[name]
    pairs = list(zip(values, times[OURS], strict=True))
    return {
        "mean": statistics.fmean(values),
        "median": statistics.median(values),
        "p99": sorted(values)[min(len(values) - 1, int(0.99 * len(values)))],
        "max": max(values),
        "times_parse": statistics.fmean(values) / statistics.fmean(times[FLOOR]),
        "times_ours": _ratio(pairs),
        "times_ours_interval": interval(pairs, _ratio),
    }


def _ratio(pairs: Sequence[tuple[float, float]]) -> float:
    return sum(one for one, _ in pairs) / sum(ours for _, ours in pairs)


def show(record: Mapping[str, Any]) -> None:
    """Print what a record holds."""
    out = console()
    out.print(_contestants(record))
    out.print(_stages(record["stages"]))
    if found := record["start_seconds"]:
        spread = f"{1000 * found['least']:.0f} to {1000 * found['most']:.0f}"
        out.print(f"Start-up: {1000 * found['median']:.0f} ms more than a bare interpreter ({spread})")
    for name, reason in record["not_installed"].items():
        out.print(f"{name}: {reason}", highlight=False)


def _contestants(record: Mapping[str, Any]) -> Table:
    rows = []
    for name, found in record["contestants"].items():
        low, high = found["times_ours_interval"]
        rows.append(
            [
                name,
                *(f"{found[key]:.2f}" for key in ("mean", "median", "p99", "max")),
                f"{found['times_parse']:.1f}",
                f"{found['times_ours']:.2f}",
                f"{low:.2f} … {high:.2f}",
                str(found["failed"]),
            ]
        )
    columns = ["", "mean", "median", "p99", "max", "× parse", "× ours", "95 % interval", "failed"]
    return table(f"CPU ms a page, {record['pages']:,} pages", columns, rows)


def _stages(stages: Mapping[str, float]) -> Table:
    whole = sum(stages.values()) or 1.0
    rows = [[name, f"{value:.2f}", f"{100 * value / whole:.0f} %"] for name, value in stages.items()]
    return table("Where ours goes", ["stage", "CPU ms a page", "share"], rows)


if __name__ == "__main__":
    typer.run(main)
