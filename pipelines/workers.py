"""Cleaning in worker processes, with a bound on the time and the memory that one page may take.

A page comes from strangers: it may send a parser into minutes of work or gigabytes of memory, or crash
it. So each page is cleaned in a process that can be stopped, and whatever happens there comes back as a
result or as a `Rejection` that says what happened.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any, Final, Generic, Self, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from cleaners import Page, Rejection

try:
    import resource
except ImportError:  # Windows has no limits of this kind; the time bound still holds there
    resource = None  # type: ignore[assignment]

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
        self._function = function
        self._lock = threading.Lock()
        self._processes: ProcessPool | None = None
        self._under_way: set[ProcessFuture[Result]] = set()
        self._closed = False
        # One thread waits for each page in flight; their number is the bound on pages in flight.
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
            try:
                result: Result = future.result(self._patience)
            except BrokenProcessPool:
                continue
            except Exception as error:
                future.cancel()  # type: ignore[no-untyped-call]
                return self._rejection(page, error)
            finally:
                self._under_way.discard(future)
            return result
        if self._closed:
            return _reject(page, "worker-stopped", _STOPPED)
        return _reject(
            page, "worker-died", "the cleaning processes broke down twice while the page was there"
        )

    async def clean_async(self, page: Page) -> Result | Rejection:
        """Clean one page without blocking the event loop; waits while `in_flight` others are under way."""
        return await asyncio.get_running_loop().run_in_executor(self._waiters, self.clean, page)

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
                self._processes = None
            if self._processes is None:
                self._processes = ProcessPool(
                    max_workers=self.workers,
                    max_tasks=self._worker_life,
                    initializer=_prepare_worker,
                    initargs=(self._memory_limit,),
                    context=_context(),
                )
            future = self._processes.schedule(self._function, args=(page,), timeout=self._time_limit)
            self._under_way.add(future)
            return future

    def _rejection(self, page: Page, error: Exception) -> Rejection:
        if isinstance(error, TimeoutError):
            return _reject(page, "worker-timeout", f"cleaning took longer than {self._time_limit:g} seconds")
        if isinstance(error, CancelledError):
            return _reject(page, "worker-stopped", _STOPPED)
        if isinstance(error, MemoryError):
            limit = self._memory_limit / (1 << 20)
            return _reject(page, "worker-memory", f"cleaning needed more than {limit:.0f} MiB of memory")
        if isinstance(error, ProcessExpired):
            return _reject(page, "worker-died", f"the cleaning process ended with exit code {error.exitcode}")
        # The cleaner promises not to raise, so this is a fault of ours; the log says where.
        logger.error("Cleaning %s failed:\n%s", page.url, getattr(error, "traceback", error))
        message = f"{type(error).__name__}: {error}"[:_DETAIL_LENGTH]
        return _reject(page, "worker-error", f"cleaning failed with {message}")


def _result(waiting: Future[Result | Rejection] | Rejection) -> Result | Rejection:
    return waiting if isinstance(waiting, Rejection) else waiting.result()


def _reject(page: Page, reason: str, detail: str) -> Rejection:
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


def _context() -> BaseContext:
    """How workers start: never by forking this process, whose reactor and threads a fork would break.

    A fork server, where there is one, imports the cleaner once; a worker that replaces a killed one
    starts from it in milliseconds.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    # One thread a worker for NumPy's products: there are as many workers as processors.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["cleaners", "cleaners.model"])
    # Ctrl-C goes to all processes of a terminal, and would end a fork server that is only beginning to start.
    # A process inherits what its parent blocks; the resource tracker, which the server needs, unblocks it
    # when it is started.
    resource_tracker.ensure_running()
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    return context


def _prepare_worker(memory_limit: int) -> None:
    """Bound the address space relative to what the process has now that the cleaner is loaded."""
    used = _address_space()
    if resource is None or used is None:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = used + memory_limit
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _address_space() -> int | None:
    """Bytes of address space of this process; `None` where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return None
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
