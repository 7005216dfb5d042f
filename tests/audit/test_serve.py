"""The report served from a database: a real server process, asked by a plain client and by a browser."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select

from pipelines.store import Store
from pipelines.store.reuse_schema import StoredOrigin
from tests.browser import PHONE, SCREEN, opened

TIME_LIMIT = 60


@dataclass(frozen=True)
class Served:
    """A server: its address, and what it answers."""

    url: str

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1].strip("/"))

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIME_LIMIT)
        try:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def json(self, path: str) -> Any:
        status, _, body = self.ask(path)
        assert status == 200, body
        return json.loads(body)


@contextmanager
def serving(database: Path, *options: str) -> Iterator[Served]:
    """`thresher serve`, ended by Ctrl-C."""
    command = [sys.executable, "-m", "thresher", "serve", str(database), "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            line = process.stdout.readline()
            found = re.search(r"http://\S+", line)
            assert found is not None, process.stderr.read()
            yield Served(found[0])
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(TIME_LIMIT) == 0, process.stderr.read()


@pytest.fixture(scope="module")
def served(demo_database: Path) -> Iterator[Served]:
    with serving(demo_database) as served:
        yield served


def test_the_page_says_that_nothing_but_its_own_may_run(served: Served) -> None:
    status, headers, body = served.ask("/")
    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "connect-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert b"<h1" in body


@pytest.mark.parametrize("path", ["/", "/data/findings", "/search?q=bridge", "/nothing"])
def test_other_sites_are_kept_away(served: Served, path: str) -> None:
    _, headers, _ = served.ask(path)
    assert {
        name: headers.get(name) for name in ("cache-control", "x-content-type-options", "x-frame-options")
    } == {
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8200", "127.0.0.1.evil.example", ""])
def test_a_foreign_host_header_is_refused(served: Served, host: str) -> None:
    for path in ("/", "/data/findings", "/search?q=bridge"):
        status, _, body = served.ask(path, Host=host)
        assert (status, body) == (400, b"Invalid host header")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9", "[::1]:8200", "LOCALHOST"])
def test_the_machine_s_own_names_are_answered(served: Served, host: str) -> None:
    assert served.ask("/search?q=bridge", Host=host)[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_sent(served: Served, method: str) -> None:
    for path in ("/", "/data/findings", "/search"):
        assert served.ask(path, method)[0] == 405


def test_texts_of_a_story(served: Served, demo_database: Path) -> None:
    with Store(f"sqlite:///{demo_database}") as store, store.session() as session:
        story = session.scalar(select(func.min(StoredOrigin.cluster_id)))
    record = served.json(f"/data/story/{story}")
    assert set(record) == {"texts", "articles"}
    assert served.ask("/data/story/987654")[0] == 404
    assert served.ask("/data/story/../../etc/passwd")[0] == 404
    assert served.ask("/data/story/99999999999999999999999")[0] == 404


def test_search(served: Served) -> None:
    found = served.json("/search?q=lighthouse")
    assert found["total"] == len(found["hits"]) > 3
    assert all("lighthouse" in hit["found"].lower() for hit in found["hits"])
    assert served.json("/search") == {"total": 0, "hits": []}
    assert served.json("/search?q=%3Cscript%3E") == {"total": 0, "hits": []}


def test_serving_writes_nothing(demo_database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "thresher.db"
    copy.write_bytes(demo_database.read_bytes())
    before = hashlib.sha256(copy.read_bytes()).hexdigest()
    with serving(copy) as served:
        for path in ("/", "/data/findings", "/search?q=bridge"):
            assert served.ask(path)[0] == 200
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == before


def test_some_sites_only(demo_database: Path) -> None:
    with serving(demo_database, "--site", "the-weir.example") as served:
        some = served.json("/search?q=keepers")["total"]
    with serving(demo_database) as served:
        assert 0 < some < served.json("/search?q=keepers")["total"]


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (["--host", "example.org"], 2, "not an IP address"),
        (
            ["--site", "nobody.example"],
            1,
            "the database has no article of nobody.example; it has articles of 6 sites",
        ),
    ],
)
def test_what_cannot_be_served(demo_database: Path, options: list[str], status: int, message: str) -> None:
    done = run(demo_database, "--port", "0", *options)
    assert (done.returncode, message in done.stderr) == (status, True), done.stderr


def test_a_port_that_is_taken(demo_database: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run(demo_database, "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "in use" in done.stderr
    assert "Traceback" not in done.stderr


def run(database: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "thresher", "serve", str(database), *options],
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
    )


@pytest.mark.parametrize("width", [SCREEN["width"], PHONE["width"]])
def test_in_a_browser(served: Served, browser: Browser, width: int) -> None:
    with opened(browser, served.url, width=width) as page:
        expect(page.page.locator("h1")).to_be_visible()
        box = page.page.get_by_role("searchbox").first
        box.fill("lighthouse")
        box.press("Enter")
        expect(page.page.locator("#articles tbody tr").first).to_be_visible()
        page.page.wait_for_load_state("networkidle")
        assert page.problems == []
        assert all(request.startswith(served.url) for request in page.requests)
        assert page.serious() == []
