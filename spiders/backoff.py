"""Backing off: a host that says "not now" is left alone for as long as it asks, or for longer and longer.

Scrapy's own `RetryMiddleware` decides what is asked for again; this one, next to it, decides when. It stands
nearer to the downloader, so that it sees every answer first.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING, Final, Self

from scrapy import signals
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)

from spiders.refusals import Refused
from spiders.throttle import HostThrottle

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

_REFUSALS: Final = frozenset({429, 503})
"""Statuses by which a host asks to be left alone for a while (RFC 6585, section 4; RFC 9110, 15.6.4)."""

_FAILURES: Final = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
_ERROR_SHARE: Final = 0.1  # a first error's pause beside a first refusal's: nobody asked for one
_MOST_DOUBLINGS: Final = 30  # of a second that is longer than a lifetime; floats end at a thousand
_FARTHEST: Final = timedelta(days=366).total_seconds()  # later is said no more exactly


@dataclass(slots=True)
class _Host:
    """What is known of a host since its last good answer; seconds, and points of the monotonic clock."""

    refusals: int = 0
    errors: int = 0
    waited: float = 0.0
    refused_until: float = 0.0
    failed_until: float = 0.0


class BackoffMiddleware:
    """Pauses hosts that refuse requests (429, 503) or fail, and gives up those that would take too long.

    A refused host is paused for its Retry-After, else for `THRESHER_BACKOFF_BASE` seconds, twice as long
    with each refusal in a row, at most `THRESHER_BACKOFF_MAX`. Other errors of the server and of the
    connection pause it by the same rule from a tenth of the base up to the base. Any other answer ends this.
    All requests to the host wait, that for robots.txt too.

    A refusal that asks for more than `THRESHER_MAX_RETRY_AFTER` seconds, or a row of them whose pauses come
    to more, is not waited for: the host's requests are refused ("retry-later") for the rest of the run.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Read the settings. Raises `ValueError` if a number is negative."""
        settings = crawler.settings
        self.crawler = crawler
        self._base = _seconds(settings.getfloat("THRESHER_BACKOFF_BASE"), "THRESHER_BACKOFF_BASE")
        self._longest = _seconds(settings.getfloat("THRESHER_BACKOFF_MAX"), "THRESHER_BACKOFF_MAX")
        self._limit = _seconds(settings.getfloat("THRESHER_MAX_RETRY_AFTER"), "THRESHER_MAX_RETRY_AFTER")
        self._errors = {int(status) for status in settings.getlist("RETRY_HTTP_CODES")} - _REFUSALS
        self._hosts: dict[str, _Host] = {}
        self._given_up: dict[str, str] = {}  # a sentence by host
        crawler.signals.connect(self._on_answer, signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for a crawler."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise `Refused` ("retry-later") if the host was given up."""
        self._check(self._throttle.host_of(request))

    def process_response(self, request: Request, response: Response) -> Response:
        """The response. Raises `Refused` ("retry-later") if it is what made the host be given up."""
        if response.status in _REFUSALS:
            self._check(self._throttle.host_of(request))
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Pause the host for a moment if it did not answer."""
        # What is not to be tried again was not tried now either: robots.txt could not be had.
        if isinstance(exception, _FAILURES) and not request.meta.get("dont_retry"):
            self._on_error(self._throttle.host_of(request))

    def _on_answer(self, response: Response, request: Request) -> None:
        # A signal, as it comes before the next request to the host is sent, and the middlewares after.
        host = self._throttle.host_of(request)
        if response.status in _REFUSALS:
            self._on_refusal(host, response)
        elif response.status in self._errors:
            self._on_error(host)
        else:
            self._hosts.pop(host, None)

    def _on_refusal(self, host: str, response: Response) -> None:
        known = self._hosts.setdefault(host, _Host())
        left = max(0.0, known.refused_until - monotonic())
        asked = retry_after(response)
        if left and not asked:
            return  # it was asked before the pause began: one of several under way, not one more in a row
        seconds = asked or min(self._base * _doubled(known.refusals), self._longest)
        known.refusals += not left
        known.waited += max(0.0, seconds - left)
        if known.waited > self._limit:
            self._give_up(host, response.status, seconds)
        elif seconds > left:
            known.refused_until = monotonic() + seconds
            logger.info("%s answered %d: nothing is asked of it for %.1f s", host, response.status, seconds)
            self._pause(host, seconds)

    def _on_error(self, host: str) -> None:
        known = self._hosts.setdefault(host, _Host())
        if monotonic() >= max(known.refused_until, known.failed_until):
            seconds = min(self._base * _ERROR_SHARE * _doubled(known.errors), self._base)
            known.errors += 1
            known.failed_until = monotonic() + seconds
            self._pause(host, seconds)

    def _pause(self, host: str, seconds: float) -> None:
        self._throttle.pause(host, seconds)
        self.crawler.stats.inc_value("thresher/backoff/pauses")
        waited = self.crawler.stats.get_value("thresher/backoff/seconds", 0.0)
        self.crawler.stats.set_value("thresher/backoff/seconds", round(waited + seconds, 3))

    def _give_up(self, host: str, status: int, seconds: float) -> None:
        until = datetime.now(UTC) + timedelta(seconds=min(seconds, _FARTHEST))
        self._given_up[host] = (
            f"{host} answered {status} and is to be asked again after {until.isoformat(timespec='seconds')}, "
            f"later than THRESHER_MAX_RETRY_AFTER ({self._limit:g} s) allows"
        )
        logger.warning("%s; it is left alone for the rest of this run", self._given_up[host])
        self._throttle.refuse_waiting(host, lambda: self._refusal(host))

    def _check(self, host: str) -> None:
        if host in self._given_up:
            raise self._refusal(host)

    def _refusal(self, host: str) -> Refused:
        self.crawler.stats.inc_value("thresher/backoff/refused")
        return Refused("retry-later", self._given_up[host])

    @property
    def _throttle(self) -> HostThrottle:
        return HostThrottle.of(self.crawler)


def retry_after(response: Response) -> float | None:
    """Seconds that a response asks to wait (Retry-After, RFC 9110, section 10.2.3); `None` if it does not.

    A date counts from the response's own Date, so that a wrong clock on either side does no harm. What is
    no number, no date or in the past asks for nothing.
    """
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), _FARTHEST) or None
    then = _moment(value)
    if then is None:
        return None
    now = _moment((response.headers.get("Date") or b"").decode("latin-1")) or datetime.now(UTC)
    seconds = (then - now).total_seconds()
    return min(seconds, _FARTHEST) if seconds > 0 else None


def _doubled(times: int) -> int:
    return 1 << min(times, _MOST_DOUBLINGS)


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _seconds(value: float, setting: str) -> float:
    if not value >= 0:
        raise ValueError(f"{setting} is {value:g}; it is a number of seconds, 0 or more")
    return value
