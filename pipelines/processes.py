"""How worker processes of the cleaner start and end, and what they may use of this machine's memory."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import forkserver, resource_tracker
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Generic, TypeVar

try:
    import resource
except ImportError:  # Windows has no limits of this kind; the time bound still holds there
    resource = None  # type: ignore[assignment]

Given = TypeVar("Given")
Result = TypeVar("Result")


def start_context() -> BaseContext:
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


def prepare_worker(memory_limit: int) -> None:
    """Bound the address space relative to what the process has now that the cleaner is loaded."""
    used = _address_space()
    if resource is None or used is None:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = used + memory_limit
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@dataclass(frozen=True, slots=True)
class EndsByItself(Generic[Given, Result]):
    """A function that ends its process if it takes longer than so many seconds.

    Bounds are kept by the process that asked for the work. Where that one is killed, a worker ends when it
    looks for more work; one that never comes so far has to be ended by the system.
    """

    function: Callable[[Given], Result]
    seconds: float

    def __call__(self, given: Given) -> Result:
        """What the function gives."""
        if not hasattr(signal, "setitimer"):  # Windows
            return self.function(given)
        signal.setitimer(signal.ITIMER_REAL, self.seconds)
        try:
            return self.function(given)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def _address_space() -> int | None:
    """Bytes of address space of this process; `None` where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return None
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
