"""CPU time that pages made to hurt cost, and what becomes of their text.

    python -m benchmarks.hostile [WORD …]

Each case is a page of the worst size; with words, only the cases whose names hold one of them. The table
gives CPU seconds of one `clean`, the characters of the page's text that are in blocks, and what the
article says was cut. Exit status 1 when a case takes longer than `MAX_SECONDS`, or when it lacks text and
no warning says so.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from rich.console import Console
from rich.table import Table

from cleaners import clean

MAX_SECONDS: Final = 2.0
"""CPU seconds that one page may cost."""

FULL: Final = 1.0
"""The size of the worst cases; tests take less."""

_ALL_CONTROLS: Final = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))
_RUSSIAN: Final = "Съешь же ещё этих мягких французских булок, да выпей чаю. "


@dataclass(frozen=True, slots=True)
class Case:
    """A hostile page: `make(size)` gives it, at a share of its worst size. `words` stand in its text."""

    name: str
    make: Callable[[float], bytes | str]
    words: tuple[str, ...] = ()
    content_type: str | None = "text/html"


@dataclass(slots=True)
class Outcome:
    """What one case cost and gave. `lost` are its words that are in no block."""

    seconds: float
    blocks: int
    characters: int
    warnings: list[str] = field(default_factory=list)
    lost: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the page took its time only, and all of its text is there or said to be cut."""
        return self.seconds <= MAX_SECONDS and self.accounted

    @property
    def accounted(self) -> bool:
        """Whether all words of the page are in blocks, or a warning says that some are not."""
        return not self.lost or bool(self.warnings)


def run(case: Case, size: float = FULL) -> Outcome:
    """Clean one case's page."""
    page = case.make(size)
    start = time.process_time()
    article = clean(page, content_type=case.content_type)
    seconds = time.process_time() - start
    text = "\n".join(block.text for block in article.blocks)
    lost = tuple(word for word in case.words if word not in text)
    return Outcome(seconds, len(article.blocks), len(text), article.warnings, lost)


# --- How the pages are made ---------------------------------------------------------------------------


def _times(number: int, piece: str, size: float) -> str:
    return piece * max(1, int(number * size))


def _nested(number: int, opening: str, size: float, *, closing: str = "") -> str:
    """Elements inside each other, a word before, within and after them."""
    inner = _times(number, opening, size) + "deepword" + _times(number, closing, size)
    return f"<p>firstword</p>{inner}<p>lastword</p>"


def _row(number: int, piece: str, size: float) -> str:
    return f"<p>firstword</p>{_times(number, piece, size)}<p>lastword</p>"


def _numbered(number: int, piece: str, size: float) -> str:
    pieces = "".join(piece.replace("#", str(n)) for n in range(max(1, int(number * size))))
    return f"<p>firstword</p>{pieces}<p>lastword</p>"


def _crowded(number: int, piece: str, size: float, *, tags: int = 1) -> str:
    """Elements with many attributes each."""
    attributes = "".join(piece.replace("#", str(n)) for n in range(max(1, int(number * size))))
    return f"<p>firstword</p>{f'<div{attributes}>middle</div>' * tags}<p>lastword</p>"


def _with_head(head: str) -> str:
    return f"<html><head>{head}</head><body><p>firstword</p><p>lastword</p></body></html>"


def _json_ld(data: str) -> str:
    return _with_head(f'<script type="application/ld+json">{data}</script>')


def _entities(size: float) -> str:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, max(2, int(20 * size))))
    return f'<!DOCTYPE html [<!ENTITY e0 "lol">{levels}]><html><body><p>firstword &e9; &e19;</p>lastword'


def _zip(size: float) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("page.html", _times(1_000_000, "<p>a</p>", size))
    return buffer.getvalue()


def _post(size: float) -> str:
    markup = _row(200_000, "<p>word</p>", size)
    date = "2024-01-01T00:00:00"
    post = {"id": 1, "date": date, "title": {"rendered": "T"}, "content": {"rendered": markup}, "link": "//a.example/"}
    return json.dumps(post)


def _png(size: float) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + zlib.compress(bytes(range(256)) * int(1 + 100_000 * size))


def _prose(size: float) -> str:
    return f"<p>firstword</p>{_times(50_000_000 // 52, 'The bridge was closed to all traffic on Monday. <br>', size)}lastword"


_ENDS: Final = ("firstword", "lastword")
_DEEP: Final = ("firstword", "deepword", "lastword")

CASES: Final = (
    # depth
    Case("100,000 nested div", partial(_nested, 100_000, "<div>"), _DEEP),
    Case("100,000 nested div, closed", partial(_nested, 100_000, "<div>", closing="</div>"), _DEEP),
    Case("100,000 nested span with text", partial(_nested, 100_000, "<span class=x>a "), _DEEP),
    Case("10,000 nested tables", partial(_nested, 10_000, "<table><tr><td>a"), _DEEP),
    Case("100,000 unclosed a", partial(_nested, 100_000, "<a href=/x>a"), _DEEP),
    Case("100,000 unclosed b", partial(_nested, 100_000, "<b>a"), _DEEP),
    Case("100,000 unclosed font", partial(_nested, 100_000, "<font color=red>a"), _DEEP),
    Case("100,000 misnested b and p", partial(_nested, 100_000, "<b><p>a</b>"), _DEEP),
    Case(
        "100,000 unclosed of all kinds",
        partial(_nested, 10_000, "<ul><li><b><i><dl><dt><form><a href=x><td>a"),
        _DEEP,
    ),
    Case("100,000 nested lists", partial(_nested, 50_000, "<ul><li>a"), _DEEP),
    Case(
        "100,000 nested blockquotes with controls",
        partial(_nested, 100_000, "<blockquote data-x='\x01 and so on, and so on'>and more of it,\x02 and more"),
        _DEEP,
    ),
    Case("deep, then wide", lambda s: _nested(5_000, "<div>", s) + _row(200_000, "<p>a</p>", s), _DEEP),
    Case("200,000 nested svg and script", partial(_nested, 100_000, "<svg><g>"), ("firstword",)),
    # width
    Case("1,000,000 siblings", partial(_row, 1_000_000, "<p>a</p>"), _ENDS),
    Case("1,000,000 empty siblings", partial(_row, 1_000_000, "<p></p>"), _ENDS),
    Case("1,000,000 inline siblings", partial(_row, 1_000_000, "<b>a</b>"), _ENDS),
    Case("1,000,000 br", partial(_row, 1_000_000, "<br>"), _ENDS),
    Case("1,000,000 br with text", partial(_row, 1_000_000, "a<br><br>"), _ENDS),
    Case("1,000,000 links", partial(_row, 1_000_000, "<a href=/x>a</a> "), _ENDS),
    Case("300,000 links in items", partial(_row, 300_000, "<li><a href=/x>word</a></li>"), _ENDS),
    Case("500,000 inputs", partial(_row, 500_000, "<input placeholder=a>"), _ENDS),
    Case(
        "500,000 options",
        lambda s: f"<select>{_times(500_000, '<option>a', s)}</select>lastword",
        ("lastword",),
    ),
    Case("500,000 cells in a row", partial(_row, 1, "<table><tr>" + "<td>a" * 500_000 + "</table>"), _ENDS),
    Case(
        "200,000 rows",
        lambda s: f"<table>{_times(200_000, '<tr><td>a<td>b', s)}</table>lastword",
        ("lastword",),
    ),
    Case("300,000 headings", partial(_row, 300_000, "<h1>Heading</h1>"), _ENDS),
    Case(
        "100,000 paragraphs of prose",
        partial(_row, 100_000, "<p>The bridge was closed on Monday, he said.</p>"),
        _ENDS,
    ),
    Case("100,000 text areas", partial(_row, 100_000, "<textarea>a</textarea>"), _ENDS),
    Case("100,000 html elements", partial(_row, 100_000, "</body></html><html><body>a"), _ENDS),
    Case("500,000 times", partial(_row, 500_000, "<time datetime=2024-01-01>a</time>"), _ENDS),
    Case("200,000 itemprops", partial(_row, 200_000, "<i itemprop=author>a</i>"), _ENDS),
    Case("200,000 rel=author", partial(_row, 200_000, "<a rel=author>Ann B</a>"), _ENDS),
    Case("1,000,000 comments", partial(_row, 1_000_000, "<!-- a -->"), _ENDS),
    # size
    Case("50 MB of prose", _prose, _ENDS),
    Case("50 MB of one word", partial(_row, 50_000_000, "a"), _ENDS),
    Case("50 MB of letters beyond ASCII", partial(_row, 25_000_000, "ж"), _ENDS),
    Case("50 MB of tags", partial(_row, 4_500_000, "<p>a</p><hr>"), _ENDS),
    Case("50 MB of spaces", partial(_row, 50_000_000, " "), _ENDS),
    Case("50 MB of <", partial(_row, 50_000_000, "<"), _ENDS),
    Case("50 MB of &", partial(_row, 50_000_000, "&"), _ENDS),
    Case(
        "50 MB attribute",
        lambda s: f"<p>firstword</p><div title='{_times(50_000_000, 'a', s)}'></div>lastword",
        _ENDS,
    ),
    Case(
        "50 MB of a comment", lambda s: f"<p>firstword</p><!--{_times(50_000_000, 'a', s)}-->lastword", _ENDS
    ),
    Case(
        "50 MB of a comment, unclosed",
        lambda s: f"<p>firstword</p><!--{_times(50_000_000, '<!--', s)}",
        ("firstword",),
    ),
    Case(
        "50 MB of a script",
        lambda s: f"<p>firstword</p><script>{_times(50_000_000, 'a', s)}</script>lastword",
        _ENDS,
    ),
    Case(
        "50 MB of plain text",
        lambda s: _times(1_000_000, "The bridge was closed to all traffic on Monday.\n\n", s),
        ("bridge",),
        "text/plain",
    ),
    Case("10,000,000 lines of text", lambda s: _times(10_000_000, "a\n", s), ("a",), "text/plain"),
    Case("10 MB of one line of text", lambda s: _times(10_000_000, "a ", s), ("a",), "text/plain"),
    # attributes
    Case("50,000 attributes", partial(_crowded, 50_000, " a#=x"), _ENDS),
    Case("50,000 attributes without values", partial(_crowded, 50_000, " a#"), _ENDS),
    Case("50,000 attributes with > in quotes", partial(_crowded, 50_000, " a#='>'"), _ENDS),
    Case("50,000 attributes that look like tags", partial(_crowded, 50_000, '><b c=" a#="'), ()),
    Case("1,000 attributes, 1,000 times", partial(_crowded, 1_000, " a#=x", tags=1_000), _ENDS),
    Case("5,000 attributes, 100 times", partial(_crowded, 5_000, " a#='>'", tags=100), _ENDS),
    Case("300 attributes, 10,000 times", partial(_crowded, 300, " a#", tags=10_000), _ENDS),
    Case(
        "1 MB class", lambda s: f"<p>firstword</p><p class='{_times(500_000, 'a ', s)}'>lastword</p>", _ENDS
    ),
    Case(
        "1 MB class, one word",
        lambda s: f"<p>firstword</p><p class='{_times(1_000_000, 'a', s)}'>lastword</p>",
        _ENDS,
    ),
    Case("10 kB class, 10,000 times", partial(_row, 1_000, f"<p class='{'ab ' * 3_300}'>a</p>" * 10), _ENDS),
    Case(
        "10 kB style, 10,000 times", partial(_row, 1_000, f"<p style='{'none ' * 2_000}'>a</p>" * 10), _ENDS
    ),
    Case(
        "10 kB class, all different", partial(_numbered, 3_000, f"<p class='{'ab# ' * 2_000}'>a</p>"), _ENDS
    ),
    Case("500,000 classes", partial(_numbered, 500_000, "<p class=c#>a</p>"), _ENDS),
    Case("500,000 elements' names", partial(_numbered, 500_000, "<x#>a</x#>"), _ENDS),
    # what parsers choke on
    Case("entities, 1,000,000", partial(_row, 1_000_000, "&lt;"), _ENDS),
    Case("entities, 1,000,000 unknown", partial(_row, 1_000_000, "&foo;"), _ENDS),
    Case("entities, 1,000,000 by number", partial(_row, 1_000_000, "&#128512;"), _ENDS),
    Case(
        "entities in an attribute",
        lambda s: _with_head(f"<meta name=author content='{_times(1_000_000, '&amp;', s)}'>"),
        _ENDS,
    ),
    Case("entity declarations, nested", _entities, _ENDS),
    Case(
        "JSON-LD of 20 MB",
        lambda s: _json_ld('{"@type": "Article", "x": "' + _times(20_000_000, "a", s) + '"}'),
        _ENDS,
    ),
    Case(
        "JSON-LD of 20 MB, many scripts",
        partial(
            _row,
            200_000,
            '<script type="application/ld+json">{"@type": "Article", "headline": "a", "author": {"name": "b"}}</script>',
        ),
        _ENDS,
    ),
    Case(
        "JSON-LD nested 100,000 deep",
        lambda s: _json_ld(_times(100_000, "[", s) + _times(100_000, "]", s)),
        _ENDS,
    ),
    Case(
        "JSON-LD nested objects",
        lambda s: _json_ld(_times(40_000, '{"@graph":', s) + "1" + _times(40_000, "}", s)),
        _ENDS,
    ),
    Case(
        "JSON-LD of many objects",
        lambda s: _json_ld('[{"@type": "Article"}' + _times(1_000_000, ',{"@type": "Article"}', s) + "]"),
        _ENDS,
    ),
    Case(
        "500,000 meta",
        lambda s: _with_head(_times(500_000, "<meta name=author content='Ann Bell'>", s)),
        _ENDS,
    ),
    Case("500,000 meta, all different", lambda s: _numbered(500_000, "<meta name=m# content=#>", s), _ENDS),
    Case(
        "base href junk",
        lambda s: _with_head(
            _times(100_000, "<base href='http://[::1'>", s) + "<link rel=canonical href='//['>"
        ),
        _ENDS,
    ),
    Case("a title of 20 MB", lambda s: _with_head(f"<title>{_times(10_000_000, '| ', s)}</title>"), _ENDS),
    Case("a headline of 10 MB", lambda s: f"<h1>{_times(5_000_000, '- ', s)}</h1>lastword", ("lastword",)),
    Case("500 nested authors around 300,000 elements", lambda s: _nested(500, "<div itemprop=author>", s) + _row(300_000, "<i></i>", s), _DEEP),
    Case("900 nested h1 around 300,000 elements", lambda s: _nested(900, "<h1><time>", s) + _row(300_000, "<i></i>", s), _DEEP),
    Case("links around 300,000 elements", lambda s: "<p>This post appeared first on <a href=//cnn.com>CNN</a></p>" + _nested(900, "<a href=/x>", s) + _row(300_000, "<i></i>", s), _DEEP),
    Case("JSON-LD with 50,000 headlines", lambda s: _json_ld(json.dumps({"@type": "Article", "headline": [f"H {n}" for n in range(int(1 + 25_000 * s))]})), _ENDS),
    Case("JSON-LD with 25,000 authors", lambda s: _json_ld(json.dumps({"@type": "Article", "author": [f"Ann B{n}" for n in range(int(1 + 20_000 * s))]})), _ENDS),
    Case("100,000 dates that cannot be read", lambda s: _with_head(_times(100_000, "<meta name=date content='2024 foo 13:99 bar 2024'><meta name=lastmod content='32/32/2024 x'>", s)), _ENDS),
    Case("2,000 open b, 1,000,000 end tags of i", lambda s: _nested(2_000, "<b>", s) + _times(1_000_000, "</i>", s), _DEEP),
    Case("500,000 end tags that end nothing", partial(_row, 500_000, "</div></p></table>"), _ENDS),
    Case("1,000,000 unclosed b", partial(_nested, 1_000_000, "<b>a"), _DEEP),
    Case("1,000,000 nested div", partial(_nested, 1_000_000, "<div>a"), _DEEP),
    Case("10,000,000 <", partial(_row, 5_000_000, "<a"), _ENDS),
    Case("a tag that never ends", partial(_row, 2_000_000, "<a "), ("firstword",)),
    Case("1,000,000 unclosed quotes", partial(_row, 1_000_000, "<a b='>"), ("firstword",)),
    Case("1,000,000 unclosed scripts", partial(_row, 1_000_000, "<script>a"), ("firstword",)),
    Case("1,000,000 unclosed svg", partial(_row, 1_000_000, "<svg>a"), ("firstword",)),
    Case("500,000 comments' beginnings", partial(_row, 500_000, "<!-- <p>-- "), ("firstword",)),
    # text
    Case("words of a megabyte", partial(_row, 10, f"<p>{'a' * 1_000_000}</p>"), _ENDS),
    Case("5,000,000 combining marks", partial(_row, 5_000_000, "\u0301"), _ENDS),
    Case("5,000,000 letters with marks", partial(_row, 5_000_000, "e\u0301"), _ENDS),
    Case("5,000,000 full stops", partial(_row, 5_000_000, "."), _ENDS),
    Case("2,000,000 addresses", partial(_row, 2_000_000, "a.b.co "), _ENDS),
    Case("1,000,000 ©", partial(_row, 1_000_000, "<p>©</p>"), _ENDS),
    Case(
        "100,000 times an attribution line",
        partial(_row, 100_000, "<p>This post appeared first on cnn.com</p>"),
        _ENDS,
    ),
    Case(
        "one attribution line of 10 MB",
        lambda s: f"<p>{_times(300_000, 'This post appeared first on ', s)}</p>lastword",
        ("lastword",),
    ),
    Case("100,000 times a byline", partial(_row, 100_000, "<p>By Ann Bell, January 1, 2024</p>"), _ENDS),
    Case("10 MB of digits", partial(_row, 10_000_000, "1"), _ENDS),
    Case("5,000,000 quotation marks", partial(_row, 5_000_000, "\u201c"), _ENDS),
    Case("1,000,000 zero-width joiners", partial(_row, 1_000_000, "\u200d\u202e"), _ENDS),
    Case("10 MB of asterisks in prose", partial(_row, 1_000, "<p>" + "The bridge *was* closed, he said. " * 300 + "</p>"), _ENDS),
    Case("10 MB of asterisks", lambda s: f"<p>firstword</p><p>The bridge was closed. {_times(10_000_000, '*', s)}</p>lastword", _ENDS),
    Case("5 MB of backticks, preformatted", lambda s: f"<p>firstword</p><pre>{_times(5_000_000, '`', s)}</pre>lastword", _ENDS),
    Case("50,000 pipes in rows", lambda s: f"<table>{_times(2_000, '<tr>' + '<td>|' * 100, s)}</table>lastword", ("lastword",)),
    # what is no page, or not in the charset that it says
    Case("every control character", lambda s: _row(1_000, f"<p>{_ALL_CONTROLS}</p>", s), _ENDS),
    Case(
        "every control character in attributes",
        lambda s: _row(1_000, f"<p class='{_ALL_CONTROLS}'>a</p>", s),
        _ENDS,
    ),
    Case("lone surrogates", partial(_row, 1_000_000, "\ud800"), _ENDS),
    Case("NUL between all", lambda s: "\0".join(_row(100_000, "<p>a</p>", s)), _ENDS),
    Case("NUL bytes", lambda s: _row(3_000_000, "\0", s).encode(), _ENDS),
    Case(
        "windows-1251 that says UTF-8",
        lambda s: f"<meta charset=utf-8>{_times(100_000, _RUSSIAN, s)}".encode("cp1251"),
        (),
    ),
    Case(
        "UTF-16 with a mark", lambda s: _row(200_000, "<p>Съешь</p>", s).encode("utf-16"), (*_ENDS, "Съешь")
    ),
    Case("UTF-16 without a mark", lambda s: _row(200_000, "<p>a</p>", s).encode("utf-16-le"), _ENDS),
    Case(
        "UTF-16 that says UTF-8",
        lambda s: ("<meta charset=utf-8>" + _row(200_000, "<p>a</p>", s)).encode("utf-16-be"),
        _ENDS,
    ),
    Case(
        "UTF-8 that says UTF-16",
        lambda s: ("<meta charset=utf-16>" + _row(200_000, "<p>ж</p>", s)).encode(),
        _ENDS,
    ),
    Case(
        "10 MB of bytes 0x80 to 0xFF",
        lambda s: b"<p>firstword " + bytes(range(128, 256)) * int(1 + 80_000 * s),
        ("firstword",),
    ),
    Case(
        "JSON that says HTML",
        lambda s: json.dumps([{"a": ["b", n]} for n in range(int(1 + 300_000 * s))]),
        (),
    ),
    Case("JSON, nested 1,000,000 deep", lambda s: _times(1_000_000, "[", s), ()),
    Case("JSON, 20 MB, broken at its end", lambda s: '{"a": [' + _times(4_000_000, '"b", ', s), ()),
    Case("a WordPress post of 200,000 paragraphs", _post, _ENDS, "application/json"),
    Case("PDF", lambda s: b"%PDF-1.7\n" + bytes(range(256)) * int(1 + 40_000 * s), ()),
    Case("gzip", lambda s: gzip.compress(_row(1_000_000, "<p>a</p>", s).encode()), ()),
    Case("ZIP", _zip, ()),
    Case("PNG", _png, ()),
    Case(
        "random bytes", lambda s: bytes((n * n * 7 + n // 3) % 251 for n in range(int(1 + 2_000_000 * s))), ()
    ),
)


def main() -> None:
    """Clean the cases and print the table."""
    wanted = [word.lower() for word in sys.argv[1:]]
    cases = [case for case in CASES if not wanted or any(word in case.name.lower() for word in wanted)]
    table = Table(title=f"{len(cases)} hostile pages", title_justify="left")
    table.add_column("page")
    for column in ("CPU s", "blocks", "characters"):
        table.add_column(column, justify="right")
    table.add_column("warnings, words lost")
    failed = []
    for case in cases:
        outcome = run(case)
        if not outcome.holds:
            failed.append(case.name)
        said = "; ".join([*outcome.warnings, *(f"lost: {word}" for word in outcome.lost)])
        seconds = f"{outcome.seconds:.2f}" + ("" if outcome.seconds <= MAX_SECONDS else " !")
        table.add_row(case.name, seconds, f"{outcome.blocks:,}", f"{outcome.characters:,}", said)
    Console().print(table)
    if failed:
        sys.exit(f"over {MAX_SECONDS} s, or text lost without a word: {', '.join(failed)}")


if __name__ == "__main__":
    main()
