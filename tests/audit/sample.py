"""A made-up audit for tests of the report: six sites, two stories, a group."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from audit.findings.copies import lag_of, taken
from audit.findings.finding import NO_NETWORK
from audit.findings.model import (
    Attribution,
    AuditedArticle,
    AuthorFindings,
    BoilerplateFindings,
    Claim,
    CommonText,
    Evidence,
    Findings,
    Link,
    Network,
    SharedPages,
    SharedSign,
    SiteFindings,
    SiteGroup,
    Source,
    Status,
    Tier,
    Totals,
)
from audit.findings.pairs import pairs_of
from audit.findings.rhythm import rhythm_of
from audit.findings.sites import attribution_of, ranked_sources, statuses_of
from audit.findings.stories import stories_of
from tests.audit.audited import audited

START: Final = datetime(2025, 3, 3, 8, 0, tzinfo=UTC)
GAZETTE: Final = "gazette.example"
FARM: Final = "farm.example"
MIRROR: Final = "mirror.example"
POST: Final = "post.example"
WEIR: Final = "weir.example"
PULSE: Final = "pulse.example"


def article(number: int, site: str, **given: Any) -> AuditedArticle:
    """An article of `site`; what is not given is of one that shares nothing with any other."""
    fields: dict[str, Any] = {
        "url": f"https://{site}/2025/03/story-{number}",
        "title": f"Story number {number}",
        "authors": ("Ada Quill",),
        "language": "en",
        "published": START + timedelta(hours=number),
        "first_seen": START + timedelta(days=9),
        "words": 200 + number,
        "boilerplate_words": 50,
    }
    return audited(number, site, **fields | given)


def copy(
    number: int, site: str, origin: AuditedArticle, status: Status, hours: float, **given: Any
) -> AuditedArticle:
    """An article made from `origin`, so many hours later."""
    assert origin.published is not None
    published = origin.published + timedelta(hours=hours)
    fields: dict[str, Any] = {
        "title": origin.title,
        "published": published,
        "status": status,
        "story": origin.story,
        "origin": origin.id,
        "origin_site": origin.site,
        "lag_hours": hours,
        "attribution": Attribution.NONE,
        "reason": "word for word" if status is Status.VERBATIM else "copied, with changes",
    }
    found = article(number, site, **{**fields, **given})
    evidence = (
        Evidence(tier="text", origin=origin.url or "", shown_by=found.url or "", detail=found.reason),
        Evidence(tier="time", origin=origin.url or "", shown_by=origin.url or "", detail="the earliest date"),
    )
    return found.model_copy(update={"evidence": given.get("evidence", evidence)})


def findings_of(articles: Sequence[AuditedArticle], network: Network = NO_NETWORK) -> Findings:
    """The findings that these articles give, figures and all."""
    by_site: dict[str, list[AuditedArticle]] = defaultdict(list)
    for one in articles:
        by_site[one.site].append(one)
    copies = taken(articles)
    sizes = {site: len(own) for site, own in by_site.items()}
    sources, takers = ranked_sources(copies, sizes)
    sites = tuple(
        _site(site, by_site[site], sources.get(site, ()), takers.get(site, ())) for site in sorted(by_site)
    )
    return Findings(
        schema_version=1,
        totals=_totals(articles, sites),
        sites=sites,
        pairs=pairs_of(copies, by_site),
        network=network,
        stories=stories_of(articles),
        articles=tuple(articles),
    )


def _totals(articles: Sequence[AuditedArticle], sites: Sequence[SiteFindings]) -> Totals:
    dates = [one.published for one in articles if one.published]
    republished = sum(site.republished for site in sites)
    return Totals(
        sites=len(sites),
        articles=len(articles),
        stories=len({one.story for one in articles if one.story is not None}),
        republished=republished,
        republished_share=republished / max(len(articles), 1),
        statuses=statuses_of(articles),
        first_published=min(dates, default=None),
        last_published=max(dates, default=None),
        not_compared=0,
    )


def _site(
    site: str, own: Sequence[AuditedArticle], sources: tuple[Source, ...], takers: tuple[Source, ...]
) -> SiteFindings:
    dates = [one.published for one in own if one.published]
    republished = sum(source.copies.articles for source in sources)
    names = Counter(name for one in own for name in one.authors)
    return SiteFindings(
        site=site,
        articles=len(own),
        first_published=min(dates, default=None),
        last_published=max(dates, default=None),
        languages=dict(Counter(one.language or "" for one in own)),
        statuses=statuses_of(own),
        republished=republished,
        republished_share=republished / len(own),
        sources=sources,
        copied_by=takers,
        lag=lag_of(own),
        attribution=attribution_of(own),
        words=sum(one.words for one in own),
        page_words=sum(one.words + one.boilerplate_words for one in own),
        boilerplate=_boilerplate(own),
        authors=tuple(
            AuthorFindings(name=name, articles=count, generic=name == "admin")
            for name, count in names.most_common(50)
        ),
        generic_author_articles=names["admin"],
        rhythm=rhythm_of(dates),
    )


def _boilerplate(own: Sequence[AuditedArticle]) -> tuple[BoilerplateFindings, ...]:
    pages = sum(one.words + one.boilerplate_words for one in own)
    found = []
    for type_, part, text in (
        ("newsletter", 0.6, "Subscribe to our newsletter. The valley in your inbox, each Friday."),
        ("donation", 0.3, "Nine people and a cat write this paper. Help us to go on."),
        ("copyright", 0.1, "© 2025. All rights reserved."),
    ):
        words = round(part * sum(one.boilerplate_words for one in own))
        texts = (CommonText(text=text, articles=len(own), shown_by=tuple(one.id for one in own[:5])),)
        found.append(
            BoilerplateFindings(
                type=type_,
                blocks=2 * len(own),
                words=words,
                share=words / pages,
                articles=len(own),
                texts=texts,
            )
        )
    return tuple(found)


def _claim(domain: str) -> Claim:
    return Claim(
        domain=domain, name=None, kind="attribution line", evidence=f"This post appeared first on {domain}"
    )


def sample_articles() -> list[AuditedArticle]:
    """The articles of the sample."""
    lamps = article(
        1,
        GAZETTE,
        title="Keepers return to the lighthouses",
        story=1,
        status=Status.ORIGINAL,
        origin_site=GAZETTE,
    )
    bridge = article(
        2, GAZETTE, title="Night toll on the bridge struck down", story=2, status=Status.ORIGINAL
    )
    seeds = article(
        3,
        GAZETTE,
        title="Seed library sends barley home",
        story=3,
        status=Status.ORIGINAL,
        origin_site=GAZETTE,
    )
    named = {"claim": _claim(GAZETTE), "attribution": Attribution.TRUE}
    wrong = {"claim": _claim(PULSE), "attribution": Attribution.WRONG}
    admin = {"authors": ("admin",)}
    return [
        lamps,
        bridge,
        seeds,
        article(4, GAZETTE, title="Council counts its swans"),
        copy(5, FARM, lamps, Status.VERBATIM, 9, **named, **admin),
        copy(6, FARM, bridge, Status.EDITED, 30, **wrong, **admin),
        copy(7, FARM, seeds, Status.VERBATIM, 12, **admin),
        article(8, FARM, title="Ten banks that pay", **admin),
        copy(9, MIRROR, lamps, Status.VERBATIM, 9.5, **named),
        copy(10, MIRROR, bridge, Status.EXCERPT, 50),
        copy(11, PULSE, lamps, Status.TRANSLATED, -3, language="de", title="Leuchtturmwärter kehren zurück"),
        copy(12, PULSE, lamps, Status.REWRITTEN, 26, title="Guardians go back to the beacons"),
        article(13, WEIR, title="What the keepers say", status=Status.INDEPENDENT, same_event=(1, 14)),
        article(14, POST, title="Lighthouses staffed again", status=Status.INDEPENDENT, same_event=(1, 13)),
        article(15, POST, title="Markets at noon", story=4, status=Status.UNKNOWN, published=None, rival=16),
        article(16, WEIR, title="Markets at noon", story=4, status=Status.UNKNOWN, published=None, rival=15),
        article(
            17, WEIR, title="A letter", claim=_claim("elsewhere.example"), attribution=Attribution.UNVERIFIED
        ),
    ]


def sample_network() -> Network:
    """A group of two, a weaker link, and a sign that says nothing."""

    def pages(*sites: str) -> tuple[SharedPages, ...]:
        return tuple(
            SharedPages(site=site, pages=4, shown_by=(f"https://{site}/2025/03/about",)) for site in sites
        )

    return Network(
        signs=(
            SharedSign(
                kind="adsense",
                value="pub-1234567890123456",
                tier=Tier.CONCLUSIVE,
                why="advertising income goes to one account",
                sites=pages(FARM, MIRROR),
            ),
            SharedSign(
                kind="theme and plugins",
                value="newsup, jetpack, wp-rss, akismet",
                tier=Tier.ASSOCIATIVE,
                why="built alike",
                sites=pages(FARM, PULSE),
            ),
            SharedSign(
                kind="generator",
                value="WordPress",
                tier=Tier.NO_EVIDENCE,
                why="four sites in ten have it",
                sites=pages(FARM, MIRROR, PULSE, POST),
            ),
        ),
        links=(
            Link(one=FARM, other=MIRROR, tier=Tier.CONCLUSIVE, signs=(0,)),
            Link(one=FARM, other=PULSE, tier=Tier.ASSOCIATIVE, signs=(1,)),
        ),
        groups=(SiteGroup(sites=(FARM, MIRROR), signs=(0,)),),
    )


def sample_findings() -> Findings:
    """The sample."""
    return findings_of(sample_articles(), sample_network())


LAMPS: Final = (
    "The keepers of Orrin went back to their lamps on Monday.",
    "They had been away for eleven years.",
    "The machines had failed nineteen times since spring.",
    "“We heard the horn and knew,” said Ilse Corrander.",
    "The harbour office will pay 2.6 million crowns a year.",
    "Ships are asked to report what they see.",
)


def sample_stories(number: int) -> Mapping[str, Any] | None:
    """The texts of the sample's first story: a copy word for word, one moved, cut and changed."""
    if number != 1:
        return None
    whole = [[place, place, "same"] for place in range(len(LAMPS))]
    rewritten = [
        "The guards of Orrin went back to their beacons on Monday.",
        "Ships are asked to report what they see.",
        "They had been away for eleven years.",
        "Nobody had asked them to.",
        "The harbour office will pay 2.6 million crowns a year.",
    ]
    translated = ["Die Wärter von Orrin kehrten am Montag zu ihren Lampen zurück."]
    return {
        "texts": {
            "1": {"sentences": list(LAMPS), "paragraphs": [0, 3]},
            "2": {"sentences": rewritten, "paragraphs": [0, 2]},
            "3": {"sentences": translated, "paragraphs": [0]},
        },
        "articles": {
            "1": {"text": 1, "against": None, "pairs": []},
            "5": {"text": 1, "against": 1, "pairs": whole},
            "9": {"text": 1, "against": 1, "pairs": whole},
            "11": {"text": 3, "against": 1, "pairs": [[0, 0, "translated"]]},
            "12": {
                "text": 2,
                "against": 1,
                "pairs": [[0, 0, "changed"], [1, 5, "moved"], [2, 1, "same"], [4, 4, "same"]],
            },
        },
    }
