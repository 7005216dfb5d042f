"""Workers of a test: processes of their own, whose crawls are played or real."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from rich.console import Console

from tests.crawling import ROOT
from thresher.config import Site, load_config
from thresher.fleet.queue import conninfo_of
from thresher.fleet.worker import FleetWorker

PATIENCE = 40.0  # seconds; what a test waits for takes far less

# A crawl as the worker sees it: it notes what happens to it in a log and its run in the database, and goes on
# until a file of its name with "go" lies there. What stands in that is its
# exit status, and how its run ended if that is not as usual.
CRAWL = """
import os, signal, sys, time
from datetime import UTC, datetime
from pathlib import Path
from pipelines.store import Store, begin_run, end_run
folder, worker, name, database = Path(sys.argv[1]), *sys.argv[2:]
def log(what):
    with (folder / "log").open("a") as file:
        file.write(f"{worker} {name} {what}\\n")
def stop(*_):
    log("told to stop")
    (folder / f"{name}-go").write_text("1")
signal.signal(signal.SIGTERM, stop)
sys.stdin.read()
with Store(database) as store, store.write() as session:
    run = begin_run(session, "site", {}, datetime.now(UTC), name)
log("begins")
go = folder / f"{name}-go"
while not go.exists() or not go.read_text():
    time.sleep(0.01)
status, *outcome = go.read_text().split()
status = int(status)
go.unlink()
with Store(database) as store, store.write() as session:
    usual = {75: "held", 1: "shutdown"}.get(status, "finished")
    end_run(session, run, datetime.now(UTC), *outcome or [usual])
log(f"ends with {status}")
print("as \\x1b[31mit\\x1b[0m says", file=sys.stderr)
sys.exit(status)
"""


def main(order: dict[str, Any]) -> None:
    """A worker of a test, whose crawls are played."""
    folder = Path(order["folder"])
    file = folder / "thresher.toml"

    def command(site: Site) -> list[str]:
        return [
            sys.executable,
            "-c",
            CRAWL,
            str(folder),
            order["name"],
            site.name,
            load_config(file).database,
        ]

    FleetWorker(lambda: load_config(file), file, Console(), command=command).run()


@dataclass
class Worker:
    """A worker that runs, and what it said."""

    folder: Path
    name: str
    process: subprocess.Popen[bytes]

    def said(self) -> list[str]:
        """What it printed, without the times."""
        return [
            line[20:] for line in (self.folder / f"{self.name}.said").read_text(encoding="utf-8").splitlines()
        ]

    def until_said(self, what: str) -> None:
        """Wait until it has said something."""
        until(lambda: any(what in line for line in self.said()), self.said)

    def end(self, *signals: int) -> int:
        """Send signals to it, SIGTERM by default, and give its exit status."""
        for number in signals or (signal.SIGTERM,):
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextmanager
def worker(folder: Path, name: str) -> Iterator[Worker]:
    """A worker with the configuration in a folder."""
    order = json.dumps({"folder": str(folder), "name": name})
    with (folder / f"{name}.said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.thresher.fleet.workers", order],
            cwd=ROOT, stdout=said, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            yield Worker(folder, name, process)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.send_signal(signal.SIGTERM)
                process.wait(PATIENCE)


def until(condition: Callable[[], bool], told: Callable[[], object] = lambda: "") -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, told()
        time.sleep(0.02)


def log(folder: Path) -> list[str]:
    """What happened to the crawls."""
    file = folder / "log"
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def jobs(database: str) -> list[tuple[str, str, int]]:
    """The jobs of the queue: site, status, priority."""
    with psycopg.connect(conninfo_of(database)) as connection:
        return connection.execute(
            "SELECT args->>'site', status::text, priority FROM procrastinate_jobs WHERE args ? 'site' ORDER BY id"
        ).fetchall()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
