"""All tables of the database in one place, whichever module they stand in."""

from __future__ import annotations

from typing import Final

from sqlalchemy import MetaData

from pipelines.store import crawl_schema, repetition_schema, reuse_schema, schema, site_schema

METADATA: Final[MetaData] = schema.Base.metadata
"""The tables of `MODULES`, which are known once these are imported."""

MODULES: Final = (schema, crawl_schema, reuse_schema, repetition_schema, site_schema)
