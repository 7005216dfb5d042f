"""Nothing is lost: the blocks' texts together are the page's text, white space aside, in order."""

from __future__ import annotations

import gzip
import html

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lxml import etree

from cleaners import clean
from cleaners import segment as segment_module
from cleaners.parse import decode, parse_html
from cleaners.plaintext import segment_text
from cleaners.sniff import SourceKind, sniff
from cleaners.walk import segment
from tests.cleaners.strategies import BLOCKS, INLINE, pages, plain_words, texts
from tests.shared_data import shared


def bare(text: str) -> str:
    return "".join(text.split())


def text_in(root: etree._Element) -> str:
    """The text of a tree, which is taken apart on the way."""
    for head in list(root.iter("head")):
        for title in head.findall("title"):
            title.tag = "script"  # no text either
    etree.strip_elements(root, "script", "style", "svg", with_tail=False)
    for control in root.iter("input", "textarea"):
        is_button = (control.get("type") or "").lower() in ("submit", "button", "reset")
        shown = control.get("value" if is_button else "placeholder") or ""
        control.text = shown + (control.text or "")
    return "".join(map(str, root.itertext()))


# --- Generated pages --------------------------------------------------------------------------------


@given(pages(texts))
def test_blocks_hold_all_text_of_any_tree(page: str) -> None:
    root = parse_html(decode(page).text)
    if root is None:
        return
    blocks = segment(root).text
    assert bare("".join(blocks)) == bare(text_in(root))
    assert all(block.strip() for block in blocks)


@given(st.lists(st.tuples(st.sampled_from(BLOCKS + INLINE[:7] + ("br", "noscript", "td")), plain_words)))
def test_blocks_hold_all_words_that_were_written_in_markup(parts: list[tuple[str, str]]) -> None:
    page = "".join(f"<{tag}>{word}" + ("" if tag in ("br", "p") else f"</{tag}>") for tag, word in parts)
    root = parse_html(f"<!doctype html><body>{page}")
    assert root is not None
    assert bare("".join(segment(root).text)) == bare("".join(word for _, word in parts))


@given(pages(texts))
def test_an_article_has_one_block_for_each_of_the_pages_pieces(page: str) -> None:
    page = f"<!doctype html>{page}"
    decoded = decode(page).text
    assume(sniff(decoded, None) is SourceKind.HTML)
    article = clean(page)
    root = parse_html(decoded)
    expected = "" if root is None else bare(text_in(root))
    assert bare("".join(block.text for block in article.blocks)) == expected
    assert bool(article.blocks) is bool(expected)
    assert article.warnings == ([] if expected else ["the page holds no text"])


@given(pages(texts), st.integers(0, 4))
def test_nothing_is_lost_where_there_are_too_many_blocks(page: str, limit: int) -> None:
    root = parse_html(decode(page).text)
    if root is None:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segment_module, "MAX_BLOCKS", limit)
        segments = segment(root)
    assert len(segments.text) <= limit + 1
    assert bare("".join(segments.text)) == bare(text_in(root))


# --- Generated texts --------------------------------------------------------------------------------

lines = st.lists(texts | st.sampled_from(("", "# Title", "• item", "12. item", "and so on it goes " * 4)))


@given(lines.map("\n".join) | st.text())
def test_blocks_hold_all_of_any_plain_text(text: str) -> None:
    segments = segment_text(text)
    assert bare("".join(segments.text)) == bare(text)
    assert len(segments.lines or []) == len(segments.text)


@given(lines.map("\n".join) | st.text())
def test_an_article_holds_all_of_any_plain_text(text: str) -> None:
    decoded = decode(text).text
    assume(sniff(decoded, "text/plain") is SourceKind.TEXT)
    article = clean(text, content_type="text/plain")
    assert bare("".join(block.text for block in article.blocks)) == bare(decoded)


@given(st.lists(plain_words))
def test_escaped_text_comes_back_unescaped(words: list[str]) -> None:
    written = [f'{word} < & > " {word}' for word in words]
    root = parse_html("<body>" + "".join(f"<p>{html.escape(text)}</p>" for text in written))
    assert root is not None
    assert [bare(text) for text in segment(root).text] == [bare(text) for text in written]


# --- Real pages -------------------------------------------------------------------------------------


def test_nothing_is_lost_on_any_page_of_the_benchmark() -> None:
    files = sorted(shared("wcxb", "dev", "html").glob("*.html.gz"))
    assert files
    losing = []
    for file in files:
        root = parse_html(decode(gzip.decompress(file.read_bytes()), "text/html").text)
        blocks = [] if root is None else segment(root).text
        if bare("".join(blocks)) != ("" if root is None else bare(text_in(root))):
            losing.append(file.name)
    assert losing == []
