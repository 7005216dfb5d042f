"""Cleaning in a process of its own, one page after the other, with a bound on what each may take.

`pipelines.workers.CleaningPool` has processes work ahead of whoever asks, for which its threads are awake. A
task of datatrove's uses one core, and so has one process that works while the task waits for it. It must also
end with its task where that is killed, and datatrove's own sandbox knows no bound of memory.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Final, Generic, Self, TypeVar

from loguru import logger

from cleaners import Page, Rejection
from pipelines.workers import MEMORY_LIMIT, TIME_LIMIT, reject
from thresher.engines.datatrove.child import Failure, Orders
from thresher.terminal import printable

Result = TypeVar("Result")

PROCESS_LIFE: Final = 10_000
"""Pages after which a process makes room for a new one, as what leaks in a parser cannot add up for days. To
start one takes half a second, the pages before it two minutes."""

# With `-m` its classes were others than those that this side pickles.
_CHILD: Final = "from thresher.engines.datatrove.child import main; main()"
_START_SECONDS: Final = 120.0  # for a new process to load the cleaner, on a busy machine with a slow disk
_GRACE_SECONDS: Final = 10.0  # beyond the time limit, which the process keeps by itself, until it is stopped
_DETAIL_LENGTH: Final = 300  # characters of an error message that a reject's detail repeats


class Sandbox(Generic[Result]):
    """A process that runs `function` on pages. A context manager; the process starts with the first page.

    No page raises for its own sake: what goes wrong with one is a `Rejection` whose reason is one of
    `pipelines.workers.WORKER_REASONS`. Raises `RuntimeError` where the process cannot be started.
    """

    def __init__(
        self,
        function: Callable[[Page], Result],
        *,
        time_limit: float = TIME_LIMIT,
        memory_limit: int = MEMORY_LIMIT,
        life: int = PROCESS_LIFE,
    ) -> None:
        """Set the bounds: seconds and bytes a page, and pages after which the process is replaced."""
        self._orders = Orders(function, time_limit, memory_limit)
        self._life = life
        self._served = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        """The sandbox itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the process."""
        self.close()

    def close(self) -> None:
        """Stop the process, if there is one; the next page would start another."""
        self._stop()

    def __call__(self, page: Page) -> Result | Rejection:
        """What the function gives for a page, or why it gives nothing."""
        connection = self._given(page)
        try:
            in_time = connection.poll(self._orders.time_limit + _GRACE_SECONDS)
            answer = connection.recv() if in_time else None
        except (EOFError, OSError):
            return self._died(page)
        if answer is None:
            self._stop()
            return self._too_slow(page)
        return self._failed(page, answer) if isinstance(answer, Failure) else answer

    def _given(self, page: Page) -> Connection:
        """The process's socket, through which it was given a page."""
        if self._served >= self._life:
            self._stop()
        if self._connection is not None:
            self._served += 1
            try:
                self._connection.send(page)
            except OSError:  # it was ended while it had nothing to do, which is not the page's fault
                self._stop()
            else:
                return self._connection
        connection = self._start()
        with suppress(OSError):  # it ended with the page, as whoever waits for its answer finds
            connection.send(page)
        return connection

    def _start(self) -> Connection:
        ours, theirs = Pipe()
        command = [sys.executable, "-P", "-c", _CHILD, str(theirs.fileno())]
        path = os.pathsep.join(entry for entry in sys.path if entry)
        # One thread for NumPy's products: the executor has a task a core.
        environment = os.environ | {"PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(  # noqa: S603  # our own module
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=environment
        )
        theirs.close()
        self._connection, self._served = ours, 1
        try:
            ours.send(self._orders)
            if ours.poll(_START_SECONDS):
                ours.recv_bytes()
                return ours
        except (EOFError, OSError):
            status = self._ended()
        else:
            status = self._stop()
        raise RuntimeError(
            f"the process that cleans pages did not start (exit status {status}); standard error says why"
        )

    def _stop(self) -> int | None:
        """Stop the process; its exit status."""
        process, self._process = self._process, None
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        if process is None:
            return None
        process.kill()
        return process.wait()

    def _ended(self) -> int | None:
        """The exit status of a process that closed its socket."""
        assert self._process is not None
        try:
            status: int | None = self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            status = None
        self._stop()
        return status

    def _died(self, page: Page) -> Rejection:
        status = self._ended()
        if status == -signal.SIGALRM:
            return self._too_slow(page)
        return reject(page, "worker-died", f"the cleaning process ended with exit code {status}")

    def _too_slow(self, page: Page) -> Rejection:
        limit = self._orders.time_limit
        return reject(page, "worker-timeout", f"cleaning took longer than {limit:g} seconds")

    def _failed(self, page: Page, failure: Failure) -> Rejection:
        if failure.out_of_memory:
            limit = self._orders.memory_limit / (1 << 20)
            return reject(page, "worker-memory", f"cleaning needed more than {limit:.0f} MiB of memory")
        # The cleaner promises not to raise, so this is a fault of ours; the log says where.
        logger.error("Cleaning {} failed:\n{}", printable(str(page.url)), printable(failure.trace))
        return reject(page, "worker-error", f"cleaning failed with {failure.message}"[:_DETAIL_LENGTH])
