"""A made-up audit for tests of the report: six sites, two stories, a group, and pages that mean harm."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from typing import Any, Final

from audit.findings.model import (
    REPUBLISHED,
    Attribution,
    AttributionFindings,
    AuditedArticle,
    AuthorFindings,
    BoilerplateFindings,
    Claim,
    CommonText,
    Copies,
    Evidence,
    Findings,
    Lag,
    Link,
    Network,
    PairFindings,
    Rhythm,
    SharedPages,
    SharedSign,
    SiteFindings,
    SiteGroup,
    Source,
    Status,
    StoryFindings,
    Tier,
    Totals,
    WrongClaim,
)

START: Final = datetime(2025, 3, 3, 8, 0, tzinfo=UTC)
GAZETTE: Final = "gazette.example"
FARM: Final = "farm.example"
MIRROR: Final = "mirror.example"
POST: Final = "post.example"
WEIR: Final = "weir.example"
PULSE: Final = "pulse.example"
NOBODY: Final = Network(signs=(), links=(), groups=())


def article(number: int, site: str, **given: Any) -> AuditedArticle:
    """An article of `site`; what is not given is of one that shares nothing with any other."""
    fields: dict[str, Any] = {
        "id": number,
        "url": f"https://{site}/2025/03/story-{number}",
        "title": f"Story number {number}",
        "site": site,
        "authors": ("Ada Quill",),
        "language": "en",
        "published": START + timedelta(hours=number),
        "first_seen": START + timedelta(days=9),
        "words": 200 + number,
        "boilerplate_words": 50,
        "status": Status.UNMATCHED,
        "story": None,
        "origin": None,
        "rival": None,
        "origin_site": None,
        "lag_hours": None,
        "claim": None,
        "attribution": None,
        "reason": "",
        "evidence": (),
        "same_event": (),
    }
    return AuditedArticle(**{**fields, **given})


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


def findings_of(articles: Sequence[AuditedArticle], network: Network = NOBODY) -> Findings:
    """The findings that these articles give, figures and all."""
    by_site: dict[str, list[AuditedArticle]] = defaultdict(list)
    for one in articles:
        by_site[one.site].append(one)
    sites = tuple(_site(site, by_site[site], articles) for site in sorted(by_site))
    return Findings(
        schema_version=1,
        totals=_totals(articles, len(sites)),
        sites=sites,
        pairs=_pairs(articles),
        network=network,
        stories=_stories(articles),
        articles=tuple(articles),
    )


def _totals(articles: Sequence[AuditedArticle], sites: int) -> Totals:
    dates = [one.published for one in articles if one.published]
    republished = sum(one.status in REPUBLISHED for one in articles)
    return Totals(
        sites=sites,
        articles=len(articles),
        stories=len({one.story for one in articles if one.story is not None}),
        republished=republished,
        republished_share=republished / max(len(articles), 1),
        statuses=_statuses(articles),
        first_published=min(dates, default=None),
        last_published=max(dates, default=None),
        not_compared=0,
    )


def _statuses(articles: Iterable[AuditedArticle]) -> dict[Status, int]:
    counts = Counter(one.status for one in articles)
    return {status: counts[status] for status in Status}


def _lag(articles: Iterable[AuditedArticle]) -> Lag | None:
    hours = [one.lag_hours for one in articles if one.lag_hours is not None]
    if not hours:
        return None
    lower, middle, upper = quantiles(hours, method="inclusive") if len(hours) > 1 else hours * 3
    return Lag(articles=len(hours), lower_hours=lower, median_hours=middle, upper_hours=upper)


def _copies(articles: Sequence[AuditedArticle]) -> Copies:
    relations = Counter(one.status for one in articles)
    return Copies(
        articles=len(articles),
        relations={status: relations[status] for status in Status if relations[status]},
        lag=_lag(articles),
    )


def _sources(groups: Mapping[str, Sequence[AuditedArticle]], total: Mapping[str, int]) -> tuple[Source, ...]:
    found = [
        Source(site=site, share=len(taken) / total[site], copies=_copies(taken))
        for site, taken in groups.items()
    ]
    return tuple(sorted(found, key=lambda source: (-source.copies.articles, source.site)))


def _site(site: str, own: Sequence[AuditedArticle], everyone: Sequence[AuditedArticle]) -> SiteFindings:
    taken: dict[str, list[AuditedArticle]] = defaultdict(list)
    given: dict[str, list[AuditedArticle]] = defaultdict(list)
    for one in own:
        if one.status in REPUBLISHED and one.origin_site:
            taken[one.origin_site].append(one)
    for one in everyone:
        if one.status in REPUBLISHED and one.origin_site == site:
            given[one.site].append(one)
    sizes = Counter(one.site for one in everyone)
    dates = [one.published for one in own if one.published]
    republished = sum(map(len, taken.values()))
    names = Counter(name for one in own for name in one.authors)
    return SiteFindings(
        site=site,
        articles=len(own),
        first_published=min(dates, default=None),
        last_published=max(dates, default=None),
        languages=dict(Counter(one.language or "" for one in own)),
        statuses=_statuses(own),
        republished=republished,
        republished_share=republished / len(own),
        sources=_sources(taken, dict.fromkeys(taken, len(own))),
        copied_by=_sources(given, sizes),
        lag=_lag(own),
        attribution=_attribution(own),
        words=sum(one.words for one in own),
        page_words=sum(one.words + one.boilerplate_words for one in own),
        boilerplate=_boilerplate(own),
        authors=tuple(
            AuthorFindings(name=name, articles=count, generic=name == "admin")
            for name, count in names.most_common(50)
        ),
        generic_author_articles=names["admin"],
        rhythm=_rhythm(dates),
    )


def _attribution(own: Sequence[AuditedArticle]) -> AttributionFindings:
    counts = Counter(one.attribution for one in own)
    wrong: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in own:
        if one.attribution is Attribution.WRONG and one.claim is not None:
            wrong[one.claim.domain or one.claim.name or "", one.origin_site or ""].append(one.id)
    return AttributionFindings(
        true=counts[Attribution.TRUE],
        wrong=counts[Attribution.WRONG],
        none=counts[Attribution.NONE],
        unverified=counts[Attribution.UNVERIFIED],
        wrong_claims=tuple(
            WrongClaim(claimed=claimed, found=found, articles=tuple(numbers))
            for (claimed, found), numbers in wrong.items()
        ),
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


def _rhythm(dates: Sequence[datetime]) -> Rhythm:
    days = Counter(moment.date() for moment in dates)
    hours, weekdays = Counter(moment.hour for moment in dates), Counter(moment.weekday() for moment in dates)
    return Rhythm(
        dated=len(dates),
        hours=tuple(hours[hour] for hour in range(24)),
        weekdays=tuple(weekdays[day] for day in range(7)),
        days=tuple(sorted(days.items())),
        median_a_day=median(days.values()) if days else None,
    )


def _pairs(articles: Sequence[AuditedArticle]) -> tuple[PairFindings, ...]:
    taken: dict[tuple[str, str], list[AuditedArticle]] = defaultdict(list)
    for one in articles:
        if one.status in REPUBLISHED and one.origin_site:
            taken[one.site, one.origin_site].append(one)
    keys = sorted({(min(pair), max(pair)) for pair in taken})
    return tuple(
        PairFindings(
            one=one,
            other=other,
            one_from_other=_copies(taken[one, other]) if (one, other) in taken else None,
            other_from_one=_copies(taken[other, one]) if (other, one) in taken else None,
        )
        for one, other in keys
    )


def _stories(articles: Sequence[AuditedArticle]) -> tuple[StoryFindings, ...]:
    groups: dict[int, list[AuditedArticle]] = defaultdict(list)
    for one in articles:
        if one.story is not None:
            groups[one.story].append(one)
    found = []
    for number, group in groups.items():
        late = datetime.max.replace(tzinfo=UTC)
        ordered = sorted(group, key=lambda one: (one.published or late, one.id))
        dates = [one.published for one in ordered if one.published]
        origin = next((one for one in ordered if one.status is Status.ORIGINAL), None)
        found.append(
            StoryFindings(
                id=number,
                title=(origin or ordered[0]).title,
                origin=origin.id if origin else None,
                origin_site=origin.site if origin else ordered[0].origin_site,
                articles=tuple(one.id for one in ordered),
                sites=len({one.site for one in ordered}),
                first_published=min(dates, default=None),
                hours=(max(dates) - min(dates)).total_seconds() / 3600 if dates else None,
            )
        )
    return tuple(sorted(found, key=lambda story: (-story.sites, story.id)))


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


HARM: Final = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202egnp.exe\u0000\x1b[31m"
    "{{ 7 * 7 }} --><!-- ]]> 'quoted\" &amp; \u2066"
)


def hostile_findings() -> Findings:
    """The sample with every text, name and address made to do harm."""
    long = HARM + "A" * 1_000_000
    bad = article(
        1,
        f"{HARM}.example",
        url="javascript:alert(3)",
        title=long,
        authors=(HARM, long),
        language=HARM,
        story=1,
        status=Status.ORIGINAL,
    )
    evidence = (
        Evidence(
            tier=HARM,
            origin="javascript:alert(4)",
            shown_by="data:text/html,<script>alert(5)</script>",
            detail=long,
        ),
    )
    stolen = copy(
        2,
        f"{HARM}.two.example",
        bad,
        Status.VERBATIM,
        1,
        url="https://user:pass@evil.example/\u202e" + "x" * 100_000,
        title=long,
        reason=long,
        claim=Claim(domain=HARM, name=long, kind=HARM, evidence=long),
        attribution=Attribution.WRONG,
        evidence=evidence,
    )
    pages = (
        SharedPages(site=bad.site, pages=1, shown_by=("javascript:alert(6)", HARM)),
        SharedPages(site=stolen.site, pages=1, shown_by=("https://ok.example/",)),
    )
    network = Network(
        signs=(SharedSign(kind=HARM, value=long, tier=Tier.CONCLUSIVE, why=HARM, sites=pages),),
        links=(Link(one=bad.site, other=stolen.site, tier=Tier.CONCLUSIVE, signs=(0,)),),
        groups=(SiteGroup(sites=(bad.site, stolen.site), signs=(0,)),),
    )
    return findings_of([bad, stolen], network)


def hostile_stories(number: int) -> Mapping[str, Any] | None:
    """Texts that mean harm, and pairs that point nowhere."""
    sentences = [HARM, HARM + "B" * 1_000_000, "An ordinary sentence.", ""]
    return {
        "texts": {
            "1": {"sentences": sentences, "paragraphs": [0, 9, 2]},
            "2": {"sentences": sentences[:3], "paragraphs": []},
        },
        "articles": {
            str(number): {"text": 1, "against": None, "pairs": []},
            "2": {
                "text": 2,
                "against": 1,
                "pairs": [[0, 0, "same"], [1, 1, "changed"], [2, 77, "moved"], [2, 2, "?"]],
            },
        },
    }
