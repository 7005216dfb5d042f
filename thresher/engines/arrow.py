"""Cleaning over Arrow record batches: pages in, articles out, a row for a row (`docs/record_batches.md`).

What Ray Data (`Dataset.map_batches`), Spark (`DataFrame.mapInArrow`) and other engines ask for: one callable
that can be pickled. None of them is needed here.
"""

from __future__ import annotations

import importlib
import os
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

import pyarrow as pa
import pyarrow.types as is_type

from cleaners import Page, Rejection
from cleaners.article import Article
from pipelines.clean import require_text
from pipelines.cleaner import Cleaner
from pipelines.records import record_row, record_schema, valid_text
from pipelines.workers import MEMORY_LIMIT, TIME_LIMIT, CleaningPool

INVALID_ROW: Final = "invalid-row"
"""Reason of a row that names no page: without a body, or with a time that no calendar has."""

_TEXTS: Final = ("url", "content_type", "discovered_by")
_MOMENTS: Final = ("fetched_at", "lastmod")
_REJECT: Final = ("reject_reason", "reject_detail")
_OF_ANY_ROW: Final = frozenset({"url", "discovered_by", *_MOMENTS})
"""Columns of a page that its row keeps under the same name, whether it gave an article or not."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICKS: Final = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_CHARACTERS_AT_A_TIME: Final = 16_000_000
"""Characters of articles that are held as Python objects before they become Arrow: some 200 MB of memory.
Also keeps columns of text far from the 2 GiB that one array can have."""


class WrongColumnsError(ValueError):
    """Columns that cannot be cleaned; the message says what to do."""


@dataclass(kw_only=True)  # neither frozen nor with slots: Ray's actors hang attributes on it
class CleanBatches:
    """Cleans the pages of a batch: as many rows out as in, in the same order, in `output_schema`.

    `body` names the column of the pages, binary or text. `url`, `content_type`, `discovered_by` (text),
    `fetched_at` and `lastmod` (timestamps) are the page's own where there are such columns. The others go
    along as they are, or only those in `keep`. `cleaner` says how pages are cleaned; `workers` is the number
    of processes that do it, `time_limit` the seconds and `memory_limit` the bytes that one page may take.

    The processes belong to the process that calls, are kept between batches and calls, and end with it;
    nothing of them is pickled.
    """

    body: str = "body"
    keep: Collection[str] | None = None
    cleaner: Cleaner = field(default_factory=Cleaner)
    workers: int = 1  # an engine runs as many calls as there are processors
    time_limit: float = TIME_LIMIT
    memory_limit: int = MEMORY_LIMIT

    def __call__(self, batch: pa.Table | pa.RecordBatch) -> pa.Table:
        """The batch's articles, one a row; `reject_reason` and `reject_detail` where a page gave none.

        Raises `WrongColumnsError`, as `output_schema` does.
        """
        schema = self.output_schema(batch.schema)
        own = pa.schema([schema.field(name) for name in (*record_schema().names, *_REJECT)])
        rows = self._rows(batch.to_batches() if isinstance(batch, pa.Table) else [batch])
        cleaned = pa.Table.from_batches(_in_batches(rows, own), own)
        kept = schema.names[: -len(own)]
        return pa.table([*(batch[name] for name in kept), *cleaned.columns], schema=schema)

    def stream(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The same for an iterator of record batches, which is what `DataFrame.mapInArrow` takes."""
        for batch in batches:
            yield from self(batch).to_batches()

    def output_schema(self, schema: pa.Schema) -> pa.Schema:
        """The columns that come out for those that go in: the ones kept, an article's, and the rejection's.

        Raises `WrongColumnsError` where a column is missing, of a wrong type, there twice, or has the name of
        another one that comes out.
        """
        self._check(schema)
        own = [one.with_nullable(True) for one in record_schema()]
        own += [pa.field(name, pa.string()) for name in _REJECT]
        names = {one.name for one in own}
        others = [one for one in schema if one.name != self.body and one.name not in _OF_ANY_ROW]
        kept = [one for one in others if self.keep is None or one.name in self.keep]
        if taken := sorted(names & {one.name for one in kept}):
            raise WrongColumnsError(
                f"the columns {', '.join(taken)} have names that articles have, too: rename them, or say in "
                "`keep` which columns are to be kept"
            )
        return pa.schema([*kept, *own], metadata=record_schema().metadata)

    def spark_schema(self, schema: Any) -> Any:
        """The schema that `DataFrame.mapInArrow` is to be told, for a frame with such a one (`frame.schema`).

        Raises `ImportError` where pyspark is not installed, and what `output_schema` raises.
        """
        types = importlib.import_module("pyspark.sql.pandas.types")
        return types.from_arrow_schema(self.output_schema(types.to_arrow_schema(schema)))

    def _check(self, schema: pa.Schema) -> None:
        if len(set(schema.names)) < len(schema):
            raise WrongColumnsError("two columns have the same name: rename one of them")
        if self.body not in schema.names:
            there = ", ".join(schema.names) or "none"
            raise WrongColumnsError(
                f"no column {self.body!r} holds the pages (there are: {there}): rename the one that does, or "
                "name it by `body`"
            )
        wanted = {self.body: (_is_bytes, "binary or string")}
        wanted |= dict.fromkeys(_TEXTS, (_is_text, "string")) | dict.fromkeys(
            _MOMENTS, (is_type.is_timestamp, "timestamp")
        )
        for one in schema:
            fits, name = wanted.get(one.name, (None, ""))
            if fits and not fits(one.type) and not is_type.is_null(one.type):
                raise WrongColumnsError(f"the column {one.name!r} is of {one.type}: cast it to {name}")
        if missing := sorted({*(self.keep or ())} - {*schema.names}):
            raise WrongColumnsError(f"`keep` names columns that are not there: {', '.join(missing)}")

    def _rows(self, batches: Iterable[pa.RecordBatch]) -> Iterator[dict[str, Any]]:
        """The rows of articles and of rejections, in order."""
        under_way: deque[datetime | None] = deque()

        def pages() -> Iterator[Page | Rejection]:
            for page in _pages(batches, self.body):
                under_way.append(page.lastmod if isinstance(page, Page) else None)
                yield page

        pool = _pool(self.cleaner, self.workers, self.time_limit, self.memory_limit, os.getpid())
        for outcome in pool.map(pages()):
            lastmod = under_way.popleft()
            yield _rejected(outcome, lastmod) if isinstance(outcome, Rejection) else outcome


@dataclass(frozen=True, slots=True)
class _RowCleaner:
    """What a worker runs: a page's row, or its rejection."""

    cleaner: Cleaner

    def __call__(self, page: Page) -> dict[str, Any] | Rejection:
        """Clean a page."""
        article = require_text(self.cleaner(page), page)
        return article if isinstance(article, Rejection) else record_row(article.to_record())


@cache
def _pool(
    cleaner: Cleaner, workers: int, time_limit: float, memory_limit: int, _process: int
) -> CleaningPool[dict[str, Any] | Rejection]:
    """The pool of a process; that of the process from which it was forked would never answer."""
    return CleaningPool(
        function=_RowCleaner(cleaner),
        workers=workers,
        time_limit=time_limit,
        memory_limit=memory_limit,
    )


def _pages(batches: Iterable[pa.RecordBatch], body: str) -> Iterator[Page | Rejection]:
    """The page of each row."""
    for batch in batches:
        columns = {name: batch.column(name) for name in _TEXTS if name in batch.schema.names}
        moments = {name: batch.column(name) for name in _MOMENTS if name in batch.schema.names}
        bodies = batch.column(body)
        for number in range(len(batch)):
            texts = {name: column[number].as_py() for name, column in columns.items()}
            yield _page(bodies[number].as_py(), texts, {n: column[number] for n, column in moments.items()})


def _page(
    body: bytes | str | None, texts: dict[str, str | None], moments: dict[str, pa.Scalar]
) -> Page | Rejection:
    url, discovered_by = texts.get("url"), texts.get("discovered_by")
    if body is None:
        detail = "the row has no page: its body is null"
        return Rejection(url=url, reason=INVALID_ROW, detail=detail, discovered_by=discovered_by)
    try:
        times = {name: _moment(value) for name, value in moments.items()}
    except OverflowError:
        detail = f"{' or '.join(moments)} is a time before the year 1 or after the year 9999"
        return Rejection(url=url, reason=INVALID_ROW, detail=detail, discovered_by=discovered_by)
    return Page(
        url=url,
        body=body,
        content_type=texts.get("content_type"),
        fetched_at=times.get("fetched_at"),
        discovered_by=discovered_by,
        lastmod=times.get("lastmod"),
    )


def _moment(value: pa.Scalar) -> datetime | None:
    """A timestamp of any unit as a time in UTC; raises `OverflowError` for one that no calendar has."""
    ticks = getattr(value, "value", None)  # `as_py` needs pandas for nanoseconds; null has none of its own
    if ticks is None:
        return None
    return _EPOCH + timedelta(microseconds=ticks * _TICKS["us"] // _TICKS[value.type.unit])


def _rejected(rejection: Rejection, lastmod: datetime | None) -> dict[str, Any]:
    """The row of a rejection: the page's own columns, and the reason."""
    page = Article(
        url=rejection.url,
        fetched_at=rejection.fetched_at,
        discovered_by=rejection.discovered_by,
        lastmod=lastmod,
    )
    row = record_row(page.to_record())
    told = {name: value for name, value in row.items() if name.removesuffix("_iso") in _OF_ANY_ROW}
    return told | {"reject_reason": rejection.reason, "reject_detail": valid_text(rejection.detail)}


def _in_batches(rows: Iterable[dict[str, Any]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Rows as record batches, of about so many characters each."""
    held: list[dict[str, Any]] = []
    characters = 0
    for row in rows:
        held.append(row)
        characters += len(row.get("markdown", "")) + sum(len(one["text"]) for one in row.get("blocks", ()))
        if characters > _CHARACTERS_AT_A_TIME:
            yield pa.RecordBatch.from_pylist(held, schema)
            held, characters = [], 0
    if held:
        yield pa.RecordBatch.from_pylist(held, schema)


def _is_text(kind: pa.DataType) -> bool:
    kind = kind.value_type if is_type.is_dictionary(kind) else kind
    return bool(is_type.is_string(kind) or is_type.is_large_string(kind) or is_type.is_string_view(kind))


def _is_bytes(kind: pa.DataType) -> bool:
    kind = kind.value_type if is_type.is_dictionary(kind) else kind
    binary = is_type.is_binary(kind) or is_type.is_large_binary(kind) or is_type.is_binary_view(kind)
    return bool(binary or _is_text(kind))
