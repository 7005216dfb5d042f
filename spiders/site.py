"""The `site` spider: `scrapy crawl site -a url=https://news.example`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy_spider_metadata import Args  # type: ignore[attr-defined]

from spiders.params import SiteParams, check
from spiders.site_crawl import SiteCrawl


class SiteSpider(Args[SiteParams], SiteCrawl):
    """Crawls sites by the best that each offers, or by the ways of `discover`. See `SiteParams`."""

    name = "site"
    args: SiteParams

    @property
    def ways(self) -> frozenset[str]:
        """The ways that were asked for; none to find out."""
        return frozenset(self.args.discover or ())

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, Any]) -> None:
        """Raise `ValueError` with a readable message if the spider could not run with these arguments."""
        check(SiteParams, arguments)
