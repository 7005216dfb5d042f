"""What a fetched page says about itself: whether it is an article, its address, its feeds and API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final, TypeGuard
from urllib.parse import urlsplit

from scrapy.http import HtmlResponse, JsonResponse, Response, TextResponse
from scrapy.utils.response import get_base_url

from cleaners.sniff import binary_format
from cleaners.urls import absolute, site_of
from spiders.discovery import Kind, judge, normalise

_ARTICLE_TYPE: Final = re.compile(r"(?:\w*Article|BlogPosting|Report|LiveBlogPosting)", re.ASCII)
_MAX_JSON_LD: Final = 500_000  # characters; a longer block is data, not a description of the page
_JSON_TYPES: Final = frozenset({"application/json", "application/feed+json"})
_FEED_TYPES: Final = frozenset({"application/rss+xml", "application/atom+xml"}) | _JSON_TYPES
# WordPress names the JSON of each page as an alternate of it.
_API: Final = re.compile(r"/wp-json/|[?&]rest_route=|oembed", re.IGNORECASE)
_COMMENTS: Final = re.compile(
    r"/comments/|comments-rss2|=comments\b|comments[ -]feed|kommentar-feed|commentaires|comentarios|"
    r"comentários|commenti|reacties|komentarz|комментари|коментар|コメント|评论|評論|yorum",
    re.IGNORECASE,
)
_MAX_LINKS: Final = 1_000  # link elements in which an icon is looked for; pages have about 30
_FEED_PLACES: Final = ("feed/", "rss.xml", "feed.xml", "index.xml", "atom.xml", "rss")
_MAX_FEED_GUESSES: Final = 4  # each is a request for nothing on most sites
_AMP_MARKS: Final = frozenset({"amp", "⚡"})
_HEADER_LINK: Final = re.compile(r"<([^<>]{1,2000})>([^<>]*)")
# Character references of ASCII letters (HTML, section 13.5); none of the named ones stands for one.
_LETTER_REFERENCE: Final = re.compile(
    r"&#(?:0*(?:6[5-9]|[7-9]\d|1[01]\d|12[0-2])(?!\d)|x0*[4-7][\da-f](?![\da-f]))", re.ASCII | re.IGNORECASE
)
_RELATIONS: Final = re.compile(r"""\brel\s{0,9}=\s{0,9}["']?([^"';,]*)""", re.IGNORECASE)
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
    if not _has_markup(response):
        return None
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
    """The feeds of articles that a page names (RSS, Atom, JSON Feed), those of comments left out."""
    if not _has_markup(response):
        return []
    found = []
    for link in response.xpath("//link[contains(concat(' ', @rel, ' '), ' alternate ')]"):
        kind = link.attrib.get("type", "").partition(";")[0].strip().lower()
        url = _joined(response, link.attrib.get("href", ""))
        is_comments = _COMMENTS.search(f"{url} {link.attrib.get('title', '')}")
        if url and kind in _FEED_TYPES and not is_comments and not (kind in _JSON_TYPES and _API.search(url)):
            found.append(url)
    return list(dict.fromkeys(found))


def feed_guesses(home_url: str) -> list[str]:
    """Where a site's feed most often is, the likeliest place first, for a site that names none."""
    folder = home_url.partition("?")[0].partition("#")[0]
    last = urlsplit(folder).path.rpartition("/")[2]
    if "." in last:  # a file, such as "index.html"
        folder = folder.removesuffix(last)
    return [f"{folder.rstrip('/')}/{place}" for place in _FEED_PLACES[:_MAX_FEED_GUESSES]]


def canonical_of(response: Response) -> str | None:
    """The address that a page gives as its own (rel=canonical, RFC 6596) in its head or its Link header.

    `None` where it gives none or several, one of another site, or one that cannot be the page's: a template
    that names the front page or a section on all pages would fold them all into one.
    """
    named = {target for target, relations in _header_links(response) if "canonical" in relations}
    if _has_markup(response) and _may_say_canonical(response):
        links = response.xpath("/html/head/link[@rel and @href]")
        in_head = {link.attrib["href"] for link in links if "canonical" in link.attrib["rel"].lower().split()}
        named = in_head or named
    found = {normalise(url) for target in named if (url := _joined(response, target))}
    canonical = found.pop() if len(found) == 1 else None
    if canonical is None or site_of(canonical) != site_of(response.url):
        return None
    kinds = {Kind.SECTION, Kind.SKIP}
    if judge(canonical).kind in kinds and judge(response.url).kind not in kinds:
        return None
    return canonical


def _may_say_canonical(response: TextResponse) -> bool:
    """Whether an attribute of a page may hold the word; to look for it takes a tenth of parsing the page."""
    if not isinstance(response, HtmlResponse):
        return True  # XML has entities of its own
    text = response.text
    if "canonical" in text or _LETTER_REFERENCE.search(text) or "\0" in text:  # NUL is no part of a word
        return True
    return "canonical" in text.lower()


def is_variant(response: Response) -> bool:
    """Whether a page is an AMP document: `<html amp>`, `<html ⚡>`, with or without an emoji's selector."""
    if not _has_markup(response):
        return False
    return any(name.strip("\ufe0e\ufe0f") in _AMP_MARKS for name in response.selector.root.attrib)


def wordpress_api(response: Response) -> str | None:
    """The root of the WordPress REST API that a page names in its headers or its head."""
    for target, relations in _header_links(response):
        if _WORDPRESS_API in relations:
            return _joined(response, target)
    if not _has_markup(response):
        return None
    return _joined(response, response.xpath(f"//link[@rel='{_WORDPRESS_API}']/@href").get(""))


def icon_of(response: TextResponse) -> str | None:
    """The first icon that a page names (`rel=icon`, HTML, section 4.6.7.8), one in a `data:` URL left out."""
    if not _has_markup(response):
        return None
    for link in response.xpath("//link[@rel and @href]")[:_MAX_LINKS]:
        if "icon" in link.attrib["rel"].lower().split() and (url := _joined(response, link.attrib["href"])):
            return url
    return None


def _has_markup(response: Response) -> TypeGuard[TextResponse]:
    return isinstance(response, TextResponse) and not isinstance(response, JsonResponse)


def _header_links(response: Response) -> Iterator[tuple[str, list[str]]]:
    """Targets and relations of the Link headers (RFC 8288)."""
    for header in response.headers.getlist("Link"):
        for target, parameters in _HEADER_LINK.findall(header.decode("latin-1")):
            relations = _RELATIONS.search(parameters)
            yield target, relations[1].lower().split() if relations else []


def _joined(response: Response, target: str) -> str | None:
    """A page's link as an address on the web, or `None`."""
    base = get_base_url(response) if isinstance(response, TextResponse) else response.url
    return absolute(target, base)
