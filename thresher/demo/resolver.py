"""Name resolution for the demonstration: reserved names lead to this machine, all others stay Scrapy's.

Set by `TWISTED_DNS_RESOLVER`. The top-level domain `.example` is reserved by RFC 2606 and never exists
in the public name system, so nothing real can be shadowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred, succeed

RESERVED_DOMAIN: Final = ".example"
LOOPBACK: Final = "127.0.0.1"


class LoopbackResolver(CachingThreadedResolver):
    """Scrapy's default resolver, except that every name under `.example` is this machine."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """The address of `name`; `timeout` is Twisted's and goes on to Scrapy's resolver."""
        # Not put into Scrapy's cache: with per-address concurrency all sites would share one slot.
        if name.rstrip(".").lower().endswith(RESERVED_DOMAIN):
            return succeed(LOOPBACK)
        return super().getHostByName(name, timeout)
