"""What a report says first: its key figures, the most telling sentences, and a row for every site.

Everything leads to the articles behind it, by the address of the part of the page that shows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from math import floor
from typing import Final
from urllib.parse import quote, urlencode

from audit.assets import shown
from audit.findings.model import Findings, SiteFindings, Status, StoryFindings

MOST_SENTENCES: Final = 9
"""Sentences in the summary: what fits on a screen beside the figures."""

FEWEST_ARTICLES: Final = 3
"""Articles that a site must have before a sentence tells of its habits."""

TELLING_SHARE: Final = 0.2
"""Share of a site's articles from one source that is worth a sentence."""

WIDE_STORY: Final = 3
"""Sites that a story must have reached to be told of."""


MEANINGS: Final = {
    Status.ORIGINAL: "others were made from it",
    Status.VERBATIM: "copied word for word",
    Status.EDITED: "copied, with changes",
    Status.EXCERPT: "a part of another",
    Status.REWRITTEN: "another, reworded: the same names and numbers in the same order",
    Status.TRANSLATED: "another, in a different language",
    Status.INDEPENDENT: "tells of an event that other sites tell of too, in its own words",
    Status.UNKNOWN: "one of several copies: the evidence tells no origin, or the corpus does not hold it",
    Status.UNMATCHED: "shares nothing with any other",
}
"""What the statuses mean, for readers."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure: what it counts, its value, what it means, where it leads."""

    label: str
    value: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words, every second of them a name that is set off, and where it leads."""

    parts: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: a status, how many articles, where it begins and how wide it is (0 to 1000)."""

    status: Status
    articles: int
    start: float
    width: float
    href: str


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site in the overview."""

    findings: SiteFindings
    segments: tuple[Segment, ...]
    source: str
    source_share: float
    claims: int


def view(name: str, **parameters: str | int) -> str:
    """The address of a part of the page; `static/route.js` reads it."""
    given = {key: value for key, value in parameters.items() if value != ""}
    return f"#{name}" + (f"?{urlencode(given, quote_via=quote)}" if given else "")


def number(value: float) -> str:
    """A count as people read it."""
    return f"{value:,.0f}"


def percent(share: float) -> str:
    """A share as people read it; what is not nothing is never 0 %."""
    return "<1 %" if 0 < share < 0.01 else f"{_rounded(100 * share)} %"


def _rounded(value: float) -> int:
    """Half is rounded up, as in `static/format.js`: a figure is the same wherever it is shown."""
    return floor(value + 0.5)


def span(hours: float) -> str:
    """A time in hours as people read it."""
    size = abs(hours)
    if size < 1:
        value, unit = _rounded(60 * size), "minute"
    elif size < 48:
        value, unit = _rounded(size), "hour"
    else:
        value, unit = _rounded(size / 24), "day"
    return f"{value:,} {unit}{'' if value == 1 else 's'}"


def figures(findings: Findings) -> tuple[Figure, ...]:
    """The key figures."""
    totals, network = findings.totals, findings.network
    none = sum(site.attribution.none for site in findings.sites)
    grouped = sum(len(group.sites) for group in network.groups)
    among = audited(findings)
    found = [
        Figure("Articles", number(totals.articles), _period(findings), view("articles", **among)),
        Figure("Sites", number(totals.sites), "audited", view("sites")),
        Figure(
            "Republished",
            percent(totals.republished_share),
            f"{number(totals.republished)} articles made from others",
            view("articles", **among, status="republished"),
        ),
        Figure("Stories", number(totals.stories), "appeared more than once", view("stories")),
        Figure(
            "Unnamed sources",
            number(none),
            "copies that name nobody",
            view("articles", **among, attribution="none"),
        ),
        Figure(
            "Groups",
            number(len(network.groups)),
            f"{number(grouped)} sites tied together" if grouped else "no sites tied together",
            view("network"),
        ),
    ]
    return tuple(found)


def audited(findings: Findings) -> dict[str, str]:
    """The filter that leaves out articles of sites that are not audited, where there are any."""
    sites = {site.site for site in findings.sites}
    return {} if all(article.site in sites for article in findings.articles) else {"audited": "yes"}


def _period(findings: Findings) -> str:
    first, last = findings.totals.first_published, findings.totals.last_published
    if first is None or last is None:
        return "without dates"
    return _day(first) if first.date() == last.date() else f"{_day(first)} to {_day(last)}"


def _day(moment: datetime) -> str:
    return f"{moment.day}\N{NO-BREAK SPACE}{moment:%b}\N{NO-BREAK SPACE}{moment.year}"


def sentences(findings: Findings) -> tuple[Sentence, ...]:
    """The most telling sentences: who takes from whom, who names the wrong source, who belongs together."""
    found = [*islice(_takers(findings.sites), 4), *islice(_groups(findings), 2)]
    found += [*islice(_wrong(findings.sites), 2), *islice(_wide(findings.stories), 1)]
    return tuple(found[:MOST_SENTENCES])


def _takers(sites: Sequence[SiteFindings]) -> Iterator[Sentence]:
    pairs = [
        (site, source)
        for site in sites
        if site.articles >= FEWEST_ARTICLES
        for source in site.sources[:1]
        if source.share >= TELLING_SHARE
    ]
    for site, source in sorted(
        pairs, key=lambda pair: (-pair[1].share, -pair[1].copies.articles, pair[0].site)
    ):
        taken = f" took {number(source.copies.articles)} of its {number(site.articles)} articles from "
        lag = source.copies.lag
        late = "" if lag is None else f", median {span(lag.median_hours)} {_after(lag.median_hours)}"
        yield Sentence(
            ("", shown(site.site), taken, shown(source.site), late),
            view("articles", site=shown(site.site), source=shown(source.site)),
        )


def _after(hours: float) -> str:
    return "after" if hours >= 0 else "before, by its dates"


def _groups(findings: Findings) -> Iterator[Sentence]:
    for group in findings.network.groups:
        first, *others = map(shown, group.sites)
        signs = number(len(group.signs)) + (
            " conclusive sign" if len(group.signs) == 1 else " conclusive signs"
        )
        rest = others[0] if len(others) == 1 else f"{number(len(others))} other sites"
        yield Sentence(
            ("", first, " and ", rest, f" are tied together by {signs}"), view("network", site=first)
        )


def _wrong(sites: Sequence[SiteFindings]) -> Iterator[Sentence]:
    claims = [(site, claim) for site in sites for claim in site.attribution.wrong_claims]
    for site, claim in sorted(claims, key=lambda pair: -len(pair[1].articles)):
        count = len(claim.articles)
        yield Sentence(
            (
                "",
                shown(site.site),
                " names ",
                shown(claim.claimed),
                f" as the source of {number(count)} article{'' if count == 1 else 's'} that came from ",
                shown(claim.found),
            ),
            view("articles", site=shown(site.site), attribution="wrong"),
        )


def _wide(stories: Sequence[StoryFindings]) -> Iterator[Sentence]:
    for story in stories:
        if story.sites >= WIDE_STORY and story.title:
            within = "" if story.hours is None else f" within {span(story.hours)}"
            yield Sentence(
                ("", f"“{shown(story.title, 120)}”", f" reached {number(story.sites)} sites{within}"),
                view("stories", story=story.id),
            )


def segments(statuses: Mapping[Status, int], **parameters: str) -> tuple[Segment, ...]:
    """The parts of a bar of statuses, each leading to its articles."""
    total = sum(statuses.values())
    found = []
    start = 0.0
    for status in Status:
        if count := statuses.get(status, 0):
            width = 1000 * count / total
            href = view("articles", **parameters, status=status.value)
            found.append(Segment(status, count, round(start, 2), round(width, 2), href))
            start += width
    return tuple(found)


def site_rows(findings: Findings) -> tuple[SiteRow, ...]:
    """A row for every site, those that republish most first."""
    ordered = sorted(findings.sites, key=lambda site: (-site.republished_share, -site.articles, site.site))
    return tuple(
        SiteRow(
            findings=site,
            segments=segments(site.statuses, site=shown(site.site)),
            source=shown(site.sources[0].site) if site.sources else "",
            source_share=site.sources[0].share if site.sources else 0.0,
            claims=site.attribution.true + site.attribution.wrong,
        )
        for site in ordered
    )
