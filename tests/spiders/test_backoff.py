"""Hosts that say "not now" are left alone, for as long as they ask and no longer than we bear."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.statscollectors import StatsCollector

from spiders.backoff import BackoffMiddleware, retry_after
from spiders.refusals import Refused
from tests.crawling import Crawled, crawl, interrupted
from tests.mockserver import PARAGRAPHS, Handler, Query, Route, Server, article_html, links_html, page

DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
YEAR = 366 * 24 * 3600.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 1 ", 1.0),
        ("0", None),
        ("99999999999999999999", YEAR),
        ("Sun, 06 Nov 1994 08:51:37 GMT", 120.0),
        ("Sunday, 06-Nov-94 08:51:37 GMT", 120.0),
        ("Sun Nov  6 08:51:37 1994", 120.0),
        ("Sun, 06 Nov 1994 08:51:37 +0000", 120.0),
        ("Sun, 06 Nov 1994 08:49:36 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", YEAR),
        ("Sun, 99 Nov 1994 08:51:37 GMT", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_reads_retry_after(value: str | None, seconds: float | None) -> None:
    headers = {"Date": DATE} if value is None else {"Date": DATE, "Retry-After": value}
    assert retry_after(Response("http://a.example/", headers=headers)) == seconds


def test_a_date_counts_from_now_where_the_server_does_not_say_its_time() -> None:
    later = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 100))
    seconds = retry_after(Response("http://a.example/", headers={"Retry-After": later}))
    assert seconds is not None
    assert 98 < seconds <= 100


# The rule, without a crawl


class FakeCrawl:
    """A crawl and its throttle as far as the middleware sees them."""

    def __init__(self, **settings: Any) -> None:
        defaults = {"THRESHER_BACKOFF_BASE": 5, "THRESHER_BACKOFF_MAX": 120, "THRESHER_MAX_RETRY_AFTER": 600}
        self.settings = Settings({**defaults, **settings})
        self.signals = self
        self.stats = StatsCollector(self)  # type: ignore[arg-type]
        self.pauses: list[float] = []
        self.emptied: list[Refused] = []
        self.clock = 0.0
        self.backoff = BackoffMiddleware(self)  # type: ignore[arg-type]

    def connect(self, *_: object) -> None:
        """Signals are sent by hand."""

    def get_extension(self, _: type) -> FakeCrawl:
        return self

    def host_of(self, request: Request) -> str:
        return request.url.split("/")[2]

    def pause(self, _: str, seconds: float) -> None:
        self.pauses.append(seconds)

    def refuse_waiting(self, _: str, refusal: Any) -> None:
        self.emptied.append(refusal())

    def answer(self, status: int, headers: Mapping[str, str] | None = None, *, wait: bool = True) -> None:
        """Let the host answer, after its pause if it is to `wait`."""
        if wait and self.pauses:
            self.clock += self.pauses[-1]
        request = Request("http://a.example/x")
        response = Response(request.url, status=status, headers=dict(headers or {}))
        self.backoff._on_answer(response, request)
        self.backoff.process_response(request, response)


@pytest.fixture
def faked(monkeypatch: pytest.MonkeyPatch) -> FakeCrawl:
    crawling = FakeCrawl()
    monkeypatch.setattr("spiders.backoff.monotonic", lambda: crawling.clock)
    return crawling


def test_pauses_double_with_each_refusal_in_a_row_and_end_with_an_answer(faked: FakeCrawl) -> None:
    for status in (429, 503, 429, 200, 503):
        faked.answer(status)
    assert faked.pauses == [5, 10, 20, 5]
    assert faked.stats.get_value("thresher/backoff/pauses") == 4
    assert faked.stats.get_value("thresher/backoff/seconds") == 40


def test_pauses_have_a_bound_and_so_has_their_sum(faked: FakeCrawl) -> None:
    for _ in range(8):
        faked.answer(429)
    with pytest.raises(Refused, match="THRESHER_MAX_RETRY_AFTER"):
        faked.answer(429)
    assert faked.pauses == [5, 10, 20, 40, 80, 120, 120, 120]
    assert [refusal.reason for refusal in faked.emptied] == ["retry-later"]


def test_the_server_s_word_counts(faked: FakeCrawl) -> None:
    faked.answer(503, {"Retry-After": "17"})
    faked.answer(429)
    assert faked.pauses == [17, 10]


def test_several_refusals_under_way_at_once_are_one(faked: FakeCrawl) -> None:
    faked.answer(429)
    for _ in range(5):
        faked.answer(429, wait=False)
    assert faked.pauses == [5]
    faked.answer(429, {"Retry-After": "30"}, wait=False)
    faked.answer(429, {"Retry-After": "3"}, wait=False)
    assert faked.pauses == [5, 30]


def test_errors_pause_for_a_moment(faked: FakeCrawl) -> None:
    request = Request("http://a.example/x")
    for _ in range(3):
        faked.answer(500)
    for _ in range(3):
        faked.clock += faked.pauses[-1]
        faked.backoff.process_exception(request, DownloadTimeoutError())
    assert faked.pauses == [0.5, 1, 2, 4, 5, 5]
    faked.answer(404)
    faked.answer(502)
    assert faked.pauses[-1] == 0.5
    faked.backoff.process_exception(request, ValueError())
    assert len(faked.pauses) == 7


def test_a_row_without_end_does_not_overflow(monkeypatch: pytest.MonkeyPatch) -> None:
    crawling = FakeCrawl(THRESHER_BACKOFF_BASE=0)
    monkeypatch.setattr("spiders.backoff.monotonic", lambda: crawling.clock)
    for _ in range(2_000):
        crawling.answer(429)
        crawling.answer(500)
    assert set(crawling.pauses) <= {0}


def test_a_negative_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="THRESHER_BACKOFF_BASE is -1; it is a number of seconds, 0 or more"):
        FakeCrawl(THRESHER_BACKOFF_BASE=-1)


# Against a server

PATHS = [f"/2024/05/{day:02}/a-story-of-the-day" for day in range(10, 14)]
ROBOTS = page("User-agent: *\nAllow: /\n", content_type="text/plain")


def refusing(times: int, answer: Route, **options: Any) -> Route:
    """Refuse so many times, then answer."""
    left = [times]

    def route(handler: Handler, query: Query) -> None:
        left[0] -= 1
        if left[0] >= 0:
            handler.reply(b"", **options)
        else:
            answer(handler, query)

    return route


def site(**special: Route) -> dict[str, Route]:
    stories = {path: page(article_html(f"Story {path}", *PARAGRAPHS)) for path in PATHS}
    named = {"robots": "/robots.txt", "front": "/", "first": PATHS[0]}
    routes = {"/robots.txt": ROBOTS, "/": page(links_html(*PATHS)), **stories}
    return {**routes, **{named[name]: route for name, route in special.items()}}


STORY = page(article_html("The first", *PARAGRAPHS))
FRONT = page(links_html(*PATHS))
SOON = {"Retry-After": "1"}
HOSTS: dict[str, dict[str, Route]] = {
    "soon.example": site(first=refusing(1, STORY, status=429, headers=SOON)),
    "soon-robots.example": site(robots=refusing(1, ROBOTS, status=503, headers=SOON)),
    "unsaid.example": site(front=refusing(2, FRONT, status=503)),
    "burst.example": site(front=refusing(2, FRONT, status=502), first=refusing(2, STORY, status=500)),
    "tomorrow.example": site(first=page("", status=503, headers={"Retry-After": "86400"})),
    "never.example": site(front=page("", status=429)),
    "well.example": site(),
}


@pytest.fixture(scope="module")
def crawled(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    server.hosts = HOSTS
    urls = " ".join(server.url(host) for host in HOSTS)
    return crawl(
        tmp_path_factory.mktemp("backoff"), ("site", {"url": urls, "discover": "links"}),
        RETRY_TIMES=2,
        THRESHER_BACKOFF_BASE=0.3,
        THRESHER_MAX_RETRY_AFTER=2,
    )  # fmt: skip


@pytest.mark.parametrize("host", ["soon.example", "soon-robots.example", "unsaid.example", "burst.example"])
def test_a_host_that_recovers_gives_all_its_pages(crawled: Crawled, server: Server, host: str) -> None:
    assert {server.url(host, path) for path in PATHS} <= crawled.article_urls


def test_nothing_is_asked_during_a_pause(crawled: Crawled, server: Server) -> None:
    assert crawled.report["ok"]
    for host, refused in (("soon.example", PATHS[0]), ("soon-robots.example", "/robots.txt")):
        times = [(entry.removeprefix(host), at) for entry, at in server.times if entry.startswith(f"{host}/")]
        position = next(index for index, (path, _) in enumerate(times) if path == refused)
        assert times[position + 1][1] - times[position][1] > 0.95, host
        assert [path for path, _ in times].count(refused) == 2


def test_pauses_grow_where_the_server_says_nothing(crawled: Crawled, server: Server) -> None:
    assert crawled.report["ok"]
    asked, gaps = server.asked("unsaid.example"), server.gaps("unsaid.example")
    assert asked[:4] == ["/robots.txt", "/", "/", "/"]
    assert gaps[1] > 0.28
    assert gaps[2] > 0.57


def test_a_pause_that_is_too_long_is_not_waited_for(crawled: Crawled, server: Server) -> None:
    host = "tomorrow.example"
    asked = server.asked(host)
    assert asked[-1] == PATHS[0], "something was asked after that"
    rejects = [
        record for record in crawled.rejects if host in record["url"] and record["url"].endswith("day")
    ]
    missing = {server.url(host, path) for path in PATHS if path not in asked}
    assert missing
    found = {record["url"]: record["reason"] for record in rejects}
    assert found == dict.fromkeys({server.url(host, PATHS[0]), *missing}, "retry-later")
    assert re.fullmatch(
        r"tomorrow\.example answered 503 and is to be asked again after "
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00, later than THRESHER_MAX_RETRY_AFTER \(2 s\) allows",
        rejects[0]["detail"],
    )


def test_a_host_that_never_answers_is_given_up(crawled: Crawled, server: Server) -> None:
    # 0.3 and 0.6 seconds are waited; with the next 1.2 it would be more than THRESHER_MAX_RETRY_AFTER.
    assert crawled.reasons[server.url("never.example")] == "retry-later"
    assert server.asked("never.example") == ["/robots.txt", "/", "/", "/"]


def test_other_hosts_go_on_meanwhile(crawled: Crawled, server: Server) -> None:
    assert {server.url("well.example", path) for path in PATHS} <= crawled.article_urls
    refused = f"soon.example{PATHS[0]}"
    first = server.log.index(refused)
    again = server.log.index(refused, first + 1)
    assert again - first > 1


def test_pauses_and_refusals_are_counted(crawled: Crawled) -> None:
    figures = dict(re.findall(r"'thresher/backoff/(\w+)': ([\d.]+)", crawled.log))
    refused = [record for record in crawled.rejects if record["reason"] == "retry-later"]
    assert int(figures["refused"]) == len(refused)
    assert int(figures["pauses"]) >= 8
    assert float(figures["seconds"]) > 3.5


def test_ctrl_c_does_not_wait_for_a_pause(server: Server, tmp_path: Path) -> None:
    host = "wait.example"
    server.hosts[host] = site(first=page("", status=429, headers={"Retry-After": "60"}))
    job = ("site", {"url": server.url(host), "discover": "links"})
    interrupt, seconds = interrupted(
        tmp_path, job, when=lambda: PATHS[0] in server.asked(host), RETRY_TIMES=2
    )
    assert seconds < 15
    assert interrupt.report["interrupted"]
    assert server.asked(host)[-1] == PATHS[0]
    assert interrupt.reasons == {}
    assert interrupt.urls["left"] == len(PATHS)
