"""Scrapy's feed exports, taught three things: our records, zstd, and one file for several crawls."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, ClassVar, Final

import zstandard
from scrapy.exporters import BaseItemExporter
from scrapy.extensions.feedexport import BlockingFeedStorage
from scrapy.utils.python import to_unicode

if TYPE_CHECKING:
    from scrapy import Spider

ARTICLES: Final = "articles.jsonl.zst"
"""File of the articles, one record a line, compressed."""

REJECTS: Final = "rejects.jsonl"
"""File of everything that gave no article, one record a line."""

_ZSTD_LEVEL: Final = 10  # twice the time of the default (3) and a tenth smaller; cleaning costs far more


DATABASE: Final = "thresher.db"
"""File of the SQLite database, unless the setting `THRESHER_DATABASE` names another one."""


def feeds() -> dict[str, dict[str, Any]]:
    """The `FEEDS` setting that writes articles and rejects into the folder of `THRESHER_OUTPUT`.

    Needs `FEED_URI_PARAMS` set to `uri_params`.
    """
    return {
        f"%(output)s/{ARTICLES}": {
            "format": "records",
            "item_classes": ["cleaners.article.Article"],
            "store_empty": True,
        },
        f"%(output)s/{REJECTS}": {
            "format": "records",
            "item_classes": ["cleaners.article.Rejection"],
            "store_empty": True,
        },
    }


def uri_params(params: dict[str, Any], spider: Spider) -> dict[str, Any]:
    """Scrapy's parameters of a feed's address, and `output`, the folder of the outputs."""
    return {**params, "output": spider.settings["THRESHER_OUTPUT"]}


def to_line(record: dict[str, Any]) -> bytes:
    r"""One record as a line of JSON in UTF-8.

    A lone surrogate, which a page can smuggle into its text and UTF-8 cannot hold, is written as JSON's
    own escape (`\ud800`), so that the line reads back exactly and is valid UTF-8.
    """
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # A surrogate can stand only inside a JSON string, where Python's escape and JSON's are the same.
    return line.encode("utf-8", "backslashreplace") + b"\n"


class RecordExporter(BaseItemExporter):
    """Writes each item's `to_record()` as one line of JSON."""

    def __init__(self, file: BinaryIO, **kwargs: Any) -> None:
        """Write to `file`; the options of Scrapy's exporters are accepted and have no effect."""
        super().__init__(dont_fail=True, **kwargs)
        self._file = file

    def export_item(self, item: Any) -> None:
        """Write one item; it must have a `to_record` method."""
        self._file.write(to_line(item.to_record()))


class AppendingFileStorage(BlockingFeedStorage):
    """A local file that several crawls of one process add to without getting into each other's way.

    Each crawl writes a part file beside the target and appends it to the target, in one go, when its
    feed closes; a target whose name ends in `.zst` is compressed then, which keeps the memory of a hundred
    crawls small. JSON lines and zstd frames can both be joined like this. The part files of a crawl that
    was killed stay where they are; they are plain text.
    """

    _appending: ClassVar = threading.Lock()

    def __init__(self, uri: str, *, feed_options: dict[str, Any] | None = None) -> None:
        """Store into the local file `uri`; the option `overwrite` replaces it."""
        self._path = Path(uri)
        self._overwrite = bool((feed_options or {}).get("overwrite"))

    def open(self, spider: Spider) -> IO[bytes]:
        """A new part file beside the target."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        prefix = f"{self._path.name}.{to_unicode(spider.name)}-"
        return tempfile.NamedTemporaryFile(dir=self._path.parent, prefix=prefix, suffix=".part", delete=False)

    def _store_in_thread(self, file: IO[bytes]) -> None:
        """Append what was written to the target and remove the part file."""
        file.close()
        part = Path(file.name)
        with (
            self._appending,
            self._path.open("wb" if self._overwrite else "ab") as target,
            part.open("rb") as source,
        ):
            if self._path.suffix == ".zst":
                zstandard.ZstdCompressor(level=_ZSTD_LEVEL).copy_stream(source, target)
            else:
                shutil.copyfileobj(source, target)
        part.unlink()


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a file written here, compressed or not, one at a time.

    Raises `OSError` if the file cannot be read, `ValueError` if a line is damaged and
    `zstandard.ZstdError` if the compressed stream is.
    """
    with path.open("rb") as raw, contextlib.ExitStack() as stack:
        source: Any = raw
        if path.suffix == ".zst":
            reader = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
            source = stack.enter_context(io.BufferedReader(stack.enter_context(reader)))
        for line in source:
            yield json.loads(line)
