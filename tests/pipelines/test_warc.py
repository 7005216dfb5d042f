"""Writing archives: what stands in the records, how files end, and that a crawl's pages come back."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from argparse import Namespace
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from io import FileIO
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.utils.test import get_crawler
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from cleaners.article import Page, Rejection
from pipelines import warc_files
from pipelines.warc import WarcPipeline
from pipelines.warc_files import WarcFiles
from pipelines.warc_records import Exchange, exchange_records, take_down
from spiders.warc import read_archive
from tests.crawling import FAST, ROOT, crawl
from tests.mockserver import (
    PARAGRAPHS,
    Handler,
    Query,
    article_html,
    hang,
    links_html,
    page,
    redirect,
    serve,
)

BODY = b"<html><title>Storm</title><p>The harbour held.</p></html>"
MOMENT = datetime(2024, 5, 17, 10, 30, 0, 123456, tzinfo=UTC)
PAGE = Page(
    url="https://press.example/storm",
    body=BODY,
    content_type="text/html; charset=utf-8",
    fetched_at=MOMENT,
    status=200,
    headers={"Content-Type": "text/html; charset=utf-8", "ETag": '"1"'},
    discovered_by="sitemap",
    lastmod=datetime(2024, 5, 16, tzinfo=timezone(timedelta(hours=2))),
)


def response(body: bytes = BODY, **options: Any) -> Response:
    headers = options.pop("headers", {"Content-Type": "text/html"})
    return Response("https://press.example/storm", headers=headers, body=body, **options)


def exchange(**options: Any) -> Exchange:
    return take_down(Request("https://press.example/storm"), response(**options))


def files(folder: Path, max_size: int = 1 << 30, **facts: str) -> WarcFiles:
    return WarcFiles(folder, "press", max_size, {"software": "Thresher/0", "thresher-roles": "1", **facts})


def pages_in(folder: Path) -> list[Page | Rejection]:
    return [found for path in sorted(folder.iterdir()) for found in read_archive(path, max_size=1 << 20)]


def records_in(path: Path) -> list[tuple[str, dict[str, str], bytes]]:
    with path.open("rb") as stream:
        return [
            (found.rec_type, dict(found.rec_headers.headers), found.raw_stream.read())
            for found in ArchiveIterator(stream, no_record_parse=True)
        ]


def check(folder: Path) -> None:
    """What `warcio check` says, which is nothing."""
    for path in folder.iterdir():
        checker = Checker(Namespace(inputs=[str(path)], verbose=False))
        assert checker.process_all() == 0, path


# Records


def test_an_exchange_is_taken_down_as_it_was() -> None:
    request = Request(
        "https://press.example/a?b=c",
        headers={"User-Agent": "Thresher", "Authorization": "secret", "Cookie": "a=b", "X": ["1", "2"]},
    )
    packed = gzip.compress(BODY)
    headers = {
        "Content-Type": b"text/html; charset=\xe9",
        "Content-Encoding": "gzip",
        "Transfer-Encoding": "chunked",
        "Content-Length": "7",
        "Link": ["<a>", "<b>\r\nSet-Cookie: injected"],
    }
    answer = response(
        packed,
        headers=headers,
        status=203,
        protocol="HTTP/1.0",
        ip_address=ip_address("192.0.2.1"),
        flags=["dataloss"],
    )
    taken = take_down(request, answer)
    del answer.headers["Content-Encoding"]  # as Scrapy does when it unpacks the body
    assert taken.request == (
        b"GET /a?b=c HTTP/1.1\r\nHost: press.example\r\nUser-Agent: Thresher\r\nX: 1\r\nX: 2\r\n\r\n"
    )
    assert taken.head == (
        b"HTTP/1.0 203 Non-Authoritative Information\r\nContent-Type: text/html; charset=\xe9\r\n"
        b"Content-Encoding: gzip\r\nX-Crawler-Transfer-Encoding: chunked\r\nX-Crawler-Content-Length: 7\r\n"
        b"Link: <a>\r\nLink: <b> Set-Cookie: injected\r\n"
        b"Content-Length: %d\r\n\r\n" % len(packed)
    )
    assert (taken.body, taken.ip_address, taken.cut) == (packed, "192.0.2.1", "disconnect")


def test_the_address_of_a_proxy_is_not_taken_for_the_servers() -> None:
    request = Request("https://press.example/", meta={"proxy": "http://proxy.example"})
    assert take_down(request, response(ip_address=ip_address("192.0.2.1"))).ip_address is None


def test_records_say_what_the_standard_asks_for() -> None:
    request, answer = exchange_records(
        replace(exchange(), moment=MOMENT, ip_address="192.0.2.1", cut="length"), "<urn:uuid:0>"
    )
    headers = dict(answer.rec_headers.headers)
    assert headers.pop("WARC-Record-ID").startswith("<urn:uuid:")
    assert headers == {
        "WARC-Type": "response",
        "WARC-Date": "2024-05-17T10:30:00.123456Z",
        "WARC-Target-URI": "https://press.example/storm",
        "WARC-Warcinfo-ID": "<urn:uuid:0>",
        "WARC-IP-Address": "192.0.2.1",
        "WARC-Payload-Digest": "sha1:" + base64.b32encode(hashlib.sha1(BODY).digest()).decode(),
        "WARC-Truncated": "length",
        "WARC-Block-Digest": headers["WARC-Block-Digest"],
    }
    asked = dict(request.rec_headers.headers)
    assert asked["WARC-Concurrent-To"] == answer.rec_headers.get_header("WARC-Record-ID")
    assert request.rec_headers.protocol == "WARC/1.1"


# Files


def test_pages_come_back_as_they_were(tmp_path: Path) -> None:
    written = files(tmp_path)
    taken = exchange()
    post = replace(PAGE, url="https://press.example/post", body='{"content": "é\ud800"}', content_type=None)
    written.write_exchange(taken)
    written.write_page(PAGE, taken.record_id)
    written.write_exchange(exchange(status=404))
    written.write_page(post, None)
    written.write_page(Page(url=None, body=b""), "<urn:uuid:gone>")
    written.close()
    assert pages_in(tmp_path) == [PAGE, post, Page(url=None, body=b"")]
    assert written.counts == {"files": 1, "records": 10}
    check(tmp_path)


TEXT = st.text(st.characters(exclude_categories=()), max_size=30)


@settings(max_examples=100, deadline=None)
@given(
    made=st.builds(
        Page,
        url=TEXT,
        body=TEXT | st.binary(max_size=200),
        content_type=st.none() | TEXT,
        fetched_at=st.none() | st.datetimes(timezones=st.just(UTC)),
        status=st.none() | st.integers(0, 999),
        headers=st.dictionaries(st.sampled_from(["ETag", "Date", "Link"]), TEXT),
        discovered_by=st.none() | TEXT,
        lastmod=st.none() | st.datetimes(timezones=st.just(UTC)),
    )
)
def test_any_page_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, made: Page) -> None:
    folder = tmp_path_factory.mktemp("warc")
    written = files(folder)
    written.write_page(made, None)
    written.close()
    assert pages_in(folder) == [made]
    check(folder)


def test_files_end_at_their_size_and_stand_alone(tmp_path: Path) -> None:
    written = files(tmp_path, max_size=1_500, operator="you@example.net")
    taken = [exchange() for _ in range(6)]
    for one in taken:
        written.write_exchange(one)
    for number, one in enumerate(taken):  # whose answers are in files that are closed by now, but the last
        written.write_page(replace(PAGE, url=f"https://press.example/{number}"), one.record_id)
    written.close()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) > 2
    assert all(re.fullmatch(r"thresher-\d{14}-press-\d{5}\.warc\.gz", name) for name in names)
    assert {found.url for found in pages_in(tmp_path)} == {f"https://press.example/{n}" for n in range(6)}
    for path in tmp_path.iterdir():
        (kind, header, info), *_ = records_in(path)
        assert (kind, header["WARC-Filename"]) == ("warcinfo", path.name)
        assert b"operator: you@example.net\r\n" in info
    check(tmp_path)


def test_a_file_has_its_last_name_only_when_it_is_complete(tmp_path: Path) -> None:
    written, other = files(tmp_path), files(tmp_path)
    for one in (written, other):
        one.write_exchange(exchange())
        one._thread.submit(bool).result()  # what was submitted before is done
    written.close()
    open_now = sorted(path.suffix for path in tmp_path.iterdir())
    other.close()
    assert open_now == [".gz", ".open"]
    assert [path.suffix for path in tmp_path.iterdir()] == [".gz", ".gz"]


def test_without_exchanges_there_is_no_file(tmp_path: Path) -> None:
    files(tmp_path).close()
    assert list(tmp_path.iterdir()) == []


class FullDisk(FileIO):
    """Takes a part of what is written, and then nothing more."""

    full = False

    def write(self, data: Any, /) -> int:
        if not self.full:
            return super().write(data)
        if len(data) < 50:
            raise OSError(28, "No space left on device")
        return super().write(data[:40])


def test_a_full_disk_costs_records_and_not_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(warc_files, "FileIO", FullDisk)
    written = files(tmp_path)
    first, lost, last = exchange(), exchange(), exchange()
    written.write_exchange(first)
    written._thread.submit(setattr, FullDisk, "full", True)
    written.write_exchange(lost)
    written.write_exchange(lost)
    written._thread.submit(setattr, FullDisk, "full", False)
    written.write_exchange(last)
    for number, one in enumerate((first, lost, last)):
        written.write_page(replace(PAGE, url=f"https://press.example/{number}"), one.record_id)
    written.close()
    assert [found.url for found in pages_in(tmp_path)] == [f"https://press.example/{n}" for n in (0, 2, 1)]
    assert written.counts["failed"] == 2
    assert [record.message for record in caplog.records] == [
        "The WARC file cannot be written: [Errno 28] No space left on device"
    ]
    check(tmp_path)


def test_a_slow_disk_holds_the_crawl_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc_files, "MAX_WAITING", 1_000)
    written = files(tmp_path)
    disk_works, third = threading.Event(), threading.Event()
    written._thread.submit(disk_works.wait)

    def write() -> None:
        for _ in range(3):
            written.write_exchange(exchange(body=b"x" * 400))
        third.set()

    crawling = threading.Thread(target=write)
    crawling.start()
    assert not third.wait(0.3)
    disk_works.set()
    assert third.wait(10)
    crawling.join()
    written.close()
    assert written.counts["records"] == 7


# The pipeline


def test_it_is_off_without_a_folder_and_refuses_a_bad_size(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured):
        WarcPipeline.from_crawler(get_crawler())
    wrong = get_crawler(settings_dict={"THRESHER_WARC": str(tmp_path), "THRESHER_WARC_SIZE": "-1"})
    with pytest.raises(ValueError, match="THRESHER_WARC_SIZE must be a number of bytes above 0, not -1"):
        WarcPipeline.from_crawler(wrong)


def test_a_crawl_keeps_every_exchange(tmp_path: Path) -> None:
    story = article_html("Storm at the harbour", *PARAGRAPHS)
    packed = gzip.compress(story.encode())

    def chunked(handler: Handler, _query: Query) -> None:
        handler.send_response(200)
        for header in (("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")):
            handler.send_header(*header)
        handler.end_headers()
        data = story.encode()
        handler.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(data), data))

    with serve() as server:
        server.hosts["press.example"] = {
            "/robots.txt": page("User-agent: *\nAllow: /", content_type="text/plain"),
            "/": page(
                links_html(
                    "/2024/05/17/storm-at-sea", "/2024/05/18/a-link-that-moved", "/2024/05/19/gone-for-good"
                )
            ),
            "/2024/05/17/storm-at-sea": page(packed, headers={"Content-Encoding": "gzip"}),
            "/2024/05/18/a-link-that-moved": redirect("/2024/05/20/where-it-is-now"),
            "/2024/05/20/where-it-is-now": chunked,
        }
        crawled = crawl(
            tmp_path / "out",
            ("site", {"url": server.url("press.example")}),
            THRESHER_WARC=str(tmp_path / "warc"),
            THRESHER_CONTACT="you@example.net",
        )
        asked = server.asked("press.example")
    (path,) = (tmp_path / "warc").iterdir()
    assert re.fullmatch(r"thresher-\d{14}-press\.example-00001\.warc\.gz", path.name)
    check(tmp_path / "warc")
    records = records_in(path)
    answers = {
        header["WARC-Target-URI"]
        .partition(":")[2]
        .partition("/")[2]
        .partition("/")[2]
        .partition("/")[2]: block
        for kind, header, block in records
        if kind == "response"
    }
    assert {f"/{name}" for name in answers} == set(asked)
    assert [kind for kind, _, _ in records].count("request") == len(asked)
    assert answers["2024/05/17/storm-at-sea"].endswith(packed)  # as it came
    assert answers["2024/05/18/a-link-that-moved"].startswith(b"HTTP/1.1 302 Found\r\n")
    assert answers["2024/05/19/gone-for-good"].startswith(b"HTTP/1.1 404 Not Found\r\n")
    assert b"chunked" not in answers["2024/05/20/where-it-is-now"]
    assert all(header["WARC-IP-Address"] == "127.0.0.1" for kind, header, _ in records if kind == "response")
    info = records[0][2].decode()
    assert "robots: obey\r\noperator: you@example.net\r\n" in info
    assert "http-header-user-agent: Thresher/0.1.0 (+you@example.net)\r\n" in info
    assert [kind for kind, _, _ in records].count("metadata") == 2  # the bodies stand in the answers
    found = pages_in(tmp_path / "warc")
    assert {item.url for item in found} == crawled.article_urls
    assert [item.body for item in found if isinstance(item, Page)] == [story.encode()] * 2
    assert f"'thresher/warc/records': {len(records)}" in crawled.log


def test_a_crawl_that_is_killed_leaves_what_it_had(tmp_path: Path) -> None:
    with serve() as server:
        story = page(article_html("Storm at the harbour", *PARAGRAPHS))
        urls = [f"/2024/05/{day}/storm-at-the-harbour" for day in range(10, 20)]
        server.hosts["press.example"] = {
            "/": page(links_html(*urls)),
            **dict.fromkeys(urls, story),
            urls[-1]: hang,
        }
        settings = {**FAST, "THRESHER_WARC": str(tmp_path / "warc"), "DOWNLOAD_TIMEOUT": 60}
        order = {
            "output": str(tmp_path / "out"),
            "jobs": [["site", {"url": server.url("press.example")}]],
            "settings": settings,
        }
        with subprocess.Popen(
            [sys.executable, "-m", "tests.crawling", json.dumps(order)], cwd=ROOT, start_new_session=True
        ) as child:
            deadline = time.monotonic() + 40
            while urls[-1] not in server.asked("press.example"):
                assert time.monotonic() < deadline
                time.sleep(0.05)
            while len(_articles(tmp_path / "warc")) < 9:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            os.killpg(child.pid, signal.SIGKILL)
    (path,) = (tmp_path / "warc").iterdir()
    assert path.suffix == ".open"
    check(tmp_path / "warc")
    assert len(_articles(tmp_path / "warc")) == 9
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 20)  # the last record, in the middle of which it was killed
    *pages, last = pages_in(tmp_path / "warc")
    assert len(pages) == 8
    assert isinstance(last, Rejection)
    assert last.reason == "truncated"


def _articles(folder: Path) -> list[Page | Rejection]:
    return pages_in(folder) if folder.exists() else []
