"""Rows into files, a new one whenever the last is large enough; the same rows give the same bytes."""

from __future__ import annotations

import contextlib
import hashlib
import os
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol, Self

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard
from pydantic import BaseModel, ConfigDict

from pipelines.export.options import Form
from pipelines.export.rows import ExportRow
from pipelines.export.schema import SORTED_BY
from pipelines.feeds import to_line

ZSTD_LEVEL: Final = 9
"""A corpus is written once and read often; `docs/export.md` has the figures of other levels."""

ROW_GROUP_ROWS: Final = 10_000
"""Rows of a row group at most: what a reader skips, or shuffles, in one piece."""

ROW_GROUP_BYTES: Final = 64_000_000
"""Bytes in memory after which a row group ends before that; a reader holds whole ones."""

_DICTIONARIES: Final = ("site", "language", "discovered_by", "relation", "reason", "origin_relation")
_LONG: Final = frozenset({"text", "markdown"})  # whose least and greatest value help nobody


class WrittenFile(BaseModel):
    """A file of the export: its name, its rows, its bytes and their SHA-256."""

    model_config = ConfigDict(frozen=True)

    name: str
    rows: int
    bytes: int
    sha256: str


class Sink:
    """A file that counts and hashes what is written into it."""

    def __init__(self, path: Path) -> None:
        """Make the file. Raises `FileExistsError` if it is there."""
        self._file = path.open("xb")
        self._hash = hashlib.sha256()
        self._size = 0

    @property
    def closed(self) -> bool:
        """Whether it is closed."""
        return self._file.closed

    def write(self, data: Any) -> int:
        """Write bytes, all of them."""
        self._file.write(data)
        self._hash.update(data)
        self._size += len(data)
        return len(data)

    def tell(self) -> int:
        """Bytes written."""
        return self._size

    def flush(self) -> None:
        """Give what is written to the system."""
        self._file.flush()

    def close(self) -> None:
        """Close the file once it is safe on the disk."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def abandon(self) -> None:
        """Close the file without a care for what is in it."""
        with contextlib.suppress(OSError):  # a full disk, of which an error was raised already
            self._file.close()

    def hexdigest(self) -> str:
        """The SHA-256 of what is written."""
        return self._hash.hexdigest()


class _Part(Protocol):
    """A file of rows under way."""

    def write(self, rows: list[ExportRow]) -> int:
        """Add rows; gives about how many bytes the file has. The same rows give the same number."""

    def close(self) -> None:
        """Write what is left to write."""

    def abandon(self) -> None:
        """Let go of a file that is thrown away."""


class _Parquet:
    """Rows as Parquet. A row group is compressed in another thread, while the rows of the next are read."""

    def __init__(self, sink: Sink, schema: pa.Schema, file_size: int) -> None:
        self._sink = sink
        self._schema = schema
        self._group_bytes = min(ROW_GROUP_BYTES, file_size)
        self._batches: list[pa.RecordBatch] = []
        self._rows = self._bytes = 0
        self._written = self._expected = 0
        names = schema.names
        in_order = all(name in names for name in SORTED_BY)
        self._thread = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None
        self._writer = pq.ParquetWriter(
            sink,
            schema,
            compression="zstd",
            compression_level=ZSTD_LEVEL,
            use_dictionary=[name for name in _DICTIONARIES if name in names],
            write_statistics=[name for name in names if name not in _LONG],
            write_page_index=True,
            sorting_columns=_sorting(schema) if in_order else None,
        )

    def write(self, rows: list[ExportRow]) -> int:
        batch = pa.RecordBatch.from_pylist(rows, schema=self._schema)
        self._batches.append(batch)
        self._rows += batch.num_rows
        self._bytes += batch.nbytes
        if self._rows >= ROW_GROUP_ROWS or self._bytes >= self._group_bytes:
            self._end_group()
        return self._expected

    def close(self) -> None:
        if self._rows:
            self._end_group()
        self._wait()
        self._thread.shutdown()
        self._writer.close()

    def abandon(self) -> None:
        self._thread.shutdown()
        self._writer.is_open = False  # else its destructor would write

    def _end_group(self) -> None:
        self._wait()  # so that at most two groups are in memory, and an error is heard of
        size = self._sink.tell()
        self._expected = 2 * size - self._written  # the group that is begun will be like the one before
        self._written = size
        table = pa.Table.from_batches(self._batches, schema=self._schema)
        self._writing = self._thread.submit(self._writer.write_table, table, row_group_size=self._rows)
        self._batches, self._rows, self._bytes = [], 0, 0

    def _wait(self) -> None:
        if self._writing is not None:
            self._writing.result()


class _JsonLines:
    """Rows as lines of JSON, compressed."""

    def __init__(self, sink: Any, schema: pa.Schema) -> None:
        self._sink = sink
        self._names = schema.names
        self._stream: Any = zstandard.ZstdCompressor(level=ZSTD_LEVEL).stream_writer(sink, closefd=False)

    def write(self, rows: list[ExportRow]) -> int:
        lines = (to_line({name: _plain(row[name]) for name in self._names}) for row in rows)
        self._stream.write(b"".join(lines))
        return int(self._sink.tell())

    def close(self) -> None:
        self._stream.close()

    def abandon(self) -> None:
        pass


class Parts:
    """Files of rows in a folder, named by `pattern`, which is given the number of the file, from 0.

    A context manager. Without any row there is one file, without rows.
    """

    def __init__(self, folder: Path, pattern: str, schema: pa.Schema, form: Form, file_size: int) -> None:
        """Write into `folder`; a file that has reached `file_size` bytes gets no more rows."""
        self.files: list[WrittenFile] = []
        self._folder = folder
        self._pattern = pattern + (".parquet" if form is Form.PARQUET else ".jsonl.zst")
        self._schema = schema
        self._form = form
        self._file_size = file_size
        self._rows = 0
        self._sink: Sink | None = None
        self._part: _Part | None = None

    def __enter__(self) -> Self:
        """Nothing is written yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the last file; after an error only let go of it."""
        if error is None:
            if self._part is not None or not self.files:
                self._close()
        elif self._sink is not None and self._part is not None:
            self._part.abandon()
            self._sink.abandon()

    def write(self, rows: list[ExportRow]) -> None:
        """Add rows. Raises `OSError` where the disk takes no more."""
        part, _ = self._open()
        size = part.write(rows)
        self._rows += len(rows)
        if size >= self._file_size:
            self._close()

    def _open(self) -> tuple[_Part, Sink]:
        if self._part is None or self._sink is None:
            sink = self._sink = Sink(self._folder / self._name())
            if self._form is Form.PARQUET:
                self._part = _Parquet(sink, self._schema, self._file_size)
            else:
                self._part = _JsonLines(sink, self._schema)
            self._rows = 0
        return self._part, self._sink

    def _close(self) -> None:
        part, sink = self._open()
        part.close()
        sink.close()
        self.files.append(
            WrittenFile(name=self._name(), rows=self._rows, bytes=sink.tell(), sha256=sink.hexdigest())
        )
        self._part = self._sink = None

    def _name(self) -> str:
        return self._pattern.format(len(self.files))


def _sorting(schema: pa.Schema) -> Any:
    order = [(name, "ascending") for name in SORTED_BY]
    return pq.SortingColumn.from_ordering(schema, order, null_placement="at_end")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
