"""The part of a crawl that reads what sites list themselves: sitemaps and feeds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.http import Response

from cleaners.article import Rejection
from cleaners.frontier import DueUrl, FoundUrl, Outcome
from cleaners.urls import site_of
from spiders.crawl import Crawl, Output
from spiders.evidence import feed_guesses
from spiders.listings import Entry, Listing, ListingKind, read_listing
from spiders.outcomes import refused
from spiders.posts import post_page

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

GUESS: Final = "guess"
"""What led to an address that nobody named."""

LISTED: Final = "listed"
"""Cursor that says that listings name articles, for a crawl that is cut short."""

_MAX_LISTINGS: Final = 200  # sitemaps of one index; large sites keep one a month, so 16 years of them
_MAX_NESTING: Final = 3  # indexes within indexes; the protocol knows none, some large sites have one
_MAX_NAMED: Final = 2_000  # sitemaps that indexes name in one crawl; nested ones could name millions
_SITEMAP_GUESSES: Final = ("/sitemap.xml",)


class ListingCrawl(Crawl):
    """Follows sitemaps and feeds to their articles. A base for `SiteCrawl`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Check the arguments. Raises pydantic's `ValidationError` if they are wrong."""
        super().__init__(*args, **kwargs)
        self._sitemaps: dict[str, list[str]] = {}
        self._maps_named = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._on_robots, signals.robots_parsed)
        return spider

    @property
    def ways(self) -> frozenset[str]:
        """How articles are found: "wordpress", "sitemap", "feed", "links"; empty to find out."""
        return frozenset()

    def goes(self, way: str) -> bool:
        """Whether a way is one to try."""
        return not self.ways or way in self.ways

    async def open_listings(self, home: str, probe: dict[str, Any]) -> None:
        """Go by sitemaps and feeds."""
        found: list[FoundUrl | None] = []
        if self.goes("sitemap"):
            parts = urlsplit(home)
            root = f"{parts.scheme}://{parts.netloc}"
            named = self._sitemaps.get(parts.netloc) or [root + path for path in _SITEMAP_GUESSES]
            by = "sitemap" if self._sitemaps.get(parts.netloc) else GUESS
            found += [self.addresses.listing(url, by) for url in named]
        if self.goes("feed"):
            feeds = probe.get("feeds") or []
            found += [self.addresses.listing(url, "feed") for url in feeds]
            if not feeds and self.ways == {"feed"}:
                found += [self.addresses.listing(url, GUESS) for url in feed_guesses(home)]
        await self.frontier.admit([entry for entry in found if entry], via=None)

    async def parse_listing(self, response: Response, due: DueUrl) -> AsyncIterator[Output]:
        """A sitemap, an index of sitemaps or a feed."""
        # A long listing takes seconds to read, and all that while nothing else would be asked for or heard.
        listing = await asyncio.to_thread(
            read_listing, response.body, response.url, max_size=self.max_listing_size
        )
        if listing is None and due.discovered_by == GUESS:
            self.logger.info("Neither a sitemap nor a feed at %s", response.url)
            await self.frontier.end(due, Outcome.REJECTED, response)
        elif listing is None:
            yield self.refuse(response, "bad-listing", "neither a sitemap nor a feed")
        else:
            async for output in self.follow(listing, response, due):
                yield output

    async def follow(self, listing: Listing, response: Response, due: DueUrl) -> AsyncIterator[Output]:
        """Put what a listing names into the frontier; give the articles whose whole text it holds."""
        if listing.kind is ListingKind.INDEX:
            named = self._named_maps(listing, response, due)
            admitted = await self.frontier.end(due, Outcome.LISTING, response, named)
            self.frontier.listed += max(0, admitted.new - len(named))  # by sitemaps that did not change
        else:
            by = listing.kind.value
            posts = {
                found.key: (entry, found)
                for entry in listing.entries
                if entry.post and (found := self._posted(entry, by))
            }
            wanted = await asyncio.to_thread(self._listed, listing, by)
            self.note_source(by, len(wanted) + len(posts))
            if self.frontier.listed:
                await self.frontier.memory.move_cursor(site_of(due.url) or due.url, LISTED, {"listed": True})
            await self.frontier.end(due, Outcome.LISTING, response, wanted)
            async for output in self._offer(posts, response, due):
                yield output
        if listing.damage:
            self.logger.warning("%s: %s", response.url, listing.damage)
            yield refused(response.request, "bad-listing", listing.damage, status=response.status)

    def _listed(self, listing: Listing, by: str) -> list[FoundUrl]:
        """The articles that a listing names without their text."""
        plain = (entry for entry in listing.entries if not entry.post)
        pages = (self.addresses.listed(entry.url, by, entry.lastmod) for entry in plain)
        return [entry for entry in pages if entry]

    def _named_maps(self, index: Listing, response: Response, due: DueUrl) -> list[FoundUrl]:
        """The sitemaps that an index names, the newest first, as many as are read."""
        room = min(_MAX_LISTINGS, _MAX_NAMED - self._maps_named) if due.depth < _MAX_NESTING else 0
        maps = [self.addresses.listing(entry.url, "sitemap", entry.lastmod) for entry in index.entries]
        named = [replace(entry, depth=due.depth + 1) for entry in maps if entry]
        if len(named) > room:
            self.logger.warning("%s names %d sitemaps; %d are read", response.url, len(named), room)
        self._maps_named += min(room, len(named))
        return named[:room]

    def _posted(self, entry: Entry, by: str) -> FoundUrl | None:
        """An item with its whole text; without a time of its last change, only the text tells of one."""
        found = self.addresses.posted(entry.url, by, entry.lastmod)
        return replace(found, again=True) if found and entry.post and not entry.post.modified else found

    async def _offer(
        self, posts: dict[str, tuple[Entry, FoundUrl]], response: Response, due: DueUrl
    ) -> AsyncIterator[Output]:
        """The items of a feed that hold their articles' whole text."""
        found = [entry for _, entry in posts.values()]
        for key in await self.frontier.offer(found, via=due.key):
            post = posts[key][0].post
            assert post is not None
            made = post_page(post, by="feed", fetched_at=datetime.now(UTC), status=response.status)
            self.frontier.accept(None, len(made.body))
            yield replace(made, key=key, url=posts[key][1].url)

    def note_source(self, name: str, articles: int) -> None:
        """Count articles that a source named."""
        if not articles:
            return
        if name != "links":
            self.frontier.listed += articles
        named = self.crawler.stats.get_value("thresher/source", "")
        if name not in named.split(", "):
            self.crawler.stats.set_value("thresher/source", f"{named}, {name}" if named else name)

    def _on_robots(self, robotparser: Any, request: Request) -> None:
        # The parser is Scrapy's wrapper; the sitemaps stand in the Protego object that it wraps.
        sitemaps = getattr(getattr(robotparser, "rp", None), "sitemaps", ())
        self._sitemaps[urlsplit(request.url).netloc] = list(sitemaps)

    @property
    def max_listing_size(self) -> int:
        """Bytes of a listing, unpacked, that are read."""
        return self.settings.getint("DOWNLOAD_MAXSIZE")

    def refuse(self, response: Response, reason: str, detail: str) -> Rejection:
        """A rejection of a page that was fetched."""
        assert response.request is not None
        rejection = refused(response.request, reason, detail, status=response.status)
        return self.reject(rejection, response.request)
