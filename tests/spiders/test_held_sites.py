"""Several processes and one database: sites that are held, runs that are killed or stopped and gone on with."""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cleaners.article import Article
from cleaners.urls import site_of
from pipelines.feeds import ARTICLES, read_records
from pipelines.store import Store, begin_run
from pipelines.store.crawl_schema import StoredSite
from pipelines.store.schema import Run, StoredArticle, StoredRejection
from tests.crawling import FAST, ROOT
from tests.mockserver import PARAGRAPHS, Handler, Query, Route, Server, article_html, links_html, page
from thresher.exits import EXIT_HELD, EXIT_REJECTS

TIME_LIMIT: Final = 60  # seconds; a crawl that takes longer hangs
STORIES: Final = tuple(f"/2024/05/{day:02}/the-story-of-day-{day}" for day in range(1, 13))
RECOVERED: Final = 1_000
PROGRAM: Final = (
    "import json, sys; from thresher import settings; vars(settings).update(json.loads(sys.argv.pop(1)));"
    "from thresher.cli import app; app()"
)


class Gate:
    """A route that answers only once the gate is open, and tells when somebody waits before it."""

    def __init__(self, route: Route) -> None:
        self._route = route
        self.reached = threading.Event()
        self.open = threading.Event()

    def __call__(self, handler: Handler, query: Query) -> None:
        self.reached.set()
        self.open.wait(TIME_LIMIT)
        self._route(handler, query)


@dataclass
class Process:
    """`thresher crawl` of one site, in a process and with a folder of outputs of its own."""

    url: str
    database: str
    output: Path
    more: dict[str, Any] = field(default_factory=dict)
    child: subprocess.Popen[str] = field(init=False)
    said: str = ""

    def __post_init__(self) -> None:
        settings = json.dumps({**FAST, "DOWNLOAD_TIMEOUT": TIME_LIMIT, **self.more})
        options = [
            "--spider",
            "links",
            "--output",
            str(self.output),
            "--database",
            self.database,
        ]
        self.child = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, settings, "crawl", self.url, *options],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip

    def ended(self) -> int:
        """Wait for its end; gives the exit status."""
        try:
            self.said += self.child.communicate(timeout=TIME_LIMIT)[0]
        finally:
            self.kill()
        return self.child.returncode

    def interrupt(self) -> None:
        """Press Ctrl-C: as by a terminal, its workers get it too."""
        os.killpg(self.child.pid, signal.SIGINT)

    def kill(self) -> None:
        if self.child.poll() is None:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.communicate()

    @property
    def articles(self) -> list[str]:
        """The addresses of the articles written, without the host; none of a run that was killed."""
        return [f"/{record['url'].split('/', 3)[3]}" for record in read_records(self.output / ARTICLES)]

    @property
    def log(self) -> str:
        return (self.output / "crawl.log").read_text(encoding="utf-8")


def until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + TIME_LIMIT
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)


def story(path: str) -> Route:
    return page(article_html(f"The story at {path}", *PARAGRAPHS, f"This is the story at {path}."))


def site() -> dict[str, Route]:
    stories = {path: story(path) for path in STORIES}
    return {"/": page(links_html(*STORIES)), "/news/": page(links_html()), **stories}


def gated(routes: dict[str, Route]) -> Gate:
    """Puts a gate before the seventh story."""
    gate = Gate(routes[STORIES[6]])
    routes[STORIES[6]] = gate
    return gate


def articles_in(database: str) -> int:
    with Store(database) as store, store.session() as session:
        return session.query(StoredArticle).count()


def asked_often(server: Server, host: str) -> dict[str, int]:
    """The stories that were asked for more than once, and how often."""
    asked = Counter(path for path in server.asked(host) if path in STORIES)
    assert set(asked) == set(STORIES)
    return {path: count for path, count in asked.items() if count > 1}


def test_a_second_process_leaves_a_site_alone_until_its_holder_is_gone(
    server: Server, tmp_path: Path, database: str
) -> None:
    host, other = "held.example", "other.example"
    server.forget()
    server.hosts.update({host: site(), other: site()})
    gate = gated(server.hosts[host])
    first = Process(server.url(host), database, tmp_path / "first")
    until(gate.reached.is_set)
    until(lambda: articles_in(database) == 6)
    asked = server.asked(host)

    second = Process(server.url(host), database, tmp_path / "second")
    beside = Process(server.url(other), database, tmp_path / "beside")
    assert second.ended() == EXIT_HELD
    assert beside.ended() == 0
    assert server.asked(host) == asked
    assert second.articles == []
    assert f"{host} is being crawled by process {first.child.pid} on {platform.node()}" in second.log
    assert f"{host} (links): another run is crawling there" in second.said
    assert sorted(beside.articles) == sorted(STORIES)

    first.kill()
    third = Process(server.url(host), database, tmp_path / "third")
    gate.open.set()
    assert third.ended() == 0
    assert "Going on with a crawl that was cut short" in third.log
    assert sorted(third.articles) == sorted(STORIES)
    assert asked_often(server, host) == {STORIES[6]: 2}
    assert asked_often(server, other) == {}
    assert outcomes_in(database) == [None, "held", "finished", "finished"]


def test_a_process_that_hung_for_too_long_gives_its_site_up(
    server: Server, tmp_path: Path, database: str
) -> None:
    host = "hung.example"
    server.forget()
    server.hosts[host] = site()
    gate = gated(server.hosts[host])
    first = Process(
        server.url(host), database, tmp_path / "first", {"THRESHER_LEASE": 4.0, "DOWNLOAD_TIMEOUT": 5}
    )
    until(gate.reached.is_set)
    until(lambda: articles_in(database) == 6)
    os.killpg(first.child.pid, signal.SIGSTOP)
    elsewhere(database, host)  # as a holder on a machine of its own would, that nobody here can see
    until(lambda: not held_by_living(database, host))

    second = Process(server.url(host), database, tmp_path / "second")
    until(lambda: len(server.asked(host)) > len(set(server.asked(host))))  # it asks for the seventh again
    os.killpg(first.child.pid, signal.SIGCONT)
    assert first.ended() == EXIT_REJECTS
    gate.open.set()
    assert second.ended() == 0
    assert "the crawl broke off (lease-lost)" in first.said.replace("\n", " ")
    assert "another run took over" in first.log
    # The page that failed for the first is not noted as failed: it was the second's to ask for.
    assert articles_in(database) == len(STORIES)
    # What it had begun to ask for when it was stopped, and what came next when it awoke, before it knew.
    assert asked_often(server, host).keys() <= {STORIES[6], STORIES[7]}
    with Store(database) as store, store.session() as session:
        assert session.query(StoredRejection).count() == 0


def elsewhere(database: str, site: str) -> None:
    """Let the holder of a site look like one on another machine."""
    with Store(database) as store, store.write() as session:
        stored = session.get(StoredSite, site)
        assert stored is not None
        assert stored.holder is not None
        stored.holder = json.dumps({**json.loads(stored.holder), "host": "another.example"})


def held_by_living(database: str, site: str) -> bool:
    """Whether the lease of a site still lasts."""
    with Store(database) as store, store.session() as session:
        stored = session.get(StoredSite, site)
        assert stored is not None
        return stored.held_until is not None and stored.held_until > datetime.now(UTC)


def outcomes_in(database: str) -> list[str | None]:
    """How the runs ended, in the order of their ends, killed ones first."""
    with Store(database) as store, store.session() as session:
        runs = sorted(session.query(Run), key=lambda run: run.finished or datetime.min.replace(tzinfo=UTC))
        return [run.outcome for run in runs]


def test_of_two_that_begin_at_once_one_crawls(server: Server, tmp_path: Path, empty_database: str) -> None:
    host, other = "twin.example", "single.example"
    server.forget()
    server.hosts.update({host: site(), other: site()})
    gate = gated(server.hosts[host])
    twins = [Process(server.url(host), empty_database, tmp_path / name) for name in ("one", "two")]
    beside = Process(server.url(other), empty_database, tmp_path / "beside")
    until(lambda: any(twin.child.poll() is not None for twin in twins))
    gate.open.set()
    by_status = {twin.ended(): twin for twin in twins}
    assert set(by_status) == {0, EXIT_HELD}
    assert beside.ended() == 0
    assert by_status[EXIT_HELD].articles == []
    for process in (by_status[0], beside):
        assert sorted(process.articles) == sorted(STORIES)
    assert asked_often(server, host) == asked_often(server, other) == {}


def test_ctrl_c_leaves_the_rest_to_the_next_run(server: Server, tmp_path: Path) -> None:
    host = "stopped.example"
    server.hosts[host] = site()
    gate = gated(server.hosts[host])
    database = f"sqlite:///{tmp_path}/crawl.db"
    first = Process(server.url(host), database, tmp_path / "first")
    until(gate.reached.is_set)
    until(lambda: articles_in(database) == 6)
    first.interrupt()
    until(lambda: "Closing spider (shutdown)" in first.log)
    gate.open.set()
    assert first.ended() == EXIT_REJECTS
    assert "The crawl was interrupted" in first.said
    assert sorted(first.articles) == list(STORIES[:8])  # what was under way, and what stood behind it

    second = Process(server.url(host), database, tmp_path / "second")
    assert second.ended() == 0
    assert "Going on with a crawl that was cut short" in second.log
    assert sorted(second.articles) == list(STORIES[8:])
    assert asked_often(server, host) == {}
    assert server.asked(host).count("/") == 2


def killed_run(database: str, host_url: str) -> set[str]:
    """A database with the articles of a run that was killed; gives their addresses without the host."""
    paths = {f"/2023/01/01/an-old-story-{number}" for number in range(RECOVERED)}
    with Store(database) as store:
        with store.write() as session:
            run_id = begin_run(session, "links", {}, datetime.now(UTC))
        for path in paths:
            url = f"{host_url}{path}"
            store.save(
                Article(url=url, site=site_of(url), text="\n\n".join(PARAGRAPHS), discovered_by="link"),
                run_id,
            )
    return paths


def test_ctrl_c_while_the_articles_of_a_killed_run_are_written(server: Server, tmp_path: Path) -> None:
    host = "recovered.example"
    server.hosts[host] = site()
    database = f"sqlite:///{tmp_path}/crawl.db"
    old = killed_run(database, server.url(host)[:-1])
    first = Process(server.url(host), database, tmp_path / "first")
    until(lambda: any(part.stat().st_size for part in first.output.glob(f"{ARTICLES}.*.part")))
    first.interrupt()
    assert first.ended() == EXIT_REJECTS
    second = Process(server.url(host), database, tmp_path / "second")
    assert second.ended() == 0
    written = first.articles + second.articles
    assert len(written) == len(set(written)), "an article was written twice"
    assert set(written) == old | set(STORIES)
