"""The Scrapy pipeline that counts what a crawl brought and raises alarms where that is odd."""

from __future__ import annotations

import logging
from array import array
from collections import Counter
from collections.abc import Mapping
from functools import partial
from statistics import median_low
from typing import TYPE_CHECKING, Any, Final, Self

from scrapy import signals
from sqlalchemy.exc import SQLAlchemyError

from cleaners.article import DEFAULT_TEXT_TYPES, KEPT_TYPES, Article, Rejection
from pipelines.store.history import Figures, alarms, keep
from pipelines.store.pipeline import StorePipeline, Unchanged

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

ALARMS: Final = "thresher/alarms"
"""Statistic that holds the alarms of a crawl that has ended, a list of sentences."""

_URLS: Final = "thresher/urls/"
_REJECTED: Final = "thresher/rejected/"
_STATUSES: Final = "downloader/response_status_count/"


class FiguresPipeline:
    """Counts articles and rejects, and keeps a crawl's figures and alarms in the database when it ends.

    Comes after the store, so that it counts what is new. Statistics: `thresher/articles` (new and revised),
    `thresher/articles/revised`, `thresher/articles/unchanged` (cleaned, and the same as in the database),
    `thresher/words/…` (of what the article holds and of all else), `thresher/blocks/…`,
    `thresher/rejected/<reason>`, and at the end `thresher/alarms`.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Count in the crawler's statistics."""
        self._crawler = crawler
        self._stats = crawler.stats
        self._lengths = array("L")  # words of each article's text, for the median
        crawler.signals.connect(self._on_dropped, signals.item_dropped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the pipeline for a crawler."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Count an article or a rejection; pass every item on."""
        if isinstance(item, Article):
            self._count(item)
        elif isinstance(item, Rejection):
            self._stats.inc_value(f"{_REJECTED}{item.reason}")
        return item

    async def close_spider(self) -> None:
        """Keep the figures in the database, and compare them with those of earlier runs."""
        if self._stats.get_value("thresher/held"):
            return  # another run crawls there; this one saw nothing
        try:
            found = await self._conclude()
        except SQLAlchemyError as error:
            logger.error("The figures of the crawl could not be kept", exc_info=error)
            found = ["the figures of the crawl could not be kept, see the log"]
        for alarm in found:
            logger.warning("Alarm: %s", alarm)
        self._stats.set_value(ALARMS, found)

    async def _conclude(self) -> list[str]:
        spider: Any = self._crawler.spider
        if close_account := getattr(spider, "close_account", None):
            await close_account()
        sites = sites_label(getattr(spider, "sites", ()))
        figures = figures_of(
            self._stats.get_stats(),
            sites or spider.name,
            median_words=median_low(self._lengths) if self._lengths else None,
            partial=self._is_partial(spider),
        )
        store = self._crawler.get_item_pipeline(StorePipeline)
        if store is None or store.run_id is None or not sites:
            return alarms(figures, ())
        return await store.write(partial(keep, run_id=store.run_id, now=figures))

    def _is_partial(self, spider: Any) -> bool:
        # Scrapy says why a crawl ends only after the pipelines are closed; an engine that was told to stop no
        # longer runs.
        resumed = getattr(getattr(spider, "frontier", None), "resumed", False)
        return bool(resumed) or not self._crawler.engine.running

    def _count(self, article: Article) -> None:
        counts = Counter(["articles", "articles/revised"] if article.revision > 1 else ["articles"])
        length = 0
        for block in article.blocks:
            counts[f"blocks/{block.type.value}"] += 1
            counts["words/kept" if block.is_written(KEPT_TYPES) else "words/removed"] += block.words
            length += block.words if block.is_written(DEFAULT_TEXT_TYPES) else 0
        self._lengths.append(length)
        inc_value = self._stats.inc_value
        for name, number in counts.items():
            inc_value(f"thresher/{name}", number)

    def _on_dropped(self, exception: BaseException) -> None:
        if isinstance(exception, Unchanged):
            self._stats.inc_value("thresher/articles/unchanged")


def sites_label(sites: Any) -> str:
    """The name that figures of several sites go by: their names in order, joined with spaces."""
    return " ".join(sorted(sites))


def figures_of(
    stats: Mapping[str, Any], site: str, *, median_words: int | None = None, partial: bool = False
) -> Figures:
    """The figures that a crawl's statistics hold.

    What was left is counted at the very end; before that, it is all that was discovered and did not end.
    """
    discovered = stats.get(f"{_URLS}discovered", 0)
    ended = {name: stats.get(f"{_URLS}{name}", 0) for name in ("fetched", "unchanged", "refused", "failed")}
    return Figures(
        site=site,
        discovered=discovered,
        **ended,
        left=stats.get(f"{_URLS}left", max(discovered - sum(ended.values()), 0)),
        articles=stats.get("thresher/articles", 0),
        revised=stats.get("thresher/articles/revised", 0),
        unchanged_articles=stats.get("thresher/articles/unchanged", 0),
        gone=stats.get("thresher/articles/gone", 0),
        received_bytes=stats.get("downloader/response_bytes", 0),
        median_words=median_words,
        statuses=counts_of(stats, _STATUSES),
        reasons=counts_of(stats, _REJECTED),
        source=str(stats.get("thresher/source", "")),
        partial=partial,
    )


def counts_of(stats: Mapping[str, Any], prefix: str) -> dict[str, int]:
    """The statistics whose names begin with `prefix`, by the rest of the name."""
    return {name.removeprefix(prefix): count for name, count in stats.items() if name.startswith(prefix)}
