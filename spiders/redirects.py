"""Scrapy's redirects, with every redirect that is not followed reported to the spider.

Scrapy's own middleware drops redirects to known addresses without a word, and the address that was asked
for would end neither as a page nor as a rejection.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware, RedirectMiddleware
from scrapy.exceptions import IgnoreRequest

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class RedirectRefused(IgnoreRequest):
    """A redirect that is not followed; reaches the errback of the request that was redirected."""

    def __init__(self, reason: str, detail: str) -> None:
        """`reason` is the short name of a rejection, `detail` its sentence."""
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class ReportedRedirectMiddleware(RedirectMiddleware):
    """Follows redirects, or raises `RedirectRefused`."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """The response, or the request that it redirects to."""
        follow = super().process_response
        return _checked(self.crawler, request, lambda: follow(request, response))


class ReportedMetaRefreshMiddleware(MetaRefreshMiddleware):
    """Follows redirects that a page's head asks for, or raises `RedirectRefused`."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """The response, or the request that it redirects to."""
        follow = super().process_response
        return _checked(self.crawler, request, lambda: follow(request, response))


def _checked(
    crawler: Crawler, request: Request, follow: Callable[[], Request | Response]
) -> Request | Response:
    try:
        result = follow()
    except IgnoreRequest as error:
        raise RedirectRefused("redirect-loop", f"too many redirects, the last from {request.url}") from error
    # Requests without this key are not the spider's (robots.txt) and are no business of its filters.
    if isinstance(result, Request) and "discovered_by" in request.meta:
        _check_target(crawler, result)
    return result


def _check_target(crawler: Crawler, target: Request) -> None:
    if target.url in target.meta["redirect_urls"]:
        raise RedirectRefused("redirect-loop", f"redirects lead back to {target.url}")
    spider: Any = crawler.spider
    if target.meta["discovered_by"] != "seed" and not spider.same_site(target.url):
        raise RedirectRefused("redirect-offsite", f"redirects to another site: {target.url}")
    if spider.seen(target.url):
        raise RedirectRefused("duplicate", f"redirects to {target.url}, which was found already")
    # It is known to be new; Scrapy's filter must not get to drop it in silence.
    target.dont_filter = True
