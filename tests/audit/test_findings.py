"""The findings of a made-up press, in which every status, attribution and gap occurs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from audit.findings import find
from audit.findings.model import (
    Attribution,
    AuditedArticle,
    Copies,
    Findings,
    Lag,
    PairFindings,
    SiteFindings,
    Source,
    Status,
    WrongClaim,
)
from cleaners.article import Article, ClaimedSource
from pipelines.store import Store
from tests.audit.made_up_press import ONE_EVENT, OTHER_WORDS, fill, late, press
from tests.pipelines.reuse.made_up import article, edited, finish, hours, story

OUTSIDE = "agency.example"


@pytest.fixture
def filled(database: str) -> str:
    """A database that holds the press."""
    fill(database, press(), late())
    return database


def found(url: str, sites: Collection[str] | None = None) -> Findings:
    with Store(url) as store, store.snapshot() as session:
        return find(session, sites)


def site(findings: Findings, name: str) -> SiteFindings:
    return next(site for site in findings.sites if site.site == name)


def numbered(findings: Findings) -> dict[int, AuditedArticle]:
    return {article.id: article for article in findings.articles}


def lag(*values: float) -> Lag:
    lower, median, upper = values[1:]
    return Lag(articles=int(values[0]), lower_hours=lower, median_hours=median, upper_hours=upper)


# --- Articles --------------------------------------------------------------------------------------


def test_every_article_has_its_status_story_origin_and_attribution(filled: str) -> None:
    paper, true, none = "paper.example", Attribution.TRUE, Attribution.NONE
    told = {
        number: (one.status.value, one.story, one.origin, one.rival, one.origin_site, one.attribution)
        for number, one in numbered(found(filled)).items()
    }
    assert told == {
        1: ("original", 1, None, None, paper, None),
        2: ("verbatim", 1, 1, None, paper, None),
        3: ("verbatim", 1, 1, None, paper, true),
        4: ("edited", 1, 1, None, paper, Attribution.WRONG),
        5: ("excerpt", 1, 1, None, paper, none),
        6: ("rewritten", 1, 1, None, paper, none),
        7: ("translated", 1, 1, None, paper, none),
        8: ("unknown", 2, None, None, OUTSIDE, true),
        9: ("verbatim", 2, None, None, OUTSIDE, true),
        10: ("unknown", 3, 11, 10, None, None),
        11: ("unknown", 3, 11, 10, None, None),
        12: ("verbatim", 3, 11, 10, None, None),
        13: ("verbatim", 3, 11, 10, None, None),
        14: ("independent", None, None, None, None, None),
        15: ("independent", None, None, None, None, Attribution.UNVERIFIED),
        16: ("unmatched", None, None, None, None, None),
        17: ("unmatched", None, None, None, None, None),
        18: ("unmatched", None, None, None, None, None),
    }


def test_lags_are_known_where_both_dates_and_the_origin_are(filled: str) -> None:
    lags = {number: one.lag_hours for number, one in numbered(found(filled)).items()}
    assert {number: hours for number, hours in lags.items() if hours is not None} == {
        2: 50.0,
        3: 2.0,
        4: 5.0,
        5: 6.5,
        7: 9.0,
    }


def test_an_origin_in_doubt_gives_no_lags(database: str) -> None:
    """Each of two articles is named by a copy as the one that it came from; all four have their dates."""
    named = {
        "one.example": None,
        "two.example": None,
        "three.example": "one.example",
        "four.example": "two.example",
    }
    copies = [
        article(name, story(1), published=hours(when), claims=said)
        for when, (name, said) in enumerate(named.items())
    ]
    fill(database, copies)
    findings = found(database)
    assert [(one.status.value, one.origin, one.rival, one.lag_hours) for one in findings.articles] == [
        ("unknown", 1, 2, None),
        ("unknown", 1, 2, None),
        ("verbatim", 1, 2, None),
        ("verbatim", 1, 2, None),
    ]
    assert [(one.site, one.republished, one.sources, one.lag) for one in findings.sites] == [
        ("four.example", 1, (), None),
        ("one.example", 0, (), None),
        ("three.example", 1, (), None),
        ("two.example", 0, (), None),
    ]
    assert [one.attribution.unverified for one in findings.sites] == [1, 0, 1, 0]


def test_an_article_is_told_whole(filled: str) -> None:
    one = numbered(found(filled))[4]
    assert one.model_dump(exclude={"reason", "evidence"}) == {
        "id": 4,
        "url": "https://cut.example/1",
        "title": "A story",
        "site": "cut.example",
        "authors": (),
        "language": "en",
        "published": hours(5),
        "first_seen": hours(30 * 24).replace(minute=0),
        "words": 144,
        "boilerplate_words": 0,
        "status": Status.EDITED,
        "story": 1,
        "origin": 1,
        "rival": None,
        "origin_site": "paper.example",
        "lag_hours": 5.0,
        "claim": {
            "domain": "elsewhere.example",
            "name": None,
            "kind": "attribution line",
            "evidence": "from elsewhere.example",
        },
        "attribution": Attribution.WRONG,
        "same_event": (),
    }
    assert one.reason.startswith("copied with changes: ")
    assert [(piece.tier, piece.origin, piece.shown_by, piece.detail) for piece in one.evidence] == [
        ("text", "https://paper.example/1", one.url, one.reason),
        ("claim", "elsewhere.example", one.url, "from elsewhere.example"),
    ]


def test_reasons_are_those_of_the_copies(filled: str) -> None:
    articles = numbered(found(filled))
    assert articles[3].reason == "word for word"
    assert articles[5].reason.startswith("a part of the earlier: ")
    assert {articles[number].reason for number in (1, 8, 10, 11, 14, 16)} == {""}


def test_those_that_tell_of_one_event_name_each_other(filled: str) -> None:
    told = {number: one.same_event for number, one in numbered(found(filled)).items() if one.same_event}
    assert told == {14: (15,), 15: (14,)}


def test_one_site_s_own_reports_of_an_event_are_no_match(database: str) -> None:
    fill(database, [replace(entry, site="one.example") for entry in press()[13:15]])
    articles = found(database).articles
    assert [(one.status, one.same_event) for one in articles] == [(Status.UNMATCHED, ())] * 2


def test_a_copied_report_of_an_event_is_told_by_its_origin(database: str) -> None:
    own, copied = press()[13], article("copy.example", ONE_EVENT, published=hours(1))
    cut = article("cut.example", edited(ONE_EVENT), published=hours(2))
    other, another = (
        article(name, OTHER_WORDS, published=hours(3), claims=OUTSIDE) for name in ("b.example", "c.example")
    )
    fill(database, [own, copied, cut, other])
    assert {one.id: (one.status.value, one.same_event) for one in found(database).articles} == {
        1: ("original", (4,)),
        2: ("verbatim", (4,)),
        3: ("edited", (4,)),
        4: ("independent", (1,)),
    }
    fill(database, [another])
    assert {one.id: (one.status.value, one.same_event) for one in found(database).articles} == {
        1: ("original", (4,)),
        2: ("verbatim", (4,)),
        3: ("edited", (4,)),
        4: ("unknown", (1,)),
        5: ("verbatim", (1,)),
    }
    assert [one.id for one in found(database, ["cut.example"]).articles] == [1, 2, 3, 4, 5]


def test_a_site_s_second_report_of_what_others_copied_is_its_own(database: str) -> None:
    own, other = press()[13], replace(press()[14], site="paper.example", url="https://paper.example/second")
    fill(database, [own, article("copy.example", ONE_EVENT, published=hours(1)), other])
    told = {one.id: (one.status.value, one.same_event) for one in found(database).articles}
    assert told == {1: ("original", ()), 2: ("verbatim", (3,)), 3: ("unmatched", ())}


def test_a_text_that_changed_is_counted_anew_and_not_compared(filled: str) -> None:
    with Store(filled) as store:
        store.save(replace(press()[15], text="All of it was taken back.", fetched_at=hours(2_000)))
    findings = found(filled)
    changed = numbered(findings)[16]
    assert (changed.words, changed.status, changed.first_seen) == (
        6,
        Status.UNMATCHED,
        press()[15].fetched_at,
    )
    assert (site(findings, "other.example").words, findings.totals.not_compared) == (50 + 6 + 160 + 4, 2)


def test_a_cluster_whose_origin_is_still_sought_is_unknown(filled: str) -> None:
    with Store(filled) as store, store.write() as session:
        session.execute(text("DELETE FROM origins WHERE cluster_id = 1"))
    findings = found(filled)
    assert {numbered(findings)[number].status for number in range(1, 8)} == {Status.UNKNOWN}
    first = findings.stories[0]
    assert (first.id, first.origin, first.sites) == (1, None, 6)


@pytest.mark.parametrize(
    ("domain", "name", "expected"),
    [
        ("harbour-gazette.example", None, Attribution.TRUE),
        ("harbour-gazette.co.uk", None, Attribution.TRUE),
        (None, "The Harbour Gazette", Attribution.TRUE),
        (None, "Inland Post", Attribution.WRONG),
    ],
)
def test_a_claim_names_the_origin_or_another(
    domain: str | None, name: str | None, expected: Attribution
) -> None:
    copy = article("copy.example", story(1), published=hours(2))
    copy.claimed_source = ClaimedSource(domain, name, "attribution line", "from there")
    with Store("sqlite://") as store:
        assert _attribution(store, [article("harbour-gazette.example", story(1)), copy]) == expected


def _attribution(store: Store, articles: list[Article]) -> Attribution | None:
    for entry in articles:
        store.save(entry)
    finish(store)
    with store.session() as session:
        return find(session).articles[-1].attribution


# --- Sites, pairs, stories -------------------------------------------------------------------------


def test_copies_of_a_site_s_own_are_not_republished(filled: str) -> None:
    """12 is a copy of one of two candidates, and the other one is its own site's; 13's are of other sites."""
    findings = found(filled)
    assert {one.site: one.republished for one in findings.sites} == {
        "copy.example": 2,
        "cut.example": 2,
        "german.example": 1,
        "other.example": 0,
        "paper.example": 0,
        "spun.example": 2,
        "teaser.example": 1,
    }
    paper = site(findings, "paper.example")
    assert (paper.statuses[Status.VERBATIM], paper.republished_share, paper.sources) == (1, 0.0, ())
    assert (paper.lag, site(findings, "copy.example").republished_share) == (None, 2 / 3)


def test_sources_are_ranked_and_counted_from_both_sides(filled: str) -> None:
    findings = found(filled)
    edited = Copies(articles=1, relations={Status.EDITED: 1}, lag=lag(1, 5.0, 5.0, 5.0))
    outside = Copies(articles=1, relations={Status.VERBATIM: 1}, lag=None)
    assert site(findings, "cut.example").sources == (
        Source(site=OUTSIDE, share=1 / 4, copies=outside),
        Source(site="paper.example", share=1 / 4, copies=edited),
    )
    takers = site(findings, "paper.example").copied_by
    assert [(taker.site, taker.share) for taker in takers] == [
        ("copy.example", 1 / 3),
        ("cut.example", 1 / 4),
        ("german.example", 1.0),
        ("spun.example", 1 / 2),
        ("teaser.example", 1.0),
    ]
    assert takers[1].copies == edited
    assert takers[3].copies == Copies(articles=1, relations={Status.REWRITTEN: 1}, lag=None)


def test_pairs_tell_who_took_from_whom(filled: str) -> None:
    pairs = {(pair.one, pair.other): pair for pair in found(filled).pairs}
    assert list(pairs) == [
        (OUTSIDE, "copy.example"),
        (OUTSIDE, "cut.example"),
        ("copy.example", "paper.example"),
        ("cut.example", "paper.example"),
        ("german.example", "paper.example"),
        ("paper.example", "spun.example"),
        ("paper.example", "teaser.example"),
    ]
    assert pairs["paper.example", "teaser.example"] == PairFindings(
        one="paper.example",
        other="teaser.example",
        one_from_other=None,
        other_from_one=Copies(articles=1, relations={Status.EXCERPT: 1}, lag=lag(1, 6.5, 6.5, 6.5)),
    )
    assert pairs["copy.example", "paper.example"].one_from_other is not None
    assert pairs["copy.example", "paper.example"].other_from_one is None


def test_stories_are_ordered_by_their_spread(filled: str) -> None:
    told = [
        (one.id, one.origin, one.origin_site, one.articles, one.sites, one.first_published, one.hours)
        for one in found(filled).stories
    ]
    assert told == [
        (1, 1, "paper.example", (1, 3, 4, 5, 7, 2, 6), 6, hours(0), 50.0),
        (3, None, None, (10, 11, 12, 13), 3, None, None),
        (2, None, OUTSIDE, (8, 9), 2, hours(20), 10.0),
    ]


def test_sites_count_for_more_than_articles(database: str) -> None:
    often = [article("paper.example", story(1), path=str(number)) for number in range(3)]
    often.append(article("copy.example", story(1), published=hours(1)))
    wide = [
        article(f"{name}.example", story(2), path="wide", published=hours(when))
        for when, name in enumerate(("paper", "copy", "spun"))
    ]
    fill(database, [*often, *wide])
    assert [(one.sites, len(one.articles)) for one in found(database).stories] == [(3, 3), (2, 4)]


def test_a_story_has_the_title_of_its_origin_else_of_its_earliest(database: str) -> None:
    first = [
        replace(article("copy.example", story(1), published=hours(0), claims="paper.example"), title="Copy"),
        replace(article("paper.example", story(1), published=hours(5)), title="Origin"),
    ]
    second = [
        replace(entry, title=f"By {entry.site}", url=f"https://{entry.site}/2", text=story(2))
        for entry in (
            article("late.example", "", published=hours(7), claims=OUTSIDE),
            article("early.example", "", published=hours(6), claims=OUTSIDE),
        )
    ]
    fill(database, [*first, *second])
    titles = {one.origin_site: one.title for one in found(database).stories}
    assert titles == {"paper.example": "Origin", OUTSIDE: "By early.example"}


def test_attribution_is_counted_and_wrong_claims_are_named(filled: str) -> None:
    findings = found(filled)
    wrong = WrongClaim(claimed="elsewhere.example", found="paper.example", articles=(4,))
    assert {
        one.site: (
            one.attribution.true,
            one.attribution.wrong,
            one.attribution.none,
            one.attribution.unverified,
        )
        for one in findings.sites
    } == {
        "copy.example": (2, 0, 0, 0),
        "cut.example": (1, 1, 0, 0),
        "german.example": (0, 0, 1, 0),
        "other.example": (0, 0, 0, 1),
        "paper.example": (0, 0, 0, 0),
        "spun.example": (0, 0, 1, 0),
        "teaser.example": (0, 0, 1, 0),
    }
    assert site(findings, "cut.example").attribution.wrong_claims == (wrong,)


def test_totals_are_of_the_whole_corpus(filled: str) -> None:
    totals = found(filled).totals
    assert totals.model_dump(exclude={"statuses"}) == {
        "sites": 7,
        "articles": 18,
        "stories": 3,
        "republished": 8,
        "republished_share": 8 / 18,
        "first_published": hours(0),
        "last_published": hours(50),
        "not_compared": 1,
    }
    assert list(totals.statuses) == list(Status)
    assert list(totals.statuses.values()) == [1, 5, 1, 1, 1, 1, 2, 3, 3]


def test_gone_articles_were_published_all_the_same(filled: str) -> None:
    before = found(filled)
    with Store(filled) as store, store.write() as session:
        session.execute(text("UPDATE articles SET gone_at = fetched_at"))
    assert found(filled) == before


# --- Some sites only -------------------------------------------------------------------------------


def test_an_audit_of_one_site_holds_its_stories_whole(filled: str) -> None:
    whole, some = found(filled), found(filled, ["teaser.example"])
    assert [one.site for one in some.sites] == ["teaser.example"]
    assert some.sites[0] == site(whole, "teaser.example")
    assert some.articles == whole.articles[:7]
    assert some.stories == whole.stories[:1]
    assert [(pair.one, pair.other) for pair in some.pairs] == [("paper.example", "teaser.example")]
    assert (some.totals.sites, some.totals.articles, some.totals.stories) == (1, 1, 1)
    assert (some.totals.republished, some.totals.statuses[Status.EXCERPT]) == (1, 1)


def test_an_audit_of_one_site_holds_what_tells_of_the_same_events(filled: str) -> None:
    some = found(filled, {"other.example"})
    assert [one.id for one in some.articles] == [14, 15, 16, 17, 18]
    assert (numbered(some)[14].status, some.totals.articles, some.stories) == (Status.INDEPENDENT, 4, ())


def test_an_audit_of_an_origin_counts_its_takers_by_all_their_articles(filled: str) -> None:
    whole, some = found(filled), found(filled, ["paper.example"])
    assert some.sites[0] == site(whole, "paper.example")
    assert len(some.pairs) == 5


def test_nothing_refers_to_what_is_not_there(filled: str) -> None:
    for name in (one.site for one in found(filled).sites):
        some = found(filled, [name])
        articles, stories = numbered(some), {one.id for one in some.stories}
        for one in some.articles:
            assert {one.origin, one.rival} - {None} <= articles.keys()
            assert articles.keys() >= set(one.same_event)
            assert one.story is None or one.story in stories
        assert all(articles.keys() >= set(one.articles) for one in some.stories)


def test_a_site_that_is_not_there_is_an_error_that_names_others(filled: str) -> None:
    said = (
        "the database has no article of nobody.example; it has articles of 7 sites, such as cut.example, "
        "other.example, copy.example, paper.example, spun.example"
    )
    with pytest.raises(LookupError) as error:
        found(filled, ["paper.example", "nobody.example"])
    assert error.value.args == (said,)


def test_an_empty_database_has_no_sites(database: str) -> None:
    findings = found(database)
    assert (findings.sites, findings.articles, findings.totals.republished_share) == ((), (), 0.0)
    with pytest.raises(LookupError, match="it has no articles at all"):
        found(database, ["paper.example"])


def test_articles_without_a_site_are_kept(database: str) -> None:
    fill(database, [Article(text=story(1), title="From a file"), article("paper.example", story(2))])
    assert [(one.site, one.articles) for one in found(database).sites] == [
        ("(no address)", 1),
        ("paper.example", 1),
    ]
    assert [one.title for one in found(database, ["(no address)"]).articles] == ["From a file"]


# --- The same again --------------------------------------------------------------------------------


def test_the_same_database_gives_the_same(filled: str) -> None:
    assert found(filled).model_dump_json() == found(filled).model_dump_json()


def test_finding_only_reads(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/press.db"
    fill(url, press(), late())
    with Store(url) as store, store.snapshot() as session:
        session.connection().exec_driver_sql("PRAGMA query_only = ON")
        assert find(session).totals.articles == 18
