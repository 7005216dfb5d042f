"""The `site` spider: `scrapy crawl site -a url=https://news.example`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy_spider_metadata import Args  # type: ignore[attr-defined]

from spiders.crawl import SiteCrawl
from spiders.params import SiteParams, check


class SiteSpider(Args[SiteParams], SiteCrawl):
    """Crawls sites from their seeds: articles found by links, sitemaps and feeds. See `SiteParams`."""

    name = "site"

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, Any]) -> None:
        """Raise `ValueError` with a readable message if the spider could not run with these arguments."""
        check(SiteParams, arguments)
