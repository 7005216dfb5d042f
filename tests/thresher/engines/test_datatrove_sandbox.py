"""The process that a datatrove task cleans in: its bounds, and that it ends with its task."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

pytest.importorskip("datatrove")

from cleaners import Page, Rejection
from thresher.engines.datatrove.sandbox import Sandbox

SECONDS = 1.0


def pid_of(page: Page) -> int:
    if page.body == b"for ever":
        time.sleep(3_600)
    if page.body == b"die":
        os.kill(os.getpid(), signal.SIGSEGV)
    if page.body == b"grow":
        return len(bytearray(1 << 30))
    if page.body == b"raise":
        raise ValueError("no \x1b[2J such page")
    return os.getpid()


def page(body: bytes) -> Page:
    return Page(url="https://press.example/1", body=body, status=200, discovered_by="archive")


@pytest.mark.parametrize(
    ("body", "reason", "detail", "same_process_goes_on"),
    [
        (b"for ever", "worker-timeout", "cleaning took longer than 1 seconds", False),
        (b"die", "worker-died", f"the cleaning process ended with exit code {-signal.SIGSEGV}", False),
        (b"grow", "worker-memory", "cleaning needed more than 256 MiB of memory", True),
        (b"raise", "worker-error", "cleaning failed with ValueError: no \x1b[2J such page", True),
    ],
)
def test_a_page_out_of_bounds_costs_itself_alone(
    body: bytes, reason: str, detail: str, same_process_goes_on: bool
) -> None:
    with Sandbox(pid_of, time_limit=SECONDS, memory_limit=256 << 20) as sandbox:
        before = sandbox(page(b""))
        found = sandbox(page(body))
        assert isinstance(found, Rejection)
        assert (found.reason, found.detail) == (reason, detail)
        assert (found.url, found.status, found.discovered_by) == ("https://press.example/1", 200, "archive")
        assert (sandbox(page(b"")) == before) == same_process_goes_on


def test_a_process_makes_room_for_a_new_one_after_its_pages() -> None:
    with Sandbox(pid_of, life=2) as sandbox:
        pids = [sandbox(page(b"")) for _ in range(5)]
    assert [pids[0] == pids[1], pids[1] == pids[2], pids[2] == pids[3], pids[3] == pids[4]] == [
        True,
        False,
        True,
        False,
    ]


def test_a_process_that_was_ended_while_idle_costs_no_page() -> None:
    with Sandbox(pid_of) as sandbox:
        before = sandbox(page(b""))
        assert isinstance(before, int)
        os.kill(before, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(before)] if psutil.pid_exists(before) else [], timeout=10)
        assert isinstance(sandbox(page(b"")), int)


def test_closing_stops_the_process() -> None:
    with Sandbox(pid_of) as sandbox:
        pid = sandbox(page(b""))
    assert isinstance(pid, int)
    assert not psutil.pid_exists(pid)


def test_a_process_that_cannot_start_is_an_error_that_says_so() -> None:
    sandbox: Sandbox[int] = Sandbox(_not_for_children)
    with sandbox, pytest.raises(RuntimeError, match=r"did not start \(exit status 1\)"):
        sandbox(page(b""))


def _not_for_children(_: Page) -> int:
    raise MemoryError("this function cannot be warmed up")


_TASK = """
import sys
from tests.thresher.engines.test_datatrove_sandbox import page, pid_of
from thresher.engines.datatrove.sandbox import Sandbox

sandbox = Sandbox(pid_of, time_limit=float(sys.argv[1]))
print(sandbox(page(b"")), flush=True)
print(sandbox(page(sys.argv[2].encode())) if sys.argv[2] else input(), flush=True)
"""


@pytest.mark.parametrize("body", ["", "for ever"])
def test_the_process_ends_when_its_task_is_killed(body: str) -> None:
    root = str(Path(__file__).resolve().parents[3])
    task = subprocess.Popen(
        [sys.executable, "-c", _TASK, "3", body],
        env=os.environ | {"PYTHONPATH": root},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert task.stdout is not None
    child = psutil.Process(int(task.stdout.readline()))
    wait_until(lambda: not body or child.status() == psutil.STATUS_SLEEPING)
    task.kill()
    task.communicate()
    gone, alive = psutil.wait_procs([child], timeout=30)
    assert (gone, alive) == ([child], [])


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)
