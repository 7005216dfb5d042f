"""Kinds of documents: by content first, by label second."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.sniff import SourceKind, binary_format, sniff

POST = json.dumps({"id": 7, "content": {"rendered": "<p>x</p>"}})


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"\x89PNG\r\n", "PNG"),
        (b"GIF89a\x01\x00\x01\x00", "GIF"),
        (b"BZh91AY&SY\x00", "bzip2"),
        (b"RIFF\x24\x08\x00\x00WAVE", "RIFF"),
        (b"GIF89a", "GIF"),
        (b"OggS\x00\x02", "Ogg"),
        (b"ID3\x03\x00", "MP3"),
        (b"wOF2\x00\x01", "font"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"MZ\x90\x00", "program"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"<html>", None),
        (b"text that names %PDF-", None),
        (b"", None),
    ],
)
def test_binary_formats_are_known_by_their_first_bytes(body: bytes, name: str | None) -> None:
    assert binary_format(body) == name


@pytest.mark.parametrize(
    "text",
    [
        "ID3 tags are a way to name songs.\nThey stand before the sound.",
        "RIFF is a form of files\tin chunks",
        "BZhang Wei said that the bridge would stand",
        "GIF89a and GIF87a are the two versions",
        "GIF8 words",
        "OggS opens each page of a stream",
        "wOFF and wOF2 are fonts for the web",
        "MZ are the initials of Mark Zbikowski",
        "7z packs tighter than ZIP",
        "PK stands for Phil Katz",
        "ID3 für Lieder",
    ],
)
def test_text_that_begins_like_a_magic_number_is_text(text: str) -> None:
    assert binary_format(text.encode()) is None


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_characters_are_not_taken_for_controls(encoding: str) -> None:
    page = "<!DOCTYPE html><html><head><meta name=viewport content=x></head><body class=a><p>Съешь же ещё этих булок"
    assert binary_format(page.encode(encoding)) is None


@pytest.mark.parametrize("label", [None, "text/html", "text/plain", "application/json", "nonsense"])
@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><p>x",
        "\ufeff <!doctype HTML>",
        "<html><body>x",
        "<!-- one --> <!-- two\n--><html>",
        '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">',
        "\n" * 10_000 + "<html>",
        "<BODY>",
    ],
)
def test_what_opens_as_html_is_html_whatever_its_label(text: str, label: str | None) -> None:
    assert sniff(text, label) is SourceKind.HTML


@pytest.mark.parametrize("label", [None, "text/html", "text/plain; charset=utf-8", "application/json"])
@pytest.mark.parametrize("text", [POST, f"\ufeff \n{POST}\n", f"[{POST}]", "{}", "[]", "[" * 100_000])
def test_what_is_json_from_end_to_end_is_json_whatever_its_label(text: str, label: str | None) -> None:
    assert sniff(text, label) is SourceKind.JSON


@pytest.mark.parametrize(
    ("text", "label", "kind"),
    [
        (POST[:-5], "application/json; charset=utf-8", SourceKind.JSON),
        (POST[:-5], "application/hal+json", SourceKind.JSON),
        (POST[:-5], None, SourceKind.HTML),
        ("[Update] The bridge stands. [Photo: Ann]", None, SourceKind.TEXT),
        ('["The bridge" is a film, see below]', None, SourceKind.TEXT),
        ("{braces} around }", "text/plain", SourceKind.TEXT),
        ("7", "application/json", SourceKind.TEXT),
    ],
)
def test_what_only_opens_like_json_is_json_by_its_label(
    text: str, label: str | None, kind: SourceKind
) -> None:
    assert sniff(text, label) is kind


@pytest.mark.parametrize(
    ("text", "label", "kind"),
    [
        ("no tags at all", "text/html", SourceKind.HTML),
        ("no tags at all", "application/xhtml+xml; charset=utf-8", SourceKind.HTML),
        ("a <b>tag</b>", "text/plain", SourceKind.TEXT),
        ("a <b>tag</b>", "TEXT/PLAIN; charset=utf-8", SourceKind.TEXT),
        ("a <b>tag</b>", None, SourceKind.HTML),
        ("a <b>tag</b>", "application/octet-stream", SourceKind.HTML),
        ('x <a href="y">z</a>', "", SourceKind.HTML),
        ("a < b and b > c", None, SourceKind.TEXT),
        ("see <https://x.example>, <ann@x.example>", None, SourceKind.TEXT),
        ("no tags at all", None, SourceKind.TEXT),
        ("", None, SourceKind.TEXT),
        ('<?xml version="1.0"?><rss>', None, SourceKind.HTML),
        ("<urlset xmlns='x'>", None, SourceKind.HTML),
        ("<!-- nothing else -->", None, SourceKind.HTML),
    ],
)
def test_the_label_counts_where_the_opening_says_nothing_then_tags(
    text: str, label: str | None, kind: SourceKind
) -> None:
    assert sniff(text, label) is kind


@pytest.mark.parametrize("label", [None, "text/html", "text/plain", "application/json"])
@pytest.mark.parametrize("text", ["\x01\x02\x03\x04 abc", "\ufffd" * 50 + "a" * 50])
def test_a_text_of_control_characters_is_binary_whatever_its_label(text: str, label: str | None) -> None:
    assert sniff(text, label) is SourceKind.BINARY


def test_a_few_control_characters_are_damage() -> None:
    assert sniff("a" * 95 + "\x01\x02\ufffd", None) is SourceKind.TEXT


@pytest.mark.parametrize("text", ["<!---->" * 600, "<!--" * 1_000, "<a " * 1_300, "<!-- -->\n" * 500 + "<p>"])
def test_hostile_openings_are_told_at_once(text: str) -> None:
    assert sniff(text, None) in {SourceKind.HTML, SourceKind.TEXT}


@given(st.text(max_size=200), st.none() | st.text(max_size=30))
def test_no_text_raises(text: str, label: str | None) -> None:
    assert sniff(text, label) in SourceKind


def test_a_first_tag_that_never_seems_to_end_is_markup() -> None:
    assert sniff('<div class="' + "ad " * 100_000 + '">text</div>', None) is SourceKind.HTML


@pytest.mark.parametrize("label", [None, "", "application/octet-stream"])
@pytest.mark.parametrize("name", ["style", "script"])
def test_a_page_that_opens_with_a_long_style_or_script_is_markup(name: str, label: str | None) -> None:
    page = f"<{name}>\n" + ".box { opacity: 1; }\n" * 400 + f"</{name}><p>text</p>"
    assert sniff(page, label) is SourceKind.HTML
    assert sniff(page.replace(f"<{name}>", f'<{name} type="text/x">', 1), label) is SourceKind.HTML
    assert sniff(page, "text/plain") is SourceKind.TEXT


@pytest.mark.parametrize(
    "name",
    [
        *("form", "nav", "header", "footer", "aside", "center", "font", "dl", "label", "button", "details"),
        *("select", "noscript", "iframe", "style", "small", "time", "pre", "code", "figcaption", "fieldset"),
    ],
)
def test_fragments_of_any_element_are_markup(name: str) -> None:
    fragment = f"<{name}>Hello big world</{name}>"
    for text in (fragment, fragment.upper(), f"Hello {fragment}", f"<{name}>Hello", f'x <{name} class="a">y'):
        assert sniff(text, None) is SourceKind.HTML
    assert sniff(fragment, "text/plain") is SourceKind.TEXT


@pytest.mark.parametrize(
    "text",
    [
        "<hr>Hello",
        "Hello<hr/>world",
        '<input type="text" placeholder="Hello">',
        '<link rel="stylesheet" href="a.css">Hello',
        'Hello <iframe src="https://a.example/"',
    ],
)
def test_elements_without_an_end_are_markup(text: str) -> None:
    assert sniff(text, None) is SourceKind.HTML


@pytest.mark.parametrize(
    "text",
    [
        "usage: sort <input> <output> [--label <label>]",
        "Press <select>, then hold <button> to go on",
        "Dear <header>, the <form> is at <address>",
        "written <yyyy>-<mm>-<dd>",
    ],
)
def test_words_in_angle_brackets_are_no_markup(text: str) -> None:
    assert sniff(text, None) is SourceKind.TEXT


@pytest.mark.parametrize("text", ["a <b and c> d", "if a <p then", "1 < 2 and <3"])
def test_angle_brackets_alone_are_no_markup(text: str) -> None:
    assert sniff(text, None) is SourceKind.TEXT


def test_chance_bytes_are_binary_and_damaged_text_is_text() -> None:
    chance = bytes((number * 167 + number * number * 31) % 256 for number in range(1, 400))
    assert binary_format(chance) == "binary"
    assert (
        binary_format(b"a line of text\x01\x02 with two stray bytes, as old terminals left them" * 2) is None
    )
    assert binary_format("text in UTF-16".encode("utf-16-le")) is None
