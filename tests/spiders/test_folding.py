"""One page under many addresses is asked for once and is one article, in the next run too."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import pytest

from pipelines.store import Store
from pipelines.store.crawl_schema import StoredPage
from pipelines.store.schema import StoredArticle
from tests.crawling import Crawled, crawl
from tests.mockserver import PARAGRAPHS, Route, Server, article_html, links_html, page, redirect

STORY: Final = "/2024/05/01/the-story-of-the-day"
PATHS: Final = tuple(f"/2024/06/0{day}/story-of-day-{day}" for day in range(1, 4))
DAY: Final = "2024-05-01T10:00:00+00:00"
XML: Final = "application/xml"
Routes = dict[str, Route]


def text_of(path: str) -> tuple[str, ...]:
    return (*PARAGRAPHS, *PARAGRAPHS[:1], f"This is the story at {path}.")


def story(path: str, *, canonical: str | None = None, root: str = "html") -> Route:
    head = f"<link rel='canonical' href='{canonical}'>" if canonical else ""
    return page(article_html(path, *text_of(path), head=head).replace("<html", f"<{root}", 1))


def front(*links: str, head: str = "") -> Routes:
    return {"/": page(links_html(*links, head=head)), "/news/": page(links_html())}


def sitemap(base: str, *paths: str, lastmod: str = DAY) -> Route:
    entries = "".join(f"<url><loc>{base}{path}</loc><lastmod>{lastmod}</lastmod></url>" for path in paths)
    return page(f"<urlset>{entries}</urlset>", content_type=XML)


def feed(base: str, *paths: str, whole: bool) -> Route:
    items = ""
    for path in paths:
        text = text_of(path) if whole else text_of(path)[:1]
        html = "".join(f"<p>{paragraph}</p>" for paragraph in text)
        items += (
            f"<item><title>{path}</title><link>{base}{path}?utm_source=feed</link>"
            f"<description>{text[0][:40]} …</description><content:encoded><![CDATA[{html}]]></content:encoded></item>"
        )
    content = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    return page(f"<rss {content}><channel>{items}</channel></rss>", content_type="application/rss+xml")


FEED_LINK: Final = "<link rel='alternate' type='application/rss+xml' href='/feed/'>"


@dataclass(frozen=True)
class Folded:
    """A site: its pages in the first and in the second run, and how to crawl it."""

    first: Routes
    second: Routes | None = None
    spider: str = "links"


def addresses(base: str) -> Folded:
    """One story under the addresses that trackers, hosts, AMP and print give it."""
    host = base.removeprefix("http://")
    links = [
        STORY, f"{STORY}/", f"{STORY}#comments", f"{STORY}?utm_source=front&utm_medium=link",
        f"{STORY}?fbclid=abc&gclid=def", f"http://www.{host}{STORY}", f"https://{host}{STORY}",
        f"https://www.{host}{STORY}/", f"http://amp.{host}{STORY}", f"{STORY}/amp/", f"{STORY}/amp", f"{STORY}?amp=1",
        f"{STORY}?outputType=amp", f"/amp{STORY}", f"{STORY}/print/", f"{STORY}?print=1", f"/print{STORY}",
        f"{STORY}?view=print",
    ]  # fmt: skip
    return Folded({**front(*links), STORY: story(STORY, canonical=f"https://www.{host}{STORY}/")})


def amp(_base: str) -> Folded:
    """A story that only its AMP document leads to, at an address that does not tell."""
    quick, full = "/2024/05/02/the-quick-story-of-today", "/2024/05/02/the-full-story-of-today"
    return Folded({**front(quick), quick: story(full, canonical=full, root="html amp"), full: story(full)})


def wrong(_base: str) -> Folded:
    """Stories that name the front page, another site, and nothing on the web as their canonical address."""
    names = {"/": 2, "http://elsewhere.example/2024/05/01/the-story": 2, "javascript:void(0)": 1}
    pages = {
        f"/2024/05/0{day}/story-number-{number}-says-so": story(f"{day} {number}", canonical=name)
        for day, (name, count) in enumerate(names.items(), start=1)
        for number in range(count)
    }
    return Folded({**front(*pages), **pages})


def circle(_base: str) -> Folded:
    """Two addresses that each name the other one, and three that go round."""
    pairs = {"one": "two", "two": "one", "red": "green", "green": "blue", "blue": "red"}
    pages = {
        f"/2024/05/01/{name}-address-of-it": story("it", canonical=f"/2024/05/01/{other}-address-of-it")
        for name, other in pairs.items()
    }
    return Folded({**front(*pages), **pages})


def copies(_base: str) -> Folded:
    """Copies that name an address that nobody links to; the second run finds them in another order, and more."""
    parts = [f"{STORY}?part={letter}" for letter in "abc"]
    routes = {STORY: story(STORY, canonical=STORY)}
    return Folded({**front(*parts[:2]), **routes}, {**front(*reversed(parts)), **routes})


def linked_later(_base: str) -> Folded:
    """A copy that stands for its page, to which a link leads only later."""
    routes = {STORY: story(STORY, canonical=STORY)}
    return Folded({**front(f"{STORY}?part=a"), **routes}, {**front(STORY, f"{STORY}?part=a"), **routes})


def copied_later(_base: str) -> Folded:
    """A page that is held, and a copy of it that comes later, when nothing links to the page any more."""
    routes = {STORY: story(STORY, canonical=STORY)}
    return Folded({**front(STORY), **routes}, {**front(f"{STORY}?part=b"), **routes})


def dead(_base: str) -> Folded:
    """A story whose canonical address is gone."""
    gone = "/2024/05/06/the-address-that-is-gone"
    return Folded({**front(gone, STORY), STORY: story(STORY, canonical=gone)})


def whole_feed(base: str) -> Folded:
    routes = {**front(head=FEED_LINK), "/feed/": feed(base, *PATHS, whole=True)}
    return Folded({**routes, **{path: story(path) for path in PATHS}}, spider="feed")


def teasers(base: str) -> Folded:
    routes = {**front(head=FEED_LINK), "/feed/": feed(base, *PATHS, whole=False)}
    return Folded({**routes, **{path: story(path) for path in PATHS}}, spider="feed")


def all_ways(base: str) -> Folded:
    """The same stories in the sitemap, in a feed that holds them whole, and behind links."""
    routes = {
        **front(*PATHS, *(f"{path}/amp/" for path in PATHS), head=FEED_LINK),
        "/feed/": feed(base, *PATHS, whole=True),
        "/sitemap.xml": sitemap(base, *PATHS),
    }
    return Folded({**routes, **{path: story(path) for path in PATHS}}, spider="site")


def moved(base: str) -> Folded:
    """A sitemap that names a story by an address that redirects; the story is edited."""
    short = "/2024/05/01/short-address"
    now = datetime.now(UTC).isoformat()
    before = {**front(), "/sitemap.xml": sitemap(base, short), short: redirect(STORY), STORY: story(STORY)}
    after = {**before, "/sitemap.xml": sitemap(base, short, lastmod=now), STORY: story("another text")}
    return Folded(before, after, spider="sitemap")


SITES: Final = {
    "addresses": addresses,
    "amp": amp,
    "wrong": wrong,
    "circle": circle,
    "copies": copies,
    "linked": linked_later,
    "copied": copied_later,
    "dead": dead,
    "whole": whole_feed,
    "teasers": teasers,
    "ways": all_ways,
    "moved": moved,
}


class Run(NamedTuple):
    """A crawl of all sites: what was asked for, and what came, by the names of the sites."""

    crawled: Crawled
    asked: dict[str, Counter[str]]

    def articles(self, name: str) -> list[str]:
        """The addresses of the articles that were written for a site."""
        urls = (record["url"] for record in self.crawled.articles)
        return sorted(path for site, path in map(parts_of, urls) if site == name)

    def reasons(self, name: str) -> dict[str, str]:
        """The rejects of a site."""
        found = ((parts_of(url), reason) for url, reason in self.crawled.reasons.items())
        return {path: reason for (site, path), reason in found if site == name}


def parts_of(url: str) -> tuple[str, str]:
    """The name of a site, and the address on it; with the host if that is one below the site's."""
    parts = urlsplit(url)
    below, _, name = (parts.hostname or "").removesuffix(".example").rpartition(".")
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return name, f"//{below}{path}" if below else path


def run(server: Server, output: Path, sites: dict[str, Folded]) -> Run:
    server.forget()
    jobs = [(site.spider, {"url": server.url(f"{name}.example")}) for name, site in sites.items()]
    crawled = crawl(output, *jobs, DOWNLOAD_TIMEOUT=30)  # none of them hangs, and the machine may be busy
    asked: dict[str, Counter[str]] = {name: Counter() for name in sites}
    for entry in server.log:
        name, path = parts_of(f"//{entry}")
        asked[name][path] += 1
    return Run(crawled, asked)


@pytest.fixture(scope="module")
def runs(server: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    sites = {name: make(server.url(f"{name}.example")[:-1]) for name, make in SITES.items()}
    output = tmp_path_factory.mktemp("folding")
    server.hosts.update({f"{name}.example": site.first for name, site in sites.items()})
    first = run(server, output, sites)
    grow_old(output, "moved.example")
    server.hosts.update({f"{name}.example": site.second or site.first for name, site in sites.items()})
    return first, run(server, output, sites)


def grow_old(output: Path, site: str) -> None:
    """Let a year go by since the pages of a site changed, and a day since they were asked for."""
    now = datetime.now(UTC)
    with Store(f"sqlite:///{output / 'thresher.db'}") as store, store.write() as session:
        for row in session.query(StoredPage).where(StoredPage.site == site):
            row.first_seen = row.changed_at = now - timedelta(days=400)
            row.checked_at = now - timedelta(days=1)


def test_asks_for_one_page_once(runs: tuple[Run, Run]) -> None:
    for each in runs:
        assert [(name, path) for name, asked in each.asked.items() for path in asked if asked[path] > 1] == []


def test_addresses_of_one_page_are_one(runs: tuple[Run, Run]) -> None:
    first, second = runs
    assert first.articles("addresses") == [STORY]
    assert first.reasons("addresses") == second.reasons("addresses") == {}
    assert set(first.asked["addresses"]) == {"/robots.txt", "/", "/news/", STORY}


def test_the_page_is_taken_in_place_of_its_amp_document(runs: tuple[Run, Run]) -> None:
    quick, full = "/2024/05/02/the-quick-story-of-today", "/2024/05/02/the-full-story-of-today"
    for each, written in zip(runs, ([full], []), strict=True):
        assert each.articles("amp") == written
        assert each.reasons("amp") == {quick: "duplicate"}


def test_canonical_addresses_that_cannot_be_right_fold_nothing(runs: tuple[Run, Run], server: Server) -> None:
    first, _ = runs
    assert len(first.articles("wrong")) == 5
    assert first.reasons("wrong") == {}
    assert server.asked("elsewhere.example") == []


def test_of_pages_that_name_each_other_one_is_the_article(runs: tuple[Run, Run]) -> None:
    first, second = runs
    articles, reasons = first.articles("circle"), first.reasons("circle")
    assert len([path for path in articles if path.partition("01/")[2].startswith(("one", "two"))]) == 1
    assert len(articles) == 2
    assert set(reasons.values()) == {"duplicate"}
    assert len(reasons) == 3
    assert not set(reasons) & set(articles)
    # What an article stands for is not asked for again; what named another of them is.
    assert second.reasons("circle") == {"/2024/05/01/green-address-of-it": "duplicate"}


def test_of_copies_one_is_the_article_in_all_runs(runs: tuple[Run, Run]) -> None:
    first, second = runs
    part = {letter: f"{STORY}?part={letter}" for letter in "abc"}
    assert first.articles("copies") == [part["a"]]
    assert first.reasons("copies") == {part["b"]: "duplicate"}
    assert second.reasons("copies") == {part["b"]: "duplicate", part["c"]: "duplicate"}
    assert STORY not in first.asked["copies"] + second.asked["copies"]


def test_a_copy_that_stands_for_its_page_goes_on_to(runs: tuple[Run, Run]) -> None:
    first, second = runs
    assert first.articles("linked") == [f"{STORY}?part=a"]
    assert second.reasons("linked") == {}
    assert set(second.asked["linked"]) == {"/robots.txt", "/", "/news/", f"{STORY}?part=a"}


def test_a_copy_of_a_page_that_is_held_is_no_article(runs: tuple[Run, Run]) -> None:
    first, second = runs
    assert first.articles("copied") == [STORY]
    assert second.reasons("copied") == {f"{STORY}?part=b": "duplicate"}
    assert STORY in second.asked["copied"]


def test_a_page_stands_for_its_canonical_address_that_is_gone(runs: tuple[Run, Run]) -> None:
    first, second = runs
    assert first.articles("dead") == [STORY]
    assert set(first.reasons("dead").values()) == {"http-404"}
    assert set(second.asked["dead"]) == {"/robots.txt", "/", "/news/", STORY}


def test_articles_that_a_feed_holds_whole_are_not_asked_for(runs: tuple[Run, Run]) -> None:
    for each, written in zip(runs, (list(PATHS), []), strict=True):
        assert each.articles("whole") == written
        assert set(each.asked["whole"]) == {"/robots.txt", "/", "/feed/"}


def test_articles_that_a_feed_begins_are_asked_for(runs: tuple[Run, Run]) -> None:
    first, _ = runs
    assert first.articles("teasers") == list(PATHS)
    assert set(first.asked["teasers"]) == {"/robots.txt", "/", "/feed/", *PATHS}
    texts = {record["text"] for record in first.crawled.articles if "teasers.example" in record["url"]}
    assert {text.partition("This is")[0] for text in texts} == {"\n\n".join(text_of("")[:-1]) + "\n\n"}


def test_articles_that_all_ways_lead_to_are_had_once(runs: tuple[Run, Run]) -> None:
    first, second = runs
    assert first.articles("ways") == list(PATHS)
    assert first.reasons("ways") == second.reasons("ways") == {}


def test_an_edit_behind_a_redirect_is_seen_by_the_date_of_the_listing(runs: tuple[Run, Run]) -> None:
    first, second = runs
    assert first.articles("moved") == second.articles("moved") == [STORY]
    assert [record["revision"] for record in second.crawled.articles] == [2]


def test_the_second_run_writes_nothing_else(runs: tuple[Run, Run]) -> None:
    first, second = runs
    assert len(second.crawled.articles) == 1
    database = first.crawled.output / "thresher.db"
    with Store(f"sqlite:///{database}") as store, store.session() as session:
        held = sorted(article.url or "" for article in session.query(StoredArticle))
    assert held == sorted(record["url"] for record in first.crawled.articles)
