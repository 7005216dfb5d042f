"""The columns of an export, with their types in Parquet (`docs/export.md` says what each one means)."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from pipelines.records import MOMENT, boilerplate_type, claimed_source_type, told

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
    return _schema(
        [
            told("id", pa.string()),
            pa.field("url", pa.string()),
            pa.field("canonical_url", pa.string()),
            pa.field("site", pa.string()),
            pa.field("title", pa.string()),
            told("authors", pa.list_(pa.string())),
            pa.field("published", MOMENT),
            pa.field("modified", MOMENT),
            pa.field("language", pa.string()),
            told("text", pa.string()),
            told("markdown", pa.string()),
            told("words", pa.int32()),
            told("characters", pa.int32()),
            told("page_words", pa.int32()),
            pa.field("kept_share", pa.float64()),
            told("boilerplate", boilerplate_type()),
            told("categories", pa.list_(pa.string())),
            pa.field("claimed_source", claimed_source_type()),
            told("relation", pa.string()),
            pa.field("cluster", pa.string()),
            pa.field("origin_url", pa.string()),
            pa.field("origin_site", pa.string()),
            pa.field("rival_url", pa.string()),
            told("evidence", pa.list_(pa.struct([pa.field(name, pa.string()) for name in EVIDENCE]))),
            told("warnings", pa.list_(pa.string())),
            pa.field("discovered_by", pa.string()),
            pa.field("fetched_at", MOMENT),
            pa.field("gone_at", MOMENT),
            told("revision", pa.int32()),
        ]
    )


def duplicates_schema() -> pa.Schema:
    """The columns of the duplicates that were left out, one row each."""
    return _schema(
        [
            told("removed_id", pa.string()),
            pa.field("removed_url", pa.string()),
            told("kept_id", pa.string()),
            pa.field("kept_url", pa.string()),
            told("relation", pa.string()),
            told("reason", pa.string()),
            told("cluster", pa.string()),
            pa.field("origin_url", pa.string()),
            told("origin_relation", pa.string()),
        ]
    )


def _schema(fields: list[pa.Field]) -> pa.Schema:
    return pa.schema(fields, metadata={"thresher.export_version": str(EXPORT_VERSION)})
