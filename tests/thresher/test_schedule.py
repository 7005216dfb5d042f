"""The process that crawls sites at their times."""

from __future__ import annotations

import io
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from apscheduler.triggers.interval import IntervalTrigger
from rich.console import Console
from sqlalchemy.exc import OperationalError

from tests.crawling import ROOT
from tests.thresher.test_turns import ran, write
from thresher.config import Site, load_config
from thresher.crawl_process import command_of
from thresher.schedule import SiteScheduler
from thresher.turns import Turn

PATIENCE = 30.0  # seconds; what a test waits for takes far less


# The scheduler. It runs in a process of its own, as it takes signals; so do its crawls, which this plays:
# it notes what happens to it in a log, and goes on until a file of its name with "go" lies there.

CRAWL = """
import os, signal, sys, time
from pathlib import Path
folder, name, status = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
def log(what):
    with (folder / "log").open("a") as file:
        file.write(f"{name} {what}\\n")
def stop(*_):
    log("told to stop")
    if status != 99:  # which heeds no signal
        (folder / f"{name}-go").touch()
signal.signal(signal.SIGTERM, stop)
text = sys.stdin.read()
log(f"begins with {text.count('[[site]]')} sites in {os.getcwd()}, leads its session: {os.getsid(0) == os.getpid()}")
while not (folder / f"{name}-go").exists():
    time.sleep(0.01)
log("ends")
print("as \\x1b[31mit\\x1b[0m says", file=sys.stderr)
sys.exit(status)
"""


def _run(order: dict[str, Any]) -> None:
    """The scheduler of a test."""
    folder, statuses = Path(order["folder"]), order["statuses"]

    def command(site: Site) -> list[str]:
        return [sys.executable, "-c", CRAWL, str(folder), site.name, str(statuses.get(site.name, 0))]

    SiteScheduler(
        lambda: load_config(folder / "thresher.toml"),
        folder / "thresher.toml",
        Console(),
        command=command,
        trigger=lambda _site, _zone: IntervalTrigger(seconds=order["every"]),
        check_every=0.1,
    ).run()


@dataclass
class Running:
    folder: Path
    process: subprocess.Popen[str]

    def log(self) -> list[str]:
        file = self.folder / "log"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [line.partition(" with ")[0] for line in lines]

    def said(self) -> list[str]:
        """What the scheduler printed, without the times."""
        return [line[20:] for line in (self.folder / "said").read_text(encoding="utf-8").splitlines()]

    def let_go(self, name: str) -> None:
        (self.folder / f"{name}-go").touch()

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, (self.log(), self.said())
            assert self.process.poll() is None, self.said()
            time.sleep(0.02)

    def end(self, *signals: int) -> int:
        for number in signals or (signal.SIGTERM,):
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextmanager
def scheduler(folder: Path, text: str, *, every: float = 3_600, **statuses: int) -> Iterator[Running]:
    write(folder, text)
    order = {"folder": str(folder), "every": every, "statuses": statuses}
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.thresher.test_schedule", json.dumps(order)],
            cwd=ROOT, stdout=said, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        try:
            yield Running(folder, process)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.send_signal(signal.SIGTERM)
                process.wait(PATIENCE)


def sites(*names: str, **more: Any) -> str:
    top = "".join(f"{key} = {value}\n" for key, value in more.items())
    return top + "".join(
        f'[[site]]\nname = "{name}"\nurl = "https://{name}.example"\nschedule = "0 * * * *"\n'
        for name in names
    )


def test_what_was_missed_is_crawled_once_at_the_start(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    ran(
        tmp_path,
        ("late", now - timedelta(hours=5), "finished"),
        ("fresh", now + timedelta(seconds=1), "finished"),
    )
    with scheduler(
        tmp_path, sites("late", "fresh") + '[[site]]\nurl = "https://unplanned.example"\n'
    ) as running:
        running.let_go("late")
        running.until(lambda: any("done" in line for line in running.said()))
        assert running.end() == 0
    assert running.log() == ["late begins", "late ends"]
    first, started, ended, *rest = running.said()
    assert first == "sites with a schedule: 2, due now: 1; sites without: 1"
    assert started.startswith("late: started (process ")
    assert re.fullmatch(r"late: done \(exit status 0\), after 0:0\d:\d\d", ended)
    assert rest[1:] == ["stopping; crawls that are waited for: 0 (a second signal kills them)", "stopped"]
    (line,) = [line for line in (tmp_path / "log").read_text().splitlines() if "begins" in line]
    assert line == f"late begins with 3 sites in {tmp_path}, leads its session: True"


def test_a_site_is_not_crawled_twice_at_the_same_time(tmp_path: Path) -> None:
    with scheduler(tmp_path, sites("slow"), every=0.2) as running:
        left_out = "slow: is still being crawled or waits for its turn; this time is left out"
        running.until(lambda: running.said().count(left_out) >= 3)
        assert running.log() == ["slow begins"]
        running.let_go("slow")
        running.until(lambda: running.log().count("slow begins") >= 2)
        assert running.log()[:3] == ["slow begins", "slow ends", "slow begins"]


def test_at_most_so_many_sites_are_crawled_at_the_same_time(tmp_path: Path) -> None:
    names = ["one", "two", "three"]
    with scheduler(tmp_path, sites(*names, concurrent_sites=2)) as running:
        running.until(lambda: len(running.log()) == 2)
        began = [line.removesuffix(" begins") for line in running.log()]
        (waits,) = set(names) - set(began)
        running.let_go(began[0])
        running.until(lambda: f"{waits} begins" in running.log())
        assert running.log()[2:] == [f"{began[0]} ends", f"{waits} begins"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_crawls_and_waits_for_them(tmp_path: Path, number: int) -> None:
    with scheduler(tmp_path, sites("one", "two", concurrent_sites=1)) as running:
        running.until(lambda: len(running.log()) == 1)
        assert running.end(number) == 0
    (name,) = {line.partition(" ")[0] for line in running.log()}  # the other one was never begun
    assert running.log() == [f"{name} begins", f"{name} told to stop", f"{name} ends"]
    assert running.said()[2] == "stopping; crawls that are waited for: 1 (a second signal kills them)"
    assert running.said()[3].startswith(f"{name}: done (exit status 0)")
    assert running.said()[-1] == "stopped"


def test_a_second_signal_kills_the_crawls(tmp_path: Path) -> None:
    with scheduler(tmp_path, sites("deaf"), deaf=99) as running:
        running.until(lambda: len(running.log()) == 1)
        running.process.send_signal(signal.SIGTERM)
        running.until(lambda: running.log()[-1] == "deaf told to stop")
        assert running.end() == 0
    assert running.log() == ["deaf begins", "deaf told to stop"]
    assert any(line.startswith("deaf: ended by a signal (Killed), after 0:0") for line in running.said())


def test_how_a_crawl_ended_is_said(tmp_path: Path) -> None:
    with scheduler(tmp_path, sites("odd", "held", "bad"), odd=3, held=75, bad=1) as running:
        for name in ("odd", "held", "bad"):
            running.let_go(name)
        running.until(lambda: sum("exit status" in line for line in running.said()) == 3)
    ended = {line.partition(",")[0] for line in running.said() if "exit status" in line}
    assert ended == {
        "odd: ALARM (exit status 3)",
        "held: held elsewhere (exit status 75)",
        "bad: something failed (exit status 1)",
    }
    text = (tmp_path / "said").read_text(encoding="utf-8")
    assert text.count("\n    as \ufffd[31mit\ufffd[0m says\n") == 3  # what it said, with nothing to obey


def test_a_crawl_that_cannot_be_started_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, sites("one"))
    said = (tmp_path / "said").open("w", encoding="utf-8")
    running = SiteScheduler(
        lambda: load_config(path),
        path,
        Console(file=said, width=200),
        command=lambda _: [str(tmp_path / "none")],
    )
    monkeypatch.setattr(running._scheduler, "start", lambda: running._crawl("one"))
    running.run()
    said.close()
    lines = (tmp_path / "said").read_text(encoding="utf-8").splitlines()
    assert lines[1][20:] == f"one: cannot be started: [Errno 2] No such file or directory: '{tmp_path}/none'"


def test_the_file_is_read_anew_and_a_broken_one_changes_nothing(tmp_path: Path) -> None:
    with scheduler(tmp_path, sites("one"), every=0.3) as running:
        running.let_go("one")
        running.until(lambda: "one ends" in running.log())
        write(tmp_path, sites("one", "two") + "[[site]]\nurl = 5\n")
        running.until(lambda: any("cannot be used" in line for line in running.said()))
        ends = running.log().count("one ends")
        running.until(lambda: running.log().count("one ends") >= ends + 2)
        begun = [line for line in (tmp_path / "log").read_text().splitlines() if "begins" in line]
        assert {line.partition(" in ")[0] for line in begun} == {"one begins with 1 sites"}
        write(tmp_path, sites("two"))
        running.until(lambda: "two begins" in running.log())
        ends = running.log().count("one begins")
        running.let_go("two")
        running.until(lambda: running.log().count("two ends") >= 3)
        assert running.log().count("one begins") <= ends + 1  # one may have been about to begin
    text = (tmp_path / "said").read_text(encoding="utf-8")
    assert "the file has changed and cannot be used; the one before stays in force\n    " in text
    assert (
        f"    {tmp_path}/thresher.toml: site[3].url (5): 5 is not an http or https address or a list of such"
        in text
    )


def test_a_change_waits_for_a_database_that_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_answer(*_: Any) -> list[Turn]:
        raise OperationalError("SELECT", {}, Exception("nobody there"))

    path = write(tmp_path, sites("one"))
    said = io.StringIO()
    running = SiteScheduler(lambda: load_config(path), path, Console(file=said, width=200))
    write(tmp_path, sites("one", "two"))
    with monkeypatch.context() as patched:
        patched.setattr("thresher.schedule.turns", no_answer)
        running._check_file()
    running._check_file()
    running._check_file()
    lines = [line[20:] for line in said.getvalue().splitlines() if not line.startswith("    ")]
    assert lines == [
        "the file has changed, but the database cannot be asked; trying again",
        "sites with a schedule: 2, due now: 2; sites without: 0",
    ]


def test_the_command_of_a_crawl() -> None:
    assert command_of(Site.model_construct(name="gazette"))[1:] == [
        "-P", "-m", "thresher", "crawl", "--quiet", "--config", "-", "--site", "gazette",
    ]  # fmt: skip


if __name__ == "__main__":
    _run(json.loads(sys.argv[1]))
