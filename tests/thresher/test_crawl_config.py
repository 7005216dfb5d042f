"""`thresher crawl --config` and `thresher schedule` as users run them, against the loopback server.

Its sites are 127.0.0.1 and localhost, which need no resolver of their own.
"""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.feeds import read_records
from pipelines.store import Store
from pipelines.store.crawl_schema import StoredSite
from pipelines.store.leases import acquire, new_holder
from pipelines.store.schema import Run, StoredArticle
from tests.mockserver import PARAGRAPHS, Handler, Query, Server, article_html, links_html, page, serve
from tests.postgres_server import PASSWORD

STORY = "/2024/05/17/storm-hits-the-harbour"
TIME_LIMIT = 120  # seconds
NAMES = {"gazette": "127.0.0.1", "post": "localhost"}


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as running:
        for host in NAMES.values():
            running.hosts[host] = {
                "/": page(links_html(STORY)),
                STORY: page(
                    article_html(f"Storm over {host}", *(f"At {host}: {text}" for text in PARAGRAPHS))
                ),
            }
        yield running


def config(folder: Path, server: Server, *, top: str = "", gazette: str = "", more: str = "") -> Path:
    path = folder / "thresher.toml"
    path.write_text(
        f'contact = "desk@press.example"\nallowed_networks = "127.0.0.0/8"\n{top}\n'
        f'[defaults]\nschedule = "0 0 1 1 *"\ndelay = 0\n'
        f'[[site]]\nname = "gazette"\nurl = "{server.url(NAMES["gazette"])}"\n{gazette}\n'
        f'[[site]]\nname = "post"\nurl = "{server.url(NAMES["post"])}"\n{more}',
        encoding="utf-8",
    )
    return path


def environment() -> dict[str, str]:
    return os.environ | {"COLUMNS": "160", "no_proxy": "*"}


def thresher(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "thresher", *map(str, arguments)],
        capture_output=True, text=True, env=environment(), timeout=TIME_LIMIT, check=False,
    )  # fmt: skip


def folders(folder: Path) -> list[str]:
    """The runs' folders without their times."""
    runs = folder / "corpus" / "runs"
    return [path.name.partition("-")[2] for path in sorted(runs.iterdir())] if runs.exists() else []


def titles(folder: Path) -> set[str]:
    found = (folder / "corpus" / "runs").glob("*/articles.jsonl.zst")
    return {record["title"] for path in found for record in read_records(path)}


def runs(database: Path | str) -> list[tuple[str | None, str | None]]:
    """The jobs of a database, or of the one in a folder's corpus, and how they ended."""
    url = database if isinstance(database, str) else f"sqlite:///{database}/corpus/thresher.db"
    with Store(url) as store, store.session() as session:
        return sorted((run.job, run.outcome) for run in session.query(Run))


def test_what_is_due_is_crawled_into_a_folder_of_the_run(
    tmp_path: Path, server: Server, database: str
) -> None:
    path = config(tmp_path, server, top=f"database = '{database}'")
    first = thresher("crawl", "--config", path)
    assert first.returncode == 0, first.stderr
    assert titles(tmp_path) == {"Storm over 127.0.0.1", "Storm over localhost"}
    assert folders(tmp_path) == ["all"]
    assert runs(database) == [("gazette", "finished"), ("post", "finished")]
    assert {agent.partition("+")[2] for _, agent in server.agents} == {"desk@press.example)"}

    asked = len(server.log)
    second = thresher("crawl", "--config", path)
    assert (second.returncode, second.stderr) == (0, "")
    assert [line.split("│")[5].strip() for line in second.stdout.splitlines() if "│" in line] == ["no", "no"]
    assert (len(server.log), folders(tmp_path)) == (asked, ["all"])

    third = thresher("crawl", "--config", path, "--all", "--site", "post", "--quiet")
    assert (third.returncode, third.stdout, third.stderr) == (0, "", "")
    assert folders(tmp_path) == ["all", "post"]
    assert runs(database) == [("gazette", "finished"), ("post", "finished"), ("post", "finished")]
    assert {entry.partition("/")[0] for entry in server.log[asked:]} == {"localhost"}
    with Store(database) as store, store.session() as session:
        assert session.query(StoredArticle).count() == 2


def test_a_dry_run_only_tells(tmp_path: Path, server: Server) -> None:
    path = config(tmp_path, server, top='timezone = "Europe/Berlin"', gazette='kind = "links"\nschedule = ""')
    done = thresher("crawl", "--config", path, "--dry-run")
    year = datetime.now(UTC).year + 1
    assert done.returncode == 0
    title, _, heading, _, *rows, _ = done.stdout.splitlines()
    assert title.strip() == "Sites and their times (Europe/Berlin)"
    cells = [[cell.strip() for cell in line.replace("┃", "│").split("│")[1:-1]] for line in (heading, *rows)]
    assert cells == [
        ["Site", "Kind", "Last run", "Next time", "Due"],
        ["gazette", "links", "-", "-", "yes"],
        ["post", "auto", "-", f"{year}-01-01 00:00", "yes"],
    ]
    assert server.log == []
    assert [entry.name for entry in tmp_path.iterdir()] == ["thresher.toml"]


def test_a_site_that_cannot_be_crawled_does_not_keep_others_from_it(tmp_path: Path, server: Server) -> None:
    path = config(tmp_path, server, more='[[site]]\nname = "old"\nkind = "archive"\npath = "none.warc.gz"\n')
    done = thresher("crawl", "--config", path, "--quiet")
    assert (done.returncode, done.stdout) == (1, "")
    wrong, rejects, log = done.stderr.splitlines()
    assert wrong == f"old: path: Value error, there is no file or folder '{tmp_path}/none.warc.gz'"
    assert rejects == "rejects: http-404 2"
    assert log.startswith(f"log: {tmp_path}/corpus/runs/")
    assert titles(tmp_path) == {"Storm over 127.0.0.1", "Storm over localhost"}


def test_nothing_is_done_where_another_run_holds_the_sites(tmp_path: Path, server: Server) -> None:
    path = config(tmp_path, server)
    with Store(f"sqlite:///{tmp_path}/corpus/thresher.db") as store, store.write() as session:
        now = datetime.now(UTC)
        site = StoredSite(site=NAMES["gazette"], pass_id=0, pass_began=now, pass_open=False)
        session.add(site)
        session.flush()
        acquire(session, site, new_holder(), now)  # as a run of this process would
    held = thresher("crawl", "--config", path, "--site", "gazette", "--quiet")
    assert (held.returncode, held.stdout, held.stderr) == (75, "", "")
    assert server.log == []
    both = thresher("crawl", "--config", path, "--all", "--quiet")
    assert (both.returncode, both.stderr) == (0, "")
    assert titles(tmp_path) == {"Storm over localhost"}


def test_of_two_runs_at_the_same_time_the_second_leaves_a_site_to_the_first(
    tmp_path: Path, server: Server
) -> None:
    told = threading.Event()

    def wait(handler: Handler, _query: Query) -> None:
        told.wait(TIME_LIMIT)
        handler.reply(article_html("Storm over the first", *PARAGRAPHS).encode())

    server.hosts[NAMES["gazette"]][STORY] = wait
    path = config(tmp_path, server)
    first = subprocess.Popen(
        [sys.executable, "-m", "thresher", "crawl", "--config", path, "--site", "gazette", "--quiet"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip
    try:
        until(lambda: STORY in server.asked(NAMES["gazette"]), first)
        asked = server.asked(NAMES["gazette"])
        not_due = thresher("crawl", "--config", path, "--site", "gazette", "--quiet")
        assert (not_due.returncode, not_due.stdout, not_due.stderr) == (0, "", "")
        held = thresher("crawl", "--config", path, "--all", "--site", "gazette")
        assert held.returncode == 75, held.stderr
        assert "Held        gazette: another run is crawling there" in held.stdout.splitlines()
        (log,) = (line for line in held.stdout.splitlines() if line.startswith("Log"))
        said = Path(log.removeprefix("Log").strip()).read_text(encoding="utf-8")
        assert f"{NAMES['gazette']} is being crawled by process {first.pid} on {platform.node()}" in said
        beside = thresher("crawl", "--config", path, "--all")
        assert beside.returncode == 0, beside.stderr
        assert "Held        gazette: another run is crawling there" in beside.stdout.splitlines()
        assert server.asked(NAMES["gazette"]) == asked
    finally:
        told.set()
        said_last = first.communicate(timeout=TIME_LIMIT)
    assert (first.returncode, *said_last) == (0, "", "")
    assert titles(tmp_path) == {"Storm over the first", "Storm over localhost"}
    assert runs(tmp_path) == [
        ("gazette", "finished"), ("gazette", "held"), ("gazette", "held"), ("post", "finished"),
    ]  # fmt: skip


def test_the_budget_is_that_of_all_sites_together(tmp_path: Path, server: Server) -> None:
    path = config(tmp_path, server, top="concurrent_sites = 1\n[budget]\nmax_pages = 1")
    first = thresher("crawl", "--config", path)
    assert first.returncode == 0, first.stderr
    assert len(titles(tmp_path)) == 1
    second = thresher("crawl", "--config", path)  # what was left is due still, and comes first
    assert second.returncode == 0, second.stderr
    assert titles(tmp_path) == {"Storm over 127.0.0.1", "Storm over localhost"}


def test_the_schedule_runs_real_crawls(tmp_path: Path, server: Server) -> None:
    path = config(tmp_path, server, gazette="enabled = false")
    with (tmp_path / "said").open("w") as said:
        child = subprocess.Popen(
            [sys.executable, "-m", "thresher", "schedule", "--config", path],
            stdout=said, stderr=subprocess.STDOUT, env=environment(), start_new_session=True,
        )  # fmt: skip
    try:
        until(lambda: "post: done (exit status 0)" in (tmp_path / "said").read_text(encoding="utf-8"), child)
    finally:
        child.send_signal(signal.SIGTERM)
        assert child.wait(TIME_LIMIT) == 0
    assert titles(tmp_path) == {"Storm over localhost"}
    assert (folders(tmp_path), runs(tmp_path)) == (["post"], [("post", "finished")])
    lines = [line[20:] for line in (tmp_path / "said").read_text(encoding="utf-8").splitlines()]
    assert lines[0] == "sites with a schedule: 1, due now: 1; sites without: 0"
    assert lines[3:] == ["stopping; crawls that are waited for: 0 (a second signal kills them)", "stopped"]


def until(condition: Callable[[], bool], child: subprocess.Popen[Any]) -> None:
    deadline = time.monotonic() + TIME_LIMIT
    while not condition():
        assert time.monotonic() < deadline
        assert child.poll() is None
        time.sleep(0.05)


def test_a_server_that_does_not_answer_is_said_without_its_password(tmp_path: Path, server: Server) -> None:
    path = config(tmp_path, server, top=f'database = "postgresql+psycopg://me:{PASSWORD}@127.0.0.1:1/corpus"')
    done = thresher("crawl", "--config", path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: the database: connection failed: connection to server at")
    assert "Traceback" not in done.stderr
    assert PASSWORD not in done.stderr
