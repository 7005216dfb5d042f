"""Reading archives: which records are pages, what is damaged, and what a hostile archive can do."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from cleaners import clean
from cleaners.article import Page, Rejection
from spiders import outcomes
from spiders.warc import KEPT_HEADERS, read_archive
from spiders.warc_records import Record, read_records
from tests.spiders.archives import (
    HTML,
    gzipped,
    info,
    news,
    page,
    record,
    response,
    skippable,
    zstandard_dictionary,
    zstandard_packed,
)

MAX = 1024 * 1024


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], list[Page | Rejection]]:
    def reading(data: bytes) -> list[Page | Rejection]:
        path = tmp_path / "test.warc"
        path.write_bytes(data)
        return list(read_archive(path, address="file:///test.warc", max_size=MAX))

    return reading


Read = Callable[[bytes], list[Page | Rejection]]


def urls(found: list[Page | Rejection]) -> list[str | None]:
    return [item.url for item in found if isinstance(item, Page)]


def rejections(found: list[Page | Rejection]) -> list[tuple[str, str | None]]:
    return [(item.reason, item.url) for item in found if isinstance(item, Rejection)]


NEWS_URLS = ["https://news.example/0", "https://news.example/1", "https://news.example/2"]


# Formats


def packings() -> dict[str, bytes]:
    records = news()
    dictionary = zstandard_dictionary(records)
    known = dictionary.as_bytes()
    whole = b"".join(records)
    halves = [part for one in records for part in (one[: len(one) // 2], b"", one[len(one) // 2 :])]
    return {
        "plain": whole,
        "gzip, a member a record": gzipped(records),
        "gzip, padded": gzipped(records) + b"\0" * 1_000,
        "gzip, one member": gzip.compress(whole),
        "gzip, records over members": gzipped(halves),
        "zstd, a frame a record": zstandard_packed(records),
        "zstd, one frame": zstandard.compress(whole),
        "zstd, records over frames": zstandard_packed(halves),
        "zstd, dictionary": skippable(known) + zstandard_packed(records, dictionary),
        "zstd, packed dictionary": skippable(zstandard.compress(known))
        + zstandard_packed(records, dictionary),
        "zstd, other frames": skippable(b"more", 0x184D2A50).join(map(zstandard.compress, records)),
    }


@pytest.mark.parametrize("packing", packings())
def test_archives_of_news_are_read_however_they_are_packed(read: Read, packing: str) -> None:
    found = read(packings()[packing])
    assert urls(found) == NEWS_URLS
    assert rejections(found) == []
    assert found[1] == Page(
        url="https://news.example/1",
        body=page(1),
        content_type="text/html; charset=utf-8",
        fetched_at=datetime(2024, 5, 17, 10, 30, tzinfo=UTC),
        status=200,
        headers={"Content-Type": "text/html; charset=utf-8"},
        discovered_by="archive",
    )


@pytest.mark.parametrize("pack", [b"".join, gzipped])
def test_records_are_the_same_as_warcio_finds(pack: Callable[[list[bytes]], bytes]) -> None:
    data = pack(news(20))
    ours = [
        (found.kind, found.url, found.read(found.length), found.offset)
        for found in read_records(BytesIO(data))
        if isinstance(found, Record)
    ]
    iterator = ArchiveIterator(BytesIO(data), no_record_parse=True)
    theirs = [
        (
            found.rec_type,
            found.rec_headers.get_header("WARC-Target-URI"),
            found.content_stream().read(),
            iterator.get_record_offset(),
        )
        for found in iterator
    ]
    assert ours == theirs
    assert len(ours) == 61


def test_a_dictionary_that_is_none_is_said(read: Read) -> None:
    packed = zstandard_packed(news())
    assert urls(read(skippable(b"no dictionary") + packed)) == NEWS_URLS  # the frame may hold anything
    for size in (9 << 20, 100):
        ((reason, _), _) = rejections(read(skippable(b"\x37\xa4\x30\xec" + bytes(size)) + packed))
        assert reason == "damaged-record"


# What is a page


@pytest.mark.parametrize(
    "data",
    [
        response("https://a.example/x.png", b"\x89PNG", {"Content-Type": "image/png"}),
        response("https://a.example/feed", b"<rss/>", {"Content-Type": "application/rss+xml"}),
        response("https://a.example/x.css", b"p {}", {"Content-Type": "text/css"}),
        response("https://a.example/gone", page(0), status="404 Not Found"),
        response("https://a.example/old", b"", status="301 Moved"),
        response("https://a.example/robots.txt", b"User-agent: *", {"Content-Type": "text/plain"}),
        response("https://a.example/data", b'{"a": 1}', {"Content-Type": "application/json"}),
        response("https://a.example/data", b"\0\1\2\3", {}),
        response("http://[broken/", b"", {"Content-Type": "image/png"}),
        record("revisit", "https://a.example/", b"", Content_Type="application/http; msgtype=response"),
        record("resource", "https://a.example/", page(0), Content_Type="text/html"),
        record("response", "dns:a.example", b"a.example. 60 IN A 192.0.2.1", Content_Type="text/dns"),
        record("request", "https://a.example/", b"GET / HTTP/1.1\r\n\r\n"),
    ],
    ids=range(13),
)
def test_what_is_no_document_is_no_page(read: Read, data: bytes) -> None:
    found = read(info() + data + response("https://a.example/a", page(1)))
    assert (urls(found), rejections(found)) == (["https://a.example/a"], [])


@pytest.mark.parametrize(
    "kind", ["text/html", "TEXT/HTML;charset=x", "application/xhtml+xml", "text/plain", None]
)
def test_documents_are_pages(read: Read, kind: str | None) -> None:
    (found,) = read(response("https://a.example/", page(0), {"Content-Type": kind} if kind else {}))
    assert isinstance(found, Page)
    assert (found.body, found.content_type) == (page(0), kind)


def test_the_headers_that_matter_are_kept(read: Read) -> None:
    kept = {"Content-Type": "text/html", "ETag": '"1"', "Date": "Fri, 17 May 2024 10:00:00 GMT"}
    (found,) = read(response("https://a.example/", page(0), {**kept, "Server": "x", "Set-Cookie": "y"}))
    assert isinstance(found, Page)
    assert found.headers == kept
    assert KEPT_HEADERS == outcomes.KEPT_HEADERS


def test_a_charset_in_the_header_reaches_the_cleaner(read: Read) -> None:
    text = "Городской совет решил сохранить бассейн ещё на два года. " * 5
    body = f"<html><title>Бассейн</title><body><article><p>{text}</p></article></body></html>".encode(
        "cp1251"
    )
    (found,) = read(response("https://a.example/", body, {"Content-Type": "text/html; charset=windows-1251"}))
    assert isinstance(found, Page)
    assert clean(found).text == text.strip()


def wordpress_post(number: int) -> dict[str, object]:
    return {
        "id": number,
        "slug": "s",
        "link": f"https://farm.example/{number}/",
        "title": {"rendered": "t"},
        "content": {"rendered": "<p>x</p>"},
    }


def test_answers_of_the_wordpress_api_are_a_page_a_post(read: Read) -> None:
    address = "https://farm.example/wp-json/wp/v2/posts"
    kind = {"Content-Type": "application/json; charset=UTF-8"}
    many = json.dumps([wordpress_post(1), wordpress_post(2)]).encode()
    one = json.dumps(wordpress_post(3)).encode()
    found = read(response(address, many, kind) + response(f"{address}/3", one, kind))
    assert urls(found) == ["https://farm.example/1/", "https://farm.example/2/", f"{address}/3"]
    assert [item.fetched_at for item in found if isinstance(item, Page)] == [
        datetime(2024, 5, 17, 10, 30, tzinfo=UTC)
    ] * 3


def test_addresses_in_brackets_and_answers_written_by_hand_are_read(read: Read) -> None:
    answer = b"HTTP/1.0 200 OK\nContent-Type: text/html;\n charset=utf-8\nLink: <\xc3\xa9>\n\n" + page(0)
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <https://a.example/x>\r\nWARC-Date: 2024\r\n"
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    (found,) = read(head.encode() + answer + b"\r\n\r\n")
    assert isinstance(found, Page)
    assert (found.url, found.body, found.fetched_at) == ("https://a.example/x", page(0), None)
    assert found.content_type == "text/html; charset=utf-8"
    assert found.headers["Link"] == "<\xc3\xa9>"  # as Scrapy's headers are decoded


def test_pages_that_are_not_wanted_are_passed_over(tmp_path: Path) -> None:
    (path := tmp_path / "test.warc").write_bytes(gzipped(news()))
    found = list(read_archive(path, wanted=lambda url: url.endswith("/1"), max_size=MAX))
    assert urls(found) == NEWS_URLS[1:2]


def test_an_archive_without_answers_says_what_it_holds(read: Read) -> None:
    texts = [
        record("conversion", f"https://a.example/{n}", b"text", Content_Type="text/plain") for n in range(2)
    ]
    (found,) = read(info() + b"".join(texts))
    assert isinstance(found, Rejection)
    assert (found.reason, found.url) == ("no-pages", "file:///test.warc")
    assert found.detail.endswith("its records: 2 conversion, 1 warcinfo")


# Codings


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def chunked(data: bytes, size: int = 100) -> bytes:
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    return (
        b"".join(b"%x;a=b\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\nTrailer: x\r\n\r\n"
    )


def _name(value: object) -> str:
    return "body" if isinstance(value, bytes) else str(value)


CODED = [
    ({"Content-Encoding": "gzip"}, gzip.compress(page(0))),
    ({"Content-Encoding": "x-GZIP"}, gzip.compress(page(0)) + b"junk"),
    ({"Content-Encoding": "deflate"}, zlib.compress(page(0))),
    ({"Content-Encoding": "deflate"}, raw_deflate(page(0))),
    ({"Content-Encoding": "br"}, brotli.compress(page(0))),
    ({"Content-Encoding": "zstd"}, zstandard.compress(page(0))),
    ({"Content-Encoding": "gzip, br"}, brotli.compress(gzip.compress(page(0)))),
    ({"Transfer-Encoding": "chunked"}, chunked(page(0))),
    ({"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}, chunked(gzip.compress(page(0)))),
    ({"Transfer-Encoding": "chunked", "Content-Length": "99999"}, chunked(page(0))),
    # Decoded already, under the headers that the server sent.
    ({"Content-Encoding": "gzip", "Content-Length": "20"}, page(0)),
    ({"Content-Encoding": "br"}, page(0)),
    ({"Content-Encoding": "zstd"}, page(0)),
    ({"Content-Encoding": "deflate"}, page(0)),
    ({"Transfer-Encoding": "chunked"}, page(0)),
    ({"Content-Encoding": "identity"}, page(0)),
    ({"Content-Length": "\xb2"}, page(0)),
]


@pytest.mark.parametrize(("headers", "body"), CODED, ids=_name)
def test_codings_are_undone(read: Read, headers: dict[str, str], body: bytes) -> None:
    (found,) = read(response("https://a.example/", body, {**HTML, **headers}))
    assert isinstance(found, Page)
    assert found.body == page(0)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Encoding": "gzip"}, gzip.compress(page(0))[:-40]),
        ({"Content-Encoding": "deflate"}, zlib.compress(page(0))[:-40]),
        ({"Content-Encoding": "br"}, brotli.compress(page(0))[:-4]),
        ({"Content-Encoding": "zstd"}, zstandard.compress(page(0) * 900)[:-20]),
        ({"Content-Encoding": "zstd"}, zstandard.compress(page(0))[:-20]),
        ({"Transfer-Encoding": "chunked"}, chunked(page(0))[:-100]),
        ({"Content-Length": "5000"}, page(0)),
    ],
    ids=_name,
)
def test_an_answer_that_ends_too_early_is_truncated(read: Read, headers: dict[str, str], body: bytes) -> None:
    found = read(response("https://a.example/", body, {**HTML, **headers}))
    assert (rejections(found), urls(found)) == ([("truncated", "https://a.example/")], [])


# Damage


def test_an_answer_that_the_crawler_cut_is_truncated(read: Read) -> None:
    cut = response("https://a.example/1", page(1), WARC_Truncated="length")
    first = response("https://a.example/2", page(2), WARC_Segment_Number="1")
    image = response("https://a.example/3", b"x", {"Content-Type": "image/png"}, WARC_Truncated="length")
    found = read(gzipped([cut, first, image, response("https://a.example/4", page(4))]))
    assert urls(found) == ["https://a.example/4"]
    assert [item.detail for item in found if isinstance(item, Rejection)] == [
        "the crawler that wrote the archive cut the answer short (length) (in file:///test.warc at byte 0)",
        f"the answer goes on in another record (in file:///test.warc at byte {len(gzip.compress(cut))})",
    ]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress, bytes])
def test_an_archive_that_ends_too_early_gives_what_is_there(
    read: Read, pack: Callable[[bytes], bytes]
) -> None:
    whole = b"".join(map(pack, news()[:-1]))
    for missing in (4, 30, 300):
        found = read(whole[:-missing])
        assert urls(found) in (NEWS_URLS[:2], NEWS_URLS)  # without the end of its last line, it is whole
        if missing > 4 or pack is not bytes:
            assert urls(found) == NEWS_URLS[:2]
            assert [reason for reason, _ in rejections(found)] == ["truncated"]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_member_that_is_cut_short_costs_no_other(read: Read, pack: Callable[[bytes], bytes]) -> None:
    records = [info(), *(response(url, page(number)) for number, url in enumerate(NEWS_URLS))]
    members = list(map(pack, records))
    for cut in (30, 100, len(members[2]) - 3):
        found = read(b"".join([*members[:2], members[2][:-cut], members[3]]))
        assert urls(found) == [NEWS_URLS[0], NEWS_URLS[2]]
        ((reason, where),) = rejections(found)
        assert reason in {"damaged-record", "truncated"}
        assert where in {NEWS_URLS[1], f"file:///test.warc#{len(members[0] + members[1])}"}


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_record_that_claims_more_than_its_member_holds_costs_no_other(
    read: Read, pack: Callable[[bytes], bytes]
) -> None:
    records = news()
    records[5] = records[5].replace(b"\r\nContent-Length: ", b"\r\nContent-Length: 1", 1)
    found = read(b"".join(map(pack, records)))
    assert urls(found) == [NEWS_URLS[0], NEWS_URLS[2]]
    assert rejections(found) == [("truncated", NEWS_URLS[1])]
    (told,) = (item.detail for item in found if isinstance(item, Rejection))
    assert told.startswith("the record announces 1")


@settings(max_examples=200, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), value=st.integers(1, 255), pack=st.sampled_from("gz"))
def test_a_damaged_byte_behind_the_first_record_costs_one_at_most(
    tmp_path_factory: pytest.TempPathFactory, place: float, value: int, pack: str
) -> None:
    records = [info(), *(response(url, page(number)) for number, url in enumerate(NEWS_URLS))]
    packed = gzipped if pack == "g" else zstandard_packed
    data = bytearray(packed(records))
    first = len(packed(records[:1]))
    data[first + int(place * (len(data) - first))] ^= value
    path = tmp_path_factory.mktemp("damage") / "test.warc"
    path.write_bytes(data)
    found = list(read_archive(path, max_size=MAX))
    missing = [url for url in NEWS_URLS if url not in urls(found)]
    assert len(missing) <= 1
    assert len(missing) <= len(rejections(found))


def test_what_is_no_record_is_passed_over_and_said(read: Read) -> None:
    records = news()
    junk = b"\0\1junk\n" * 50_000
    for data in (b"".join([*records[:4], junk, *records[4:]]), gzipped([*records[:4], junk, *records[4:]])):
        found = read(data)
        assert urls(found) == NEWS_URLS
        (told,) = (item for item in found if isinstance(item, Rejection))
        assert told.reason == "damaged-record"
        assert told.detail.startswith("350000 bytes that belong to no record were passed over")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"WARC/1.0", b"WARC/7.0", "Expected Status Line starting with"),
        (b"\r\nContent-Length: ", b"\r\nContent-Length: -", "a record gives its length as '-"),
        (b"\r\nContent-Length: ", b"\r\nContent-Length: 9999999999999999999", "a record gives its length as"),
        (
            b"\r\nContent-Length: ",
            b"\r\nContent-Length: 99999999999999",
            "the record announces 99999999999999",
        ),
        (
            b"WARC-Type: response\r\n",
            b"WARC-Type: movie\r\nContent-Length: 99999999999999\r\n",
            "too many to pass over",
        ),
        (b"\r\nWARC-Date: ", b"\r\nX: " + b"y" * 300_000, "the header of a record is longer than"),
        (b"HTTP/1.1 200", b"NTTP/1.1 200", "the record holds no HTTP answer"),
    ],
)
def test_records_that_make_no_sense_cost_no_other(read: Read, old: bytes, new: bytes, told: str) -> None:
    records = news()
    records[2] = records[2].replace(old, new, 1)
    found = read(gzipped(records))
    assert urls(found) == NEWS_URLS[1:]
    assert any(told in item.detail for item in found if isinstance(item, Rejection))
    assert {reason for reason, _ in rejections(found)} <= {"damaged-record", "too-large", "truncated"}


# Size


def test_answers_beyond_the_bound_are_too_large(read: Read) -> None:
    plain = response("https://a.example/1", b"<p>" + b"x" * (2 * MAX))
    packed = {**HTML, "Content-Encoding": "gzip"}
    bomb = response("https://a.example/2", gzip.compress(bytes(50 * MAX)), packed)
    broth = response(
        "https://a.example/3", brotli.compress(bytes(50 * MAX)), {**HTML, "Content-Encoding": "br"}
    )
    image = response("https://a.example/4", bytes(2 * MAX), {"Content-Type": "image/png"})
    found = read(gzipped([plain, bomb, broth, image, *news(1)]))
    assert urls(found) == NEWS_URLS[:1]
    assert rejections(found) == [("too-large", f"https://a.example/{number}") for number in (1, 2, 3)]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress, bytes])
def test_memory_does_not_grow_with_the_archive(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "large.warc"
    with path.open("wb") as file:
        for number in range(60):
            file.write(pack(response(f"https://a.example/{number}", page(number) * 1_000)))
            file.write(pack(response("https://a.example/x.png", bytes(MAX), {"Content-Type": "image/png"})))
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_archive(path, max_size=MAX))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 60
    assert peak < 12 * MAX


def test_a_header_without_end_is_not_held(tmp_path: Path) -> None:
    path = tmp_path / "bomb.warc.gz"
    path.write_bytes(gzip.compress(b"WARC/1.0\r\n" + b"a" * (100 * MAX)) + gzipped(news(1)))
    tracemalloc.start()
    try:
        found = list(read_archive(path, max_size=MAX))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert urls(found) == NEWS_URLS[:1]
    assert peak < 12 * MAX
