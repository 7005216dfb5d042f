"""What the fictional press consists of: sites, sections, stories, and what a clean copy of each holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a story's body: a paragraph (`p`) or a subhead (`h2`)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its caption and, where there is one, its credit."""

    image: str
    alt: str
    caption: str
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article as one site publishes it.

    `original` is the story that it republishes, if it does; `translated` the one that a machine made it from;
    `event` one of another site that reports what it reports, each in its own words.
    """

    host: str
    path: str
    slug: str
    section: str
    title: str
    authors: tuple[str, ...]
    published: datetime
    modified: datetime
    parts: tuple[Part, ...]
    number: int = 0
    bio: str = ""
    figure: Figure | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    comments: tuple[tuple[str, str], ...] = ()
    original: Story | None = None
    translated: Story | None = None
    event: Story | None = None
    cut_after: int | None = None

    @property
    def body(self) -> tuple[str, ...]:
        """The text of the article as far as a reader of the page gets it, paragraph by paragraph."""
        return tuple(part.text for part in self.parts[: self.cut_after])


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a site. `number` is its category number where the site runs WordPress."""

    slug: str
    name: str
    path: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class StaticPage:
    """A page that is no article: about, privacy, the members' room."""

    path: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class User:
    """An author's account on a WordPress site."""

    number: int
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """A plea for donations at the end of an article."""

    heading: str
    paragraphs: tuple[str, ...]
    amounts: tuple[str, ...]
    button: str
    question: str
    later: str

    @property
    def lines(self) -> tuple[str, ...]:
        """Every line of the plea in the order in which a page shows it."""
        return (self.heading, *self.paragraphs, *self.amounts, self.button, self.question, self.later)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One site of the press.

    `disallow` is `None` where the site has no robots.txt at all, `ads_txt` where it has no ads.txt.
    `operator` is who runs it, where that is somebody who runs several; `adsense` the account that its pages
    carry; `favicon` the colour of its icon.
    """

    host: str
    name: str
    tagline: str
    theme: str
    language: str
    sections: tuple[Section, ...]
    stories: tuple[Story, ...]
    pages: tuple[StaticPage, ...]
    front: tuple[str, ...] = ()
    feed: str | None = None
    sitemap: str | None = None
    disallow: tuple[str, ...] | None = None
    api: str | None = None
    users: tuple[User, ...] = ()
    appeal: Appeal | None = None
    caption_placeholder: str | None = None
    members_teaser: str | None = None
    dead_links: tuple[Mapping[str, str], ...] = ()
    operator: str | None = None
    adsense: str | None = None
    ads_txt: tuple[str, ...] | None = None
    favicon: str | None = None

    @property
    def front_stories(self) -> tuple[Story, ...]:
        """The stories that the front page shows: all of them unless the site names a choice."""
        chosen = tuple(story for story in self.stories if story.slug in self.front)
        return chosen or self.stories

    def section(self, slug: str) -> Section:
        """The section of that short name."""
        return next(section for section in self.sections if section.slug == slug)

    def page(self, path: str) -> StaticPage | None:
        """The page at `path` that is no article, if there is one."""
        return next((page for page in self.pages if page.path == path), None)


@dataclass(frozen=True, slots=True)
class ExpectedArticle:
    """What a clean copy of one page must hold, text by text, to compare a corpus with."""

    host: str
    path: str
    title: str
    body: tuple[str, ...]
    captions: tuple[str, ...]
    donation: tuple[str, ...]
    claimed_source: str | None
    published: datetime


@dataclass(frozen=True, slots=True)
class Press:
    """All sites by host name."""

    sites: Mapping[str, Site]

    def stories(self) -> Iterator[Story]:
        """Every story of every site."""
        for site in self.sites.values():
            yield from site.stories

    def expected(self) -> tuple[ExpectedArticle, ...]:
        """What the corpus of a complete crawl must hold: one entry for each story of each site."""
        return tuple(_expected(site, story) for site in self.sites.values() for story in site.stories)


def _expected(site: Site, story: Story) -> ExpectedArticle:
    captions: tuple[str, ...] = ()
    if story.figure and site.caption_placeholder:
        captions = (story.figure.caption, story.figure.caption, site.caption_placeholder)
    elif story.figure:
        captions = (f"{story.figure.caption} {story.figure.credit}",)
    return ExpectedArticle(
        host=site.host,
        path=story.path,
        title=story.title,
        body=story.body,
        captions=captions,
        donation=site.appeal.lines if site.appeal else (),
        claimed_source=story.original.host if story.original else None,
        published=story.published,
    )
