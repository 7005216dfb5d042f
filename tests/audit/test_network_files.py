"""What `ads.txt` and favicons say of who runs sites."""

from __future__ import annotations

from cleaners.sitefiles import icon_signs
from tests.audit.networks import ads_txt, brief, groups, icon, linked, network, page

A, B, C = "a.example", "b.example", "c.example"
PAGES = [page("a.example/1"), page("b.example/1"), page("c.example/1")]
DIRECT = "exchange.example, seat-17, DIRECT"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def test_accounts_that_sites_control_themselves(database: str) -> None:
    found = network(
        database, PAGES,
        ads_txt(A, DIRECT, "exchange.example, seat-18, RESELLER", "MANAGERDOMAIN=one.example"),
        ads_txt(B, DIRECT, "exchange.example, seat-18, RESELLER"), ads_txt(C, "exchange.example, seat-18, DIRECT"),
    )  # fmt: skip
    assert brief(found) == [
        ("ads-txt-direct exchange.example, seat-17", "conclusive", [A, B]),
        ("ads-txt-reseller exchange.example, seat-18", "no evidence", [A, B]),
    ]
    assert found.signs[0].sites[0].shown_by == ("https://a.example/ads.txt",)
    assert groups(found) == [[A, B]]


def test_googles_account_is_the_one_in_pages(database: str) -> None:
    mark = "adsense pub-8944574650686374"
    line = "google.com, pub-8944574650686374, DIRECT"
    found = network(database, [page("a.example/1", mark), *PAGES[1:]], ads_txt(A, line), ads_txt(B, line))
    assert brief(found) == [(mark, "conclusive", [A, B])]
    assert [(one.pages, one.shown_by) for one in found.signs[0].sites] == [
        (2, ("https://a.example/ads.txt", "https://a.example/1")),
        (1, ("https://b.example/ads.txt",)),
    ]


def test_the_accounts_of_a_manager_are_no_evidence(database: str) -> None:
    lines = DIRECT, "google.com, pub-8944574650686374, DIRECT", "MANAGERDOMAIN=sales.example, DE"
    found = network(database, PAGES, ads_txt(A, *lines), ads_txt(B, *lines), ads_txt(C, *lines[:1]))
    assert brief(found) == [
        ("ads-txt-direct exchange.example, seat-17", "no evidence", [A, B, C]),
        ("ads-txt-direct google.com, pub-8944574650686374", "no evidence", [A, B]),
        ("ads-txt-manager sales.example", "no evidence", [A, B]),
    ]
    assert found.signs[0].why == (
        "ads.txt names sales.example as manager of several of the sites, and the account may be its own"
    )
    assert found.links == ()


def test_an_owner_who_manages_its_sites_itself_is_an_owner(database: str) -> None:
    lines = DIRECT, "MANAGERDOMAIN=press.example", "OWNERDOMAIN=press.example"
    found = network(database, PAGES, ads_txt(A, *lines), ads_txt(B, *lines))
    assert brief(found) == [
        ("ads-txt-direct exchange.example, seat-17", "conclusive", [A, B]),
        ("ads-txt-owner press.example", "conclusive", [A, B]),
        ("ads-txt-manager press.example", "no evidence", [A, B]),
    ]


def test_one_site_names_the_other_as_its_owner(database: str) -> None:
    found = network(database, PAGES, ads_txt(A, "OWNERDOMAIN=b.example"), ads_txt(C, "OWNERDOMAIN=c.example"))
    assert brief(found) == [("ads-txt-owner b.example", "conclusive", [A, B])]
    assert [(one.pages, one.shown_by) for one in found.signs[0].sites] == [
        (1, ("https://a.example/ads.txt",)),
        (0, ()),
    ]


def test_whom_the_named_owner_contradicts_is_not_tied_to_it(database: str) -> None:
    found = network(
        database, PAGES, ads_txt(A, "OWNERDOMAIN=b.example"), ads_txt(B, "OWNERDOMAIN=holding.example")
    )
    assert found.signs == ()


def test_a_sales_house_owns_none_of_its_customers(database: str) -> None:
    line = "OWNERDOMAIN=mediavine.com"
    found = network(database, PAGES, ads_txt(A, line), ads_txt(B, line))
    assert brief(found) == [("ads-txt-owner mediavine.com", "no evidence", [A, B])]


def test_icons_and_contacts_only_hint(database: str) -> None:
    line = "CONTACT=ads@press.example"
    found = network(
        database, PAGES, icon(A, PNG), icon(B, PNG), icon(C, PNG + b"x"), ads_txt(A, line), ads_txt(B, line)
    )
    assert [(sign.kind, sign.tier.value) for sign in found.signs] == [
        ("ads-txt-contact", "associative"),
        ("favicon", "associative"),
    ]
    assert found.signs[1].why == (
        "the same icon, byte for byte; designers and platforms give it to many; "
        f"as http.favicon.hash Shodan knows it by {icon_signs(PNG)[1].value}"
    )
    assert linked(found) == [(A, B, "associative")]


def test_a_newer_file_takes_the_place_of_the_older(database: str) -> None:
    found = network(database, PAGES, ads_txt(A, DIRECT), ads_txt(B, DIRECT), ads_txt(B, "# nobody"))
    assert found.signs == ()
