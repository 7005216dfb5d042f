"""What a fetched page says about itself: whether it is an article, which feeds and API it names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin

from scrapy.http import Response, TextResponse

from cleaners.sniff import binary_format

_ARTICLE_TYPE: Final = re.compile(r"(?:\w*Article|BlogPosting|Report|LiveBlogPosting)", re.ASCII)
_MAX_JSON_LD: Final = 500_000  # characters; a longer block is data, not a description of the page
_FEED_TYPES: Final = frozenset({"application/rss+xml", "application/atom+xml"})
_WORDPRESS_API: Final = "https://api.w.org/"


def unreadable(response: Response) -> str | None:
    """Why a response is no page of text, or `None` if it may be one."""
    kind = content_type(response) or "no content type"
    if not isinstance(response, TextResponse):
        return f"the server sent {kind}, not a page of text"
    found = binary_format(response.body)
    return f"the body is a {found} file, though the server calls it {kind}" if found else None


def content_type(response: Response) -> str | None:
    """The content type as the server gave it."""
    value = response.headers.get("Content-Type")
    return value.decode("latin-1") if value else None


def article_evidence(response: TextResponse) -> str | None:
    """What on the page says that it is an article, or `None`."""
    declared = response.xpath("//meta[@property='og:type' or @name='og:type']/@content").get("")
    if declared.strip().lower() == "article":
        return "the page declares og:type article"
    for found in _json_ld_types(response):
        if _ARTICLE_TYPE.fullmatch(found):
            return f"the page's JSON-LD declares {found}"
    return "the page holds exactly one article element" if _holds_one_article(response) else None


def _holds_one_article(response: TextResponse) -> bool:
    """Whether all article elements stand in the first one, as comments do. Linear, however deep they nest."""
    root = response.selector.root
    first = next(root.iter("article"), None)
    if first is None:
        return False
    return sum(1 for _ in first.iter("article")) == sum(1 for _ in root.iter("article"))


def _json_ld_types(response: TextResponse) -> Iterator[str]:
    for text in response.xpath("//script[@type='application/ld+json']/text()").getall():
        if len(text) > _MAX_JSON_LD:
            continue
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue  # broken JSON-LD is common and says nothing; other evidence may
        yield from _types(data)


def _types(data: Any) -> Iterator[str]:
    """The types of the page's own nodes: the top level and its `@graph`, nothing they refer to."""
    for node in data if isinstance(data, list) else [data]:
        if not isinstance(node, dict):
            continue
        kinds = node.get("@type")
        yield from (kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str))
        if isinstance(node.get("@graph"), list):
            yield from _types([entry for entry in node["@graph"] if isinstance(entry, dict)])


def feed_links(response: TextResponse) -> list[str]:
    """The feeds of articles that a page names, those of comments left out."""
    links = response.xpath("//link[contains(concat(' ', @rel, ' '), ' alternate ')]")
    found = (
        urljoin(response.url, link.attrib["href"].strip())
        for link in links
        if link.attrib.get("type", "").strip().lower() in _FEED_TYPES and link.attrib.get("href")
    )
    return list(dict.fromkeys(url for url in found if "/comments/" not in url))


def wordpress_api(response: Response) -> str | None:
    """The root of the WordPress REST API that a page names in its headers or its head."""
    for header in response.headers.getlist("Link"):
        for part in header.decode("latin-1").split(","):
            target, _, relation = part.partition(";")
            if _WORDPRESS_API in relation:
                return urljoin(response.url, target.strip().strip("<>"))
    if not isinstance(response, TextResponse):
        return None
    href = response.xpath(f"//link[@rel='{_WORDPRESS_API}']/@href").get()
    return urljoin(response.url, href.strip()) if href else None
