"""`thresher worker`: its options."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from thresher.exits import failure, problems_said, usage_error

_Config = Annotated[
    Path,
    typer.Option(metavar="FILE", help="The file of the sites, the same on every machine (docs/fleet.md)."),
]
_Metrics = Annotated[
    str | None,
    typer.Option(metavar="HOST:PORT", help="Serve metrics for Prometheus there (docs/metrics.md)."),
]


def worker(config: _Config, metrics: _Metrics = None) -> None:
    """Crawl sites together with workers on other machines, which share a database of PostgreSQL.

    Takes sites from the queue, each when its time has come by its schedule, until SIGTERM or Ctrl-C. Any
    number of machines may run workers with the same file; they come and go as they like. `thresher crawl
    --config FILE --queue` puts sites into the queue at once.

    Exit status: 0 it was told to stop; 1 the database cannot be used; 2 a wrong call or configuration.
    """
    try:
        import psycopg

        from thresher.fleet.metrics import WorkerMetrics
        from thresher.fleet.worker import FleetWorker
    except ImportError as error:
        raise usage_error(str(error)) from error
    from thresher.config import load_config

    console = Console()
    with problems_said():
        counted = WorkerMetrics() if metrics else None
        try:
            fleet = FleetWorker(lambda: load_config(config), config, console, metrics=counted)
            with counted.serving(*_address(metrics)) if counted and metrics else nullcontext(0) as port:
                if metrics:
                    console.print(f"metrics at http://{_address(metrics)[0]}:{port}/metrics", highlight=False)
                fleet.run()
        except psycopg.Error as error:
            raise failure(f"the database: {error}") from error


def _address(text: str) -> tuple[str, int]:
    """The host and the port in HOST:PORT. Raises `ValueError` for what is none."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal():
        raise ValueError(f"--metrics {text!r} is no HOST:PORT, such as 127.0.0.1:9464")
    return host.strip("[]"), int(port)
