"""A fleet on one machine: the web, the database and hosts with a worker each, which can be killed and cut off."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Final

import psutil

from tests.fleet.evidence import Evidence
from tests.fleet.machines import CENTRE, NETWORK, Machine, Network, network
from tests.fleet.postgres import fleet_postgres
from tests.fleet.request_log import AGAIN, Loss, Request, read_log
from tests.fleet.sites import Site, press

ROOT: Final = Path(__file__).resolve().parents[2]
LOST_AFTER: Final = 10
"""Seconds: short, so that tests are. What a host had to say when it was lost waits for as long."""

_SETTLING: Final = 0.5  # seconds in which what a host sent before it was lost is in the database
_LOOK: Final = 0.005  # seconds between two looks at the log: requests take twenty milliseconds and more
_STOP_LIMIT: Final = 60.0  # seconds that a worker may take to stop in order


class FleetError(AssertionError):
    """The fleet did not get where it should; the message says what the workers said last."""


@dataclass
class Fleet:
    """The parts of a running fleet. Folders of hosts are named like them."""

    net: Network
    sites: Sequence[Site]
    folder: Path
    evidence: Evidence
    database: str
    lost_after: int
    workers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)

    @property
    def log(self) -> Path:
        """The web's log."""
        return self.folder / "requests.jsonl"

    def requests(self) -> list[Request]:
        """All requests until now."""
        return read_log(self.log)

    def folder_of(self, machine: Machine) -> Path:
        """Where a machine's configuration, outputs and messages are."""
        return self.folder / machine.name

    def start(self, host: Machine) -> None:
        """Start the worker of a host."""
        self.workers[host.name] = self.run(host, "worker", "--config", "thresher.toml", output="worker.log")

    def run(self, machine: Machine, *arguments: str, output: str) -> subprocess.Popen[bytes]:
        """Start `thresher` on a machine, in its folder."""
        with (self.folder_of(machine) / output).open("ab") as said:
            command = (sys.executable, "-P", "-m", "thresher", *arguments)
            return machine.start(*command, folder=self.folder_of(machine), output=said)

    def queue(self, sites: Sequence[Site]) -> None:
        """Put sites into the queue, from the centre."""
        names = [part for site in sites for part in ("--site", site.host)]
        order = ("crawl", "--config", "thresher.toml", "--queue", *names)
        asked = self.run(self.net.centre, *order, output="queue.log")
        if asked.wait(_STOP_LIMIT):
            raise FleetError(self.said(self.net.centre, "queue.log"))

    def wait_for(self, what: str, reached: Callable[[], bool], seconds: float, *, every: float = 0.1) -> None:
        """Wait until something is so. Raises `FleetError` if it is not in time, or a worker ended."""
        deadline = time.monotonic() + seconds
        while not reached():
            if time.monotonic() > deadline:
                raise FleetError(f"not in {seconds:.0f} seconds: {what}\n{self._all_said()}")
            for host in self.net.hosts:
                worker = self.workers.get(host.name)
                if worker and host.alive and worker.poll() is not None:
                    raise FleetError(f"the worker of {host.name} ended\n{self._all_said()}")
            time.sleep(every)

    def wait_for_request(self, host: Machine, seconds: float) -> Request:
        """Wait until a host asks for an article; gives the request, which is hardly answered yet."""
        before = len(self.requests())

        def new() -> list[Request]:
            of_host = [one for one in self.requests()[before:] if one.client == host.address]
            return [one for one in of_host if one.path not in AGAIN and one.path != "/map.xml"]

        self.wait_for(f"a request by {host.name}", lambda: bool(new()), seconds, every=_LOOK)
        return new()[-1]

    def wait_for_answer(self, host: Machine, seconds: float) -> Request:
        """Wait until a host has asked for an article and been answered; it will soon ask for another one."""
        asked = self.wait_for_request(host, seconds)

        def now() -> Request:
            return next(one for one in self.requests() if (one.begin, one.url) == (asked.begin, asked.url))

        self.wait_for("an answer", lambda: now().end < inf, seconds, every=_LOOK)
        return now()

    def lose(self, host: Machine, how: Callable[[Machine], None], *, asks_on: float = 0.0) -> Loss:
        """Lose a host, and note what the database holds as under way for it.

        `asks_on`: seconds for which it may go on with that, as it has the web still.
        """
        how(host)
        at = time.monotonic() + asks_on
        time.sleep(_SETTLING)
        held = self.evidence.held_by(host.name)
        loss = Loss(host.address, at, frozenset(held), self.evidence.under_way(held))
        self.losses.append(loss)
        return loss

    def finished(self, sites: Sequence[Site]) -> bool:
        """Whether all these sites were crawled, and nothing waits in the queue."""
        return {site.host for site in sites} <= self.evidence.done() and not self.evidence.waiting()

    def stop(self) -> dict[str, int]:
        """Tell the workers to stop that are there, and wait for them; gives their exit statuses."""
        alive = [host for host in self.net.hosts if host.alive and host.name in self.workers]
        for host in alive:
            for process in psutil.Process(self.workers[host.name].pid).children():
                process.terminate()  # `nsenter` itself passes no signal on
        return {host.name: self.workers[host.name].wait(_STOP_LIMIT) for host in alive}

    def said(self, machine: Machine, file: str = "worker.log") -> str:
        """What the processes of a machine said."""
        path = self.folder_of(machine) / file
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def _all_said(self) -> str:
        return "\n".join(f"== {host.name}\n{self.said(host)[-3000:]}" for host in self.net.hosts)


@contextmanager
def fleet(
    sites: int, folder: Path, *, hosts: int = 3, concurrent_sites: int = 2, lost_after: int = LOST_AFTER
) -> Iterator[Fleet]:
    """So many hosts, whose workers are not started, and a web of so many sites; nothing is queued.

    A worker that was not heard of for `lost_after` seconds counts as lost. Raises `NotPermittedError` where the system does not let us.
    """
    web = press(sites)
    with ExitStack() as stack:
        net = stack.enter_context(network(hosts, [site.host for site in web]))
        for_hosts, for_us = stack.enter_context(fleet_postgres(net.centre))
        for machine in (net.centre, *net.hosts):
            place = folder / machine.name
            place.mkdir(parents=True)
            text = _configuration(web, for_hosts, concurrent_sites, lost_after)
            (place / "thresher.toml").write_text(text, encoding="utf-8")
        evidence = Evidence(for_us)
        stack.callback(evidence.close)
        made = Fleet(net, web, folder, evidence, for_hosts, lost_after)
        _serve(made)
        yield made


def _serve(fleet: Fleet) -> None:
    said = fleet.folder / "web.log"
    with said.open("wb") as output:
        order = (sys.executable, "-m", "tests.fleet.web", CENTRE, "80", str(len(fleet.sites)), fleet.log)
        fleet.net.centre.start(*order, folder=ROOT, output=output)
    fleet.wait_for("the web", lambda: "ready" in said.read_text(encoding="utf-8"), _STOP_LIMIT)


def _configuration(sites: Sequence[Site], database: str, concurrent_sites: int, lost_after: int) -> str:
    head = (
        f'database = "{database}"\ncontact = "fleet@press.example"\nallowed_networks = "{NETWORK}"\n'
        f"concurrent_sites = {concurrent_sites}\n[workers]\nlost_after = {lost_after}\n[defaults]\ndelay = 0.3\n"
    )
    return head + "".join(f'[[site]]\nname = "{site.host}"\nurl = "{site.url}"\n' for site in sites)
