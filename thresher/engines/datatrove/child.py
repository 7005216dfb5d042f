"""The process that cleans pages for a task, which `thresher.engines.datatrove.sandbox` starts.

It is asked through a socket, one page at a time, and answers each. A page that takes too long ends it: the
system's own timer does that, whatever the page has a parser do, and whether the task is still there or not.
When the task ends, however it does, the socket closes, and the process with it.
"""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

from cleaners import Page
from pipelines.processes import prepare_worker


@dataclass(frozen=True, slots=True)
class Orders:
    """What a task asks of the process: the function that is given each page, and its bounds.

    `time_limit` is in seconds a page; `memory_limit` the bytes of address space that may be added to what
    the process has when it is ready.
    """

    function: Callable[[Page], Any]
    time_limit: float
    memory_limit: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A page whose cleaning raised an error. `message` is one line, `trace` what the log is told."""

    out_of_memory: bool
    message: str = ""
    trace: str = ""


def serve(connection: Connection) -> None:
    """Answer pages until the other side is gone."""
    try:
        orders: Orders = connection.recv()
        orders.function(Page(url=None, body="<p>Ready.</p>"))  # loads the model, beside the memory bound
        prepare_worker(orders.memory_limit)
        connection.send_bytes(b"")
        while True:
            page: Page = connection.recv()
            signal.setitimer(signal.ITIMER_REAL, orders.time_limit)
            answer = _answer(orders.function, page)
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.send_bytes(answer)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _answer(function: Callable[[Page], Any], page: Page) -> Any:
    """The answer for a page, pickled."""
    try:
        return ForkingPickler.dumps(function(page))
    except MemoryError:
        failure = Failure(out_of_memory=True)
    except Exception as error:
        failure = Failure(False, f"{type(error).__name__}: {error}", traceback.format_exc())
    return ForkingPickler.dumps(failure)


def main() -> None:
    """Serve at the socket whose descriptor is the argument."""
    # Ctrl-C goes to all processes of a terminal; the task decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with Connection(int(sys.argv[1])) as connection:
        serve(connection)
