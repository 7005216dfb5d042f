from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector

from cleaners import Article, Block, BlockType, Rejection
from pipelines.site_memory import Corrected
from thresher.report import UNKNOWN_SITE, CrawlReport, SiteReport

ALARM = "a.example gave 0 articles: it answered, but nothing was found (1 fetched)"
MISFIT = (
    "a.example: figures do not add up: 9 discovered, but 4 fetched, 0 unchanged, 0 refused, 0 failed "
    "and 0 left are 4"
)


def article(site: str, *kinds: BlockType, revision: int = 1) -> Article:
    blocks = [Block(text="three words here", type=kind, confidence=1.0, reason="test") for kind in kinds]
    return Article(url=f"http://www.{site}/x", text="three words here", blocks=blocks, revision=revision)


def reject(site: str, reason: str) -> Rejection:
    return Rejection(url=f"http://{site}/y", reason=reason, detail="test")


def urls(**counts: int) -> dict[str, Any]:
    """Statistics of addresses that add up."""
    named = {"left": 0, **counts}
    return {
        f"thresher/urls/{name}": count for name, count in {"discovered": sum(named.values()), **named}.items()
    }


def report_of(stats: Mapping[str, Any], site: str = "a.example") -> CrawlReport:
    report = CrawlReport(Path("out"))
    report.add_stats("site", {site}, stats)
    return report


# Counting


def test_what_the_end_of_a_crawl_corrected_is_no_other_article() -> None:
    report = CrawlReport(Path("out"))
    report.count(article("a.example", BlockType.BODY))
    report.count(Corrected(url="http://a.example/x", text="three words", revision=2))
    report.add_stats("site", {"a.example"}, {**urls(fetched=1), "thresher/articles/corrected": 1})
    a = report.sites["a.example"]
    assert (a.articles, a.revised, a.pages, a.corrected, a.to_record()["corrected"]) == (1, 0, 1, 1, 1)


def test_counts_by_site() -> None:
    report = CrawlReport(Path("out"))
    assert not report.ok
    report.count(article("a.example", BlockType.BODY, BlockType.TITLE, BlockType.DONATION, revision=2))
    report.count(article("b.example", BlockType.BODY))
    report.count(reject("a.example", "no-text"))
    report.count(reject("a.example", "http-404"))
    report.count(Rejection(url=None, reason="not-a-post", detail="odd"))
    report.count("something else")
    a = report.sites["a.example"]
    assert (a.pages, a.articles, a.revised, a.rejects, a.words_kept, a.words_removed) == (2, 1, 1, 2, 6, 3)
    assert set(report.sites) == {"a.example", "b.example", UNKNOWN_SITE}
    assert report.total.pages == 3
    assert report.total.blocks[BlockType.BODY] == 2
    assert report.ok


def test_the_statistics_of_a_crawl_complete_its_site() -> None:
    report = CrawlReport(Path("out"))
    report.count(article("a.example", BlockType.BODY))
    stats = {
        **urls(fetched=5, unchanged=4, refused=3, failed=2, left=1),
        "thresher/articles": 1,
        "thresher/articles/unchanged": 2,
        "thresher/articles/gone": 1,
        "thresher/source": "sitemap, feed",
        "thresher/alarms": [ALARM],
        "downloader/response_bytes": 9_000,
        "downloader/response_status_count/200": 6,
        "downloader/response_status_count/404": 2,
        "retry/count": 7,
        "robotstxt/forbidden": 3,
    }
    report.add_stats("site", frozenset({"a.example"}), stats)
    site = report.sites["a.example"]
    assert (site.discovered, site.fetched, site.unchanged, site.refused, site.failed, site.left) == (
        15, 5, 4, 3, 2, 1,
    )  # fmt: skip
    assert (site.articles, site.unchanged_articles, site.gone, site.pages) == (1, 2, 1, 3)
    assert (site.received_bytes, site.retries, site.forbidden) == (9_000, 7, 3)
    assert (site.statuses, site.source) == ({"200": 6, "404": 2}, "sitemap, feed")
    assert report.alarms == [ALARM]


def test_sites_of_one_crawl_are_one_line() -> None:
    report = CrawlReport(Path("out"))
    for site in ("a.example", "b.example", "elsewhere.example"):
        report.count(article(site, BlockType.BODY))
    report.add_stats("site", {"b.example", "a.example"}, urls(fetched=2))
    assert set(report.sites) == {"a.example b.example", "elsewhere.example"}
    assert report.sites["a.example b.example"].articles == 2


def test_crawls_of_no_site_have_no_line_of_their_own_unless_they_counted_something() -> None:
    report = CrawlReport(Path("out"))
    report.count(article("a.example", BlockType.BODY))
    report.add_stats("files", (), {"thresher/articles": 1})
    assert set(report.sites) == {"a.example"}
    report.add_stats("archive", (), {"downloader/response_bytes": 10})
    assert report.sites["archive"].received_bytes == 10


def test_two_crawls_of_one_site_add_up() -> None:
    report = CrawlReport(Path("out"))
    for source in ("wordpress", "archive", "wordpress"):
        report.add_stats("x", {"a.example"}, {**urls(fetched=2), "thresher/source": source})
    assert (report.sites["a.example"].fetched, report.sites["a.example"].source) == (6, "wordpress; archive")


def test_figures_that_do_not_add_up_are_an_alarm_told_once() -> None:
    stats = urls(fetched=4) | {"thresher/urls/discovered": 9}
    assert report_of(stats).alarms == [MISFIT]
    assert report_of(stats | {"thresher/alarms": [MISFIT]}).alarms == [MISFIT]
    assert report_of(stats | {"thresher/alarms": [ALARM]}).alarms == [ALARM, MISFIT]
    assert report_of(urls(fetched=4)).alarms == []


def test_finish_reads_a_crawler_that_has_ended() -> None:
    class Sited(Spider):
        name = "sited"
        sites = frozenset({"a.example"})

    report = CrawlReport(Path("out"))
    crawler = Crawler(Sited)
    report.finish(crawler)
    assert report.sites == {}  # it never began
    crawler.stats = MemoryStatsCollector(crawler)
    crawler.stats.set_stats(urls(fetched=4))
    crawler.spider = Sited()
    report.finish(crawler)
    assert report.sites["a.example"].fetched == 4


# Whether all is well


@pytest.mark.parametrize(
    "stats",
    [
        pytest.param(urls(unchanged=12), id="nothing is new"),
        pytest.param({**urls(fetched=2), "thresher/articles/unchanged": 2}, id="fetched, the same text"),
        pytest.param(urls(unchanged=1, failed=5), id="some of it failed"),
        pytest.param({**urls(fetched=3), "thresher/source": "wordpress"}, id="the API lists no changes"),
    ],
)
def test_a_run_over_an_unchanged_site_is_ok(stats: dict[str, Any]) -> None:
    assert report_of(stats).ok


@pytest.mark.parametrize(
    "stats",
    [
        pytest.param(urls(fetched=3), id="nothing came"),
        pytest.param(urls(failed=3), id="all failed"),
        pytest.param(urls(refused=3), id="all was refused"),
        pytest.param({}, id="nothing was asked for"),
    ],
)
def test_a_run_that_gave_nothing_is_not_ok(stats: dict[str, Any]) -> None:
    assert not report_of(stats).ok


def test_one_site_that_failed_altogether_is_not_ok() -> None:
    report = CrawlReport(Path("out"))
    report.count(article("b.example", BlockType.BODY))
    assert report.ok
    report.add_stats("site", {"a.example"}, urls(failed=1))
    assert not report.ok


def test_what_went_wrong_is_not_ok() -> None:
    report = CrawlReport(Path("out"))
    report.count(article("a.example", BlockType.BODY))
    report.interrupted = True
    assert not report.ok
    report.interrupted = False
    report.errors.append("a file could not be written")
    assert not report.ok


def test_the_record_is_plain_data() -> None:
    report = report_of({**urls(fetched=2), "downloader/response_status_count/200": 2})
    report.count(article("a.example", BlockType.BODY))
    report.count(reject("a.example", "http-404"))
    report.files["Log"] = Path("out/crawl.log")
    record = report.to_record()
    assert json.loads(json.dumps(record)) == record
    assert {name: record[name] for name in ("ok", "alarms", "held", "reasons", "files", "output")} == {
        "ok": True,
        "alarms": [],
        "held": [],
        "reasons": {"http-404": 1},
        "files": {"Log": "out/crawl.log"},
        "output": "out",
    }
    assert record["sites"]["a.example"] == {
        **dict.fromkeys(SiteReport().to_record(), 0),
        "discovered": 2, "fetched": 2, "pages": 1, "articles": 1, "rejects": 1, "words_kept": 3,
        "blocks": {"body": 1}, "statuses": {"200": 2}, "source": "",
    }  # fmt: skip
    assert record["total"] == record["sites"]["a.example"]
