"""`thresher worker`: a process that crawls sites of the queue until it is told to stop.

It survives the loss of its database: crawls that run go on as long as their leases last, and the worker joins
again when the database answers.
"""

from __future__ import annotations

import asyncio
import logging
import platform
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg
from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.job_context import JobContext
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from pipelines.store import Store
from pipelines.store.leases import RENEWALS
from thresher.config_file import ConfigFile
from thresher.fleet.crawls import Command, Crawls
from thresher.fleet.jobs import Again, CrawlFailedError, Jobs, PutOffError
from thresher.fleet.owned import OwnWorker
from thresher.fleet.queue import CRAWL, make_queue, queue_app
from thresher.terminal import print_event

if TYPE_CHECKING:
    from thresher.config import Config
    from thresher.fleet.metrics import WorkerMetrics

TEND: Final = "thresher:tend"
"""The task, and the queue, of what keeps the queue in order; a crawl never holds it up."""

FORGET: Final = "thresher:forget"
"""The task that removes what is long over, once a day."""

_POLLING: Final = 2.0  # seconds between two looks at an empty queue
_TENDING: Final = 30.0  # seconds between two looks at what is due or lost, at most
_OBSERVING: Final = 15.0  # seconds between two counts of the queue: Prometheus asks every 15 to 60
_JOINING: Final = 5.0  # seconds between two tries to reach the database
_QUIET: Final = ("procrastinate", "psycopg")  # what they would log, the worker says itself, in a line
_LOST: Final = (ConnectorException, psycopg.Error, SQLAlchemyError, OSError)


class FleetWorker:
    """Crawls sites of the queue, as many at the same time as `concurrent_sites` says.

    `load` reads the configuration in `file`, which is read anew when it changes. `command` gives the crawl of
    a site, should it be another than usual. SIGTERM and SIGINT end it in order: the crawls are told to stop
    and waited for, and their jobs are left to others; a second signal kills them.
    """

    def __init__(
        self,
        load: Callable[[], Config],
        file: Path,
        console: Console,
        *,
        command: Command | None = None,
        metrics: WorkerMetrics | None = None,
    ) -> None:
        """Read the configuration. Raises what `load` raises, and `NoQueueError`."""
        self._console, self._metrics = console, metrics
        self._file = ConfigFile(load, file, self._say)
        self._crawls = Crawls(command)
        self._jobs = Jobs(lambda: self._config, self._crawls, self._say, metrics)
        self._workers: list[OwnWorker] = []
        self._signals = 0
        self._stopped: asyncio.Event

    @property
    def _config(self) -> Config:
        return self._file.current()

    def run(self) -> None:
        """Work until a signal comes.

        Raises SQLAlchemy's and psycopg's errors if the database cannot be used at the start.
        """
        for name in _QUIET:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        database = self._config.database
        make_queue(database)
        Store(database).close()
        asyncio.run(self._run())

    async def _run(self) -> None:
        self._stopped = asyncio.Event()
        asyncio.get_running_loop().set_exception_handler(self._on_error)
        with self._heeding_signals():
            self._say(f"worker on {platform.node()}: {self._config.concurrent_sites} sites at the same time")
            while not self._stopped.is_set():
                try:
                    async with queue_app(self._config.database) as app:
                        await self._work(app)
                except _LOST as error:
                    self._connected(False)
                    why = str(error.__cause__ or error).strip()  # Procrastinate's own says nothing
                    self._say("the database cannot be reached; trying again", why)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopped.wait(), _JOINING)
            await self._crawls.wait()
        self._say("stopped")

    async def _work(self, app: App) -> None:
        """Take jobs until the worker is told to stop, or the database is lost."""
        tending = self._register(app)
        lost_after = self._config.workers.lost_after
        common: dict[str, Any] = {
            "name": platform.node(),
            "fetch_job_polling_interval": _POLLING,
            "listen_notify": False,  # a connection each for it would be the most of all
            "install_signal_handlers": False,
            "update_heartbeat_interval": lost_after / RENEWALS,
            "stalled_worker_timeout": lost_after,
            "shutdown_graceful_timeout": 0.0,  # what a lost database ends goes on, see `Crawls.end`
        }
        self._workers = [
            OwnWorker(app, queues=[CRAWL], concurrency=self._config.concurrent_sites, **common),
            OwnWorker(tending, queues=[TEND, FORGET], **common),
        ]
        # Procrastinate's worker has annotations for some of its methods only.
        tasks = [asyncio.create_task(worker.run()) for worker in self._workers]  # type: ignore[no-untyped-call]
        observer = asyncio.create_task(self._observe(app))
        if self._stopped.is_set():
            self._stop_workers()
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            observer.cancel()
            self._stop_workers()
            living = asyncio.create_task(self._live_on(app, lost_after / RENEWALS))
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            living.cancel()
        for outcome in ended:
            if isinstance(outcome, Exception):
                raise outcome

    async def _live_on(self, app: App, every: float) -> None:
        """Give signs of life while crawls are waited for: Procrastinate's worker gives none then."""
        while True:
            await asyncio.sleep(every)
            with suppress(*_LOST):  # whoever reads them cannot be reached: that is what they are for
                for worker in self._workers:
                    if worker.worker_id is not None:
                        await app.job_manager.update_heartbeat(worker.worker_id)

    def _register(self, app: App) -> App:
        """Tell Procrastinate the tasks of this worker; gives the application of the periodic ones.

        One of its own, as each worker of an application puts its periodic tasks into the queue.
        """
        seconds = max(1, round(min(_TENDING, self._config.workers.lost_after / RENEWALS)))

        async def crawl(
            context: JobContext,
            site: str,
            after: int,
            tries: int = 0,
            timestamp: int | None = None,  # noqa: ARG001 - the time of the schedule that it was put there for
        ) -> None:
            with self._saying(site):
                await self._jobs.crawl(context, site, after, tries)

        async def tend(timestamp: int) -> None:  # noqa: ARG001 - periodic tasks are given it
            with self._saying("the queue"):
                await self._jobs.tend(app)

        async def forget(timestamp: int) -> None:  # noqa: ARG001
            await self._jobs.forget(app)

        app.task(name=CRAWL, queue=CRAWL, pass_context=True, retry=Again())(crawl)
        periodic = App(connector=app.connector)
        periodic.periodic(cron=f"* * * * * */{seconds}")(periodic.task(name=TEND, queue=TEND)(tend))
        periodic.periodic(cron="17 3 * * *")(periodic.task(name=FORGET, queue=FORGET)(forget))
        return periodic

    @contextmanager
    def _saying(self, what: str) -> Iterator[None]:
        """Say why a job does not end well; Procrastinate settles it."""
        try:
            yield
        except (PutOffError, CrawlFailedError) as error:
            self._say(str(error))
            raise
        except Exception as error:
            self._say(f"{what}: a fault, see below", "".join(traceback.format_exception(error)))
            raise

    async def _observe(self, app: App) -> None:
        """Count the queue for the metrics, as long as the database answers."""
        while self._metrics:
            queues = await app.job_manager.list_queues_async(queue=CRAWL)
            names = ("todo", "doing", "failed")
            self._metrics.queue({name: sum(queue[name] for queue in queues) for name in names})
            self._connected(True)
            await asyncio.sleep(_OBSERVING)

    def _connected(self, yes: bool) -> None:
        if self._metrics:
            self._metrics.connected(yes)

    @contextmanager
    def _heeding_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._on_signal)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    def _on_signal(self) -> None:
        """Stop at the first signal, kill at the second."""
        self._signals += 1
        if self._signals > 1:
            self._crawls.kill()
            return
        waiting = len(self._crawls)
        self._say(f"stopping; crawls that are waited for: {waiting} (a second signal kills them)")
        self._jobs.stopping = True
        for worker in self._workers:
            worker.shutdown_graceful_timeout = None
        self._crawls.stop()
        self._stopped.set()
        self._stop_workers()

    def _stop_workers(self) -> None:
        for worker in self._workers:
            worker.stop()  # type: ignore[no-untyped-call]

    def _on_error(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What nobody waits for any more: how a job ended that could not be noted in the database."""
        self._say(
            "a job could not be settled; it will be taken up again",
            str(context.get("exception") or context["message"]),
        )

    def _say(self, what: str, detail: str = "", *, style: str = "") -> None:
        print_event(self._console, self._file.config.zone, what, detail, style=style)
