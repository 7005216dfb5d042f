"""WARC files, written by a thread of their own, each closed when it is large enough."""

from __future__ import annotations

import logging
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from io import BytesIO, FileIO
from pathlib import Path
from typing import Final

from warcio.recordloader import ArcWarcRecord
from warcio.warcwriter import WARCWriter

from cleaners.article import Page
from pipelines.warc_records import (
    Exchange,
    conversion_record,
    exchange_records,
    new_id,
    role_record,
    warcinfo,
)

OPEN_SUFFIX: Final = ".open"
"""What the name of a file ends with while it is written."""

MAX_WAITING: Final = 64 * 1024 * 1024
"""Bytes that wait for the disk at most. A disk that is slower than the network holds the crawl up."""

_MAX_REMEMBERED: Final = 100_000  # answers of the file at hand that pages may refer to: 10 MB of names
_MAX_SERIAL: Final = 100_000  # files of one second and one name, which other crawls may have taken

logger = logging.getLogger(__name__)


class WarcFiles:
    """Archives in a folder, `thresher-TIME-LABEL-NUMBER.warc.gz`; one being written ends in ".open".

    Records are packed one by one and written whole, so that a process that is killed loses the last at most.
    Writing returns at once, unless the disk is far behind. What cannot be written is logged, and the file put
    back to its last whole record. `counts` holds "files", "records" and "failed".
    """

    def __init__(self, folder: Path, label: str, max_size: int, facts: Mapping[str, str]) -> None:
        """Write into `folder`, `facts` into each file's first record. No file is made until it is needed."""
        self._folder = folder
        self._label = label
        self._max_size = max_size
        self._facts = facts
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="warc")
        self._gate = _Gate(MAX_WAITING)
        self._file: _File | None = None
        self._here: OrderedDict[str, None] = OrderedDict()  # ids of answers in the file at hand
        self._failing = False
        self.counts: Counter[str] = Counter()

    def write_exchange(self, exchange: Exchange) -> None:
        """Write a request and its answer."""
        self._submit(partial(self._write_exchange, exchange), exchange.size)

    def write_page(self, page: Page, record_id: str | None) -> None:
        """Write that a page went to the cleaner; `record_id` names the answer that holds its body, if any.

        Where none does, or it stands in an earlier file, the body is written too: each file stands alone.
        """
        self._submit(partial(self._write_page, page, record_id), len(page.body))

    def close(self) -> None:
        """Wait until all is written and give the last file its name."""
        self._submit(self._close_file, 0)
        self._thread.shutdown()

    def _submit(self, work: Callable[[], None], size: int) -> None:
        self._gate.enter(size)
        self._thread.submit(self._try, work, size)

    def _try(self, work: Callable[[], None], size: int) -> None:
        try:
            work()
            self._failing = False
        except Exception as error:
            self.counts["failed"] += 1
            if not self._failing:  # one line, not one for each record until there is room on the disk again
                logger.error("The WARC file cannot be written: %s", error, exc_info=error)
            self._failing = True
        finally:
            self._gate.leave(size)

    def _write_exchange(self, exchange: Exchange) -> None:
        file = self._open_file()
        self._put(file, exchange_records(exchange, file.info_id))
        self._here[exchange.record_id] = None
        if len(self._here) > _MAX_REMEMBERED:
            self._here.popitem(last=False)
        self._end_if_full(file)

    def _write_page(self, page: Page, record_id: str | None) -> None:
        file = self._open_file()
        if record_id in self._here:
            assert record_id is not None
            self._put(file, [role_record(page, record_id, file.info_id)])
        else:
            own_id = new_id()
            body = conversion_record(page, own_id, record_id, file.info_id)
            self._put(file, [body, role_record(page, own_id, file.info_id)])
        self._end_if_full(file)

    def _put(self, file: _File, records: Iterable[ArcWarcRecord]) -> None:
        self.counts["records"] += file.put(records)

    def _open_file(self) -> _File:
        if self._file is None:
            self._file = _File.create(self._folder, self._label, self._facts)
            self.counts.update(files=1, records=1)
        return self._file

    def _end_if_full(self, file: _File) -> None:
        if file.size >= self._max_size:
            self._close_file()

    def _close_file(self) -> None:
        self._here.clear()
        file, self._file = self._file, None
        if file is not None:
            file.close()


class _File:
    """One archive that is being written."""

    def __init__(self, raw: FileIO, path: Path) -> None:
        self._raw = raw
        self._path = path
        self.info_id = new_id()
        self.size = 0

    @classmethod
    def create(cls, folder: Path, label: str, facts: Mapping[str, str]) -> _File:
        """A new file with its first record, under a name that no other crawl has taken."""
        moment = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
        for serial in range(1, _MAX_SERIAL):
            path = folder / f"thresher-{moment}-{label}-{serial:05}.warc.gz"
            unfinished = path.with_name(path.name + OPEN_SUFFIX)
            try:
                raw = FileIO(unfinished, "x")
            except FileExistsError:
                continue
            if path.exists():  # looked for only now, when no other crawl can finish a file of this name
                raw.close()
                unfinished.unlink()
                continue
            file = cls(raw, path)
            try:
                file.put([warcinfo(file.info_id, path.name, facts)])
            except OSError:
                raw.close()
                unfinished.unlink()
                raise
            return file
        raise FileExistsError(f"{folder} holds {_MAX_SERIAL} archives of one second")

    def put(self, records: Iterable[ArcWarcRecord]) -> int:
        """Write records, all or none, and give their number. Raises `OSError`."""
        packed = BytesIO()
        writer = WARCWriter(packed, gzip=True)
        number = 0
        for record in records:
            writer.write_record(record)
            number += 1
        data = packed.getbuffer()
        try:
            while data:
                data = data[self._raw.write(data) :]
        except OSError:
            self._raw.truncate(self.size)
            self._raw.seek(self.size)
            raise
        self.size = self._raw.tell()
        return number

    def close(self) -> None:
        """Close the file and take the suffix off its name."""
        self._raw.close()
        self._path.with_name(self._path.name + OPEN_SUFFIX).rename(self._path)


class _Gate:
    """Lets no more through than a number of bytes at a time; one that is larger goes alone."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._inside = 0
        self._left = threading.Condition()

    def enter(self, size: int) -> None:
        with self._left:
            self._left.wait_for(lambda: not self._inside or self._inside + size <= self._limit)
            self._inside += size

    def leave(self, size: int) -> None:
        with self._left:
            self._inside -= size
            self._left.notify_all()
