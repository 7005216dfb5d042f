"""A crawl that is killed again and again: nothing lost, nothing written twice, nothing fetched twice for long."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from pipelines.store import Store
from pipelines.store.schema import StoredArticle, StoredRevision
from tests.crawling import FAST, ROOT, Crawled, crawl
from tests.mockserver import PARAGRAPHS, Route, Server, article_html, links_html, page

KILLS = {"sqlite": 20, "postgresql": 5}
STORIES = 120


def site() -> dict[str, Route]:
    """A front page with three sections, whose stories lead to others; nothing has validators."""
    paths = [f"/2024/05/{number % 28 + 1:02}/story-number-{number}-of-all" for number in range(STORIES)]
    sections = {f"/part-{n}/": page(links_html(*paths[n::6])) for n in range(3)}
    later = "".join(f"<p><a href='{path}'>Another story</a></p>" for path in paths)
    stories = {
        path: page(
            article_html(path, *PARAGRAPHS, f"This is the story of {path}.").replace(
                "</body>", f"{later}</body>"
            )
        )
        for path in paths
    }
    return {"/": page(links_html(*sections)), "/news/": page(links_html()), **sections, **stories}


def order(output: Path, url: str, database: str) -> list[str]:
    job = ["links", {"url": url}]
    settings = {**FAST, "DOWNLOAD_DELAY": 0.02, "THRESHER_DATABASE": database}
    request = {"output": str(output), "jobs": [job], "settings": settings}
    return [sys.executable, "-m", "tests.crawling", json.dumps(request)]


def kill_once(command: list[str], server: Server, host: str, requests: int) -> None:
    """Start a crawl and kill it, workers and all, after so many more requests."""
    before = len(server.asked(host))
    child = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + 30
    while len(server.asked(host)) < before + requests and child.poll() is None:
        assert time.monotonic() < deadline, "the crawl does not get on"
        time.sleep(0.005)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def texts(crawled: Crawled) -> dict[str, str]:
    urls = [record["url"] for record in crawled.articles]
    assert len(urls) == len(set(urls)), "an article was written twice"
    return {record["url"]: record["text"] for record in crawled.articles}


def test_twenty_kills_lose_nothing(server: Server, tmp_path: Path, backend: str, database: str) -> None:
    server.hosts["calm.example"] = site()
    server.hosts["killed.example"] = site()
    server.forget()
    calm = crawl(tmp_path / "calm", ("links", {"url": server.url("calm.example")}))
    assert len(calm.articles) == STORIES

    command = order(tmp_path / "killed", server.url("killed.example"), database)
    chance = random.Random(4)
    for _ in range(KILLS[backend]):
        kill_once(command, server, "killed.example", chance.randint(1, 9))
    last = crawl(
        tmp_path / "killed", ("links", {"url": server.url("killed.example")}), THRESHER_DATABASE=database
    )

    assert {
        url.replace("killed.", "calm."): text.replace("killed.", "calm.") for url, text in texts(last).items()
    } == texts(calm)
    with Store(database) as store, store.session() as session:
        assert session.query(StoredArticle).count() == STORIES
        assert session.query(StoredRevision).count() == 0
    asked = Counter(path for path in server.asked("killed.example") if path.startswith("/2024/"))
    # What was under way or being cleaned when a run was killed is fetched again, and nothing else.
    again = sum(asked.values()) - STORIES
    assert again <= KILLS[backend] * 8
