"""A spider middleware that turns an error in a spider's own code into a rejection."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import CloseSpider, IgnoreRequest

from spiders.outcomes import refused

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)


class SpiderErrorMiddleware:
    """Reports a page that a callback failed on as rejected ("spider-error"), so that it is not lost."""

    def __init__(self, crawler: Crawler) -> None:
        """Count errors in the crawler's statistics."""
        self._crawler = crawler
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for a crawler."""
        return cls(crawler)

    def process_spider_exception(self, response: Response, exception: Exception) -> Iterable[Any] | None:
        """A rejection in place of the exception; control flow of Scrapy's own passes."""
        if isinstance(exception, CloseSpider | IgnoreRequest) or response.request is None:
            return None
        logger.error("The spider failed on %s", response.url, exc_info=exception)
        self._stats.inc_value(f"thresher/spider_errors/{type(exception).__name__}")
        detail = f"{type(exception).__name__}: {exception}"
        rejection = refused(response.request, "spider-error", detail, status=response.status)
        if "due" not in response.meta:
            return [rejection]
        spider: Any = self._crawler.spider
        return [spider.reject(rejection, response.request)]
