"""The Scrapy pipeline that keeps every article and every rejection in the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from scrapy.exceptions import NotConfigured

from cleaners.article import Article, Rejection
from pipelines.feeds import DATABASE
from pipelines.store import Store

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

_T = TypeVar("_T")


def database_url(settings: BaseSettings) -> str:
    """The database that the settings name; empty for none."""
    named: str | None = settings["THRESHER_DATABASE"]
    return f"sqlite:///{settings['THRESHER_OUTPUT']}/{DATABASE}" if named is None else named


class StorePipeline:
    """Writes each item in a transaction of its own, in a thread, so that the crawl does not wait for disks.

    Setting: `THRESHER_DATABASE`, an SQLAlchemy URL; without one a SQLite file in the folder of
    `THRESHER_OUTPUT`; empty turns the store off.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Read the settings. Raises `NotConfigured` if there is no database to write to."""
        self._url = database_url(crawler.settings)
        if not self._url:
            raise NotConfigured("THRESHER_DATABASE is empty")
        self._crawler = crawler
        # One thread: SQLite has one writer at a time, and the order of the items is kept.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._store: Store | None = None
        self._run_id: int | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the pipeline from the crawler's settings."""
        return cls(crawler)

    async def open_spider(self) -> None:
        """Open the database and record that a run began."""
        await self._in_thread(self._open)

    async def close_spider(self) -> None:
        """Record that the run ended and close the database."""
        await self._in_thread(self._close)
        self._thread.shutdown()

    async def process_item(self, item: Any) -> Any:
        """Store an article or a rejection; pass every item through."""
        if isinstance(item, Article | Rejection):
            await self._in_thread(lambda: self._save(item))
        return item

    async def _in_thread(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _open(self) -> None:
        spider = self._crawler.spider
        assert spider is not None
        arguments = getattr(spider, "args", None)
        self._store = Store(self._url)
        self._run_id = self._store.begin_run(
            spider.name, arguments.model_dump(mode="json") if arguments else {}, datetime.now(UTC)
        )

    def _save(self, item: Article | Rejection) -> None:
        assert self._store is not None
        self._store.save(item, self._run_id)

    def _close(self) -> None:
        if self._store is None or self._run_id is None:
            return  # the database could not be opened; Scrapy reported that
        self._store.end_run(self._run_id, datetime.now(UTC))
        self._store.close()
