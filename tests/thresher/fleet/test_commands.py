"""`thresher worker` and `thresher crawl --queue`, as users call them, with real crawls."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipelines.store import Store
from pipelines.store.schema import StoredArticle
from tests.crawling import ROOT
from tests.postgres_server import PostgresServer
from tests.thresher.fleet.workers import PATIENCE, jobs, until


def write(folder: Path, database: str) -> Path:
    page = (
        "<h1>The pool stays open</h1>"
        + "<p>The council of Aldermoor voted on Monday to keep it open.</p>" * 5
    )
    (folder / "pages").mkdir()
    (folder / "pages" / "pool.html").write_text(f"<article>{page}</article>", encoding="utf-8")
    file = folder / "thresher.toml"
    file.write_text(
        f'database = "{database}"\n[[site]]\nname = "saved"\nkind = "files"\npath = "pages"\n',
        encoding="utf-8",
    )
    return file


def thresher(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "thresher", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, "COLUMNS": "200"},
    )  # fmt: skip


def test_a_site_goes_through_the_queue_into_the_database(tmp_path: Path, database: str) -> None:
    file = write(tmp_path, database)
    first, second = (thresher("crawl", "--config", str(file), "--queue") for _ in range(2))
    assert (first.returncode, first.stdout) == (0, "put into the queue: 1, waiting there already: 0\n")
    assert (second.returncode, second.stdout) == (0, "put into the queue: 0, waiting there already: 1\n")
    said = tmp_path / "said"
    with said.open("w") as output:
        worker = subprocess.Popen(
            [sys.executable, "-m", "thresher", "worker", "--config", str(file), "--metrics", "127.0.0.1:0"],
            cwd=ROOT, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            until(lambda: jobs(database) == [], said.read_text)
            numbers = metrics(said.read_text())
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(PATIENCE) == 0
        finally:
            worker.kill()
            worker.wait()
    assert re.search(r"saved: done \(exit status 0\)", said.read_text())
    with Store(database) as store, store.session() as session:
        assert [article.title for article in session.query(StoredArticle)] == ["The pool stays open"]
    assert numbers["thresher_crawls_total", "done"] == 1
    assert numbers["thresher_crawls_running", ""] == 0
    assert numbers["thresher_database_up", ""] == 1


def metrics(said: str) -> dict[tuple[str, str], float]:
    """The numbers that a worker tells, by name and by how crawls ended."""
    found = re.search(r"metrics at (http://127\.0\.0\.1:\d+/metrics)", said)
    assert found is not None, said
    deadline = time.monotonic() + PATIENCE
    while True:
        with urllib.request.urlopen(found[1], timeout=PATIENCE) as answer:
            text = answer.read().decode()
        numbers = {
            (sample.name, sample.labels.get("outcome", "")): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }
        # The job ends a moment before the crawl is counted, and the queue is counted every few seconds.
        if numbers["thresher_crawls_running", ""] == 0 and numbers["thresher_database_up", ""] == 1:
            return numbers
        assert time.monotonic() < deadline, text
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["worker", "--config", "{file}"], "workers share a database of PostgreSQL"),
        (["crawl", "--config", "{file}", "--queue"], "workers share a database of PostgreSQL"),
        (
            ["worker", "--config", "{file}", "--metrics", "9464"],
            "'9464' is no HOST:PORT, such as 127.0.0.1:9464",
        ),
        (["crawl", "https://one.example", "--queue"], "--queue needs --config FILE"),
    ],
)
def test_a_wrong_call_says_what_is_right(tmp_path: Path, arguments: list[str], said: str) -> None:
    file = write(tmp_path, f"sqlite:///{tmp_path}/thresher.db")
    done = thresher(*(argument.format(file=file) for argument in arguments))
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_a_database_that_does_not_answer_is_said(tmp_path: Path, postgres: PostgresServer) -> None:
    file = write(tmp_path, postgres.url("no_such_database"))
    for arguments in (["worker"], ["crawl", "--queue"]):
        done = thresher(*arguments, "--config", str(file))
        assert done.returncode == 1
        assert "Error: the database: connection failed" in done.stderr
        assert "Traceback" not in done.stderr
        assert "not-to-be-shown" not in done.stderr
