"""A site whose pages end in a paragraph that no rule knows: crawled once and again, in order and not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select

from pipelines.store import Store
from pipelines.store.schema import StoredArticle
from tests.crawling import Crawled, crawl
from tests.mockserver import Route, Server, article_html, links_html, page, validated
from tests.stories import ABOUT, story

NUMBERS = range(12)
MOVED = "The paper moved to a smaller loft on Sunday, and the cat has not been seen there so far."


def path(number: int) -> str:
    return f"/2024/05/{number + 1:02}/the-story-of-number-{number}"


def pages(*numbers: int, end: str = ABOUT) -> dict[str, Route]:
    found = {}
    for number in numbers:
        title, texts = story(number)
        found[path(number)] = page(article_html(title, *texts, end))
    return found


def site(*numbers: int) -> dict[str, Route]:
    """A front page that links stories; all but the first two end alike."""
    others = {path(number): page(article_html(story(number)[0], *story(number)[1])) for number in (50, 51)}
    return {"/": page(links_html(*map(path, (*numbers, 50, 51)))), **pages(*numbers), **others}


def text_of(number: int) -> str:
    return "\n\n".join(story(number)[1])


def texts(output: Path) -> dict[str, str]:
    with Store(f"sqlite:///{output / 'thresher.db'}") as store, store.session() as session:
        rows = session.scalars(select(StoredArticle))
        return {f"{row.url}".partition("example")[2].partition("/")[2]: row.text for row in rows}


def written(crawled: Crawled) -> dict[str, list[tuple[int, bool]]]:
    """The revisions in the file of articles, by the last part of their address, and whether they say it."""
    found: dict[str, list[tuple[int, bool]]] = {}
    for record in crawled.articles:
        name = record["url"].rpartition("-")[2]
        found.setdefault(name, []).append((record["revision"], ABOUT in record["text"]))
    return found


def run(server: Server, output: Path, host: str, **settings: Any) -> Crawled:
    return crawl(output, ("links", {"url": server.url(host)}), **settings)


def test_it_is_corrected_when_the_crawl_ends_and_stays_so(server: Server, tmp_path: Path) -> None:
    host = "memory.example"
    server.hosts[host] = site(*NUMBERS)
    first = run(server, tmp_path, host)
    assert written(first) == {
        **{str(number): [(1, True), (2, False)] for number in NUMBERS},
        "50": [(1, False)],
        "51": [(1, False)],
    }
    assert "'thresher/articles/corrected': 12" in first.log
    assert first.report["sites"] == {host: {"pages": 14, "articles": 14, "rejects": 1}}
    assert "Corrected   12 (without text that their site repeats)" in first.terminal
    last = next(r for r in first.articles if r["revision"] == 2)["blocks"]
    reasons = [block["reason"] for block in last if block["text"] == ABOUT]
    assert reasons == ["stands on 12 of this site's 14 pages"]
    assert texts(tmp_path)[path(3)[1:]] == text_of(3)

    second = run(server, tmp_path, host)  # no page has validators: all are fetched and cleaned again
    assert second.articles == []
    assert "'thresher/articles/unchanged': 14" in second.log
    assert "thresher/articles/corrected" not in second.log
    assert "Corrected" not in second.terminal

    server.hosts[host] = {**site(*NUMBERS, 12), **pages(3, end=MOVED)}
    third = run(server, tmp_path, host)
    assert written(third) == {"12": [(1, False)], "3": [(3, False)]}
    new = {record["url"].rpartition("-")[2]: record["text"] for record in third.articles}
    assert new == {"12": text_of(12), "3": f"{text_of(3)}\n\n{MOVED}"}


def test_several_runs_in_another_order_end_alike(server: Server, tmp_path: Path) -> None:
    host = "ordered.example"
    server.hosts[host] = site(*NUMBERS)
    run(server, tmp_path / "once", host)
    for numbers in ((11, 3, 7, 9, 0, 1), (*reversed(NUMBERS),)):
        server.hosts[host] = site(*numbers)
        run(server, tmp_path / "often", host)
    assert texts(tmp_path / "often") == texts(tmp_path / "once")
    assert texts(tmp_path / "once")[path(0)[1:]] == text_of(0)


def test_without_memory_nothing_is_corrected(server: Server, tmp_path: Path) -> None:
    host = "forgetful.example"
    server.hosts[host] = site(*NUMBERS)
    crawled = run(server, tmp_path, host, THRESHER_SITE_MEMORY=False)
    assert {name: found for name, found in written(crawled).items() if len(found) > 1} == {}
    assert texts(tmp_path)[path(3)[1:]] == f"{text_of(3)}\n\n{ABOUT}"


def test_pages_that_are_not_modified_are_corrected_too(server: Server, tmp_path: Path) -> None:
    host = "validated.example"
    known = {
        path(number): validated(article_html(story(number)[0], *story(number)[1], ABOUT), etag=f'"{number}"')
        for number in range(4)
    }
    server.hosts[host] = {"/": page(links_html(*known)), **known}
    run(server, tmp_path, host)
    assert texts(tmp_path)[path(0)[1:]] == f"{text_of(0)}\n\n{ABOUT}"
    server.hosts[host] = {"/": page(links_html(*known, path(4))), **known, **pages(4)}
    second = run(server, tmp_path, host)
    assert written(second) == {
        "4": [(1, True), (2, False)],
        **{str(number): [(2, False)] for number in range(4)},
    }
