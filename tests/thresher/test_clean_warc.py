"""`thresher clean` of archives and JSON lines; what a crawl archived gives the articles of the crawl again."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.crawling import crawl
from tests.mockserver import (
    PARAGRAPHS,
    Server,
    WordPressApi,
    article_html,
    links_html,
    page,
    redirect,
    serve,
    wp_post,
)
from tests.spiders.archives import gzipped, info, response

STORIES = {f"/2024/05/{day}/story-of-day-{day}": f"The story of day {day}" for day in range(10, 16)}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serve() as running:
        old = article_html("Старая история", "Городской совет решил сохранить бассейн ещё на два года. " * 4)
        running.hosts["press.example"] = {
            "/": page(links_html(*STORIES, "/2024/05/20/it-has-moved-away", "/2024/05/21/gone-for-good")),
            "/robots.txt": page("User-agent: *\nDisallow: /2024/05/15/", content_type="text/plain"),
            **{path: page(article_html(title, *PARAGRAPHS)) for path, title in STORIES.items()},
            "/2024/05/10/story-of-day-10": page(
                gzip.compress(article_html("Packed", *PARAGRAPHS).encode()),
                headers={"Content-Encoding": "gzip", "ETag": '"1"', "Link": "<https://é.example/>; rel=x"},
            ),
            "/2024/05/11/story-of-day-11": page(
                old.replace("utf-8", "windows-1251").encode("cp1251"),
                content_type="text/html; charset=windows-1251",
            ),
            "/2024/05/20/it-has-moved-away": redirect("/2024/05/22/where-it-is-now"),
            "/2024/05/22/where-it-is-now": page(article_html("Moved", *PARAGRAPHS)),
        }
        base = running.url("farm.example")[:-1]
        posts = [wp_post(number, base) for number in range(1, 8)]
        api = WordPressApi(posts, users={7: "Ada Quill"}, categories={3: "News", 4: "Harbour"})
        running.hosts["farm.example"] = {"/": page(links_html()), **api.routes()}
        yield running


def clean(*arguments: str | Path, stdin: bytes = b"") -> tuple[int, list[dict[str, Any]], str]:
    done = subprocess.run(
        [sys.executable, "-m", "thresher", "clean", *map(str, arguments)],
        input=stdin, capture_output=True, env=os.environ | {"COLUMNS": "160"}, timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def by_url(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(records, key=lambda record: str(record["url"]))


@pytest.mark.parametrize(
    ("spider", "host", "count", "size"),
    [
        ("site", "press.example", 6, 1 << 30),
        ("site", "press.example", 6, 3_000),
        ("wordpress", "farm.example", 7, 1 << 30),
    ],
)
def test_the_archive_of_a_crawl_gives_its_articles_again(
    server: Server, tmp_path: Path, spider: str, host: str, count: int, size: int
) -> None:
    folder = tmp_path / "warc"
    crawled = crawl(
        tmp_path / "out",
        (spider, {"url": server.url(host)}),
        THRESHER_WARC=str(folder),
        THRESHER_WARC_SIZE=size,
    )
    assert len(crawled.articles) == count
    assert (len(list(folder.iterdir())) > 1) == (size < 1 << 30)
    status, again, errors = clean("--format", "jsonl", folder)
    assert (status, by_url(again)) == (0, by_url(crawled.articles)), errors


def test_an_archive_gives_its_articles_in_order(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    urls = [f"https://press.example/{name}" for name in ("c", "a", "d", "b")]
    stories = [response(url, article_html(f"Story {url[-1]}", *PARAGRAPHS).encode()) for url in urls]
    path.write_bytes(gzipped([info(), *stories[:2], b"junk\n", *stories[2:]]))
    status, records, errors = clean(path)
    assert [record["url"] for record in records] == urls
    assert {record["discovered_by"] for record in records} == {"archive"}
    assert status == 1
    assert "5 bytes that belong to no record were passed over" in errors
    assert clean("-", "--format", "jsonl", stdin=path.read_bytes())[1] == records
    status, _, errors = clean(path, "--url", "https://press.example/")
    assert (status, "--url names one document's address" in errors) == (2, True)


def test_a_folder_may_hold_all_kinds_of_files(tmp_path: Path) -> None:
    story = article_html("A story", *PARAGRAPHS)
    text = "\n\n".join(PARAGRAPHS)
    (tmp_path / "a.html").write_text(story, encoding="utf-8")
    (tmp_path / "b.warc.gz").write_bytes(
        gzipped([info(), response("https://press.example/b", story.encode())])
    )
    lines = [{"url": f"https://press.example/{n}", "text": text} for n in "cd"]
    (tmp_path / "c.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\nbroken\n", encoding="utf-8")
    (tmp_path / "d.txt").write_text(text, encoding="utf-8")
    (tmp_path / "e.json").write_text(
        json.dumps([wp_post(1, "https://farm.example"), wp_post(2, "https://farm.example")])
    )
    status, records, errors = clean(tmp_path)
    assert [record["url"].rpartition("/")[2] or record["url"] for record in records] == [
        "a.html",
        "b",
        "c",
        "d",
        "d.txt",
        "https://farm.example/2024/05/post-number-1/",
        "https://farm.example/2024/05/post-number-2/",
    ]
    assert status == 1
    assert errors.splitlines() == [
        f"{(tmp_path / 'c.jsonl').as_uri()}#3: line 3 is no JSON object [damaged-line]",
        "7 articles, 1 rejected",
    ]


def test_json_lines_are_cleaned(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    story = {
        "url": "https://press.example/1",
        "html": article_html("A story", *PARAGRAPHS),
        "date": "2024-05-17",
    }
    path.write_text(json.dumps(story) + "\n", encoding="utf-8")
    status, (record,), _ = clean(path)
    assert (status, record["url"], record["title"]) == (0, story["url"], "A story")
    assert record["lastmod"] == "2024-05-17T00:00:00+00:00"
    assert record["text"] == "\n\n".join(PARAGRAPHS)
