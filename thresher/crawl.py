"""Running spiders from Python: several crawls in one process, one set of outputs, a live display."""

from __future__ import annotations

import signal
import time
from asyncio import Task
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader
from scrapy.utils.reactor import is_reactor_installed
from twisted.python.failure import Failure

from pipelines.clean import pool_of
from pipelines.feeds import ARTICLES, DATABASE, REJECTS
from pipelines.store import Store
from pipelines.store.pipeline import database_url
from thresher.progress import CrawlProgress, label_of
from thresher.report import CrawlReport

PREVIOUS: Final = "previous-"
"""What the names of the files of the run before begin with: a run that fails must not take them along."""

LOG: Final = "crawl.log"
"""File of the crawl's log in the folder of the outputs."""

# Seconds. Without any delay, Scrapy 2.19 sends all the requests that wait for a host at once, however few
# CONCURRENT_REQUESTS_PER_DOMAIN allows: it counts a request as under way only after it took the next.
_LEAST_DELAY: Final = 0.001


@dataclass(frozen=True)
class CrawlJob:
    """One spider to run: its name and its arguments, as on Scrapy's command line."""

    spider: str
    arguments: dict[str, str]


def run_crawl(
    jobs: Sequence[CrawlJob],
    output: Path,
    *,
    settings: Mapping[str, Any] | None = None,
    console: Console | None = None,
) -> CrawlReport:
    """Run all jobs at the same time and write what they bring into the folder `output`.

    There is one set of outputs, however many jobs there are: `articles.jsonl.zst` and `rejects.jsonl`
    hold this run, and those of the run before are renamed to `previous-…`; `thresher.db` keeps all runs,
    a page that was seen before is updated; `crawl.log` is this run's log. Each job writes the two feeds
    into part files of its own, which are appended to the one file as the job ends (see
    `AppendingFileStorage`).

    All jobs share the cleaning workers. `settings` override the project's. Ctrl-C ends the crawls in an
    orderly way: what is under way is finished and everything found is written; twice ends at once.

    Raises `ValueError` for an unknown spider or wrong arguments, before anything is touched, and
    `RuntimeError` when called a second time: a process has one reactor, which cannot be started again.
    """
    if is_reactor_installed():
        raise RuntimeError("a process can run crawls only once; start another process for the next ones")
    output = output.absolute()
    effective = _settings(output, settings or {})
    _check(jobs, effective)
    _prepare(output, database_url(effective))
    report = CrawlReport(output, files=_files(output))
    started = time.monotonic()
    with _signal_handlers_kept(), pool_of(effective) as pool:
        effective.set("THRESHER_POOL", pool, priority="cmdline")
        with CrawlProgress(console or Console(stderr=True)) as progress:
            _run(jobs, effective, report, progress)
    report.seconds = time.monotonic() - started
    return report


def _settings(output: Path, overrides: Mapping[str, Any]) -> Settings:
    settings = Settings()
    settings.setmodule("thresher.settings", priority="project")
    ours = {
        "THRESHER_OUTPUT": str(output),
        "LOG_FILE": str(output / LOG),
    }
    # What a caller sets himself wins over what follows from the folder.
    settings.setdict({**ours, **overrides}, priority="cmdline")
    delay = max(settings.getfloat("DOWNLOAD_DELAY"), _LEAST_DELAY)
    settings.set("DOWNLOAD_DELAY", delay, priority="cmdline")
    return settings


def _check(jobs: Sequence[CrawlJob], settings: Settings) -> None:
    """Raise `ValueError` for the first job that could not run."""
    if not jobs:
        raise ValueError("no jobs to run")
    loader = get_spider_loader(settings)
    for job in jobs:
        try:
            spider = loader.load(job.spider)
        except KeyError:
            raise ValueError(
                f"no spider named {job.spider!r}; there are {', '.join(loader.list())}"
            ) from None
        check = getattr(spider, "check_arguments", None)
        if check:
            check(job.arguments)


def _prepare(output: Path, database: str) -> None:
    """Make the folder and the database, and set the files of the run before aside."""
    output.mkdir(parents=True, exist_ok=True)
    for name in (ARTICLES, REJECTS, LOG):
        if (output / name).exists():
            (output / name).replace(output / f"{PREVIOUS}{name}")
    if database:
        Store(database).close()  # the jobs open it all at once, which a new file would not bear


def _files(output: Path) -> dict[str, Path]:
    return {
        "Articles": output / ARTICLES,
        "Rejects": output / REJECTS,
        "Database": output / DATABASE,
        "Log": output / LOG,
    }


def _run(jobs: Sequence[CrawlJob], settings: Settings, report: CrawlReport, progress: CrawlProgress) -> None:
    process = AsyncCrawlerProcess(settings)
    crawls: list[tuple[CrawlJob, Crawler, Task[None]]] = []
    watchers: list[_Watcher] = []  # signals hold their receivers weakly
    for job in jobs:
        crawler = process.create_crawler(job.spider)
        label = label_of(job.spider, job.arguments.get("url") or job.arguments.get("urls") or "")
        watchers.append(_Watcher(crawler, label, report))
        progress.watch(crawler, label)
        crawls.append((job, crawler, process.crawl(crawler, **job.arguments)))
    process.start()
    for job, crawler, task in crawls:
        _conclude(job, crawler, task, report)


def _conclude(job: CrawlJob, crawler: Crawler, task: Task[None], report: CrawlReport) -> None:
    """Note how one crawl ended."""
    if not task.done() or task.cancelled():
        report.interrupted = True
        return
    error = task.exception()
    if error is not None:
        report.errors.append(f"the {job.spider} spider could not run: {type(error).__name__}: {error}")
        return
    stats = crawler.stats.get_stats()
    report.interrupted |= stats.get("finish_reason") == "shutdown"
    if any(name.startswith("feedexport/failed_count") for name in stats):
        report.errors.append(f"a file of the {job.spider} spider could not be written, see the log")


class _Watcher:
    """Counts what one crawl brings."""

    def __init__(self, crawler: Crawler, label: str, report: CrawlReport) -> None:
        self._label = label
        self._report = report
        crawler.signals.connect(self._on_item, signals.item_scraped)
        crawler.signals.connect(self._on_item_error, signals.item_error)

    def _on_item(self, item: Any) -> None:
        self._report.count(item)

    def _on_item_error(self, item: Any, failure: Failure) -> None:
        url = getattr(item, "url", None)
        self._report.errors.append(f"{self._label}: {url} was lost in a pipeline: {failure.value}")


@contextmanager
def _signal_handlers_kept() -> Iterator[None]:
    """Put back the handlers that Scrapy replaces, so that Ctrl-C works as before after the crawl."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
