"""Records read back: JSON, JSON lines, the right one of several, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import zstandard

from audit.explained.record import ArticleRecord, read_record
from cleaners import clean
from tests.audit.explained_records import record

HERE = "https://velm.example/crane"
OTHER = "https://velm.example/other"


def written(path: Path, *records: Any, indent: int | None = None) -> Path:
    text = "".join(json.dumps(one, indent=indent) + "\n" for one in records)
    data = text.encode()
    path.write_bytes(zstandard.compress(data) if path.suffix == ".zst" else data)
    return path


def test_the_record_of_an_article_is_read_as_it_is() -> None:
    page = clean("<title>A crane</title><h1>A crane</h1><p>It fell over on Tuesday, they say.</p>", url=HERE)
    read = ArticleRecord.of(page.to_record())
    assert [(one.text, one.type, one.kept) for one in read.blocks] == [
        (one.text, one.type, one.kept) for one in page.blocks
    ]
    assert (read.url, read.title) == (HERE, "A crane")


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl.zst"])
def test_one_record_is_taken_whatever_its_address(tmp_path: Path, name: str, indent: int | None) -> None:
    path = written(tmp_path / name, record(), indent=indent)
    assert read_record(path, OTHER).url == HERE


def test_of_several_the_one_of_the_address_is_taken_in_its_latest_revision(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.jsonl",
        record(url=OTHER),
        record(title="Second", revision=2),
        record(title="First", revision=1),
    )
    assert read_record(path, HERE).title == "Second"


def test_of_several_none_of_the_address_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", record(url=OTHER), record(url=OTHER))
    with pytest.raises(ValueError, match=r"none of the 2 records is of https://velm\.example/crane"):
        read_record(path, HERE)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"schema_version": 2, "blocks": []}, "schema_version 2, and only 1 can be read: make it again"),
        ({"blocks": []}, "is no record of an article; `thresher explain --json` prints one"),
        ([1], "is no record of an article"),
        (record([("x", "poem", 0.5)]), r"blocks\.0\.type"),
        (record([("x", "body", 7)]), r"blocks\.0\.confidence"),
        (record(blocks=None, authors="nobody"), "authors"),
    ],
)
def test_what_is_no_record_of_this_version_is_refused(tmp_path: Path, given: Any, message: str) -> None:
    path = written(tmp_path / "a.json", given)
    with pytest.raises(ValueError, match=message):
        read_record(path, HERE)


@pytest.mark.parametrize("data", [b"", b"\n", b"{", b'{"a":\n', b"\xff\xfe\x00", b"[" * 100_000])
def test_what_is_no_json_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"a\.json: "):
        read_record(path, HERE)


def test_a_record_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.explained.record.MAX_RECORD_BYTES", 100)
    with pytest.raises(ValueError, match="a record is longer than"):
        read_record(written(tmp_path / "a.json", record()), HERE)
