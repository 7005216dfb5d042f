"""The crawl of a site by all that it offers: WordPress API, sitemaps, feeds, links.

A spider says which of these `ways` it goes. Without any it finds out: the WordPress API where the site names
one that is open; else the sitemaps and feeds; and where those list no article, the links of its pages.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.linkextractors import LinkExtractor
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from cleaners.frontier import DueUrl, FoundUrl, Outcome, Role
from cleaners.urls import site_of
from spiders.crawl import NOT_MODIFIED, Output
from spiders.discovery import Kind, judge
from spiders.evidence import (
    article_evidence,
    canonical_of,
    feed_links,
    icon_of,
    is_variant,
    unreadable,
    wordpress_api,
)
from spiders.listing_crawl import GUESS, LISTED, ListingCrawl
from spiders.listings import read_listing
from spiders.outcomes import answers, page, reason_of
from spiders.site_files import SiteFiles
from spiders.wordpress_numbers import PostNumbers
from spiders.wordpress_reading import WORDPRESS_API
from spiders.wordpress_source import WordPressSource

_MAX_SECTION_SIZE: Final = 3_000_000  # bytes; reading the links of more would hold up all crawls for seconds
_MAX_LINKS: Final = 5_000  # of one page; archives of all articles on one page have thousands
_NO_PAGES: Final = frozenset({202, 204, 205, 206})
"""Statuses of success without the page (RFC 9110): not yet, as walls against bots say, nothing, a part."""

_PROBE: Final = "probe"  # cursor with what a site's front page named, for when it was not modified


class SiteCrawl(ListingCrawl):
    """Follows a site from its seeds to its articles.

    Articles are told by `spiders.discovery` and `spiders.evidence`; the reason is logged. The statistic
    `thresher/source` says which ways led to articles.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Check the arguments. Raises pydantic's `ValidationError` if they are wrong."""
        super().__init__(*args, **kwargs)
        self.wordpress = WordPressSource(self)
        self._site_files = SiteFiles(self) if self.args.site_files else None
        self._held_links: dict[str, list[FoundUrl]] = {}
        self._links_open = "links" in self.ways
        self._links_seen: set[int] = set()
        self._rechecked = False
        # The extractor's own list of extensions is replaced by the verdict on the address.
        self._link_extractor = LinkExtractor(deny_extensions=[])

    @property
    def holds_links(self) -> bool:
        """Whether the links of the seeds may be needed later."""
        return not self.ways

    async def parse(self, response: Response) -> AsyncIterator[Output]:
        """A response: a seed, a listing, or a page."""
        due: DueUrl = response.meta["due"]
        async for article in self.recovered():
            yield article
        if response.status in _NO_PAGES:
            failure = Failure(HttpError(response))  # type: ignore[no-untyped-call]
            failure.request = response.request  # type: ignore[attr-defined]
            outputs = self.on_failure(failure)
        elif due.role is Role.SEED:
            outputs = self._parse_seed(response, due)
        elif response.status == NOT_MODIFIED:
            await self.frontier.same(due)
            outputs = _nothing()
        elif due.role is Role.LISTING:
            outputs = self.parse_listing(response, due)
        else:
            outputs = self._parse_page(response, due)
        async for output in outputs:
            yield output
        for request in await self.refill():
            yield request

    # Seeds

    async def _parse_seed(self, response: Response, due: DueUrl) -> AsyncIterator[Output]:
        """A seed: a page that may name an API and feeds, a sitemap, or a feed."""
        listing = None
        if response.status == NOT_MODIFIED:
            probe = await self._probe(due)
            await self.frontier.same(due)
        else:
            listing = read_listing(response.body, response.url, max_size=self.max_listing_size)
            probe = {"listing": True} if listing else self._probed(response)
            await self._remember_probe(due, probe)
        for request in await self._files_of(response.url, probe.get("icon")):
            yield request
        if listing:
            async for output in self.follow(listing, response, due):
                yield output
            return
        if response.status != NOT_MODIFIED:
            async for output in self._parse_page(response, due):
                yield output
        if not probe.get("listing"):
            for output in await self.open_ways(response.url, probe):
                yield output

    def _probed(self, response: Response) -> dict[str, Any]:
        """What a front page names."""
        if not isinstance(response, TextResponse) or unreadable(response):
            return {"api": wordpress_api(response)}
        return {
            "api": wordpress_api(response),
            "feeds": feed_links(response),
            "icon": icon_of(response),
        }

    async def _files_of(self, home: str, icon: str | None) -> list[Request]:
        """The requests of a site's own files, where they are wanted."""
        if self._site_files is None or self.frontier.spent:
            return []
        return await self._site_files.requests(home, icon)

    async def _probe(self, due: DueUrl) -> dict[str, Any]:
        site = site_of(due.url) or due.url
        return (await self.frontier.memory.cursor(site, _PROBE)).get(due.key) or {}

    async def _remember_probe(self, due: DueUrl, probe: dict[str, Any]) -> None:
        site = site_of(due.url) or due.url
        known = await self.frontier.memory.cursor(site, _PROBE)
        if known.get(due.key) != probe:
            await self.frontier.memory.move_cursor(site, _PROBE, {**known, due.key: probe})

    async def open_ways(self, home: str, probe: dict[str, Any]) -> list[Request]:
        """Begin with the best way to a site's articles."""
        if self.goes("wordpress") and probe.get("api"):
            return [await self.wordpress.open(home, [probe["api"]], probe)]
        await self.open_listings(home, probe)
        return []

    # Pages

    async def _parse_page(self, response: Response, due: DueUrl) -> AsyncIterator[Output]:
        """A page of the site: an article, a section, or both in one."""
        problem = unreadable(response)
        if problem or not isinstance(response, TextResponse):
            yield self.refuse(response, "not-html", problem or "no text")
            return
        links = self._links(response, due)
        if due.role is Role.SEED and not self._links_open:
            self._held_links[due.key], links = links, []
        reason = self._article_reason(response, due, alone=not (links or self._held_links.get(due.key)))
        self.logger.debug("%s is %s: %s", response.url, "an article" if reason else "a section", reason)
        if not reason:
            self.crawler.stats.inc_value("thresher/sections")
            await self.frontier.end(due, Outcome.SECTION, response, links)
            return
        duplicate = await self._duplicate_of(response, due)
        if duplicate:  # its links are those of the page that it copies; of copies there may be no end
            yield self.refuse(response, "duplicate", duplicate)
            return
        if links:
            await self.frontier.admit(links, via=due.key)
        if due.discovered_by == "link":
            self.note_source("links", 1)
        self.frontier.accept(due, len(response.body))
        yield page(response, due)

    async def _duplicate_of(self, response: TextResponse, due: DueUrl) -> str | None:
        """Why a page is a second copy of one that has another address on the site."""
        canonical = canonical_of(response)
        if canonical is None or self.addresses.excluded(canonical):
            return None
        entry = self.addresses.entry(canonical, Role.ARTICLE, due.discovered_by, due.depth)
        if entry.key == due.key:
            return None
        if is_variant(response):
            await self.frontier.admit([entry], via=due.key)
            return f"a variant of {canonical}, which is taken instead"
        if await self.frontier.alias(entry, due):
            return None
        return f"the same page as {canonical}, by its own account"

    def _links(self, response: TextResponse, due: DueUrl) -> list[FoundUrl]:
        wanted = self._links_open or (due.role is Role.SEED and self.holds_links)
        too_deep = self.args.max_depth and due.depth >= self.args.max_depth
        if not wanted or too_deep or len(response.body) > _MAX_SECTION_SIZE:
            return []
        found = []
        links = self._link_extractor.extract_links(response)
        if len(links) > _MAX_LINKS:
            self.logger.warning("%s has %d links; %d are followed", response.url, len(links), _MAX_LINKS)
        for link in links[:_MAX_LINKS]:
            mark = hash(link.url)
            if mark not in self._links_seen:  # most links of a page stand on all pages of the site
                self._links_seen.add(mark)
                found.append(self.addresses.linked(link.url, due.depth + 1))
        return [entry for entry in found if entry]

    def _article_reason(self, response: TextResponse, due: DueUrl, *, alone: bool) -> str | None:
        verdict = judge(response.url)
        if not self.addresses.included(response.url) or verdict.kind is Kind.SECTION:
            return None
        if due.discovered_by in {"sitemap", "feed", WORDPRESS_API}:
            return f"listed in a {due.discovered_by}"
        if verdict.kind is Kind.ARTICLE:
            return verdict.reason
        seed = due.role is Role.SEED
        return article_evidence(response) or ("a seed that leads nowhere" if seed and alone else None)

    # Failures

    async def on_failure(self, failure: Failure) -> AsyncIterator[Output]:
        """A request failed: say why. A site whose front page fails may still list its articles."""
        request: Request = failure.request  # type: ignore[attr-defined]
        due: DueUrl = request.meta["due"]
        if due.discovered_by == GUESS:
            assert failure.value is not None
            self.logger.info("Nothing at %s: %s", request.url, reason_of(failure.value))
            await self.frontier.fail(due, reason_of(failure.value))
            for more in await self.refill():
                yield more
            return
        if due.role is Role.SEED and answers(failure.value):
            for more in await self._files_of(request.url, None):
                yield more
            for more in await self.open_ways(request.url, {}):
                yield more
        async for output in super().on_failure(failure):
            yield output

    # Stages

    @property
    def without_api(self) -> str:
        """What comes where the WordPress API is closed, as a phrase."""
        return "going on with sitemaps, feeds and links"

    async def on_api_closed(self, home: str, probe: dict[str, Any]) -> None:
        """Go on without the WordPress API."""
        await self.open_listings(home, probe)

    async def next_stage(self) -> list[Request] | None:
        """Links where the listings named nothing; then what the sources and the pages name no more."""
        if await self._needs_links():
            self._links_open = True
            for key, links in self._held_links.items():
                await self.frontier.admit(links, via=key)
            return []
        if not self._rechecked:
            self._rechecked = True
            await self.frontier.recheck([WORDPRESS_API] if self.wordpress.used else [])
            return await PostNumbers(self.wordpress).check()
        return None

    async def _needs_links(self) -> bool:
        """Whether the crawl finds its ways out itself and the listings named no article."""
        if self.ways or self._links_open or self.frontier.listed:
            return False
        if self.frontier.resumed:  # the listings may have been read before the crawl was cut short
            named = [await self.frontier.memory.cursor(site, LISTED) for site in self.sites]
            return not any(cursor.get("listed") for cursor in named)
        return True

    async def finish(self) -> None:
        """Note where the sources were left."""
        await self.wordpress.close()
        await super().finish()


async def _nothing() -> AsyncIterator[Output]:
    return
    yield
