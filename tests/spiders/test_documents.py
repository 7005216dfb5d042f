from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import zstandard

from cleaners.article import Page, Rejection
from spiders import documents
from spiders.documents import list_files, read_page, read_pages


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
    "data", [gzip.compress(b"a" * 999)[:-9], b"\x1f\x8b garbage", b"\x28\xb5\x2f\xfd\xff\xff\xff"]
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
