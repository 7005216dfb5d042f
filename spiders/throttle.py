"""The pace of requests to each host: AutoThrottle with a floor, pauses, and an end that nobody waits for.

Scrapy keeps a queue and a delay for each host, its download slot. This extension is the one place that
changes them: `keep` sets a delay that a host asked for (Crawl-delay), below which it is never asked again;
`pause` lets nobody ask a host for some time (Retry-After); `refuse_waiting` gives up what waits for a host.

Requests that wait for their turn wait in the host's slot. They count among `CONCURRENT_REQUESTS`, of which
Scrapy gives the hosts with the fewest the next ones, so a host that is paused cannot use them all up while
others are asked; but a crawl in which all of that many hosts are paused at once waits for the first of them.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Final, Self

from scrapy import signals
from scrapy.core.downloader import _slot_jitter
from scrapy.extensions.throttle import AutoThrottle
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.httpobj import urlparse_cached

from cleaners.frontier import LEASE_LOST_STAT
from spiders.refusals import Refused

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.core.downloader import Downloader, Slot
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.utils.asyncio import AsyncioLoopingCall
    from twisted.internet.task import LoopingCall

# Seconds. Without any delay, Scrapy 2.19 sends all the requests that wait for a host at once, however few
# CONCURRENT_REQUESTS_PER_DOMAIN allows: it counts a request as under way only after it took the next.
LEAST_DELAY: Final = 0.001

_MOST_JITTER: Final = 0.9  # of the delay; with all of it a delay could be none, see above
_WATCH_INTERVAL: Final = 0.5  # seconds between looks at whether the crawl is to end
_PATIENCE: Final = 5.0  # seconds; whoever pressed Ctrl-C gets that much more of the crawl, and no more


class HostThrottle(AutoThrottle):
    """Keeps the least delay of each host; adapts delays above it if `AUTOTHROTTLE_ENABLED`.

    A host's least delay is the larger of `DOWNLOAD_DELAY` and what it asked for by `keep`. Delays that hosts
    asked for are not varied by `DOWNLOAD_DELAY_JITTER`, which would go below them.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Listen to the crawl."""
        self._adapts = crawler.settings.getbool("AUTOTHROTTLE_ENABLED")
        self._floors: dict[str, float] = {}
        self._watch: AsyncioLoopingCall | LoopingCall | None = None
        if self._adapts:
            super().__init__(crawler)
        else:
            self.crawler = crawler
            crawler.signals.connect(self._spider_opened, signals.spider_opened)
        crawler.signals.connect(self._on_left_downloader, signals.request_left_downloader)
        crawler.signals.connect(self._on_closed, signals.spider_closed)

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """The extension of a running crawl. Raises `RuntimeError` if the settings leave it out."""
        found = crawler.get_extension(cls)
        if found is None:
            raise RuntimeError(f"EXTENSIONS must name {cls.__module__}.{cls.__qualname__}")
        return found

    # What other components ask for. `host` is the name of a download slot, see `host_of`.

    def host_of(self, request: Request) -> str:
        """The name of the download slot that a request belongs to."""
        return self._downloader.get_slot_key(request)

    def keep(self, host: str, seconds: float) -> None:
        """Never ask `host` more often than every so many seconds, to the end of the crawl."""
        if seconds <= self._floors.get(host, 0.0):
            return
        self._floors[host] = seconds
        # The settings of slots that are made anew: Scrapy drops a slot that nobody used for a minute.
        known = self._downloader.per_slot_settings.get(host, {})
        delay = max(seconds, known.get("delay", self._downloader._delay))
        self._downloader.per_slot_settings[host] = {**known, "delay": delay, "jitter": 0.0}
        slot = self._downloader.slots.get(host)
        if slot:
            slot.delay = max(seconds, slot.delay)
            slot.jitter = 0.0

    def pause(self, host: str, seconds: float) -> None:
        """Send nothing to `host` for so many seconds and its delay after them."""
        slot = self._downloader.slots.get(host)
        if slot:
            # As if its last request had been then. Scrapy reads this whenever it looks for the next request,
            # and does not drop the slot before.
            slot.lastseen = max(slot.lastseen, monotonic() + seconds)

    def refuse_waiting(self, host: str, refusal: Callable[[], Refused]) -> None:
        """Let all requests fail that wait for `host`, each with an exception made by `refusal`."""
        slot = self._downloader.slots.get(host)
        while slot and slot.queue:
            _refuse_last(slot, refusal())

    # AutoThrottle's

    def _min_delay(self) -> float:
        return max(super()._min_delay(), LEAST_DELAY)

    def _spider_opened(self, spider: Spider) -> None:
        if self._adapts:
            super()._spider_opened(spider)
        self._level()
        self._watch = create_looping_call(self._end_waiting)
        self._watch.start(_WATCH_INTERVAL, now=False)

    def _level(self) -> None:
        """See to it that no slot is without a delay."""
        downloader = self._downloader
        downloader._delay = max(downloader._delay, LEAST_DELAY)
        downloader._jitter = min(downloader._jitter, _MOST_JITTER)
        for host, slot in downloader.per_slot_settings.items():
            delay = max(slot.get("delay", downloader._delay), LEAST_DELAY)
            jitter = min(_slot_jitter(slot, downloader._jitter), _MOST_JITTER)
            downloader.per_slot_settings[host] = {**slot, "delay": delay, "jitter": jitter}

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        host, slot = self._get_slot(request, spider)
        if slot and host:
            slot.delay = max(slot.delay, self._floors.get(host, 0.0))

    # The crawl's

    def _on_left_downloader(self, request: Request) -> None:
        # Scrapy notes the slot in the request. A redirect to another host takes the note along, and would
        # then be made beside the requests that are under way to that host.
        if request.meta.get("download_slot") == urlparse_cached(request).hostname:
            del request.meta["download_slot"]

    def _end_waiting(self) -> None:
        """Once the crawl is to end, let the requests fail that would not be sent soon.

        Scrapy itself ends only when all that left its scheduler is done, which can take as long as the
        longest pause or delay.
        """
        engine = self.crawler.engine
        if engine is None or engine._slot is None or (engine.running and engine._slot.closing is None):
            return
        # A site that this run has lost is another's to ask.
        patience = 0.0 if self.crawler.stats.get_value(LEASE_LOST_STAT) else _PATIENCE
        for slot in self._downloader.slots.values():
            while slot.queue and _wait_of_last(slot) >= patience:
                _refuse_last(
                    slot, Refused("stopped", "the crawl was ended before this address could be fetched")
                )

    def _on_closed(self) -> None:
        if self._watch:
            self._watch.stop()

    @property
    def _downloader(self) -> Downloader:
        assert self.crawler.engine is not None
        return self.crawler.engine.downloader


def _wait_of_last(slot: Slot) -> float:
    """Seconds until the last request in a slot's queue is sent, if none takes longer than the delay."""
    first = max(0.0, slot.lastseen + slot.delay - monotonic())
    return first + (len(slot.queue) - 1) * slot.delay


def _refuse_last(slot: Slot, refusal: Refused) -> None:
    _, waiting = slot.queue.pop()
    waiting.errback(refusal)
