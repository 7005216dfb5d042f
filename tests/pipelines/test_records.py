"""Records as rows: nothing is lost on the way into Arrow and back, whatever a page says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners import Article, Block, BlockType, ClaimedSource, clean
from cleaners.article import Fingerprint
from pipelines.export.schema import articles_schema
from pipelines.records import record_of, record_row, record_schema
from tests.cleaners.strategies import pages, texts

FULL = Article(
    url="https://a.example/1",
    canonical_url="https://a.example/one",
    site="a.example",
    title="Ferries stay",
    authors=["Ada Quill", "admin"],
    published=datetime(2025, 3, 4, 5, 6, 7, 8),
    modified=datetime(2025, 3, 4, 5, 6, tzinfo=timezone(timedelta(hours=-5, minutes=-30))),
    language="en",
    text="Both ferries stay.",
    markdown="# Ferries stay\n\nBoth ferries stay.",
    categories=["Harbour"],
    claimed_source=ClaimedSource(None, "The Moor Herald", "attribution line", "first in The Moor Herald"),
    blocks=[
        Block("Home", BlockType.NAVIGATION, 0.1 + 0.2, "inside a nav element", "a", "body > nav", "noscript"),
        Block("Both ferries stay.", BlockType.BODY, 1.0, "inside the content root", "p", "body > p"),
        Block("Both ferries stay.", BlockType.BODY, 0.9, "inside the content root", repeats=1),
        Block("Share it", BlockType.SHARING, 0.5, "phrase: share it"),
    ],
    warnings=["the page was cut"],
    fingerprints=[Fingerprint("adsense", "pub-0000000000000001")],
    fetched_at=datetime(2025, 3, 5, 6, 7, 8, 999_999, tzinfo=UTC),
    discovered_by="link",
    lastmod=datetime(2025, 3, 5, tzinfo=UTC),
    revision=2,
)


def through_arrow(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    table = pa.Table.from_pylist([record_row(record) for record in records], record_schema())
    table.validate(full=True)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


@pytest.mark.parametrize("article", [FULL, Article()], ids=["full", "empty"])
def test_a_record_comes_back_as_it_was(article: Article) -> None:
    record = article.to_record()
    (row,) = through_arrow([record])
    assert record_of(row) == record
    assert list(record_of(record_row(record))["boilerplate"]) == list(record["boilerplate"])


def test_a_row_has_a_value_for_each_column() -> None:
    assert record_row(FULL.to_record()).keys() == set(record_schema().names)


def test_times_are_moments_and_keep_what_the_page_said() -> None:
    (row,) = through_arrow([FULL.to_record()])
    assert row["published"] == datetime(2025, 3, 4, 5, 6, 7, 8, tzinfo=UTC)
    assert row["published_iso"] == "2025-03-04T05:06:07.000008"
    assert row["modified"] == datetime(2025, 3, 4, 10, 36, tzinfo=UTC)
    assert row["modified_iso"] == "2025-03-04T05:06:00-05:30"
    assert row["fetched_at"] == FULL.fetched_at
    assert row["lastmod"] == FULL.lastmod


@pytest.mark.parametrize(
    "iso", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-01:00", "12025-01-01T00:00:00", "yesterday"]
)
def test_what_is_no_moment_in_utc_is_kept_as_text(iso: str) -> None:
    record = {**FULL.to_record(), "published": iso}
    (row,) = through_arrow([record])
    assert row["published"] is None
    assert record_of(row) == record


def test_lone_surrogates_do_not_break_a_batch() -> None:
    bad = "a\ud800b\udfff\0c"
    article = Article(
        url=bad,
        title=bad,
        authors=[bad],
        text=bad,
        blocks=[Block(bad, BlockType.BODY, 1.0, bad, bad, bad)],
        claimed_source=ClaimedSource(bad, None, bad, bad),
        fingerprints=[Fingerprint("generator", bad)],
    )
    good = "a\ufffdb\ufffd\0c"
    (row,) = through_arrow([article.to_record()])
    assert [row[name] for name in ("url", "title", "text", "authors")] == [good, good, good, [good]]
    assert [row["blocks"][0][name] for name in ("text", "reason", "markup", "path")] == [good] * 4
    assert row["claimed_source"] == {"domain": good, "name": None, "kind": good, "evidence": good}
    assert row["fingerprints"] == [{"kind": "generator", "value": good}]


@settings(max_examples=60, deadline=None)
@given(st.lists(pages(texts), max_size=3))
def test_records_of_made_up_pages(sources: list[str]) -> None:
    records = [clean(source, url="https://a.example/1").to_record() for source in sources]
    assert [record_of(row) for row in through_arrow(records)] == records


@pytest.mark.parametrize(
    ("change", "named"),
    [({"schema_version": 2}, "'schema_version'"), ({"words": 3}, "'words'")],
)
def test_another_kind_of_record_is_refused(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=f"not a record of version 1; it differs in {named}"):
        record_row({**FULL.to_record(), **change})


def test_a_record_that_lacks_a_field_is_refused() -> None:
    record = FULL.to_record()
    del record["blocks"], record["warnings"]
    with pytest.raises(ValueError, match="it differs in 'blocks', 'warnings'"):
        record_row(record)


def kinds(kind: pa.DataType) -> list[pa.DataType]:
    inner = [kind.field(number).type for number in range(kind.num_fields)]
    return [kind, *(one for each in inner for one in kinds(each))]


def test_every_column_has_a_type() -> None:
    found = [one for column in record_schema() for one in kinds(column.type)]
    assert pa.null() not in found
    assert pa.types.is_struct(record_schema().field("blocks").type.value_type)


def test_an_export_has_the_same_columns() -> None:
    exported, ours = articles_schema(), record_schema()
    common = set(exported.names) & set(ours.names)
    assert len(common) == 17
    assert {name: exported.field(name) for name in common} == {name: ours.field(name) for name in common}
