from __future__ import annotations

import asyncio
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector

from cleaners import Article, Block, BlockType, Page, Rejection
from pipelines.clean import CleanPipeline, pool_of, require_text
from pipelines.cleaner import Cleaner
from pipelines.workers import CleaningPool

DEFAULTS = {"THRESHER_TIME_LIMIT": 20, "THRESHER_MEMORY_LIMIT": 2**30}


def block(text: str, kind: BlockType) -> Block:
    return Block(text=text, type=kind, confidence=1.0, reason="test")


def clean_or_not(page: Page) -> Article:
    if page.url == "http://a.example/raise":
        raise ValueError("no")
    menu = block("Home News Sport", BlockType.NAVIGATION)
    if page.url == "http://a.example/menu":
        return Article(url=page.url, blocks=[menu])
    body = block("The harbour froze over.", BlockType.BODY)
    if page.url == "http://a.example/twice":
        again = replace(body, repeats=1)
        return Article(url=page.url, text=body.text, blocks=[menu, body, again])
    return Article(url=page.url, text=body.text, blocks=[menu, body])


@pytest.fixture(scope="module")
def pool() -> Iterator[CleaningPool[Article]]:
    with CleaningPool(workers=1, function=clean_or_not) as running:
        yield running


@pytest.fixture
def crawler(pool: CleaningPool[Article]) -> Crawler:
    crawler = Crawler(Spider, {"THRESHER_POOL": pool})
    crawler.stats = MemoryStatsCollector(crawler)
    return crawler


def process(crawler: Crawler, *items: Any) -> list[Any]:
    pipeline = CleanPipeline.from_crawler(crawler)

    async def run() -> list[Any]:
        return [await pipeline.process_item(item) for item in items]

    outcome = asyncio.run(run())
    pipeline.close_spider()
    return outcome


def test_one_in_one_out(crawler: Crawler) -> None:
    earlier = Rejection(url="http://a.example/gone", reason="http-404", detail="the server answered 404")
    pages = [Page(url=f"http://a.example/{name}", body="", status=200) for name in ("story", "menu", "raise")]
    story, menu, broken, passed = process(crawler, *pages, earlier)
    assert isinstance(story, Article)
    assert menu == Rejection(
        url="http://a.example/menu",
        reason="no-text",
        detail="none of the page's blocks is body text (navigation 1)",
        status=200,
    )
    assert broken.reason == "worker-error"
    assert passed is earlier
    assert crawler.stats.get_stats() == {"thresher/pages": 3}


@pytest.mark.parametrize("given", ["harbour.json", "harbour.json,harbour-2.json"])
def test_the_pool_reads_the_files_of_phrases_that_the_settings_name(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("harbour.json", "harbour-2.json"):
        Path(name).write_text(
            '{"language": "en", "phrases": {"media": ["watch the harbour cat"]}}', encoding="utf-8"
        )
    settings = {"THRESHER_PHRASES": given, "THRESHER_FAVOR": "recall", "THRESHER_WORKERS": 1}
    with pool_of(Crawler(Spider, {**DEFAULTS, **settings}).settings) as made:
        assert isinstance(made.clean(Page(url=None, body="<p>Watch the harbour cat</p>")), Article)


def test_a_point_of_the_dial_that_there_is_not_is_refused_with_all_there_are() -> None:
    settings = Crawler(Spider, {**DEFAULTS, "THRESHER_FAVOR": "Precision"}).settings
    with pytest.raises(ValueError, match=r"'Precision' is not .* 'precision', 'balanced', 'recall'"):
        pool_of(settings)


def test_a_shared_pool_outlives_the_pipeline(crawler: Crawler, pool: CleaningPool[Article]) -> None:
    process(crawler)
    assert isinstance(pool.clean(Page(url="http://a.example/x", body="")), Article)


def test_a_page_without_text_says_what_the_cleaner_warned_of() -> None:
    rejected = require_text(Article(url="http://a.example/", warnings=["binary data", "no markup"]))
    assert isinstance(rejected, Rejection)
    assert rejected.detail == "binary data; no markup"
    empty = require_text(Article(url=None))
    assert isinstance(empty, Rejection)
    assert empty.detail == "the page holds no text at all"


def test_words_are_counted_in_the_worker_and_are_no_part_of_a_block() -> None:
    page = Page(url="http://a.example/x", body="<p>The harbour froze over in the night.</p>")
    article = pickle.loads(pickle.dumps(Cleaner()(page)))
    assert [block._counted for block in article.blocks] == [(block.text, 7) for block in article.blocks]
    plain = replace(article.blocks[0])
    assert not hasattr(plain, "_counted")
    assert (plain, repr(plain)) == (article.blocks[0], repr(article.blocks[0]))
    assert "words" not in plain.to_record()
    plain.text = "Two words"
    assert (plain.words, article.blocks[0].words) == (2, 7)
    plain.text = "Now three words"
    assert plain.words == 3
