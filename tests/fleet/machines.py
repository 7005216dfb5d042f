"""Machines on one machine: namespaces of network, processes, names and mounts, joined by a switch.

Each machine lives by one process, its first: whoever kills it kills all that runs there, and the kernel takes
its network away, so nothing is left behind, not even by tests that are killed themselves. The first machine
of a network is the centre, where the web and the database are; a bridge in its namespace is the switch.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, TypeVar

import psutil
import pytest

CENTRE: Final = "10.79.0.1"
DATABASE: Final = "10.79.0.2"
"""Another address of the centre, so that a host can be cut off from the database and still have the web."""

NETWORK: Final = "10.79.0.0/24"
_FIRST: Final = 11  # last number of the first host's address
_TOOLS: Final = ("ip", "unshare", "nsenter", "setpriv", "mount", "bash")
_SECONDS: Final = 20.0  # for what takes milliseconds on a machine that has nothing else to do

# What is killed with us: `unshare` by the first option, the machine by the last.
_NEW: Final = (
    "setpriv", "--pdeathsig", "KILL", "unshare", "--net", "--uts", "--mount", "--pid", "--fork", "--mount-proc",
    "--kill-child=KILL", "--",
)  # fmt: skip
# bash: as the first process of its namespace it has to wait for the orphans of others, which it does.
_INIT: Final = """
set -e
echo "$1" > /proc/sys/kernel/hostname
mount --bind "$2" /etc/hosts
ip link set lo up
echo ready
sleep infinity & wait
"""

T = TypeVar("T")


class NotPermittedError(RuntimeError):
    """This system lets nobody make machines here; the message says why."""


@dataclass(frozen=True)
class Machine:
    """A running machine. `pid` is that of its first process, as it is seen from outside."""

    name: str
    address: str
    pid: int
    outer: subprocess.Popen[str]
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def alive(self) -> bool:
        """Whether its first process is there."""
        return self.outer.poll() is None

    def command(self, *command: str | Path, folder: Path | None = None) -> list[str]:
        """A command line that runs a command on this machine."""
        where = [f"--target={self.pid}", "--net", "--uts", "--mount", "--pid"]
        change = ["env", f"--chdir={folder}"] if folder else []
        return ["nsenter", *where, "--", *change, *map(str, command)]

    def start(self, *command: str | Path, folder: Path, output: IO[bytes] | int) -> subprocess.Popen[bytes]:
        """Start a command on this machine, with its standard output and errors into a file."""
        process = subprocess.Popen(
            self.command(*command, folder=folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def kill(self) -> None:
        """Kill the first process, and with it everything that runs here. Can be called twice."""
        if self.alive:
            with suppress(psutil.NoSuchProcess):
                psutil.Process(self.pid).kill()
        self.outer.wait(_SECONDS)
        for pipe in (self.outer.stdout, self.outer.stderr):
            if pipe is not None:
                pipe.close()
        for process in self.started:
            process.wait(_SECONDS)


@dataclass(frozen=True)
class Network:
    """The centre, the hosts around it, and the cables between them."""

    centre: Machine
    hosts: Sequence[Machine]

    def cut(self, host: Machine) -> None:
        """Pull a host's cable: what it sends is lost, and what is sent to it; nothing is refused."""
        _on(self.centre, "link", "set", _port(host), "down")

    def mend(self, host: Machine) -> None:
        """Put the cable back in."""
        _on(self.centre, "link", "set", _port(host), "up")

    def power_off(self, host: Machine) -> None:
        """Take a host from the network and kill it: no connection of its is ever closed."""
        self.cut(host)
        host.kill()

    def cut_database(self, host: Machine) -> None:
        """Lose what the database sends to a host, which has the web still."""
        _on(self.centre, "rule", "add", "from", DATABASE, "to", host.address, "blackhole")

    def mend_database(self, host: Machine) -> None:
        """Lose it no more."""
        _on(self.centre, "rule", "del", "from", DATABASE, "to", host.address, "blackhole")


@contextmanager
def network(hosts: int, names: Sequence[str]) -> Iterator[Network]:
    """So many hosts and their centre; on all of them `names` are names of the centre.

    Raises `NotPermittedError` where the system does not let us.
    """
    _check_tools()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fleet-")))
        known = folder / "hosts"
        lines = ["127.0.0.1 localhost", *(f"{CENTRE} {name}" for name in names)]
        known.write_text("\n".join(lines) + "\n", encoding="utf-8")

        def machine(name: str, address: str) -> Machine:
            made = _machine(name, address, known)
            stack.callback(made.kill)
            return made

        centre = machine("centre", CENTRE)
        _on(centre, "link", "add", "br0", "address", _hardware(CENTRE), "type", "bridge")
        for address in (CENTRE, DATABASE):
            _on(centre, "addr", "add", f"{address}/24", "dev", "br0")
        _on(centre, "link", "set", "br0", "up")
        around = [machine(f"host{n + 1}", f"10.79.0.{_FIRST + n}") for n in range(hosts)]
        for host in around:
            _connect(centre, host)
        yield Network(centre, around)


def require_network(make: Callable[[], T]) -> T:
    """What `make` gives. Skips the test where it is not permitted, and fails it in CI."""
    try:
        return make()
    except NotPermittedError as error:
        reason = f"no network namespaces: {error}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _check_tools() -> None:
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing:
        raise NotPermittedError(f"no {', '.join(missing)}: run tests/fleet_install.sh")
    if os.geteuid() != 0:
        raise NotPermittedError("only root may make them")


def _machine(name: str, address: str, known: Path) -> Machine:
    outer = subprocess.Popen(
        [*_NEW, "bash", "-c", _INIT, "init", name, str(known)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert outer.stdout is not None
    assert outer.stderr is not None
    if outer.stdout.readline() != "ready\n":
        outer.kill()
        raise NotPermittedError(outer.communicate()[1].strip() or "a machine did not start")
    (first,) = psutil.Process(outer.pid).children()
    return Machine(name, address, first.pid, outer)


def _connect(centre: Machine, host: Machine) -> None:
    port = _port(host)
    _on(centre, "link", "add", port, "type", "veth", "peer", "name", "eth0", "address", _hardware(host.address),
        "netns", str(host.pid))  # fmt: skip
    _on(centre, "link", "set", port, "master", "br0", "up")
    _on(host, "addr", "add", f"{host.address}/24", "dev", "eth0")
    _on(host, "link", "set", "eth0", "up")
    # Known for good: else a machine without a cable would be told "no route" after three seconds, which a host
    # far away is not.
    neighbours = ((centre, host.address, "br0"), (host, CENTRE, "eth0"), (host, DATABASE, "eth0"))
    for machine, address, device in neighbours:
        hardware = _hardware(CENTRE if machine is host else address)
        _on(machine, "neigh", "replace", address, "lladdr", hardware, "dev", device, "nud", "permanent")


def _on(machine: Machine, *arguments: str) -> None:
    """Run `ip` in a machine's network, and nothing else of it: process numbers are those outside."""
    _run("nsenter", f"--target={machine.pid}", "--net", "--", "ip", *arguments)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    if done.returncode:
        raise NotPermittedError(f"{' '.join(command)}: {done.stderr.strip()}")


def _port(host: Machine) -> str:
    return f"to-{host.name}"


def _hardware(address: str) -> str:
    """An Ethernet address of our own making (the second bit says so), with the last number of the other."""
    return f"02:00:00:00:00:{int(address.rpartition('.')[2]):02x}"
