"""A pipeline that holds pages up as a slow cleaner does, and counts how many are there at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, Self

from cleaners.article import Page

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MOST: Final = "tests/most_at_cleaner"
SECONDS: Final = 2.0  # in which a loopback server sends some fifty pages, one after the other


class SlowCleaner:
    """Goes before the real one. Statistic: `tests/most_at_cleaner`."""

    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats
        self._there = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        if isinstance(item, Page):
            self._there += 1
            self._stats.max_value(MOST, self._there)
            await asyncio.sleep(SECONDS)
            self._there -= 1
        return item
