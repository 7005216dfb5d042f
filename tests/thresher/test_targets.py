"""What a user names, told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from thresher.crawl import CrawlJob
from thresher.targets import jobs_of


@pytest.mark.parametrize(
    ("target", "spider"),
    [
        ("https://gazette.example/", "site"),
        ("gazette.example", "site"),  # though a folder of this name is here
        ("gazette.example/story", "site"),
        ("pages", "files"),
        ("./gazette.example", "files"),
        ("pages/one.html", "files"),
        ("old.warc.gz", "archive"),
        ("none/OLD.WARC.zst", "archive"),
        ("https://data.example/CC-NEWS/2024/05/warc.paths.gz?x=1", "archive"),
        ("https://pages.example/pages", "site"),
    ],
)
def test_what_to_crawl_is_told_by_its_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, spider: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "one.html").write_text("x", encoding="utf-8")
    (tmp_path / "gazette.example").mkdir()
    (job,) = jobs_of([target], None, {})
    assert job.spider == spider
    key = "path" if spider == "files" or (spider == "archive" and "://" not in target) else "url"
    assert job.arguments == {key: target if spider == "site" else [target]}


def test_what_is_named_together_is_crawled_by_kind_and_site() -> None:
    jobs = jobs_of(
        ["a.example", "x.warc", "b.example", "a.example/x", "https://c.example/y.warc.gz"],
        None,
        {"max_pages": "3"},
    )
    assert [(job.spider, dict(job.arguments)) for job in jobs] == [
        ("site", {"url": "a.example a.example/x", "max_pages": "3"}),
        ("site", {"url": "b.example", "max_pages": "3"}),
        ("archive", {"path": ["x.warc"], "url": ["https://c.example/y.warc.gz"], "max_pages": "3"}),
    ]
    assert [job.spider for job in jobs_of(["a.example", "pages"], "files", {})] == ["files"]


def test_addresses_of_one_site_are_one_job() -> None:
    addresses = ["https://www.a.example/x", "b.example", "http://sport.a.example", "ftp://c.example/"]
    assert jobs_of(addresses, "site", {"max_pages": "3"}) == [
        CrawlJob("site", {"url": "https://www.a.example/x http://sport.a.example", "max_pages": "3"}),
        CrawlJob("site", {"url": "b.example", "max_pages": "3"}),
        CrawlJob("site", {"url": "ftp://c.example/", "max_pages": "3"}),
    ]
