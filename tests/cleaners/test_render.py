"""Text, Markdown and HTML: structure kept, hostile text kept as text."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fromstring

from cleaners.article import KEPT_TYPES, Block, BlockType, to_text
from cleaners.render import to_html, to_markdown


def block(text: str, markup: str = "p", kind: BlockType = BlockType.BODY) -> Block:
    return Block(text, kind, 1.0, "test", markup=markup)


PAGE = [
    block("Home", "li", BlockType.NAVIGATION),
    block("The bridge", "h1", BlockType.TITLE),
    block("Photo: Ann", "p", BlockType.CAPTION),
    block("It stands."),
    block("Why", "h2"),
    block("one", "li"),
    block("two", "li"),
    block("A quote.", "blockquote"),
    block("x = `1`", "pre"),
    block("Year\tCost", "tr"),
    block("2024\t5", "tr"),
]


def test_text() -> None:
    assert to_text(PAGE[:5]) == "It stands.\n\nWhy"
    assert to_text(PAGE[:2], [BlockType.NAVIGATION]) == "Home"
    assert to_text([]) == to_markdown([]) == to_html([]) == ""


def test_markdown() -> None:
    assert to_markdown(PAGE, KEPT_TYPES) == (
        "# The bridge\n\n*Photo: Ann*\n\nIt stands.\n\n## Why\n\n- one\n- two\n\n> A quote.\n\n"
        "```\nx = `1`\n```\n\n| Year | Cost |\n| --- | --- |\n| 2024 | 5 |"
    )


def test_html() -> None:
    assert to_html(PAGE, KEPT_TYPES) == (
        "<h1>The bridge</h1>\n<figure><figcaption>Photo: Ann</figcaption></figure>\n<p>It stands.</p>\n"
        "<h2>Why</h2>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
        "<blockquote>\n<p>A quote.</p>\n</blockquote>\n<pre>x = `1`</pre>\n"
        "<table>\n<tr><td>Year</td><td>Cost</td></tr>\n<tr><td>2024</td><td>5</td></tr>\n</table>"
    )


def test_line_breaks_stay_inside_their_block() -> None:
    assert to_markdown([block("a\nb")]) == "a\\\nb"
    assert to_markdown([block("a\nb", "li")]) == "- a\\\n  b"
    assert to_markdown([block("a\nb", "blockquote"), block("c", "blockquote")]) == "> a\\\n> b\n>\n> c"
    assert to_markdown([block("a\nb", "h2")]) == "## a b"
    assert to_html([block("a\nb")]) == "<p>a<br>b</p>"


def test_rows_without_cells_are_lines() -> None:
    assert to_markdown([block("a", "td"), block("b", "td")]) == "a\\\nb"


def test_the_fence_is_longer_than_any_in_the_text() -> None:
    assert to_markdown([block("````\nx", "pre")]).startswith("`````\n````\nx\n`````")


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("# no heading", "\\# no heading"),
        ("- no item", "\\- no item"),
        ("+ no item", "\\+ no item"),
        ("1. no item", "1\\. no item"),
        ("2024) no item", "2024\\) no item"),
        ("> no quote", "\\> no quote"),
        ("=== no underline", "\\=== no underline"),
        ("    no code", "no code"),
        ("~~~ no fence", "\\~\\~\\~ no fence"),
        ("[a](http://b)", "\\[a\\](http://b)"),
        ("<script>", "\\<script\\>"),
        ("*a* _b_ `c`", "\\*a\\* \\_b\\_ \\`c\\`"),
        ("&lt; & &#60;", "\\&lt; & \\&#60;"),
        ("a\n# b", "a\\\n\\# b"),
        ("back\\slash", "back\\\\slash"),
    ],
)
def test_text_cannot_become_markup(text: str, markdown: str) -> None:
    assert to_markdown([block(text)]) == markdown


def test_cells_cannot_break_out_of_their_table() -> None:
    rows = [block("a|b\tc\nd", "tr"), block("e", "tr")]
    assert to_markdown(rows) == "| a\\|b | c d |\n| --- | --- |\n| e |  |"


@given(st.text(alphabet=st.sampled_from("<>&\"'/abp \n\t"), max_size=60))
def test_html_gives_the_text_back(text: str) -> None:
    for markup in ("p", "li", "h2", "blockquote", "pre", "tr"):
        result = to_html([block(text, markup)])
        tags = set(re.findall(r"</?(\w+)", result))
        assert tags <= {"p", "ul", "li", "h2", "blockquote", "pre", "table", "tr", "td", "br"}
        if text.strip():
            assert "".join(html.unescape(re.sub(r"<[^>]*>", "", result)).split()) == "".join(text.split())
            assert fromstring(f"<div>{result}</div>") is not None


@given(st.text(max_size=80), st.sampled_from(["p", "li", "blockquote", "h3", "tr"]))
def test_every_special_character_in_markdown_is_escaped(text: str, markup: str) -> None:
    result = to_markdown([block(text, markup)])
    body = re.sub(r"(?m)^(?:> ?|\| )|^\|(?: --- \|)+$| \|(?: |$)", "", re.sub(r"\\\\", "", result))
    assert not re.search(r"(?<!\\)[`*_\[\]<]", body)
