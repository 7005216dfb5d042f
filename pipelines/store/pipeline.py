"""The Scrapy pipeline that keeps every article and every rejection in the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from scrapy import signals
from scrapy.exceptions import DropItem, NotConfigured
from sqlalchemy.orm import Session

from cleaners.article import Article, Rejection
from cleaners.sitefiles import SiteFile
from pipelines.feeds import DATABASE
from pipelines.store import begin_run, end_run
from pipelines.store.articles import Recovered, Saved
from pipelines.store.site_files import save_site_file
from pipelines.store.together import Save
from pipelines.store.writer import StoreWriter

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

_T = TypeVar("_T")


class Unchanged(DropItem):
    """An article that the database holds already, word for word: it is not written again."""

    def __init__(self, url: str | None) -> None:
        """Name the article; nobody needs to be warned of it."""
        super().__init__(f"{url} says the same as before", log_level="DEBUG")


def database_url(settings: BaseSettings) -> str:
    """The database that the settings name; empty for none."""
    named: str | None = settings["THRESHER_DATABASE"]
    return f"sqlite:///{settings['THRESHER_OUTPUT']}/{DATABASE}" if named is None else named


def store_at_the_end(crawler: Crawler) -> StorePipeline | None:
    """The store of a crawl that ends by itself: none if it was held or told to stop, or has no database."""
    if crawler.stats.get_value("thresher/held") or not crawler.engine.running:
        return None
    store = crawler.get_item_pipeline(StorePipeline)
    return store if store is not None and store.run_id is not None else None


class StorePipeline:
    """Writes each item, and passes on what is new; an article that did not change is dropped (`Unchanged`).

    Writes through the `StoreWriter` that the setting `THRESHER_WRITER` holds; without one it has one of its
    own for `THRESHER_DATABASE`, an SQLAlchemy URL; without that a SQLite file in the folder of
    `THRESHER_OUTPUT`; empty turns the store off. Statistics: `thresher/articles/gone`.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Read the settings. Raises `NotConfigured` if there is no database to write to."""
        url = database_url(crawler.settings)
        if not url:
            raise NotConfigured("THRESHER_DATABASE is empty")
        self._crawler = crawler
        shared: StoreWriter | None = crawler.settings.get("THRESHER_WRITER")
        self._writer = shared or StoreWriter(url)
        self._writer_is_own = shared is None
        self._requirement: Callable[[Session], None] | None = None
        self._last_writes: list[Callable[[Session], object]] = []
        self.run_id: int | None = None
        crawler.signals.connect(self._on_closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the pipeline from the crawler's settings."""
        return cls(crawler)

    async def open_spider(self) -> None:
        """Open the database and record that a run began."""
        spider = self._crawler.spider
        assert spider is not None
        arguments = getattr(spider, "args", None)
        told = arguments.model_dump(mode="json") if arguments else {}
        job = self._crawler.settings.get("THRESHER_JOB")
        self.run_id = await self.write(
            lambda session: begin_run(session, spider.name, told, datetime.now(UTC), job)
        )

    async def process_item(self, item: Any) -> Any:
        """Store an article, a rejection or a site's file; pass on all but articles that did not change."""
        if isinstance(item, Recovered):
            return item  # stored before
        if isinstance(item, Article | Rejection):
            saved = await self.write(self._saving(item))
            if saved is Saved.UNCHANGED:
                raise Unchanged(item.url)
            if saved is Saved.GONE:
                self._crawler.stats.inc_value("thresher/articles/gone")
        elif isinstance(item, SiteFile):
            file = item
            await self.write(lambda session: save_site_file(session, file))
        return item

    def _saving(self, item: Article | Rejection) -> Callable[[Session], Saved]:
        """The write that saves an item.

        An article is what it is, whoever holds its site. A rejection says that its page is done with, which
        is not for a run to say that lost the site, perhaps along with its network.
        """
        save, requirement = Save(item, self.run_id), self._requirement
        if requirement is None or isinstance(item, Article) or item.key is None:
            return save

        def required(session: Session) -> Saved:
            requirement(session)
            return save(session)

        return required

    def require(self, function: Callable[[Session], None]) -> None:
        """Have a function of a session called before a page is noted as done with; it raises if this run is
        not to do that any more."""
        self._requirement = function

    def at_the_end(self, function: Callable[[Session], object]) -> None:
        """Have a function of a session run when the crawl has ended, after everything else."""
        self._last_writes.append(function)

    async def _on_closed(self, reason: str) -> None:
        run_id = self.run_id
        if run_id is not None:  # else the database could not be opened; Scrapy reported that
            self.at_the_end(lambda session: end_run(session, run_id, datetime.now(UTC), reason))
            for function in self._last_writes:
                await self.write(function)
        if self._writer_is_own:
            self._writer.close()

    async def write(self, function: Callable[[Session], _T]) -> _T:
        """What a function of a session gives, once it is committed."""
        return await self._writer.write(function)

    async def write_beside(self, function: Callable[[Session], _T]) -> _T:
        """The same without waiting for others that write, see `StoreWriter.write_beside`."""
        return await self._writer.write_beside(function)
