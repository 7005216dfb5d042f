"""Cleaned documents as Parquet with typed columns, whatever their metadata hold."""

from __future__ import annotations

import json
from typing import Any, Final

import pyarrow as pa
from datatrove.data import Document
from datatrove.io import DataFolderLike
from datatrove.pipeline.writers.parquet import ParquetWriter

from pipelines.records import record_row, record_schema, told, valid_text

OPTIONAL: Final = {"markdown": "", "blocks": []}
"""Fields of the record that `ThresherCleaner` may leave out, and what stands for them then."""

_RECORD: Final = frozenset(record_schema().names)
_COMPARED: Final = ("words", "text_digest")


def article_schema(*, blocks: bool = True, markdown: bool = True) -> pa.Schema:
    """The columns: `id`, the record's (`pipelines.records`), `words`, `text_digest`, and `metadata`.

    `metadata` holds all that the document's metadata have besides, as JSON.
    """
    record = record_schema()
    left_out = {name for name, wanted in (("blocks", blocks), ("markdown", markdown)) if not wanted}
    return pa.schema(
        [
            told("id", pa.string()),
            *(column for column in record if column.name not in left_out),
            told("words", pa.int64()),
            told("text_digest", pa.string()),
            told("metadata", pa.string()),
        ],
        metadata=record.metadata,
    )


def article_row(document: Document, schema: pa.Schema) -> dict[str, Any]:
    """The row of a document that `ThresherCleaner` gave; its text as it is now, which later steps may change.

    Raises `ValueError` for a document without an article's record.
    """
    told_of = document.metadata
    fields = {name: value for name, value in told_of.items() if name in _RECORD and name != "text"}
    try:
        row = record_row({**OPTIONAL, **fields, "text": document.text})
        row |= {name: told_of[name] for name in _COMPARED}
    except (KeyError, ValueError) as error:
        raise ValueError(
            f"the document {document.id!r} has no article's record, which ThresherCleaner gives: {error}"
        ) from error
    besides = {name: value for name, value in told_of.items() if name not in fields and name not in _COMPARED}
    row["metadata"] = valid_text(json.dumps(besides, ensure_ascii=False, sort_keys=True, default=str))
    row["id"] = document.id
    return {name: row[name] for name in schema.names}


class ArticleParquetWriter(ParquetWriter):  # type: ignore[misc]  # datatrove has no types
    """Writes cleaned documents with the columns of `article_schema`.

    `blocks` and `markdown` say whether these columns, the largest, are written. The other arguments are those
    of datatrove's `ParquetWriter`.
    """

    name = "🌾 Thresher's Parquet"

    def __init__(
        self, output_folder: DataFolderLike, *, blocks: bool = True, markdown: bool = True, **options: Any
    ) -> None:
        """Take the folder; a file is opened with the first document that goes into it."""
        schema = article_schema(blocks=blocks, markdown=markdown)
        super().__init__(output_folder, schema=schema, adapter=_adapter, **options)


def _adapter(writer: ParquetWriter, document: Document) -> dict[str, Any]:
    return article_row(document, writer.schema)
