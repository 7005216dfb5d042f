"""The `links` spider: `scrapy crawl links -a url=https://news.example`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy_spider_metadata import Args  # type: ignore[attr-defined]

from spiders.params import CrawlParams, check
from spiders.site_crawl import SiteCrawl


class LinksSpider(Args[CrawlParams], SiteCrawl):
    """Crawls sites by the links of their sections and articles. See `CrawlParams`."""

    name = "links"
    args: CrawlParams

    @property
    def ways(self) -> frozenset[str]:
        """The one way."""
        return frozenset({"links"})

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, Any]) -> None:
        """Raise `ValueError` with a readable message if the spider could not run with these arguments."""
        check(CrawlParams, arguments)
