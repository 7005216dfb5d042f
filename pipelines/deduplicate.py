"""Comparing a database's articles with each other: near-duplicates, relations, origins.

Articles wait in the database until they are compared (`StoredArticle.compared`), so that whoever stores them
need not wait, and nothing is lost when a program is killed: the next one goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Self

from scrapy.exceptions import NotConfigured
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cleaners.article import Article
from pipelines.reuse.comparison import Comparer
from pipelines.reuse.settling import Settler
from pipelines.store import Store
from pipelines.store.pipeline import StorePipeline
from pipelines.store.reuse_schema import StoredCluster
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


class Deduplicator:
    """Compares what waits in a database, a batch a transaction."""

    def __init__(self) -> None:
        """Keep what was read from one batch to the next."""
        self._comparer = Comparer()
        self._settler = Settler(self._comparer.readings)

    def compare(self, session: Session, limit: int = BATCH) -> int:
        """Compare articles that wait, at most `limit`; gives how many there were."""
        session.flush()
        compared = self._comparer.compare(session.connection(), limit)
        session.expire_all()
        return compared

    def settle(self, session: Session, limit: int = CLUSTERS) -> int:
        """Find the origins of clusters that changed, at most `limit`; gives how many there were.

        Once there are none, those that only the reputation of sites decides are looked at again.
        """
        settled = self._settler.settle(session.connection(), limit)
        if not settled:
            self._settler.decide(session.connection())
        return settled


def waiting(session: Session) -> int:
    """Articles that were not compared yet."""
    return session.scalar(select(func.count()).select_from(StoredArticle).where(~StoredArticle.compared)) or 0


def unsettled(session: Session) -> int:
    """Clusters whose origin is yet to be found."""
    return session.scalar(select(func.count()).select_from(StoredCluster).where(~StoredCluster.settled)) or 0


def deduplicate(store: Store, on_progress: Callable[[int], object] = lambda _: None) -> int:
    """Compare all that waits in a database, and find the origins; gives the number of articles.

    `on_progress` is told the articles of each batch. A call that is interrupted is gone on with by the next.
    """
    deduplicator = Deduplicator()
    total = 0
    while True:
        with store.write() as session:
            compared = deduplicator.compare(session, LARGE_BATCH)
        if not compared:
            break
        total += compared
        on_progress(compared)
    while True:
        with store.write() as session:
            if not deduplicator.settle(session):
                return total


class DeduplicatePipeline:
    """Compares a crawl's articles with all that the database holds, as they arrive.

    Behind the store (`StorePipeline`); writes through it. `THRESHER_DEDUPLICATE` turns it off: what waits is
    then compared by the next crawl that has it on, or by `thresher relate`. Statistics:
    `thresher/articles/compared`.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Read the settings. Raises `NotConfigured` where it is turned off."""
        if not crawler.settings.getbool("THRESHER_DEDUPLICATE"):
            raise NotConfigured("THRESHER_DEDUPLICATE is off")
        self._crawler = crawler
        self._deduplicator = Deduplicator()
        self._arrived = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the pipeline from the crawler's settings."""
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """Pass every item on; compare once enough articles came."""
        if isinstance(item, Article):
            self._arrived += 1
        return item
