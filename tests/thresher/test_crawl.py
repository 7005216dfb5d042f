"""Running crawls: what is checked before, how they end, what stays behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.feeds import read_records
from pipelines.store import Store
from pipelines.store.schema import StoredArticle, StoredRejection
from tests.crawling import FAST, ROOT, crawl
from tests.mockserver import PARAGRAPHS, Server, article_html, hang, links_html, page, serve
from thresher.crawl import CrawlJob, run_crawl

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
        ([CrawlJob("spinne", {"url": "a.example"})], "no spider named 'spinne'; there are site, wordpress"),
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
    for crawled in (first, second):
        assert len(crawled.articles) == 1
        assert [record["reason"] for record in crawled.rejects] == ["http-404"]
    with Store(f"sqlite:///{tmp_path / 'thresher.db'}") as store, store.session() as session:
        (article,) = session.query(StoredArticle).all()
        assert article.run_id == 2
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
    deadline = time.monotonic() + 20
    while not any("this-one-hangs" in path for path in server.asked("stuck.example")):
        assert time.monotonic() < deadline, "the crawl never got to the page that hangs"
        time.sleep(0.05)
    time.sleep(1)  # until the article before it is cleaned
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
