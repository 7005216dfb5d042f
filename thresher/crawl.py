"""Running spiders from Python: many crawls in one process, one set of outputs, a live display."""

from __future__ import annotations

import logging
import time
from asyncio import Task
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import SETTINGS_PRIORITIES, Settings
from scrapy.spiderloader import SpiderLoaderProtocol, get_spider_loader
from scrapy.utils.reactor import is_reactor_installed
from sqlalchemy import make_url
from twisted.python.failure import Failure

from cleaners.frontier import LEASE_LOST
from pipelines.clean import pool_of
from pipelines.deduplicate import Deduplicator
from pipelines.feeds import ARTICLES, REJECTS
from pipelines.reuse.summary import relation_counts
from pipelines.store import Store
from pipelines.store.pipeline import database_url
from pipelines.store.writer import StoreWriter
from spiders.budget import RunBudget
from thresher.process_state import cycles_sought_less_often, messages_from, signal_handlers_kept
from thresher.progress import CrawlProgress, label_of
from thresher.report import CrawlReport
from thresher.turns import last_runs

PREVIOUS: Final = "previous-"
"""What the names of the files of the run before begin with: a run that fails must not take them along."""

LOG: Final = "crawl.log"
"""File of the crawl's log in the folder of the outputs."""

_BROKEN_OFF: Final = frozenset({"error", LEASE_LOST})  # reasons of a spider that could not go on
_JOB_PRIORITY: Final = SETTINGS_PRIORITIES["cmdline"] + 1  # what a job says itself wins over what all say

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CrawlJob:
    """One spider to run: its name and arguments as on Scrapy's command line, and settings for it alone.

    `name` is what the database knows the job by.
    """

    spider: str
    arguments: Mapping[str, Any]
    name: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What the job is called on a screen."""
        places = (self.arguments.get(key) for key in ("url", "urls", "path"))
        return self.name or label_of(self.spider, str(next(filter(None, places), "")))


def run_crawl(
    jobs: Sequence[CrawlJob],
    output: Path,
    *,
    settings: Mapping[str, Any] | None = None,
    console: Console | None = None,
) -> CrawlReport:
    """Run jobs, as many at the same time as `THRESHER_CONCURRENT_SITES` says, into the folder `output`.

    There is one set of outputs, however many jobs there are: `articles.jsonl.zst` and `rejects.jsonl`
    hold this run, and those of the run before are renamed to `previous-…`; `thresher.db` keeps all runs,
    a page that was seen before is updated; `crawl.log` is this run's log. Each job writes the two feeds
    into part files of its own, which are appended to the one file as the job ends (see
    `AppendingFileStorage`).

    All jobs share the cleaning workers, the writer of the database, what compares articles, and the
    `RunBudget` that `THRESHER_BUDGET` may hold; once it is used up, jobs that wait are left out. `settings`
    override the project's. Ctrl-C ends the crawls in an orderly way: what is under way is finished,
    everything found is written, jobs that wait are not begun; twice ends at once.

    Raises `ValueError` for an unknown spider or wrong arguments, before anything is touched, and
    `RuntimeError` when called a second time: a process has one reactor, which cannot be started again.
    """
    if is_reactor_installed():
        raise RuntimeError("a process can run crawls only once; start another process for the next ones")
    output = output.absolute()
    effective = crawl_settings(output, settings or {})
    database = database_url(effective)
    if not jobs:
        raise ValueError("no jobs to run")
    loader = get_spider_loader(effective)
    for job in jobs:
        check_job(job, loader)
    _prepare(output, database)
    report = CrawlReport(output, files=_files(output, effective))
    started = time.monotonic()
    with ExitStack() as stack:
        stack.enter_context(signal_handlers_kept())
        stack.enter_context(cycles_sought_less_often())
        stack.enter_context(messages_from(effective["LOG_LEVEL"]))
        effective.set("THRESHER_DEDUPLICATOR", Deduplicator(), priority="cmdline")
        effective.set("THRESHER_POOL", stack.enter_context(pool_of(effective)), priority="cmdline")
        if database:
            writer = stack.enter_context(StoreWriter(database))
            effective.set("THRESHER_WRITER", writer, priority="cmdline")
        progress = stack.enter_context(CrawlProgress(console or Console(stderr=True)))
        _CrawlQueue(effective, report, progress).run(jobs)
    report.seconds = time.monotonic() - started
    if database and effective.getbool("THRESHER_DEDUPLICATE"):
        with Store(database) as store, store.session() as session:
            report.relations = relation_counts(session)
    return report


def check_job(job: CrawlJob, loader: SpiderLoaderProtocol) -> None:
    """Raise `ValueError` for a job that could not run; `loader` knows the spiders."""
    try:
        spider = loader.load(job.spider)
    except KeyError:
        raise ValueError(f"no spider named {job.spider!r}; there are {', '.join(loader.list())}") from None
    check = getattr(spider, "check_arguments", None)
    if check:
        check(job.arguments)


def delay_settings(delay: float | None) -> dict[str, float]:
    """The settings for so many seconds between two requests to a host."""
    return {} if delay is None else {"DOWNLOAD_DELAY": delay, "AUTOTHROTTLE_START_DELAY": delay}


def crawl_settings(output: Path, overrides: Mapping[str, Any]) -> Settings:
    """The project's settings for a crawl into a folder; what `overrides` says wins."""
    settings = Settings()
    settings.setmodule("thresher.settings", priority="project")
    ours = {
        "THRESHER_OUTPUT": str(output),
        "LOG_FILE": str(output / LOG),
    }
    settings.setdict({**ours, **overrides}, priority="cmdline")
    return settings


def _prepare(output: Path, database: str) -> None:
    """Make the folder and the database, and set the files of the run before aside."""
    output.mkdir(parents=True, exist_ok=True)
    if database:
        Store(database).close()  # whatever is wrong with it is said before anything is moved
    for name in (ARTICLES, REJECTS, LOG):
        if (output / name).exists():
            (output / name).replace(output / f"{PREVIOUS}{name}")


def _files(output: Path, settings: Settings) -> dict[str, Path]:
    files = {"Articles": output / ARTICLES, "Rejects": output / REJECTS}
    database = make_url(url) if (url := database_url(settings)) else None
    if database is not None and database.database and database.get_backend_name() == "sqlite":
        files["Database"] = Path(database.database)
    if settings["THRESHER_WARC"]:
        files["WARC"] = Path(settings["THRESHER_WARC"])
    return {**files, "Log": output / LOG}


class _CrawlQueue(AsyncCrawlerProcess):
    """Runs jobs, a bounded number at the same time; the next one begins when one ends."""

    def __init__(self, settings: Settings, report: CrawlReport, progress: CrawlProgress) -> None:
        super().__init__(settings)
        self._report = report
        self._progress = progress
        self._budget: RunBudget | None = settings.get("THRESHER_BUDGET")
        self._jobs_waiting: deque[CrawlJob] = deque()
        self._begun: list[tuple[CrawlJob, Crawler, Task[None]]] = []
        self._watchers: list[_Watcher] = []  # signals hold their receivers weakly
        self._told_to_stop = False
        self._database = database_url(settings)
        self._since = datetime.now(UTC)

    def run(self, jobs: Sequence[CrawlJob]) -> None:
        """Run jobs to their end, and report how each ended."""
        self._jobs_waiting.extend(jobs)
        for _ in range(max(self.settings.getint("THRESHER_CONCURRENT_SITES"), 1)):
            self._begin_next()
        self.start()
        for job, crawler, task in self._begun:
            _conclude(job, crawler, task, self._report)
        left = ", ".join(job.label for job in self._jobs_waiting)
        if self._told_to_stop:
            self._report.interrupted |= bool(left)
        elif left and self._budget and self._budget.exhausted:
            logger.warning("The run's budget is used up; left for the next run: %s", left)
        elif left:
            self._report.errors.append(f"these could not be begun, see the log: {left}")

    async def stop(self) -> None:
        """Stop the crawls under way, and begin no other; Scrapy calls this on a signal and at the end."""
        self._told_to_stop |= bool(self.crawlers)
        await super().stop()

    def _begin_next(self, _ended: Task[None] | None = None) -> None:
        if self._told_to_stop or (self._budget and self._budget.exhausted):
            return
        while self._jobs_waiting and self._was_begun_elsewhere(self._jobs_waiting[0]):
            self._report.held.append(self._jobs_waiting.popleft().label)
        if not self._jobs_waiting:
            return
        job = self._jobs_waiting[0]
        crawler = self.create_crawler(job.spider)
        crawler.settings.setdict({**job.settings, "THRESHER_JOB": job.name}, priority=_JOB_PRIORITY)
        self._watchers.append(_Watcher(crawler, job.label, self._report))
        self._progress.watch(crawler, job.label)
        task = self.crawl(crawler, **job.arguments)
        task.add_done_callback(self._begin_next)
        self._begun.append((self._jobs_waiting.popleft(), crawler, task))

    def _was_begun_elsewhere(self, job: CrawlJob) -> bool:
        """Whether another run has begun a job while it waited here."""
        if not (job.name and self._database):
            return False
        began = last_runs(self._database, [job.name]).get(job.name)
        return began is not None and began > self._since


def _conclude(job: CrawlJob, crawler: Crawler, task: Task[None], report: CrawlReport) -> None:
    """Note how one crawl ended."""
    if not task.done() or task.cancelled():
        report.interrupted = True
        return
    error = task.exception()
    if error is not None:
        report.errors.append(f"{job.label}: the crawl could not run: {type(error).__name__}: {error}")
        return
    stats = crawler.stats.get_stats()
    if stats.get("thresher/held"):
        report.held.append(job.label)
        return
    report.finish(crawler)
    report.interrupted |= stats.get("finish_reason") == "shutdown"
    if stats.get("finish_reason") in _BROKEN_OFF:
        report.errors.append(f"{job.label}: the crawl broke off ({stats['finish_reason']}), see the log")
    if any(name.startswith("feedexport/failed_count") for name in stats):
        report.errors.append(f"{job.label}: a file could not be written, see the log")


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
