"""The crawl of one site, shared by the spiders: seeds, links, sitemaps and feeds in, pages out."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import parse_qsl, urlsplit

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Response, TextResponse
from scrapy.linkextractors import LinkExtractor
from w3lib.url import canonicalize_url

from cleaners.article import Page, Rejection
from cleaners.urls import site_of
from spiders.discovery import Kind, judge, normalise
from spiders.evidence import article_evidence, feed_links, unreadable
from spiders.listings import Listing, ListingKind, read_listing
from spiders.outcomes import answers, failed, page, reason_of, refused

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

    from spiders.params import SiteParams

Output = Page | Rejection | Request

_LISTING_PRIORITY: Final = 20  # listings first: they name articles with their dates
_ARTICLE_PRIORITY: Final = 10  # then articles, sections last: they only lead to more
_MAX_LISTINGS: Final = 200  # sitemaps of one index; large sites keep one a month, so 16 years of them
_MAX_SECTION_SIZE: Final = 3_000_000  # bytes; reading the links of more would hold up all crawls for seconds
_PAGE_QUERY: Final = frozenset({"page", "paged", "pg"})


class SiteCrawl(Spider):
    """Follows a site from its seeds to its articles. A base for spiders with `SiteParams`.

    Every address that is requested ends as a `Page`, as a `Rejection`, or as a section, whose links are
    followed. Articles are told by `spiders.discovery` and `spiders.evidence`; the reason is logged.
    """

    args: SiteParams

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Check the arguments. Raises pydantic's `ValidationError` if they are wrong."""
        super().__init__(*args, **kwargs)
        self._sites: set[str | None] = set()
        self._seen: set[str] = set()
        self._sitemaps: dict[str, list[str]] = {}
        self._backlog: deque[Request] = deque()
        self._outstanding = 0  # requests under way that are expected to be articles
        self._sections = 0
        self._pages = 0
        # The extractor's own list of extensions is replaced by the verdict on the address.
        self._link_extractor = LinkExtractor(deny_extensions=[])

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider; arguments that are settings become settings of this crawl."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        settings.set("DEPTH_LIMIT", spider.args.max_depth, priority="spider")
        if contact := settings["THRESHER_CONTACT"]:
            settings.set("USER_AGENT", f"{settings['USER_AGENT']} (+{contact})", priority="spider")
        else:
            spider.logger.warning(
                "THRESHER_CONTACT is not set: webmasters cannot tell who crawls their sites"
            )
        # One request under way and one waiting a host: Scrapy finishes all that left its queue before it
        # stops, and nobody who pressed Ctrl-C wants to wait for sixteen pages of one slow server.
        enough = 2 * len(spider.args.url) * settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        if enough < settings.getint("CONCURRENT_REQUESTS"):
            settings.set("CONCURRENT_REQUESTS", enough, priority="spider")
        crawler.signals.connect(spider._on_robots, signals.robots_parsed)
        crawler.signals.connect(spider._on_idle, signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """The seeds."""
        for url in self.args.url:
            for request in self.seed_requests(url):
                yield request

    # What the middlewares ask

    def same_site(self, url: str) -> bool:
        """Whether an address belongs to one of the sites that are crawled."""
        return site_of(url) in self._sites

    def seen(self, url: str) -> bool:
        """Whether an address was found before; from now on it was."""
        key = canonicalize_url(url)
        if key in self._seen:
            return True
        self._seen.add(key)
        return False

    # Requests

    def seed_requests(self, url: str) -> Iterator[Request]:
        """The request that begins the crawl of a site."""
        self._sites.add(site_of(url))
        clean = normalise(url) or url
        if not self.seen(clean):
            yield Request(
                clean, self.parse_seed, errback=self.on_seed_failure, meta={"discovered_by": "seed"}
            )

    def _listing_request(self, url: str, by: str, *, guess: bool = False) -> Iterator[Request]:
        if self.same_site(url) and not self.seen(url):
            yield Request(
                url,
                self.parse_listing,
                errback=self.on_guess_failure if guess else self.on_failure,
                priority=_LISTING_PRIORITY,
                meta={"discovered_by": by, "depth_reset": True},
                cb_kwargs={"guess": guess},
            )

    def _listings(self, response_url: str) -> Iterator[Request]:
        """The sitemaps that robots.txt names, or the one place where they are looked for otherwise."""
        if "sitemap" not in self.args.discover:
            return
        parts = urlsplit(response_url)
        named = self._sitemaps.get(parts.netloc, [])
        for url in named:
            yield from self._listing_request(url, "sitemap")
        if not named:
            yield from self._listing_request(
                f"{parts.scheme}://{parts.netloc}/sitemap.xml", "sitemap", guess=True
            )

    def _offer(self, url: str, by: str, lastmod: datetime | None = None) -> Iterator[Request]:
        """A request for a found address, if it is wanted and new."""
        clean = normalise(url)
        if clean is None or not self.same_site(clean) or self._excluded(clean):
            return
        kind = judge(clean).kind
        listed = by != "link"
        if kind is Kind.SKIP or (listed and kind is Kind.SECTION):
            return
        expected = kind is Kind.ARTICLE or listed
        if expected and not self._included(clean):
            return
        if (not expected and not self._section_wanted(clean)) or self.seen(clean):
            return
        meta: dict[str, Any] = {"discovered_by": by, "depth_reset": listed, "expected": expected}
        request = Request(
            clean,
            self.parse_page,
            errback=self.on_failure,
            priority=_ARTICLE_PRIORITY if expected else 0,
            meta=meta,
            cb_kwargs={"lastmod": lastmod},
        )
        if expected:
            self._backlog.append(request)
            yield from self._from_backlog()
        else:
            self._sections += 1
            yield request

    def _from_backlog(self) -> Iterator[Request]:
        """As many articles as may still be needed: none is fetched beyond `max_pages`."""
        while self._backlog and self._pages + self._outstanding < self.args.max_pages:
            self._outstanding += 1
            yield self._backlog.popleft()

    def _settle(self, request: Request | None) -> Iterator[Request]:
        """A request has ended; another may take its place."""
        if request is not None and request.meta.get("expected"):
            self._outstanding -= 1
        yield from self._from_backlog()

    def _excluded(self, url: str) -> bool:
        return bool(self.args.exclude and self.args.exclude.search(url))

    def _included(self, url: str) -> bool:
        return not self.args.include or bool(self.args.include.search(url))

    def _section_wanted(self, url: str) -> bool:
        # As many sections as pages are enough to find them; sorted and filtered lists repeat the plain ones.
        query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
        return self._sections < self.args.max_pages and all(
            name in _PAGE_QUERY and value.isdigit() for name, value in query
        )

    # Callbacks

    def parse_seed(self, response: Response) -> Iterator[Output]:
        """A seed: a page, a section, a sitemap or a feed."""
        self._sites.add(site_of(response.url))  # a seed may redirect to where the site lives now
        yield from self._listings(response.url)
        listing = read_listing(response.body, response.url, max_size=self._max_size)
        if listing:
            yield from self._follow(listing)
            return
        if "feed" in self.args.discover and isinstance(response, TextResponse) and not unreadable(response):
            for url in feed_links(response):
                yield from self._listing_request(url, "feed")
        yield from self.parse_page(response)

    def parse_listing(self, response: Response, *, guess: bool = False) -> Iterator[Output]:
        """A sitemap, an index of sitemaps or a feed."""
        listing = read_listing(response.body, response.url, max_size=self._max_size)
        assert response.request is not None
        if listing:
            yield from self._follow(listing)
        problem = listing.damage if listing else "neither a sitemap nor a feed"
        if problem and guess:
            self.logger.info("No sitemap at %s: %s", response.url, problem)
        elif problem:
            yield refused(response.request, "bad-listing", problem, status=response.status)

    def _follow(self, listing: Listing) -> Iterator[Request]:
        if listing.kind is ListingKind.INDEX:
            for entry in listing.entries[:_MAX_LISTINGS]:
                yield from self._listing_request(entry.url, "sitemap")
            return
        for entry in listing.entries:
            yield from self._offer(entry.url, listing.kind.value, entry.lastmod)

    def parse_page(self, response: Response, *, lastmod: datetime | None = None) -> Iterator[Output]:
        """A page of the site: an article, a section, or both in one."""
        request = response.request
        assert request is not None
        problem = unreadable(response)
        if problem or not isinstance(response, TextResponse):
            yield refused(request, "not-html", problem or "no text", status=response.status)
            yield from self._settle(request)
            return
        links = self._links(response)
        reason = self._article_reason(response, alone=not links)
        self.logger.debug("%s is %s: %s", response.url, "an article" if reason else "a section", reason)
        if reason:
            yield self.accept(request, page(response, lastmod=lastmod))
        else:
            self.crawler.stats.inc_value("thresher/sections")
        yield from self._settle(request)
        for url in links:
            yield from self._offer(url, "link")
        self.close_when_full()

    def accept(self, request: Request, found: Page) -> Page | Rejection:
        """Count a page; a rejection when `max_pages` is reached already."""
        if self._pages >= self.args.max_pages:
            return refused(
                request, "page-limit", f"the crawl ended after {self._pages} pages", status=found.status
            )
        self._pages += 1
        return found

    def close_when_full(self) -> None:
        """End the crawl when it has its pages. Raises `CloseSpider`."""
        if self._pages >= self.args.max_pages:
            raise CloseSpider("max_pages")

    def _links(self, response: TextResponse) -> list[str]:
        limit = self.settings.getint("DEPTH_LIMIT")
        deep_enough = limit and response.meta.get("depth", 0) >= limit
        if "links" not in self.args.discover or deep_enough or len(response.body) > _MAX_SECTION_SIZE:
            return []
        return [link.url for link in self._link_extractor.extract_links(response)]

    def _article_reason(self, response: TextResponse, *, alone: bool) -> str | None:
        verdict = judge(response.url)
        by = response.meta.get("discovered_by")
        if not self._included(response.url) or verdict.kind is Kind.SECTION:
            return None
        if by in {"sitemap", "feed"}:
            return f"listed in a {by}"
        if verdict.kind is Kind.ARTICLE:
            return verdict.reason
        return article_evidence(response) or ("a seed that leads nowhere" if by == "seed" and alone else None)

    # Failures and signals

    def on_failure(self, failure: Failure) -> Iterator[Output]:
        """A request failed: say why."""
        request: Request = failure.request  # type: ignore[attr-defined]
        assert failure.value is not None
        yield failed(request, failure.value)
        yield from self._settle(request)

    def on_seed_failure(self, failure: Failure) -> Iterator[Output]:
        """A seed failed; if its site answers at all, it may still list its articles."""
        yield from self.on_failure(failure)
        if answers(failure.value):
            yield from self._listings(failure.request.url)  # type: ignore[attr-defined]

    def on_guess_failure(self, failure: Failure) -> None:
        """Nothing at a place that nobody named."""
        assert failure.value is not None
        reason = reason_of(failure.value)
        self.logger.info("Nothing at %s: %s", failure.request.url, reason)  # type: ignore[attr-defined]

    def closed(self, reason: str) -> None:
        """Say what was left out; Scrapy calls this at the end."""
        if self._backlog:
            self.logger.info("%d more articles were found and not fetched (%s)", len(self._backlog), reason)

    def _on_robots(self, robotparser: Any, request: Request) -> None:
        # The parser is Scrapy's wrapper; the sitemaps stand in the Protego object that it wraps.
        sitemaps = getattr(getattr(robotparser, "rp", None), "sitemaps", ())
        self._sitemaps[urlsplit(request.url).netloc] = list(sitemaps)

    def _on_idle(self) -> None:
        # Nothing is under way. If articles still wait, one went missing uncounted: go on with the others.
        self._outstanding = 0
        waiting = list(self._from_backlog())
        for request in waiting:
            self.crawler.engine.crawl(request)
        if waiting:
            raise DontCloseSpider

    @property
    def _max_size(self) -> int:
        return self.settings.getint("DOWNLOAD_MAXSIZE")
