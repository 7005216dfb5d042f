"""The `files` spider: saved pages of all kinds, in a real crawl."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.utils.test import get_crawler

from cleaners.article import Page, Rejection
from spiders.files import FilesSpider
from tests.crawling import crawl
from tests.mockserver import PARAGRAPHS, article_html, wp_post
from tests.spiders.archives import gzipped, info, response


def test_saved_pages_of_all_kinds_are_read(tmp_path: Path) -> None:
    story = article_html("A story", *PARAGRAPHS)
    folder = tmp_path / "saved pages"
    folder.mkdir()
    (folder / "a.html").write_text(story, encoding="utf-8")
    (folder / "b.warc.gz").write_bytes(gzipped([info(), response("https://press.example/b", story.encode())]))
    line = {"url": "https://press.example/c", "text": "\n\n".join(PARAGRAPHS)}
    (folder / "c.jsonl").write_text(json.dumps(line) + "\nbroken\n", encoding="utf-8")
    posts = [wp_post(number, "https://farm.example") for number in (1, 2)]
    (folder / "d.json").write_text(json.dumps(posts), encoding="utf-8")
    (folder / "e.txt").write_text("\n\n".join(PARAGRAPHS), encoding="utf-8")
    (folder / "f.html.gz").write_bytes(b"\x1f\x8b broken")
    crawled = crawl(tmp_path / "out", ("files", {"path": str(folder)}))
    assert crawled.article_urls == {
        (folder / "a.html").as_uri(),
        "https://press.example/b",
        "https://press.example/c",
        "https://farm.example/2024/05/post-number-1/",
        "https://farm.example/2024/05/post-number-2/",
        (folder / "e.txt").as_uri(),
    }
    assert crawled.reasons == {
        f"{(folder / 'c.jsonl').as_uri()}#2": "damaged-line",
        (folder / "f.html.gz").as_uri(): "damaged-file",
    }
    assert {record["discovered_by"] for record in crawled.articles} == {"file", "archive"}
    assert "'finish_reason': 'finished'" in crawled.log
    assert "'downloader/request_count'" not in crawled.log


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "path: Field required"),
        ({"path": " "}, "path: List should have at least 1 item"),
        ({"path": "/nowhere"}, "path: Value error, there is no file or folder '/nowhere'"),
        ({"path": "/tmp", "max_pages": "3"}, "max_pages: Extra inputs are not permitted"),
    ],
)
def test_wrong_arguments_are_refused(arguments: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        FilesSpider.check_arguments(arguments)


def test_an_error_of_ours_in_one_file_is_said(tmp_path: Path) -> None:
    crawler = get_crawler(FilesSpider)
    crawler.settings.frozen = False  # as it is when Scrapy makes the spider
    spider = FilesSpider.from_crawler(crawler, path=str(tmp_path))
    page = Page(url="https://press.example/", body=b"")

    def pages() -> Iterator[Page | Rejection]:
        yield page
        raise RuntimeError("a fault of ours")

    async def read() -> list[Page | Rejection]:
        return [found async for found in spider.read(pages(), "file:///a.html")]

    (kept, said) = asyncio.run(read())
    assert kept == page
    assert said == Rejection(
        url="file:///a.html", reason="spider-error", detail="RuntimeError: a fault of ours"
    )
    assert spider.crawler.stats.get_value("thresher/spider_errors/RuntimeError") == 1
