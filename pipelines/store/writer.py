"""One thread that writes for all crawls of a process, several writes to a transaction.

SQLite has one writer at a time and syncs its log at each commit, so a hundred crawls that wrote each for
itself would spend their time waiting for one another. Here what came in while the last transaction was
committed goes into the next one. A write is answered only when it is committed.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, Self, TypeVar

from sqlalchemy.orm import Session

from pipelines.store import Store
from pipelines.store.together import Save, save_together

Result = TypeVar("Result")
Write = Callable[[Session], Any]

_MOST_AT_ONCE: Final = 100  # writes a transaction: readers elsewhere see progress, and a failure repeats few


class StoreWriter:
    """Runs functions of a session in the writer's thread, in the order of the calls. A context manager."""

    def __init__(self, url: str) -> None:
        """Take the database's URL; it is opened, and made if it is missing, at the first write."""
        self.url: Final = url
        self._queue: queue.SimpleQueue[tuple[Write, Future[Any]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False

    def __enter__(self) -> Self:
        """The writer itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Write what waits, and end the thread."""
        self.close()

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        """The writer itself."""
        # Scrapy deep-copies settings; a copy of a setting that names this writer means the same thread.
        return self

    def close(self) -> None:
        """Write what waits, end the thread, close the database. Can be called twice."""
        self._closed = True
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    async def write(self, function: Callable[[Session], Result]) -> Result:
        """What `function` gives for a session, once its transaction is committed. Raises what it raises."""
        if self._closed:
            raise RuntimeError("the database was closed")
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="store", daemon=True)
            self._thread.start()
        future: Future[Result] = Future()
        self._queue.put((function, future))
        return await asyncio.wrap_future(future)

    def _run(self) -> None:
        try:
            store = Store(self.url)
        except Exception as error:
            self._fail_all(error)
            return
        with store:
            while (first := self._queue.get()) is not None:
                work = [first]
                while len(work) < _MOST_AT_ONCE and (more := self._waiting()) is not None:
                    work.append(more)
                _write_together(store, work)

    def _waiting(self) -> tuple[Write, Future[Any]] | None:
        try:
            work = self._queue.get_nowait()
        except queue.Empty:
            return None
        if work is None:
            self._queue.put(None)  # the end is for the loop to see
        return work

    def _fail_all(self, error: Exception) -> None:
        """Answer every write with the reason why the database cannot be opened."""
        while (work := self._queue.get()) is not None:
            work[1].set_exception(error)


def _write_together(store: Store, work: list[tuple[Write, Future[Any]]]) -> None:
    # Saves come last: no other write waits for one, and together they are a third of the work.
    saves = [(function, future) for function, future in work if isinstance(function, Save)]
    others = [entry for entry in work if not isinstance(entry[0], Save)]
    try:
        with store.write() as session:
            results = [function(session) for function, _ in others]
            results += save_together(session, [save for save, _ in saves])
    except Exception:
        for function, future in work:  # each for itself, so that one failure does not take others along
            _write_alone(store, function, future)
        return
    for (_, future), result in zip([*others, *saves], results, strict=True):
        future.set_result(result)


def _write_alone(store: Store, function: Write, future: Future[Any]) -> None:
    try:
        with store.write() as session:
            result = function(session)
    except Exception as error:
        future.set_exception(error)
    else:
        future.set_result(result)
