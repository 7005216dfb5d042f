"""What spiders of saved pages share: they read files in a thread, no faster than the pages are cleaned."""

from __future__ import annotations

import asyncio
import os
import shlex
import threading
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from pydantic import BaseModel, Field, field_validator
from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from cleaners.article import Page, Rejection
from spiders.documents import list_files, read_pages

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

Found = Page | Rejection

_MAX_UNDER_WAY: Final = 64 * 1024 * 1024  # bytes of pages on their way through the pipelines, beside one more
_PAGES_A_WORKER: Final = 6
_BUNCH: Final = 16  # pages read in one go: so few that Ctrl-C need not wait for them
_BUNCH_SIZE: Final = 8 * 1024 * 1024  # bytes of pages read in one go, beside one more


class PathParam(BaseModel):
    """`path`: files and folders; one, or several parted by white space, with quotes as in a shell."""

    path: list[Path] = Field(min_length=1)

    @field_validator("path", mode="before")
    @classmethod
    def _split_paths(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return [value] if value.strip() and Path(value).exists() else shlex.split(value)

    @field_validator("path")
    @classmethod
    def _check_paths(cls, paths: list[Path]) -> list[Path]:
        for path in paths:
            if not path.exists():
                raise ValueError(f"there is no file or folder {str(path)!r}")
        return list(dict.fromkeys(paths))


class StoppedError(Exception):
    """Raised in the thread that reads when nobody waits for it any more."""


class SavedPages(Spider):
    """Yields pages of files, which are read in a thread while the pages before are cleaned.

    An item is held back as long as `CONCURRENT_ITEMS` others, or many megabytes of them, are on their way
    through the pipelines. The crawl ends after `max_pages` pages, where the spider has this argument, and
    when the run's `THRESHER_BUDGET` is used up.
    """

    args: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Check the arguments. Raises pydantic's `ValidationError` if they are wrong."""
        super().__init__(*args, **kwargs)
        self.full: str | None = None  # the name of the bound that was reached
        self.end_reason = "finished"
        self._pages = 0
        self._stop = threading.Event()
        self._room: Room

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        # There is one answer with all pages: each worker needs one to clean and some to take up next.
        workers = crawler.settings.getint("THRESHER_WORKERS") or os.cpu_count() or 1
        most = max(crawler.settings.getint("CONCURRENT_ITEMS"), _PAGES_A_WORKER * workers)
        crawler.settings.set("CONCURRENT_ITEMS", most, priority="spider")
        spider._room = Room(crawler)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Begin with `parse`, without a request."""
        # In Scrapy 2.19 a crawl that is closed while items of `start` are in the pipelines never ends: it
        # does not notice when they are done. For those of a callback it waits.
        begin = Request(f"about:{self.name}", self.parse)
        self.crawler.engine.scraper.enqueue_scrape(Response(begin.url, request=begin), begin)
        no_requests: list[Request] = []
        for request in no_requests:
            yield request

    async def parse(self, response: Response) -> AsyncIterator[Found]:  # noqa: ARG002 - a formality
        """The pages and rejections. Raises `CloseSpider` at their end."""
        try:
            async with aclosing(self.find()) as finding:
                async for found in finding:
                    if not await self._room.enter(found):
                        return
                    yield found
                    if isinstance(found, Page):
                        self._count(found)
        finally:
            self._stop.set()
        raise CloseSpider(self.end_reason)  # nobody else would notice before the next beat of Scrapy's heart

    async def find(self) -> AsyncGenerator[Found]:
        """All that the spider is to find, as it is asked for: what stands in the files."""
        for path in await asyncio.to_thread(list_files, self.args.path):
            async with aclosing(self.read_file(path)) as reading:
                async for found in reading:
                    yield found

    def read_file(self, path: Path) -> AsyncGenerator[Found]:
        """What stands in a file."""
        return self.read(read_pages([path], wanted=self.wanted), path.absolute().as_uri())

    async def read(self, pages: Iterator[Found], address: str) -> AsyncGenerator[Found]:
        """What an iterator gives, run in a thread; `address` names what it reads."""
        while True:
            bunch, error = await asyncio.to_thread(_next_ones, pages)
            for found in bunch:
                yield found
            if error is not None:
                # A fault of ours, which must not cost the files after this one.
                self.logger.error("Reading %s failed", address, exc_info=error)
                self.crawler.stats.inc_value(f"thresher/spider_errors/{type(error).__name__}")
                yield Rejection(url=address, reason="spider-error", detail=f"{type(error).__name__}: {error}")
            if error is not None or not bunch:
                return

    def wanted(self, url: str) -> bool:  # noqa: ARG002 - all are; spiders with patterns ask them
        """Whether a page of an archive is wanted, asked in the thread. Raises `StoppedError` at the end."""
        if self._stop.is_set():
            raise StoppedError
        return True

    def _count(self, page: Page) -> None:
        """Count a page. Raises `CloseSpider` after the last that is wanted."""
        self._pages += 1
        budget = self.settings.get("THRESHER_BUDGET")
        if budget is not None:
            budget.spend(pages=1, size=len(page.body))
        if self._pages >= getattr(self.args, "max_pages", self._pages + 1):
            self.full = "max_pages"
        elif budget is not None and budget.exhausted:
            self.full = "run_budget"
        if self.full:
            raise CloseSpider(self.full)


def _next_ones(pages: Iterator[Found]) -> tuple[list[Found], Exception | None]:
    """Some more of the items, none at the end, and the error that they end with, if they do."""
    bunch: list[Found] = []
    size = 0
    try:
        for found in islice(pages, _BUNCH):
            bunch.append(found)
            size += _size(found)
            if size >= _BUNCH_SIZE:
                break
    except StoppedError:
        return [], None
    except Exception as error:
        return bunch, error
    return bunch, None


def _size(found: Found) -> int:
    return len(found.body) if isinstance(found, Page) else 0


class Room:
    """Counts the items under way, in number and bytes; pipelines end them in nearly the order they begin."""

    def __init__(self, crawler: Crawler) -> None:
        """Watch the items of a crawler."""
        self._crawler = crawler
        self._most = crawler.settings.getint("CONCURRENT_ITEMS")
        self._sizes: deque[int] = deque()
        self._left = asyncio.Event()
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(self._leave, signal)

    async def enter(self, found: Found) -> bool:
        """Wait until there is room; false when the crawl ends in the meantime."""
        while self._sizes and (
            len(self._sizes) >= self._most or sum(self._sizes) + _size(found) > _MAX_UNDER_WAY
        ):
            self._left.clear()
            await self._left.wait()
        slot = self._crawler.engine.scraper.slot
        if slot is None or slot.closing is not None:
            return False
        self._sizes.append(_size(found))
        return True

    async def drain(self) -> bool:
        """Wait until all have left; false when the crawl ends in the meantime."""
        while self._sizes:
            self._left.clear()
            await self._left.wait()
        slot = self._crawler.engine.scraper.slot
        return slot is not None and slot.closing is None

    def _leave(self) -> None:
        if self._sizes:
            self._sizes.popleft()
        self._left.set()
