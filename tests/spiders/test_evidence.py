from __future__ import annotations

import time

import pytest
from scrapy.http import HtmlResponse, Response

from spiders.evidence import article_evidence, feed_links, unreadable, wordpress_api


def html(body: str | bytes, **headers: str) -> HtmlResponse:
    data = body.encode() if isinstance(body, str) else body
    return HtmlResponse("http://a.example/x", body=data, headers={"Content-Type": "text/html", **headers})


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


def test_wordpress_api_of_a_page() -> None:
    in_head = html("<link rel='https://api.w.org/' href='/blog/wp-json/'>")
    assert wordpress_api(in_head) == "http://a.example/blog/wp-json/"
    in_header = html("", Link='<http://a.example/?rest_route=/>; rel="https://api.w.org/"')
    assert wordpress_api(in_header) == "http://a.example/?rest_route=/"
    assert wordpress_api(html("<p>none")) is None
