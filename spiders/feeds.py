"""The items of feeds: RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0 (RFC 4287), JSON Feed 1.0 and 1.1."""

from __future__ import annotations

import copy
import html
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lxml import etree

from cleaners.authors import MAX_AUTHORS, split_authors
from cleaners.limits import MAX_ELEMENTS
from cleaners.strings import clean_string, repair, unique
from cleaners.urls import MAX_URL_LENGTH, absolute
from cleaners.wordpress import MAX_NAME_LENGTH
from spiders.moments import parse_moment
from spiders.posts import Post, cut_short, lines_of

MAX_CATEGORIES: Final = 50
"""Categories of one item; those that hold more list words, not categories."""

_MAX_CHILDREN: Final = 1_000  # of one item that are looked at; real ones have tens
_MAX_FEED_HEAD: Final = 50  # children of a feed that are looked at for its authors; its items follow them

Children = dict[str, list[etree._Element]]

_PREFIXES: Final = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://www.w3.org/1999/xhtml": "xhtml",
}
_NAMESPACES: Final = {prefix: namespace for namespace, prefix in reversed(_PREFIXES.items())}
_RDF_ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_PAGE_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
_PLAIN_TYPES: Final = frozenset({"", "text", "text/plain"})
_HTML_TYPES: Final = frozenset({"html", "text/html", "xhtml", "application/xhtml+xml"})
_TEXTS: Final = ("content:encoded", "content", "xhtml:body", "atom:content", "description")
_SUMMARIES: Final = ("description", "summary")
_HTML_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_EMPTY_LINE: Final = re.compile(r"\n\s*\n")
_MODIFIED: Final = ("updated", "modified", "atom:updated", "dcterms:modified")
_PUBLISHED: Final = (
    *("published", "pubDate", "dc:date", "issued", "created", "atom:published", "dcterms:issued"),
    *("dcterms:created", "date"),
)
_ABSOLUTE: Final = re.compile(r"https?://[A-Za-z0-9.-]++(?::\d{1,5})?(?:[/?#][^\s<>\"\\]*)?")
_MAILED_BY: Final = re.compile(r"\S+@\S+\s+\((.+)\)")  # RSS: "ann@gazette.example (Ann Lee)"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a listing says of one address: its last change, its title, the article if it holds it whole."""

    url: str
    lastmod: datetime | None = None
    title: str | None = None
    post: Post | None = None


def children_of(element: etree._Element, *, limit: int = _MAX_CHILDREN) -> Children:
    """An element's first children by name: those of its own namespace bare, others as "dc:creator"."""
    own = _split(element)[0]
    found: Children = {}
    for child in itertools.islice(element, limit):
        namespace, name = _split(child)
        key = name if namespace == own else f"{_PREFIXES.get(namespace, '?')}:{name}"
        found.setdefault(key, []).append(child)
    return found


def _split(element: etree._Element) -> tuple[str, str]:
    """Namespace and name. A prefix that was not declared stands for what it stands for elsewhere."""
    tag = element.tag if isinstance(element.tag, str) else ""
    namespace, _, name = tag.rpartition("}")
    if not namespace and ":" in name:
        prefix, _, name = name.partition(":")
        return _NAMESPACES.get(prefix, prefix), name
    return namespace[1:], name


def text_in(element: etree._Element) -> str:
    """All text of an element, without white space around it."""
    return ("".join(element.itertext()) if len(element) else element.text or "").strip()


def address_in(text: str, base: str) -> str | None:
    """A link as an address on the web, or `None`."""
    return text if len(text) <= MAX_URL_LENGTH and _ABSOLUTE.fullmatch(text) else absolute(text, base)


def xml_entry(item: etree._Element, url: str, *, with_text: bool = True) -> Entry | None:
    """An RSS item or Atom entry of the feed at `url`; `None` if it names no address."""
    found = children_of(item)
    links = (address_in(text, _base(place, url)) for place, text in _links(item, found))
    link = next(filter(None, links), None)
    if link is None:
        return None
    title = _title(found)
    modified, published = _moment(found, _MODIFIED), _moment(found, _PUBLISHED)
    text = full_text(item, title=title) if with_text else None
    if text is None:
        return Entry(link, modified or published, title)
    post = Post(
        link=link,
        title=title,
        html=text,
        published=published,
        modified=modified,
        authors=_names(_authors(item, found)),
        categories=_categories(found),
    )
    return Entry(link, modified or published, title, post)


def full_text(item: etree._Element, *, title: str | None = None) -> str | None:
    """The HTML of the whole article that an item of a feed holds; `None` where it holds a part or nothing."""
    found = children_of(item)
    summary = next((_markup(one) for name in _SUMMARIES for one in found.get(name, ())), None)
    text = max((_markup(one) for name in _TEXTS for one in found.get(name, ())), key=len, default="")
    return None if cut_short(text, title=title, summary=summary) else text


def _links(item: etree._Element, found: Children) -> Iterator[tuple[etree._Element, str]]:
    """Where an item's address may stand, the best place first."""
    own, foreign = found.get("link", []), found.get("atom:link", [])
    places = [*found.get("feedburner:origLink", ()), *(link for link in own if not link.get("href"))]
    yield from ((place, text_in(place)) for place in places)
    # In Atom a link without a relation is the article's; among several the page is meant, not its PDF.
    alternates = [link for link in own if link.get("rel", "alternate").lower() == "alternate"]
    alternates.sort(key=lambda link: link.get("type", "text/html").lower() not in _PAGE_TYPES)
    yield from ((link, link.get("href", "")) for link in alternates)
    identifiers = [
        guid for guid in found.get("guid", ()) if guid.get("isPermaLink", "true").lower() != "false"
    ]
    for place in (*identifiers, *found.get("id", ())):
        if text_in(place).lower().startswith(("http://", "https://")):
            yield place, text_in(place)
    yield item, item.get(_RDF_ABOUT, "")
    yield from ((link, link.get("href", "")) for link in foreign if link.get("rel") == "alternate")


def _base(element: etree._Element, url: str) -> str:
    return absolute(element.base, url) or url


def _markup(element: etree._Element) -> str:
    """The HTML that an element holds: as escaped text, as elements, or as plain text where Atom says so."""
    kind = element.get("type", "").strip().lower()
    if len(element):
        return _serialised(element)
    if kind not in _PLAIN_TYPES | _HTML_TYPES:
        return ""  # a picture, a document of another kind
    text = element.text or ""
    is_atom = _PREFIXES.get(_split(element)[0]) == "atom"
    if is_atom and kind in _PLAIN_TYPES and element.get("mode") != "escaped":
        return _paragraphs(html.escape(text, quote=False))
    return text if "<" in text else _paragraphs(text)


def _serialised(element: etree._Element) -> str:
    """The elements inside an element as HTML, namespaces off; nothing where they are too many."""
    holder = copy.deepcopy(element)
    inside = list(itertools.islice(holder.iter(etree.Element), MAX_ELEMENTS + 1))
    if len(inside) > MAX_ELEMENTS:
        return ""
    for inner in inside:
        name = _split(inner)[1]
        inner.tag = name if _HTML_NAME.fullmatch(name) else "div"
    etree.cleanup_namespaces(holder)
    pieces = (etree.tostring(child, encoding="unicode", method="html") for child in holder)
    return html.escape(holder.text or "", quote=False) + "".join(pieces)


def _paragraphs(text: str) -> str:
    """Text without tags as HTML: an empty line parts paragraphs."""
    parts = (part.strip().replace("\n", "<br>") for part in _EMPTY_LINE.split(text))
    return "".join(f"<p>{part}</p>" for part in parts if part)


def _title(found: Children) -> str | None:
    for element in (*found.get("title", ()), *found.get("dc:title", ())):
        title = clean_string(" ".join(lines_of(_markup(element))))
        if title:
            return title
    return None


def _moment(found: Children, names: Iterable[str]) -> datetime | None:
    moments = (parse_moment(text_in(element)) for name in names for element in found.get(name, ()))
    return next((moment for moment in moments if moment), None)


def _authors(item: etree._Element, found: Children) -> list[str]:
    """The author fields of an item; an Atom entry without any has those of its feed (RFC 4287, 4.2.1)."""
    parent = item.getparent() if _split(item)[1] == "entry" else None
    for place in (found, {} if parent is None else children_of(parent, limit=_MAX_FEED_HEAD)):
        for name in ("dc:creator", "author", "atom:author"):
            values = [_author(element) for element in place.get(name, ())]
            if any(values):
                return values
    return []


def _author(element: etree._Element) -> str:
    names = children_of(element).get("name")
    text = text_in(names[0] if names else element)
    mailed = _MAILED_BY.fullmatch(text[: 2 * MAX_NAME_LENGTH])
    return mailed[1] if mailed else text


def _names(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(unique(name for value in values for name in split_authors(value))[:MAX_AUTHORS])


def _categories(found: Children) -> tuple[str, ...]:
    places = [*found.get("category", ()), *found.get("dc:subject", ())]
    texts = (place.get("label") or place.get("term") or text_in(place) for place in places)
    return _labels(texts)


def _labels(texts: Iterable[str]) -> tuple[str, ...]:
    labels = (clean_string(text) for text in itertools.islice(texts, MAX_CATEGORIES))
    return tuple(unique(label for label in labels if label and len(label) <= MAX_NAME_LENGTH))


def json_entry(item: Any, url: str, *, feed: dict[str, Any], with_text: bool = True) -> Entry | None:
    """An item of the JSON Feed at `url`; `None` if it names no address."""
    if not isinstance(item, dict):
        return None
    identifier = _string(item, "id")
    link = address_in(_string(item, "url"), url) or address_in(identifier if "://" in identifier else "", url)
    if link is None:
        return None
    title = clean_string(_string(item, "title"))
    modified, published = (parse_moment(_string(item, name)) for name in ("date_modified", "date_published"))
    plain, summary = (html.escape(_string(item, name), quote=False) for name in ("content_text", "summary"))
    text = _string(item, "content_html") or _paragraphs(plain)
    if not with_text or cut_short(text, title=title, summary=summary):
        return Entry(link, modified or published, title)
    tags = item.get("tags")
    post = Post(
        link=link,
        title=title,
        html=text,
        published=published,
        modified=modified,
        authors=_names(_json_authors(item) or _json_authors(feed)),
        categories=_labels(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )
    return Entry(link, modified or published, title, post)


def _json_authors(holder: dict[str, Any]) -> list[str]:
    """Names in "authors", or in the "author" of version 1.0."""
    authors = holder.get("authors")
    values = authors if isinstance(authors, list) else [holder.get("author")]
    return [_string(value, "name") for value in values if isinstance(value, dict)]


def _string(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return repair(value) if isinstance(value, str) else ""
