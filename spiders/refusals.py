"""What a crawl does not ask for, with the reason, as an exception that Scrapy takes for a request's end."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class Refused(IgnoreRequest):
    """A request that is not made, or whose answer is not used; reaches the request's errback."""

    def __init__(self, reason: str, detail: str) -> None:
        """`reason` is the short name of a rejection, `detail` its sentence."""
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
