"""`ads.txt` (IAB Tech Lab, ads.txt 1.1): what its lines say, and what none of them is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.adstxt import MAX_BYTES, MAX_LINES, MAX_RECORDS, parse_ads_txt


def found(text: str | bytes) -> list[tuple[str, str]]:
    parsed = parse_ads_txt(text if isinstance(text, bytes) else text.encode())
    assert parsed is not None
    return [(sign.kind.removeprefix("ads-txt-"), sign.value) for sign in parsed.signs]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("google.com, pub-8944574650686374, DIRECT, f08c47fec0942fa0", ("direct", "google.com, pub-8944574650686374")),
        ("GOOGLE.COM,PUB-8944574650686374,direct", ("direct", "google.com, pub-8944574650686374")),
        ("exchange.example,Seat-17a,Reseller#theirs", ("reseller", "exchange.example, Seat-17a")),
        ("\texchange.example ,  17:a/b  , DIRECT ; extension=1, 2", ("direct", "exchange.example, 17:a/b")),
        ("exchange.example, 17, DIRECT, abc, more, and more", ("direct", "exchange.example, 17")),
        ("OWNERDOMAIN=press.example", ("owner", "press.example")),
        ("ownerdomain = WWW.Press.example # ours", ("owner", "press.example")),
        ("MANAGERDOMAIN=manager.example, US", ("manager", "manager.example")),
        ("contact=ads@press.example", ("contact", "ads@press.example")),
        ("Contact = https://press.example/ads?x=1,2", ("contact", "https://press.example/ads?x=1,2")),
    ],
)  # fmt: skip
def test_a_line(line: str, expected: tuple[str, str]) -> None:
    assert found(line) == [expected]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "# google.com, pub-8944574650686374, DIRECT",
        "google.com, pub-8944574650686374",
        "google.com, pub-8944574650686374, BOTH",
        "google.com; pub-8944574650686374; DIRECT",
        "google, pub-8944574650686374, DIRECT",
        "https://google.com, pub-8944574650686374, DIRECT",
        "google.com, pub-0000000000000000, DIRECT",
        "google.com, your-publisher-id, DIRECT",
        "placeholder.example.com, placeholder, DIRECT, placeholder",
        "exchange.example, 12345, DIRECT",
        "exchange.example, 7 7, DIRECT",
        "exchange.example, \u202e71, DIRECT",
        "exchange.example, , DIRECT",
        "SUBDOMAIN=news.press.example",
        "OWNERDOMAIN=",
        "OWNERDOMAIN=the press company",
        "OWNERDOMAIN=com",
        f"CONTACT={'x' * 201}",
        f"exchange.example, {'x' * 201}, DIRECT",
    ],
)
def test_what_is_no_record(line: str) -> None:
    assert found(line) == []


def test_each_once_in_order_with_any_ends_of_lines_and_a_mark_of_order() -> None:
    text = "b.example, 12, DIRECT\r\na.example, 34, RESELLER\rb.example, 12, DIRECT\nOWNERDOMAIN=one.example\nOWNERDOMAIN=two.example\nMANAGERDOMAIN=three.example\nMANAGERDOMAIN=four.example, DE"
    expected = [
        ("direct", "b.example, 12"),
        ("reseller", "a.example, 34"),
        ("owner", "one.example"),  # of several only the first counts
        ("manager", "three.example"),
        ("manager", "four.example"),
    ]
    assert found(text) == found(text.encode("utf-8-sig")) == expected


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><p>google.com, 12, DIRECT",
        "\n <HTML>\ngoogle.com, 12, DIRECT",
        "<?xml version='1.0'?>",
    ],
)
def test_a_page_in_its_place_is_none(page: str) -> None:
    assert parse_ads_txt(page.encode()) is None


def test_it_is_read_to_a_bound_and_not_into_half_a_line() -> None:
    lines = b"".join(b"exchange.example, %06d, DIRECT\n" % number for number in range(10, 30_000))
    parsed = parse_ads_txt(lines)
    assert parsed is not None
    assert (len(parsed.signs), parsed.cut) == (MAX_RECORDS, True)
    padded = b"#" * (MAX_BYTES - 30) + b"\nexchange.example, 4711, DIRECT"
    cut = parse_ads_txt(padded + b"42\n")
    assert cut is not None
    assert (cut.signs, cut.cut) == ((), True)
    whole = parse_ads_txt(padded[10:] + b"\n")
    assert whole is not None
    assert ([sign.value for sign in whole.signs], whole.cut) == (["exchange.example, 4711"], False)
    many = parse_ads_txt(b"\n" * MAX_LINES + b"exchange.example, 4711, DIRECT")
    assert many is not None
    assert (many.signs, many.cut) == ((), True)


@pytest.mark.parametrize(
    "hostile",
    [
        b"a=" * 250_000, b" " * 500_000, b"," * 500_000, b"=," * 250_000, b"a.b" * 160_000 + b",1,DIRECT",
        b"\n" * 500_000, b"exchange.example," + b"x" * 400_000 + b",DIRECT", b"\xff\xfe" * 250_000, b"\0" * 500_000,
        b"exchange.example, 1111" + b"1" * 100 + b"x, DIRECT\n" * 30_000, b"<" * 500_000,
    ],
    ids=range(11),
)  # fmt: skip
def test_hostile_files_cost_little(hostile: bytes) -> None:
    before = time.process_time()
    parse_ads_txt(hostile)
    assert time.process_time() - before < 0.5


@given(st.binary(max_size=300))
def test_any_bytes_are_read(body: bytes) -> None:
    parsed = parse_ads_txt(body + b"\nexchange.example, 4711, DIRECT\n")
    assert parsed is None or all(len(sign.value) <= 500 for sign in parsed.signs)
