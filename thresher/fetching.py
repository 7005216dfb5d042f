"""One page from the web, asked for as crawls ask: robots.txt, no private addresses, bounds, who we are.

Scrapy runs with the project's settings and without its outputs; a process can do this once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.utils.reactor import is_reactor_installed

from cleaners.article import Page, Rejection
from cleaners.frontier import DueUrl, Role
from spiders.evidence import unreadable
from spiders.guard import AllowedNetworks
from spiders.identification import say_who_asks
from spiders.outcomes import failed, page, refused
from thresher.process_state import signal_handlers_kept

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

_SEED: Final = "seed"

_ALONE: Final = {
    "ITEM_PIPELINES": {},
    "FEEDS": {},
    "LOG_ENABLED": False,  # what went wrong is said by the answer
    "THRESHER_MAX_RETRY_AFTER": 30.0,  # seconds; somebody waits for the page
}
"""Settings of a single page that nobody stores."""


class InterruptedFetchError(Exception):
    """The fetch was ended before there was an answer, as by Ctrl-C."""


def fetch_page(url: str, settings: Mapping[str, Any] | None = None) -> Page | Rejection:
    """The page at an address of the web, or why there is none; redirects are followed to other sites too.

    `settings` override the project's. Raises `ValueError` for what is no address or a wrong setting,
    `InterruptedFetchError` where the user ended it, and `RuntimeError` when called a second time: a process
    has one reactor, which cannot be started again.
    """
    if is_reactor_installed():
        raise RuntimeError("a process can run crawls only once; start another process for the next page")
    effective = Settings()
    effective.setmodule("thresher.settings", priority="project")
    effective.setdict({**_ALONE, **(settings or {})}, priority="cmdline")
    AllowedNetworks.from_settings(effective)  # raises for what is no network before anything is started
    _check_address(url)
    found: list[Page | Rejection] = []
    with ExitStack() as stack:
        stack.enter_context(signal_handlers_kept())
        process = AsyncCrawlerProcess(effective)
        crawler = process.create_crawler(OnePage)
        task = process.crawl(crawler, url=url, found=found)
        process.start()
    if task.done() and not task.cancelled() and (error := task.exception()):
        raise error
    if not found:
        raise InterruptedFetchError(f"{url}: stopped before there was an answer")
    return found[0]


def _check_address(url: str) -> None:
    """Raise `ValueError` for what is no address of the web."""
    parts = urlsplit(url)  # raises for brackets that do not match
    if not parts.hostname or parts.port == 0:  # raises for a port that is no number
        raise ValueError("is no address of the web; write one such as https://example.org/story")


class OnePage(Spider):
    """Asks for one address, and puts what came of it into the list `found`."""

    name = "one-page"

    def __init__(self, url: str, found: list[Page | Rejection]) -> None:
        """Ask for `url`."""
        super().__init__()
        self._url = url
        self._found = found

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider, and say who asks."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        say_who_asks(crawler.settings)
        crawler.signals.connect(spider._keep, signals.item_scraped)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """The one request."""
        yield Request(
            self._url,
            self.parse,
            errback=self.on_failure,
            meta={"discovered_by": _SEED},
        )

    def parse(self, response: Response) -> Page | Rejection:
        """The page, unless it is none of text."""
        assert response.request is not None
        problem = unreadable(response)
        if problem:
            return refused(response.request, "not-html", problem, status=response.status)
        due = DueUrl(key=response.url, url=self._url, role=Role.SEED, discovered_by=_SEED)
        return page(response, due)

    def on_failure(self, failure: Failure) -> Rejection:
        """Why there is no page."""
        assert failure.value is not None
        return failed(failure.request, failure.value)  # type: ignore[attr-defined]

    def _keep(self, item: Any) -> None:
        self._found.append(item)
