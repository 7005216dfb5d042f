"""`ads.txt` and favicons: what is asked of a site, when, and what comes of it."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from pipelines.store import Store
from pipelines.store.crawl_schema import StoredCursor
from pipelines.store.schema import StoredFingerprint
from pipelines.store.site_schema import SiteFingerprint, StoredSiteFile
from tests.crawling import Crawled, crawl
from tests.mockserver import (
    PARAGRAPHS,
    Route,
    Server,
    article_html,
    links_html,
    page,
    redirect,
    robots,
    validated,
)

STORM = "/2024/05/17/storm-hits-the-harbour"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
ADS = "google.com, pub-8944574650686374, DIRECT, f08c47fec0942fa0\nOWNERDOMAIN=press.example\n"
ASKED = {"/ads.txt", "/favicon.ico", "/icons/small.png"}
TEXT = "text/plain"


def site(**routes: Route) -> dict[str, Route]:
    """A site of one article; further routes by path, slashes left out."""
    more = {f"/{path}": route for path, route in routes.items()}
    story = page(article_html("Storm hits the harbour", *PARAGRAPHS))
    return {"/": page(links_html(STORM)), "/news/": page(links_html(STORM)), STORM: story, **more}


def ads(text: str) -> Route:
    return page(text, content_type=TEXT)


def files_asked(server: Server, host: str) -> list[str]:
    return sorted(path for path in server.asked(host) if path in ASKED)


def known(output: Path, database: str | None = None) -> dict[str, tuple[int, list[tuple[str, str]]]]:
    """Status and signs of the files that the database holds, by kind."""
    with Store(database or f"sqlite:///{output}/thresher.db") as store, store.session() as session:
        files = {row.kind: row.status for row in session.scalars(select(StoredSiteFile))}
        rows = session.execute(
            select(SiteFingerprint.file, StoredFingerprint.kind, StoredFingerprint.value)
            .join(StoredFingerprint)
            .order_by(StoredFingerprint.kind)
        )
        signs = [(file, (kind, value)) for file, kind, value in rows]
        return {
            kind: (status, [one for file, one in signs if file == kind]) for kind, status in files.items()
        }


def run(server: Server, output: Path, host: str, **settings: str) -> Crawled:
    server.forget()
    return crawl(output, ("links", {"url": server.url(host), "site_files": "true"}), **settings)


def adds_up(crawled: Crawled) -> bool:
    urls = dict(crawled.urls)
    return urls.pop("discovered") == sum(urls.values())


def test_nothing_is_asked_unless_it_is_wanted(server: Server, tmp_path: Path) -> None:
    host = "unasked.example"
    server.hosts[host] = site(**{"ads.txt": ads(ADS), "favicon.ico": page(PNG, content_type="image/png")})
    crawl(tmp_path, ("links", {"url": server.url(host)}))
    assert files_asked(server, host) == []
    assert known(tmp_path) == {}


def test_each_is_asked_for_once_and_again_after_a_week(server: Server, tmp_path: Path, database: str) -> None:
    host = "filed.example"
    head = "<link rel='SHORTCUT icon' href='/icons/small.png'>"
    server.hosts[host] = site(**{"ads.txt": ads(ADS), "icons/small.png": page(PNG, content_type="image/png")})
    server.hosts[host]["/"] = validated(links_html(STORM, head=head), etag='"front"')
    first = run(server, tmp_path, host, THRESHER_DATABASE=database)
    assert files_asked(server, host) == ["/ads.txt", "/icons/small.png"]
    asked = server.asked(host)
    assert asked.index("/robots.txt") < asked.index("/ads.txt")
    assert first.urls == {"discovered": 3, "fetched": 3, "left": 0}
    assert (len(first.articles), first.rejects, first.report["ok"]) == (1, [], True)
    held = known(tmp_path, database)
    assert held["ads.txt"] == (
        200,
        [("ads-txt-direct", "google.com, pub-8944574650686374"), ("ads-txt-owner", "press.example")],
    )
    status, signs = held["favicon"]
    assert (status, [kind for kind, _ in signs]) == (200, ["favicon", "favicon-mmh3"])

    second = run(server, tmp_path, host, THRESHER_DATABASE=database)
    assert (files_asked(server, host), second.report["ok"]) == ([], True)
    assert known(tmp_path, database) == held

    week_ago = (datetime.now(UTC) - timedelta(days=7, seconds=1)).isoformat()
    with Store(database) as store, store.write() as session:
        for row in session.scalars(select(StoredCursor).where(StoredCursor.name.startswith("site file"))):
            row.value = {"asked": week_ago}
    server.hosts[host]["/ads.txt"] = ads("press.example, 76, RESELLER\npress.example, 78, RESELLER\n")
    del server.hosts[host]["/icons/small.png"]
    third = run(server, tmp_path, host, THRESHER_DATABASE=database)
    # The front page was not modified; that it names an icon is remembered.
    assert files_asked(server, host) == ["/ads.txt", "/icons/small.png"]
    assert known(tmp_path, database) == {
        "ads.txt": (
            200,
            [("ads-txt-reseller", "press.example, 76"), ("ads-txt-reseller", "press.example, 78")],
        ),
        "favicon": (404, []),
    }
    assert (third.rejects, adds_up(third)) == ([], True)


def test_what_is_missing_is_no_rejection(server: Server, tmp_path: Path) -> None:
    host = "fileless.example"
    server.hosts[host] = site(**{"ads.txt": page("<!DOCTYPE html><p>google.com, pub-1, DIRECT</p>")})
    crawled = run(server, tmp_path, host)
    assert files_asked(server, host) == ["/ads.txt", "/favicon.ico"]
    assert known(tmp_path) == {"ads.txt": (200, []), "favicon": (404, [])}
    assert (crawled.rejects, crawled.report["ok"]) == ([], True)
    assert crawled.urls == {"discovered": 3, "fetched": 3, "left": 0}
    assert "'thresher/site_files/asked': 2" in crawled.log
    assert "'thresher/site_files/missing': 2" in crawled.log


def test_robots_txt_is_obeyed_and_failures_leave_what_is_known(server: Server, tmp_path: Path) -> None:
    host = "guarded.example"
    server.hosts[host] = site(
        **{"robots.txt": robots("Disallow: /favicon.ico"), "ads.txt": page("", status=503)}
    )
    crawled = run(server, tmp_path, host)
    assert files_asked(server, host) == ["/ads.txt"]
    assert known(tmp_path) == {}
    assert (crawled.rejects, crawled.report["ok"], len(crawled.articles)) == ([], True, 1)
    assert "'thresher/site_files/failed': 2" in crawled.log


def test_ads_txt_is_that_of_the_root_domain_and_delegated_once(server: Server, tmp_path: Path) -> None:
    www, root = "www.delegating.example", "delegating.example"
    server.hosts[www] = site()
    server.hosts[root] = {"/ads.txt": redirect(server.url("ads.manager.example", "/a.txt"), status=301)}
    server.hosts["ads.manager.example"] = {"/a.txt": ads(ADS)}
    run(server, tmp_path / "one", www)
    assert files_asked(server, root) == ["/ads.txt"]
    assert "/ads.txt" not in server.asked(www)
    assert "/robots.txt" in server.asked("ads.manager.example")
    assert known(tmp_path / "one")["ads.txt"][1] == [
        ("ads-txt-direct", "google.com, pub-8944574650686374"),
        ("ads-txt-owner", "press.example"),
    ]

    server.hosts["ads.manager.example"]["/a.txt"] = redirect("/b.txt")
    server.hosts["ads.manager.example"]["/b.txt"] = ads(ADS)
    run(server, tmp_path / "two", www)
    assert known(tmp_path / "two")["ads.txt"] == (200, [])


def test_a_long_ads_txt_is_read_in_part_and_an_endless_icon_not_at_all(
    server: Server, tmp_path: Path
) -> None:
    host = "long.example"
    lines = "".join(f"exchange.example, seat-{number}, DIRECT\n" for number in range(30_000))
    server.hosts[host] = site(
        **{"ads.txt": ads(lines), "favicon.ico": page(PNG + bytes(300_000), content_type="image/png")}
    )
    crawled = run(server, tmp_path, host)
    held = known(tmp_path)
    assert len(held["ads.txt"][1]) == 5_000
    assert "favicon" not in held
    assert (crawled.rejects, crawled.report["ok"]) == ([], True)
