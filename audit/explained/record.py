"""The record of an article (`docs/record.md`), as it is explained and compared."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import zstandard
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cleaners.article import KEPT_TYPES, SCHEMA_VERSION, BlockType, count_words

MAX_RECORD_BYTES: Final = 64 * 1024 * 1024
"""Longest record that is read: a page of 10 million characters, each block's text in it up to three times."""

MAX_BLOCKS: Final = 20_000
"""Blocks of a record that are shown and compared; the cleaner makes 8,000 of a page at most."""


class _Read(BaseModel):
    """Base of what is read from records; fields that are not shown are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class RecordBlock(_Read):
    """A block; the fields mean what they do in the record."""

    text: str
    type: BlockType
    confidence: float = Field(ge=0, le=1)
    reason: str
    markup: str = "p"
    path: str = ""
    repeats: int | None = None

    @property
    def kept(self) -> bool:
        """Whether it stands in the article: of a kept type, and not said before."""
        return self.type in KEPT_TYPES and self.repeats is None

    @property
    def in_text(self) -> bool:
        """Whether it stands in the article's text."""
        return self.type is BlockType.BODY and self.repeats is None

    @cached_property
    def words(self) -> int:
        """Words of the text."""
        return count_words(self.text)


class RecordClaim(_Read):
    """The source that the page itself names."""

    domain: str | None
    name: str | None
    kind: str
    evidence: str

    @property
    def said(self) -> str:
        """The claim in a line."""
        return f"{self.domain or self.name} ({self.kind}: {self.evidence})"


class RecordFingerprint(_Read):
    """An id in the page's markup."""

    kind: str
    value: str


class ArticleRecord(_Read):
    """An article as its record has it; times as they are written there."""

    url: str | None
    canonical_url: str | None = None
    site: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    language: str | None = None
    text: str = ""
    categories: tuple[str, ...] = ()
    claimed_source: RecordClaim | None = None
    blocks: tuple[RecordBlock, ...] = Field(max_length=MAX_BLOCKS)
    warnings: tuple[str, ...] = ()
    fingerprints: tuple[RecordFingerprint, ...] = ()
    fetched_at: str | None = None
    revision: int = 1

    @classmethod
    def of(cls, record: Any) -> ArticleRecord:
        """The article in a record. Raises `ValueError` for another version's, or for what is none."""
        version = record.get("schema_version") if isinstance(record, dict) else None
        if version is None:
            raise ValueError("is no record of an article; `thresher explain --json` prints one")
        if version != SCHEMA_VERSION:
            raise ValueError(
                f"is a record of schema_version {version!r}, and only {SCHEMA_VERSION} can be read: "
                "make it again with a Thresher that writes that version"
            )
        try:
            return cls.model_validate(record)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise ValueError(f"is no record of an article: {place}: {first['msg']}") from error


def read_record(path: Path, url: str | None) -> ArticleRecord:
    """The record in a file: JSON, or JSON lines, compressed (`.zst`) or not.

    Of several records, the one of the page with the address `url` is taken, the latest revision of it. Raises
    `OSError` where the file cannot be read, and `ValueError` where it holds none, or none of that address.
    """
    count, only, found = 0, None, None
    try:
        for record in _records(path):
            count += 1
            only = record if count == 1 else None
            if isinstance(record, dict) and url is not None and record.get("url") == url:
                found = record if found is None else max(found, record, key=_revision)
    except (ValueError, RecursionError, zstandard.ZstdError) as error:
        raise ValueError(f"{path}: cannot be read as JSON: {error}") from error
    chosen = only if found is None else found
    if chosen is None and count:
        raise ValueError(f"{path}: none of the {count:,} records is of {url}; --url says what the page is")
    try:
        return ArticleRecord.of(chosen)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def _revision(record: dict[str, Any]) -> int:
    revision = record.get("revision")
    return revision if isinstance(revision, int) else 0


def _records(path: Path) -> Iterator[Any]:
    """The records of a file, one at a time. Raises `ValueError` for one that is damaged or too long."""
    with path.open("rb") as raw, contextlib.ExitStack() as stack:
        source: Any = raw
        if path.suffix == ".zst":
            reader = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
            source = stack.enter_context(io.BufferedReader(stack.enter_context(reader)))
        first = _bounded(source.readline(MAX_RECORD_BYTES + 1))
        try:
            record = json.loads(first) if first.strip() else None
        except ValueError:  # a record over many lines, unless it is damaged
            yield json.loads(_bounded(first + source.read(MAX_RECORD_BYTES + 1 - len(first))))
            return
        if record is not None:
            yield record
        while line := _bounded(source.readline(MAX_RECORD_BYTES + 1)):
            if line.strip():
                yield json.loads(line)


def _bounded(data: bytes) -> bytes:
    if len(data) > MAX_RECORD_BYTES:
        raise ValueError(f"a record is longer than {MAX_RECORD_BYTES >> 20} MiB")
    return data
