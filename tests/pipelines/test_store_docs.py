"""`docs/store.md` is the schema: every table and column stands in it, and its queries run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from pipelines.store import Store
from pipelines.store.tables import METADATA
from pipelines.store.upgrade import VERSION

DOCS = (Path(__file__).resolve().parents[2] / "docs" / "store.md").read_text(encoding="utf-8")
TABLES = {table.name: table for table in (*METADATA.tables.values(), VERSION)}
SECTIONS = dict(re.findall(r"(?ms)^### `(\w+)`\n(.*?)(?=^##|\Z)", DOCS))
QUERIES = re.findall(r"(?s)```sql\n(.*?)```", DOCS)


def columns_named(section: str) -> set[str]:
    """What stands in the table's first column, and in that of the columns that are those of the record."""
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    first = "".join(row if "As in the [record]" in row else row.split("|")[1] for row in rows)
    return set(re.findall(r"`(\w+)`", first))


def test_every_table_is_described_and_no_other() -> None:
    assert set(SECTIONS) == set(TABLES)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_column_is_described_and_no_other(name: str) -> None:
    assert columns_named(SECTIONS.get(name, "")) == {column.name for column in TABLES[name].columns}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: " ".join(query.split())[:40])
def test_its_queries_run(database: str, query: str) -> None:
    if database.startswith("postgresql"):
        query = re.sub(r"group_concat\(DISTINCT ([\w.]+)\)", r"string_agg(DISTINCT \1, ', ')", query)
    with Store(database) as store, store.session() as session:
        assert session.execute(text(query)).all() == []


def test_what_is_not_described_would_be_seen() -> None:
    assert len(QUERIES) == 5
    assert columns_named("| column |\n|---|\n| `id`, `run_id` | The `other` |\n") == {"id", "run_id"}
