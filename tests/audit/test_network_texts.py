"""What sites put around their articles says of who runs them: texts, and addresses for e-mail."""

from __future__ import annotations

import pytest

from cleaners import BlockType
from tests.audit.networks import brief, groups, linked, network, original, page
from tests.pipelines.corpora import Entry

A, B, C = "a.example", "b.example", "c.example"
LANTERN, NORTHSTAR = "market-lantern.example", "northstar.example"
DISCLAIMER = BlockType.DISCLAIMER
WARNING = "Nothing on these pages is advice, and nobody here answers for what you make of it."
LICENCE = (
    "Disclaimer: {domain}, its managers and its agents give no warranty for anything described on these pages. "
    "{name} holds no licence to advise on securities in any country, so ask somebody who does before you buy."
)


def twice(site: str, *around: tuple[BlockType, str]) -> list[Entry]:
    return [page(f"{site}/{number}", around=around) for number in (1, 2)]


def test_texts_that_several_sites_repeat_hint(database: str) -> None:
    more = DISCLAIMER, "Only here it is said that the paper does not answer for its readers' letters."
    entries = [*twice(A, (DISCLAIMER, WARNING), more), *twice(B, (DISCLAIMER, WARNING)), *twice(C)]
    found = network(database, entries)
    assert brief(found) == [(f"disclaimer-text {WARNING}", "associative", [A, B])]
    assert [(one.pages, one.shown_by) for one in found.signs[0].sites] == [
        (2, ("https://a.example/1", "https://a.example/2")),
        (2, ("https://b.example/1", "https://b.example/2")),
    ]


def test_a_site_of_one_page_repeats_all_that_it_has(database: str) -> None:
    single = page("b.example/1", around=[(BlockType.NEWSLETTER, WARNING)])
    found = network(database, [*twice(A, (DISCLAIMER, WARNING)), single])
    assert brief(found) == [(f"disclaimer-text {WARNING}", "associative", [A, B])]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (DISCLAIMER, "No advice. All rights reserved by us."),
        (BlockType.NAVIGATION, WARNING),
        (BlockType.RELATED, WARNING),
        (BlockType.ATTRIBUTION, WARNING),
        (BlockType.CAPTION, WARNING),
    ],
)
def test_texts_that_say_nothing(database: str, kind: BlockType, text: str) -> None:
    assert network(database, [*twice(A, (kind, text)), *twice(B, (kind, text))]).signs == ()


def test_a_text_on_one_of_several_pages_is_no_sign(database: str) -> None:
    entries = [*twice(A, (DISCLAIMER, WARNING)), page("b.example/1", around=[(DISCLAIMER, WARNING)])]
    assert network(database, [*entries, page("b.example/2")]).signs == ()


def test_a_text_that_is_the_same_but_for_the_name_is_conclusive(database: str) -> None:
    texts = {
        LANTERN: LICENCE.format(domain="www.market-lantern.example", name="Market Lantern"),
        NORTHSTAR: LICENCE.format(domain="northstar.example", name="NorthStar"),
        C: LICENCE.format(domain="market-lantern.example", name="Market Lantern"),
    }
    found = network(database, [e for site, text in texts.items() for e in twice(site, (DISCLAIMER, text))])
    general = LICENCE.format(domain="[site]", name="[site]")
    assert brief(found) == [(f"disclaimer-named-text {general}", "conclusive", [LANTERN, NORTHSTAR])]
    assert groups(found) == [[LANTERN, NORTHSTAR]]


def test_two_sites_of_one_name_that_say_the_same_have_adapted_nothing(database: str) -> None:
    text = LICENCE.format(domain="this site", name="The Daily Lantern")
    entries = [*twice("dailylantern.com", (DISCLAIMER, text)), *twice("dailylantern.net", (DISCLAIMER, text))]
    found = network(database, entries)
    assert brief(found) == [
        (f"disclaimer-text {text}", "associative", ["dailylantern.com", "dailylantern.net"])
    ]


def test_dialogues_of_consent_and_short_lines_are_filled_in_by_programs(database: str) -> None:
    short = "Welcome to {name}, read on and tell your friends of it."
    entries = []
    for site, name in ((LANTERN, "Market Lantern"), (NORTHSTAR, "Northstar")):
        consent = BlockType.CONSENT, LICENCE.format(domain=site, name=name)
        entries += twice(site, consent, (BlockType.NEWSLETTER, short.format(name=name)))
    assert network(database, entries).signs == ()


def test_an_address_for_email_is_conclusive(database: str) -> None:
    line = BlockType.COPYRIGHT, "Write to Desk@holding.example, or to you@yourdomain.com; icon@2x.png"
    found = network(database, [*twice(A, line, line), *twice(B, (BlockType.OTHER, "desk@holding.example."))])
    assert brief(found) == [("email desk@holding.example", "conclusive", [A, B])]
    assert [one.pages for one in found.signs[0].sites] == [2, 2]


def test_an_address_in_kept_text_or_on_one_page_is_none(database: str) -> None:
    line = BlockType.OTHER, "desk@holding.example"
    entries = [*twice(A, line), *twice(B, (BlockType.BYLINE, line[1])), page("c.example/1", around=[line])]
    assert network(database, [*entries, page("c.example/2")]).signs == ()


def test_what_copies_brought_along_is_no_evidence(database: str) -> None:
    """A verbatim copy carries its author's address and the footer of the origin along."""
    around = (BlockType.AUTHOR_BIO, "Ada Quill: ada@b.example"), (DISCLAIMER, WARNING)
    entries = [original(f"b.example/{n}", around=around) for n in (1, 2)]
    entries += [page(f"a.example/{n}", around=around, copy_of=f"b.example/{n}") for n in (1, 2)]
    entries += [page("a.example/3"), page("c.example/1", around=around, copy_of="b.example/1")]
    found = network(database, entries)
    assert brief(found) == [
        (f"disclaimer-text {WARNING}", "no evidence", [A, B, C]),
        ("email ada@b.example", "no evidence", [A, B, C]),
    ]
    assert (found.links, found.groups) == ((), ())


def test_what_stands_on_pages_of_ones_own_too_was_not_brought_along(database: str) -> None:
    around = ((BlockType.AUTHOR_BIO, "Ada Quill: ada@b.example"),)
    entries = [original(f"b.example/{n}", around=around) for n in (1, 2)]
    entries += [page("a.example/1", around=around, copy_of="b.example/1"), page("a.example/2", around=around)]
    found = network(database, entries)
    assert brief(found) == [("email ada@b.example", "conclusive", [A, B])]
    assert linked(found) == [(A, B, "conclusive")]


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("help@prnewswire.com", "prnewswire.com serves many sites, and its address stands on those of strangers"),
        ("ads@mediavine.com", "mediavine.com serves many sites, and its address stands on those of strangers"),
        ("desk@wire.example", "articles of the corpus name wire.example as their source, and this may have come with them"),
    ],
)  # fmt: skip
def test_addresses_of_services_and_of_named_sources(database: str, address: str, why: str) -> None:
    line = BlockType.OTHER, f"Contact: {address}"
    absent = Entry(
        url="https://c.example/1",
        text="A story.",
        cluster="x",
        relation="unknown",
        origin_site="wire.example",
    )
    found = network(database, [*twice(A, line), *twice(B, line), absent])
    assert brief(found) == [(f"email {address}", "no evidence", [A, B])]
    assert found.signs[0].why == why


def test_hostile_texts_are_read_to_a_bound(database: str) -> None:
    read = f"{'a.' * 4_000}@b.example"
    lines = [(DISCLAIMER, "a@" * 6_000), (DISCLAIMER, "x " * 6_000), (DISCLAIMER, read)]
    found = network(database, [*twice(A, *lines), *twice(B, *lines)])
    assert brief(found) == [(f"disclaimer-text {read}", "associative", [A, B])]
