"""One page from the web, in a child process, as a process has one reactor."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.crawling import FAST, ROOT, TIME_LIMIT
from tests.mockserver import Server, cut_short, endless, hang, page, redirect, serve

CODE = """
import json, sys
from thresher.fetching import fetch_page
url, settings = json.loads(sys.argv[1])
found = fetch_page(url, settings)
print(json.dumps([getattr(found, "reason", None), found.url, found.status]))
try:
    fetch_page(url, settings)
except RuntimeError as error:
    print(error)
"""


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as server:
        yield server


def fetched(url: str, **settings: Any) -> list[Any]:
    done = subprocess.run(
        [sys.executable, "-c", CODE, json.dumps([url, {**FAST, **settings}])],
        cwd=ROOT, capture_output=True, text=True, timeout=TIME_LIMIT, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    answer, second = done.stdout.splitlines()
    assert second.startswith("a process can run crawls only once")
    found: list[Any] = json.loads(answer)
    return found


def test_a_redirect_to_another_site_is_followed_and_its_robots_read(server: Server) -> None:
    server.hosts["old.example"] = {"/a": redirect(server.url("new.example", "/b"))}
    server.hosts["new.example"] = {"/b": page("<p>Here it is now.</p>")}
    assert fetched(server.url("old.example", "/a")) == [None, server.url("new.example", "/b"), 200]
    assert server.asked("new.example") == ["/robots.txt", "/b"]


def test_why_there_is_none(server: Server) -> None:
    server.hosts["bad.example"] = {
        "/hang": hang,
        "/endless": endless,
        "/cut": cut_short("<p>Half of a page</p>"),
        "/loop": redirect("/loop2"),
        "/loop2": redirect("/loop"),
        "/robots.txt": page("", content_type="text/plain"),
    }
    cases = {"/hang": "timeout", "/cut": "truncated", "/endless": "too-large", "/loop": "redirect-loop"}
    found = {path: fetched(server.url("bad.example", path), DOWNLOAD_MAXSIZE=50_000)[:2] for path in cases}
    assert found == {path: [reason, server.url("bad.example", path)] for path, reason in cases.items()}
    assert fetched("http://nowhere.invalid/")[:2] == ["dns", "http://nowhere.invalid/"]
