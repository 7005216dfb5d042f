"""The `wordpress` spider against a real server: an open API, its other forms, and a closed one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.store import Store
from pipelines.store.schema import Run, StoredArticle
from tests.crawling import Crawled, crawl
from tests.mockserver import (
    PARAGRAPHS,
    Server,
    WordPressApi,
    article_html,
    links_html,
    page,
    redirect,
    wp_post,
)

API_LINK = "<link rel='https://api.w.org/' href='/wp-json/'>"


def blog(server: Server, host: str, posts: int, **options: Any) -> tuple[str, WordPressApi]:
    base = server.url(host)[:-1]
    api = WordPressApi([wp_post(n, base) for n in range(1, posts + 1)], **options)
    server.hosts[host] = {"/": page(links_html(head=API_LINK)), **api.routes()}
    return base, api


@pytest.fixture(scope="module")
def three(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """Three blogs in one run: open, closed, and without pretty permalinks."""
    blog(server, "open.example", 5, users={7: "Ada Quill"}, categories={3: "Harbour", 4: "Town"})
    closed = server.url("closed.example")[:-1]
    story = "/2024/06/01/the-closed-blog-has-a-story"
    server.hosts["closed.example"] = {
        "/": page(links_html(story, head=API_LINK)),
        "/wp-json/wp/v2/posts": page(
            '{"code":"rest_forbidden"}', status=403, content_type="application/json"
        ),
        story: page(article_html("The closed blog has a story", *PARAGRAPHS)),
    }
    plain = server.url("plain.example")[:-1]
    api = WordPressApi([wp_post(n, plain) for n in range(1, 4)], max_per_page=20)
    server.hosts["plain.example"] = {"/": api.plain_route}
    jobs = [
        ("wordpress", {"url": server.url("open.example"), "per_page": "2"}),
        ("wordpress", {"url": closed}),
        ("wordpress", {"url": plain}),
    ]
    return crawl(tmp_path_factory.mktemp("blogs"), *jobs)


def of(crawled: Crawled, host: str) -> list[dict[str, Any]]:
    return [record for record in crawled.articles if host in record["url"]]


def test_reads_all_pages_of_posts(three: Crawled, server: Server) -> None:
    base = server.url("open.example")[:-1]
    records = of(three, "open.example")
    assert {record["url"] for record in records} == {f"{base}/2024/05/post-number-{n}/" for n in range(1, 6)}
    assert len(records) == 5
    for record in records:
        assert record["authors"] == ["Ada Quill"]
        assert record["categories"] == ["Harbour", "Town"]
        assert record["discovered_by"] == "wordpress-api"
        assert record["lastmod"] == "2024-05-02T11:30:00+00:00"
        assert all(paragraph in record["text"] for paragraph in PARAGRAPHS)


@pytest.mark.usefixtures("three")
def test_asks_for_names_once(server: Server) -> None:
    names = [path for path in server.asked("open.example") if "/users" in path or "/categories" in path]
    assert len(names) == 2


def test_reads_an_api_without_pretty_permalinks(three: Crawled) -> None:
    records = of(three, "plain.example")
    assert len(records) == 3
    assert all(record["authors"] == [] for record in records)  # the list of users is closed


def test_falls_back_to_the_site_where_the_api_is_closed(three: Crawled, server: Server) -> None:
    base = server.url("closed.example")[:-1]
    assert [record["url"] for record in of(three, "closed.example")] == [
        f"{base}/2024/06/01/the-closed-blog-has-a-story"
    ]
    (reject,) = (record for record in three.rejects if record["reason"] == "wordpress-api-closed")
    assert reject["url"].startswith(f"{base}/wp-json/wp/v2/posts")
    assert reject["status"] == 403
    assert "going on as an ordinary site crawl" in reject["detail"]
    assert f"The WordPress API of {base}/ is closed (http-403)" in three.log


def test_several_jobs_share_one_set_of_outputs(three: Crawled) -> None:
    assert len(three.articles) == 9
    assert three.report["ok"]
    assert {name: site["articles"] for name, site in three.report["sites"].items()} == {
        "open.example": 5,
        "closed.example": 1,
        "plain.example": 3,
    }
    with Store(f"sqlite:///{three.output / 'thresher.db'}") as store, store.session() as session:
        assert session.query(StoredArticle).count() == 9
        runs = session.query(Run).all()
        assert len(runs) == 3
        assert all(run.finished for run in runs)


def test_closed_without_fallback(server: Server, tmp_path: Path) -> None:
    host = "shut.example"
    server.hosts[host] = {"/": page(links_html("/2024/06/01/never-asked-for-this-story"))}
    crawled = crawl(tmp_path, ("wordpress", {"url": server.url(host), "fallback": "false"}))
    assert crawled.articles == []
    assert [record["reason"] for record in crawled.rejects] == ["wordpress-api-closed"]
    assert not crawled.report["ok"]
    # Both usual places were tried, as the front page names none.
    assert [path.partition("&")[0].partition("?per")[0] for path in server.asked(host)] == [
        "/robots.txt", "/", "/wp-json/wp/v2/posts", "/?rest_route=/wp/v2/posts",
    ]  # fmt: skip


def test_keeps_to_max_pages_and_reports_what_is_no_post(server: Server, tmp_path: Path) -> None:
    base, api = blog(server, "odd.example", 3)
    api.posts.insert(0, {"id": 99})
    api.posts.append(wp_post(9, base, content={"rendered": "", "protected": True}))
    crawled = crawl(tmp_path / "all", ("wordpress", {"url": base}))
    assert len(crawled.articles) == 3
    assert sorted(record["reason"] for record in crawled.rejects) == ["no-text", "not-a-post"]
    crawled = crawl(tmp_path / "two", ("wordpress", {"url": base, "max_pages": "2", "per_page": "1"}))
    assert len(crawled.articles) == 2
    assert len([path for path in server.asked("odd.example") if "per_page=1&page" in path]) == 3


def test_goes_on_when_a_page_of_posts_is_missing(server: Server, tmp_path: Path) -> None:
    base, _ = blog(server, "hole.example", 6)
    posts = server.hosts["hole.example"]["/wp-json/wp/v2/posts"]

    def with_a_hole(handler: Any, query: dict[str, str]) -> None:
        if query["page"] == "2":
            page("<h1>Database error</h1>", status=500)(handler, query)
        else:
            posts(handler, query)

    server.hosts["hole.example"]["/wp-json/wp/v2/posts"] = with_a_hole
    crawled = crawl(tmp_path, ("wordpress", {"url": base, "per_page": "2"}))
    assert len(crawled.articles) == 4
    assert [record["reason"] for record in crawled.rejects] == ["http-500"]


def test_counts_pages_itself_where_the_api_does_not_say(server: Server, tmp_path: Path) -> None:
    base = server.url("untold.example")[:-1]
    posts = [wp_post(n, base) for n in range(1, 5)]

    def untold(handler: Any, query: dict[str, str]) -> None:
        start = (int(query["page"]) - 1) * 2
        page(json.dumps(posts[start : start + 2]), content_type="application/json")(handler, query)

    server.hosts["untold.example"] = {"/": page(links_html(head=API_LINK)), "/wp-json/wp/v2/posts": untold}
    crawled = crawl(tmp_path, ("wordpress", {"url": base, "per_page": "2"}))
    assert len(crawled.articles) == 4
    assert crawled.rejects == []


def test_follows_a_site_that_moved(server: Server, tmp_path: Path) -> None:
    base, _ = blog(server, "new-home.example", 2)
    server.hosts["old-home.example"] = {"/": redirect(f"{base}/")}
    crawled = crawl(tmp_path, ("wordpress", {"url": server.url("old-home.example")}))
    assert len(crawled.articles) == 2
