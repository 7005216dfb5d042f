"""The machines on one machine: that they are apart, can be killed and cut off, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from tests.fleet import machines
from tests.fleet.fleet import ROOT
from tests.fleet.machines import CENTRE, DATABASE, Machine, Network, network, require_network

TIME_LIMIT = 20  # seconds
NAME = "town00.example"
CONNECT = (
    "import socket, sys\n"
    "try:\n"
    "    socket.create_connection((sys.argv[1], 80), timeout=1).close()\n"
    "except OSError as error:\n"
    "    print(type(error).__name__)\n"
)


@pytest.fixture(scope="module")
def net() -> Iterator[Network]:
    with ExitStack() as stack:
        yield require_network(lambda: stack.enter_context(network(2, [NAME])))


def said(machine: Machine, *command: str) -> str:
    done = subprocess.run(
        machine.command(*command), capture_output=True, text=True, timeout=TIME_LIMIT, check=True
    )
    return done.stdout.strip()


def connecting(host: Machine, address: str) -> str:
    """How a connection to a port that nobody listens on fails."""
    return said(host, sys.executable, "-c", CONNECT, address)


def test_each_has_a_name_an_address_and_processes_of_its_own(net: Network) -> None:
    one, other = net.hosts
    assert [said(host, "cat", "/proc/sys/kernel/hostname") for host in (one, other)] == ["host1", "host2"]
    assert {one.address, other.address, CENTRE} == {"10.79.0.11", "10.79.0.12", "10.79.0.1"}
    assert "init" in said(one, "cat", "/proc/1/cmdline")
    assert said(one, "bash", "-c", "echo $$") != str(os.getpid())
    assert socket.gethostname() != "host1"


def test_names_of_sites_lead_to_the_centre(net: Network) -> None:
    resolve = f"import socket; print(socket.gethostbyname({NAME!r}))"
    assert said(net.hosts[0], sys.executable, "-c", resolve) == CENTRE
    with pytest.raises(socket.gaierror):
        socket.gethostbyname(NAME)


def test_a_host_that_is_cut_off_is_told_nothing_and_comes_back(net: Network) -> None:
    one, other = net.hosts
    assert connecting(one, NAME) == "ConnectionRefusedError"
    net.cut(one)
    assert connecting(one, NAME) == "TimeoutError"
    assert connecting(other, NAME) == "ConnectionRefusedError"
    net.mend(one)
    assert connecting(one, NAME) == "ConnectionRefusedError"


def test_a_host_can_lose_the_database_alone(net: Network) -> None:
    one, other = net.hosts
    net.cut_database(one)
    assert (connecting(one, DATABASE), connecting(one, CENTRE)) == ("TimeoutError", "ConnectionRefusedError")
    assert connecting(other, DATABASE) == "ConnectionRefusedError"
    net.mend_database(one)
    assert connecting(one, DATABASE) == "ConnectionRefusedError"


def test_whoever_kills_its_first_process_kills_all_of_it() -> None:
    with ExitStack() as stack:
        net = require_network(lambda: stack.enter_context(network(1, [])))
        (host,) = net.hosts
        running = host.start("sleep", "60", folder=ROOT, output=subprocess.DEVNULL)
        (inside,) = children_of(running.pid)
        host.kill()
        psutil.wait_procs([inside], timeout=TIME_LIMIT)
        assert (inside.is_running(), host.alive, net.centre.alive) == (False, False, True)
        assert running.wait(TIME_LIMIT) != 0
        centre = psutil.Process(net.centre.pid)
    assert not centre.is_running()


def test_they_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    with ExitStack() as stack:
        require_network(lambda: stack.enter_context(network(0, [])))
    code = (
        "from tests.fleet.machines import network\n"
        "with network(1, []) as net: print(net.centre.pid, net.hosts[0].pid, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},  # what a killed process leaves there
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        first = [psutil.Process(int(number)) for number in child.stdout.readline().split()]
        assert len(first) == 2
        child.send_signal(signal.SIGKILL)
    psutil.wait_procs(first, timeout=TIME_LIMIT)
    assert [process.is_running() for process in first] == [False, False]


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_where_they_are_not_permitted(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setattr(machines, "_TOOLS", ("no-such-tool",))
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match=r"no network namespaces: no no-such-tool: run tests/fleet_install\.sh"):
        require_network(lambda: network(1, []).__enter__())


def children_of(process: int) -> list[psutil.Process]:
    """The processes that one started, once there are any."""
    for _ in range(1_000):
        found = psutil.Process(process).children()
        if found:
            return found
        psutil.Process(process).cpu_percent(0.01)
    raise AssertionError("it started nothing")
