"""Files on disk -> pages: one file, a folder of files, or standard input. Loads no Scrapy."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from cleaners.article import Page, Rejection
from spiders.jsonl import BY, are_lines, is_named_lines, read_lines
from spiders.packing import DamagedError
from spiders.saved_posts import posts_in
from spiders.unpacking import PlainStream
from spiders.warc import read_archive
from spiders.warc_records import OPENING

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
"""Largest document that is read, unpacked: three times what the crawl accepts of a server.

Of an archive or a file of lines, which may have any size, it bounds each record and each line.
"""

Found = Page | Rejection


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


def read_pages(
    paths: Iterable[Path], *, url: str | None = None, wanted: Callable[[str], bool] = lambda _: True
) -> Iterator[Found]:
    """The pages of all files, read as they are asked for; a rejection for what cannot be read.

    A file is unpacked where it is gzip or zstd. What it holds is told by its content: a WARC archive gives
    the pages of its answers (`spiders.warc`), JSON lines give a page a line (`spiders.jsonl`), a saved answer
    of the WordPress REST API a page a post, and anything else is one page. That page's address is `url`, else
    the file's own, as a `file:` URI. Pages of archives whose address is not `wanted` are passed over.
    """
    for path in paths:
        address = url or Path(os.path.normpath(path.absolute())).as_uri()
        try:
            yield from _read_file(path, address, wanted)
        except OSError as error:
            yield _refused(address, "unreadable-file", f"the file cannot be read: {error.strerror or error}")


def read_page(path: Path, *, url: str | None = None) -> Found:
    """The page in a file, the first where it holds several; see `read_pages`."""
    return _first(read_pages([path], url=url), url or path.absolute().as_uri())


def read_stream(stream: BinaryIO, url: str | None) -> Found:
    """The page in a stream, the first where it holds several; see `read_stream_pages`."""
    return _first(read_stream_pages(stream, url), url)


def read_stream_pages(stream: BinaryIO, url: str | None) -> Iterator[Found]:
    """The pages of a stream that can be read once, as `read_pages` gives those of a file.

    An archive is put into a temporary file first, since ours are read twice. Raises `OSError` where the
    stream cannot be read.
    """
    read = _Remembered(stream)
    try:
        plain = PlainStream(read)
        if plain.peek(len(OPENING)) != OPENING:
            read.forget()
            yield from _documents(plain, url, lines=False)
            return
    except DamagedError as error:
        yield _refused(url, "damaged-file", str(error))
        return
    with tempfile.TemporaryDirectory(prefix="thresher-") as folder:
        path = Path(folder) / "archive"
        with path.open("wb") as copy:
            copy.write(read.forget())
            shutil.copyfileobj(stream, copy)
        yield from read_archive(path, address=url or "standard input", max_size=MAX_FILE_BYTES)


def holds_many(path: Path) -> bool:
    """Whether a file may hold many pages: an archive or JSON lines. A file that cannot be read does not."""
    if not path.is_file():  # what is no plain file, such as a pipe, can be read only once
        return False
    try:
        with path.open("rb") as stream:
            plain = PlainStream(stream)
            opening = plain.peek(len(OPENING))
            return opening == OPENING or is_named_lines(path) or are_lines(plain.readline(MAX_FILE_BYTES))
    except (OSError, DamagedError):
        return False


def _read_file(path: Path, address: str, wanted: Callable[[str], bool]) -> Iterator[Found]:
    try:
        with path.open("rb") as stream:
            if not path.is_file():  # a pipe, which cannot be read twice
                yield from read_stream_pages(stream, address)
                return
            plain = PlainStream(stream)
            if plain.peek(len(OPENING)) != OPENING:
                yield from _documents(plain, address, lines=is_named_lines(path))
                return
    except DamagedError as error:
        yield _refused(address, "damaged-file", str(error))
        return
    yield from read_archive(path, address=address, wanted=wanted, max_size=MAX_FILE_BYTES)


def _documents(stream: PlainStream, address: str | None, *, lines: bool) -> Iterator[Found]:
    """What a stream holds that is no archive; `lines` says that its name tells of JSON lines.

    Raises `DamagedError` where the stream is damaged.
    """
    first = stream.readline(MAX_FILE_BYTES + 1)
    if lines or are_lines(first):
        yield from read_lines(first, stream, address or "standard input", MAX_FILE_BYTES)
        return
    body = first + stream.read(MAX_FILE_BYTES + 1 - len(first))
    if len(body) > MAX_FILE_BYTES:
        yield _refused(address, "too-large", f"the file holds more than {MAX_FILE_BYTES >> 20} MiB")
        return
    page = Page(url=address, body=body, discovered_by=BY)
    posts = posts_in(page)
    yield from posts if len(posts) > 1 else [page]


class _Remembered:
    """A stream that remembers what was read of it until it is told to forget."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._read: list[bytes] | None = []

    def read(self, size: int) -> bytes:
        data = self._raw.read(size)
        if self._read is not None:
            self._read.append(data)
        return data

    def forget(self) -> bytes:
        """What was read so far."""
        read, self._read = self._read or [], None
        return b"".join(read)


def _first(pages: Iterator[Found], address: str | None) -> Found:
    return next(pages, None) or _refused(address, "no-pages", "the file holds no page")


def _refused(address: str | None, reason: str, detail: str) -> Rejection:
    return Rejection(url=address, reason=reason, detail=detail, discovered_by=BY)


def _is_hidden(path: Path, below: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(below).parts)
