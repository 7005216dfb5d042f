"""The Scrapy pipeline that remembers what sites repeat, and keeps it out of their articles."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from scrapy import signals
from scrapy.exceptions import NotConfigured
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cleaners.article import Article
from cleaners.repetition import SiteMemory, transform
from pipelines.store.articles import Recovered
from pipelines.store.learning import learn
from pipelines.store.pipeline import StorePipeline, database_url, store_at_the_end
from pipelines.store.repetition import memory_of, sites_to_learn

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

CORRECTED: Final = "thresher/articles/corrected"
"""Statistic that counts the articles that were corrected when their crawl had ended."""

_T = TypeVar("_T")
_SITES_KEPT: Final = 1_000  # an archive holds pages of more; their memories are read again where needed

logger = logging.getLogger(__name__)


class _StoppedError(Exception):
    """Somebody pressed Ctrl-C."""


class Corrected(Article):
    """An article that was stored before, and that the end of a crawl corrected; it is written once more."""


class SiteMemoryPipeline:
    """Types what the articles' sites repeat before they are stored, and corrects those stored before.

    Comes before the store. When the crawl has ended, what its sites repeat is judged anew; articles that were
    written before that was known, or that it was wrong about, become next revisions, which go to the feeds
    like other items. A crawl that is told to stop leaves the rest of that to the next one. Off where the
    setting `THRESHER_SITE_MEMORY` is false, or there is no database. Statistics:
    `thresher/articles/corrected`.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Read the settings. Raises `NotConfigured` if there is to be no memory."""
        if not crawler.settings.getbool("THRESHER_SITE_MEMORY") or not database_url(crawler.settings):
            raise NotConfigured
        self._crawler = crawler
        self._memories: dict[str, SiteMemory] = {}
        self._sites: set[str] = set()
        self.closed: Final = asyncio.Event()  # Scrapy closes all pipelines at once

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the pipeline from the crawler's settings."""
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """Type what its site repeats in an article; pass on everything."""
        if not isinstance(item, Article) or item.site is None:
            return item
        self._sites.add(item.site)
        if isinstance(item, Recovered):
            return item  # stored before
        memory = await self._memory(item.site)
        return (transform(item, memory) if memory.texts else None) or item

    async def close_spider(self) -> None:
        """Judge anew what the sites of the crawl repeat, and correct their articles."""
        try:
            await self._learn()
        finally:
            self.closed.set()

    async def _learn(self) -> None:
        store = store_at_the_end(self._crawler)
        if store is None:
            return
        crawled = {*self._sites, *getattr(self._crawler.spider, "sites", ())}
        try:
            sites = await self._write(lambda session: sites_to_learn(session, crawled))
            for site in sites:
                await learn(self._write, site, run_id=store.run_id, announce=self._announce)
        except _StoppedError:
            logger.info("The crawl was stopped; what its sites repeat is left to the next run")
        except SQLAlchemyError as error:
            logger.error("What the sites repeat could not be learned; the next run will", exc_info=error)

    async def _write(self, function: Callable[[Session], _T], /) -> _T:
        """Take a step after the crawl has ended; raises `_StoppedError` if it is not to go on."""
        store = self._crawler.get_item_pipeline(StorePipeline)
        if store is None or not self._crawler.engine.running:
            raise _StoppedError
        return await store.write(function)

    async def _memory(self, site: str) -> SiteMemory:
        """What was known of a site when the crawl met it."""
        memory = self._memories.get(site)
        if memory is None:
            store = self._crawler.get_item_pipeline(StorePipeline)
            memory = await store.write(lambda session: memory_of(session, site)) if store else SiteMemory()
            if len(self._memories) >= _SITES_KEPT:
                self._memories.clear()
            self._memories[site] = memory
        return memory

    async def _announce(self, article: Article) -> None:
        """Have an article written to the feeds, and counted."""
        self._crawler.stats.inc_value(CORRECTED)
        item = Corrected(**{entry.name: getattr(article, entry.name) for entry in fields(Article)})
        await self._crawler.signals.send_catch_log_async(
            signals.item_scraped, item=item, response=None, spider=self._crawler.spider
        )
