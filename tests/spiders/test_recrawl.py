"""Second and third runs over a site: what is asked for, what is written, what is gone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pipelines.store import Store
from pipelines.store.schema import StoredArticle, StoredRevision
from tests.crawling import Crawled, crawl
from tests.mockserver import PARAGRAPHS, Route, Server, article_html, links_html, page, validated
from tests.postgres_server import PASSWORD

STORM, BUDGET, PIER, BELLS = (
    f"/2024/05/1{n}/{slug}-of-the-harbour" for n, slug in enumerate(("storm", "budget", "pier", "bells"))
)


def story(title: str, *paragraphs: str, etag: str | None = None, last_modified: str | None = None) -> Route:
    body = article_html(title, *(paragraphs or PARAGRAPHS))
    return validated(body, etag=etag, last_modified=last_modified)


def adds_up(crawled: Crawled) -> bool:
    urls = dict(crawled.urls)
    discovered = urls.pop("discovered")
    return discovered == sum(urls.values())


def stored(database: str) -> dict[str, tuple[int, bool]]:
    """Revision and whether it is gone, by the last part of the address."""
    with Store(database) as store, store.session() as session:
        rows = session.query(StoredArticle).all()
        return {
            row.url.rpartition("/")[2]: (row.revision, row.gone_at is not None) for row in rows if row.url
        }


def test_by_links_with_validators(server: Server, tmp_path: Path, database: str) -> None:
    host = "validators.example"
    url = server.url(host)
    routes = {
        "/": validated(links_html(STORM, BUDGET, PIER, "/news/"), etag='"front"'),
        "/news/": validated(links_html(BELLS), last_modified="Wed, 01 May 2024 08:00:00 GMT"),
        STORM: story("Storm", etag='"storm"'),
        BUDGET: story("Budget", last_modified="Thu, 02 May 2024 08:00:00 GMT"),
        PIER: story("Pier", etag='W/"pier"', last_modified="Thu, 02 May 2024 08:00:00 GMT"),
        BELLS: story("Bells"),
    }
    server.hosts[host] = routes
    job = ("links", {"url": url})
    first = crawl(tmp_path, job, THRESHER_DATABASE=database)
    assert {record["url"].rpartition("/")[2] for record in first.articles} == set(stored(database))
    assert first.urls == {"discovered": 6, "fetched": 6, "left": 0}

    server.forget()
    second = crawl(tmp_path, job, THRESHER_DATABASE=database)
    assert second.articles == []
    assert set(server.asked_conditionally(host)) == {"/", "/news/", STORM, BUDGET, PIER}
    assert sorted(server.asked(host)) == sorted(["/robots.txt", "/", "/news/", STORM, BUDGET, PIER, BELLS])
    assert second.urls == {"discovered": 6, "fetched": 1, "unchanged": 5, "left": 0}
    assert second.report["ok"]

    routes[BUDGET] = story("Budget", *PARAGRAPHS[:2], "And it was changed.", etag='"2"')
    del routes[PIER]
    third = crawl(tmp_path, job, THRESHER_DATABASE=database)
    assert [(record["url"], record["revision"]) for record in third.articles] == [(url[:-1] + BUDGET, 2)]
    assert third.reasons == {url[:-1] + PIER: "http-404"}
    assert adds_up(third)
    names = {path.rpartition("/")[2]: path for path in (STORM, BUDGET, PIER, BELLS)}
    assert stored(database) == {
        name: (2 if path == BUDGET else 1, path == PIER) for name, path in names.items()
    }
    with Store(database) as store, store.session() as session:
        (before,) = session.query(StoredRevision).all()
        assert before.record == next(r for r in first.articles if r["url"].endswith(BUDGET))

    routes[PIER] = story("Pier", etag='"again"')
    assert PASSWORD not in third.log + third.terminal
    fourth = crawl(tmp_path, job, THRESHER_DATABASE=database)
    assert [(record["url"], record["revision"]) for record in fourth.articles] == [(url[:-1] + PIER, 2)]
    assert stored(database)[PIER.rpartition("/")[2]] == (2, False)


def sitemap(base: str, **lastmod: str) -> Route:
    entries = "".join(
        f"<url><loc>{base}{path}</loc><lastmod>{lastmod[name]}</lastmod></url>"
        for name, path in (("storm", STORM), ("budget", BUDGET), ("pier", PIER), ("bells", BELLS))
        if name in lastmod
    )
    return page(f"<urlset>{entries}</urlset>", content_type="application/xml")


def test_by_sitemap_with_lastmod(server: Server, tmp_path: Path, database: str) -> None:
    host = "lastmod.example"
    base = server.url(host)[:-1]
    day = "2024-05-01T10:00:00+00:00"
    routes = {
        "/": page(links_html("/about")),
        "/robots.txt": page(f"User-agent: *\nSitemap: {base}/map.xml\n", content_type="text/plain"),
        "/map.xml": sitemap(base, storm=day, budget=day, pier=day),
        STORM: story("Storm"),
        BUDGET: story("Budget"),
        PIER: story("Pier"),
        BELLS: story("Bells"),
    }
    server.hosts[host] = routes
    job = ("site", {"url": base})
    assert len(crawl(tmp_path, job, THRESHER_DATABASE=database).articles) == 3
    server.forget()
    second = crawl(tmp_path, job, THRESHER_DATABASE=database)
    assert server.asked(host) == ["/robots.txt", "/", "/map.xml"]
    assert second.articles == []
    assert second.urls == {"discovered": 5, "fetched": 2, "unchanged": 3, "left": 0}
    assert "'thresher/source': 'sitemap'" in second.log

    server.forget()
    now = datetime.now().astimezone().isoformat()
    routes["/map.xml"] = sitemap(base, storm=now, budget=day, bells=now)
    routes[STORM] = story("Storm", *PARAGRAPHS, "The storm is over.")
    del routes[PIER]
    third = crawl(tmp_path, job, THRESHER_DATABASE=database)
    assert set(server.asked(host)) == {"/robots.txt", "/", "/map.xml", STORM, BELLS, PIER}
    written = {record["url"].removeprefix(base): record["revision"] for record in third.articles}
    assert written == {STORM: 2, BELLS: 1}
    assert stored(database)[PIER.rpartition("/")[2]] == (1, True)
    assert adds_up(third)


def test_a_sitemap_that_was_not_modified_names_what_it_named(server: Server, tmp_path: Path) -> None:
    host = "unmodified.example"
    base = server.url(host)[:-1]
    entries = "".join(f"<url><loc>{base}{path}</loc></url>" for path in (STORM, BUDGET))
    server.hosts[host] = {
        "/": validated(links_html("/about"), etag='"front"'),
        "/sitemap.xml": validated(f"<urlset>{entries}</urlset>", etag='"map"'),
        STORM: story("Storm", etag='"storm"'),
        BUDGET: story("Budget", etag='"budget"'),
    }
    job = ("site", {"url": base})
    assert len(crawl(tmp_path, job).articles) == 2
    server.forget()
    second = crawl(tmp_path, job)
    assert set(server.asked_conditionally(host)) == {"/", "/sitemap.xml", STORM, BUDGET}
    assert second.urls == {"discovered": 4, "unchanged": 4, "left": 0}


def test_what_a_budget_leaves_is_fetched_by_the_next_runs(server: Server, tmp_path: Path) -> None:
    host = "budget.example"
    base = server.url(host)[:-1]
    paths = [f"/2024/05/{day:02}/the-story-of-day-{day}" for day in range(1, 11)]
    server.hosts[host] = {"/": page(links_html(*paths)), **{path: story(path) for path in paths}}
    job = ("links", {"url": base, "max_pages": "4"})
    runs = [crawl(tmp_path / "out", job) for _ in range(3)]
    assert [len(run.articles) for run in runs] == [4, 4, 2]
    assert len(stored(f"sqlite:///{tmp_path / 'out' / 'thresher.db'}")) == 10
    assert all(adds_up(run) for run in runs)
    assert runs[0].urls["left"] == 6


def test_pages_that_failed_are_asked_for_again(server: Server, tmp_path: Path) -> None:
    host = "weak.example"
    base = server.url(host)[:-1]
    routes = {
        "/": validated(links_html(STORM, BUDGET), etag='"1"'),
        STORM: page("", status=500),
        BUDGET: story("B"),
    }
    server.hosts[host] = routes
    job = ("links", {"url": base})
    first = crawl(tmp_path, job)
    assert first.reasons == {base + STORM: "http-500", f"{base}/news/": "http-404"}
    routes[STORM] = story("Storm")
    second = crawl(tmp_path, job)  # the front page was not modified, and names the page all the same
    assert [record["url"] for record in second.articles] == [base + STORM]
    assert adds_up(first)
    assert adds_up(second)
