"""The findings of an audit as records: what `thresher audit --json` prints and the report shows.

Everything is plain, frozen data; `Findings.model_json_schema()` is its documented schema (`docs/audit.md`).
Times are in UTC, lags in hours, shares 0 to 1. Articles are named by their number in the database, so that
every figure leads to the articles behind it.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

FINDINGS_VERSION: Final = 1
"""Version of the record; raised whenever a field changes its meaning."""


class Status(StrEnum):
    """What an article is among those of the corpus.

    The relations are those of a copy to its origin. ORIGINAL is the origin of others; UNKNOWN is one of a
    cluster whose origin the evidence does not tell, or that stands for one which the corpus does not hold;
    INDEPENDENT has no copies and tells of an event that articles of other sites tell of too, in its own
    words; UNMATCHED shares nothing with any other.
    """

    ORIGINAL = "original"
    VERBATIM = "verbatim"
    EDITED = "edited"
    EXCERPT = "excerpt"
    REWRITTEN = "rewritten"
    TRANSLATED = "translated"
    INDEPENDENT = "independent"
    UNKNOWN = "unknown"
    UNMATCHED = "unmatched"

    @property
    def republished(self) -> bool:
        """Whether it was made from another article."""
        return self in REPUBLISHED


REPUBLISHED: Final = frozenset(
    {Status.VERBATIM, Status.EDITED, Status.EXCERPT, Status.REWRITTEN, Status.TRANSLATED}
)


class Attribution(StrEnum):
    """What an article says of its source, against what was found.

    TRUE, WRONG and NONE are of copies whose origin is known: it names that site, another one, or nobody.
    UNVERIFIED is of an article that names a source where none was found.
    """

    TRUE = "true"
    WRONG = "wrong"
    NONE = "none"
    UNVERIFIED = "unverified"


class Tier(StrEnum):
    """What a sign that sites share says of who runs them."""

    CONCLUSIVE = "conclusive"
    ASSOCIATIVE = "associative"
    NO_EVIDENCE = "no evidence"


class Record(BaseModel):
    """Base of all: frozen, and without fields that nobody documented."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Claim(Record):
    """The source that an article itself names: `cleaners.article.ClaimedSource`."""

    domain: str | None
    name: str | None
    kind: str
    evidence: str


class Evidence(Record):
    """A piece of evidence for an article's origin: `pipelines.reuse.origin.Finding`.

    `shown_by` is the address of the article that shows it.
    """

    tier: str
    origin: str
    shown_by: str
    detail: str


class AuditedArticle(Record):
    """An article of the corpus and what was found of it.

    `story` numbers the cluster of articles made from one another; `origin` is the article that it came from,
    `rival` the other candidate where the evidence does not decide (both are empty for an origin itself);
    `origin_site` is the origin's site, also where the corpus holds no article of it. `lag_hours` is the time
    from the origin's publication to its own, negative where it bears an earlier date. `words` are of the
    text, `boilerplate_words` of all that stands around it. `reason` says in a sentence what its text shares
    with the origin's. `same_event` are articles that tell of the same event in their own words.
    """

    id: int
    url: str | None
    title: str | None
    site: str
    authors: tuple[str, ...]
    language: str | None
    published: datetime | None
    first_seen: datetime | None
    words: int
    boilerplate_words: int
    status: Status
    story: int | None
    origin: int | None
    rival: int | None
    origin_site: str | None
    lag_hours: float | None
    claim: Claim | None
    attribution: Attribution | None
    reason: str
    evidence: tuple[Evidence, ...]
    same_event: tuple[int, ...]


class Lag(Record):
    """How long after the originals copies appeared: of how many it is known, and the quartiles in hours."""

    articles: int
    lower_hours: float
    median_hours: float
    upper_hours: float


class Copies(Record):
    """What one site took from another: articles by relation (those that are none left out) and the lag."""

    articles: int
    relations: dict[Status, int]
    lag: Lag | None


class Source(Record):
    """A site that another took articles from; `share` is of all articles of the one that took them."""

    site: str
    share: float
    copies: Copies


class PairFindings(Record):
    """Two sites, the first in the alphabet first, and the copies each way."""

    one: str
    other: str
    one_from_other: Copies | None
    other_from_one: Copies | None


class WrongClaim(Record):
    """A source that a site's copies name and that is not the one they came from."""

    claimed: str
    found: str
    articles: tuple[int, ...]


class AttributionFindings(Record):
    """How many of a site's articles name their source, and how truly (`Attribution`)."""

    true: int
    wrong: int
    none: int
    unverified: int
    wrong_claims: tuple[WrongClaim, ...]


class CommonText(Record):
    """A text that stands on several pages of a site: on how many, and some of them."""

    text: str
    articles: int
    shown_by: tuple[int, ...]


class BoilerplateFindings(Record):
    """One type of boilerplate on a site: blocks and words, its share of all words of the pages, the pages
    that have some, and the commonest texts."""

    type: str
    blocks: int
    words: int
    share: float
    articles: int
    texts: tuple[CommonText, ...]


class AuthorFindings(Record):
    """A name that articles are signed with; `generic` is one that names nobody, such as "admin"."""

    name: str
    articles: int
    generic: bool


class Rhythm(Record):
    """When a site publishes, by the dates of its articles in UTC.

    `hours` has 24 counts, `weekdays` 7 from Monday on; dates without a time count in neither `hours`.
    `days` are the days on which it published anything, with how many. `dated` is how many articles have a
    date, `median_a_day` the median over the days on which it published.
    """

    dated: int
    hours: tuple[int, ...]
    weekdays: tuple[int, ...]
    days: tuple[tuple[date, int], ...]
    median_a_day: float | None


class SiteFindings(Record):
    """What was found of one site. `statuses` counts articles; all statuses are there, in the enum's order.

    `republished` counts those made from others. `sources` are ranked, most first; `copied_by` are the sites
    that took articles from this one. `words` are of the articles' texts, `page_words` of their pages whole.
    """

    site: str
    articles: int
    first_published: datetime | None
    last_published: datetime | None
    languages: dict[str, int]
    statuses: dict[Status, int]
    republished: int
    republished_share: float
    sources: tuple[Source, ...]
    copied_by: tuple[Source, ...]
    lag: Lag | None
    attribution: AttributionFindings
    words: int
    page_words: int
    boilerplate: tuple[BoilerplateFindings, ...]
    authors: tuple[AuthorFindings, ...]
    generic_author_articles: int
    rhythm: Rhythm


class StoryFindings(Record):
    """Articles made from one another, by their dates (those without one last): the spread of a story.

    `origin` is the article that the others came from, empty where that is unknown or outside the corpus;
    `origin_site` is its site.
    """

    id: int
    title: str | None
    origin: int | None
    origin_site: str | None
    articles: tuple[int, ...]
    sites: int
    first_published: datetime | None
    hours: float | None


class SharedPages(Record):
    """A site's pages that carry a sign: how many, and some of them (addresses)."""

    site: str
    pages: int
    shown_by: tuple[str, ...]


class SharedSign(Record):
    """Something that two sites or more have in common, and what it says of who runs them.

    `kind` names the service or what it is ("adsense", "disclaimer-text" …), `value` the id or the text,
    `why` in a sentence why it is of its tier.
    """

    kind: str
    value: str
    tier: Tier
    why: str
    sites: tuple[SharedPages, ...]


class Link(Record):
    """Two sites that share signs: the best tier among them, and their numbers in `Network.signs`."""

    one: str
    other: str
    tier: Tier
    signs: tuple[int, ...]


class SiteGroup(Record):
    """Sites that conclusive signs tie together, directly or through others."""

    sites: tuple[str, ...]
    signs: tuple[int, ...]


class Network(Record):
    """Which sites belong together. `groups` rest on conclusive signs alone; `links` hold the weaker ones too,
    but none for signs that are no evidence. Signs are ordered by tier, then by how many sites share them."""

    signs: tuple[SharedSign, ...]
    links: tuple[Link, ...]
    groups: tuple[SiteGroup, ...]


class Totals(Record):
    """The corpus in numbers; `statuses` counts articles, all statuses there, in the enum's order."""

    sites: int
    articles: int
    stories: int
    republished: int
    republished_share: float
    statuses: dict[Status, int]
    first_published: datetime | None
    last_published: datetime | None
    not_compared: int


class Findings(Record):
    """All that an audit found, from the store alone.

    Sites are in the order of their names, articles of their numbers, pairs of their sites' names, stories by
    how many sites they reached, most first.
    """

    schema_version: Literal[1]
    totals: Totals
    sites: tuple[SiteFindings, ...]
    pairs: tuple[PairFindings, ...]
    network: Network
    stories: tuple[StoryFindings, ...]
    articles: tuple[AuditedArticle, ...]
