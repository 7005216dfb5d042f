"""The record of an article as a row of typed columns, and back (`docs/record_batches.md` has the columns).

Each time stands twice. `published` is a moment in UTC, as in an export: a time without an offset is taken as
UTC. `published_iso` is the record's own text, which alone tells whether the page gave an offset, and holds
what is no moment of the calendar in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import pyarrow as pa

from cleaners.article import SCHEMA_VERSION

MOMENT: Final = pa.timestamp("us", tz="UTC")
"""A time in a table."""

_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_TIMES: Final = ("published", "modified", "fetched_at", "lastmod")
_ISO: Final = "_iso"


def told(name: str, kind: pa.DataType) -> pa.Field:
    """A column without nulls."""
    return pa.field(name, kind, nullable=False)


def boilerplate_type() -> pa.DataType:
    """How much of each boilerplate type a page holds: a struct for each."""
    return pa.list_(
        pa.struct([told("type", pa.string()), told("blocks", pa.int32()), told("words", pa.int32())])
    )


def claimed_source_type() -> pa.DataType:
    """The outlet that a page names as its source."""
    return pa.struct([pa.field(name, pa.string()) for name in ("domain", "name", "kind", "evidence")])


def record_schema() -> pa.Schema:
    """The columns of records, in their order; the metadata says which version of the record they hold."""
    return pa.schema(
        [
            told("schema_version", pa.int32()),
            pa.field("url", pa.string()),
            pa.field("canonical_url", pa.string()),
            pa.field("site", pa.string()),
            pa.field("title", pa.string()),
            told("authors", pa.list_(pa.string())),
            *_time("published"),
            *_time("modified"),
            pa.field("language", pa.string()),
            told("text", pa.string()),
            told("markdown", pa.string()),
            told("categories", pa.list_(pa.string())),
            pa.field("claimed_source", claimed_source_type()),
            told("boilerplate", boilerplate_type()),
            told("blocks", pa.list_(_block_type())),
            told("warnings", pa.list_(pa.string())),
            told("fingerprints", pa.list_(_fingerprint_type())),
            *_time("fetched_at"),
            pa.field("discovered_by", pa.string()),
            *_time("lastmod"),
            told("revision", pa.int32()),
        ],
        metadata={"thresher.schema_version": str(SCHEMA_VERSION)},
    )


def record_row(record: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a record (`Article.to_record`), with a value for each column of `record_schema`.

    Texts are made valid (`valid_text`). Raises `ValueError` for what has not just the fields of a record of
    this version.
    """
    if record.keys() != _FIELDS or record["schema_version"] != SCHEMA_VERSION:
        differing = ", ".join(sorted(map(repr, record.keys() ^ _FIELDS))) or "'schema_version'"
        raise ValueError(f"not a record of version {SCHEMA_VERSION}; it differs in {differing}")
    row = {name: _storable(value) for name, value in record.items()}
    row["boilerplate"] = [
        {"type": kind, "blocks": count["blocks"], "words": count["words"]}
        for kind, count in record["boilerplate"].items()
    ]
    for name in _TIMES:
        row[name + _ISO] = row[name]
        row[name] = _moment(row[name])
    return row


def record_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The record of a row, also of one that Arrow gives back (`Table.to_pylist`)."""
    record = {name: row[name + _ISO] if name in _TIMES else row[name] for name in _ORDER}
    record["boilerplate"] = {
        count["type"]: {"blocks": count["blocks"], "words": count["words"]} for count in row["boilerplate"]
    }
    return record


def valid_text(value: str) -> str:
    """`value` with U+FFFD for lone surrogates, which a post's JSON can name and Arrow's UTF-8 cannot hold."""
    try:
        value.encode("utf-8")  # several times as fast as looking for them
    except UnicodeEncodeError:
        return _LONE_SURROGATE.sub("\ufffd", value)
    return value


def _time(name: str) -> list[pa.Field]:
    return [pa.field(name, MOMENT), pa.field(name + _ISO, pa.string())]


def _block_type() -> pa.DataType:
    return pa.struct(
        [
            told("text", pa.string()),
            told("type", pa.string()),
            told("confidence", pa.float64()),
            told("reason", pa.string()),
            told("markup", pa.string()),
            told("path", pa.string()),
            pa.field("hidden_in", pa.string()),
            pa.field("repeats", pa.int32()),
            told("kept", pa.bool_()),
        ]
    )


def _fingerprint_type() -> pa.DataType:
    return pa.struct([told("kind", pa.string()), told("value", pa.string())])


def _storable(value: Any) -> Any:
    """A field's value with its texts storable: a text, a list of texts or structs, a struct, a number."""
    if isinstance(value, str):
        return valid_text(value)
    if isinstance(value, list):
        return [_struct(entry) if isinstance(entry, Mapping) else valid_text(entry) for entry in value]
    return _struct(value) if isinstance(value, Mapping) else value


def _struct(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: valid_text(entry) if isinstance(entry, str) else entry for name, entry in value.items()}


def _moment(iso: str | None) -> datetime | None:
    """The moment in UTC; `None` for what is none, as a time whose offset puts it before the year 1."""
    try:
        moment = datetime.fromisoformat(iso) if iso else None
        return moment and (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


_ORDER: Final = tuple(field.name for field in record_schema() if not field.name.endswith(_ISO))
_FIELDS: Final = frozenset(_ORDER)
