"""Cleaning in worker processes, with a bound on the time and the memory that one page may take.

A page comes from strangers: it may send a parser into minutes of work or gigabytes of memory, or crash
it. So each page is cleaned in a process that can be stopped, and whatever happens there comes back as a
result or as a `Rejection` that says what happened.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Final, Generic, Self, TypeVar
from weakref import WeakKeyDictionary

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from cleaners import Page, Rejection
from pipelines.processes import EndsByItself, prepare_worker, start_context

Result = TypeVar("Result")

logger = logging.getLogger(__name__)

TIME_LIMIT: Final = 20.0
"""Seconds that one page may take: a thousand times what an ordinary page takes, so only runaways hit it."""

MEMORY_LIMIT: Final = 1 << 30
"""Bytes of address space that a worker may add to what it has at its start. Of pages of 20 MiB, the most
that the crawl accepts, those of paragraphs or plain text pass; one of 2.5 million tiny elements does not."""

WORKER_LIFE: Final = 2_000
"""Pages after which a worker makes room for a new one: what leaks in a parser cannot add up for days. A new
worker costs half a second, the pages before it half a minute."""

ORPHAN_GRACE: Final = 30.0
"""Seconds beyond the time of a page after which a worker whose asking process is gone ends by itself."""

_PAGES_PER_WORKER: Final = 6  # one being cleaned, others waiting or done while a slow one before them is not
_STARTUP_GRACE: Final = 60.0  # seconds for a new worker to import the cleaner, on a busy machine
_ATTEMPTS: Final = 2  # a pool that breaks takes innocent pages with it; each gets one more try
_DETAIL_LENGTH: Final = 300  # characters of an error message that a reject's detail repeats

_STOPPED: Final = "the cleaning was stopped while the page was there"

WORKER_REASONS: Final = frozenset(
    {"worker-timeout", "worker-memory", "worker-died", "worker-error", "worker-stopped"}
)
"""Reasons of the rejections that a pool gives."""


class CleaningPool(Generic[Result]):
    """Worker processes that clean pages within bounds. A context manager; workers start when first used.

    `workers` is the number of processes (default: one a processor), `time_limit` the seconds and
    `memory_limit` the bytes that one page may take, `worker_life` the pages after which a worker is replaced,
    `function` what a worker runs (any picklable function of one page, `cleaners.clean` for one), whose
    results the methods give. No method raises for a page's sake: what goes wrong with it is a `Rejection`
    with one of `WORKER_REASONS` as its reason.
    """

    def __init__(
        self,
        *,
        workers: int | None = None,
        time_limit: float = TIME_LIMIT,
        memory_limit: int = MEMORY_LIMIT,
        worker_life: int = WORKER_LIFE,
        function: Callable[[Page], Result],
    ) -> None:
        """Set the bounds; processes start with the first page."""
        self.workers: Final = workers or os.cpu_count() or 1
        self.in_flight: Final = _PAGES_PER_WORKER * self.workers
        self._time_limit = time_limit
        self._memory_limit = memory_limit
        self._worker_life = worker_life
        self._function = EndsByItself(function, time_limit + ORPHAN_GRACE)
        self._lock = threading.Lock()
        self._processes: ProcessPool | None = None
        self._under_way: set[ProcessFuture[Result]] = set()
        self._started = False
        self._closed = False
        self._rooms: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
        # For `map` one thread waits for each page in flight; their number bounds it, as rooms do in a loop.
        self._waiters = ThreadPoolExecutor(self.in_flight, thread_name_prefix="cleaning")

    def __enter__(self) -> Self:
        """The pool itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the workers."""
        self.close()

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        """The pool itself."""
        # Scrapy deep-copies settings; a copy of a setting that names this pool means the same workers.
        return self

    def close(self) -> None:
        """Stop the workers; pages still in flight come back as rejections. Can be called twice."""
        self._waiters.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._closed = True
            processes, self._processes = self._processes, None
            under_way = list(self._under_way)
        for future in under_way:  # nobody would answer for them any more
            future.cancel()  # type: ignore[no-untyped-call]
        if processes is not None:
            _stop(processes)
        self._waiters.shutdown(wait=True)

    def clean(self, page: Page) -> Result | Rejection:
        """Clean one page and wait for it."""
        for _ in range(_ATTEMPTS):
            future = self._submit(page)
            if future is None:
                break
            if (outcome := self._outcome(page, future, self._patience)) is not None:
                return outcome
        return self._unanswered(page)

    async def clean_async(self, page: Page) -> Result | Rejection:
        """Clean one page without blocking the event loop; waits while `in_flight` others are under way."""
        room = self._rooms.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(self.in_flight))
        async with room:
            for _ in range(_ATTEMPTS):
                # Processes take their time to start and to stop; with those that run it is done at once.
                ready = self._started and self._processes is not None and self._processes.active
                future = self._submit(page) if ready else await asyncio.to_thread(self._submit, page)
                if future is None:
                    break
                await self._ended(future)
                if (outcome := self._outcome(page, future, 0)) is not None:
                    return outcome
        return self._unanswered(page)

    def map(self, pages: Iterable[Page | Rejection]) -> Iterator[Result | Rejection]:
        """Clean many pages on all workers and give the results in the order of `pages`.

        Takes from `pages` only as many as can be in flight, so an endless iterable is fine. What was
        rejected before it got here passes through in its place.
        """
        waiting: deque[Future[Result | Rejection] | Rejection] = deque()
        try:
            for page in pages:
                waiting.append(
                    page if isinstance(page, Rejection) else self._waiters.submit(self.clean, page)
                )
                if len(waiting) > self.in_flight:
                    yield _result(waiting.popleft())
            while waiting:
                yield _result(waiting.popleft())
        finally:
            for left in waiting:
                if isinstance(left, Future):
                    left.cancel()

    @property
    def _patience(self) -> float:
        """Seconds after which a page is given up even if its worker's end went unnoticed.

        A worker that dies while it takes a page off the queue takes the page along; nobody would ever
        answer for it. The page can wait behind others in flight, each of which may take its whole time.
        """
        return _PAGES_PER_WORKER * self._time_limit + _STARTUP_GRACE

    def _submit(self, page: Page) -> ProcessFuture[Result] | None:
        with self._lock:
            if self._closed:
                return None
            if self._processes is not None and not self._processes.active:
                _stop(self._processes)
                self._processes, self._started = None, False
            if self._processes is None:
                self._processes = ProcessPool(
                    max_workers=self.workers,
                    max_tasks=self._worker_life,
                    initializer=prepare_worker,
                    initargs=(self._memory_limit,),
                    context=start_context(),
                )
            future = self._processes.schedule(self._function, args=(page,), timeout=self._time_limit)
            self._under_way.add(future)
            self._started = True
            return future

    async def _ended(self, future: ProcessFuture[Result]) -> None:
        """Wait until a page is done with, or for as long as there is patience."""
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        future.add_done_callback(lambda _: loop.is_closed() or loop.call_soon_threadsafe(ended.set))
        impatience = loop.call_later(self._patience, ended.set)
        try:
            await ended.wait()
        except asyncio.CancelledError:
            self._under_way.discard(future)
            future.cancel()  # type: ignore[no-untyped-call]
            raise
        finally:
            impatience.cancel()

    def _outcome(
        self, page: Page, future: ProcessFuture[Result], patience: float
    ) -> Result | Rejection | None:
        """What came of a page after at most so many seconds; `None` where all processes broke down."""
        try:
            result: Result = future.result(patience)
        except BrokenProcessPool:
            return None
        except Exception as error:
            future.cancel()  # type: ignore[no-untyped-call]
            return self._rejection(page, error)
        finally:
            self._under_way.discard(future)
        return result

    def _unanswered(self, page: Page) -> Rejection:
        if self._closed:
            return reject(page, "worker-stopped", _STOPPED)
        return reject(page, "worker-died", "the cleaning processes broke down twice while the page was there")

    def _rejection(self, page: Page, error: Exception) -> Rejection:
        if isinstance(error, TimeoutError):
            return reject(page, "worker-timeout", f"cleaning took longer than {self._time_limit:g} seconds")
        if isinstance(error, CancelledError):
            return reject(page, "worker-stopped", _STOPPED)
        if isinstance(error, MemoryError):
            limit = self._memory_limit / (1 << 20)
            return reject(page, "worker-memory", f"cleaning needed more than {limit:.0f} MiB of memory")
        if isinstance(error, ProcessExpired):
            return reject(page, "worker-died", f"the cleaning process ended with exit code {error.exitcode}")
        # The cleaner promises not to raise, so this is a fault of ours; the log says where.
        logger.error("Cleaning %s failed:\n%s", page.url, getattr(error, "traceback", error))
        message = f"{type(error).__name__}: {error}"[:_DETAIL_LENGTH]
        return reject(page, "worker-error", f"cleaning failed with {message}")


def _result(waiting: Future[Result | Rejection] | Rejection) -> Result | Rejection:
    return waiting if isinstance(waiting, Rejection) else waiting.result()


def reject(page: Page, reason: str, detail: str) -> Rejection:
    """The rejection of a page, for one of `WORKER_REASONS`."""
    return Rejection(
        url=page.url,
        reason=reason,
        detail=detail,
        status=page.status,
        fetched_at=page.fetched_at,
        discovered_by=page.discovered_by,
        key=page.key,
    )


def _stop(processes: ProcessPool) -> None:
    processes.stop()  # type: ignore[no-untyped-call]
    processes.join()
