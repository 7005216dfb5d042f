"""The Scrapy pipeline that turns each fetched page into an article or into the reason why not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from cleaners import Favor
from cleaners.article import Article, Page, Rejection, count_types
from pipelines.cleaner import Cleaner
from pipelines.workers import WORKER_REASONS, CleaningPool

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

NO_TEXT: Final = "no-text"
"""Reason of a page that was cleaned and holds no body text."""

CLEANING_REASONS: Final = WORKER_REASONS | {NO_TEXT}
"""Reasons of pages that were fetched and gave no article; all other reasons mean no page was fetched."""


def require_text(article: Article, page: Page | None = None) -> Article | Rejection:
    """The article if it has body text, else a rejection with the reason "no-text"."""
    if article.text.strip():
        return article
    return Rejection(
        url=article.url,
        reason=NO_TEXT,
        detail="; ".join(article.warnings) or _what_is_there(article),
        status=page.status if page else None,
        fetched_at=article.fetched_at or (page.fetched_at if page else None),
        discovered_by=article.discovered_by or (page.discovered_by if page else None),
        key=article.key,
    )


def _what_is_there(article: Article) -> str:
    counts = count_types(article.blocks)
    if not counts:
        return "the page holds no text at all"
    there = ", ".join(f"{kind.value} {count.blocks}" for kind, count in counts.items())
    return f"none of the page's blocks is body text ({there})"


def pool_of(settings: BaseSettings) -> CleaningPool[Article]:
    """The pool that the settings `THRESHER_WORKERS`, `_TIME_LIMIT`, `_MEMORY_LIMIT`, `_FAVOR` and
    `_PHRASES` describe.

    Raises `ValueError` for a point of the dial or a file of phrases that cannot be used.
    """
    phrases = tuple(Path(path) for path in settings.getlist("THRESHER_PHRASES"))
    return CleaningPool(
        function=Cleaner(Favor(settings["THRESHER_FAVOR"] or Favor.BALANCED), phrases),
        workers=settings.getint("THRESHER_WORKERS"),
        time_limit=settings.getfloat("THRESHER_TIME_LIMIT"),
        memory_limit=settings.getint("THRESHER_MEMORY_LIMIT"),
    )


class CleanPipeline:
    """Page in, `Article` or `Rejection` out; rejections of the spiders pass through.

    Cleans in the workers of the pool that the setting `THRESHER_POOL` holds; without one it runs a pool
    of its own, built from `THRESHER_WORKERS` (0: one a processor), `THRESHER_TIME_LIMIT` (seconds a
    page) and `THRESHER_MEMORY_LIMIT` (bytes a page). Statistics: `thresher/pages`.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Take the shared pool, or make one; no worker starts before the first page."""
        self._stats = crawler.stats
        shared: CleaningPool[Article] | None = crawler.settings.get("THRESHER_POOL")
        self._pool = shared or pool_of(crawler.settings)
        self._pool_is_own = shared is None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the pipeline from the crawler's settings."""
        return cls(crawler)

    def close_spider(self) -> None:
        """Stop the workers if they are this pipeline's own."""
        if self._pool_is_own:
            self._pool.close()

    async def process_item(self, item: Any) -> Any:
        """Clean a page; pass anything else through."""
        if isinstance(item, Page):
            self._stats.inc_value("thresher/pages")
            outcome = await self._pool.clean_async(item)
            item = require_text(outcome, item) if isinstance(outcome, Article) else outcome
        return item
