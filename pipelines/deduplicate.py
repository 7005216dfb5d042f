"""Comparing a database's articles with each other: near-duplicates, relations, origins.

Articles wait in the database until they are compared (`StoredArticle.compared`), so that whoever stores them
need not wait, and nothing is lost when a program is killed: the next one goes on.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self

from scrapy.exceptions import NotConfigured
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cleaners.article import Article
from pipelines.reuse.comparison import Comparer
from pipelines.reuse.events import EventSearch
from pipelines.reuse.settling import Settler
from pipelines.site_memory import SiteMemoryPipeline
from pipelines.store import Store
from pipelines.store.pipeline import StorePipeline, database_url, store_at_the_end
from pipelines.store.schema import StoredArticle

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

BATCH: Final = 50
"""Articles that are compared in one transaction of a crawl: a quarter of a second, in which its other writes
wait."""

LARGE_BATCH: Final = 1_000
"""Articles a transaction where nobody else writes: the index's pages are then written once for many rows."""

CLUSTERS: Final = 50
"""Clusters that are settled in one transaction."""

SHARE_OF_TIME: Final = 0.2
"""Share of the time that comparing may take while crawls go on, as one thread writes for all of them."""

AT_THE_END: Final = 20_000
"""Articles that a crawl compares when it has ended: a minute. Only a database of before holds more."""

logger = logging.getLogger(__name__)


class Deduplicator:
    """Compares what waits in a database, a batch a transaction; one for all crawls of a process."""

    def __init__(self) -> None:
        """Keep what was read from one batch to the next."""
        self._comparer = Comparer()
        self._settler = Settler(self._comparer.readings)
        self._search = EventSearch(self._comparer.readings)
        self._reputations_changed = True  # for all that is known here
        self._arrived = 0
        self._resting_until = 0.0

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        """The same one: Scrapy deep-copies the settings that hold it."""
        return self

    def is_due(self) -> bool:
        """Count an article that came; whether enough came for a batch, and there is time for it."""
        self._arrived += 1
        return self._arrived >= BATCH and time.monotonic() >= self._resting_until

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While a crawl goes on: begin to count anew, and rest afterwards, as long as that took and more."""
        self._arrived, self._resting_until = 0, math.inf
        began = time.monotonic()
        try:
            yield
        finally:
            took = time.monotonic() - began
            self._resting_until = time.monotonic() + took * (1 / SHARE_OF_TIME - 1)

    def compare(self, session: Session, limit: int = BATCH) -> int:
        """Compare articles that wait, at most `limit`; gives how many there were."""
        session.flush()
        compared = self._comparer.compare(session.connection(), limit)
        session.expire_all()
        return compared

    def settle(self, session: Session, limit: int = CLUSTERS) -> int:
        """Find the origins of clusters that changed, at most `limit`; gives how many there were.

        Once there are none, those that only the reputation of sites decides are looked at again, as that may
        have changed with the others.
        """
        done = self._settler.settle(session.connection(), limit)
        if done:
            self._reputations_changed = True
        elif self._reputations_changed:
            done = self._settler.decide(session.connection(), limit)
            self._reputations_changed = done > 0
        return done

    def seek(self, session: Session, limit: int = BATCH) -> int:
        """Search other reports of the events that texts tell of, at most `limit`; gives how many there were.

        Texts of clusters that are not settled yet wait.
        """
        return self._search.seek(session.connection(), limit)


def waiting(session: Session) -> int:
    """Articles that were not compared yet."""
    return session.scalar(select(func.count()).select_from(StoredArticle).where(~StoredArticle.compared)) or 0


def deduplicate(store: Store, on_progress: Callable[[str, int], object] = lambda _what, _done: None) -> None:
    """Compare all that waits in a database, and find the origins.

    `on_progress` is told how many "articles" were compared, "clusters" settled, or texts looked at for other
    reports of their "events", in each transaction. A call that is interrupted is gone on with by the next.
    """
    deduplicator = Deduplicator()
    steps: dict[str, Callable[[Session], int]] = {
        "articles": partial(deduplicator.compare, limit=LARGE_BATCH),
        "clusters": deduplicator.settle,
        "events": partial(deduplicator.seek, limit=LARGE_BATCH),
    }
    for what, step in steps.items():
        done = -1
        while done:
            with store.write() as session:
                done = step(session)
            on_progress(what, done)


class DeduplicatePipeline:
    """Compares a crawl's articles with all that the database holds, as they arrive and at the end.

    While crawls go on, comparing takes a fifth of the time at most, and the rest is left to the end; what a
    crawl that is told to stop leaves, the next one does. Compares with the `Deduplicator` that the setting
    `THRESHER_DEDUPLICATOR` holds; without one it has one of its own. Off where the setting
    `THRESHER_DEDUPLICATE` is false, or there is no database. Statistics: `thresher/articles/compared`.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Read the settings. Raises `NotConfigured` where it is turned off."""
        if not crawler.settings.getbool("THRESHER_DEDUPLICATE") or not database_url(crawler.settings):
            raise NotConfigured
        self._crawler = crawler
        shared: Deduplicator | None = crawler.settings.get("THRESHER_DEDUPLICATOR")
        self._deduplicator = shared or Deduplicator()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the pipeline from the crawler's settings."""
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """Compare once enough articles came; pass on everything."""
        if isinstance(item, Article) and self._deduplicator.is_due():
            with self._deduplicator.at_work():
                await self._write(self._deduplicator.compare)
        return item

    async def close_spider(self) -> None:
        """Compare what is left, find the origins, and other reports of the same events."""
        if store_at_the_end(self._crawler) is None:
            return
        memory = self._crawler.get_item_pipeline(SiteMemoryPipeline)
        if memory is not None:  # which changes texts, and Scrapy closes all pipelines at once
            await memory.closed.wait()
        for step in (self._deduplicator.compare, self._deduplicator.settle, self._deduplicator.seek):
            left = AT_THE_END
            while left > 0 and (done := await self._write(step)):
                left -= done
            if left <= 0:
                logger.warning(
                    "There is more to compare than a crawl's end has time for: run `thresher relate`"
                )

    async def _write(self, step: Callable[[Session], int]) -> int:
        """How much a step did; nothing where the database fails, which the next crawl makes up for."""
        store = self._crawler.get_item_pipeline(StorePipeline)
        if store is None or store.run_id is None:
            return 0
        try:
            done = await store.write(step)
        except SQLAlchemyError as error:
            logger.error("Articles could not be compared; the next run will", exc_info=error)
            return 0
        if step == self._deduplicator.compare:
            self._crawler.stats.inc_value("thresher/articles/compared", done)
        return done
