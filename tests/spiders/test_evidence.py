from __future__ import annotations

import time

import pytest
from scrapy.http import HtmlResponse, JsonResponse, Response, TextResponse

from spiders.evidence import (
    article_evidence,
    canonical_of,
    feed_guesses,
    feed_links,
    icon_of,
    is_variant,
    unreadable,
    wordpress_api,
)

PAGE = "http://a.example/2024/05/17/storm"


def html(body: str | bytes, url: str = "http://a.example/x", **headers: str) -> HtmlResponse:
    data = body.encode() if isinstance(body, str) else body
    return HtmlResponse(url, body=data, headers={"Content-Type": "text/html; charset=utf-8", **headers})


@pytest.mark.parametrize(
    ("body", "evidence"),
    [
        ("<meta property='og:type' content='Article'>", "the page declares og:type article"),
        ("<meta property='og:type' content='website'>", None),
        (
            '<script type=\'application/ld+json\'>{"@graph":[{"@type":["NewsArticle"]}]}</script>',
            "the page's JSON-LD declares NewsArticle",
        ),
        ('<script type=\'application/ld+json\'>{"@type":"WebSite","x":{"@type":"Article"}}</script>', None),
        ("<script type='application/ld+json'>{broken</script>", None),
        ("<script type='application/ld+json'>" + "[" * 5000 + "</script>", None),
        ("<article>One<article>a comment</article></article>", "the page holds exactly one article element"),
        ("<article>One</article><article>Two</article>", None),
        ("", None),
    ],
)
def test_article_evidence(body: str, evidence: str | None) -> None:
    assert article_evidence(html(f"<html><body>{body}</body></html>")) == evidence


def test_deep_nesting_takes_no_time() -> None:
    began = time.monotonic()
    article_evidence(html("<article>" * 100_000))
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("body", [b"%PDF-1.7", b"\x89PNG\r\n", bytes(range(256)) * 8, b"PK\x03\x04 zip"])
def test_binary_that_claims_to_be_a_page(body: bytes) -> None:
    assert unreadable(html(body))


@pytest.mark.parametrize(
    "body", [b"", b"plain", "Größe".encode("latin-1") * 50, "語".encode("utf-16") * 50, b"some\0nul\0bytes"]
)
def test_text_in_any_encoding(body: bytes) -> None:
    assert unreadable(html(body)) is None


def test_other_content_types() -> None:
    image = Response("http://a.example/x", body=b"GIF89a", headers={"Content-Type": "image/gif"})
    assert unreadable(image) == "the server sent image/gif, not a page of text"


def test_feeds_of_a_page() -> None:
    response = html(
        "<link rel='alternate' type='application/rss+xml' href='/feed/'>"
        "<link rel='alternate' type='application/rss+xml' href='/comments/feed/'>"
        "<link rel='alternate' type='application/atom+xml' href=''>"
        "<link rel='alternate' hreflang='de' href='/de/'>"
    )
    assert feed_links(response) == ["http://a.example/feed/"]


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("rel='alternate' type='application/feed+json' href='/feed.json'", "/feed.json"),
        ("rel='alternate' type='application/json' href='/feed.json'", "/feed.json"),
        ("rel='home alternate' type=' Application/RSS+XML; charset=utf-8 ' href=' /feed '", "/feed"),
        ("rel='alternate' type='application/rss+xml' href='/comment/feed' title='Opinion'", "/comment/feed"),
        # What WordPress names on each of its pages
        ("rel='alternate' type='application/json' href='/wp-json/wp/v2/pages/7'", None),
        ("rel='alternate' type='application/json' href='/?rest_route=/wp/v2/pages/7'", None),
        ("rel='alternate' type='application/json+oembed' href='/wp-json/oembed/1.0/embed'", None),
        ("rel='alternate' type='application/rss+xml' href='/storm/feed/' title='Storm Comments Feed'", None),
        ("rel='alternate' type='application/rss+xml' href='/storm/feed/' title='Storm Kommentar-Feed'", None),
        ("rel='alternate' type='application/rss+xml' href='/?feed=comments-rss2'", None),
        ("rel='alternate' type='application/atom+xml' href='/feeds/7/comments/default'", None),
        ("rel='stylesheet' type='application/rss+xml' href='/feed'", None),
        ("rel='alternate' type='application/rss+xml' href='http://['", None),
        ("rel='alternate' type='application/rss+xml' href='feed:x'", None),
        ("rel='alternate' type='application/rss+xml'", None),
    ],
)
def test_kinds_of_feed_links(link: str, found: str | None) -> None:
    assert feed_links(html(f"<link {link}>")) == ([f"http://a.example{found}"] if found else [])


def test_links_follow_the_base_element() -> None:
    response = html(
        "<base href='/blog/'><link rel='alternate' type='application/rss+xml' href='feed'>"
        "<link rel='canonical' href='storm'>"
    )
    assert feed_links(response) == ["http://a.example/blog/feed"]
    assert canonical_of(response) == "http://a.example/blog/storm"


@pytest.mark.parametrize(
    ("home", "folder"),
    [
        ("http://a.example", "http://a.example/"),
        ("http://a.example/?x=1#y", "http://a.example/"),
        ("http://a.example/blog", "http://a.example/blog/"),
        ("http://a.example/blog/", "http://a.example/blog/"),
        ("http://a.example/blog/index.html", "http://a.example/blog/"),
    ],
)
def test_feed_guesses(home: str, folder: str) -> None:
    assert feed_guesses(home) == [folder + place for place in ("feed/", "rss.xml", "feed.xml", "index.xml")]


CANONICAL = "<link rel='canonical' href='{}'>"


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (CANONICAL.format("/2024/05/17/storm/?utm_source=x#top"), "http://a.example/2024/05/17/storm/"),
        (CANONICAL.format("https://www.a.example/storm"), "https://www.a.example/storm"),
        ("<link rel='Canonical nofollow' href=' /storm '>", "http://a.example/storm"),
        (CANONICAL.format("/storm") * 2, "http://a.example/storm"),
        (CANONICAL.format("/storm") + CANONICAL.format("/flood"), None),
        (CANONICAL.format("https://b.example/storm"), None),
        (CANONICAL.format("/"), None),
        (CANONICAL.format("/tag/storm"), None),
        (CANONICAL.format("/2024/05/"), None),
        (CANONICAL.format("/search?q=storm"), None),
        (CANONICAL.format("javascript:x"), None),
        (CANONICAL.format("http://["), None),
        (CANONICAL.format(""), None),
        ("<link rel='canonical'>", None),
        ("<link rel='alternate' href='/storm'>", None),
        ("", None),
    ],
)
def test_canonical_of_a_page(head: str, found: str | None) -> None:
    assert canonical_of(html(f"<html><head>{head}</head><body>x</body></html>", PAGE)) == found


def test_a_canonical_link_in_the_body_is_the_texts_and_not_the_pages() -> None:
    body = f"<html><head></head><body><p>x</p>{CANONICAL.format('/flood')}</body></html>"
    assert canonical_of(html(body, PAGE)) is None


@pytest.mark.parametrize(
    "relation",
    ["CaNonicAL", "&#99;anonical", "&#x63;anonical", "&#X0063;anonical", "canonica&#0108",
     "cano\0nical"],
)  # fmt: skip
def test_the_word_may_be_written_in_many_ways(relation: str) -> None:
    head = f"<html><head><link rel='{relation}' href='/storm'></head><body>x</body></html>"
    assert canonical_of(html(head, PAGE)) == "http://a.example/storm"
    wide = HtmlResponse(PAGE, body=head.encode("utf-16"), encoding="utf-16")
    assert canonical_of(wide) == "http://a.example/storm"


def test_a_page_without_the_word_is_not_parsed() -> None:
    response = html(
        "<html><head><link rel='stylesheet' href='/x'></head><p>&#8217;&#x2019;&#8364;</html>", PAGE
    )
    assert canonical_of(response) is None
    assert response._cached_selector is None


def test_a_section_may_have_a_section_for_its_canonical_address() -> None:
    assert canonical_of(html(CANONICAL.format("/tag/storm"), "http://a.example/tag/storm/page/2")) == (
        "http://a.example/tag/storm"
    )
    assert canonical_of(html(CANONICAL.format("/"), "http://a.example/?utm_source=x")) == "http://a.example/"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("</storm>; rel=canonical", "http://a.example/storm"),
        ('<http://a.example/a,b;c>; rel="preload canonical"; title="x, y"', "http://a.example/a,b;c"),
        ('</s.css>; rel="preload"; as=style, </storm>; Rel = "canonical"', "http://a.example/storm"),
        ('</storm>; rel="preload"', None),
        ("canonical", None),
        ("<" * 50_000, None),
    ],
)
def test_canonical_in_the_header(header: str, found: str | None) -> None:
    assert canonical_of(html("", PAGE, Link=header)) == found
    pdf = Response(PAGE, headers={"Link": header})
    assert canonical_of(pdf) == found


def test_the_head_goes_before_the_header() -> None:
    response = html(CANONICAL.format("/storm"), PAGE, Link="</flood>; rel=canonical")
    assert canonical_of(response) == "http://a.example/storm"


@pytest.mark.parametrize(
    ("tag", "variant"),
    [
        ("<html amp>", True),
        ("<html ⚡>", True),
        ("<html ⚡\ufe0f lang='en'>", True),
        ("<html lang='en' ⚡=''>", True),
        ("<!doctype html><!-- x --><HTML AMP='' lang='en'>", True),
        ("<html>", False),
        ("<html lang='amp' class='⚡'>", False),
        ("<html data-amp amp4email>", False),
        ("", False),
    ],
)
def test_amp_documents(tag: str, variant: bool) -> None:
    assert is_variant(html(f"{tag}<head></head><body>⚡ amp</body>")) is variant


def test_what_has_no_markup_says_nothing() -> None:
    for response in (
        JsonResponse(PAGE, body=b'{"a": 1}'),
        TextResponse(PAGE, body=b"plain text"),
        TextResponse(PAGE, body=b""),
    ):
        assert article_evidence(response) is None
        assert feed_links(response) == []
        assert canonical_of(response) is None
        assert wordpress_api(response) is None
        assert not is_variant(response)
    assert not is_variant(Response(PAGE, body=b"<html amp>"))


def test_wordpress_api_of_a_page() -> None:
    in_head = html("<link rel='https://api.w.org/' href='/blog/wp-json/'>")
    assert wordpress_api(in_head) == "http://a.example/blog/wp-json/"
    in_header = html("", Link='<http://a.example/?rest_route=/>; rel="https://api.w.org/"')
    assert wordpress_api(in_header) == "http://a.example/?rest_route=/"
    among_others = html(
        "", Link='</7>; rel=shortlink, </wp-json/>; rel="https://api.w.org/", </x>; rel="alternate"'
    )
    assert wordpress_api(among_others) == "http://a.example/wp-json/"
    assert wordpress_api(html("<p>none")) is None
    assert wordpress_api(html("<link rel='https://api.w.org/' href='http://['>")) is None


@pytest.mark.parametrize(
    ("head", "icon"),
    [
        ("<link rel='Shortcut ICON' href=i.png><link rel=icon href=/j.png>", "http://a.example/i.png"),
        ("<base href='/deep/'><link rel=icon href=i.svg>", "http://a.example/deep/i.svg"),
        ("<link rel=icon href='data:image/png;base64,AA'><link rel=icon href=//b.example/i>", "http://b.example/i"),
        ("<link rel=apple-touch-icon href=/i.png><link rel=icon><link rel=mask-icon href=/j.svg>", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_icon_of_a_page(head: str, icon: str | None) -> None:
    assert icon_of(html(f"<head>{head}</head>")) == icon
    assert icon_of(JsonResponse("http://a.example/x", body=b"{}")) is None
