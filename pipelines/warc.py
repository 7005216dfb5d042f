"""The Scrapy pipeline that keeps a crawl as WARC archives: every exchange, and what became of it."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.exceptions import NotConfigured

from cleaners.article import Page
from cleaners.urls import site_of
from pipelines.warc_files import WarcFiles
from pipelines.warc_records import take_down

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

WARC_SIZE: Final = 1 << 30
"""Bytes after which a file is closed and the next begun; what the standard recommends (Annex C)."""

SKIP_META: Final = "skip_warc"
"""Key of a request's meta which says that its exchange is none of the crawl's (parts of an archive)."""

_REMEMBERED: Final = 10_000  # answers whose page may still come; later ones are written with their body
_LABEL_CHARACTERS: Final = re.compile(r"[^a-z0-9.]+")
_LABEL_LENGTH: Final = 60
_CONFORMS_TO: Final = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


class _Answer(NamedTuple):
    """A response that reached the spider: its record, and the hash of its body as the spider has it."""

    record_id: str
    body_hash: int


class WarcPipeline:
    """Writes all exchanges (robots.txt, redirects, errors and retries too) and a record for each `Page`.

    That record says which answer the page is, or comes with the page's body where no answer is (a post out of
    an API's answer), so that `spiders.warc` reads the same pages from the archive. Items pass unchanged; the
    pipeline must stand before all that changes them. Settings: `THRESHER_WARC`, a folder (empty: no archive),
    and `THRESHER_WARC_SIZE`, bytes of a file. Statistics: `thresher/warc/files`, `/records`, `/failed`.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Listen to the downloader. Raises `NotConfigured` without a folder, `ValueError` for a bad size."""
        settings = crawler.settings
        if not settings["THRESHER_WARC"]:
            raise NotConfigured  # without a word: most crawls keep no archive
        self._size = settings.getint("THRESHER_WARC_SIZE", WARC_SIZE)
        if self._size <= 0:
            raise ValueError(f"THRESHER_WARC_SIZE must be a number of bytes above 0, not {self._size}")
        self._folder = Path(settings["THRESHER_WARC"])
        self._crawler = crawler
        self._files: WarcFiles | None = None
        self._written: WeakKeyDictionary[Request, str] = WeakKeyDictionary()
        self._answers: OrderedDict[str, _Answer] = OrderedDict()
        crawler.signals.connect(self._on_downloaded, signals.response_downloaded)
        crawler.signals.connect(self._on_received, signals.response_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the pipeline from the crawler's settings."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Make the folder. Raises `OSError` where that is not possible."""
        self._folder.mkdir(parents=True, exist_ok=True)
        settings = self._crawler.settings
        label = _LABEL_CHARACTERS.sub("-", self._label().lower()).strip("-.")[:_LABEL_LENGTH]
        self._files = WarcFiles(self._folder, label or "crawl", self._size, _facts(settings))

    async def close_spider(self) -> None:
        """Write what waits and close the file."""
        if self._files is None:
            return
        await asyncio.get_running_loop().run_in_executor(None, self._files.close)
        for name, number in self._files.counts.items():
            self._crawler.stats.set_value(f"thresher/warc/{name}", number)

    def process_item(self, item: Any) -> Any:
        """Write a page; pass every item on."""
        if isinstance(item, Page) and self._files is not None:
            answer = self._answers.get(item.url or "")
            # The same address may be that of a page and of a post in an API's answer.
            is_answer = answer is not None and answer.body_hash == hash(item.body)
            self._files.write_page(item, answer.record_id if answer and is_answer else None)
        return item

    def _on_downloaded(self, response: Response, request: Request) -> None:
        if self._files is None or request.meta.get(SKIP_META) or not request.url.startswith("http"):
            return
        exchange = take_down(request, response)
        self._written[request] = exchange.record_id
        self._files.write_exchange(exchange)

    def _on_received(self, response: Response, request: Request) -> None:
        record_id = self._written.get(request)
        if record_id is None:
            return
        self._answers[response.url] = _Answer(record_id, hash(response.body))
        self._answers.move_to_end(response.url)
        if len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)

    def _label(self) -> str:
        """What tells the files of this crawl from others': its job, its site or its spider."""
        spider: Any = self._crawler.spider
        urls = getattr(getattr(spider, "args", None), "url", None) or [""]
        job = self._crawler.settings.get("THRESHER_JOB")
        return str(job or site_of(urls[0]) or spider.name)


def _facts(settings: BaseSettings) -> dict[str, str]:
    try:
        software = f"Thresher/{version('thresher')}"
    except PackageNotFoundError:  # run from a checkout that is not installed
        software = "Thresher"
    return {
        "software": software,
        "format": "WARC File Format 1.1",
        "conformsTo": _CONFORMS_TO,
        "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
        "operator": settings["THRESHER_CONTACT"] or "",
        "http-header-user-agent": settings["USER_AGENT"] or "",
        "isPartOf": settings.get("THRESHER_JOB") or "",
        "thresher-roles": "1",
    }
