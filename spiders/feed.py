"""The `feed` spider: `scrapy crawl feed -a url=https://news.example`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy_spider_metadata import Args  # type: ignore[attr-defined]

from spiders.params import CrawlParams, check
from spiders.site_crawl import SiteCrawl


class FeedSpider(Args[CrawlParams], SiteCrawl):
    """Crawls the articles of sites' feeds, or those of a feed; full text in a feed is used as it is."""

    name = "feed"
    args: CrawlParams

    @property
    def ways(self) -> frozenset[str]:
        """The one way."""
        return frozenset({"feed"})

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, Any]) -> None:
        """Raise `ValueError` with a readable message if the spider could not run with these arguments."""
        check(CrawlParams, arguments)
