"""What a worker tells Prometheus: its crawls, what they brought, the queue, the database."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from thresher import __version__

try:
    from prometheus_client import (
        CollectorRegistry,
        Counter,
        Gauge,
        Histogram,
        Info,
        PlatformCollector,
        ProcessCollector,
        start_http_server,
    )
except ImportError as error:
    raise ImportError(
        "metrics need the package prometheus-client: pip install 'thresher[workers]'"
    ) from error

OUTCOMES: Final = ("done", "failed", "alarm", "held", "broke-off", "killed", "stopped")
"""How a crawl can end."""

JOB_STATUSES: Final = ("todo", "doing", "failed")
"""The states of jobs that are told from the start, as 0; others are told from when there is one."""

FIGURES: Final[Mapping[str, tuple[str, str]]] = {
    "discovered": ("thresher_urls_discovered", "Addresses found, or waiting from before."),
    "fetched": ("thresher_urls_fetched", "Addresses that answered with something to read."),
    "unchanged": ("thresher_urls_unchanged", "Addresses that have not changed since they were fetched."),
    "refused": ("thresher_urls_refused", "Addresses not asked for: robots.txt, private addresses."),
    "failed": ("thresher_urls_failed", "Addresses asked for and not to be had."),
    "left": ("thresher_urls_left", "Addresses left to the next run."),
    "articles": ("thresher_articles_written", "Articles written, new and revised."),
    "revised": ("thresher_articles_revised", "Articles written that are the next revision of one."),
    "gone": ("thresher_articles_gone", "Articles whose pages were found removed."),
    "rejects": ("thresher_rejects", "Addresses that gave no article."),
    "received_bytes": ("thresher_received_bytes", "Bytes of answers."),
}  # fmt: skip
"""The columns of `SiteRun` that are counted, each with its counter's name and meaning."""

_DURATIONS: Final = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200)
# Seconds: a visit that finds nothing new takes one or two, the first crawl of a large site half a day.

_MOST_WORDS: Final = 20  # values of one label; Prometheus keeps a time series of each for ever
_OTHER: Final = "other"
_LAST_PORT: Final = 65_535


class WorkerMetrics:
    """The metrics of one worker, in a registry of their own.

    No label names a site: a fleet crawls thousands, and the database has their figures. Methods may be called
    from several threads.
    """

    def __init__(self) -> None:
        """Make all metrics, those that nothing was counted in yet with 0."""
        self.registry: Final = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        Info("thresher_build", "The program that runs.", registry=self.registry).info(
            {"version": __version__}
        )
        self._running = self._gauge("thresher_crawls_running", "Crawls that run now.")
        self._crawls = self._counter("thresher_crawls", "Crawls that ended, by how.", "outcome")
        self._seconds = Histogram(
            "thresher_crawl_duration_seconds",
            "How long crawls took.",
            buckets=_DURATIONS,
            registry=self.registry,
        )
        self._figures = {key: self._counter(*named) for key, named in FIGURES.items()}
        self._jobs = self._gauge("thresher_queue_jobs", "Jobs of the queue, by status.", "status")
        self._database = self._gauge("thresher_database_up", "Whether the database answered (1) or not (0).")
        self._retries = self._counter(
            "thresher_retries", "Crawls put off to be tried again, by why.", "reason"
        )
        self._rescued = self._counter("thresher_jobs_rescued", "Jobs taken over from workers that were lost.")
        self._statuses = dict.fromkeys(JOB_STATUSES)  # in the order of their first time
        self._reasons: dict[str, None] = {}
        for outcome in OUTCOMES:
            self._crawls.labels(outcome)
        self.queue({})

    def began(self) -> None:
        """A crawl began."""
        self._running.inc()

    def ended(self, outcome: str, seconds: float) -> None:
        """A crawl that began has ended, after so many seconds. Raises `ValueError` for none of `OUTCOMES`."""
        if outcome not in OUTCOMES:
            raise ValueError(f"a crawl ends as one of {', '.join(OUTCOMES)}, not {outcome!r}")
        self._running.dec()
        self._crawls.labels(outcome).inc()
        self._seconds.observe(seconds)

    def count(self, figures: Mapping[str, int]) -> None:
        """Add what crawls brought. Raises `ValueError` for a key that is none of `FIGURES`, and below 0."""
        unknown = figures.keys() - FIGURES.keys()
        if unknown:
            raise ValueError(f"counted are {', '.join(FIGURES)}, not {', '.join(sorted(unknown))}")
        for key, number in figures.items():
            self._figures[key].inc(number)

    def queue(self, jobs: Mapping[str, int]) -> None:
        """Jobs in the whole queue by status; of a status that is not named there are none now."""
        for status in jobs:
            _known(self._statuses, status)
        for status in self._statuses:
            self._jobs.labels(status).set(jobs.get(status, 0))

    def connected(self, yes: bool) -> None:
        """Whether the database could be reached when it was last asked."""
        self._database.set(yes)

    def retried(self, reason: str) -> None:
        """A crawl was put off, to be tried again. After 20 reasons, all new ones are counted as "other"."""
        self._retries.labels(_known(self._reasons, reason)).inc()

    def rescued(self, number: int) -> None:
        """So many jobs were taken over from workers that gave no sign of life."""
        self._rescued.inc(number)

    @contextmanager
    def serving(self, host: str, port: int) -> Iterator[int]:
        """Serve the metrics over HTTP while the context lasts; gives the port: for 0 the system chooses one.

        There is no password: choose an address that only your own machines reach. Raises `ValueError` for a
        number that is no port, and `OSError`, with what to do, where the address cannot be had.
        """
        if not 0 <= port <= _LAST_PORT:
            raise ValueError(f"the metrics need a port from 0 to {_LAST_PORT}, not {port}")
        try:
            server, thread = start_http_server(port, host, self.registry)
        except OSError as error:
            why = error.strerror or os.strerror(error.errno or 0)
            raise OSError(
                f"the metrics cannot be served at {host}:{port} ({why}); give another address, or port 0"
            ) from error
        try:
            yield server.server_port
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(name, meaning, labels, registry=self.registry)


def _known(words: dict[str, None], word: str) -> str:
    """The word as a label's value, noted among those that occurred."""
    if word not in words and len(words) >= _MOST_WORDS:
        word = _OTHER
    words[word] = None
    return word
