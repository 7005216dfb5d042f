"""Metadata: each source alone, which wins over which, and hostile values."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement, document_fromstring, fragment_fromstring

from cleaners.metadata import Metadata, extract_metadata
from tests.cleaners.strategies import json_values

URL = "https://www.bugle.example/2025/bridge"


def read(head: str = "", body: str = "", url: str | None = URL) -> Metadata:
    return extract_metadata(document(head, body), url)


def document(head: str, body: str) -> HtmlElement:
    return document_fromstring(
        f"<html lang='en_GB'><head>{head}</head><body>{body or '<p>x</p>'}</body></html>"
    )


def ld(data: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def test_an_empty_page_has_none() -> None:
    assert extract_metadata(document_fromstring("<html></html>"), None) == Metadata()


def test_json_ld() -> None:
    article = {
        "@type": "NewsArticle",
        "headline": "Bridge &amp; road saved | The Daily Bugle",
        "author": [{"@id": "#ann"}, {"@type": "Organization", "name": "Wire Service"}],
        "publisher": {"name": "The Daily Bugle"},
        "datePublished": "2025-02-11T13:00:00+01:00",
        "dateModified": "2025-02-12T12:00:00Z",
    }
    found = read(ld({"@graph": [{"@type": "WebPage"}, article, {"@id": "#ann", "name": "Ann Lee"}]}))
    assert found.title == "Bridge & road saved"
    assert found.authors == ["Ann Lee", "Wire Service"]
    assert found.published == datetime(2025, 2, 11, 12, tzinfo=UTC)
    assert found.modified == datetime(2025, 2, 12, 12, tzinfo=UTC)
    assert found.page_type == "NewsArticle"
    assert found.schema_types == ["WebPage", "NewsArticle"]


@pytest.mark.parametrize(
    "wrapping", ["<!--{}-->", "//<![CDATA[\n{}\n//]]>", "<!--//<![CDATA[{}//]]>-->", "{};"]
)
def test_json_ld_in_wrappings(wrapping: str) -> None:
    data = wrapping.format('[{"@type": "Article", "headline": "A bridge"}]')
    assert read(f'<script type="application/ld+json">{data}</script>').title == "A bridge"


@pytest.mark.parametrize(
    "data",
    ["", "{", '{"a": 1,}', "[" * 50_000, '{"a":' * 50_000, "null", "7", '{"@graph": 7}', "[[[]]]", "NaN"],
)
def test_broken_json_ld_is_passed_over(data: str) -> None:
    assert read(f'<script type="application/ld+json">{data}</script><title>T</title>').title == "T"


def test_open_graph_and_meta() -> None:
    found = read(
        meta("og:title", "A bridge | The Daily Bugle")
        + meta("og:site_name", "The Daily Bugle")
        + meta("og:type", "article")
        + meta("article:published_time", "2025-02-11")
        + meta("article:author", "https://social.example/ann")
        + meta("og:description", "  About \n a bridge ")
        + '<meta name="author" content="By Ann Lee and Bo Li">'
        + '<link rel="canonical" href="/bridge">'
    )
    assert found.title == "A bridge"
    assert "A bridge | The Daily Bugle" in found.titles
    assert found.authors == ["Ann Lee", "Bo Li"]
    assert found.published == datetime(2025, 2, 11)
    assert found.canonical_url == "https://www.bugle.example/bridge"
    assert (found.page_type, found.description) == ("article", "About a bridge")
    assert found.language_hint == "en-GB"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Old bridge saved from the flood - Bugle</title>", "", "Old bridge saved from the flood"),
        ("<title>Bugle | Old bridge saved</title>", "", "Old bridge saved"),
        ("<title>Old bridge saved from flood | World</title>", "", "Old bridge saved from flood"),
        ("<title>Mother - a film</title>", "", "Mother - a film"),
        ("<title>Old bridge - Bugle</title>", "<h1>Old bridge</h1>", "Old bridge"),
        ("<title>Flood: old bridge saved</title>", "<h1>The old bridge saved</h1>", "The old bridge saved"),
        ("<title>Old bridge saved</title>", "<h1>Bugle</h1>", "Old bridge saved"),
        ("", "<h1>Bugle</h1><h1>Old bridge saved</h1>", "Old bridge saved"),
        ("", "<svg><title>Logo</title></svg>", None),
    ],
)
def test_the_title(head: str, body: str, title: str | None) -> None:
    assert read(head, body).title == title


def test_microdata_and_links_name_authors_where_nothing_else_does() -> None:
    body = """<h1>x</h1><div><span itemprop="author"><b itemprop="name">Ann Lee</b></span></div>
    <time itemprop="datePublished" datetime="2025-02-11T12:00Z">today</time>
    <div class="comment"><span itemprop="author">Troll</span></div>"""
    found = read(body=body)
    assert found.authors == ["Ann Lee"]
    assert found.published == datetime(2025, 2, 11, 12, tzinfo=UTC)
    assert read(body='<a rel="author" href="/ann">Ann Lee</a>').authors == ["Ann Lee"]
    assert read(meta("author", "Bo Li"), body).authors == ["Bo Li"]


def test_times_below_the_headline() -> None:
    ticker = '<time datetime="2025-05-05">now</time>'
    assert read(body=f'{ticker}<h1>x</h1><time datetime="2025-02-11">then</time>').published == datetime(
        2025, 2, 11
    )
    assert read(body=f"{ticker}{ticker}<h1>x</h1>").published is None
    assert read(body="<h1>x</h1><time>February 11, 2025</time>").published == datetime(2025, 2, 11)


def test_fragments_have_metadata_too() -> None:
    found = extract_metadata(fragment_fromstring("<p>a</p><h1>Old bridge</h1>", create_parent="div"), None)
    assert found.title == "Old bridge"


def test_relative_addresses_are_completed_with_the_base() -> None:
    head = '<base href="https://other.example/deep/"><link rel="canonical" href="x">'
    assert read(head).canonical_url == "https://other.example/deep/x"
    assert read('<link rel="canonical" href="x">', url=None).canonical_url is None


FIELDS = ["@type", "@graph", "@id", "headline", "name", "author", "publisher", "datePublished", "mainEntity"]


@given(st.dictionaries(st.sampled_from(FIELDS), json_values))
def test_json_ld_of_any_kind_gives_strings_and_dates(data: dict[str, Any]) -> None:
    root = document("", "")
    script = root.makeelement("script", {"type": "application/ld+json"})
    script.text = json.dumps(data)
    root.append(script)
    found = extract_metadata(root, URL)
    assert all(isinstance(name, str) for name in [*found.titles, *found.authors])
    assert found.published is None or isinstance(found.published, datetime)


def test_floods_of_elements_and_of_json_end() -> None:
    many = "<meta name='a' content='b'>" * 20_000
    found = read(
        "<title>T</title>" + many + ld([{"@type": "Article"}] * 20_000) + ld({"headline": "x" * 400_000})
    )
    assert found.title == "T"
