"""Where the articles of a cluster came from: which evidence decides, and what leaves it open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.claims import LEFTOVER_MARKUP
from pipelines.reuse.origin import (
    MOST_COMPARED,
    REPUTATION_AT_LEAST,
    Finding,
    Tier,
    Verdict,
    Witness,
    find_origin,
)

DAY = datetime(2025, 9, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATER = DAY + 72 * HOUR
NOTED = "This post appeared first on herald.example"


def witness(site: str, hours: float | None = None, *, path: str = "story", **more: Any) -> Witness:
    """An article that was published so many hours into the day, and first seen three days later."""
    return Witness(
        id=0,
        url=f"https://{site}/{path}",
        site=site,
        text=more.pop("text", 1),
        words=more.pop("words", 200),
        published=None if hours is None else DAY + hours * HOUR,
        first_seen=more.pop("first_seen", LATER),
        **more,
    )


def claiming(site: str, hours: float | None, domain: str | None, **more: Any) -> Witness:
    """An article whose attribution line names a source."""
    return witness(site, hours, claimed_domain=domain, claimed_kind="attribution line", claim=NOTED, **more)


def residue(site: str, hours: float | None, domain: str) -> Witness:
    """An article that holds another publisher's markup."""
    return replace(claiming(site, hours, domain), claimed_kind=LEFTOVER_MARKUP, claim="<figure class=…>")


def origin(
    *witnesses: Witness,
    parts: Sequence[tuple[str, str]] = (),
    reputation: Mapping[str, int] | None = None,
) -> Verdict:
    """The verdict, which is the same in whatever order the witnesses come."""

    def is_part(one: Witness, other: Witness) -> bool:
        return (one.site, other.site) in parts

    verdicts = [find_origin(some, is_part, reputation or {}) for some in list(permutations(witnesses))[:24]]
    assert all(verdict == verdicts[0] for verdict in verdicts)
    return verdicts[0]


def found(verdict: Verdict) -> list[tuple[Tier, str]]:
    return [(finding.tier, finding.origin) for finding in verdict.findings]


HERALD = witness("herald.example", 9)
POST = witness("post.example", 12)
COPY = claiming("copy.example", 14, "herald.example")


# --- Each tier decides ------------------------------------------------------------------------------


def test_a_claim_decides_whatever_the_dates_say() -> None:
    early = claiming("copy.example", 1, "herald.example")
    verdict = origin(early, HERALD, POST)
    assert verdict == Verdict(
        HERALD,
        None,
        "herald.example",
        (Finding(Tier.CLAIM, "herald.example", "https://copy.example/story", NOTED),),
    )


def test_residue_decides_where_nobody_claims() -> None:
    early = residue("copy.example", 1, "post.example")
    verdict = origin(early, HERALD, POST)
    assert (verdict.origin, verdict.rival, verdict.site) == (POST, None, "post.example")
    assert found(verdict) == [(Tier.RESIDUE, "post.example")]


def test_a_claim_is_asked_before_residue() -> None:
    verdict = origin(COPY, residue("other.example", 13, "post.example"), HERALD, POST)
    assert verdict.origin == HERALD
    assert found(verdict) == [(Tier.CLAIM, "herald.example")]


def test_the_earliest_time_decides_where_pages_say_nothing() -> None:
    verdict = origin(POST, HERALD)
    assert (verdict.origin, verdict.rival, verdict.of_itself) == (HERALD, None, True)
    assert verdict.findings == (
        Finding(Tier.TIME, HERALD.url, HERALD.url, "the earliest: published 2025-09-17 09:00:00+00:00"),
    )


def test_the_whole_text_decides_between_two_of_one_day() -> None:
    whole_day = witness("herald.example", 0)
    verdict = origin(whole_day, POST, parts=[("post.example", "herald.example")])
    assert (verdict.origin, verdict.site) == (whole_day, "herald.example")
    assert verdict.findings == (
        Finding(Tier.COMPLETENESS, whole_day.url, whole_day.url, "the others are parts of it"),
    )


def test_reputation_decides_last() -> None:
    whole_day = witness("herald.example", 0)
    verdict = origin(whole_day, POST, reputation={"post.example": 6, "herald.example": 3})
    assert (verdict.origin, verdict.site, verdict.of_itself) == (POST, "post.example", False)
    assert verdict.findings == (
        Finding(
            Tier.REPUTATION,
            POST.url,
            POST.url,
            "post.example is the origin of 6 other clusters, herald.example of 3",
        ),
    )


@pytest.mark.parametrize(
    ("best", "second", "decides"),
    [
        (REPUTATION_AT_LEAST, 0, True),
        (REPUTATION_AT_LEAST - 1, 0, False),
        (4, 2, True),
        (4, 3, False),
        (5, 2, True),
        (5, 3, False),
        (0, 0, False),
    ],
)
def test_reputation_has_to_be_had_and_to_lead(best: int, second: int, decides: bool) -> None:
    whole_day = witness("herald.example", 0)
    verdict = origin(whole_day, POST, reputation={"post.example": best, "herald.example": second})
    assert (verdict.origin == POST and verdict.rival is None) is decides
    assert not verdict.of_itself
    if not decides:
        assert (verdict.origin, verdict.rival, verdict.site) == (whole_day, POST, None)


# --- Disagreements ----------------------------------------------------------------------------------


def test_claims_for_two_sites_leave_it_open() -> None:
    verdict = origin(COPY, claiming("other.example", 15, "post.example"), HERALD, POST)
    assert (verdict.origin, verdict.rival, verdict.site) == (HERALD, POST, None)
    assert found(verdict) == [(Tier.CLAIM, "herald.example"), (Tier.CLAIM, "post.example")]


def test_more_claims_outweigh_fewer() -> None:
    more = claiming("third.example", 16, "post.example")
    verdict = origin(COPY, claiming("other.example", 15, "post.example"), more, HERALD, POST)
    assert (verdict.origin, verdict.rival) == (POST, None)


def test_who_was_seen_before_the_named_ones_date_leaves_it_open() -> None:
    seen = witness("post.example", 3, first_seen=DAY + 4 * HOUR)
    verdict = origin(COPY, HERALD, seen)
    assert (verdict.origin, verdict.rival, verdict.site) == (HERALD, seen, None)
    assert found(verdict) == [(Tier.CLAIM, "herald.example"), (Tier.TIME, seen.url)]
    assert verdict.findings[1].detail == (
        "first seen 2025-09-17 04:00:00+00:00, before the date of https://herald.example/story, "
        "2025-09-17 09:00:00+00:00"
    )


def test_a_backdated_copy_does_not_outweigh_a_claim() -> None:
    backdated = witness("importer.example", -24 * 365)
    verdict = origin(COPY, HERALD, backdated)
    assert (verdict.origin, verdict.rival, verdict.site) == (HERALD, None, "herald.example")


def test_the_earliest_as_a_part_of_a_later_one_leaves_it_open() -> None:
    verdict = origin(HERALD, POST, parts=[("herald.example", "post.example")])
    assert (verdict.origin, verdict.rival, verdict.site) == (HERALD, POST, None)
    assert found(verdict) == [(Tier.TIME, HERALD.url), (Tier.COMPLETENESS, POST.url)]
    assert verdict.findings[1].detail == "https://herald.example/story is a part of it"


def test_two_of_one_day_leave_it_open() -> None:
    whole_day = witness("herald.example", 0)
    verdict = origin(whole_day, POST)
    assert (verdict.origin, verdict.rival, verdict.site) == (whole_day, POST, None)
    assert (verdict.findings, verdict.of_itself) == ((), False)


# --- Claims -----------------------------------------------------------------------------------------


def test_a_chain_ends_where_nobody_claims() -> None:
    first = witness("first.example", 9)
    second = claiming("second.example", 12, "first.example")
    third = claiming("third.example", 15, "second.example")
    verdict = origin(third, second, first)
    assert (verdict.origin, verdict.rival) == (first, None)
    assert found(verdict)[0] == (Tier.CLAIM, "first.example")


def test_a_chain_whose_end_is_not_held() -> None:
    second = claiming("second.example", 12, "first.example")
    third = claiming("third.example", 15, "second.example")
    verdict = origin(third, second)
    assert (verdict.origin, verdict.rival, verdict.site) == (None, None, "first.example")


def test_two_that_name_each_other_are_told_by_time() -> None:
    one, other = claiming("one.example", 9, "other.example"), claiming("other.example", 12, "one.example")
    verdict = origin(one, other)
    assert (verdict.origin, verdict.rival) == (one, None)
    assert found(verdict)[-1] == (Tier.TIME, one.url)


def test_a_site_that_is_not_held_is_the_origin_all_the_same() -> None:
    verdict = origin(claiming("copy.example", 14, "wire.example"), POST)
    assert (verdict.origin, verdict.rival, verdict.site) == (None, None, "wire.example")
    assert found(verdict) == [(Tier.CLAIM, "wire.example")]


def test_of_sites_that_are_not_held_most_claims_decide_and_then_the_name() -> None:
    wire, agency = claiming("a.example", 14, "wire.example"), claiming("b.example", 15, "agency.example")
    assert origin(wire, agency, POST).site == "agency.example"
    assert origin(wire, claiming("c.example", 16, "wire.example"), agency, POST).site == "wire.example"


def test_a_site_that_is_held_comes_before_one_that_is_not() -> None:
    verdict = origin(COPY, claiming("other.example", 15, "wire.example"), HERALD)
    assert (verdict.origin, verdict.site) == (HERALD, "herald.example")


@pytest.mark.parametrize(
    ("site", "domain", "name"),
    [
        ("herald.example", "herald.example", None),
        ("herald.example", "herald.test", None),  # a twin under another suffix
        ("herald.example", None, "The Herald"),
        ("velmoraherald.example", None, "Velmora Herald"),
        ("velmora-herald.example", None, "The Velmora Herald"),
    ],
)
def test_a_site_is_named_in_several_ways(site: str, domain: str | None, name: str | None) -> None:
    named = witness(site, 9)
    verdict = origin(claiming("copy.example", 5, domain, claimed_name=name), named, POST)
    assert (verdict.origin, verdict.site) == (named, site)
    assert found(verdict) == [(Tier.CLAIM, site)]


def test_a_name_of_no_site_that_is_held_decides_nothing() -> None:
    verdict = origin(claiming("copy.example", 5, None, claimed_name="The Kestrel Bugle"), HERALD, POST)
    assert (verdict.origin, verdict.site) == (HERALD, "herald.example")
    assert found(verdict) == [(Tier.CLAIM, "The Kestrel Bugle"), (Tier.TIME, HERALD.url)]


def test_who_names_a_source_is_no_origin() -> None:
    early = claiming("copy.example", 1, None, claimed_name="The Kestrel Bugle")
    assert origin(early, HERALD).origin == HERALD


def test_where_all_name_a_source_that_is_not_known_time_decides() -> None:
    one = claiming("one.example", 9, None, claimed_name="The Kestrel Bugle")
    other = claiming("other.example", 12, None, claimed_name="The Kestrel Bugle")
    assert origin(one, other).origin == one


# --- Time -------------------------------------------------------------------------------------------


def test_a_date_without_a_time_is_the_whole_day() -> None:
    whole_day = witness("herald.example", 0)
    assert (whole_day.earliest, whole_day.latest) == (DAY, DAY + 24 * HOUR)
    assert origin(whole_day, witness("post.example", 23)).rival is not None
    assert origin(whole_day, witness("post.example", 24)).rival is not None  # a whole day that touches it
    assert origin(whole_day, witness("post.example", 25)).origin == whole_day
    assert origin(witness("post.example", -1), whole_day).origin == witness("post.example", -1)


def test_nothing_is_later_than_it_was_first_seen() -> None:
    seen = witness("herald.example", 0, first_seen=DAY + 2 * HOUR)
    assert seen.latest == DAY + 2 * HOUR
    assert origin(seen, POST).origin == seen


def test_a_page_without_a_date_is_of_when_it_was_seen() -> None:
    undated = witness("herald.example", None, first_seen=DAY + 5 * HOUR)
    assert (undated.earliest, undated.latest) == (DAY + 5 * HOUR, DAY + 5 * HOUR)
    verdict = origin(undated, POST)
    assert verdict.origin == undated
    assert verdict.findings[0].detail == "the earliest: first seen 2025-09-17 05:00:00+00:00"
    assert origin(witness("herald.example", None), POST).origin == POST


def test_pages_of_no_time_at_all_leave_it_open() -> None:
    one, other = (witness(site, None, first_seen=None) for site in ("a.example", "bc.example"))
    verdict = origin(one, other)
    assert (verdict.origin, verdict.rival) == (one, other)
    assert origin(one, POST).origin == POST


def test_the_last_day_of_the_calendar_has_an_end() -> None:
    last = replace(HERALD, published=datetime(9999, 12, 31, tzinfo=UTC), first_seen=None)
    assert last.latest == datetime.max.replace(tzinfo=UTC)
    assert origin(last, POST).origin == POST


def test_two_addresses_of_a_site_are_no_disagreement() -> None:
    verdict = origin(HERALD, witness("herald.example", 9, path="amp/story"), POST)
    assert (verdict.origin, verdict.rival, verdict.site) == (HERALD, None, "herald.example")
    same = origin(HERALD, witness("herald.example", 9, path="print/story"))
    assert (same.origin, same.rival, same.findings) == (HERALD, None, ())
    claimed = origin(COPY, HERALD, witness("herald.example", 9.5, path="b", first_seen=DAY + 8 * HOUR))
    assert (claimed.origin, claimed.rival) == (HERALD, None)


def test_one_article_is_its_own_origin() -> None:
    assert origin(HERALD) == Verdict(HERALD, None, "herald.example", ())
    assert origin(claiming("copy.example", 1, "wire.example")).site == "wire.example"


# --- Completeness -----------------------------------------------------------------------------------


def test_parts_of_each_other_leave_it_open() -> None:
    whole_day = witness("herald.example", 0)
    both = [("post.example", "herald.example"), ("herald.example", "post.example")]
    verdict = origin(whole_day, POST, parts=both)
    assert (verdict.origin, verdict.rival) == (whole_day, POST)


def test_a_part_is_looked_for_in_the_first_articles_only() -> None:
    others = [witness(f"site{n:02}.example", 10 + n / 100) for n in range(MOST_COMPARED)]
    asked = []

    def is_part(one: Witness, other: Witness) -> bool:
        asked.append((one.site, other.site))
        return False

    assert find_origin([HERALD, *others], is_part, {}).origin == HERALD
    assert len(asked) == MOST_COMPARED - 1


def test_a_finding_is_plain_data() -> None:
    assert origin(COPY, HERALD).findings[0].to_record() == {
        "tier": "claim",
        "origin": "herald.example",
        "shown_by": "https://copy.example/story",
        "detail": NOTED,
    }


# --- Any witnesses ----------------------------------------------------------------------------------

SITES = ("herald.example", "post.example", "wire.example", "copy.example")
MOMENTS = st.none() | st.integers(0, 60).map(lambda hours: DAY + hours * HOUR)


@st.composite
def clusters(draw: st.DrawFn) -> list[Witness]:
    made = []
    for number in range(draw(st.integers(1, 6))):
        site = draw(st.sampled_from(SITES))
        domain = draw(st.none() | st.sampled_from((*SITES, "herald.test", "far.example")))
        made.append(
            Witness(
                id=number,
                url=f"https://{site}/{number}",
                site=site,
                text=draw(st.integers(1, 3)),
                words=200,
                published=draw(MOMENTS),
                first_seen=draw(MOMENTS),
                claimed_domain=None if domain == site else domain,
                claimed_name=draw(st.none() | st.sampled_from(("The Herald", "Far Away Times"))),
                claimed_kind=draw(st.sampled_from((LEFTOVER_MARKUP, "attribution line"))),
                claim=NOTED,
            )
        )
    return made


@given(clusters(), st.randoms(), st.dictionaries(st.sampled_from(SITES), st.integers(0, 9)))
def test_the_order_of_the_witnesses_is_of_no_account(
    witnesses: list[Witness], random: Any, reputation: dict[str, int]
) -> None:
    shuffled = list(witnesses)
    random.shuffle(shuffled)

    def is_part(one: Witness, other: Witness) -> bool:
        return one.text == other.text + 1

    verdict = find_origin(witnesses, is_part, reputation)
    assert find_origin(shuffled, is_part, reputation) == verdict
    assert (verdict.site is None) == (verdict.rival is not None)
    assert verdict.origin is None or verdict.origin in witnesses
    if verdict.rival is not None and verdict.origin is not None:
        assert verdict.rival.site != verdict.origin.site
    tiers = list(Tier)
    assert [tiers.index(finding.tier) for finding in verdict.findings] == sorted(
        tiers.index(finding.tier) for finding in verdict.findings
    )
