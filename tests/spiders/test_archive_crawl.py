"""The `archive` spider: archives of this machine and of a server's, in real crawls."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from scrapy.crawler import Crawler

from cleaners.article import Page
from spiders.archive import ArchiveSpider
from tests.crawling import Crawled, crawl, interrupted
from tests.mockserver import PARAGRAPHS, Handler, Query, Server, article_html, page, redirect, serve
from tests.spiders.archives import gzipped, info, response

HOST = "archives.example"
STEP = 4_096  # bytes of a part: what DOWNLOAD_MAXSIZE allows in these tests


def stories(count: int, site: str = "press.example") -> list[bytes]:
    return [
        info(),
        *(
            response(
                f"https://{site}/2024/05/{number:02}/story-number-{number}",
                article_html(f"Story number {number}", *PARAGRAPHS).encode(),
            )
            for number in range(count)
        ),
    ]


def story_urls(count: int, site: str = "press.example") -> set[str]:
    return {f"https://{site}/2024/05/{number:02}/story-number-{number}" for number in range(count)}


class Archive:
    """An archive on a server that gives parts of it, as RFC 9110 has it."""

    def __init__(self, data: bytes, *, etag: str | None = '"1"', modified: str | None = None) -> None:
        self.data = data
        self.validators = {"ETag": etag, "Last-Modified": modified}
        self.asked: list[tuple[str, str | None]] = []
        self.before: Callable[[Handler], bool] = lambda _: False
        self.honest = True

    def __call__(self, handler: Handler, _query: Query) -> None:
        asked, condition = handler.headers["Range"], handler.headers.get("If-Range")
        self.asked.append((asked, condition))
        if self.before(handler):
            return
        headers = {name: value for name, value in self.validators.items() if value}
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", asked)
        assert match
        first, last = int(match[1]), min(int(match[2]), len(self.data) - 1)
        if self.honest and condition and condition not in self.validators.values():
            handler.reply(self.data, headers=headers)
        elif first >= len(self.data):
            handler.reply(b"", status=416, headers={"Content-Range": f"bytes */{len(self.data)}"})
        else:
            headers["Content-Range"] = f"bytes {first}-{last}/{len(self.data)}"
            handler.reply(self.data[first : last + 1], status=206, headers=headers)


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as running:
        running.hosts[HOST] = {}
        yield running


def fetch(server: Server, tmp_path: Path, path: str = "/a.warc.gz", **settings: Any) -> Crawled:
    return read(tmp_path, {"url": server.url(HOST, path)}, **settings)


def read(output: Path, arguments: dict[str, str], **settings: Any) -> Crawled:
    settings = {"THRESHER_DATABASE": "", "DOWNLOAD_MAXSIZE": STEP, **settings}
    return crawl(output, ("archive", arguments), **settings)


def left(output: Path) -> list[str]:
    return [path.name for path in (output / "archives").glob("*")]


# Files


def test_files_and_folders_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "in here"
    folder.mkdir()
    (folder / "a.warc.gz").write_bytes(gzipped(stories(3)))
    (folder / "b.warc").write_bytes(b"".join(stories(2, "other.example"))[:-30])
    (tmp_path / "c.warc.gz").write_bytes(gzipped(stories(1, "third.example")))
    names = f"'{folder}' {tmp_path / 'c.warc.gz'}"
    crawled = read(tmp_path / "out", {"path": names})
    assert crawled.article_urls == story_urls(3) | story_urls(1, "other.example") | story_urls(
        1, "third.example"
    )
    assert [(record["reason"], record["discovered_by"]) for record in crawled.rejects] == [
        ("truncated", "archive")
    ]
    assert {record["discovered_by"] for record in crawled.articles} == {"archive"}
    assert {record["fetched_at"] for record in crawled.articles} == {"2024-05-17T10:30:00+00:00"}
    assert "'finish_reason': 'finished'" in crawled.log


def test_pages_are_chosen_and_bounded(tmp_path: Path) -> None:
    (path := tmp_path / "a.warc.gz").write_bytes(gzipped(stories(60)))
    chosen = {"path": str(path), "include": "story-number-[1-4]", "exclude": "3", "max_pages": "15"}
    crawled = read(tmp_path / "out", chosen)
    numbers = sorted(int(url.rpartition("-")[2]) for url in crawled.article_urls)
    assert numbers == [1, 2, 4, 10, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22]
    assert "'finish_reason': 'max_pages'" in crawled.log


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "name an archive by path=FILE or url=ADDRESS"),
        ({"path": "/nowhere/a.warc"}, "path: Value error, there is no file or folder '/nowhere/a.warc'"),
        ({"path": "'/nowhere"}, "path: Value error, No closing quotation"),
        ({"url": "ftp://a.example/"}, "url: Value error, not a web address: 'ftp://a.example/'"),
        ({"url": "https://a.example/", "per_page": "3"}, "per_page: Extra inputs are not permitted"),
    ],
)
def test_wrong_arguments_are_refused(arguments: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        ArchiveSpider.check_arguments(arguments)


# Archives on the web


def test_an_archive_is_fetched_in_parts_and_removed(server: Server, tmp_path: Path) -> None:
    archive = Archive(gzipped(stories(20)))
    server.hosts[HOST]["/a.warc.gz"] = archive
    crawled = fetch(
        server, tmp_path, THRESHER_CONTACT="you@example.net", THRESHER_WARC=str(tmp_path / "warc")
    )
    assert crawled.article_urls == story_urls(20)
    starts = range(0, len(archive.data), STEP)
    assert len(starts) > 3
    assert archive.asked == [
        (f"bytes={start}-{start + STEP - 1}", '"1"' if start else None) for start in starts
    ]
    assert left(tmp_path) == []
    assert "/robots.txt" in server.asked(HOST)
    assert server.agents[-1] == (HOST, "Thresher/0.1.0 (+you@example.net)")
    assert "'thresher/archives/fetched': 1" in crawled.log
    kept = b"".join(gzip.decompress(file.read_bytes()) for file in (tmp_path / "warc").iterdir())
    assert b"/robots.txt" in kept
    assert b"206 Partial" not in kept  # an archive need not hold the archives that it was made from


def test_a_listing_names_archives_from_its_hosts_root(server: Server, tmp_path: Path) -> None:
    server.hosts[HOST] = {
        "/crawl-data/CC-NEWS/2024/05/warc.paths.gz": page(
            gzip.compress(b"crawl-data/a.warc.gz\ncrawl-data/gone.warc.gz\ncrawl-data/b.warc.gz\n"),
            content_type="application/octet-stream",
        ),
        "/crawl-data/a.warc.gz": Archive(gzipped(stories(2))),
        "/crawl-data/b.warc.gz": Archive(gzipped(stories(3, "other.example"))),
    }
    crawled = fetch(server, tmp_path, "/crawl-data/CC-NEWS/2024/05/warc.paths.gz")
    assert crawled.article_urls == story_urls(2) | story_urls(3, "other.example")
    assert crawled.reasons == {server.url(HOST, "/crawl-data/gone.warc.gz"): "http-404"}
    assert left(tmp_path) == []


def test_an_archive_is_read_once(server: Server, tmp_path: Path) -> None:
    (folder := tmp_path / "in").mkdir()
    (folder / "a.warc.gz").write_bytes(gzipped(stories(2)))
    listing = page(b"a.warc.gz\ngone.warc.gz\n", content_type="text/plain")
    remote = Archive(gzipped(stories(3, "other.example")))
    server.hosts["once.example"] = {"/warc.paths": listing, "/a.warc.gz": remote}
    arguments = {"path": str(folder), "url": server.url("once.example", "/warc.paths")}
    database = f"sqlite:///{tmp_path / 'crawl.db'}"
    first = read(tmp_path / "out", arguments, THRESHER_DATABASE=database)
    assert first.article_urls == story_urls(2) | story_urls(3, "other.example")
    asked = len(remote.asked)

    (folder / "b.warc.gz").write_bytes(gzipped(stories(1, "third.example")))
    server.hosts["once.example"]["/gone.warc.gz"] = Archive(gzipped(stories(1, "fourth.example")))
    second = read(tmp_path / "out", arguments, THRESHER_DATABASE=database)
    assert second.article_urls == story_urls(1, "third.example") | story_urls(1, "fourth.example")
    assert "'thresher/archives/known': 2" in second.log
    assert len(remote.asked) == asked

    third = read(tmp_path / "out", {**arguments, "again": "true"}, THRESHER_DATABASE=database)
    assert third.articles == []  # as the database holds them all
    assert "'thresher/articles/unchanged': 7" in third.log
    assert len(remote.asked) == 2 * asked


def test_what_cannot_be_had_is_said(server: Server, tmp_path: Path) -> None:
    small, large = gzipped(stories(2)), gzipped(stories(20))
    assert len(small) < STEP < len(large)

    def wrong_part(handler: Handler, _query: Query) -> None:
        headers = {"Content-Range": f"bytes 10-{STEP + 9}/{len(large)}"}
        handler.reply(large[10 : STEP + 10], status=206, headers=headers)

    octets = {"content_type": "application/octet-stream"}
    server.hosts[HOST] = {
        "/html.paths.gz": page("<html><p>No such listing</p></html>"),
        "/s3.paths.gz": page(b"s3://bucket/a.warc.gz", **octets),
        "/cut.paths.gz": page(gzip.compress(b"a" * 99)[:-9], **octets),
        "/small.warc.gz": page(small, **octets),
        "/large.warc.gz": page(large, **octets),
        "/wrong.warc.gz": wrong_part,
        "/text.warc.gz": Archive(b"This is no archive."),
    }
    server.hosts["closed.example"] = {
        "/robots.txt": page("User-agent: *\nDisallow: /", content_type="text/plain"),
        "/a.warc.gz": Archive(small),
    }
    asked = [*(path for path in server.hosts[HOST]), "/gone.warc.gz"]
    urls = [*(server.url(HOST, path) for path in asked), server.url("closed.example", "/a.warc.gz")]
    crawled = read(tmp_path, {"url": " ".join(urls)})
    assert crawled.article_urls == story_urls(2)  # a server without parts gives small archives whole
    assert {url.rpartition("/")[2]: reason for url, reason in crawled.reasons.items()} == {
        "html.paths.gz": "bad-listing",
        "s3.paths.gz": "bad-listing",
        "cut.paths.gz": "bad-listing",
        "large.warc.gz": "too-large",
        "wrong.warc.gz": "bad-range",
        "text.warc.gz#0": "damaged-record",
        "text.warc.gz": "no-pages",
        "gone.warc.gz": "http-404",
        "a.warc.gz": "robots-txt",
    }
    details = {record["reason"]: record["detail"] for record in crawled.rejects}
    assert details["too-large"] == (
        "the server does not give parts of the archive, and the whole is larger than DOWNLOAD_MAXSIZE: "
        "fetch it by other means and give its path"
    )
    assert details["bad-range"] == (
        f"asked for bytes 0 to {STEP - 1}, the server gave {STEP} from byte 10 on"
    )
    assert left(tmp_path) == []


def test_a_part_that_fails_is_asked_for_again(server: Server, tmp_path: Path) -> None:
    archive = Archive(gzipped(stories(20)))

    def fail_once(handler: Handler) -> bool:
        if len(archive.asked) == 3:
            handler.reply(b"", status=502)
        return len(archive.asked) == 3

    archive.before = fail_once
    server.hosts[HOST] = {"/old": redirect(server.url(HOST, "/a.warc.gz")), "/a.warc.gz": archive}
    crawled = fetch(server, tmp_path, "/old", RETRY_TIMES=1)
    assert crawled.article_urls == story_urls(20)
    assert archive.asked[2] == archive.asked[3]


# What was there before


def stop_after(archive: Archive, parts: int) -> Callable[[Handler], bool]:
    """A server that breaks down after some parts."""

    def before(handler: Handler) -> bool:
        if len(archive.asked) > parts:
            handler.reply(b"", status=500)
        return len(archive.asked) > parts

    return before


MODIFIED = "Fri, 17 May 2024 10:00:00 GMT"


def test_downloads_that_were_cut_short_are_gone_on_with(server: Server, tmp_path: Path) -> None:
    archives = {
        "strong": Archive(gzipped(stories(20, "a.example")), etag='"1"', modified=MODIFIED),
        "weak": Archive(gzipped(stories(20, "b.example")), etag='W/"1"', modified=MODIFIED),
        "none": Archive(gzipped(stories(20, "c.example")), etag='W/"1"'),
        "replaced": Archive(gzipped(stories(20, "d.example"))),
        "replaced, 206": Archive(gzipped(stories(20, "e.example"))),
    }
    for number, archive in enumerate(archives.values()):
        archive.before = stop_after(archive, 2)
        server.hosts[HOST][f"/{number}.warc.gz"] = archive
    urls = " ".join(server.url(HOST, path) for path in server.hosts[HOST])
    first = read(tmp_path, {"url": urls})
    assert list(first.reasons.values()) == ["http-500"] * 5
    assert len(left(tmp_path)) == 10
    for name, archive in archives.items():
        archive.before = lambda _: False
        archive.asked.clear()
        if name.startswith("replaced"):
            archive.validators["ETag"] = '"2"'
    archives["replaced, 206"].honest = False  # it ignores `If-Range`, and gives a part of the new archive
    second = read(tmp_path, {"url": urls})
    assert second.article_urls == {url for host in "abcde" for url in story_urls(20, f"{host}.example")}
    on, anew = f"bytes={2 * STEP}-{3 * STEP - 1}", f"bytes=0-{STEP - 1}"
    assert {name: archive.asked[:2] for name, archive in archives.items()} == {
        "strong": [(on, '"1"'), (f"bytes={3 * STEP}-{4 * STEP - 1}", '"1"')],
        "weak": [(on, MODIFIED), (f"bytes={3 * STEP}-{4 * STEP - 1}", MODIFIED)],
        "none": [(anew, None), (f"bytes={STEP}-{2 * STEP - 1}", None)],  # it may be another archive by now
        "replaced": [(on, '"1"'), (anew, None)],
        "replaced, 206": [(on, '"1"'), (anew, None)],
    }
    assert left(tmp_path) == []


# Pace


class Counting:
    """An item pipeline that notes how many items, and bytes of them, are under way at once."""

    def __init__(self, crawler: Crawler) -> None:
        self.stats = crawler.stats
        self.items = self.size = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: Page) -> Page:
        self.items += 1
        self.size += len(item.body)
        self.stats.max_value("test/items", self.items)
        self.stats.max_value("test/size", self.size)
        await asyncio.sleep(0.01)
        self.items -= 1
        self.size -= len(item.body)
        return item


def most_at_once(path: Path, output: Path, **settings: Any) -> tuple[int, int, int]:
    pipelines = {"tests.spiders.test_archive_crawl.Counting": 100, "pipelines.clean.CleanPipeline": None}
    crawled = read(output, {"path": str(path)}, ITEM_PIPELINES=pipelines, **settings)
    figures = [
        re.search(rf"'{name}': (\d+)", crawled.log)
        for name in ("item_scraped_count", "test/items", "test/size")
    ]
    items, most, size = (int(match[1]) for match in figures if match)
    return items, most, size


def test_pages_are_read_no_faster_than_they_are_worked_on(tmp_path: Path) -> None:
    (path := tmp_path / "a.warc").write_bytes(b"".join(stories(200)))
    assert most_at_once(path, tmp_path / "out", CONCURRENT_ITEMS=5)[:2] == (200, 5)
    with (tmp_path / "large.warc").open("wb") as file:
        for number in range(24):
            file.write(response(f"https://a.example/{number}", b"<p>" + b"x" * (10 << 20)))
    items, most, size = most_at_once(tmp_path / "large.warc", tmp_path / "out")
    assert items == 24
    assert 1 < most <= 6
    assert size <= 64 << 20


def has_scraped(log: Path) -> bool:
    return log.exists() and bool(re.search(r"scraped [1-9]\d* items", log.read_text(encoding="utf-8")))


def test_ctrl_c_ends_the_reading_in_order(tmp_path: Path) -> None:
    (path := tmp_path / "a.warc.gz").write_bytes(gzipped(stories(3_000)))
    crawled, seconds = interrupted(
        tmp_path / "out",
        ("archive", {"path": str(path), "max_pages": "5000"}),
        when=lambda: has_scraped(tmp_path / "out" / "crawl.log"),
        THRESHER_DATABASE="",
        LOGSTATS_INTERVAL=0.2,
    )
    assert crawled.report["interrupted"]
    assert 0 < len(crawled.articles) < 3_000
    assert seconds < 20
    assert "Traceback" not in crawled.log
