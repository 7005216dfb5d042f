"""The datatrove step beside a bare loop over the same archives: what it adds, and how it scales.

    python -m benchmarks.datatrove_step [--pages 1000] [--workers 2] [--rounds 5]

The public benchmark's pages, or made-up ones where it is not there, are put into as many WARC archives as
there are workers. In turns, in processes of their own, a bare loop (`for page in read_pages(archives):
clean(page)`), the pipeline `ThresherReader`, `ThresherCleaner` with one worker, and the same with all workers
go through them, with everything that they load; and the bare loop goes through each archive at the same time,
which shows what the machine's cores give at that moment. The first two also go through archives of one page
each: what that takes is taken from both, so that the share that the step adds is that of a page, and the
start is told by itself. CPU seconds are those of all processes, by the system's account; that of several
workers is not taken, as their processes are not this command's to wait for.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.data import benchmark_pages
from benchmarks.output import JsonFile, console, table, write_json

BARE: Final = "bare loop"
ONE: Final = "step, 1 worker"
ALL: Final = "step, all workers"
BARE_ALL: Final = "bare loops at once"
START_BARE: Final = "start, bare loop"
START: Final = "start, 1 worker"
STARTS: Final = frozenset({START_BARE, START})
KINDS: Final = (BARE, ONE, ALL, BARE_ALL, START_BARE, START)

_BARE_CODE: Final = """
import sys
from pathlib import Path
from cleaners import Page, clean
from spiders.documents import list_files, read_pages
for found in read_pages(list_files([Path(sys.argv[1])])):
    if isinstance(found, Page):
        clean(found)
"""

_STEP_CODE: Final = """
import sys
from datatrove.executor.local import LocalPipelineExecutor
from datatrove.utils.logging import logger
from thresher.engines.datatrove import ThresherCleaner, ThresherReader
if __name__ == "__main__":
    logger.remove()
    folder, logs, tasks, workers = sys.argv[1:]
    steps = [ThresherReader(folder), ThresherCleaner()]
    LocalPipelineExecutor(steps, tasks=int(tasks), workers=int(workers), logging_dir=logs).run()
"""

Number = Annotated[int, typer.Option(min=1, help="How many pages, over all archives.")]
Workers = Annotated[int, typer.Option(min=2, help="Archives, and workers of the largest run.")]
Rounds = Annotated[int, typer.Option(min=1, help="How often each contestant runs.")]


def main(pages: Number = 1_000, workers: Workers = 2, rounds: Rounds = 5, json: JsonFile = None) -> None:
    """Measure, and print a table."""
    runs: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="thresher-") as name:
        folder = Path(name)
        write_archives(folder / "archives", pages, workers)
        write_archives(folder / "small", workers, workers)
        for turn in range(rounds):
            runs += [run(kind, folder, workers) | {"round": turn} for kind in _turned(KINDS, turn)]
    record = {"pages": pages, "workers": workers, "runs": runs, **figures(runs)}
    show(record)
    write_json(json, record)


def write_archives(folder: Path, pages: int, archives: int) -> None:
    """Archives with so many pages in all; from the first pages again where the benchmark has fewer."""
    folder.mkdir()
    streams = [(folder / f"{number}.warc.gz").open("wb") for number in range(archives)]
    writers = [WARCWriter(stream, gzip=True) for stream in streams]
    for number, body in enumerate(islice(cycle(_bodies()), pages)):
        writer = writers[number % archives]
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        url = f"https://press.example/{number}"
        made = writer.create_warc_record(url, "response", BytesIO(body), len(body), http_headers=http)
        writer.write_record(made)
    for stream in streams:
        stream.close()


def _bodies() -> list[bytes]:
    try:
        return [body for _, body in benchmark_pages()]
    except FileNotFoundError:
        return [_made_up(number) for number in range(200)]


def _made_up(number: int) -> bytes:
    text = "".join(
        f"<p>The council of town {number} voted on item {item} of its agenda. {'It was a long day. ' * 9}</p>"
        for item in range(150)
    )
    menu = "".join(f"<li><a href='/{item}'>Section {item}</a></li>" for item in range(150))
    return f"<html><title>Town {number}</title><ul>{menu}</ul><article>{text}</article></html>".encode()


def run(kind: str, folder: Path, workers: int) -> dict[str, Any]:
    """Wall and CPU seconds of one contestant."""
    archives = folder / ("small" if kind in STARTS else "archives")
    with tempfile.TemporaryDirectory(prefix="thresher-") as logs:
        if kind in {BARE, START_BARE}:
            calls = [[_BARE_CODE, str(archives)]]
        elif kind == BARE_ALL:
            calls = [[_BARE_CODE, str(path)] for path in sorted(archives.iterdir())]
        else:
            calls = [[_STEP_CODE, str(archives), logs, str(workers), str(workers if kind == ALL else 1)]]
        start = time.perf_counter()
        processes = [_start(Path(logs) / f"{number}.py", *call) for number, call in enumerate(calls)]
        cpu = sum(map(_cpu_at_end, processes))
        wall = time.perf_counter() - start
    return {"name": kind, "wall": wall, "cpu": None if kind == ALL else cpu}


def _start(script: Path, code: str, *arguments: str) -> subprocess.Popen[bytes]:
    script.write_text(code, encoding="utf-8")
    root = Path(__file__).resolve().parents[1]
    return subprocess.Popen(  # noqa: S603  # our own code
        [sys.executable, str(script), *arguments],
        env=os.environ | {"PYTHONPATH": str(root), "OPENBLAS_NUM_THREADS": "1"},
        stderr=subprocess.DEVNULL,  # datatrove's log
    )


def _cpu_at_end(process: subprocess.Popen[bytes]) -> float:
    """CPU seconds of a process and of those that it waited for, once it has ended."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"a contestant failed with exit status {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def figures(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Medians over the rounds of what the step adds, and of the scaling, each from runs of one round."""
    rounds = list(_rounds(runs))
    return {
        "cpu_overhead": statistics.median(_added(one, "cpu") for one in rounds),
        "wall_overhead": statistics.median(_added(one, "wall") for one in rounds),
        "start": statistics.median(one[START]["cpu"] - one[START_BARE]["cpu"] for one in rounds),
        "scaling": statistics.median(one[ONE]["wall"] / one[ALL]["wall"] for one in rounds),
        "bare_scaling": statistics.median(one[BARE]["wall"] / one[BARE_ALL]["wall"] for one in rounds),
    }


def _added(one: Mapping[str, Mapping[str, Any]], what: str) -> float:
    """The share that the step adds in a round, starts left out."""
    return float((one[ONE][what] - one[START][what]) / (one[BARE][what] - one[START_BARE][what]) - 1)


def _rounds(runs: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Mapping[str, Any]]]:
    for turn in sorted({found["round"] for found in runs}):
        yield {found["name"]: found for found in runs if found["round"] == turn}


def _turned(kinds: Sequence[str], turn: int) -> list[str]:
    """The contestants, another one first in each round."""
    first = turn % len(kinds)
    return [*kinds[first:], *kinds[:first]]


def show(record: Mapping[str, Any]) -> None:
    """Print what a record holds."""
    rows = []
    for kind in KINDS:
        found = [one for one in record["runs"] if one["name"] == kind]
        walls = [one["wall"] for one in found]
        cpu = "–" if kind == ALL else f"{statistics.median(one['cpu'] for one in found):.1f}"
        middle = statistics.median(walls)
        rows.append(
            [
                kind,
                cpu,
                f"{middle:.1f}",
                f"{min(walls):.1f} … {max(walls):.1f}",
                "–" if kind in STARTS else f"{record['pages'] / middle:.0f}",
            ]
        )
    out = console()
    columns = ["", "CPU s", "wall s", "from … to", "pages/s"]
    out.print(table(f"{record['pages']:,} pages, {record['workers']} archives, medians", columns, rows))
    cpu, wall = 100 * record["cpu_overhead"], 100 * record["wall_overhead"]
    out.print(
        f"A page: {cpu:.1f} % more CPU, {wall:.1f} % more wall. To start: {record['start']:.1f} CPU s more"
    )
    scaling, bare = record["scaling"], record["bare_scaling"]
    out.print(
        f"{record['workers']} workers: {scaling:.2f} times as fast as one; bare loops: {bare:.2f} times"
    )


if __name__ == "__main__":
    typer.run(main)
