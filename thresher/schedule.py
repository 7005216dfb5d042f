"""`thresher schedule`: the process that keeps running, and crawls each site at its times."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_SCHEDULER_STARTED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from thresher.config_file import stamp_of
from thresher.crawl_process import command_of, meaning, start, tail
from thresher.cron import cron_trigger, next_time
from thresher.exits import EXIT_ALARM
from thresher.terminal import print_event
from thresher.turns import turns

if TYPE_CHECKING:
    from thresher.config import Config, Site

_CHECK_EVERY: Final = 60.0  # seconds between two looks at the file: an edit works within a minute
_MOST_WAITING: Final = 200  # threads for crawls that are due and wait for their turn; the others queue behind


class SiteScheduler:
    """Runs each site of a configuration at its times, each crawl in a process of its own.

    A process, because one has only one reactor, which cannot be started twice. At the start what is due by
    the database is crawled once, however often it was missed. No site is crawled twice at the same time, and
    at most `concurrent_sites` sites are. `file` is read anew with `load` when it changes; while it cannot be
    used, the configuration before stays in force, for the crawls too, which get its text from here.

    SIGTERM and SIGINT end it in order: the crawls are told to stop and waited for. A second signal kills
    them. `command` gives the crawl of a site and `trigger` its times, should they be others than usual.
    """

    def __init__(
        self,
        load: Callable[[], Config],
        file: Path,
        console: Console,
        *,
        command: Callable[[Site], Sequence[str]] | None = None,
        trigger: Callable[[Site, tzinfo], BaseTrigger] | None = None,
        check_every: float = _CHECK_EVERY,
    ) -> None:
        """Read the configuration. Raises what `load` raises."""
        self._load, self._file, self._console = load, file, console
        self._command = command or command_of
        self._trigger = trigger or (lambda site, zone: cron_trigger(site.schedule, zone))
        self._stamp = stamp_of(file)
        self._config = load()
        self._planned: dict[str, Site] = {}
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = False
        self._changed = threading.Condition()  # guards the four above
        self._signals: queue.SimpleQueue[int | None] = queue.SimpleQueue()  # a signal handler may put into it
        self._crawls = ThreadPoolExecutor(_MOST_WAITING)
        self._scheduler = BlockingScheduler(
            timezone=UTC,
            executors={"default": self._crawls, "file": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        every = IntervalTrigger(seconds=check_every)
        self._scheduler.add_job(self._check_file, every, id=":file", executor="file")

    def run(self) -> None:
        """Keep to the schedule until a signal comes.

        Raises `ValueError` if no site has one and SQLAlchemy's errors if the database cannot be used.
        """
        if not any(site.schedule for site in self._config.enabled):
            raise ValueError('no site has a schedule, such as schedule = "*/15 * * * *" under [defaults]')
        self._adopt(self._config)
        watcher = threading.Thread(target=self._heed_signals, name="signals", daemon=True)
        self._scheduler.add_listener(lambda _: watcher.start(), EVENT_SCHEDULER_STARTED)
        self._scheduler.add_listener(self._on_overlap, EVENT_JOB_MAX_INSTANCES)
        kept = {
            number: signal.signal(number, lambda received, _: self._signals.put(received))
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            self._scheduler.start()
            self._crawls.shutdown(wait=True)
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)
            self._signals.put(None)
        self._say("stopped")

    def _adopt(self, config: Config) -> None:
        """Plan what is new or has another schedule, and forget what is gone."""
        now = datetime.now(UTC)
        standing = turns(config, (site for site in config.enabled if site.schedule), now)
        with self._changed:
            zone, before = self._config.zone, self._planned
            self._config, self._planned = config, {turn.site.name: turn.site for turn in standing}
            self._changed.notify_all()
        for name in before.keys() - self._planned.keys():
            self._scheduler.remove_job(name)
        for turn in standing:
            name = turn.site.name
            if name in before and (before[name].schedule, zone) == (turn.site.schedule, config.zone):
                continue
            trigger = self._trigger(turn.site, config.zone)
            at = now if turn.due else next_time(trigger, now)
            self._scheduler.add_job(
                self._crawl, trigger, args=[name], id=name, replace_existing=True, next_run_time=at
            )
        due = sum(turn.due for turn in standing)
        others = len(config.enabled) - len(standing)
        self._say(f"sites with a schedule: {len(standing)}, due now: {due}; sites without: {others}")

    def _check_file(self) -> None:
        stamp = stamp_of(self._file)
        if stamp == self._stamp or self._stopping:
            return
        try:
            self._adopt(self._load())
        except SQLAlchemyError as error:  # not the file's fault: it is taken up when the database answers
            self._say("the file has changed, but the database cannot be asked; trying again", str(error))
            return
        except Exception as error:  # whatever is wrong there, what runs here must go on
            self._say("the file has changed and cannot be used; the one before stays in force", str(error))
        self._stamp = stamp

    def _crawl(self, name: str) -> None:
        """Run the crawl of a site when its turn has come, and say how it ended."""
        with tempfile.TemporaryFile() as errors:
            with self._changed:
                self._changed.wait_for(self._may_start)
                if self._stopping or name not in self._planned:
                    return
                config, began = self._config, time.monotonic()
                try:
                    child = self._children[name] = start(self._command(self._planned[name]), config, errors)
                except OSError as error:
                    self._say(f"{name}: cannot be started: {error}")
                    return
                self._say(f"{name}: started (process {child.pid})")
            child.communicate(config.source)
            with self._changed:
                del self._children[name]
                self._changed.notify_all()
            took = timedelta(seconds=round(time.monotonic() - began))
            alarm = "bold red" if child.returncode == EXIT_ALARM else ""
            self._say(f"{name}: {meaning(child.returncode)}, after {took}", tail(errors), style=alarm)

    def _may_start(self) -> bool:
        return self._stopping or len(self._children) < self._config.concurrent_sites

    def _on_overlap(self, event: Any) -> None:
        if event.job_id in self._planned:
            self._say(f"{event.job_id}: is still being crawled or waits for its turn; this time is left out")

    def _heed_signals(self) -> None:
        """Stop at the first signal, kill at the second; runs in a thread of its own."""
        if self._signals.get() is None:
            return
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
            waiting = len(self._children)
            for child in self._children.values():
                child.terminate()
        self._say(f"stopping; crawls that are waited for: {waiting} (a second signal kills them)")
        self._scheduler.shutdown(wait=False)
        while self._signals.get() is not None:
            with self._changed:
                for child in self._children.values():
                    with suppress(ProcessLookupError):
                        os.killpg(child.pid, signal.SIGKILL)

    def _say(self, what: str, detail: str = "", *, style: str = "") -> None:
        print_event(self._console, self._config.zone, what, detail, style=style)
