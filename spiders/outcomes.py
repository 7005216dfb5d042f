"""How a request ended, as an item: a `Page` from a response, a `Rejection` from a failure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from cleaners.article import Page, Rejection
from cleaners.frontier import DueUrl
from spiders.evidence import content_type
from spiders.refusals import Refused
from spiders.settled import Settled

KEPT_HEADERS: Final = ("Content-Type", "Content-Language", "ETag", "Last-Modified", "Date", "Link")
"""Response headers that matter after the crawl."""

_FAILURES: Final[tuple[tuple[type[Exception], str, str], ...]] = (
    (CannotResolveHostError, "dns", "the host name could not be resolved"),
    (DownloadConnectionRefusedError, "connection-refused", "the server refused the connection"),
    (DownloadTimeoutError, "timeout", "the server did not answer in time"),
    (DownloadCancelledError, "too-large", "the response is larger than DOWNLOAD_MAXSIZE"),
    (ResponseDataLossError, "truncated", "the server sent less than it announced"),
    (DownloadFailedError, "connection-failed", "the connection broke off"),
    (UnsupportedURLSchemeError, "unsupported-scheme", "the address is none of the web"),
)
STOPPED: Final = "stopped"
"""Reason of a request that the end of the crawl overtook; it is left to the next run."""

_NOT_ASKED: Final = frozenset(
    {
        "address-refused",
        "redirect-offsite",
        "redirect-unwanted",
        "retry-later",
        "robots-txt",
        "robots-unreachable",
        "unsupported-scheme",
    }
)
_READ: Final = frozenset({"bad-listing", "duplicate", "not-a-post", "not-html"})
_STATUSES: Final = range(100, 1000)  # RFC 9110, section 15: three digits
_DETAIL_LENGTH: Final = 300  # characters of an error message that a reject's detail repeats


def page(response: Response, due: DueUrl) -> Page:
    """The fetched document of an address as an item."""
    headers = {
        name: value.decode("latin-1") for name in KEPT_HEADERS if (value := response.headers.get(name))
    }
    return Page(
        url=response.url,
        body=response.body,
        content_type=content_type(response),
        fetched_at=datetime.now(UTC),
        status=response.status,
        headers=headers,
        discovered_by=due.discovered_by,
        lastmod=due.lastmod,
        key=due.key,
    )


def refused(request: Request | None, reason: str, detail: str, *, status: int | None = None) -> Rejection:
    """A rejection of the address that was asked for, before any redirect."""
    assert request is not None  # only responses that nobody asked for have none
    due: DueUrl | None = request.meta.get("due")
    return Rejection(
        url=request.meta.get("redirect_urls", [request.url])[0],
        reason=reason,
        detail=detail[:_DETAIL_LENGTH],
        status=status if status in _STATUSES else None,
        fetched_at=datetime.now(UTC),
        discovered_by=request.meta.get("discovered_by"),
        key=due.key if due else None,
    )


def failed(request: Request, error: BaseException) -> Rejection:
    """A rejection that says why a download failed."""
    reason, detail, status = _describe(error)
    return refused(request, reason, detail, status=status)


def _describe(error: BaseException) -> tuple[str, str, int | None]:
    if isinstance(error, HttpError):
        status = error.response.status
        reason = f"http-{status}" if status in _STATUSES else "bad-status"
        return reason, f"the server answered {status}", status
    if isinstance(error, Refused):
        return error.reason, error.detail, None
    if isinstance(error, IgnoreRequest):
        return _describe_ignored(str(error))
    for kind, reason, detail in _FAILURES:
        if isinstance(error, kind):
            said = _said(error)
            return reason, f"{detail} ({said})" if said else detail, None
    return "download-error", f"{type(error).__name__}: {error}", None


def _said(error: BaseException) -> str:
    """An error's message; Twisted wraps those of a connection that broke off."""
    reasons = getattr(error.__cause__, "reasons", ()) if str(error) else ()
    return "; ".join(filter(None, (str(reason.value) for reason in reasons))) or str(error)


def _describe_ignored(message: str) -> tuple[str, str, int | None]:
    # Scrapy tells these apart by their message only.
    if "robots.txt" in message:
        return "robots-txt", "robots.txt forbids this address", None
    if "DOWNLOAD_MAXSIZE" in message:
        return "too-large", "the unpacked response is larger than DOWNLOAD_MAXSIZE", None
    return "ignored", message, None


def settled_as(reason: str) -> Settled:
    """How an address that was rejected for a reason is counted: whether it was asked for, and answered."""
    if reason in _NOT_ASKED:
        return Settled.REFUSED
    return Settled.FETCHED if reason in _READ else Settled.FAILED


def answers(error: BaseException | None) -> bool:
    """Whether a failure came from a server that can be reached, which may give other pages."""
    # A status, a refusal by robots.txt, a redirect that is not followed.
    return isinstance(error, IgnoreRequest) and reason_of(error) != STOPPED


def reason_of(error: BaseException) -> str:
    """The short fixed name of why a download failed."""
    return _describe(error)[0]


def describe(value: Any) -> str:
    """A short description of unexpected data for a reject's detail."""
    return f"{type(value).__name__} {str(value)[:80]!r}"
