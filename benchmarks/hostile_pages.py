"""Pages made to hurt a parser, a walker or a pattern, each to be had at any share of its worst size."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_ENDS: Final = ("firstword", "lastword")
_DEEP: Final = ("firstword", "deepword", "lastword")
_FIRST: Final = ("firstword",)

_CONTROLS: Final = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))
_RUSSIAN: Final = "Съешь же ещё этих мягких французских булок, да выпей чаю. "
_PROSE: Final = "The bridge was closed to all traffic on Monday. "

Make = Callable[[float], bytes | str]


@dataclass(frozen=True, slots=True)
class Case:
    """A hostile page: `make(size)` gives it, at a share of its worst size. `words` stand in its text."""

    name: str
    make: Make
    words: tuple[str, ...] = ()
    content_type: str | None = "text/html"


# --- How the pages are made ---------------------------------------------------------------------------


def _times(number: int, piece: str, size: float) -> str:
    return piece * max(1, int(number * size))


def _between(inner: str) -> str:
    return f"<p>firstword</p>{inner}<p>lastword</p>"


def _nested(name: str, number: int, opening: str, closing: str = "", around: str = "deepword") -> Case:
    """Elements inside each other, a word before, within and after them."""

    def make(size: float) -> str:
        return _between(_times(number, opening, size) + around + _times(number, closing, size))

    return Case(name, make, _DEEP if around else _ENDS)


def _row(name: str, number: int, piece: str, words: tuple[str, ...] = _ENDS) -> Case:
    """The same beside each other, a word before and after it."""
    return Case(name, lambda size: _between(_times(number, piece, size)), words)


def _inside(name: str, before: str, number: int, piece: str, after: str) -> Case:
    """The same inside one element."""
    return Case(name, lambda size: _between(before + _times(number, piece, size) + after), _ENDS)


def _numbered(name: str, number: int, piece: str) -> Case:
    """The same with a number in place of each #."""
    return Case(name, lambda size: _between(_numbers(number, piece, size)), _ENDS)


def _numbers(number: int, piece: str, size: float) -> str:
    return "".join(piece.replace("#", str(n)) for n in range(max(1, int(number * size))))


def _crowded(name: str, number: int, attribute: str, tags: int = 1, words: tuple[str, ...] = _ENDS) -> Case:
    """Elements with many attributes each."""

    def make(size: float) -> str:
        return _between(f"<div{_numbers(number, attribute, size)}>middle</div>" * tags)

    return Case(name, make, words)


def _head(name: str, before: str, number: int, piece: str, after: str = "") -> Case:
    """A page with the same many times in its head."""

    def make(size: float) -> str:
        head = before + _times(number, piece, size) + after
        return f"<html><head>{head}</head><body>{_between('')}</body></html>"

    return Case(name, make, _ENDS)


def _json_ld(name: str, before: str, number: int, piece: str, after: str = "", closing: str = "") -> Case:
    """A page with JSON-LD that holds the same many times, `closing` as often after it."""

    def make(size: float) -> str:
        data = before + _times(number, piece, size) + after + _times(number, closing, size)
        script = f'<script type="application/ld+json">{data}</script>'
        return f"<html><head>{script}</head><body>{_between('')}</body></html>"

    return Case(name, make, _ENDS)


def _wide(name: str, number: int, around: str, before: str = "") -> Case:
    """Elements nested in `number` others, around a row of 300,000 empty ones."""

    def make(size: float) -> str:
        return before + _between(around * number + "deepword" + _times(300_000, "<i></i>", size))

    return Case(name, make, _DEEP)


def _encoded(name: str, number: int, piece: str, encoding: str, before: str = "") -> Case:
    """A page in a charset that it may say otherwise of."""
    return Case(name, lambda size: (before + _between(_times(number, piece, size))).encode(encoding), _ENDS)


def _entities(size: float) -> str:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, max(2, int(20 * size))))
    return f'<!DOCTYPE html [<!ENTITY e0 "lol">{levels}]><html><body><p>firstword &e9; &e19;</p>lastword'


def _post(size: float) -> str:
    content = {"rendered": _between(_times(200_000, "<p>word</p>", size))}
    date = "2024-01-01T00:00:00"
    return json.dumps({"id": 1, "date": date, "title": {"rendered": "T"}, "content": content})


def _zip(size: float) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("page.html", _times(1_000_000, "<p>a</p>", size))
    return buffer.getvalue()


def _bytes(start: bytes, cycle: bytes, number: int) -> Make:
    return lambda size: start + cycle * int(1 + number * size)


# --- The pages ------------------------------------------------------------------------------------------

DEPTH: Final = (
    _nested("100,000 nested div", 100_000, "<div>"),
    _nested("100,000 nested div, closed", 100_000, "<div>", "</div>"),
    _nested("100,000 nested span with text", 100_000, "<span class=x>a "),
    _nested("10,000 nested tables", 10_000, "<table><tr><td>a"),
    _nested("100,000 unclosed a", 100_000, "<a href=/x>a"),
    _nested("100,000 unclosed b", 100_000, "<b>a"),
    _nested("1,000,000 unclosed b", 1_000_000, "<b>a"),
    _nested("100,000 unclosed font", 100_000, "<font color=red>a"),
    _nested("100,000 misnested b and p", 100_000, "<b><p>a</b>"),
    _nested("10,000 unclosed of all kinds", 10_000, "<ul><li><b><i><dl><dt><form><a href=x><td>a"),
    _nested("50,000 nested lists", 50_000, "<ul><li>a"),
    _nested("1,000,000 nested div", 1_000_000, "<div>a"),
    _nested(
        "controls in the depth", 100_000, "<blockquote data-x='\x01 and so on, and so on'>and more,\x02 and"
    ),
    _nested("200,000 nested svg", 200_000, "<svg><g>", around=""),
    _nested("2,000 open b, 1,000,000 stray end tags", 1_000_000, "</i>", around="<b>" * 2_000 + "deepword"),
    Case(
        "deep, then wide", lambda s: _times(5_000, "<div>", s) + _between(_times(200_000, "<p>a", s)), _ENDS
    ),
)

WIDTH: Final = (
    _row("1,000,000 siblings", 1_000_000, "<p>a</p>"),
    _row("1,000,000 empty siblings", 1_000_000, "<p></p>"),
    _row("1,000,000 inline siblings", 1_000_000, "<b>a</b>"),
    _row("1,000,000 br", 1_000_000, "<br>"),
    _row("1,000,000 br with text", 1_000_000, "a<br><br>"),
    _row("1,000,000 links", 1_000_000, "<a href=/x>a</a> "),
    _row("300,000 links in items", 300_000, "<li><a href=/x>word</a></li>"),
    _row("500,000 inputs", 500_000, "<input placeholder=a>"),
    _row("100,000 text areas", 100_000, "<textarea>a</textarea>"),
    _inside("500,000 options", "<select>", 500_000, "<option>a", "</select>"),
    _inside("500,000 cells in a row", "<table><tr>", 500_000, "<td>a", "</table>"),
    _inside("200,000 rows", "<table>", 200_000, "<tr><td>a<td>b", "</table>"),
    _inside("2,000 rows of pipes", "<table>", 2_000, f"<tr>{'<td>|' * 100}", "</table>"),
    _row("300,000 headings", 300_000, "<h1>Heading</h1>"),
    _row("100,000 paragraphs of prose", 100_000, f"<p>{_PROSE}</p>"),
    _row("100,000 html elements", 100_000, "</body></html><html><body>a"),
    _row("500,000 times", 500_000, "<time datetime=2024-01-01>a</time>"),
    _row("200,000 itemprops", 200_000, "<i itemprop=author>a</i>"),
    _row("200,000 rel=author", 200_000, "<a rel=author>Ann B</a>"),
    _row("1,000,000 comments", 1_000_000, "<!-- a -->"),
    _row("500,000 end tags that end nothing", 500_000, "</div></p></table>"),
    _wide("500 authors around 300,000 elements", 500, "<div itemprop=author>"),
    _wide("900 headings around 300,000 elements", 900, "<h1><time>"),
    _wide(
        "900 links around 300,000 elements",
        900,
        "<a href=/x>",
        "<p>First appeared on <a href=//cnn.com>CNN</a></p>",
    ),
)

SIZE: Final = (
    _row("50 MB of prose", 1_000_000, f"{_PROSE}<br>"),
    _row("50 MB of one word", 50_000_000, "a"),
    _row("50 MB of letters beyond ASCII", 25_000_000, "ж"),
    _row("50 MB of tags", 4_500_000, "<p>a</p><hr>"),
    _row("50 MB of spaces", 50_000_000, " "),
    _row("50 MB of <", 50_000_000, "<"),
    _row("50 MB of &", 50_000_000, "&"),
    _inside("50 MB attribute", "<div title='", 50_000_000, "a", "'></div>"),
    _inside("50 MB of a comment", "<!--", 50_000_000, "a", "-->"),
    _inside("50 MB of a script", "<script>", 50_000_000, "a", "</script>"),
    Case("50 MB of text", lambda s: _times(1_000_000, f"{_PROSE}\n\n", s), ("bridge",), "text/plain"),
    Case("10,000,000 lines of text", lambda s: _times(10_000_000, "a\n", s), ("a",), "text/plain"),
    Case("20 MB of one line of text", lambda s: _times(10_000_000, "a ", s), ("a",), "text/plain"),
)

ATTRIBUTES: Final = (
    _crowded("50,000 attributes", 50_000, " a#=x"),
    _crowded("50,000 attributes without values", 50_000, " a#"),
    _crowded("50,000 attributes with > in quotes", 50_000, " a#='>'"),
    _crowded("50,000 attributes that look like tags", 50_000, '><b c=" a#="'),
    _crowded("1,000 attributes, 1,000 times", 1_000, " a#=x", tags=1_000),
    _crowded("5,000 attributes, 100 times", 5_000, " a#='>'", tags=100),
    _crowded("300 attributes, 10,000 times", 300, " a#", tags=10_000),
    _row("1 MB class", 1, f"<p class='{'a ' * 500_000}'>a</p>"),
    _row("1 MB class, one word", 1, f"<p class='{'a' * 1_000_000}'>a</p>"),
    _row("10 kB class, 10,000 times", 10_000, f"<p class='{'ab ' * 3_300}'>a</p>"),
    _row("10 kB style, 10,000 times", 10_000, f"<p style='{'none ' * 2_000}'>a</p>"),
    _numbered("10 kB class, all different", 3_000, f"<p class='{'ab# ' * 2_000}'>a</p>"),
    _numbered("500,000 classes", 500_000, "<p class=c#>a</p>"),
    _numbered("500,000 elements' names", 500_000, "<x#>a</x#>"),
)

UNCLOSED: Final = (
    _row("5,000,000 starts of tags", 5_000_000, "<a", _FIRST),
    _row("a tag that never ends", 2_000_000, "<a ", _FIRST),
    _row("1,000,000 unclosed quotes", 1_000_000, "<a b='>", _FIRST),
    _row("1,000,000 unclosed scripts", 1_000_000, "<script>a", _FIRST),
    _row("1,000,000 unclosed svg", 1_000_000, "<svg>a", _FIRST),
    _row("10,000,000 unclosed comments", 10_000_000, "<!--", _FIRST),
    _row("500,000 comments' beginnings", 500_000, "<!-- <p>-- ", _FIRST),
)

HEADS: Final = (
    _row("1,000,000 entities", 1_000_000, "&lt;"),
    _row("1,000,000 unknown entities", 1_000_000, "&foo;"),
    _row("1,000,000 entities by number", 1_000_000, "&#128512;"),
    _head("entities in an attribute", "<meta name=author content='", 1_000_000, "&amp;", "'>"),
    Case("entity declarations, nested", _entities, _ENDS),
    _json_ld("JSON-LD of 20 MB", '{"@type": "Article", "x": "', 20_000_000, "a", '"}'),
    _json_ld("JSON-LD, 100,000 deep", "", 100_000, "[", "", "]"),
    _json_ld("JSON-LD, objects 40,000 deep", "", 40_000, '{"@graph":', "1", "}"),
    _json_ld("JSON-LD of many objects", "[1", 1_000_000, ',{"@type": "Article"}', "]"),
    _json_ld(
        "JSON-LD with 20,000 headlines", '{"@type": "Article", "headline": ["a"', 20_000, ',"Headline"', "]}"
    ),
    _json_ld(
        "JSON-LD with 20,000 authors", '{"@type": "Article", "author": ["a"', 20_000, ',"Ann Bell"', "]}"
    ),
    _row(
        "200,000 JSON-LD scripts",
        200_000,
        '<script type="application/ld+json">{"headline": "a", "name": 1}</script>',
    ),
    _head("500,000 meta", "", 500_000, "<meta name=author content='Ann Bell'>"),
    _head("100,000 dates that cannot be read", "", 100_000, "<meta name=date content='2024 foo 13:99 bar'>"),
    _head(
        "100,000 base addresses", "", 100_000, "<base href='http://[::1'>", "<link rel=canonical href='//['>"
    ),
    _head("a title of 20 MB", "<title>", 10_000_000, "| ", "</title>"),
    _inside("a headline of 10 MB", "<h1>", 5_000_000, "- ", "</h1>"),
)

TEXTS: Final = (
    _row("words of a megabyte", 10, f"<p>{'a' * 1_000_000}</p>"),
    _row("9,000,000 Chinese characters", 450_000, "橋を修理することを決めた。市議会は火曜日"),
    _row("8,000 paragraphs of 1,200 characters", 8_000, f"<p>{_PROSE * 25}</p>"),
    Case("9,000,000 asterisks as an article", lambda s: "<!doctype html>a" + _times(9_000_000, "*", s)),
    _row("5,000,000 combining marks", 5_000_000, "\u0301"),
    _row("5,000,000 letters with marks", 5_000_000, "e\u0301"),
    _row("5,000,000 full stops", 5_000_000, "."),
    _row("2,000,000 addresses", 2_000_000, "a.b.co "),
    _row("1,000,000 ©", 1_000_000, "<p>©</p>"),
    _row("100,000 attribution lines", 100_000, "<p>This post appeared first on cnn.com</p>"),
    _inside("one attribution line of 8 MB", "<p>", 300_000, "This post appeared first on ", "</p>"),
    _row("100,000 bylines", 100_000, "<p>By Ann Bell, January 1, 2024</p>"),
    _row("10 MB of digits", 10_000_000, "1"),
    _row("5,000,000 quotation marks", 5_000_000, "\u201c"),
    _row("1,000,000 zero-width joiners", 1_000_000, "\u200d\u202e"),
    _inside("10 MB of asterisks", f"<p>{_PROSE}", 10_000_000, "*", "</p>"),
    _row("10 MB of asterisks in prose", 300, f"<p>{'The bridge *was* closed, he said. ' * 1_000}</p>"),
    _inside("5 MB of backticks, preformatted", "<pre>", 5_000_000, "`", "</pre>"),
)

CHARSETS: Final = (
    _row("every control character", 1_000, f"<p>{_CONTROLS}</p>"),
    _row("every control character, in attributes", 1_000, f"<p class='{_CONTROLS}'>a</p>"),
    _row("lone surrogates", 1_000_000, "\ud800"),
    Case("NUL between all", lambda s: "\0".join(_between(_times(100_000, "<p>a</p>", s))), _ENDS),
    _encoded("NUL bytes", 3_000_000, "\0", "utf-8"),
    _encoded("windows-1251 that says UTF-8", 100_000, _RUSSIAN, "cp1251", "<meta charset=utf-8>"),
    _encoded("UTF-16 with a mark", 200_000, "<p>Съешь</p>", "utf-16"),
    _encoded("UTF-16 without a mark", 200_000, "<p>a</p>", "utf-16-le"),
    _encoded("UTF-16 that says UTF-8", 200_000, "<p>a</p>", "utf-16-be", "<meta charset=utf-8>"),
    _encoded("UTF-8 that says UTF-16", 200_000, "<p>ж</p>", "utf-8", "<meta charset=utf-16>"),
    Case("10 MB of bytes beyond ASCII", _bytes(b"<p>firstword ", bytes(range(128, 256)), 80_000), _FIRST),
)

FORMATS: Final = (
    Case("JSON that says HTML", lambda s: "[" + _times(300_000, '{"a": ["b", 1]}, ', s) + "0]"),
    Case("JSON, 1,000,000 deep", lambda s: _times(1_000_000, "[", s)),
    Case("JSON of 20 MB, cut off", lambda s: '{"a": [' + _times(4_000_000, '"b", ', s)),
    Case("a WordPress post of 200,000 paragraphs", _post, _ENDS, "application/json"),
    Case("PDF", _bytes(b"%PDF-1.7\n", bytes(range(256)), 40_000)),
    Case("PNG", _bytes(b"\x89PNG\r\n\x1a\n", zlib.compress(bytes(range(256))), 100_000)),
    Case("gzip", lambda s: gzip.compress(_times(1_000_000, "<p>a</p>", s).encode())),
    Case("ZIP", _zip),
    Case(
        "bytes of all kinds",
        lambda s: bytes((n * n * 7 + n // 3) % 251 for n in range(int(1 + 2_000_000 * s))),
    ),
)

CASES: Final = (
    *(*DEPTH, *WIDTH, *SIZE, *ATTRIBUTES, *UNCLOSED),
    *(*HEADS, *TEXTS, *CHARSETS, *FORMATS),
)
