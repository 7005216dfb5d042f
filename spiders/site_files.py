"""Asking for the files that tell of a site as a whole: `ads.txt` and the favicon.

Like robots.txt they are about the site and no pages of it, so they have no part in the account of addresses,
and one that is missing is no rejection. They are requested like pages: robots.txt, delays, pauses, the guard
of addresses and the bounds of the crawl hold for them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from cleaners.adstxt import MAX_BYTES
from cleaners.sitefiles import MAX_ICON_BYTES, SiteFile, SiteFileKind, signs_in
from cleaners.urls import site_of
from spiders.moments import parse_moment
from spiders.outcomes import STOPPED, reason_of

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from spiders.crawl import Crawl

ASKED_AGAIN_AFTER: Final = timedelta(days=7)
"""How long an answer holds: these files change a few times a year, and are asked for by many already."""

_MOST_FETCHED: Final = {
    SiteFileKind.ADS_TXT: 4 * MAX_BYTES,  # of a longer one the beginning is read
    SiteFileKind.FAVICON: MAX_ICON_BYTES,
}
_META: Final = "site_file"
_PRIORITY: Final = 5  # before sections, after what leads to articles
_MISSING: Final = range(400, 500)
_PASSING: Final = frozenset({408, 425, 429})  # RFC 9110, 8470, 6585: not now


class SiteFiles:
    """Asks for the files of each site once a run, and not again before `ASKED_AGAIN_AFTER`.

    Gives a `SiteFile` for each answer that is there or says that there is none; what could not be had leaves
    what is known as it is. Statistics: `thresher/site_files/asked`, and `/found`, `/missing`, `/failed`.
    """

    def __init__(self, crawl: Crawl) -> None:
        """Ask as the spider `crawl`."""
        self._crawl = crawl
        self._asked: set[str] = set()

    async def requests(self, home: str, icon: str | None) -> list[Request]:
        """What to ask of the site of `home`, a page of it; `icon` is the favicon that it names."""
        site = site_of(home)
        if site is None or site in self._asked:
            return []
        self._asked.add(site)
        parts = urlsplit(home)
        root = f"[{site}]" if ":" in site else site
        port = f":{parts.port}" if parts.port else ""
        # The standard has it on the root domain (section 3.1); "www." is a part of it.
        places = {
            SiteFileKind.ADS_TXT: f"{parts.scheme}://{root}{port}/ads.txt",
            SiteFileKind.FAVICON: icon or f"{parts.scheme}://{parts.netloc}/favicon.ico",
        }
        due = [kind for kind in places if await self._is_due(site, kind)]
        return [self._request(site, kind, places[kind]) for kind in due]

    def _request(self, site: str, kind: SiteFileKind, url: str) -> Request:
        self._count("asked")
        return Request(
            url,
            self._on_answer,
            errback=self._on_failure,
            priority=_PRIORITY,
            dont_filter=True,
            meta={_META: (site, kind), "download_maxsize": _MOST_FETCHED[kind]},
        )

    async def _is_due(self, site: str, kind: SiteFileKind) -> bool:
        cursor = await self._crawl.frontier.memory.cursor(site, _cursor_of(kind))
        asked = parse_moment(str(cursor.get("asked", "")))
        return asked is None or datetime.now(UTC) - asked >= ASKED_AGAIN_AFTER

    async def _on_answer(self, response: Response) -> AsyncIterator[SiteFile]:
        site, kind = response.meta[_META]
        chain = [*response.meta.get("redirect_urls", ()), response.url]
        allowed = kind is not SiteFileKind.ADS_TXT or _is_delegated(chain, site)
        signs = signs_in(kind, response.body) if allowed and response.status == 200 else ()
        self._count("found" if signs else "missing")
        await self._note(site, kind)
        yield _file(site, kind, response, signs)

    async def _on_failure(self, failure: Failure) -> AsyncIterator[SiteFile]:
        request: Request = failure.request  # type: ignore[attr-defined]
        site, kind = request.meta[_META]
        error = failure.value
        assert error is not None
        if (reason := reason_of(error)) == STOPPED:
            return  # the next run asks
        await self._note(site, kind)
        status = error.response.status if isinstance(error, HttpError) else 0
        gone = status in _MISSING and status not in _PASSING
        self._count("missing" if gone else "failed")
        self._crawl.logger.info("No %s at %s: %s", kind.value, request.url, reason)
        if isinstance(error, HttpError) and gone:
            yield _file(site, kind, error.response)

    async def _note(self, site: str, kind: SiteFileKind) -> None:
        now = {"asked": datetime.now(UTC).isoformat()}
        await self._crawl.frontier.memory.move_cursor(site, _cursor_of(kind), now)

    def _count(self, what: str) -> None:
        self._crawl.crawler.stats.inc_value(f"thresher/site_files/{what}")


def _cursor_of(kind: SiteFileKind) -> str:
    return f"site file {kind.value}"


def _file(site: str, kind: SiteFileKind, response: Response, signs: Any = ()) -> SiteFile:
    return SiteFile(
        site=site,
        kind=kind,
        url=response.url,
        fetched_at=datetime.now(UTC),
        status=response.status,
        signs=tuple(signs),
    )


def _is_delegated(chain: list[str], site: str) -> bool:
    """Whether redirects lead where the standard allows (section 3.1): anywhere on the root domain, and with
    the last of them to one other, which it delegates to."""
    return all(site_of(url) == site for url in chain[:-1])
