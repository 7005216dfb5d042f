"""The `archive` spider: `scrapy crawl archive -a path=crawl.warc.gz`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import AliasChoices, Field, model_validator
from scrapy_spider_metadata import Args  # type: ignore[attr-defined]

from cleaners.article import Rejection
from spiders.documents import MAX_FILE_BYTES
from spiders.params import MaxPagesParam, PatternsParam, SpiderParams, UrlParam, check
from spiders.remote_archive import ArchiveFetcher, is_listing
from spiders.saved import Found, PathParam, SavedPages
from spiders.warc import read_archive

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class ArchiveParams(SpiderParams, PathParam, UrlParam, MaxPagesParam, PatternsParam):
    """Arguments of the `archive` spider: archives by `path`, by `url`, or both."""

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

    @classmethod
    def check_arguments(cls, arguments: Mapping[str, Any]) -> None:
        """Raise `ValueError` with a readable message if the spider could not run with these arguments."""
        check(ArchiveParams, arguments)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider; servers of archives are told who asks."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        if contact := settings["THRESHER_CONTACT"]:
            settings.set("USER_AGENT", f"{settings['USER_AGENT']} (+{contact})", priority="spider")
        spider._fetcher = ArchiveFetcher(crawler)
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
        async with aclosing(super().find()) as local:
            async for found in local:
                yield found
        for url in self.args.url:
            listed = await self._fetcher.list_archives(url) if is_listing(url) else [url]
            for address in [listed] if isinstance(listed, Rejection) else listed:
                async with aclosing(self._find_at(address)) as remote:
                    async for found in remote:
                        yield found

    async def _find_at(self, address: str | Rejection) -> AsyncGenerator[Found]:
        path = await self._fetcher.fetch(address) if isinstance(address, str) else address
        if isinstance(path, Rejection):
            yield path
            return
        assert isinstance(address, str)
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
