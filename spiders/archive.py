"""The `archive` spider: `scrapy crawl archive -a path=crawl.warc.gz`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from pydantic import AliasChoices, Field, model_validator
from scrapy.utils.misc import build_from_crawler, load_object
from scrapy_spider_metadata import Args  # type: ignore[attr-defined]

from cleaners.article import Rejection
from cleaners.frontier import SiteHeldError
from spiders.documents import MAX_FILE_BYTES, list_files
from spiders.identification import say_who_asks
from spiders.memory import Memory
from spiders.params import MaxPagesParam, PatternsParam, SpiderParams, UrlParam, check
from spiders.remote_archive import ArchiveFetcher, is_listing
from spiders.saved import Found, PathParam, SavedPages
from spiders.warc import read_archive

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


_READ: Final = "archives"  # whose cursors name the archives that were read to their end
_WHOLE: Final = "whole"  # stamp of an archive on the web, which never changes under its address


class ArchiveParams(SpiderParams, PathParam, UrlParam, MaxPagesParam, PatternsParam):
    """Arguments of the `archive` spider: archives by `path`, by `url`, or both.

    `again` reads those too that an earlier run has read to their end.
    """

    again: bool = False

    path: list[Path] = Field(default=[])
    url: list[str] = Field(default=[], validation_alias=AliasChoices("url", "urls"))

    @model_validator(mode="after")
    def _name_some(self) -> Self:
        if not self.path and not self.url:
            raise ValueError("name an archive by path=FILE or url=ADDRESS")
        return self


class ArchiveSpider(Args[ArchiveParams], SavedPages):
    """Reads WARC archives: files, folders of them, and archives on the web or listings of such.

    An archive on the web is fetched into a file, read, and removed. See `spiders.warc` for what is a page.
    """

    name = "archive"
    args: ArchiveParams
    _fetcher: ArchiveFetcher
    _memory: Memory
    _not_had: set[str]

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, Any]) -> None:
        """Raise `ValueError` with a readable message if the spider could not run with these arguments."""
        check(ArchiveParams, arguments)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider; servers of archives are told who asks."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        say_who_asks(crawler.settings)
        spider._fetcher = ArchiveFetcher(crawler)
        spider._not_had = set()
        return spider

    def wanted(self, url: str) -> bool:
        """Whether the patterns want a page. Raises `StoppedError` after the end."""
        include, exclude = self.args.include, self.args.exclude
        return (
            super().wanted(url)
            and (include is None or bool(include.search(url)))
            and not (exclude is not None and exclude.search(url))
        )

    async def find(self) -> AsyncGenerator[Found]:
        """The pages of the files, then those of the archives on the web, one after the other."""
        self._memory = build_from_crawler(load_object(self.settings["THRESHER_MEMORY"]), self.crawler)
        for path in await asyncio.to_thread(list_files, self.args.path):
            address, stamp = path.absolute().as_uri(), await asyncio.to_thread(_stamp, path)
            async with aclosing(self._once(address, stamp, self.read_file(path))) as local:
                async for found in local:
                    yield found
        for url in self.args.url:
            listed = await self._fetcher.list_archives(url) if is_listing(url) else [url]
            if isinstance(listed, Rejection):
                yield listed
                continue
            for address in listed:
                async with aclosing(self._once(address, _WHOLE, self._find_at(address))) as remote:
                    async for found in remote:
                        yield found

    async def _once(self, address: str, stamp: str, finding: AsyncGenerator[Found]) -> AsyncGenerator[Found]:
        """What is found in an archive that no earlier run has read to its end, as `stamp` knows it."""
        known = await self._memory.cursor(_READ, address)
        if known.get("stamp") == stamp and not self.args.again:
            self.logger.info("%s was read by an earlier run", address)
            self.crawler.stats.inc_value("thresher/archives/known")
            await finding.aclose()
            return
        try:
            await self._memory.begin({address})
        except SiteHeldError as error:
            self.logger.error("%s", error)
            self.crawler.stats.set_value("thresher/held", str(error))
            self.end_reason = "held"
            await finding.aclose()
            return
        failed = False
        async with aclosing(finding):
            async for found in finding:
                failed |= isinstance(found, Rejection) and found.reason == "spider-error"
                yield found
        # Only when all its pages have been stored, so that a run that is killed reads it again.
        missing = failed or address in self._not_had
        if not missing and not self.full and await self._room.drain():
            await self._memory.move_cursor(_READ, address, {"stamp": stamp})

    async def _find_at(self, address: str) -> AsyncGenerator[Found]:
        path = await self._fetcher.fetch(address)
        if isinstance(path, Rejection):
            self._not_had.add(address)
            yield path
            return
        pages = read_archive(path, address=address, wanted=self.wanted, max_size=MAX_FILE_BYTES)
        read = False
        try:
            async with aclosing(self.read(pages, address)) as reading:
                async for found in reading:
                    yield found
            read = True
        finally:
            # After Ctrl-C it stays, so that the next run need not fetch it again.
            if read or self.full:
                await self._fetcher.discard(path)


def _stamp(path: Path) -> str:
    """What changes when a file does."""
    state = path.stat()
    return f"{state.st_size} bytes of {state.st_mtime_ns}"
