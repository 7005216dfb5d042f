"""Bytes to text, whatever the charset, and text to a tree, however deep."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from cleaners import parse
from cleaners.limits import MAX_TREE_DEPTH
from cleaners.parse import decode, parse_html
from cleaners.walk import segment

POLISH = "źdźbło, żółw"
WESTERN = "schön — “déjà vu”"
JAPANESE = "日本語の新聞記事"


def text_in(root: etree._Element | None) -> str:
    return "" if root is None else "".join("".join(map(str, root.itertext())).split())


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (POLISH.encode("iso-8859-2"), "text/html; charset=ISO-8859-2", POLISH),
        (POLISH.encode("cp1250"), 'text/html; charset="windows-1250"', POLISH),
        (JAPANESE.encode("shift_jis"), "text/html;charset=Shift_JIS", JAPANESE),
        (JAPANESE.encode("gb18030"), "text/html; charset=gb2312", JAPANESE),
        (JAPANESE.encode("iso-2022-jp"), "text/html; charset=iso-2022-jp", JAPANESE),
        (WESTERN.encode("cp1252"), "text/html; charset=iso-8859-1", WESTERN),
        (WESTERN.encode("utf-16-le"), "text/html; charset=utf-16le", WESTERN),
        (b"plain", None, "plain"),
        (b"", None, ""),
    ],
)
def test_the_charset_in_the_header_is_used(body: bytes, content_type: str | None, text: str) -> None:
    source = decode(body, content_type)
    assert (source.text, source.warnings) == (text, [])


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="iso-8859-2">',
        "<meta charset=iso-8859-2>",
        '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=ISO-8859-2">',
    ],
)
def test_the_charset_in_the_page_is_used(declaration: str) -> None:
    page = f"<html><head>{declaration}</head><body>{POLISH}</body></html>"
    assert decode(page.encode("iso-8859-2")).text == page


def test_the_header_comes_before_the_page() -> None:
    page = f"<meta charset=iso-8859-1>{POLISH}"
    assert decode(page.encode("iso-8859-2"), "text/html; charset=iso-8859-2").text == page


@pytest.mark.parametrize("charset", ["iso-8859-1", "shift_jis", "utf-16", "us-ascii", "x-unknown"])
def test_utf_8_is_utf_8_whatever_is_declared(charset: str) -> None:
    page = f"<meta charset={charset}>{POLISH} {JAPANESE}"
    source = decode(page.encode(), f"text/html; charset={charset}")
    assert (source.text, source.warnings) == (page, [])


@pytest.mark.parametrize(
    "content_type", [None, "text/html", "text/html; charset=utf-8", "text/html; charset=x"]
)
def test_what_is_not_utf_8_and_not_declared_is_windows_1252(content_type: str | None) -> None:
    source = decode(WESTERN.encode("cp1252"), content_type)
    assert source.text == WESTERN
    assert source.warnings == ["the charset is not declared truly; windows-1252 assumed"]


def test_utf_8_with_a_damaged_place_stays_utf_8() -> None:
    source = decode(POLISH.encode() * 20 + b"\xff" + POLISH.encode())
    assert source.text == POLISH * 20 + "\ufffd" + POLISH
    assert source.warnings == ["bytes that are not UTF-8 were replaced"]


def test_bytes_outside_the_declared_charset_are_replaced_and_told() -> None:
    source = decode("日本".encode("euc-jp") + b"\xff", "text/html; charset=euc-jp")
    assert source.text == "日本\ufffd"
    assert source.warnings == ["bytes that are not euc_jp, as the page declares, were replaced"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_wins_and_is_no_text(encoding: str) -> None:
    source = decode(WESTERN.encode(encoding), "text/html; charset=iso-8859-1")
    assert (source.text, source.warnings) == (WESTERN, [])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_zeros(encoding: str) -> None:
    page = f"<html><body><p>{WESTERN}</p></body></html>"
    assert decode(page.encode(encoding)).text == page


@pytest.mark.parametrize(
    "name", ["hex", "base64", "idna", "undefined", "punycode", "unicode_escape", "rot13", "€", "a" * 500]
)
def test_codecs_that_are_no_charsets_are_not_used(name: str) -> None:
    assert decode(b"caf\xe9", f"text/html; charset={name}").text == "café"


def test_nul_characters_are_dropped_and_lone_surrogates_replaced() -> None:
    assert decode("a\0b\ud800c\udfff").text == "ab\ufffdc\ufffd"
    assert decode(b"a\0b").text == "ab"
    assert decode("\ufeffa\ufeffb").text == "a\ufeffb"


def test_pages_beyond_the_limit_are_cut_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "MAX_SOURCE_CHARS", 5)
    source = decode("123456789")
    assert (source.text, source.warnings) == ("12345", ["page cut at 5 of 9 characters"])


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=200), st.none() | st.text(max_size=40).map("text/html; charset={}".format))
def test_no_bytes_raise(body: bytes, content_type: str | None) -> None:
    text = decode(body, content_type).text
    assert "\0" not in text
    text.encode("utf-8")


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "<!-- only a comment -->", "<?php echo 1 ?>", "<!DOCTYPE html>", "<!-- a -->\n<!-- b -->"],
)
def test_a_page_without_elements_and_text_has_no_tree(text: str) -> None:
    assert parse_html(text) is None


def test_text_alone_makes_a_tree() -> None:
    root = parse_html("just text")
    assert root is not None
    assert (root.tag, text_in(root)) == ("html", "justtext")


@pytest.mark.parametrize(
    "declaration",
    [
        "<meta charset=iso-8859-1>",
        '<?xml version="1.0" encoding="iso-8859-1"?>',
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-16">',
    ],
)
def test_declarations_in_decoded_text_mean_nothing(declaration: str) -> None:
    assert text_in(parse_html(f"{declaration}<p>{POLISH} {JAPANESE}</p>")) == "".join(
        (POLISH + JAPANESE).split()
    )


@pytest.mark.parametrize(
    ("depth", "opening"),
    [(3_000, "<div>"), (3_000, "<b>"), (3_000, "<p><span class=x>"), (3_000, "<ul><li>"), (100_000, "<div>")],
)
def test_no_text_is_lost_at_any_depth(depth: int, opening: str) -> None:
    words = [f"w{number}" for number in range(depth)]
    root = parse_html(f"<body>{''.join(f'{opening}{word} ' for word in words)}end")
    assert text_in(root) == "".join(words) + "end"


@pytest.mark.parametrize("opening", ["<div>", "<b>"])
def test_text_after_a_deep_part_is_kept_in_its_place(opening: str) -> None:
    closing = opening.replace("<", "</")
    root = parse_html(f"<p>before</p>{opening * 5_000}deep{closing * 5_000}<p>after</p>")
    assert text_in(root) == "beforedeepafter"


def test_deep_trees_are_flattened_but_still_part_the_text() -> None:
    root = parse_html("<div>" * 3_000 + "<p>one</p><p>two</p>")
    assert root is not None
    depth, elements = 0, [root]
    while elements := [child for element in elements for child in element]:
        depth += 1
    assert depth <= MAX_TREE_DEPTH + 2  # html and body are not in the source
    assert segment(root).text == ["one", "two"]


def test_depth_is_told_and_only_depth() -> None:
    warnings: list[str] = []
    parse_html("<div>" * 3_000 + "a", warnings)
    assert warnings == ["elements nested deeper than 1,000 were flattened"]
    warnings.clear()
    parse_html("<div>" * 1_000 + "a" + "<li>b" * 5_000 + "<br>" * 5_000, warnings)
    assert warnings == []


def test_control_characters_in_the_depth_break_nothing() -> None:
    root = parse_html("<div>" * 3_000 + "a<p class='\x01\x02' b\x03=c>\x04<q\"x 0=1 <=2>b")
    assert text_in(root) == "a\x04b"


def test_tags_that_end_nothing_do_not_hide_the_depth() -> None:
    root = parse_html("<div><b></div>" * 5_000 + "a")
    assert text_in(root) == "a"


@pytest.mark.parametrize(
    "html",
    [
        "<html><body><p>a</p></body></html><p>b</p><div>c</div>",
        "<p>a</p></html>b<!-- x --><html><p>c</p></html>",
        "<html><body>a</body></html><html><head><title>t</title></head><body>b</body></html>\n<p>c",
    ],
)
def test_what_stands_after_the_end_of_the_page_is_kept(html: str) -> None:
    root = parse_html(html)
    assert root is not None
    assert segment(root).text == ["a", "b", "c"]


def test_scripts_styles_and_drawings_in_the_depth_are_left_out() -> None:
    hidden = "<script>if (a < b) {}</script><style>p {}</style><svg><g><text>logo</text></g></svg>"
    assert text_in(parse_html("<div>" * 3_000 + f"a{hidden}b<!-- comment -->c")) == "abc"
