"""Real crawls for tests. Each runs in a process of its own, as a process has one reactor."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from pipelines.feeds import ARTICLES, REJECTS, read_records
from thresher.crawl import CrawlJob, run_crawl
from thresher.report_tables import print_report

ROOT = Path(__file__).resolve().parent.parent
TIME_LIMIT = 60  # seconds; a crawl that takes longer hangs

FAST: dict[str, Any] = {
    "TWISTED_DNS_RESOLVER": "tests.mockserver.LoopbackResolver",
    "THRESHER_ALLOWED_NETWORKS": "127.0.0.0/8",
    "HTTPPROXY_ENABLED": False,
    "DOWNLOAD_DELAY": 0.001,
    "AUTOTHROTTLE_ENABLED": False,
    "DOWNLOAD_TIMEOUT": 2,
    "RETRY_TIMES": 0,
    "THRESHER_BACKOFF_BASE": 0.05,
    "THRESHER_WORKERS": 2,
}


@dataclass
class Crawled:
    report: dict[str, Any]
    articles: list[dict[str, Any]]
    rejects: list[dict[str, Any]]
    output: Path
    terminal: str

    @property
    def article_urls(self) -> set[str]:
        return {record["url"] for record in self.articles}

    @property
    def reasons(self) -> dict[str, str]:
        return {record["url"]: record["reason"] for record in self.rejects}

    @property
    def urls(self) -> dict[str, int]:
        """How the addresses of a single crawl ended, those that were not counted left out."""
        return {name: int(number) for name, number in re.findall(r"'thresher/urls/(\w+)': (\d+)", self.log)}

    @property
    def log(self) -> str:
        return (self.output / "crawl.log").read_text(encoding="utf-8")


def crawl(output: Path, *jobs: tuple[str, dict[str, str]], **settings: Any) -> Crawled:
    """Run jobs (spider, arguments) in a child process and read what they wrote."""
    order = json.dumps({"output": str(output), "jobs": jobs, "settings": {**FAST, **settings}})
    done = subprocess.run(
        [sys.executable, "-m", "tests.crawling", order],
        cwd=ROOT, capture_output=True, text=True, timeout=TIME_LIMIT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return _crawled(output, done.stdout, done.stderr)


def interrupted(
    output: Path, job: tuple[str, dict[str, str]], *, when: Callable[[], bool], **settings: Any
) -> tuple[Crawled, float]:
    """Run a job, press Ctrl-C once `when` is true, and tell how many seconds the crawl still took."""
    order = json.dumps({"output": str(output), "jobs": [job], "settings": {**FAST, **settings}})
    with subprocess.Popen(
        [sys.executable, "-m", "tests.crawling", order],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as child:  # fmt: skip
        try:
            started = time.monotonic()
            while not when():
                assert child.poll() is None, child.communicate()[1]
                assert time.monotonic() - started < TIME_LIMIT, "the crawl never got that far"
                time.sleep(0.05)
            pressed = time.monotonic()
            os.killpg(child.pid, signal.SIGINT)  # as a terminal does: the workers get it too
            stdout, stderr = child.communicate(timeout=TIME_LIMIT)
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
    assert child.returncode == 0, stderr
    return _crawled(output, stdout, stderr), time.monotonic() - pressed


def _crawled(output: Path, stdout: str, stderr: str) -> Crawled:
    return Crawled(
        report=json.loads(stdout.splitlines()[-1]),
        articles=list(read_records(output / ARTICLES)),
        rejects=list(read_records(output / REJECTS)),
        output=output,
        terminal=stdout + stderr,
    )


def _child(order: dict[str, Any]) -> None:
    jobs = [CrawlJob(spider, arguments) for spider, arguments in order["jobs"]]
    report = run_crawl(jobs, Path(order["output"]), settings=order["settings"])
    print_report(report, Console(width=120))
    figures = {
        "ok": report.ok,
        "interrupted": report.interrupted,
        "errors": report.errors,
        "reasons": report.reasons,
        "relations": report.relations,
        "sites": {
            name: {"pages": site.pages, "articles": site.articles, "rejects": site.rejects}
            for name, site in report.sites.items()
        },
        "words_kept": report.total.words_kept,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    _child(json.loads(sys.argv[1]))
