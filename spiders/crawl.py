"""The life of a crawl, shared by the spiders of the web: seeds, requests, redirects, failures, the end.

Every address that is requested ends as a `Page`, as a `Rejection`, as a section or listing whose entries are
followed, or as one that did not change; what is found goes through the `Frontier`, which remembers it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Self

from scrapy import Request, Spider, signals
from scrapy.exceptions import DontCloseSpider

from cleaners.article import Article, Page, Rejection
from cleaners.frontier import (
    LEASE_LOST,
    LEASE_LOST_STAT,
    Admitted,
    DueUrl,
    LeaseLostError,
    Role,
    SiteHeldError,
)
from cleaners.sitefiles import SiteFile
from cleaners.urls import site_of
from spiders.addresses import Addresses
from spiders.frontier import Frontier
from spiders.identification import say_who_asks
from spiders.outcomes import STOPPED, failed, settled_as
from spiders.redirects import RedirectRefused

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

    from spiders.params import CrawlParams

Output = Page | Article | Rejection | SiteFile | Request

NOT_MODIFIED: Final = 304
"""Status of an answer that says that what is held is still so (RFC 9110)."""

_PRIORITY: Final = {Role.SEED: 30, Role.LISTING: 20, Role.ARTICLE: 10, Role.SECTION: 0}


class Crawl(Spider):
    """What all spiders of the web have in common. A base for `SiteCrawl`."""

    args: CrawlParams
    frontier: Frontier

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Check the arguments. Raises pydantic's `ValidationError` if they are wrong."""
        super().__init__(*args, **kwargs)
        self.addresses = Addresses(self.args)
        self._ended = False
        self._held = False
        self._recovered = False
        self._advancing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider; arguments that are settings become settings of this crawl."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        say_who_asks(settings)
        # One request under way and one waiting a host: Scrapy finishes all that left its queue before it
        # stops, and nobody who pressed Ctrl-C wants to wait for sixteen pages of one slow server.
        enough = 2 * len(spider.args.url) * settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        if enough < settings.getint("CONCURRENT_REQUESTS"):
            settings.set("CONCURRENT_REQUESTS", enough, priority="spider")
        crawler.signals.connect(spider._on_idle, signals.spider_idle)
        for ended in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider._on_item_end, ended)
        return spider

    @property
    def sites(self) -> frozenset[str]:
        """The sites that are crawled."""
        return frozenset(self.addresses.sites)

    async def start(self) -> AsyncIterator[Any]:
        """The seeds, and what waits from before."""
        self.frontier = Frontier(self.crawler, self.args)
        self.addresses.sites = {site_of(url) or url for url in self.args.url}
        try:
            await self.frontier.begin(self.sites)
        except SiteHeldError as error:
            self.logger.error("%s", error)
            self.crawler.stats.set_value("thresher/held", str(error))
            self._held = True
            return
        for url in self.args.url:
            due = await self.frontier.seed(self.addresses.entry(url, Role.SEED, "seed"))
            yield self.request(due)
        for request in await self.refill():
            yield request

    # For the spiders to fill in

    async def next_stage(self) -> list[Request] | None:
        """Called when nothing is under way: more requests (the frontier may have more too), or `None` at the
        end."""
        return None

    # Requests

    def request(self, due: DueUrl, **options: Any) -> Request:
        """The request of an address; one for what is held already asks only for what changed (RFC 9110)."""
        headers = {"If-None-Match": due.etag, "If-Modified-Since": due.last_modified}
        held = {name: value for name, value in headers.items() if value}
        return Request(
            due.url,
            options.pop("callback", self.parse),
            errback=options.pop("errback", self.on_failure),
            headers=held,
            priority=_PRIORITY[due.role],
            dont_filter=True,  # the frontier knows what was requested
            meta={
                "due": due,
                "discovered_by": due.discovered_by,
                "handle_httpstatus_list": [NOT_MODIFIED] if held else [],
            },
            **options,
        )

    async def refill(self) -> list[Request]:
        """The next requests."""
        wanted: list[DueUrl] = []
        while not wanted and (taken := await self.frontier.take()):
            for due in taken:
                if due.role is Role.ARTICLE and not self.addresses.asked_for(due.url):
                    await self.frontier.leave_out(due)
                else:
                    wanted.append(due)
        return [self.request(due) for due in wanted]

    async def redirected(self, request: Request, url: str) -> DueUrl:
        """What a redirect leads to. Raises `RedirectRefused` for one that is not to be followed."""
        due: DueUrl = request.meta["due"]
        if not self.addresses.same_site(url):
            if due.role is not Role.SEED:
                raise RedirectRefused("redirect-offsite", f"redirects to another site: {url}")
            await self._adopt(url)
        if due.role in {Role.ARTICLE, Role.SECTION} and (why := self.addresses.unwanted(url)):
            raise RedirectRefused("redirect-unwanted", f"redirects to {url}: {why}")
        target = self.addresses.entry(url, due.role, due.discovered_by, due.depth)
        target = replace(target, lastmod=due.lastmod)  # what a listing says of one is said of the other
        if target.key == due.key:
            return due
        admitted: Admitted = await self.frontier.redirected(due, target)
        if target.key not in admitted.wanted:
            reason = "is as it was" if admitted.new else "was found already"
            raise RedirectRefused("duplicate", f"redirects to {url}, which {reason}")
        return self.frontier.under_way(target.key)

    async def _adopt(self, url: str) -> None:
        """A seed may redirect to where the site lives now."""
        site = site_of(url)
        if site is None:
            raise RedirectRefused("redirect-offsite", f"redirects to no web address: {url}")
        try:
            await self.frontier.begin({site})
        except SiteHeldError as error:
            raise RedirectRefused("redirect-offsite", str(error)) from error
        self.addresses.sites.add(site)

    async def recovered(self) -> AsyncIterator[Article]:
        """What killed runs stored and did not write; once, with the first answer.

        From a callback, as Scrapy 2.19 does not close while items of `start()` are under way.
        """
        if self._recovered:
            return
        self._recovered = True
        while some := await self.frontier.memory.unwritten():
            for article in some:
                yield article

    # Failures

    async def on_failure(self, failure: Failure) -> AsyncIterator[Output]:
        """A request failed: say why."""
        request: Request = failure.request  # type: ignore[attr-defined]
        assert failure.value is not None
        async for article in self.recovered():
            yield article
        rejection = failed(request, failure.value)
        if rejection.reason == STOPPED:
            self.frontier.give_back(request.meta["due"])
            return
        yield self.reject(rejection, request)
        for more in await self.refill():
            yield more

    def reject(self, rejection: Rejection, request: Request) -> Rejection:
        """Account for an address that gives no page."""
        self.frontier.reject(request.meta["due"], settled_as(rejection.reason))
        return rejection

    def _on_item_end(self, item: Any) -> None:
        key = getattr(item, "key", None)
        if key is not None:
            self.frontier.left_cleaner(key)

    # The end

    def _on_idle(self) -> None:
        if self._ended:
            return
        if self._advancing is None or self._advancing.done():
            self._advancing = asyncio.ensure_future(self._advance())
        raise DontCloseSpider

    async def _advance(self) -> None:
        """Nothing is under way: go on to the next stage, or end."""
        reason = "held"
        try:
            if not self._held:
                requests = await self._last_requests()
                for request in requests:
                    self.crawler.engine.crawl(request)
                if requests:
                    return
                await self.finish()
                reason = self.frontier.spent or "finished"
        except LeaseLostError as error:
            self.logger.error("The crawl ends: %s", error)
            self.crawler.stats.set_value(LEASE_LOST_STAT, 1)
            reason = LEASE_LOST
        except Exception:
            self.logger.exception("The crawl cannot go on")
            reason = "error"
        self._ended = True
        await self.crawler.engine.close_spider_async(reason=reason)

    async def _last_requests(self) -> list[Request]:
        """What the stages that are left find; none when there is nothing left to do."""
        await self.frontier.drop_lost()
        requests = await self.refill()
        while not requests and not self.frontier.spent:
            more = await self.next_stage()
            if more is None:
                break
            requests = [*more, *await self.refill()]
        return requests

    async def finish(self) -> None:
        """Everything was dealt with, or left to the next run by a budget."""
        await self.frontier.memory.finish()

    async def close_account(self) -> None:
        """Count what is left; the pipeline that writes the figures calls this when the crawl has ended."""
        if hasattr(self, "frontier") and not self.crawler.stats.get_value("thresher/held"):
            left = await self.frontier.count_left()
            if left:
                self.logger.info("%d addresses were found and are left to the next run", left)
