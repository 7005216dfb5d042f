"""The columns of an export, with their types in Parquet (`docs/export.md` says what each one means)."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

EXPORT_VERSION: Final = 1
"""Version of the columns and of the card; raised whenever one of them changes its meaning."""

ARTICLES: Final = "part-{:05}"
DUPLICATES: Final = "duplicates"
README: Final = "README.md"
CARD: Final = "card.json"
"""Names of an export's files, those of rows without their suffix."""

EVIDENCE: Final = ("tier", "origin", "shown_by", "detail")
"""The fields of a finding that says where an article came from."""

SORTED_BY: Final = ("site", "published", "id")
"""The columns that articles are in the order of, ascending, nulls last."""


def articles_schema() -> pa.Schema:
    """The columns of articles, one row each."""
    moment = pa.timestamp("us", tz="UTC")
    boilerplate = [_told("type", pa.string()), _told("blocks", pa.int32()), _told("words", pa.int32())]
    claim = [pa.field(name, pa.string()) for name in ("domain", "name", "kind", "evidence")]
    return _schema(
        [
            _told("id", pa.string()),
            pa.field("url", pa.string()),
            pa.field("canonical_url", pa.string()),
            pa.field("site", pa.string()),
            pa.field("title", pa.string()),
            _told("authors", pa.list_(pa.string())),
            pa.field("published", moment),
            pa.field("modified", moment),
            pa.field("language", pa.string()),
            _told("text", pa.string()),
            _told("markdown", pa.string()),
            _told("words", pa.int32()),
            _told("characters", pa.int32()),
            _told("page_words", pa.int32()),
            pa.field("kept_share", pa.float64()),
            _told("boilerplate", pa.list_(pa.struct(boilerplate))),
            _told("categories", pa.list_(pa.string())),
            pa.field("claimed_source", pa.struct(claim)),
            _told("relation", pa.string()),
            pa.field("cluster", pa.string()),
            pa.field("origin_url", pa.string()),
            pa.field("origin_site", pa.string()),
            pa.field("rival_url", pa.string()),
            _told("evidence", pa.list_(pa.struct([pa.field(name, pa.string()) for name in EVIDENCE]))),
            _told("warnings", pa.list_(pa.string())),
            pa.field("discovered_by", pa.string()),
            pa.field("fetched_at", moment),
            pa.field("gone_at", moment),
            _told("revision", pa.int32()),
        ]
    )


def duplicates_schema() -> pa.Schema:
    """The columns of the duplicates that were left out, one row each."""
    return _schema(
        [
            _told("removed_id", pa.string()),
            pa.field("removed_url", pa.string()),
            _told("kept_id", pa.string()),
            pa.field("kept_url", pa.string()),
            _told("relation", pa.string()),
            _told("reason", pa.string()),
            _told("cluster", pa.string()),
            pa.field("origin_url", pa.string()),
            _told("origin_relation", pa.string()),
        ]
    )


def _told(name: str, kind: pa.DataType) -> pa.Field:
    """A column without nulls."""
    return pa.field(name, kind, nullable=False)


def _schema(fields: list[pa.Field]) -> pa.Schema:
    return pa.schema(fields, metadata={"thresher.export_version": str(EXPORT_VERSION)})
