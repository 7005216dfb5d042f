"""Files on disk -> pages: one file, a folder of files, or standard input."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import zstandard

from cleaners.article import Page, Rejection
from cleaners.wordpress import entries_in

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
"""Largest file that is read, unpacked: three times what the crawl accepts of a server."""

_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_ZSTD_STEP: Final = 1024  # bytes; a block of four bytes may unpack to 128 KiB, so a step to 32 MiB


class UnreadableFileError(Exception):
    """A file that gives no page; the message says why, `reason` names it for counting."""

    def __init__(self, reason: str, message: str) -> None:
        """Take the name to count by and the sentence to read."""
        super().__init__(message)
        self.reason = reason


def list_files(paths: Iterable[Path]) -> list[Path]:
    """The files to read: each file named, and all files below each folder named, in order of their paths.

    Hidden files and folders are left out below a named folder. A file that is named twice is read once.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = (entry for entry in path.rglob("*") if entry.is_file() and not _is_hidden(entry, path))
            found.update(dict.fromkeys(sorted(inside, key=lambda entry: entry.as_posix())))
        else:
            found[path] = None
    return list(found)


def read_page(path: Path, *, url: str | None = None) -> Page | Rejection:
    """The page in a file, unpacked where it is gzip or zstd; a rejection where it cannot be read.

    The page's address is `url`, else the file's own, as a `file:` URI.
    """
    address = url or Path(os.path.normpath(path.absolute())).as_uri()
    try:
        with path.open("rb") as stream:
            return read_stream(stream, address)
    except OSError as error:
        detail = f"the file cannot be read: {error.strerror or error}"
        return Rejection(url=address, reason="unreadable-file", detail=detail, discovered_by="file")


def read_stream(stream: BinaryIO, url: str | None) -> Page | Rejection:
    """The page in a stream, unpacked where it is gzip or zstd; a rejection where that fails.

    Raises `OSError` where the stream itself cannot be read.
    """
    try:
        return Page(url=url, body=read_bytes(stream), discovered_by="file")
    except UnreadableFileError as error:
        return Rejection(url=url, reason=error.reason, detail=str(error), discovered_by="file")


def read_pages(paths: Iterable[Path], *, url: str | None = None) -> Iterator[Page | Rejection]:
    """The pages of all files, read one after the other as they are asked for; `url` as in `read_page`.

    A saved answer of the WordPress REST API, a list of posts, gives one page a post.
    """
    for path in paths:
        page = read_page(path, url=url)
        entries = entries_in(page.body) if isinstance(page, Page) and _may_be_list(page.body) else []
        if len(entries) > 1:
            yield from (_entry_page(entry, number, page.url) for number, entry in enumerate(entries, 1))
        else:
            yield page


def _may_be_list(body: bytes | str) -> bool:
    start = body[:64].lstrip()
    return start.startswith(b"[") if isinstance(start, bytes) else start.startswith("[")


def _entry_page(entry: Any, number: int, address: str | None) -> Page:
    """One post of a saved answer of the API; its address is its own, else the file's with its number."""
    link = entry.get("link") if isinstance(entry, dict) else None
    url = link if isinstance(link, str) and link else f"{address}#{number}"
    return Page(url=url, body=json.dumps(entry), content_type="application/json", discovered_by="file")


def read_bytes(stream: BinaryIO) -> bytes:
    """All of a stream, unpacked where it is gzip or zstd. Raises `UnreadableFileError`."""
    data = stream.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise _too_large()
    if data.startswith(_GZIP):
        return _gunzip(data)
    if data.startswith(_ZSTD):
        return _unzstd(data)
    return data


def _gunzip(data: bytes) -> bytes:
    """Unpack all members, and stop at the bound, whatever the file claims of its size."""
    pieces: list[bytes] = []
    size = 0
    while data:
        member = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        try:
            piece = member.decompress(data, MAX_FILE_BYTES + 1 - size)
        except zlib.error as error:
            raise UnreadableFileError("damaged-file", f"the gzip file is damaged: {error}") from error
        pieces.append(piece)
        size += len(piece)
        if size > MAX_FILE_BYTES:
            raise _too_large()
        if not member.eof:
            raise UnreadableFileError("damaged-file", "the gzip file ends too early")
        data = member.unused_data.lstrip(b"\0")
    return b"".join(pieces)


def _unzstd(data: bytes) -> bytes:
    """Unpack all frames; the input is fed in small steps, since a few bytes may stand for megabytes."""
    pieces: list[bytes] = []
    size = 0
    frame = zstandard.ZstdDecompressor().decompressobj()
    for start in range(0, len(data), _ZSTD_STEP):
        rest = data[start : start + _ZSTD_STEP]
        while rest:
            if frame.eof:
                frame = zstandard.ZstdDecompressor().decompressobj()
            try:
                pieces.append(frame.decompress(rest))
            except zstandard.ZstdError as error:
                raise UnreadableFileError("damaged-file", f"the zstd file is damaged: {error}") from error
            size += len(pieces[-1])
            if size > MAX_FILE_BYTES:
                raise _too_large()
            rest = frame.unused_data if frame.eof else b""
    if not frame.eof:
        raise UnreadableFileError("damaged-file", "the zstd file ends too early")
    return b"".join(pieces)


def _too_large() -> UnreadableFileError:
    limit = MAX_FILE_BYTES // (1024 * 1024)
    return UnreadableFileError("too-large", f"the file holds more than {limit} MiB")


def _is_hidden(path: Path, below: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(below).parts)
