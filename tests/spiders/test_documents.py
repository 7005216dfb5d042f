from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners import clean
from cleaners.article import Page, Rejection
from spiders import documents
from spiders.documents import holds_many, list_files, read_page, read_pages, read_stream, read_stream_pages
from tests.spiders.archives import gzipped, news, page


def test_folders_give_their_files_in_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.html", "a.html", "sub/c.html", ".git/config", "sub/.d"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    found = list_files([tmp_path / "b.html", tmp_path])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["b.html", "a.html", "sub/c.html"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_packed_files_are_unpacked(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    path = tmp_path / "page"
    path.write_bytes(pack(b"<p>text</p>"))
    page = read_page(path)
    assert isinstance(page, Page)
    assert (page.body, page.url, page.discovered_by) == (b"<p>text</p>", path.as_uri(), "file")


def test_several_members_and_frames_are_one_document(tmp_path: Path) -> None:
    path = tmp_path / "page"
    for data in (
        gzip.compress(b"a") + gzip.compress(b"b"),
        zstandard.compress(b"a") + zstandard.compress(b"b"),
    ):
        path.write_bytes(data)
        page = read_page(path)
        assert isinstance(page, Page)
        assert page.body == b"ab"


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_a_file_beyond_the_bound_is_rejected_unread(
    tmp_path: Path, pack: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(pack)
    monkeypatch.setattr(documents, "MAX_FILE_BYTES", 1024 * 1024)
    path = tmp_path / "bomb"
    path.write_bytes(pack(b"\0" * (3 * 1024 * 1024)))
    assert read_page(path) == Rejection(
        url=path.as_uri(), reason="too-large", detail="the file holds more than 1 MiB", discovered_by="file"
    )


@pytest.mark.parametrize(
    "data",
    [gzip.compress(b"a" * 999)[:-9], b"\x1f\x8b garbage", b"\x28\xb5\x2f\xfd\xff\xff\xff"],
    ids=["cut", "gzip", "zstd"],  # gzip holds the time, by which the names would differ between processes
)
def test_damaged_files_are_rejected(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "damaged"
    path.write_bytes(data)
    page = read_page(path)
    assert isinstance(page, Rejection)
    assert page.reason == "damaged-file"


def test_a_folder_or_nothing_is_no_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        page = read_page(path)
        assert isinstance(page, Rejection)
        assert page.reason == "unreadable-file"


def test_a_saved_answer_of_the_wordpress_api_is_a_page_a_post(tmp_path: Path) -> None:
    posts = [
        {
            "id": number,
            "slug": "s",
            "link": link,
            "title": {"rendered": "t"},
            "content": {"rendered": f"<p>{number}</p>"},
        }
        for number, link in ((1, "https://farm.example/one/"), (2, ""))
    ]
    path = tmp_path / "posts.json"
    path.write_text(json.dumps([*posts, {"id": 3}]), encoding="utf-8")
    found = list(read_pages([path]))
    assert [page.url for page in found] == [
        "https://farm.example/one/",
        f"{path.as_uri()}#2",
        f"{path.as_uri()}#3",  # no post, but not lost: the cleaner says what is wrong with it
    ]
    assert [json.loads(page.body) for page in found if isinstance(page, Page)] == [*posts, {"id": 3}]


# JSON lines

SENTENCE = "The town council of Aldermoor voted on Monday to keep the swimming pool open. "
PACKS = [("", bytes), (".gz", gzip.compress), (".zst", zstandard.compress)]


def write_lines(path: Path, *lines: dict[str, Any] | bytes, pack: Callable[[bytes], bytes] = bytes) -> Path:
    made = (line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    path.write_bytes(pack(b"".join(line + b"\n" for line in made)))
    return path


@pytest.mark.parametrize(("ending", "pack"), PACKS)
@pytest.mark.parametrize("name", ["corpus.jsonl", "corpus.NDJSON", "corpus.json", "corpus"])
def test_json_lines_are_a_page_a_line(
    tmp_path: Path, name: str, ending: str, pack: Callable[[bytes], bytes]
) -> None:
    path = write_lines(
        tmp_path / (name + ending),
        {"url": "https://a.example/1", "text": SENTENCE, "date": "2024-05-17"},
        b"",
        {"source": "https://a.example/2", "html": f"<html><p>{SENTENCE}</p></html>", "text": "unused"},
        {"source": "the press", "text": SENTENCE, "date": "yesterday"},
        pack=pack,
    )
    assert list(read_pages([path])) == [
        Page(
            url="https://a.example/1",
            body=SENTENCE,
            content_type="text/plain",
            discovered_by="file",
            lastmod=datetime(2024, 5, 17, tzinfo=UTC),
        ),
        Page(
            url="https://a.example/2",
            body=f"<html><p>{SENTENCE}</p></html>",
            content_type="text/html",
            discovered_by="file",
        ),
        Page(url=f"{path.as_uri()}#4", body=SENTENCE, content_type="text/plain", discovered_by="file"),
    ]
    assert holds_many(path)


def test_titles_and_dates_of_lines_reach_the_article(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "corpus.jsonl",
        {"html": f"<p>{SENTENCE * 3}</p>", "title": "Pool <stays> open", "date": "2024-05-17T10:00:00Z"},
        {"text": SENTENCE * 3, "title": "Aldermoor keeps its swimming pool"},
        {"text": "Aldermoor keeps its pool\n\n" + SENTENCE * 3, "title": "ALDERMOOR keeps its pool"},
        {"html": f"<!DOCTYPE html><title>Its own</title><p>{SENTENCE * 3}</p>", "title": "Another"},
    )
    found = [found for found in read_pages([path]) if isinstance(found, Page)]
    articles = list(map(clean, found))
    assert [article.title for article in articles] == [
        "Pool <stays> open",
        "Aldermoor keeps its swimming pool",
        "Aldermoor keeps its pool",
        "Its own",
    ]
    assert articles[0].published == datetime(2024, 5, 17, 10, tzinfo=UTC)
    assert {article.text for article in articles} == {(SENTENCE * 3).strip()}


def test_damaged_lines_cost_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_FILE_BYTES", 1_000)
    good = {"url": "https://a.example/1", "text": SENTENCE}
    path = write_lines(
        tmp_path / "corpus.jsonl",
        b'{"url": "https://a.example/0", "text": "cut of',
        b"\xff\xfe\0",
        b"[" * 900,
        b'["text"]',
        {"url": "https://a.example/0", "text": 5},
        {"url": "https://a.example/0", "text": "x" * 2_500},
        good,
    )
    *damaged, last = read_pages([path])
    assert isinstance(last, Page)
    assert last.url == good["url"]
    assert [(item.url, item.reason, item.detail) for item in damaged if isinstance(item, Rejection)] == [
        (f"{path.as_uri()}#1", "damaged-line", "line 1 is no JSON object"),
        (f"{path.as_uri()}#2", "damaged-line", "line 2 is no JSON object"),
        (f"{path.as_uri()}#3", "damaged-line", "line 3 is no JSON object"),
        (f"{path.as_uri()}#4", "damaged-line", "line 4 is no JSON object"),
        (
            f"{path.as_uri()}#5",
            "damaged-line",
            "line 5 has neither a text nor an HTML page (a field html or text)",
        ),
        (f"{path.as_uri()}#6", "too-large", "line 6 holds more than 0 MiB"),
    ]


def test_a_file_of_lines_that_ends_too_early_gives_what_is_there(tmp_path: Path) -> None:
    lines = [
        {"url": f"https://a.example/{number}", "text": f"{number} {SENTENCE}"} for number in range(2_000)
    ]
    path = write_lines(tmp_path / "corpus.jsonl.gz", *lines, pack=gzip.compress)
    path.write_bytes(path.read_bytes()[:-2_000])
    *pages, last = read_pages([path])
    assert len(pages) > 100
    assert all(isinstance(found, Page) for found in pages)
    assert isinstance(last, Rejection)
    assert (last.reason, last.detail) == ("damaged-file", "the gzip file ends too early")


def test_lines_may_be_wordpress_posts(tmp_path: Path) -> None:
    post = {"id": 1, "slug": "s", "link": "https://farm.example/1/", "title": {"rendered": "t"}}
    path = write_lines(tmp_path / "posts.jsonl", {**post, "content": {"rendered": f"<p>{SENTENCE * 3}</p>"}})
    (found,) = read_pages([path])
    assert isinstance(found, Page)
    assert found.url == "https://farm.example/1/"
    assert clean(found).text == (SENTENCE * 3).strip()


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}\n{"b": 2}\n',
        '{\n"text": "over several lines"\n}',
        '{"text": broken}\n',
        "{text} is a placeholder\n",
        '{"text": 5}\n',
    ],
)
def test_other_files_that_open_with_a_brace_are_no_lines(tmp_path: Path, text: str) -> None:
    (path := tmp_path / "other").write_text(text, encoding="utf-8")
    assert list(read_pages([path])) == [Page(url=path.as_uri(), body=text.encode(), discovered_by="file")]
    assert not holds_many(path)


@pytest.mark.parametrize(("ending", "pack"), PACKS)
def test_memory_does_not_grow_with_the_lines(
    tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]
) -> None:
    line = json.dumps({"url": "https://a.example/", "text": SENTENCE * 100}).encode() + b"\n"
    path = tmp_path / f"corpus.jsonl{ending}"
    with path.open("wb") as file:
        for _ in range(40):
            file.write(pack(line * 100))
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_pages([path]))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 4_000
    assert peak < 10 * 1024 * 1024  # of 32 MiB


# Archives and streams


def test_archives_are_told_by_their_content(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(page(7))
    (tmp_path / "b").write_bytes(gzipped(news()))
    write_lines(tmp_path / "c.jsonl", {"url": "https://a.example/line", "text": SENTENCE})
    found = list(read_pages(list_files([tmp_path])))
    assert [item.url for item in found] == [
        (tmp_path / "a.html").as_uri(),
        *(f"https://news.example/{number}" for number in range(3)),
        "https://a.example/line",
    ]
    assert [holds_many(path) for path in list_files([tmp_path])] == [False, True, True]


def test_the_first_page_stands_for_a_file_of_many(tmp_path: Path) -> None:
    (path := tmp_path / "a.warc").write_bytes(b"".join(news()))
    assert read_page(path).url == "https://news.example/0"
    write_lines(empty := tmp_path / "empty.jsonl")
    assert read_page(empty) == Rejection(
        url=empty.as_uri(), reason="no-pages", detail="the file holds no page", discovered_by="file"
    )


def test_streams_are_read_like_files() -> None:
    assert read_stream(BytesIO(page(1)), None) == Page(url=None, body=page(1), discovered_by="file")
    lines = b'{"text": "one"}\n{"text": "two"}\nno\n'
    assert [item.url for item in read_stream_pages(BytesIO(gzip.compress(lines)), None)] == [
        f"standard input#{number}" for number in (1, 2, 3)
    ]
    for data in (gzipped(news(300)), b"".join(news(300))):
        assert [item.url for item in read_stream_pages(BytesIO(data), None)] == [
            f"https://news.example/{number}" for number in range(300)
        ]
    (damaged,) = read_stream_pages(BytesIO(gzip.compress(page(1))[:-9]), None)
    assert isinstance(damaged, Rejection)
    assert (damaged.url, damaged.reason) == (None, "damaged-file")


def test_pipes_are_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for data in (gzipped(news(300)), page(1)):
        (plain := tmp_path / "plain").write_bytes(data)
        assert not holds_many(pipe)
        writer = threading.Thread(target=pipe.write_bytes, args=[data])
        writer.start()
        expected = [item.url if item.url != plain.as_uri() else pipe.as_uri() for item in read_pages([plain])]
        assert [item.url for item in read_pages([pipe])] == expected
        writer.join()


STARTS = [
    b"",
    b"WARC/1.0\r\n",
    b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd",
    b"\x5d\x2a\x4d\x18\x10\0\0\0",
    b'{"text": ',
]


@settings(max_examples=300, deadline=None)
@given(
    start=st.sampled_from(STARTS), rest=st.binary(max_size=500), pack=st.sampled_from([bytes, gzip.compress])
)
def test_no_file_stops_the_reading(start: bytes, rest: bytes, pack: Callable[[bytes], bytes]) -> None:
    found = list(read_stream_pages(BytesIO(pack(start + rest)), "https://a.example/"))
    assert all(isinstance(item, Page | Rejection) for item in found)
    assert found or (start + rest).startswith(b"{")


def test_reading_files_loads_no_scrapy() -> None:
    code = "import sys, spiders.documents; print([n for n in ('scrapy', 'twisted') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
