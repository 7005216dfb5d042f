"""The spiders against a real WordPress: the same articles by every way, and what changed since the last run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest

from pipelines.store import Store
from pipelines.store.schema import StoredArticle
from tests.crawling import Crawled, crawl
from tests.spiders.farm_posts import drafts, paragraphs
from tests.wordpress_site import BLOCKS, Draft, Exchange, Post, WordPress, wordpress

POSTS: Final = 25
PLAIN: Final[dict[str, int]] = {}
TAGGED: Final = {"sitemap_lastmod": 1, "page_validators": 1}
API_REQUESTS: Final = 5  # at most, to learn that nothing changed


@dataclass
class Farm:
    """A WordPress and what was written into it, by address."""

    site: WordPress
    posts: dict[str, Post]
    drafts: dict[str, Draft]

    @property
    def texts(self) -> dict[str, str]:
        return {url: joined(draft.paragraphs) for url, draft in self.drafts.items()}


@dataclass
class Run:
    crawled: Crawled
    requests: list[Exchange]

    @property
    def to_pages(self) -> list[Exchange]:
        """The requests for pages, sitemaps and feeds."""
        return [each for each in self.requests if not is_api(each) and each.path != "/robots.txt"]

    @property
    def to_api(self) -> list[Exchange]:
        return [each for each in self.requests if is_api(each)]


@dataclass
class Life:
    """A spider's runs: over a new site, again, and after a post was edited, one added and one trashed."""

    farm: Farm
    first: Run
    second: Run
    third: Run
    edited: tuple[str, str]  # the address and the new text
    added: tuple[str, str]
    trashed: str


@contextmanager
def a_farm(folder: Path, **options: Any) -> Iterator[Farm]:
    with wordpress(folder, posts_per_rss=2 * POSTS, **options) as site:
        written = drafts(POSTS)
        posts = site.create_all(written)
        links = [post.link for post in posts]
        yield Farm(site, dict(zip(links, posts, strict=True)), dict(zip(links, written, strict=True)))


def run(farm: Farm, output: Path, spider: str, **arguments: str) -> Run:
    farm.site.mark()
    crawled = crawl(output, (spider, {"url": farm.site.url, **arguments}))
    return Run(crawled, farm.site.requests)


def is_api(exchange: Exchange) -> bool:
    return exchange.path.startswith("/wp-json")


def joined(parts: Sequence[str]) -> str:
    return "\n\n".join(parts)


def texts(crawled: Crawled) -> dict[str, str]:
    assert len(crawled.articles) == len(crawled.article_urls)
    return {record["url"]: record["text"] for record in crawled.articles}


def stored(crawled: Crawled) -> list[StoredArticle]:
    with Store(f"sqlite:///{crawled.output / 'thresher.db'}") as store, store.session() as session:
        return session.query(StoredArticle).all()


# The life of a site. Every WordPress answers for its API and its feeds alike; what pages and sitemaps say of
# changes is up to the version, plugins and caches: nothing, or what TAGGED has them say.

CASES: Final = {
    "wordpress": ("wordpress", PLAIN), "feed": ("feed", PLAIN), "sitemap": ("sitemap", PLAIN), "links": ("links", PLAIN),
    "sitemap-tagged": ("sitemap", TAGGED), "links-tagged": ("links", TAGGED), "site-tagged": ("site", TAGGED),
}  # fmt: skip


@pytest.fixture(scope="module", params=CASES)
def life(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    (spider, options), folder = CASES[request.param], tmp_path_factory.mktemp("farm")
    with a_farm(folder, **options) as farm:
        output = folder / "crawl"
        first, second = run(farm, output, spider), run(farm, output, spider)
        changed, new = paragraphs(Random(1)), paragraphs(Random(2))
        _, to_edit, *_, to_trash, _ = farm.posts.values()
        farm.site.edit(to_edit.id, paragraphs=changed)
        added = farm.site.create("A word on hedges", new, author="Ada Quill", category="Fields")
        farm.site.trash(to_trash.id)
        third = run(farm, output, spider)
        yield Life(
            farm, first, second, third,
            (to_edit.link, joined(changed)), (added.link, joined(new)), to_trash.link,
        )  # fmt: skip


def test_finds_every_post_and_nothing_else(life: Life) -> None:
    assert texts(life.first.crawled) == life.farm.texts
    assert life.first.crawled.rejects == []
    for record in life.first.crawled.articles:
        draft = life.farm.drafts[record["url"]]
        assert draft.date is not None
        assert (record["title"], record["authors"]) == (draft.title, [draft.author])
        assert record["published"] == draft.date.isoformat()
        assert record["revision"] == 1


def test_writes_nothing_when_nothing_changed(life: Life) -> None:
    assert life.second.crawled.articles == []
    assert life.second.crawled.rejects == []


def test_a_run_without_changes_is_in_order(life: Life) -> None:
    assert life.second.crawled.report["ok"]


def test_asks_with_the_validators_that_it_was_given(life: Life) -> None:
    validated = {each.path for each in life.first.to_pages if each.validators}
    unconditional = [
        each.path for each in life.second.to_pages if each.path in validated and not each.conditional
    ]
    assert unconditional == []
    assert {each.path for each in life.second.to_pages} <= {each.path for each in life.first.to_pages}


def test_asks_the_api_for_changes_only(life: Life) -> None:
    assert len(life.second.to_api) <= API_REQUESTS
    for each in life.second.to_api:
        query = parse_qs(urlsplit(each.path).query)
        fields = query.get("_fields", ["content"])[0].split(",")
        assert "modified_after" in query or "content" not in fields, each.path


def test_writes_what_changed_and_nothing_else(life: Life) -> None:
    assert texts(life.third.crawled) == dict([life.edited, life.added])
    revisions = {record["url"]: record["revision"] for record in life.third.crawled.articles}
    assert revisions == {life.edited[0]: 2, life.added[0]: 1}


def test_marks_what_is_gone(life: Life) -> None:
    articles = stored(life.third.crawled)
    assert [article.url for article in articles if article.gone_at] == [life.trashed]
    assert {article.url: article.text for article in articles} == {
        **life.farm.texts, **dict([life.edited, life.added]),
    }  # fmt: skip


# What is particular to the API


def test_finds_new_posts_whose_last_change_is_old(tmp_path: Path) -> None:
    """An imported post has an old date, a scheduled one was last changed before it appeared."""
    now, month = datetime.now(UTC), timedelta(days=30)
    random = Random(3)
    new = [
        Draft("An old letter put online", paragraphs(random), date=now - month),
        Draft("Written last month for today", paragraphs(random), date=now, modified=now - month),
    ]
    with a_farm(tmp_path) as farm:
        assert len(run(farm, tmp_path / "crawl", "wordpress").crawled.articles) == POSTS
        links = [post.link for post in farm.site.create_all(new)]
        found = texts(run(farm, tmp_path / "crawl", "wordpress").crawled)
    assert found == {link: joined(draft.paragraphs) for link, draft in zip(links, new, strict=True)}


def test_is_not_deceived_by_equal_numbers(tmp_path: Path) -> None:
    """As many posts are trashed as appear with an old date."""
    date = datetime(2024, 3, 1, tzinfo=UTC)
    with a_farm(tmp_path) as farm:
        run(farm, tmp_path / "crawl", "wordpress")
        new = farm.site.create("An old letter put online", paragraphs(Random(4)), date=date)
        trashed = list(farm.posts.values())[5]
        farm.site.trash(trashed.id)
        second = run(farm, tmp_path / "crawl", "wordpress").crawled
    assert second.article_urls == {new.link}
    assert [article.url for article in stored(second) if article.gone_at] == [trashed.link]


def test_finds_an_edit_of_the_second_of_the_run_before(tmp_path: Path) -> None:
    """WordPress counts in seconds, so two posts may change in one, with a run between."""
    with a_farm(tmp_path) as farm:
        run(farm, tmp_path / "crawl", "wordpress")
        edited, *_, newest = farm.posts.values()
        last_change = farm.drafts[newest.link].date
        farm.site.edit(edited.id, paragraphs=["Changed in the same second."], modified=last_change)
        second = run(farm, tmp_path / "crawl", "wordpress").crawled
    assert texts(second) == {edited.link: "Changed in the same second."}


# Other forms of a site


@pytest.mark.parametrize("spider", ["sitemap", "links"])
def test_reads_a_theme_of_blocks(spider: str, tmp_path: Path) -> None:
    with a_farm(tmp_path, theme=BLOCKS) as farm:
        assert texts(run(farm, tmp_path / "crawl", spider).crawled) == farm.texts


@pytest.mark.parametrize("spider", ["wordpress", "feed", "links"])
def test_reads_a_site_without_pretty_permalinks(spider: str, tmp_path: Path) -> None:
    with a_farm(tmp_path, permalink_structure="") as farm:
        assert texts(run(farm, tmp_path / "crawl", spider).crawled) == farm.texts


def test_follows_the_links_of_a_feed_of_excerpts(tmp_path: Path) -> None:
    with a_farm(tmp_path, rss_use_excerpt=1) as farm:
        assert texts(run(farm, tmp_path / "crawl", "feed").crawled) == farm.texts
