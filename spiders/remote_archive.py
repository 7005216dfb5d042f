"""Archives on the web -> files, fetched in parts by Scrapy's downloader, so that all its rules hold."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError

from cleaners.article import Rejection
from spiders.outcomes import failed, refused
from spiders.packing import DamagedError
from spiders.unpacking import PlainStream

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

FOLDER: Final = "archives"
"""Folder among the outputs that archives are fetched into; each is removed when it has been read."""

_PART: Final = 8 * 1024 * 1024  # bytes asked for at a time, or DOWNLOAD_MAXSIZE where that is less
_LEAST_PART: Final = 256 * 1024  # bytes asked for where more do not come in time
_PART_TIME: Final = 60  # seconds for a part, as long as Ctrl-C may have to wait
_MAX_ARCHIVE: Final = 64 << 30  # bytes; common ones hold one to ten
_MAX_PATHS: Final = 1_000_000  # archives of one listing; the largest of Common Crawl name 100,000
_MAX_LISTING: Final = 256 * 1024 * 1024  # bytes of a listing, unpacked
_LISTING_NAME: Final = re.compile(r"\.paths(?:\.gz|\.zst)?$")
_RANGE: Final = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")
_NO_RANGE: Final = re.compile(r"bytes \*/(\d{1,18})")
_OK: Final = 200
_PARTIAL: Final = 206
_RANGE_STATUSES: Final = frozenset({_OK, _PARTIAL, 416})
_LISTED: Final = re.compile(r"(?!\w+:)[^\s<>]+|https?://[^\s<>]+")
_SKIP_WARC: Final = "skip_warc"  # what `pipelines.warc` looks for: an archive need not hold archives
_NAME_LENGTH: Final = 80  # characters of an archive's own name in that of its file


def is_listing(url: str) -> bool:
    """Whether an address is that of a list of archives, as Common Crawl names them (`warc.paths.gz`)."""
    return bool(_LISTING_NAME.search(urlsplit(url).path))


class BadRangeError(Exception):
    """An answer that is not the part that was asked for; the message says what it is."""


class ArchiveFetcher:
    """Fetches archives into the folder `archives` of `THRESHER_OUTPUT`, part by part (RFC 9110, 14).

    What a run that was stopped left there is gone on with, if the server says that the archive is the same.
    Statistics: `thresher/archives/fetched`.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Read the settings."""
        self._crawler = crawler
        self._folder = Path(crawler.settings["THRESHER_OUTPUT"]) / FOLDER
        self._step = min(_PART, crawler.settings.getint("DOWNLOAD_MAXSIZE") or _PART)

    async def fetch(self, url: str) -> Path | Rejection:
        """The file that an archive is in now, or why it is not. The caller removes it (`discard`)."""
        part = await asyncio.to_thread(_Part.found, self._folder, url)
        begun_anew = False
        while part.size != part.total:
            request = self._request(part)
            try:
                rejection = await self._add(part, request)
            except (BadRangeError, DownloadCancelledError) as error:
                # What is there may be of an archive that was replaced since, which is answered whole.
                if begun_anew or not part.size:
                    return self._no_part(request, error)
                begun_anew = True
                await asyncio.to_thread(part.reset)
                continue
            if rejection:
                return rejection
        self._crawler.stats.inc_value("thresher/archives/fetched")
        return part.path

    async def _add(self, part: _Part, request: Request) -> Rejection | None:
        """Fetch the next part; a rejection where the archive cannot be had."""
        try:
            response = await self._crawler.engine.download_async(request)
        except DownloadCancelledError:
            raise
        except Exception as error:
            if isinstance(error, DownloadTimeoutError) and self._step > _LEAST_PART:
                self._step //= 2
                return None
            return failed(request, error)
        if response.status not in _RANGE_STATUSES:
            return _refused_status(request, response)
        try:
            await asyncio.to_thread(part.take, response, self._step)
        except OSError as error:
            return refused(request, "unreadable-file", f"the archive cannot be written to the disk: {error}")
        if (part.total or 0) > _MAX_ARCHIVE:
            return refused(request, "too-large", f"the archive holds more than {_MAX_ARCHIVE >> 30} GiB")
        return None

    async def list_archives(self, url: str) -> list[str] | Rejection:
        """The addresses of the archives in a listing: a path a line, from the root of the listing's host."""
        request = Request(url, meta={"download_warnsize": 0})
        try:
            response = await self._crawler.engine.download_async(request)
            if response.status != _OK:
                return _refused_status(request, response)
            lines = PlainStream(BytesIO(response.body)).read(_MAX_LISTING + 1)
        except DamagedError as error:
            return refused(request, "bad-listing", str(error))
        except Exception as error:
            return failed(request, error)
        paths = lines.decode("utf-8", "replace").split()
        if len(lines) > _MAX_LISTING or len(paths) > _MAX_PATHS or not all(map(_LISTED.fullmatch, paths)):
            return refused(request, "bad-listing", "not a list of archives' paths, one a line")
        return list(
            dict.fromkeys(urljoin(response.url, path if "://" in path else f"/{path}") for path in paths)
        )

    async def discard(self, path: Path) -> None:
        """Remove an archive that was read."""
        await asyncio.to_thread(_discard, path)

    def _request(self, part: _Part) -> Request:
        headers = {
            "Range": f"bytes={part.size}-{part.size + self._step - 1}",
            "Accept-Encoding": "identity",  # parts of something packed once more could not be joined
        }
        if part.size and part.validator:
            headers["If-Range"] = part.validator
        meta = {"download_timeout": _PART_TIME, "download_warnsize": 0, _SKIP_WARC: True}
        return Request(part.url, headers=headers, meta=meta, dont_filter=True)

    def _no_part(self, request: Request, error: Exception) -> Rejection:
        if isinstance(error, BadRangeError):
            return refused(request, "bad-range", str(error))
        detail = (
            "the server does not give parts of the archive, and the whole is larger than DOWNLOAD_MAXSIZE: "
            "fetch it by other means and give its path"
        )
        return refused(request, "too-large", detail)


@dataclass(slots=True)
class _Part:
    """What is there of an archive, and what the server said of it.

    `validator` is a strong ETag, or else the Last-Modified: it tells whether the archive is still the same.
    """

    path: Path
    url: str
    size: int = 0
    total: int | None = None
    validator: str | None = None

    @classmethod
    def found(cls, folder: Path, url: str) -> _Part:
        """What an earlier run left, if it can be gone on with."""
        name = re.sub(r"[^\w.-]+", "-", urlsplit(url).path.rpartition("/")[2], flags=re.ASCII)[-_NAME_LENGTH:]
        part = cls(folder / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}-{name}", url)
        try:
            said = json.loads(_facts(part.path).read_text(encoding="utf-8"))
            part.size, part.total, part.validator = part.path.stat().st_size, said["total"], said["validator"]
        except (OSError, ValueError, KeyError, TypeError):
            part.size = 0
        if part.size and part.size != part.total and (not part.validator or part.size > (part.total or 0)):
            part.size = 0
        if not part.size:
            part.total = part.validator = None
        return part

    def take(self, response: Response, asked: int) -> None:
        """Add what an answer holds. Raises `BadRangeError`, and `OSError` where it cannot be written."""
        if response.status == _OK:  # all of it, from a server that gives no parts, or to `If-Range`
            self.reset()
            self._note(len(response.body), None)
        elif response.status == _PARTIAL:
            self._note(self._checked(response, asked), _validator(response))
        else:
            told = _NO_RANGE.fullmatch(_header(response, "Content-Range") or "")
            if not told or int(told[1]) != self.size:
                raise BadRangeError(f"the server says that there is nothing from byte {self.size} on")
            self._note(self.size, self.validator)
        added = b"" if response.status not in {_OK, _PARTIAL} else response.body
        with self.path.open("r+b" if self.size else "wb") as file:
            file.seek(self.size)
            file.write(added)
        self.size += len(added)

    def reset(self) -> None:
        """Begin anew."""
        _discard(self.path)
        self.size, self.total, self.validator = 0, None, None

    def _checked(self, response: Response, asked: int) -> int:
        """The size of the whole archive, of which the answer is the next part. Raises `BadRangeError`."""
        told = _RANGE.fullmatch(_header(response, "Content-Range") or "")
        if not told:
            raise BadRangeError("the server does not say which part of the archive its answer is")
        first, last, total = map(int, told.groups())
        expected = (self.size, min(self.size + asked, total) - 1)
        if (first, last) != expected or len(response.body) != last - first + 1:
            raise BadRangeError(
                f"asked for bytes {expected[0]} to {expected[1]}, the server gave {len(response.body)} "
                f"from byte {first} on"
            )
        if self.size and (total != self.total or _validator(response) != self.validator):
            raise BadRangeError("the archive was replaced while it was fetched")
        return total

    def _note(self, total: int, validator: str | None) -> None:
        """Keep what the server says beside the part, for a run that goes on with it."""
        if (total, validator) == (self.total, self.validator):
            return
        self.total, self.validator = total, validator
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_name(self.path.name + ".tmp")
        said = {"url": self.url, "total": total, "validator": validator}
        unfinished.write_text(json.dumps(said), encoding="utf-8")
        unfinished.replace(_facts(self.path))


def _validator(response: Response) -> str | None:
    """What `If-Range` may name; a weak ETag may not (RFC 9110, 13.1.5)."""
    etag = _header(response, "ETag")
    return etag if etag and etag.startswith('"') else _header(response, "Last-Modified")


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def _refused_status(request: Request, response: Response) -> Rejection:
    detail = f"the server answered {response.status}"
    return refused(request, f"http-{response.status}", detail, status=response.status)


def _facts(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _discard(path: Path) -> None:
    _facts(path).unlink(missing_ok=True)
    path.unlink(missing_ok=True)
