"""What a worker does with the jobs of the queue: crawl a site, take over what was lost, plan what is due."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job

from thresher.crawl_process import meaning
from thresher.exits import EXIT_USAGE
from thresher.fleet.crawls import Crawls, EndedCrawl
from thresher.fleet.owned import put_back
from thresher.fleet.planning import plan
from thresher.fleet.queue import CRAWL, put
from thresher.fleet.runs import figures_of_runs, latest_run, lost_its_site, was_crawled

if TYPE_CHECKING:
    from procrastinate import App

    from thresher.config import Config, Site
    from thresher.fleet.metrics import WorkerMetrics

FIRST_WAIT: Final = 60.0
"""Seconds until a crawl that failed is tried again; five times as long after each further failure."""

_LONGER: Final = 5
_ASKED_AGAIN: Final = 4  # times that a site's state is asked for while a worker counts as lost
_UNKNOWN_MOST: Final = 20  # times that a site which this machine's file does not name is left to others
_KEPT_HOURS: Final = 24 * 30  # that jobs which failed for good can be looked at


class PutOffError(Exception):
    """A crawl that is not to be now; the message says why, `wait` for how many seconds."""

    def __init__(self, why: str, wait: float) -> None:
        """Say why, and until when."""
        super().__init__(why)
        self.wait = wait


class NotNamedError(PutOffError):
    """A site that this machine's file does not name; another's may."""


class CrawlFailedError(Exception):
    """A crawl that failed, and is not tried again."""


class Again(BaseRetryStrategy):
    """A job that was put off, or whose worker ends, stays in the queue."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; `None` for a crawl that failed for good."""
        if isinstance(exception, NotNamedError) and job.attempts >= _UNKNOWN_MOST:
            return None
        if isinstance(exception, PutOffError):
            return RetryDecision(retry_in={"seconds": round(exception.wait)})
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision()
        return None


class Jobs:
    """The tasks of one worker.

    `config` gives the configuration in force, `say` prints a line with details and a style.
    """

    def __init__(
        self,
        config: Callable[[], Config],
        crawls: Crawls,
        say: Callable[..., None],
        metrics: WorkerMetrics | None = None,
    ) -> None:
        """Take what is needed; nothing begins."""
        self._config, self._crawls, self._say, self._metrics = config, crawls, say, metrics
        self.stopping = False

    async def crawl(self, context: JobContext, site: str, after: int, tries: int = 0) -> None:
        """Crawl a site, unless a worker that was lost has done it.

        Raises `PutOffError` where the job is to stay in the queue, and `CrawlFailedError`.
        """
        config = self._config()
        named = next((entry for entry in config.enabled if entry.name == site), None)
        if named is None:
            raise NotNamedError(
                f"{site}: is not in this machine's file; left to others", config.workers.lost_after
            )
        number = context.job.id or 0
        if number not in self._crawls:
            if await asyncio.to_thread(was_crawled, config.database, site, after):
                self._say(f"{site}: was crawled already")
                return
            if self.stopping:
                raise PutOffError(f"{site}: this worker is stopping", 0)
            before = await asyncio.to_thread(latest_run, config.database)
            self._begin(number, named, config)
        else:
            before = after  # begun for this job, before the database was lost
        ended = await self._crawls.end(number)
        if ended.word in {"done", "alarm"} and not await asyncio.to_thread(
            was_crawled, config.database, site, before
        ):
            ended = replace(ended, word="stopped" if self.stopping else "broke-off")
        await self._conclude(context, named, config, ended, tries, before)

    def _begin(self, job: int, site: Site, config: Config) -> None:
        try:
            process = self._crawls.begin(job, site, config)
        except OSError as error:
            raise PutOffError(f"{site.name}: cannot be started: {error}", FIRST_WAIT) from error
        self._say(f"{site.name}: started (process {process})")
        if self._metrics:
            self._metrics.began()

    async def _conclude(
        self, context: JobContext, site: Site, config: Config, ended: EndedCrawl, tries: int, before: int
    ) -> None:
        """Say how a crawl ended, and what follows from it."""
        took = timedelta(seconds=round(ended.seconds))
        style = "bold red" if ended.word == "alarm" else ""
        self._say(f"{site.name}: {_told(ended)}, after {took}", ended.said, style=style)
        if self._metrics:
            self._metrics.ended(ended.word, ended.seconds)
            self._metrics.count(await asyncio.to_thread(figures_of_runs, config.database, site.name, before))
        if ended.word in {"done", "alarm"}:
            return
        if ended.word == "held":
            self._put_off(
                f"{site.name}: is crawled by another run",
                ended.word,
                config.workers.lost_after / _ASKED_AGAIN,
            )
        if ended.word == "stopped":
            self._put_off(f"{site.name}: was stopped", ended.word, 0)
        if not await _is_ours(context):  # it ended as it lost its site: whoever has it will know
            self._put_off(f"{site.name}: was taken over", "taken-over", config.workers.lost_after)
        if await asyncio.to_thread(lost_its_site, config.database, site.name, before):
            self._put_off(f"{site.name}: could not hold its site", "lost-site", config.workers.lost_after)
        if ended.status == EXIT_USAGE or tries >= config.workers.retries:
            raise CrawlFailedError(f"{site.name}: {_told(ended)}, for the last time")
        wait = FIRST_WAIT * _LONGER**tries
        after = await asyncio.to_thread(latest_run, config.database)
        await put(context.app, site, after, tries=tries + 1, wait=wait)
        self._say(f"{site.name}: is tried again in {timedelta(seconds=round(wait))}")
        if self._metrics:
            self._metrics.retried(ended.word)

    def _put_off(self, why: str, reason: str, wait: float) -> None:
        if self._metrics:
            self._metrics.retried(reason)
        raise PutOffError(why, wait)

    async def tend(self, app: App) -> None:
        """Take over the jobs of workers that gave no sign of life, and put what is due into the queue."""
        config = self._config()
        stalled = await app.job_manager.get_stalled_jobs(
            queue=CRAWL, seconds_since_heartbeat=config.workers.lost_after
        )
        lost = [job for job in stalled if await put_back(app, job, RetryDecision())]
        if lost:
            names = ", ".join(sorted(str(job.task_kwargs.get("site")) for job in lost))
            self._say(f"taken over from workers that were lost: {names}")
        if lost and self._metrics:
            self._metrics.rescued(len(lost))
        planned = await plan(app, config)
        if planned:
            self._say(f"due now: {', '.join(planned)}")

    @staticmethod
    async def forget(app: App) -> None:
        """Remove jobs that failed for good long ago."""
        await app.job_manager.delete_old_jobs(
            _KEPT_HOURS, include_failed=True, include_aborted=True, include_cancelled=True
        )


def _told(ended: EndedCrawl) -> str:
    """How a crawl ended, in words."""
    whole = ended.status or ended.word == "done"
    return meaning(ended.status) if whole else "ended before all was done (exit status 0)"


async def _is_ours(context: JobContext) -> bool:
    """Whether a job was not taken over from this worker meanwhile."""
    found = list(await context.app.job_manager.list_jobs_async(id=context.job.id))
    return any(job.worker_id == context.job.worker_id and job.status == "doing" for job in found)
