"""The pace of requests to a host, as the host sees it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.settings import Settings

from spiders.throttle import LEAST_DELAY, HostThrottle
from tests.crawling import FAST, ROOT, Crawled, crawl, interrupted
from tests.mockserver import (
    PARAGRAPHS,
    Handler,
    Query,
    Route,
    Server,
    article_html,
    links_html,
    page,
    redirect,
    robots,
)

PATHS = [f"/2024/05/{day:02}/a-story-of-the-day" for day in range(10, 16)]
DELAY = 0.4


def stories(*paths: str) -> dict[str, Route]:
    return {path: page(article_html(f"Story {path}", *PARAGRAPHS)) for path in paths}


# Crawl-delay

DELAYED = {
    "delay.example": "Crawl-delay: 0.4",
    "rate.example": "Request-rate: 5/2",
    "long.example": "Crawl-delay: 3600",
    "none.example": "Crawl-delay: 0",
}


@pytest.fixture(scope="module", params=[False, True], ids=["fixed delay", "AutoThrottle"])
def delayed(
    server: Server, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Crawled:
    for host, text in DELAYED.items():
        server.hosts[host] = {"/robots.txt": robots(text), "/": page(links_html(*PATHS)), **stories(*PATHS)}
    server.times.clear()
    urls = " ".join(server.url(host) for host in DELAYED)
    return crawl(
        tmp_path_factory.mktemp("delayed"), ("site", {"url": urls, "discover": "links"}),
        AUTOTHROTTLE_ENABLED=request.param,
        AUTOTHROTTLE_START_DELAY=0.01,
        AUTOTHROTTLE_MAX_DELAY=0.05,
        THRESHER_MAX_CRAWL_DELAY=DELAY,
    )  # fmt: skip


@pytest.mark.parametrize("host", ["delay.example", "rate.example", "long.example"])
def test_keeps_the_delay_that_a_host_asks_for(delayed: Crawled, server: Server, host: str) -> None:
    assert len([url for url in delayed.article_urls if host in url]) == len(PATHS)
    gaps = server.gaps(host)
    assert len(gaps) >= len(PATHS) + 1  # robots.txt is the first request
    # One may come late, and the next then seems early; all together cannot.
    assert sum(gaps) / len(gaps) > 0.9 * DELAY


def test_other_hosts_are_not_slowed_down(delayed: Crawled, server: Server) -> None:
    assert delayed.report["ok"]
    gaps = server.gaps("none.example")
    assert sum(gaps) / len(gaps) < 0.5 * DELAY


def test_a_delay_beyond_the_bound_is_cut_and_said(delayed: Crawled, server: Server) -> None:
    said = (
        f"{server.url('long.example')[:-1]} asks for 3600 s between requests; "
        "THRESHER_MAX_CRAWL_DELAY makes that 0.4 s"
    )
    assert delayed.log.count(said) == 1
    assert delayed.log.count("between requests") == 1


# The extension's parts


class FakeCrawler:
    """A crawl as far as the extension sees it, with Scrapy's own downloader but nothing to download."""

    def __init__(self, slots: dict[str, dict[str, Any]] | None = None, **settings: Any) -> None:
        self.settings = Settings({"AUTOTHROTTLE_ENABLED": False, **settings})
        self.signals = self
        self.engine = self
        self.downloader = Downloader.__new__(Downloader)
        self.downloader.slots = {}
        self.downloader.per_slot_settings = slots or {}
        self.downloader.ip_concurrency, self.downloader.domain_concurrency = 0, 1
        self.downloader._delay = self.settings.getfloat("DOWNLOAD_DELAY")
        self.downloader._jitter = 0.5
        self.downloader._slot_gc_loop = self  # type: ignore[assignment] # it is called by hand

    def connect(self, *_: object) -> None:
        """Signals are sent by hand."""


def slot_of(crawler: FakeCrawler, url: str = "http://a.example/") -> Any:
    return crawler.downloader._get_slot(Request(url))[1]


def test_a_delay_survives_that_scrapy_drops_idle_slots() -> None:
    crawler = FakeCrawler()
    throttle = HostThrottle(crawler)  # type: ignore[arg-type]
    before = slot_of(crawler)
    throttle.keep("a.example", 7.0)
    throttle.keep("a.example", 3.0)  # of another robots.txt of the host: the longest holds
    assert (before.delay, before.jitter) == (7.0, 0.0)
    crawler.downloader._slot_gc(age=0.0)
    assert slot_of(crawler) is not before
    assert (slot_of(crawler).delay, slot_of(crawler).jitter) == (7.0, 0.0)
    assert slot_of(crawler, "http://b.example/").delay == 0.0


def test_a_paused_host_is_not_dropped() -> None:
    crawler = FakeCrawler()
    throttle = HostThrottle(crawler)  # type: ignore[arg-type]
    slot = slot_of(crawler)
    throttle.pause("a.example", 500.0)
    throttle.pause("a.example", 5.0)
    crawler.downloader._slot_gc()
    assert slot_of(crawler) is slot
    assert 499.0 < slot.lastseen - time.monotonic() <= 500.0


def test_a_slot_of_the_settings_keeps_its_own() -> None:
    crawler = FakeCrawler({"a.example": {"concurrency": 3, "delay": 9.0}})
    HostThrottle(crawler).keep("a.example", 7.0)  # type: ignore[arg-type]
    slot = slot_of(crawler)
    assert (slot.concurrency, slot.delay, slot.jitter) == (3, 9.0, 0.0)


def test_a_note_of_the_slot_does_not_go_along_to_another_host() -> None:
    throttle = HostThrottle(FakeCrawler())  # type: ignore[arg-type]
    noted = Request("http://a.example/", meta={"download_slot": "a.example"})
    throttle._on_left_downloader(noted)
    assert noted.meta == {}
    chosen = Request("http://a.example/", meta={"download_slot": "mine"})
    throttle._on_left_downloader(chosen)
    assert chosen.meta == {"download_slot": "mine"}


# One at a time


class Gauge:
    """Counts how many requests of a host are answered at the same time."""

    def __init__(self) -> None:
        self.most: Counter[str] = Counter()
        self._now: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, answer: Route) -> Route:
        def route(handler: Handler, query: Query) -> None:
            host = handler.headers["Host"].partition(":")[0]
            with self._lock:
                self._now[host] += 1
                self.most[host] = max(self.most[host], self._now[host])
            time.sleep(0.05)  # long enough for others to come if they are let
            with self._lock:
                self._now[host] -= 1
            answer(handler, query)

        return route


OTHERS = ("one.example", "two.example")


def seeds(server: Server) -> str:
    return " ".join(server.url(host) for host in ("many.example", *OTHERS))


def scrapy_crawl(output: Path, url: str, **settings: Any) -> None:
    options = [f"-s{name}={value}" for name, value in {**FAST, **settings}.items()]
    arguments = ["-a", f"url={url}", "-a", "discover=links", f"-sTHRESHER_OUTPUT={output}", *options]
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "site", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def gauge(server: Server) -> Gauge:
    """A site on two hosts; every other page of the one redirects to the other.

    With the two other seeds, Scrapy lets more of its requests wait at once than one.
    """
    gauge = Gauge()
    here, there = "many.example", "news.many.example"
    moved = {path: redirect(server.url(there, path)) for path in PATHS[::2]}
    links = links_html(*PATHS, *(server.url(there, path) for path in PATHS[1::2]))
    routes = {**stories(*PATHS), **moved, "/": page(links)}
    server.hosts[here] = {path: gauge(route) for path, route in routes.items()}
    server.hosts[there] = {path: gauge(route) for path, route in stories(*PATHS).items()}
    for host in OTHERS:
        server.hosts[host] = {"/": page(links_html())}
    return gauge


def test_asks_a_host_for_one_thing_at_a_time(server: Server, gauge: Gauge, tmp_path: Path) -> None:
    gauge.most.clear()
    scrapy_crawl(tmp_path, seeds(server), DOWNLOAD_DELAY=0)
    assert gauge.most == {"many.example": 1, "news.many.example": 1}
    assert len(server.asked("news.many.example")) >= len(PATHS)


def test_without_the_extension_that_does_not_hold(server: Server, gauge: Gauge, tmp_path: Path) -> None:
    gauge.most.clear()
    off = json.dumps({"spiders.throttle.HostThrottle": None})
    settings = {"DOWNLOAD_DELAY": 0, "EXTENSIONS": off, "DOWNLOADER_MIDDLEWARES": "{}"}
    scrapy_crawl(tmp_path, seeds(server), **settings)
    assert gauge.most["many.example"] > 1


def test_no_delay_is_a_very_short_one() -> None:
    crawler = FakeCrawler({"a.example": {"delay": 0.0, "jitter": 2.0}}, DOWNLOAD_DELAY=0)
    crawler.downloader._jitter = 1.0
    throttle = HostThrottle(crawler)  # type: ignore[arg-type]
    throttle._level()
    for url in ("http://a.example/", "http://b.example/"):
        slot = slot_of(crawler, url)
        assert (slot.delay, slot.jitter) == (LEAST_DELAY, 0.9)


# The end


def test_ctrl_c_does_not_wait_for_a_delay(server: Server, tmp_path: Path) -> None:
    host = "slow.example"
    server.hosts[host] = {"/robots.txt": robots("Crawl-delay: 60"), "/": page(links_html(*PATHS))}
    job = ("site", {"url": server.url(host)})
    crawled, seconds = interrupted(tmp_path, job, when=lambda: bool(server.asked(host)))
    assert seconds < 15
    assert crawled.report["interrupted"]
    assert crawled.reasons == {}
    assert crawled.urls == {"discovered": 1, "left": 1}
    assert server.asked(host) == ["/robots.txt"]
