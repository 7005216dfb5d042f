"""The crawls of one worker: processes that outlive a loss of the database, and how they end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

from thresher.crawl_process import command_of, start, tail
from thresher.exits import EXIT_ALARM, EXIT_HELD, EXIT_REJECTS

if TYPE_CHECKING:
    from thresher.config import Config, Site

_WORDS: Final = {0: "done", EXIT_REJECTS: "failed", EXIT_ALARM: "alarm", EXIT_HELD: "held"}

_UNSEEN_SECONDS: Final = 86_400.0  # since its beginning: a job that was to come back here has done so

Command = Callable[["Site"], Sequence[str]]


@dataclass(frozen=True, slots=True)
class EndedCrawl:
    """How a crawl ended: its exit status, the seconds it took, the last that it said.

    `word` is one of "done", "failed", "alarm", "held", "broke-off", "killed" and "stopped".
    """

    status: int
    seconds: float
    said: str
    word: str


@dataclass(frozen=True, slots=True)
class _Crawl:
    child: subprocess.Popen[bytes]
    errors: IO[bytes]
    began: float
    ended: asyncio.Future[tuple[bytes, bytes]]


class Crawls:
    """Starts the crawls of sites, each in a process of its own, and knows those that run."""

    def __init__(self, command: Command | None = None) -> None:
        """`command` gives the crawl of a site, should it be another than usual."""
        self._command = command or (lambda site: [*command_of(site), "--all"])  # the queue says what is due
        self._begun: dict[int, _Crawl] = {}
        self._stopping = False

    def __len__(self) -> int:
        """How many run."""
        return len(self._under_way())

    def __contains__(self, job: object) -> bool:
        """Whether the crawl of a job was begun here, and its end not waited for."""
        return job in self._begun

    def begin(self, job: int, site: Site, config: Config) -> int:
        """Start the crawl of a site for a job; gives the number of its process. Raises `OSError` if that
        fails."""
        self._forget()
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the crawl has ended
        try:
            child = start(self._command(site), config, errors)
        except OSError:
            errors.close()
            raise
        # A thread of its own: as many wait as crawls run, whatever the size of the loop's own pool.
        waiting = ThreadPoolExecutor(1, thread_name_prefix=f"crawl {site.name}")
        ended = asyncio.get_running_loop().run_in_executor(waiting, child.communicate, config.source)
        waiting.shutdown(wait=False)
        self._begun[job] = _Crawl(child, errors, time.monotonic(), ended)
        return child.pid

    async def end(self, job: int) -> EndedCrawl:
        """Wait for the end of a job's crawl. When the wait is cancelled, the crawl goes on and is known."""
        crawl = self._begun[job]
        await asyncio.shield(crawl.ended)
        self._begun.pop(job, None)
        with crawl.errors:
            said = tail(crawl.errors)
        status = crawl.child.returncode
        return EndedCrawl(status, time.monotonic() - crawl.began, said, self._word(status))

    def stop(self) -> None:
        """Tell all crawls to stop in order: what is under way is finished, everything found is written."""
        self._stopping = True
        for crawl in self._under_way():
            crawl.child.terminate()

    def kill(self) -> None:
        """Kill all crawls, and their processes with them."""
        for crawl in self._under_way():
            with suppress(ProcessLookupError):
                os.killpg(crawl.child.pid, signal.SIGKILL)

    async def wait(self) -> None:
        """Wait for the end of all crawls."""
        await asyncio.gather(*(crawl.ended for crawl in self._begun.values()))

    def _under_way(self) -> list[_Crawl]:
        return [crawl for crawl in self._begun.values() if not crawl.ended.done()]

    def _forget(self) -> None:
        """Let go of crawls that ended unseen, as their jobs went to other workers."""
        for job, crawl in list(self._begun.items()):
            if crawl.ended.done() and time.monotonic() - crawl.began > _UNSEEN_SECONDS:
                crawl.errors.close()
                del self._begun[job]

    def _word(self, status: int) -> str:
        if self._stopping and status not in {0, EXIT_ALARM}:
            return "stopped"
        return "killed" if status < 0 else _WORDS.get(status, "broke-off")
