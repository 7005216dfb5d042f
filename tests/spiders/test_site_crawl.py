"""The `site` spider against a real server: an ordinary small site, and everything that can go wrong."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest

from tests.crawling import Crawled, crawl
from tests.mockserver import (
    PARAGRAPHS,
    Route,
    Server,
    article_html,
    cut_short,
    endless,
    hang,
    links_html,
    page,
    redirect,
)
from tests.slow_cleaner import MOST
from thresher import __version__, settings

STORM = "/2024/05/17/storm-hits-the-harbour"
BUDGET = "/council-decides-on-new-budget"
PIER = "/stories/pier"
SECRET = "/private/2024/05/18/what-nobody-may-read"
FERRY = "/2024/05/19/ferry-timetable-changes"
BELLS = "/2024/05/20/bells"


def article(title: str, head: str = "") -> Route:
    return page(article_html(title, *PARAGRAPHS, head=head))


def gazette(base: str) -> dict[str, Route]:
    feed = "<link rel='alternate' type='application/rss+xml' href='/feed/'>"
    sitemap = f"<urlset><url><loc>{base}{BELLS}</loc><lastmod>2024-05-20</lastmod></url></urlset>"
    index = f"<sitemapindex><sitemap><loc>{base}/map-1.xml.gz</loc></sitemap></sitemapindex>"
    rss = (
        f"<rss><channel><link>{base}/</link><item><link>{base}{FERRY}?utm_source=rss</link>"
        "<pubDate>Sun, 19 May 2024 08:00:00 +0200</pubDate></item></channel></rss>"
    )
    front = links_html(
        STORM, f"{STORM}?utm_source=front#top", "/news/", "/login", "/feed/", "/wp-json/x", "/photo.jpg",
        SECRET, "http://elsewhere.example/2024/01/01/another-site", f"{base}/moved-to-the-new-address",
        head=feed,
    )  # fmt: skip
    return {
        "/": page(front),
        "/robots.txt": page(
            f"User-agent: *\nDisallow: /private/\nSitemap: {base}/sitemap-index.xml\n",
            content_type="text/plain",
        ),
        "/sitemap-index.xml": page(index, content_type="application/xml"),
        "/map-1.xml.gz": page(gzip.compress(sitemap.encode()), content_type="application/gzip"),
        "/feed/": page(rss, content_type="application/rss+xml"),
        "/news/": page(links_html(BUDGET, PIER, f"{STORM}?fbclid=abc", "/news/?sort=asc")),
        "/moved-to-the-new-address": redirect(STORM),
        STORM: article("Storm hits the harbour"),
        BUDGET: article("Council decides on new budget"),
        PIER: article("The old pier", head="<meta property='og:type' content='article'>"),
        FERRY: article("Ferry timetable changes"),
        BELLS: article("Bells"),
        SECRET: article("What nobody may read"),
    }


@pytest.fixture(scope="module")
def ordinary(server: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Crawled, str]:
    base = server.url("gazette.example")[:-1]
    server.hosts["gazette.example"] = gazette(base)
    arguments = {"url": base, "discover": "links sitemap feed"}
    return crawl(tmp_path_factory.mktemp("ordinary"), ("site", arguments)), base


def test_finds_each_article_once(ordinary: tuple[Crawled, str], server: Server) -> None:
    crawled, base = ordinary
    found = {record["url"].removeprefix(base): record["discovered_by"] for record in crawled.articles}
    assert found == {STORM: "link", BUDGET: "link", PIER: "link", FERRY: "feed", BELLS: "sitemap"}
    asked = server.asked("gazette.example")
    assert len(asked) == len(set(asked)), "something was fetched twice"


def test_rejects_what_robots_forbids_and_what_is_known(ordinary: tuple[Crawled, str]) -> None:
    crawled, base = ordinary
    assert crawled.reasons == {
        base + SECRET: "robots-txt",
        f"{base}/moved-to-the-new-address": "duplicate",
    }


@pytest.mark.usefixtures("ordinary")
def test_asks_for_nothing_that_is_no_page(server: Server) -> None:
    asked = server.asked("gazette.example")
    assert not [
        path for path in asked if path.startswith(("/login", "/wp-json", "/photo", "/private", "/news/?"))
    ]


def test_keeps_the_dates_of_listings(ordinary: tuple[Crawled, str]) -> None:
    crawled, base = ordinary
    lastmod = {record["url"].removeprefix(base): record["lastmod"] for record in crawled.articles}
    assert lastmod[BELLS] == "2024-05-20T00:00:00+00:00"
    assert lastmod[FERRY] == "2024-05-19T06:00:00+00:00"
    assert lastmod[STORM] is None


def test_keeps_the_text_and_reports_it(ordinary: tuple[Crawled, str]) -> None:
    crawled, base = ordinary
    storm = next(record for record in crawled.articles if record["url"] == base + STORM)
    for paragraph in PARAGRAPHS:
        assert paragraph in storm["text"]
    assert "All rights reserved" not in storm["text"]
    assert crawled.report["ok"]
    assert crawled.report["sites"]["gazette.example"] == {"pages": 5, "articles": 5, "rejects": 2}
    assert "gazette.example" in crawled.terminal


def test_log_stays_off_the_terminal(ordinary: tuple[Crawled, str]) -> None:
    crawled, _ = ordinary
    assert "INFO" not in crawled.terminal
    assert "Spider closed (finished)" in crawled.log
    assert "ERROR" not in crawled.log
    assert not list(crawled.output.glob("*.part"))


def test_every_request_says_who_asks(server: Server, tmp_path: Path) -> None:
    host = "asked.example"
    server.hosts[host] = {"/": page(links_html(STORM)), STORM: article("Storm hits the harbour")}
    named = crawl(
        tmp_path / "named", ("site", {"url": server.url(host)}), THRESHER_CONTACT="me@crawler.example"
    )
    assert len(named.articles) == 1
    assert {agent for asked, agent in server.agents if asked == host} == {
        f"Thresher/{__version__} (+me@crawler.example)"
    }
    server.agents.clear()
    unnamed = crawl(tmp_path / "unnamed", ("site", {"url": server.url(host)}))
    assert {agent for asked, agent in server.agents if asked == host} == {f"Thresher/{__version__}"}
    assert "THRESHER_CONTACT is not set" in unnamed.log


def test_a_fast_site_does_not_pile_up_before_a_slow_cleaner(server: Server, tmp_path: Path) -> None:
    paths = [f"/2024/05/17/story-{number}" for number in range(48)]
    host = "swift.example"
    server.hosts[host] = {"/": page(links_html(*paths)), **{path: article(path) for path in paths}}
    pipelines = {"tests.slow_cleaner.SlowCleaner": 200, **settings.ITEM_PIPELINES}
    crawled = crawl(tmp_path, ("site", {"url": server.url(host, "/")}), ITEM_PIPELINES=pipelines)
    assert crawled.article_urls == {server.url(host, path) for path in paths}
    most = re.search(rf"'{MOST}': (\d+)", crawled.log)
    assert most is not None
    assert int(most[1]) <= 32  # sixteen at the cleaner and what was on its way; without a bound nearly all


def test_stops_at_max_pages(server: Server, tmp_path: Path) -> None:
    host = "many.example"
    paths = [f"/2024/05/{day:02}/a-story-of-the-day" for day in range(1, 21)]
    stories = {path: article(path) for path in paths}
    server.hosts[host] = {"/": page(links_html(*paths)), "/news/": page(links_html()), **stories}
    crawled = crawl(tmp_path, ("site", {"url": server.url(host), "max_pages": "3", "discover": "links"}))
    assert len(crawled.articles) == 3
    assert crawled.rejects == []
    assert len([path for path in server.asked(host) if path.startswith("/2024")]) == 3
    assert "18 addresses were found and are left to the next run" in crawled.log


def test_includes_and_excludes(server: Server, tmp_path: Path) -> None:
    base = server.url("gazette.example")[:-1]
    arguments = {"url": base, "discover": "links", "include": "/2024/|/news/|stor", "exclude": "storm"}
    crawled = crawl(tmp_path, ("site", arguments))
    assert crawled.article_urls == {base + PIER}


BAD: dict[str, tuple[Route, str]] = {
    "/a/2024/01/01/not-found": (page("<p>gone</p>", status=404), "http-404"),
    "/a/2024/01/02/broken": (page("<p>oops</p>", status=500), "http-500"),
    "/a/2024/01/03/circle": (redirect("/a/2024/01/03/circle-b"), "redirect-loop"),
    "/a/2024/01/04/hangs": (hang, "timeout"),
    "/a/2024/01/05/endless": (endless, "too-large"),
    "/a/2024/01/06/cut-short": (cut_short(article_html("Cut", *PARAGRAPHS)), "truncated"),
    "/a/2024/01/07/binary": (page(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20), "not-html"),
    "/a/2024/01/08/noise": (page(bytes(range(256)) * 20), "not-html"),
    "/a/2024/01/09/image": (page(b"GIF89a", content_type="image/gif"), "not-html"),
    "/a/2024/01/10/empty": (page(""), "no-text"),
    "/a/2024/01/11/away": (redirect("http://elsewhere.example/x"), "redirect-offsite"),
    "/a/2024/01/12/no-host": (redirect("http://nowhere.bad.invalid/x"), "redirect-offsite"),
    "/a/2024/01/13/forever": (lambda h, q: h.reply(b"", status=302, headers={
        "Location": f"/a/2024/01/13/forever?n={int(q.get('n', '0')) + 1}"}), "redirect-loop"),
}  # fmt: skip
GOOD: dict[str, Route] = {
    "/a/2024/02/01/nul-bytes": page(article_html("NUL", *PARAGRAPHS).replace("storm", "st\0orm")),
    "/a/2024/02/02/lying-charset": page(
        article_html("Größe und Maß", "Die Größe des Hafens überrascht. " * 8, *PARAGRAPHS),
        content_type="text/html; charset=ascii",
    ),
    "/a/2024/02/03/deep": page(
        f"<html><body><h1>Deep</h1><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>"
        f"{'<div>' * 100_000}bottom</body></html>"
    ),
    "/a/2024/02/04/unclosed": page(f"<html><body><article><h1>Open<p>{PARAGRAPHS[0]}<p>{PARAGRAPHS[1]}<di"),
    "/a/2024/02/05/last": page(article_html("Last", *PARAGRAPHS)),
}


@pytest.fixture(scope="module")
def misbehaving(server: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Crawled, str]:
    host = "bad.example"
    base = server.url(host)[:-1]
    server.hosts[host] = {
        "/": page(links_html(*BAD, *GOOD)),
        **{path: route for path, (route, _) in BAD.items()},
        "/a/2024/01/03/circle-b": redirect("/a/2024/01/03/circle"),
        "/news/": page(links_html()),
        **GOOD,
    }
    settings: dict[str, Any] = {
        "DOWNLOAD_MAXSIZE": 2_000_000,
        "DOWNLOAD_TIMEOUT": 1,
        "THRESHER_TIME_LIMIT": 10,
    }
    dead = "http://gone.nowhere.invalid/"
    refused = "http://refused.example:1/"
    seeds = f"{base}/ {dead} {refused}"
    return crawl(tmp_path_factory.mktemp("bad"), ("site", {"url": seeds}), **settings), base


@pytest.mark.parametrize(("path", "reason"), [(path, reason) for path, (_, reason) in BAD.items()])
def test_says_why_a_page_is_rejected(misbehaving: tuple[Crawled, str], path: str, reason: str) -> None:
    crawled, base = misbehaving
    assert crawled.reasons[base + path] == reason


@pytest.mark.parametrize("path", list(GOOD))
def test_keeps_strange_pages(misbehaving: tuple[Crawled, str], path: str) -> None:
    crawled, base = misbehaving
    assert base + path in crawled.article_urls


def test_loses_nothing(misbehaving: tuple[Crawled, str]) -> None:
    crawled, base = misbehaving
    assert crawled.article_urls == {base + path for path in GOOD}
    expected = {base + path: reason for path, (_, reason) in BAD.items()}
    expected["http://gone.nowhere.invalid/"] = "dns"
    expected["http://refused.example:1/"] = "connection-refused"
    assert crawled.reasons == expected
    assert len(crawled.rejects) == len(expected), "an address was rejected twice"


def test_a_rejection_tells_the_whole_story(misbehaving: tuple[Crawled, str]) -> None:
    crawled, _ = misbehaving
    record = next(record for record in crawled.rejects if record["url"].endswith("not-found"))
    assert record["status"] == 404
    assert record["detail"] == "the server answered 404"
    assert record["discovered_by"] == "link"
    assert record["fetched_at"]
