"""Running crawls: what is checked before, how they end, what stays behind."""

from __future__ import annotations

import copy
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipelines.feeds import read_records
from pipelines.store import Store, begin_run
from pipelines.store.memory import StoreMemory
from pipelines.store.schema import Run, StoredArticle, StoredRejection
from spiders.budget import RunBudget
from tests.crawling import FAST, ROOT, crawl
from tests.mockserver import PARAGRAPHS, Handler, Query, Server, article_html, hang, links_html, page, serve
from thresher.crawl import (
    LOG,
    CrawlJob,
    run_crawl,
)

STORY = "/2024/05/17/storm-hits-the-harbour"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serve() as running:
        running.hosts["small.example"] = {
            "/": page(links_html(STORY, "/2024/05/18/nothing-is-here")),
            "/news/": page(links_html()),
            STORY: page(article_html("Storm [bold]hits[/] the harbour", *PARAGRAPHS)),
        }
        running.hosts["stuck.example"] = {
            "/": page(links_html(STORY, *(f"/2024/05/{day}/this-one-hangs" for day in range(10, 20)))),
            STORY: page(article_html("Storm", *PARAGRAPHS)),
            **{f"/2024/05/{day}/this-one-hangs": hang for day in range(10, 20)},
        }
        yield running


@pytest.mark.parametrize(
    ("jobs", "message"),
    [
        ([], "no jobs to run"),
        (
            [CrawlJob("spinne", {"url": "a.example"})],
            r"no spider named 'spinne'; there are (\w+, )*site, (\w+, )*wordpress",
        ),
        ([CrawlJob("site", {})], "url: Field required"),
        (
            [CrawlJob("wordpress", {"url": "a.example", "per_page": "500"})],
            "per_page: Input should be less than",
        ),
    ],
)
def test_wrong_jobs_are_refused_before_anything_is_touched(
    jobs: list[CrawlJob], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=message):
        run_crawl(jobs, tmp_path / "output")
    assert not (tmp_path / "output").exists()


def test_a_second_run_sets_the_files_aside_and_updates_the_database(server: Server, tmp_path: Path) -> None:
    job = ("site", {"url": server.url("small.example")})
    first = crawl(tmp_path, job)
    second = crawl(tmp_path, job)
    assert [len(first.articles), len(second.articles)] == [1, 0]  # it says the same as before
    for crawled in (first, second):
        assert [record["reason"] for record in crawled.rejects] == ["http-404"]
    with Store(f"sqlite:///{tmp_path / 'thresher.db'}") as store, store.session() as session:
        assert [run.outcome for run in session.query(Run)] == ["finished", "finished"]
        (article,) = session.query(StoredArticle).all()
        assert (article.run_id, article.revision) == (1, 1)
        (rejection,) = session.query(StoredRejection).all()
        assert rejection.reason == "http-404"
    assert second.log.count("Spider opened") == 1
    assert list(read_records(tmp_path / "previous-articles.jsonl.zst")) == first.articles


def test_a_process_runs_crawls_once(server: Server, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from thresher.crawl import *\n"
        f"jobs = [CrawlJob('site', {{'url': {server.url('small.example')!r}}})]\n"
        f"settings = {FAST!r}\n"
        "if __name__ == '__main__':\n"
        f"    assert run_crawl(jobs, Path({str(tmp_path)!r}), settings=settings).ok\n"
        f"    run_crawl(jobs, Path({str(tmp_path)!r}), settings=settings)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "RuntimeError: a process can run crawls only once" in done.stderr


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 40
    while not condition():
        assert time.monotonic() < deadline, "the crawl never got that far"
        time.sleep(0.05)


def articles_in(folder: Path) -> int:
    """How many articles the database of a crawl under way holds."""
    if not (folder / "thresher.db").exists():
        return 0
    with Store(f"sqlite:///{folder / 'thresher.db'}") as store, store.session() as session:
        return session.query(StoredArticle).count()


def test_ctrl_c_writes_what_was_found(server: Server, tmp_path: Path) -> None:
    order = {
        "output": str(tmp_path),
        "jobs": [["site", {"url": server.url("stuck.example")}]],
        "settings": {**FAST, "DOWNLOAD_TIMEOUT": 3},
    }
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.crawling", json.dumps(order)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    until(lambda: "this-one-hangs" in " ".join(server.asked("stuck.example")) and articles_in(tmp_path) == 1)
    os.killpg(child.pid, signal.SIGINT)  # as a terminal does: the workers get it too
    output, errors = child.communicate(timeout=40)
    assert child.returncode == 0, errors
    report = json.loads(output.splitlines()[-1])
    assert report["interrupted"]
    assert not report["ok"]
    assert "The crawl was interrupted" in output
    records = list(read_records(tmp_path / "articles.jsonl.zst"))
    assert [record["url"].partition("/2024")[2] for record in records] == [STORY.removeprefix("/2024")]
    assert not list(tmp_path.glob("*.part"))


class BrokenMemory(StoreMemory):
    """Fails when all is done."""

    async def finish(self) -> None:
        raise RuntimeError("out of order")


def test_a_crawl_that_broke_off_is_an_error_of_the_report(server: Server, tmp_path: Path) -> None:
    job = CrawlJob("site", {"url": server.url("small.example")}, "small")
    memory = f"tests.thresher.test_crawl.{BrokenMemory.__name__}"
    report = report_of(run(tmp_path, job, THRESHER_MEMORY=memory))
    assert report["errors"] == ["small: the crawl broke off (error), see the log"]
    assert (report["ok"], report["total"]["articles"]) == (False, 1)
    assert "RuntimeError: out of order" in (tmp_path / LOG).read_text(encoding="utf-8")


@pytest.mark.parametrize("spider", ["site", "wordpress"])
def test_scrapy_crawl_works_too(server: Server, tmp_path: Path, spider: str) -> None:
    options = [f"-s{name}={value}" for name, value in FAST.items()]
    output = f"-sTHRESHER_OUTPUT={tmp_path}"
    done = subprocess.run(
        [
            sys.executable, "-m", "scrapy", "crawl", spider, "-a", f"url={server.url('small.example')}",
            *options, output,
        ],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    records = list(read_records(tmp_path / "articles.jsonl.zst"))
    assert [record["url"] for record in records] == [server.url("small.example", STORY)]
    with Store(f"sqlite:///{tmp_path / 'thresher.db'}") as store, store.session() as session:
        assert session.query(StoredArticle).count() == 1


# Many jobs


@pytest.fixture
def press(server: Server) -> list[str]:
    """Three sites of two pages, each asked by nobody yet."""
    hosts = ["one.example", "two.example", "three.example"]
    for host in hosts:
        server.hosts[host] = {
            "/": page(links_html(STORY)),
            STORY: page(article_html(f"Storm over {host}", *(f"{host}: {text}" for text in PARAGRAPHS))),
        }
    server.log.clear()
    server.agents.clear()
    return hosts


def run(output: Path, *jobs: CrawlJob, budget: int | None = None, **settings: Any) -> subprocess.Popen[str]:
    """Begin a run in a process of its own, which prints its report as JSON."""
    order = {
        "output": str(output),
        "jobs": [asdict(job) for job in jobs],
        "budget": budget,
        "settings": {**FAST, **settings},
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.thresher.test_crawl", json.dumps(order)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def report_of(child: subprocess.Popen[str]) -> dict[str, Any]:
    output, errors = child.communicate(timeout=60)
    assert child.returncode == 0, errors
    report: dict[str, Any] = json.loads(output.splitlines()[-1])
    return report


def site_jobs(server: Server, hosts: list[str], **settings: Any) -> list[CrawlJob]:
    return [CrawlJob("site", {"url": server.url(host)}, host.partition(".")[0], settings) for host in hosts]


def hosts_asked(server: Server) -> list[str]:
    return list(dict.fromkeys(entry.partition("/")[0] for entry in server.log))


def test_jobs_wait_for_their_turn(server: Server, press: list[str], tmp_path: Path) -> None:
    report = report_of(run(tmp_path, *site_jobs(server, press), THRESHER_CONCURRENT_SITES=1))
    assert {name: site["articles"] for name, site in report["sites"].items()} == dict.fromkeys(press, 1)
    entered = [entry.partition("/")[0] for entry in server.log]
    changes = sum(before != after for before, after in pairwise(entered))
    assert (hosts_asked(server), changes) == (press, 2)  # no site was begun before the one before it ended
    assert len(list(read_records(tmp_path / "articles.jsonl.zst"))) == 3


def test_jobs_have_names_and_settings_of_their_own(server: Server, press: list[str], tmp_path: Path) -> None:
    first, second, third = site_jobs(
        server, press, THRESHER_CONTACT="desk@one.example", CLOSESPIDER_ERRORCOUNT=7
    )
    plain = CrawlJob("site", second.arguments)
    report = report_of(run(tmp_path, first, plain, third, THRESHER_CONTACT="all@example.net"))
    assert report["ok"]
    contacts = {(host, re.sub(r".*\(\+(.*)\)", r"\1", agent)) for host, agent in server.agents}
    assert contacts == {
        ("one.example", "desk@one.example"),
        ("two.example", "all@example.net"),
        ("three.example", "desk@one.example"),
    }
    with Store(f"sqlite:///{tmp_path / 'thresher.db'}") as store, store.session() as session:
        assert {run.job for run in session.query(Run)} == {"one", None, "three"}


def test_a_used_up_budget_leaves_the_jobs_that_wait(server: Server, press: list[str], tmp_path: Path) -> None:
    report = report_of(run(tmp_path, *site_jobs(server, press), budget=2, THRESHER_CONCURRENT_SITES=1))
    assert report["ok"]
    assert hosts_asked(server) == press[:2]
    log = (tmp_path / LOG).read_text(encoding="utf-8")
    assert "The run's budget is used up; left for the next run: three" in log


def test_ctrl_c_begins_no_job_that_waits(server: Server, press: list[str], tmp_path: Path) -> None:
    stuck = CrawlJob("site", {"url": server.url("stuck.example")}, "stuck")
    child = run(tmp_path, stuck, *site_jobs(server, press), THRESHER_CONCURRENT_SITES=1)
    until(lambda: "this-one-hangs" in " ".join(server.asked("stuck.example")))
    child.send_signal(signal.SIGINT)
    report = report_of(child)
    assert (report["interrupted"], report["errors"]) == (True, [])
    assert hosts_asked(server) == ["stuck.example"]


def test_a_site_that_another_run_crawls_is_left_to_it(
    server: Server, press: list[str], tmp_path: Path
) -> None:
    database = f"sqlite:///{tmp_path / 'shared.db'}"
    first = run(
        tmp_path / "first",
        CrawlJob("site", {"url": server.url("stuck.example")}, "stuck"),
        THRESHER_DATABASE=database,
    )
    until(lambda: "this-one-hangs" in " ".join(server.asked("stuck.example")))
    again = CrawlJob("site", {"url": server.url("stuck.example")}, "stuck")
    report = report_of(
        run(tmp_path / "second", again, *site_jobs(server, press[:1]), THRESHER_DATABASE=database)
    )
    assert (report["held"], report["errors"], list(report["sites"])) == (["stuck"], [], ["one.example"])
    assert server.asked("stuck.example").count("/robots.txt") == 1  # by the first run
    first.send_signal(signal.SIGINT)
    report_of(first)


def test_a_job_that_another_run_took_while_it_waited_is_left_to_it(
    server: Server, press: list[str], tmp_path: Path
) -> None:
    taken = threading.Event()

    def wait(handler: Handler, _query: Query) -> None:
        taken.wait(60)
        handler.reply(links_html(STORY).encode())

    server.hosts["one.example"]["/"] = wait
    child = run(tmp_path, *site_jobs(server, press), THRESHER_CONCURRENT_SITES=1, DOWNLOAD_TIMEOUT=60)
    until(lambda: "/" in server.asked("one.example"))
    with Store(f"sqlite:///{tmp_path / 'thresher.db'}") as store, store.write() as session:
        begin_run(session, "site", {}, datetime.now(UTC), "two")
    taken.set()
    report = report_of(child)
    assert (report["held"], report["ok"], report["errors"]) == (["two"], True, [])
    assert hosts_asked(server) == ["one.example", "three.example"]


@pytest.mark.parametrize(
    ("bounds", "pages", "size", "exhausted"),
    [
        ((None, None), 10**9, 10**12, False),
        ((2, None), 1, 10**12, False),
        ((2, None), 2, 0, True),
        ((None, 100), 10**9, 99, False),
        ((2, 100), 1, 100, True),
    ],
)
def test_a_budget_is_used_up_at_the_first_of_its_bounds(
    bounds: tuple[int | None, int | None], pages: int, size: int, exhausted: bool
) -> None:
    budget = RunBudget(*bounds)
    assert not budget.exhausted
    copy.deepcopy(budget).spend(pages=pages, size=size)  # as Scrapy copies settings
    assert budget.exhausted is exhausted


def test_a_budget_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="max_bytes of a budget must be at least 1, not 0"):
        RunBudget(5, 0)


@pytest.mark.parametrize(("level", "told"), [("INFO", False), ("DEBUG", True)])
def test_the_log_holds_what_its_level_says(server: Server, tmp_path: Path, level: str, told: bool) -> None:
    crawl(tmp_path, ("site", {"url": server.url("small.example")}), LOG_LEVEL=level)
    assert ("DEBUG: Crawled (200)" in (tmp_path / LOG).read_text(encoding="utf-8")) is told


def _child(order: dict[str, Any]) -> None:
    settings = order["settings"]
    if order["budget"]:
        settings["THRESHER_BUDGET"] = RunBudget(max_pages=order["budget"])
    report = run_crawl([CrawlJob(**job) for job in order["jobs"]], Path(order["output"]), settings=settings)
    sys.stdout.write(json.dumps(report.to_record()) + "\n")


if __name__ == "__main__":
    _child(json.loads(sys.argv[1]))
