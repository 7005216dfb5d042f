"""What a page says about itself: headline, authors, times, canonical address, kind of page.

Read from JSON-LD, meta elements, the first heading and microdata, in one pass over the few elements
that can hold them. Nothing is guessed from running text.
"""

from __future__ import annotations

import html
import itertools
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any, Final

from dateutil import parser as dateparser
from lxml import etree
from lxml.html import HtmlElement

from cleaners.urls import absolute, domain_label

MAX_JSON_LENGTH: Final = 300_000
"""Characters of JSON-LD that are read of one page; the article's own entry stands in the first few."""

MAX_JSON_NODES: Final = 2_000
"""Objects of the JSON-LD that are looked at."""

MAX_STRING_LENGTH: Final = 2_000
"""Characters of any one value that is kept."""

MAX_DATE_LENGTH: Final = 64
MAX_AUTHORS: Final = 30
MAX_HEADINGS: Final = 5
MAX_MARKED: Final = 200
"""Elements with microdata that are looked at, from the page's start."""

MAX_ELEMENTS: Final = 3_000
"""Elements of the one pass (meta, link, title, script, h1, time) that are looked at."""

EARLIEST_YEAR: Final = 1700
LATEST_YEAR: Final = 2100
"""Years outside are mistakes: the oldest newspapers have put themselves online, none from the future."""


@dataclass(slots=True, kw_only=True)
class Metadata:
    """What the page says about itself. All strings have single spaces and no surrounding ones.

    `titles` holds every string that the page offers as its title, site suffixes on and off, for
    finding the blocks that repeat it. Times are in UTC where the page gives a zone, naive where it
    gives none. `language_hint` is the language tag that the page declares ("en-US"), which is often
    the template's and not the text's. `page_type` is what Open Graph says ("article"), else the
    JSON-LD type; `schema_types` are all JSON-LD types of the page's own entries.
    """

    title: str | None = None
    titles: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    published: datetime | None = None
    modified: datetime | None = None
    canonical_url: str | None = None
    site_name: str | None = None
    language_hint: str | None = None
    description: str | None = None
    page_type: str | None = None
    schema_types: list[str] = field(default_factory=list)


def extract_metadata(root: HtmlElement, url: str | None) -> Metadata:
    """The metadata of a parsed page or fragment; `url` completes relative addresses."""
    head = _collect(root)
    graph = list(_json_ld(head.scripts))
    main = _main_entry(graph)
    language = _language_hint(root, head)
    base = absolute(head.base, url) or url
    canonical = absolute(head.canonical, base) or absolute(_first(head.meta, "og:url"), base)
    site_name = _first(head.meta, "og:site_name", "application-name") or _publisher(main)
    title, titles = _titles(head, main, site_name, domain_label(canonical or url))
    authors = _first_authors(_json_authors(main, graph), _metas(head, _AUTHOR))
    published = _first_date([*_dates(graph, main, "datePublished"), *_metas(head, _PUBLISHED)], language)
    modified = _first_date([*_dates(graph, main, "dateModified"), *_metas(head, _MODIFIED)], language)
    if not authors or not published:  # these take a look at every element of the page
        micro = _microdata(root)
        authors = authors or _first_authors(micro.authors) or _first_authors(_rel_authors(root))
        published = published or _first_date([*micro.published, *head.likely_time()], language)
        modified = modified or _first_date(micro.modified, language)
    return Metadata(
        title=title,
        titles=titles,
        authors=authors,
        published=published,
        modified=modified,
        canonical_url=canonical,
        site_name=site_name,
        language_hint=language,
        description=_first(head.meta, "og:description", "description", "twitter:description"),
        page_type=_first(head.meta, "og:type") or next(iter(_strings(main.get("@type"))), None),
        schema_types=_unique(kind for node in graph for kind in _strings(node.get("@type"))),
    )


# --- One pass over the elements that can hold metadata ---------------------------------------------

_PUBLISHED: Final = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "article.published",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "dc.date.created",
    "citation_publication_date",
    "citation_online_date",
    "date",
)
_MODIFIED: Final = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "article.updated",
    "lastmod",
    "last-modified",
    "revised",
)
_AUTHOR: Final = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "article.author",
    "byl",
    "dcterms.creator",
    "dc.creator",
    "citation_author",
)


@dataclass(slots=True)
class _Head:
    """The raw strings of the elements that can hold metadata, the first or first few of each."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    canonical: str | None = None
    base: str | None = None
    title: str | None = None
    headings: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    early_times: list[str] = field(default_factory=list)

    def add_meta(self, element: etree._Element) -> None:
        attributes = dict(element.items())
        content = _clean(attributes.get("content"))
        name = attributes.get("property") or attributes.get("name") or attributes.get("http-equiv")
        for key in (name, attributes.get("itemprop")):
            if key and content:
                self.meta.setdefault(key.strip().lower(), []).append(content)

    def add_link(self, element: etree._Element) -> None:
        if self.canonical is None and "canonical" in (element.get("rel") or "").lower().split():
            self.canonical = element.get("href")

    def add_script(self, element: etree._Element) -> None:
        if element.text and "ld+json" in (element.get("type") or "").lower():
            self.scripts.append(element.text)

    def add_title(self, element: etree._Element) -> None:
        parent = element.getparent()
        # Drawings (svg) have titles of their own.
        if self.title is None and (parent is None or parent.tag in {"head", "html", "body"}):
            self.title = _clean(element.text)

    def add_heading(self, element: etree._Element) -> None:
        if len(self.headings) < MAX_HEADINGS and (text := _text_of(element)):
            self.headings.append(text)

    def add_time(self, element: etree._Element) -> None:
        value = element.get("datetime") or _text_of(element)
        if value:
            (self.times if self.headings else self.early_times).append(value)

    def likely_time(self) -> list[str]:
        """The first time below the headline, else the only one above it: several are a ticker's."""
        return self.times[:1] or (self.early_times if len(self.early_times) == 1 else [])

    def add_base(self, element: etree._Element) -> None:
        if self.base is None:
            self.base = element.get("href")


_COLLECTORS: Final = {
    "meta": _Head.add_meta,
    "link": _Head.add_link,
    "script": _Head.add_script,
    "title": _Head.add_title,
    "h1": _Head.add_heading,
    "time": _Head.add_time,
    "base": _Head.add_base,
}


def _collect(root: HtmlElement) -> _Head:
    head = _Head()
    for element in itertools.islice(root.iter(*_COLLECTORS), MAX_ELEMENTS):
        _COLLECTORS[str(element.tag)](head, element)
    return head


@dataclass(slots=True)
class _Microdata:
    authors: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)


_WITH_ITEMPROP: Final = etree.XPath("/descendant::*[@itemprop]")
_WITH_REL_AUTHOR: Final = etree.XPath('/descendant::a[@rel="author"]')


def _microdata(root: HtmlElement) -> _Microdata:
    found = _Microdata()
    first_parent = None
    for element in _elements(_WITH_ITEMPROP(root)):
        kind = element.get("itemprop")
        if kind == "author":
            # Further authors stand beside the first; those elsewhere wrote comments or other articles.
            if first_parent is None or element.getparent() is first_parent:
                first_parent = element.getparent()
                found.authors.append(_author_of(element))
        elif kind in {"datePublished", "dateModified"}:
            value = element.get("datetime") or element.get("content") or _text_of(element) or ""
            (found.published if kind == "datePublished" else found.modified).append(value)
    return found


def _author_of(element: etree._Element) -> str:
    name = element.find('.//*[@itemprop="name"]')
    holder = element if name is None else name
    return holder.get("content") or _text_of(holder) or ""


def _rel_authors(root: HtmlElement) -> list[str]:
    linked = _elements(_WITH_REL_AUTHOR(root))
    return [_text_of(element) or "" for element in linked if element.getparent() is linked[0].getparent()]


def _elements(result: object) -> list[etree._Element]:
    found = result if isinstance(result, list) else []
    return [element for element in found[:MAX_MARKED] if isinstance(element, etree._Element)]


def _language_hint(root: HtmlElement, head: _Head) -> str | None:
    tree_root = root.getroottree().getroot()
    declared = tree_root.get("lang") or tree_root.get("xml:lang") or root.get("lang")
    value = _clean(declared) or _first(head.meta, "content-language", "og:locale") or ""
    tag = value.partition(",")[0].strip().replace("_", "-")
    return tag if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}", tag) else None


# --- JSON-LD ---------------------------------------------------------------------------------------

_WRAPPING: Final = ("<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[", "-->", "//]]>", "/*]]>*/", "]]>")
_ARTICLE_TYPE: Final = re.compile(r"(?:\w{0,40}Article|\w{0,40}Posting|Report|Review|Recipe)")
_PAGE_TYPES: Final = frozenset({"WebPage", "ItemPage", "AboutPage", "FAQPage", "QAPage"})


def _json_ld(scripts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD that speak of the page itself, in order."""
    budget, nodes = MAX_JSON_LENGTH, 0
    for script in scripts:
        budget -= len(script)
        if budget < 0:
            return
        stack = [_loads(script)]
        while stack and nodes < MAX_JSON_NODES:
            value = stack.pop()
            if isinstance(value, list):
                stack.extend(reversed(value[:MAX_JSON_NODES]))
            elif isinstance(value, dict):
                nodes += 1
                yield value
                stack.extend(value[key] for key in ("mainEntity", "@graph") if key in value)


def _loads(script: str) -> Any:
    text = script.strip()
    for _ in range(2):  # comments may wrap CDATA or the other way round
        for wrapping in _WRAPPING:
            text = text.removeprefix(wrapping).removesuffix(wrapping).strip()
    try:
        return json.loads(text.removesuffix(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _main_entry(graph: list[dict[str, Any]]) -> dict[str, Any]:
    """The entry that describes the article: the first of an article's type, else one with a headline."""
    for node in graph:
        if any(_ARTICLE_TYPE.fullmatch(kind) for kind in _strings(node.get("@type"))):
            return node
    for node in graph:
        if _strings(node.get("headline")) or not _PAGE_TYPES.isdisjoint(_strings(node.get("@type"))):
            return node
    return {}


def _publisher(main: dict[str, Any]) -> str | None:
    publisher = main.get("publisher")
    return next(iter(_strings(publisher.get("name"))), None) if isinstance(publisher, dict) else None


def _dates(graph: list[dict[str, Any]], main: dict[str, Any], name: str) -> list[Any]:
    return [main.get(name), *(node.get(name) for node in graph[:MAX_MARKED])]


def _strings(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for item in values if isinstance(item, str) and (text := _clean(item))]


# --- Title -----------------------------------------------------------------------------------------

_WORD: Final = re.compile(r"\w+")
_SEPARATOR: Final = re.compile(r"\s+(?:[|–—·•»«]|-{1,2}|::|:)\s+|\s?[|»]\s?")


def _titles(
    head: _Head, main: dict[str, Any], site_name: str | None, label: str | None
) -> tuple[str | None, list[str]]:
    """The headline, and every string that the page offers as one.

    The visible first-level heading wins where another source confirms it, since the others are often
    shortened or written for search engines.
    """
    declared = _strings(main.get("headline")) + _strings(main.get("name"))
    declared += [*head.meta.get("og:title", [])[:1], *head.meta.get("twitter:title", [])[:1]]
    if head.title:
        declared.append(head.title)
    stripped = [_without_site(title, site_name, label, head.headings) for title in declared]
    titles = _unique([*stripped, *head.headings, *declared])
    known = [_squash(title) for title in stripped]
    for heading in head.headings:
        key = _squash(heading)
        if len(key) > 3 and (key in known or any(_same_subject(heading, title) for title in stripped)):
            return heading, titles
    own_names = {_squash(site_name or ""), _squash(label or ""), ""}
    candidates = [*stripped, *head.headings, *declared]
    return next((title for title in candidates if _squash(title) not in own_names), None), titles


def _same_subject(heading: str, title: str) -> bool:
    """Whether two strings share half of the shorter one's words, three at least."""
    one, other = set(_WORD.findall(heading.casefold())), set(_WORD.findall(title.casefold()))
    shared = len(one & other)
    return shared >= 3 and 2 * shared >= min(len(one), len(other))


def _without_site(title: str, site_name: str | None, label: str | None, headings: list[str]) -> str:
    """The title without the site's and the section's name at its end, or the site's at its start."""
    own = {_squash(name) for name in (site_name, label) if name} - {""}
    shown = {_squash(heading) for heading in headings}
    cuts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(title)][:10]
    for start, _ in cuts:
        if _squash(title[:start]) in shown:
            return title[:start]
    for start, end in cuts:
        rest = _squash(title[end:])
        if rest in own or (label and rest.startswith(label) and len(rest) < len(label) + 8):
            return title[:start] or title
    if cuts and _squash(title[: cuts[0][0]]) in own:
        return title[cuts[0][1] :] or title
    if cuts and "|" in title[cuts[-1][0] : cuts[-1][1]] and len(title[: cuts[-1][0]].split()) >= 4:
        return title[: cuts[-1][0]]
    return title


def _squash(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


# --- Authors ---------------------------------------------------------------------------------------

_LABEL: Final = re.compile(
    r"(?:(?:written|posted|published|words|story|text|(?:view )?(?:all|more) posts) by|by"
    r"|(?:authors?|autore?|autor(?:in)?|auteur|автор)\s?:"
    r"|(?:von|par|por|door)(?=\s+\S+\s+\S))\s*:?\s+",
    re.IGNORECASE,
)
_SURE_BREAK: Final = re.compile(r"\s?[;|]\s?")
_BREAK: Final = re.compile(r",\s+(?:and\s+|und\s+|et\s+)?|\s+(?:and|&|und|et|y|oraz|og|och|и|та)\s+")
_PARTICLES: Final = frozenset(
    {"al", "bin", "da", "dal", "de", "del", "den", "der", "di", "dos", "du", "el", "la", "le", "ten", "ter"}
    | {"van", "von", "zu"}
)
_NO_NAME: Final = re.compile(r"https?:|www\.|[@{}<>\[\]\\]|^/|^\W*$|^\d+$", re.IGNORECASE)
_NOBODY: Final = frozenset(
    {"view all posts", "view more posts", "false", "n/a", "none", "null", "true", "undefined", "unknown"}
)


def _first_authors(*sources: Iterable[str]) -> list[str]:
    """The names of the first source that has any."""
    for source in sources:
        names = _unique(name for value in source for name in split_authors(value))
        if names:
            return names[:MAX_AUTHORS]
    return []


def _json_authors(main: dict[str, Any], graph: list[dict[str, Any]]) -> list[str]:
    named = {node["@id"]: node for node in graph if isinstance(node.get("@id"), str)}
    authors = main.get("author") or main.get("creator")
    found: list[str] = []
    for author in authors if isinstance(authors, list) else [authors]:
        person = author
        if isinstance(person, dict) and "name" not in person and isinstance(person.get("@id"), str):
            person = named.get(person["@id"], person)
        found.extend(_strings(person.get("name") if isinstance(person, dict) else person))
    return found


def split_authors(value: str) -> list[str]:
    """The names in one author field: labels off, several names parted where both sides are names."""
    names: list[str] = []
    for part in _SURE_BREAK.split(_clean(value) or ""):
        text = _LABEL.sub("", part, count=1) if _LABEL.match(part) else part
        pieces = [piece.strip(" ,") for piece in _BREAK.split(text)]
        names.extend(pieces if len(pieces) > 1 and all(map(_is_full_name, pieces)) else [text.strip(" ,")])
    return [name for name in names if _may_be_name(name)]


def _is_full_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 5 and all(word[0].isupper() or word in _PARTICLES for word in words)


def _may_be_name(name: str) -> bool:
    return (
        1 < len(name) <= 120
        and len(name.split()) <= 12
        and not _NO_NAME.search(name)
        and name.casefold() not in _NOBODY
        and (" " in name or name.count(".") < 2)  # "page.author.name" is a hole in a template
    )


# --- Times -----------------------------------------------------------------------------------------

_ISO_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d(?!\d)|\d{8}(?:T|$)")
_EPOCH: Final = re.compile(r"\d{10}(?:\d{3})?")
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_NUMERIC: Final = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{4}")
_ZONES: Final = {
    **dict.fromkeys(("UTC", "GMT", "Z", "WET"), 0),
    **dict.fromkeys(("BST", "IST", "CET", "WEST"), 1),
    **dict.fromkeys(("CEST", "EET"), 2),
    **dict.fromkeys(("EEST", "MSK"), 3),
    **dict.fromkeys(("JST", "KST"), 9),
    **dict.fromkeys(("CDT", "EST"), -5),
    **dict.fromkeys(("CST", "MDT"), -6),
    **dict.fromkeys(("MST", "PDT"), -7),
    "EDT": -4,
    "PST": -8,
}


def parse_date(value: str, language: str | None = None) -> datetime | None:
    """The moment that a metadata field names: UTC where it gives a zone, naive where it gives none.

    Dates without a day, in words of other languages than English, or outside the years that a page
    can have are none. `language`, a tag such as "en-US", decides which of two numbers is the day.
    """
    text = " ".join(value.split()) if len(value) <= 2 * MAX_DATE_LENGTH else ""
    if not 8 <= len(text) <= MAX_DATE_LENGTH:
        return None
    try:
        moment = _parse(text, language)
        if moment is None or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            return None
        if (moment.year, moment.month, moment.day) == (1970, 1, 1):  # a zero that was taken for a time
            return None
        return moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, ArithmeticError, TypeError, AttributeError, IndexError):
        # dateutil's free parser lets all of these out on one hostile string or another.
        return None


def _parse(text: str, language: str | None) -> datetime | None:
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if _ISO_DAY.match(text):
        try:
            return dateparser.isoparse(text)
        except ValueError:
            pass
    if not _YEAR.search(text):
        return None
    day_first = _day_first(text, language)
    # The parser fills what is missing from a default; where two defaults show through, a day is missing.
    one, other = (
        dateparser.parse(text, default=default, dayfirst=day_first, tzinfos=_zone)
        for default in (datetime(2000, 1, 1), datetime(2004, 2, 2))
    )
    return one if one.date() == other.date() else None


def _day_first(text: str, language: str | None) -> bool:
    numeric = _NUMERIC.match(text)
    if numeric is None:
        return False
    return numeric[1] == "." or (language or "en").lower() not in {"en", "en-us"}


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """The zone of a name or an offset in seconds; unknown names give none, whatever this machine's are."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    hours = _ZONES.get(name or "")
    return None if hours is None else timezone(timedelta(hours=hours))


def _first_date(values: Iterable[Any], language: str | None) -> datetime | None:
    moments = (parse_date(value, language) for value in values if isinstance(value, str))
    return next((moment for moment in moments if moment is not None), None)


# --- Strings ---------------------------------------------------------------------------------------


def _clean(value: str | None) -> str | None:
    if not value:
        return None
    # JSON-LD holds entities for want of a parser, attributes where a template escaped twice.
    text = html.unescape(value[: 2 * MAX_STRING_LENGTH]) if "&" in value else value[: 2 * MAX_STRING_LENGTH]
    return " ".join(text.split())[:MAX_STRING_LENGTH] or None


def _text_of(element: etree._Element) -> str | None:
    pieces: list[str] = []
    size = 0
    for piece in element.itertext():
        pieces.append(str(piece))
        size += len(piece)
        if size > MAX_STRING_LENGTH:
            break
    return _clean("".join(pieces))


def _first(meta: dict[str, list[str]], *names: str) -> str | None:
    return next((meta[name][0] for name in names if name in meta), None)


def _metas(head: _Head, names: Iterable[str]) -> list[str]:
    return [value for name in names for value in head.meta.get(name, ())]


def _unique(values: Iterable[str]) -> list[str]:
    """Each string once, upper and lower case alike, in order."""
    found: dict[str, str] = {}
    for value in values:
        found.setdefault(value.casefold(), value)
    return list(found.values())
