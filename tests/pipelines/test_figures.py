from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.statscollectors import MemoryStatsCollector
from sqlalchemy import select

from cleaners import Article, Block, BlockType, Rejection
from cleaners.urls import site_of
from pipelines.figures import ALARMS, FiguresPipeline, figures_of, sites_label
from pipelines.store import Store
from pipelines.store.crawl_schema import SiteRun
from pipelines.store.history import Figures
from pipelines.store.pipeline import Unchanged
from tests.crawling import Crawled
from tests.crawling import crawl as crawl_sites
from tests.mockserver import PARAGRAPHS, WordPressApi, article_html, links_html, page, serve, wp_post

ROOT = Path(__file__).resolve().parents[2]
TIME_LIMIT = 60  # seconds


def article(number: int, *, words: int = 5, revision: int = 1) -> Article:
    text = " ".join(["word"] * words)
    blocks = [
        Block(text="Home News", type=BlockType.NAVIGATION, confidence=1.0, reason="test"),
        Block(text="The title", type=BlockType.TITLE, confidence=1.0, reason="test"),
        Block(text=text, type=BlockType.BODY, confidence=1.0, reason="test"),
        Block(text=text, type=BlockType.BODY, confidence=1.0, reason="test", repeats=2),
    ]
    url = f"http://gazette.example/{number}"
    return Article(url=url, text=text, blocks=blocks, revision=revision)


def reject(number: int, reason: str) -> Rejection:
    return Rejection(url=f"http://gazette.example/{number}", reason=reason, detail="test")


# Counting


@pytest.fixture
def crawler() -> Crawler:
    crawler = Crawler(Spider)
    crawler.stats = MemoryStatsCollector(crawler)
    return crawler


def test_counts_what_was_written_and_what_was_rejected(crawler: Crawler) -> None:
    pipeline = FiguresPipeline.from_crawler(crawler)
    items: list[Any] = [article(1), article(2, words=7, revision=3), reject(3, "no-text"), "something else"]
    assert [pipeline.process_item(item) for item in items] == items
    assert crawler.stats.get_stats() == {
        "thresher/articles": 2,
        "thresher/articles/revised": 1,
        "thresher/blocks/navigation": 2,
        "thresher/blocks/title": 2,
        "thresher/blocks/body": 4,
        "thresher/words/kept": 16,
        "thresher/words/removed": 16,
        "thresher/rejected/no-text": 1,
    }


def test_counts_articles_that_say_the_same(crawler: Crawler) -> None:
    pipeline = FiguresPipeline.from_crawler(crawler)
    for error in (Unchanged("http://gazette.example/1"), ValueError("another reason")):
        crawler.signals.send_catch_log(signals.item_dropped, item=article(1), exception=error)
    assert crawler.stats.get_stats() == {"thresher/articles/unchanged": 1}
    del pipeline  # signals hold their receivers weakly


def test_figures_are_read_from_the_statistics() -> None:
    stats = {
        "thresher/urls/discovered": 15,
        "thresher/urls/fetched": 5,
        "thresher/urls/unchanged": 4,
        "thresher/urls/refused": 3,
        "thresher/urls/failed": 2,
        "thresher/urls/left": 1,
        "thresher/articles": 2,
        "thresher/articles/revised": 1,
        "thresher/articles/unchanged": 1,
        "thresher/articles/gone": 1,
        "thresher/rejected/http-404": 2,
        "thresher/source": "sitemap, feed",
        "downloader/response_bytes": 9_000,
        "downloader/response_status_count/200": 6,
        "downloader/response_status_count/404": 2,
    }
    assert figures_of(stats, "gazette.example", median_words=321) == Figures(
        site="gazette.example", discovered=15, fetched=5, unchanged=4, refused=3, failed=2, left=1,
        articles=2, revised=1, unchanged_articles=1, gone=1, received_bytes=9_000, median_words=321,
        statuses={"200": 6, "404": 2}, reasons={"http-404": 2}, source="sitemap, feed",
    )  # fmt: skip


def test_what_is_left_is_the_rest_until_the_spider_says() -> None:
    urls = {"thresher/urls/discovered": 15, "thresher/urls/fetched": 5}
    assert figures_of(urls, "").left == 10
    assert figures_of({**urls, "thresher/urls/left": 3}, "").left == 3
    assert figures_of({"thresher/urls/fetched": 5}, "").left == 0


def test_several_sites_go_by_one_name() -> None:
    assert sites_label(frozenset({"b.example", "a.example"})) == "a.example b.example"
    assert sites_label(()) == ""


# Real crawls: each in a process of its own, as a process has one reactor


class Given(Spider):
    """Yields items that it was given, and ends as it was told."""

    name = "given"
    sites = frozenset({"gazette.example"})
    order: dict[str, Any]

    @property
    def frontier(self) -> SimpleNamespace:
        return SimpleNamespace(resumed=self.order.get("resumed", False))

    async def close_account(self) -> None:
        self.crawler.stats.set_value("thresher/urls/left", self.order.get("left", 0))

    async def start(self) -> AsyncIterator[Any]:
        yield Request("data:,")

    def parse(self, response: Response) -> Iterator[Any]:  # noqa: ARG002 - the items are in the order
        for number, words in enumerate(self.order["articles"]):
            yield article(number, words=words)
        for number, reason in enumerate(self.order["rejects"]):
            yield reject(100 + number, reason)
        for name, count in self.order["urls"].items():
            self.crawler.stats.set_value(f"thresher/urls/{name}", count)
        if "held" in self.order:
            self.crawler.stats.set_value("thresher/held", self.order["held"])
        if self.order.get("interrupt"):
            self.crawler.signals.connect(self.interrupt, signals.spider_idle)

    def interrupt(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        self.crawler.signals.disconnect(self.interrupt, signals.spider_idle)
        raise DontCloseSpider


def child(order: dict[str, Any]) -> None:
    Given.order = order
    process = AsyncCrawlerProcess(
        {
            "THRESHER_DATABASE": order["database"],
            "ITEM_PIPELINES": {
                "pipelines.store.pipeline.StorePipeline": 800,
                "pipelines.figures.FiguresPipeline": 900,
            },
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "LOG_LEVEL": "WARNING",
        }
    )
    crawler = process.create_crawler(Given)
    process.crawl(crawler)
    process.start()
    sys.stdout.write(json.dumps(crawler.stats.get_stats(), default=str))


def crawl(database: str, *, articles: list[int], rejects: list[str] | None = None, **order: Any) -> Any:
    count = len(articles) + len(rejects or [])
    urls = {"discovered": count, "fetched": count}
    given = {"database": database, "articles": articles, "rejects": rejects or [], "urls": urls, **order}
    code = "import json, sys; from tests.pipelines.test_figures import child; child(json.loads(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(given)],
        cwd=ROOT, capture_output=True, text=True, timeout=TIME_LIMIT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    stats = json.loads(done.stdout)
    stats["log"] = done.stderr
    return stats


def site_runs(database: str) -> list[SiteRun]:
    with Store(database) as store, store.session() as session:
        return list(session.scalars(select(SiteRun).order_by(SiteRun.run_id)))


def test_three_runs_of_a_site(database: str) -> None:
    first = crawl(database, articles=[5, 9, 30], rejects=["http-404"])
    second = crawl(database, articles=[5, 9, 31])
    third = crawl(database, articles=[], rejects=["no-text"] * 4)

    assert (first[ALARMS], second[ALARMS]) == ([], [])
    assert second["thresher/articles"] == second["thresher/articles/revised"] == 1
    assert second["thresher/articles/unchanged"] == 2
    alarm = (
        "gazette.example gave 0 articles: 4 fetched, 4 rejected (no-text 4); "
        "the last 2 runs with any gave 3, new or unchanged"
    )
    assert third[ALARMS] == [alarm]
    assert f"Alarm: {alarm}" in third["log"]
    assert [
        (row.site, row.discovered, row.articles, row.revised, row.unchanged_articles, row.rejects)
        for row in site_runs(database)
    ] == [
        ("gazette.example", 4, 3, 0, 0, 1),
        ("gazette.example", 3, 1, 1, 2, 0),
        ("gazette.example", 4, 0, 0, 0, 4),
    ]
    assert [row.median_words for row in site_runs(database)] == [9, 31, None]
    assert [row.alarms for row in site_runs(database)] == [[], [], [alarm]]
    assert [row.reasons for row in site_runs(database)] == [{"http-404": 1}, {}, {"no-text": 4}]


def test_an_interrupted_run_raises_no_alarm_and_is_not_compared_with(database: str) -> None:
    crawl(database, articles=[5])
    stopped = crawl(database, articles=[], rejects=["no-text"], interrupt=True)
    assert (stopped["finish_reason"], stopped[ALARMS]) == ("shutdown", [])
    assert len(site_runs(database)) == 2
    assert "the last run with any gave 1," in crawl(database, articles=[], rejects=["no-text"])[ALARMS][0]


def test_a_run_that_goes_on_with_another_raises_no_alarm(database: str) -> None:
    crawl(database, articles=[5])
    assert crawl(database, articles=[], rejects=["no-text"], resumed=True)[ALARMS] == []


def test_what_is_left_is_asked_for_at_the_end(database: str) -> None:
    stats = crawl(database, articles=[5], urls={"discovered": 9, "fetched": 2}, left=7)
    assert stats[ALARMS] == []
    assert [row.left for row in site_runs(database)] == [7]


def test_a_crawl_that_was_held_keeps_no_figures(database: str) -> None:
    assert ALARMS not in crawl(database, articles=[], held="another run crawls gazette.example")
    assert site_runs(database) == []


def test_figures_that_cannot_be_kept_are_an_alarm(tmp_path: Path) -> None:
    path = tmp_path / "corpus.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE site_runs (run_id INTEGER)")
    stats = crawl(f"sqlite:///{path}", articles=[5])
    assert stats[ALARMS] == ["the figures of the crawl could not be kept, see the log"]
    assert "no such column: site_runs.site" in stats["log"]


def test_without_a_database_the_figures_must_still_add_up() -> None:
    assert crawl("", articles=[5])[ALARMS] == []
    assert crawl("", articles=[5], urls={"discovered": 3, "fetched": 1})[ALARMS] == [
        "gazette.example: figures do not add up: 3 discovered, but 1 fetched, 0 unchanged, 0 refused, "
        "0 failed and 0 left are 1"
    ]


# The spiders, from end to end


def spider_crawl(output: Path, spider: str, url: str) -> tuple[Crawled, SiteRun]:
    """A crawl, and its figures."""
    crawled = crawl_sites(output, (spider, {"url": url}))
    return crawled, site_runs(f"sqlite:///{output / 'thresher.db'}")[-1]


def test_a_redesigned_site_is_told_and_an_unchanged_one_is_not(tmp_path: Path) -> None:
    with serve() as server:
        host, path = "redesigned.example", "/2024/05/01/storm-in-the-harbour"
        routes = {"/": page(links_html(path)), path: page(article_html("Storm", *PARAGRAPHS))}
        server.hosts[host] = routes
        site = site_of(server.url(host))
        _, first = spider_crawl(tmp_path, "site", server.url(host))
        again, second = spider_crawl(tmp_path, "site", server.url(host))
        routes["/"] = routes[path] = page("<html><body><div id=app></div></body></html>")
        broken, third = spider_crawl(tmp_path, "site", server.url(host))

    assert (first.site, first.articles, first.alarms) == (site, 1, [])
    assert (second.articles, second.unchanged_articles, second.alarms) == (0, 1, [])
    assert first.median_words == sum(len(paragraph.split()) for paragraph in PARAGRAPHS)
    assert first.statuses == {"200": 2, "404": first.statuses["404"]}
    assert again.report["ok"]
    assert len(third.alarms) == 1
    assert third.alarms[0].startswith(f"{site} gave 0 articles: ")
    assert third.alarms[0].endswith("; the last 2 runs with any gave 1, new or unchanged")
    assert f"Alarm       {third.alarms[0]}" in broken.terminal
    assert not broken.report["ok"]


def test_an_api_that_lists_no_change_is_no_alarm(tmp_path: Path) -> None:
    with serve() as server:
        host = "farm.example"
        base = server.url(host)[:-1]
        api = WordPressApi([wp_post(number, base) for number in (1, 2, 3)])
        front = links_html(head=f"<link rel='https://api.w.org/' href='{base}/wp-json/'>")
        server.hosts[host] = {"/": page(front), **api.routes()}
        _, first = spider_crawl(tmp_path, "wordpress", base)
        quiet, second = spider_crawl(tmp_path, "wordpress", base)

    assert (first.articles, first.alarms) == (3, [])
    assert (second.articles, second.alarms) == (0, [])
    assert quiet.report["ok"]
