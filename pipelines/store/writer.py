"""One thread that writes for all crawls of a process, several writes to a transaction.

SQLite has one writer at a time and syncs its log at each commit, so a hundred crawls that wrote each for
itself would spend their time waiting for one another. Here what came in while the last transaction was
committed goes into the next one, and what comes shortly after where there was a crowd. A write is answered
only when it is committed.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self, TypeVar

from sqlalchemy.orm import Session

from pipelines.store import Store
from pipelines.store.together import Save, save_together

Result = TypeVar("Result")
Write = Callable[[Session], Any]

_MOST_AT_ONCE: Final = 100  # writes a transaction: readers elsewhere see progress, and a failure repeats few
_GATHERING: Final = 0.006  # seconds, as long as a transaction takes; where several wait, others follow


@dataclass(frozen=True, slots=True)
class _Work:
    """A write that waits, and where it is awaited."""

    write: Write
    loop: AbstractEventLoop
    answer: Future[Any]


@dataclass(frozen=True, slots=True)
class _Failure:
    """What a write raised."""

    error: Exception


class StoreWriter:
    """Runs functions of a session in the writer's thread, in the order of the calls. A context manager."""

    def __init__(self, url: str) -> None:
        """Take the database's URL; it is opened, and made if it is missing, at the first write."""
        self.url: Final = url
        self._queue: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._store: Store | None = None
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
        loop = asyncio.get_running_loop()
        answer: Future[Result] = loop.create_future()
        self._queue.put(_Work(function, loop, answer))
        return await answer

    async def write_beside(self, function: Callable[[Session], Result]) -> Result:
        """What `function` gives for a session of `Store.write_beside`, while other writes wait their turn.

        Waits with them where the database is SQLite, or not open yet. Raises what it raises.
        """
        store = self._store
        if store is None or self.url.startswith("sqlite"):
            return await self.write(function)

        def run() -> Result:
            with store.write_beside() as session:
                return function(session)

        return await asyncio.to_thread(run)

    def _run(self) -> None:
        try:
            store = self._store = Store(self.url)
        except Exception as error:
            self._fail_all(error)
            return
        crowd = False
        with store:
            while (first := self._queue.get()) is not None:
                work = [first]
                if crowd:
                    time.sleep(_GATHERING)
                while len(work) < _MOST_AT_ONCE and (more := self._waiting()) is not None:
                    work.append(more)
                crowd = len(work) > 1
                _answer(work, _write_together(store, work))

    def _waiting(self) -> _Work | None:
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
            _answer([work], [_Failure(error)])


def _write_together(store: Store, work: Sequence[_Work]) -> list[Any]:
    """What the writes give, each in its place; `_Failure` for one that raised."""
    # Saves come last: no other write waits for one, and together they are a fraction of the work.
    saves = [one.write for one in work if isinstance(one.write, Save)]
    try:
        with store.write() as session:
            results = [None if isinstance(one.write, Save) else one.write(session) for one in work]
            saved = iter(save_together(session, saves) if saves else ())
            return [
                next(saved) if isinstance(one.write, Save) else result
                for one, result in zip(work, results, strict=True)
            ]
    except Exception:  # each for itself, so that one failure does not take others along
        return [_write_alone(store, one.write) for one in work]


def _write_alone(store: Store, write: Write) -> Any:
    try:
        with store.write() as session:
            return write(session)
    except Exception as error:
        return _Failure(error)


def _answer(work: Sequence[_Work], results: Sequence[Any]) -> None:
    """Answer all writes, those of one event loop at once: to wake a loop costs more than an answer."""
    by_loop: dict[AbstractEventLoop, list[tuple[Future[Any], Any]]] = {}
    for one, result in zip(work, results, strict=True):
        by_loop.setdefault(one.loop, []).append((one.answer, result))
    for loop, answers in by_loop.items():
        try:
            loop.call_soon_threadsafe(_settle, answers)
        except RuntimeError:  # the loop was closed, and nobody waits any more
            continue


def _settle(answers: Sequence[tuple[Future[Any], Any]]) -> None:
    for future, result in answers:
        if future.cancelled():
            continue
        if isinstance(result, _Failure):
            future.set_exception(result.error)
        else:
            future.set_result(result)
