from __future__ import annotations

import io
import json
from pathlib import Path
from typing import IO

import pytest
import zstandard
from scrapy import Spider

from cleaners import Article, Rejection
from pipelines.feeds import (
    AppendingFileStorage,
    RecordExporter,
    feeds,
    read_records,
    to_line,
)


class Any_(Spider):  # noqa: N801
    name = "any"


def test_a_line_is_exactly_the_record() -> None:
    article = Article(url="http://a.example/ü", title='Größe "quoted" \u2028 line', text="a\nb\0c")
    line = to_line(article.to_record())
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert "Größe".encode() in line
    assert json.loads(line) == article.to_record()


def test_a_lone_surrogate_reads_back() -> None:
    record = Article(title="broken \ud83d here", text="\udfff").to_record()
    line = to_line(record)
    line.decode("utf-8")  # valid
    assert json.loads(line) == record


def test_exporter_writes_lines() -> None:
    file = io.BytesIO()
    exporter = RecordExporter(file, encoding="utf-8", indent=None, fields_to_export=None)
    rejection = Rejection(url="http://a.example/", reason="http-404", detail="the server answered 404")
    exporter.start_exporting()
    exporter.export_item(rejection)
    exporter.finish_exporting()
    assert json.loads(file.getvalue()) == rejection.to_record()


def store(storage: AppendingFileStorage, file: IO[bytes]) -> None:
    storage._store_in_thread(file)


def test_two_crawls_add_to_one_file(tmp_path: Path) -> None:
    target = tmp_path / "new" / "articles.jsonl.zst"
    storages = [AppendingFileStorage(str(target), feed_options={"overwrite": False}) for _ in range(2)]
    files = [storage.open(Any_()) for storage in storages]
    for number in range(4):
        files[number % 2].write(to_line({"n": number}))
    for storage, file in zip(storages, files, strict=True):
        store(storage, file)
    assert [record["n"] for record in read_records(target)] == [0, 2, 1, 3]
    assert list(target.parent.iterdir()) == [target]


def test_an_empty_feed_is_a_file_that_reads(tmp_path: Path) -> None:
    target = tmp_path / "articles.jsonl.zst"
    storage = AppendingFileStorage(str(target))
    store(storage, storage.open(Any_()))
    assert list(read_records(target)) == []


def test_overwrites_when_told_to(tmp_path: Path) -> None:
    target = tmp_path / "rejects.jsonl"
    target.write_bytes(b"old\n")
    storage = AppendingFileStorage(str(target), feed_options={"overwrite": True})
    file = storage.open(Any_())
    file.write(b"{}\n")
    store(storage, file)
    assert target.read_bytes() == b"{}\n"


def test_damaged_files_are_errors(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"a":1}\n{"a":')
    records = read_records(tmp_path / "a.jsonl")
    assert next(records) == {"a": 1}
    with pytest.raises(ValueError, match="Expecting value"):
        next(records)
    (tmp_path / "b.jsonl.zst").write_bytes(b"no zstd at all")
    with pytest.raises(zstandard.ZstdError):
        list(read_records(tmp_path / "b.jsonl.zst"))
    with pytest.raises(OSError, match="missing"):
        list(read_records(tmp_path / "missing.jsonl"))


def test_feeds_part_articles_from_rejects() -> None:
    articles, rejects = feeds().values()
    assert articles["item_classes"] == ["cleaners.article.Article"]
    assert rejects["item_classes"] == ["cleaners.article.Rejection"]
