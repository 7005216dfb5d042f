"""The network of operators: tiers, what copies bring along, whose ids say nothing, links and groups."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.findings.model import Tier
from audit.network.kinds import KINDS
from audit.network.linking import MOST_ALIKE, MOST_LINKED
from audit.network.weighing import MOST_ASSOCIATED
from cleaners.fingerprint_signs import META_SIGNS, SIGNS
from tests.audit.networks import ads_txt, brief, groups, linked, network, original, page

A, B, C, D = "a.example", "b.example", "c.example", "d.example"
ADSENSE = "adsense pub-8944574650686374"
PIXEL = "facebook-pixel 1416917035580605"
APP = "facebook-app 1603526156629729"
PARTS = ("wordpress-theme gazette", *(f"wordpress-plugin part-{number}" for number in range(3)))


def test_every_fingerprint_has_a_tier() -> None:
    kinds = {kind for signs in SIGNS.values() for sign in signs for kind in sign.kinds}
    kinds |= {kind for kind, _ in META_SIGNS.values()}
    kinds |= {"amazon-associate", "outbrain", "wordpress-theme", "wordpress-plugin", "wordpress-user"}
    assert kinds - KINDS.keys() == set()
    assert all(kind.why and kind.why[-1] != "." for kind in KINDS.values())


def test_accounts_tie_sites_together_directly_and_through_others(database: str) -> None:
    found = network(
        database,
        [
            page("a.example/1", ADSENSE), page("a.example/2", ADSENSE, "generator Hugo"),
            page("b.example/1", ADSENSE, PIXEL), page("c.example/1", PIXEL, "generator Hugo"),
            page("d.example/1", "generator Hugo", "adsense pub-1111111111111112"),
        ],
    )  # fmt: skip
    assert brief(found) == [
        (ADSENSE, "conclusive", [A, B]),
        (PIXEL, "conclusive", [B, C]),
        ("generator Hugo", "no evidence", [A, C, D]),
    ]
    assert linked(found) == [(A, B, "conclusive"), (B, C, "conclusive")]
    assert [(group.sites, group.signs) for group in found.groups] == [((A, B, C), (0, 1))]
    shown = found.signs[0].sites
    assert [(one.site, one.pages, one.shown_by) for one in shown] == [
        (A, 2, ("https://a.example/1", "https://a.example/2")),
        (B, 1, ("https://b.example/1",)),
    ]
    assert found.signs[0].why == "the account that Google pays for the advertisements of the sites"


def test_a_sign_on_copies_alone_ties_nobody_to_whom_they_are_copied_from(database: str) -> None:
    """A copied body brings the origin's markup along; a page of one's own that carries it says otherwise."""
    found = network(
        database,
        [
            original("b.example/1", ADSENSE, APP), original("b.example/2", ADSENSE, APP),
            page("a.example/1", ADSENSE, APP, copy_of="b.example/1"),
            page("a.example/2", APP, copy_of="b.example/2"),
            page("a.example/3", "generator Hugo"),
            page("c.example/1", ADSENSE, APP, copy_of="b.example/1"), page("c.example/2", ADSENSE),
        ],
    )  # fmt: skip
    assert brief(found) == [
        (ADSENSE, "conclusive", [B, C]),
        (ADSENSE, "associative", [A, B]),
        (APP, "no evidence", [A, B, C]),
    ]
    assert found.signs[1].why == (
        "on a.example only copies of articles of sites that carry it too do so, and it may have come with them"
    )
    assert groups(found) == [[B, C]]
    assert linked(found) == [(A, B, "associative"), (B, C, "conclusive")]


def test_a_copy_of_somebody_else_carries_what_is_its_own(database: str) -> None:
    """Two farms take from one paper, which does not carry their account."""
    entries = [original("paper.example/1"), original("paper.example/2")]
    entries += [
        page("a.example/1", ADSENSE, copy_of="paper.example/1"),
        page("b.example/1", ADSENSE, copy_of="paper.example/1"),
    ]
    assert brief(network(database, entries)) == [(ADSENSE, "conclusive", [A, B])]


def test_where_the_origin_is_not_told_neither_owns_the_sign(database: str) -> None:
    entries = [
        replace(
            page(f"{site}/1", ADSENSE), cluster="x", relation="unknown",
            origin="https://a.example/1", rival="https://b.example/1",
        )
        for site in (A, B)
    ]  # fmt: skip
    found = network(database, entries)
    assert brief(found) == [(ADSENSE, "associative", [A, B])]
    assert groups(found) == []


def test_what_the_asked_about_sites_copied_from_others_is_known_all_the_same(database: str) -> None:
    entries = [
        original("b.example/1", APP), page("a.example/1", APP, copy_of="b.example/1"),
        page("c.example/1", APP, copy_of="b.example/1"), page("d.example/1", ADSENSE), page("a.example/2", ADSENSE),
    ]  # fmt: skip
    found = network(database, entries, sites=[A, C])
    assert brief(found) == [(APP, "no evidence", [A, C])]
    assert (found.links, found.groups) == ((), ())


@pytest.mark.parametrize(
    ("mark", "why"),
    [
        ("facebook-app 249643311490", "this id is that of WordPress.com, whose plugin Jetpack writes it into every site"),
        ("adsense pub-1556223355139109", "this id is that of Blogger, which hosts the advertisements of its blogs"),
        ("wordpress-user Admin-2", "a user of this name is on many sites"),
        ("wordpress-user associated-press", "a user of this name is on many sites"),
    ],
)  # fmt: skip
def test_ids_of_platforms_and_names_of_roles_are_no_evidence(database: str, mark: str, why: str) -> None:
    found = network(database, [page("a.example/1", mark), page("b.example/1", mark)])
    assert brief(found) == [(mark, "no evidence", [A, B])]
    assert (found.signs[0].why, found.links) == (why, ())


def test_users_and_servers_only_hint(database: str) -> None:
    marks = "matomo stats.example.org/", "wordpress-user ada-quill"
    found = network(database, [page("a.example/1", *marks), page("b.example/1", *marks)])
    assert brief(found) == [(mark, "associative", [A, B]) for mark in marks]
    assert (linked(found), groups(found)) == ([(A, B, "associative")], [])


def test_a_set_of_parts_hints_where_it_is_the_same_whole(database: str) -> None:
    found = network(
        database,
        [
            page("a.example/1", *PARTS[:3]), page("a.example/2", PARTS[0], PARTS[3]),
            page("b.example/1", *PARTS), page("c.example/1", *PARTS, "wordpress-plugin one-more"),
            page("d.example/1", *PARTS[:3]),
        ],
    )  # fmt: skip
    assert brief(found)[0] == ("wordpress-parts gazette: part-0, part-1, part-2", "associative", [A, B])
    assert {tier for _, tier, _ in brief(found)[1:]} == {"no evidence"}
    assert linked(found) == [(A, B, "associative")]


def test_two_plugins_are_no_set(database: str) -> None:
    entries = [page("a.example/1", *PARTS[:3]), page("b.example/1", *PARTS[:3])]
    assert [tier for _, tier, _ in brief(network(database, entries))] == ["no evidence"] * 3


def test_what_very_many_share_hints_at_nothing_and_links_stay_few(database: str) -> None:
    sites = [f"s{number:03d}.example" for number in range(MOST_LINKED + 1)]
    assert len(sites) > MOST_ASSOCIATED
    found = network(database, [page(f"{site}/1", ADSENSE, "matomo stats.example.org/") for site in sites])
    assert [sign.tier for sign in found.signs] == [Tier.CONCLUSIVE, Tier.NO_EVIDENCE]
    assert found.signs[0].why.endswith("; of 101 sites each is linked with the first only")
    assert found.signs[1].why == "shared by 101 sites, so it says nothing of any two of them"
    assert linked(found) == [(sites[0], other, "conclusive") for other in sites[1:]]
    assert groups(found) == [sites]


def test_signs_of_one_kind_and_the_same_sites_are_listed_to_a_bound(database: str) -> None:
    lines = [f"exchange.example, seat-{number:04d}, DIRECT" for number in range(3 * MOST_ALIKE)]
    found = network(
        database, [page("a.example/1"), page("b.example/1"), page("c.example/1")],
        ads_txt(A, *lines), ads_txt(B, *lines), ads_txt(C, *lines[-1:]),
    )  # fmt: skip
    assert [len(sign.sites) for sign in found.signs] == [3] + [2] * MOST_ALIKE
    assert linked(found) == [(A, B, "conclusive"), (A, C, "conclusive"), (B, C, "conclusive")]


def test_an_empty_store_has_no_network(database: str) -> None:
    found = network(database, [])
    assert (found.signs, found.links, found.groups) == ((), (), ())


def test_the_largest_group_comes_first(database: str) -> None:
    entries = [page(f"{site}/1", ADSENSE) for site in (A, B)]
    entries += [page(f"{site}.example/1", PIXEL) for site in "xyz"]
    found = network(database, entries)
    assert groups(found) == [["x.example", "y.example", "z.example"], [A, B]]
    assert [sign.kind for sign in found.signs] == ["facebook-pixel", "adsense"]
