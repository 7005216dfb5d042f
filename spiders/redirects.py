"""Scrapy's redirects, each reported to the spider, which keeps the account of what was asked for.

Scrapy's own middleware drops redirects to known addresses without a word, and the address that was asked
for would end neither as a page nor as a rejection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import (
    BaseRedirectMiddleware,
    MetaRefreshMiddleware,
    RedirectMiddleware,
)
from scrapy.exceptions import IgnoreRequest
from scrapy.http import TextResponse

from spiders.discovery import identity
from spiders.refusals import Refused

if TYPE_CHECKING:
    from scrapy.http import Response


_SCANNED: Final = 4096  # characters of a page in which Scrapy looks for a refresh


class RedirectRefused(Refused):
    """A redirect that is not followed."""


class ReportedRedirectMiddleware(RedirectMiddleware):
    """Follows redirects, or raises `RedirectRefused`."""

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """The response, or the request that it redirects to."""
        return await _reported(self, request, super().process_response, response)


class ReportedMetaRefreshMiddleware(MetaRefreshMiddleware):
    """Follows redirects that a page's head asks for, or raises `RedirectRefused`."""

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """The response, or the request that it redirects to."""
        return await _reported(self, request, self._to_another_page, response)

    def _to_another_page(self, request: Request, response: Response) -> Request | Response:
        """A page that only loads itself again from time to time is the page that was asked for."""
        if isinstance(response, TextResponse) and "refresh" not in response.text[:_SCANNED].lower():
            return response
        result = super().process_response(request, response)
        same = isinstance(result, Request) and identity(result.url) == identity(request.url)
        return response if same else result


async def _reported(
    middleware: BaseRedirectMiddleware, request: Request, follow: Any, response: Response
) -> Request | Response:
    try:
        result: Request | Response = follow(request, response)
    except IgnoreRequest as error:
        raise RedirectRefused("redirect-loop", f"too many redirects, the last from {request.url}") from error
    except ValueError:  # "javascript:", a port that is none; redirects to "ftp:" are not followed either
        return response
    # Requests without this key are not the spider's (robots.txt) and are no business of its account.
    if not isinstance(result, Request) or "due" not in request.meta:
        return result
    if result.url in result.meta["redirect_urls"]:
        raise RedirectRefused("redirect-loop", f"redirects lead back to {result.url}")
    spider: Any = middleware.crawler.spider
    result.meta["due"] = await spider.redirected(request, result.url)
    # It is known to be new; Scrapy's filter must not get to drop it in silence.
    result.dont_filter = True
    # Validators are those of the address that was asked for first.
    for name in ("If-None-Match", "If-Modified-Since"):
        result.headers.pop(name, None)
    return result
