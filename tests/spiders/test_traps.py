"""Sites without end: each crawl ends by itself, says what it left, and asks for each page once."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from pipelines.store import Store
from pipelines.store.crawl_schema import SiteRun
from pipelines.store.schema import StoredArticle
from tests.crawling import Crawled, crawl
from tests.faults import chain
from tests.mockserver import (
    ANY,
    PARAGRAPHS,
    Handler,
    Query,
    Route,
    Server,
    article_html,
    links_html,
    page,
    redirect,
    robots,
)

MAX_PAGES: Final = 10
AHEAD: Final = 16  # requests that a crawl has under way at most
STORY: Final = "/2024/05/01/the-story-of-the-day"
XML: Final = "application/xml"
TEXT: Final = "text/plain"
ENTRIES: Final = 60_000
Routes = dict[str, Route]


@dataclass(frozen=True)
class Trap:
    """A site, made of the address that it has, and the spider and arguments to crawl it with."""

    site: Callable[[str], Routes]
    spider: str = "links"
    arguments: dict[str, str] = field(default_factory=lambda: {"max_depth": "0"})


class Run(NamedTuple):
    """What crawls of traps brought: what was asked for and how it ended, by the names of the traps."""

    crawled: Crawled
    log: str
    asked: dict[str, list[str]]
    figures: dict[str, SiteRun]

    def articles(self, name: str) -> list[str]:
        """The addresses of the articles of a site."""
        found = (record["url"] for record in self.crawled.articles if record["site"] == f"{name}.example")
        return sorted(f"/{url.split('/', 3)[3]}" for url in found)

    def reasons(self, name: str) -> dict[str, str]:
        """The rejects of a site."""
        base = re.compile(rf"http://{name}\.example:\d+")
        return {base.sub("", url): reason for url, reason in self.crawled.reasons.items() if base.match(url)}


def made(make: Callable[[Handler, Query], str], content_type: str = "text/html") -> Route:
    """A document that is made anew for each request."""
    return lambda handler, query: handler.reply(make(handler, query).encode(), content_type=content_type)


def path_of(handler: Handler) -> str:
    return handler.path.partition("?")[0]


def story(*links: str, title: str = "A story", head: str = "") -> str:
    more = "".join(f"<p><a href='{link}'>Read on</a></p>" for link in links)
    return article_html(title, *PARAGRAPHS, f"This is {title}.", head=head).replace(
        "</body>", f"{more}</body>"
    )


def any_story(*links: str) -> Route:
    return made(lambda handler, _query: story(*links, title=handler.path))


def ids() -> Callable[[], str]:
    """New session ids, one a call."""
    numbers = itertools.count(1)
    return lambda: f"{next(numbers):024x}"


# The traps


def pages_with_news(_base: str) -> Routes:
    """A list with a next page for ever, each with two new stories."""

    def listed(_handler: Handler, query: Query) -> str:
        number = int(query.get("page", "0"))
        stories = (
            f"/2024/05/{number % 28 + 1:02}/story-{number}-of-the-{side}" for side in ("left", "right")
        )
        return links_html(*stories, f"/news/?page={number + 1}")

    return {"/": page(links_html("/news/?page=1")), "/news/": made(listed), ANY: any_story()}


def pages_without_news(_base: str) -> Routes:
    """A list with a next page for ever, each with the same story."""
    listed = made(lambda _, query: links_html(STORY, f"/news/?page={int(query.get('page', '0')) + 1}"))
    return {"/": page(links_html("/news/?page=1")), "/news/": listed, STORY: page(story())}


def sessions(_base: str) -> Routes:
    """Every page names the others under a new session."""
    new = ids()

    def links() -> list[str]:
        return [
            f"/news/;jsessionid={new()}", f"/culture/?PHPSESSID={new()}", f"/(S({new()}))/sport/",
            f"{STORY}?sid={new()}", f"/2024/05/02/another-story;jsessionid={new()}?part=1",
            f"/2024/05/03/a-third-story?sessionid={new()}&part=2",
        ]  # fmt: skip

    def made_anew(handler: Handler, _query: Query) -> str:
        return story(*links(), title=handler.path) if "/2024/" in handler.path else links_html(*links())

    return {ANY: made(made_anew)}


def calendar(_base: str) -> Routes:
    """A month leads to the next and to the one before, in five kinds of calendar."""

    def month_page(handler: Handler, query: Query) -> str:
        found = re.search(r"/(\d{4})/(\d\d)", handler.path)
        year, month = (int(found[1]), int(found[2])) if found else (2024, int(query.get("month", "5")))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        return links_html(
            f"/events/{year}/{month:02}/", f"/calendar/{year}/{month:02}/", f"/agenda/?year={year}&month={month}",
            f"/whats-on/?tribe-bar-date={year}-{month:02}-01", f"/{year + 20}/{month:02}/",
        )  # fmt: skip

    return {ANY: made(month_page)}


def facets(_base: str) -> Routes:
    """One list in all orders and selections."""
    new = ids()
    made_anew = made(
        lambda *_: links_html(
            *(f"/shop/?sort={order}&filter={new()}" for order in ("price", "name")), "/shop/", "/shop/?page=2",
            f"/shop/?page=2&sort={new()}", f"/shop/?view={new()}",
        )
    )  # fmt: skip
    return {ANY: made_anew}


def nested(_base: str) -> Routes:
    """Relative links that lead from wherever one is into depth."""
    return {ANY: page(links_html("a/b/", "news/"))}


def copies(_base: str) -> Routes:
    """One story at ever new addresses, which it says are all the same."""
    new = ids()
    head = f"<link rel='canonical' href='{STORY}'>"

    def links() -> list[str]:
        return [f"{STORY}?from={new()}" for _ in range(3)]

    return {
        "/": made(lambda *_: links_html(*links())),
        "/news/": page(links_html()),
        STORY: made(lambda *_: story(*links(), head=head)),
    }


def undeclared_copies(_base: str) -> Routes:
    """One story at ever new addresses, and nothing says that they are the same."""
    new = ids()
    links = made(lambda *_: story(*(f"{STORY}?from={new()}" for _ in range(3))))
    return {"/": page(links_html(STORY)), "/news/": page(links_html()), STORY: links}


def sitemaps(base: str) -> Routes:
    """Indexes that name themselves and each other, and a sitemap that is too long."""
    entries = "".join(f"<url><loc>{base}/2024/05/01/story-number-{n}</loc></url>" for n in range(ENTRIES))
    return {
        "/": page(links_html()),
        "/robots.txt": page(f"Sitemap: {base}/index.xml", content_type=TEXT),
        "/index.xml": index(base, "index.xml", "other.xml", "long.xml"),
        "/other.xml": index(base, "other.xml", "index.xml"),
        "/long.xml": page(f"<urlset>{entries}</urlset>", content_type=XML),
        ANY: any_story(),
    }


def index(base: str, *names: str) -> Route:
    entries = "".join(f"<sitemap><loc>{base}/{name}</loc></sitemap>" for name in names)
    return page(f"<sitemapindex>{entries}</sitemapindex>", content_type=XML)


def indexes(base: str) -> Routes:
    """Each index names another one."""

    def next_one(handler: Handler, query: Query) -> None:
        index(base, f"index.xml?n={int(query.get('n', '0')) + 1}")(handler, query)

    robots = page(f"Sitemap: {base}/index.xml", content_type=TEXT)
    return {"/": page(links_html()), "/robots.txt": robots, "/index.xml": next_one}


def logins(base: str) -> Routes:
    """Stories that redirect to a login, each to one of its own."""
    paths = [f"/2024/05/0{day}/for-subscribers-only" for day in range(1, 5)]
    entries = "".join(f"<url><loc>{base}{path}</loc></url>" for path in (STORY, *paths))
    return {
        "/": page(links_html()),
        "/sitemap.xml": page(f"<urlset>{entries}</urlset>", content_type=XML),
        STORY: page(story()),
        "/login": page(story(title="Log in")),
        **{path: redirect(f"/login?next={path}") for path in paths},
    }


def hosts(base: str) -> Routes:
    """Each host of the site leads to another one below it."""
    port = base.rpartition(":")[2]

    def next_one(handler: Handler, _query: Query) -> str:
        found = re.match(r"n(\d+)\.", handler.headers["Host"])
        return links_html(f"http://n{int(found[1]) + 1 if found else 1}.hosts.example:{port}/")

    return {"/": made(next_one)}


def crowd(_base: str) -> Routes:
    """A page with more links than anybody would read."""
    return {"/": page(links_html(*(f"/part-{number}/" for number in range(6_000)))), ANY: page(links_html())}


def detour(_base: str) -> Routes:
    """A story that a page too deep names first, and one that is not too deep later."""
    near, far, deep = (f"/2024/05/0{day}/some-way-off" for day in (2, 3, 4))
    return {
        "/": page(links_html(near, "/culture")),
        "/news/": page(links_html()),
        near: page(story(far)),
        far: page(story(deep)),
        deep: page(story(STORY)),
        **chain("/culture", 6, page(links_html(STORY))),  # so that it comes last
        STORY: page(story()),
    }


def relative_feed(base: str) -> Routes:
    """A feed whose links are relative to it, to the site, or to the scheme."""
    links = (STORY, "../2024/05/02/another-story", f"{base.removeprefix('http:')}/2024/05/03/a-third-story")
    items = "".join(f"<item><title>A story</title><link>{link}</link></item>" for link in links)
    head = "<link rel='alternate' type='application/rss+xml' href='feeds/news'>"
    feed = page(f"<rss><channel>{items}</channel></rss>", content_type=XML)
    return {"/": page(links_html(head=head)), "/feeds/news": feed, ANY: any_story()}


def small(_base: str) -> Routes:
    """An ordinary site, for what its robots.txt does."""
    paths = ("/2024/05/02/public-story", "/2024/05/03/private/story")
    front = {"/": page(links_html(*paths)), "/news/": page(links_html())}
    return {**front, **{path: page(story(title=path)) for path in paths}}


TRAPS: Final = {
    "pages": Trap(pages_with_news),
    "oldpages": Trap(pages_without_news),
    "shallow": Trap(pages_without_news, arguments={"max_depth": "3"}),
    "sessions": Trap(sessions),
    "calendar": Trap(calendar),
    "facets": Trap(facets),
    "nested": Trap(nested),
    "copies": Trap(copies),
    "copied": Trap(undeclared_copies),
    "sitemaps": Trap(sitemaps, "sitemap", {}),
    "indexes": Trap(indexes, "sitemap", {}),
    "logins": Trap(logins, "sitemap", {}),
    "hosts": Trap(hosts),
    "crowd": Trap(crowd),
    "detour": Trap(detour, arguments={"max_depth": "3"}),
    "feeds": Trap(relative_feed, "feed", {}),
    "broken": Trap(small),
    "changing": Trap(small),
    "closed": Trap(small),
}
TWICE: Final = ("broken", "changing", "closed")
"""Sites that are crawled again."""


def run(server: Server, output: Path, names: tuple[str, ...]) -> Run:
    server.forget()
    jobs = [
        (trap.spider, {"url": server.url(f"{name}.example"), "max_pages": str(MAX_PAGES), **trap.arguments})
        for name, trap in TRAPS.items()
        if name in names
    ]
    crawled = crawl(output, *jobs, DOWNLOAD_TIMEOUT=30)  # none of them hangs, and the machine may be busy
    asked: dict[str, list[str]] = {name: [] for name in names}
    for entry in server.log:
        host, _, path = entry.partition("/")
        below, _, name = host.removesuffix(".example").rpartition(".")
        asked[name].append(f"//{below}/{path}" if below else f"/{path}")
    with Store(f"sqlite:///{output / 'thresher.db'}") as store, store.session() as session:
        rows = session.query(SiteRun).order_by(SiteRun.run_id)
        figures = {row.site.partition(".")[0]: row for row in rows}
    return Run(crawled, crawled.log, asked, figures)


@pytest.fixture(scope="module")
def runs(server: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    for name, trap in TRAPS.items():
        server.hosts[f"{name}.example"] = trap.site(server.url(f"{name}.example")[:-1])
    server.hosts["*.hosts.example"] = server.hosts["hosts.example"]
    output = tmp_path_factory.mktemp("traps")
    server.hosts["broken.example"]["/robots.txt"] = page("", status=500)
    server.hosts["closed.example"]["/robots.txt"] = robots("Disallow: /")
    first = run(server, output, tuple(TRAPS))
    server.hosts["broken.example"]["/robots.txt"] = robots("Disallow:")
    server.hosts["changing.example"]["/robots.txt"] = robots("Disallow: /2024/05/03/")
    return first, run(server, output, TWICE)


@pytest.fixture
def first(runs: tuple[Run, Run]) -> Run:
    return runs[0]


def test_all_crawls_end_by_themselves(first: Run) -> None:
    ends = Counter(re.findall(r"Spider closed \((\w+)\)", first.log))
    assert ends == {"max_pages": 3, "finished": len(TRAPS) - 3}
    assert first.crawled.report["errors"] == []
    assert " ERROR: " not in first.log


@pytest.mark.parametrize("name", TRAPS)
def test_asks_for_each_page_once_and_for_no_more_than_the_budget(first: Run, name: str) -> None:
    assert [path for path, count in Counter(first.asked[name]).items() if count > 1] == []
    # As many sections as articles, what was under way when the last was had, and what leads to both.
    assert len(first.asked[name]) <= 2 * (MAX_PAGES + AHEAD)


@pytest.mark.parametrize("name", TRAPS)
def test_accounts_for_every_address(first: Run, name: str) -> None:
    figures = first.figures[name]
    ended = figures.fetched + figures.unchanged + figures.refused + figures.failed
    assert figures.discovered == ended + figures.left
    assert figures.articles == len(first.articles(name)) <= MAX_PAGES


def test_a_list_with_ever_more_news_ends_with_the_budget(first: Run) -> None:
    assert len(first.articles("pages")) == MAX_PAGES
    assert first.figures["pages"].left > 0


def test_a_list_without_news_ends_with_as_many_sections(first: Run) -> None:
    assert first.articles("oldpages") == [STORY]
    listed = [path for path in first.asked["oldpages"] if "?page=" in path]
    assert MAX_PAGES - 2 <= len(listed) <= MAX_PAGES
    assert first.figures["oldpages"].left == 1


def test_a_list_ends_at_the_depth_that_is_wanted(first: Run) -> None:
    lists = {f"/news/?page={number}" for number in (1, 2, 3)}
    assert set(first.asked["shallow"]) == {"/robots.txt", "/", "/news/", STORY} | lists
    assert first.figures["shallow"].left == 0


def test_sessions_are_no_part_of_addresses(first: Run) -> None:
    stories = [STORY, "/2024/05/02/another-story?part=1", "/2024/05/03/a-third-story?part=2"]
    assert first.articles("sessions") == stories
    assert set(first.asked["sessions"]) == {"/robots.txt", "/", "/news/", "/culture/", "/sport/", *stories}


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("calendar", {"/"}),
        ("facets", {"/", "/shop/", "/shop/?page=2"}),
        ("indexes", {"/", "/index.xml", *(f"/index.xml?n={number}" for number in (1, 2, 3))}),
        ("logins", {"/", "/sitemap.xml", STORY, *(f"/2024/05/0{day}/for-subscribers-only" for day in range(1, 5))}),
    ],
)  # fmt: skip
def test_does_not_ask_for_what_is_no_page(first: Run, name: str, asked: set[str]) -> None:
    assert set(first.asked[name]) == {"/robots.txt", *asked}


def test_relative_links_do_not_lead_deeper_for_ever(first: Run) -> None:
    deepest = max(first.asked["nested"], key=lambda path: path.count("/"))
    assert deepest.count("/a/b") <= 2
    assert first.figures["nested"].left > 0


def test_copies_that_say_so_are_one_article(first: Run) -> None:
    assert len(first.articles("copies")) == 1
    assert set(first.reasons("copies").values()) == {"duplicate"}
    assert first.figures["copies"].left == 0


def test_copies_that_do_not_say_so_end_with_the_budget(first: Run) -> None:
    assert len(first.articles("copied")) == MAX_PAGES
    assert first.figures["copied"].left > 0


def test_indexes_in_circles_and_a_sitemap_that_is_too_long(first: Run) -> None:
    assert len(first.articles("sitemaps")) == MAX_PAGES
    assert first.reasons("sitemaps") == {"/long.xml": "bad-listing"}
    assert first.figures["sitemaps"].left == 50_000 - MAX_PAGES
    maps = {path for path in first.asked["sitemaps"] if path.endswith(".xml")}
    assert maps == {"/index.xml", "/other.xml", "/long.xml"}


def test_a_login_is_no_article(first: Run) -> None:
    assert first.articles("logins") == [STORY]
    assert set(first.reasons("logins").values()) == {"redirect-unwanted"}
    assert first.figures["logins"].refused == 4


def test_hosts_without_end_are_sections_of_one_site(first: Run) -> None:
    hosts = {path for path in first.asked["hosts"] if path.startswith("//")}
    assert MAX_PAGES - 2 <= len(hosts) / 2 <= MAX_PAGES  # a robots.txt and a page each
    assert first.figures["hosts"].left == 1


def test_says_which_links_of_a_crowd_are_left_out(first: Run) -> None:
    assert first.figures["crowd"].discovered == 5_001
    assert "has 6000 links; 5000 are followed" in first.log


def test_a_link_that_was_too_deep_at_first_is_followed_from_elsewhere(first: Run) -> None:
    assert first.asked["detour"].index("/2024/05/04/some-way-off") < first.asked["detour"].index("/culture-6")
    assert STORY in first.articles("detour")


def test_follows_relative_links_of_a_feed(first: Run) -> None:
    assert first.articles("feeds") == [STORY, "/2024/05/02/another-story", "/2024/05/03/a-third-story"]


def test_nothing_is_asked_of_a_site_whose_robots_txt_fails_until_it_is_mended(runs: tuple[Run, Run]) -> None:
    before, after = runs
    assert before.asked["broken"] == ["/robots.txt"]
    assert before.reasons("broken") == {"/": "robots-unreachable"}
    assert len(after.articles("broken")) == 2


def test_nothing_is_asked_of_a_site_that_forbids_all(runs: tuple[Run, Run]) -> None:
    for each in runs:
        assert each.asked["closed"] == ["/robots.txt"]
        assert each.reasons("closed") == {"/": "robots-txt"}


def test_what_robots_txt_forbids_later_is_not_asked_for_and_not_gone(runs: tuple[Run, Run]) -> None:
    before, after = runs
    private = "/2024/05/03/private/story"
    assert before.articles("changing") == ["/2024/05/02/public-story", private]
    assert private in before.asked["changing"]
    assert set(after.asked["changing"]) == {"/robots.txt", "/", "/news/", "/2024/05/02/public-story"}
    assert after.reasons("changing") == {private: "robots-txt"}
    database = after.crawled.output / "thresher.db"
    with Store(f"sqlite:///{database}") as store, store.session() as session:
        held = session.query(StoredArticle).where(StoredArticle.site == "changing.example").all()
    assert [article.gone_at for article in held] == [None, None]
