"""Where a site lists its articles itself: sitemaps, indexes of sitemaps, feeds.

Sitemaps are those of sitemaps.org, with the news extension, as XML or as lists of addresses; the items of
feeds are read by `spiders.feeds`. What a listing is, is told by its content: servers call it many things.
"""

from __future__ import annotations

import html.entities
import itertools
import json
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from io import BytesIO
from typing import Final
from urllib.parse import urlsplit

from lxml import etree
from scrapy.utils.gz import gunzip
from w3lib.encoding import read_bom, resolve_encoding

from cleaners.parse import MOSTLY_VALID_SHARE, utf_16_without_bom
from cleaners.strings import clean_string, repair
from spiders.feeds import Entry, address_in, children_of, json_entry, text_in, xml_entry
from spiders.moments import parse_moment

__all__ = ["MAX_ENTRIES", "Entry", "Listing", "ListingKind", "read_listing"]

MAX_ENTRIES: Final = 50_000
"""Entries that are read of one listing: as many as the protocol allows a sitemap; feeds have tens."""

MAX_POSTS: Final = 1_000
"""Items of a feed that are looked at for the whole article; those after them are fetched as pages."""

_GZIP_MAGIC: Final = b"\x1f\x8b"
_MAX_GZIP_LAYERS: Final = 2  # some servers pack a file that is packed already
_HEAD_SIZE: Final = 10_000  # characters in which the first element must begin, behind warnings and comments
_MAX_REPAIRS: Final = (
    500_000  # stretches looked at whether they are XML, in about a second; 10 for each entry
)
_MAX_STRETCH: Final = (
    2_400_000  # characters, of four bytes at most: libxml2 takes 10 million bytes, and no more
)
_NAMES: Final = {"sitemap": "the sitemap", "index": "the index of sitemaps", "feed": "the feed"}
_NO_DATE: Final = datetime.min.replace(tzinfo=UTC)

_DECLARED: Final = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s{0,9}=\s{0,9}["']([\w.:-]{2,40})["']""")
_OPENING: Final = re.compile(
    r"<!--(?:.*?-->|.*)|<(?P<page>!doctype\s+html|html|head|body)\b|"
    r"<(?P<root>(?:[\w.-]+:)?(?P<name>urlset|sitemapindex|rss|feed|rdf))(?=[\s/>])",
    re.IGNORECASE | re.DOTALL,
)
_EMPTY_ROOT: Final = re.compile(r"<[^<>]*/>")
_LAST_ITEM: Final = re.compile(r".*</(?:[\w.-]{1,40}:)?(?:url|sitemap|item|entry)\s{0,9}>", re.DOTALL)
_CONTROL: Final = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NO_XML: Final = re.compile(
    r"(?P<whole><!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)|<\?(?:.*?\?>|.*))|"
    r"(?P<bare><)(?![^<>]*>)|"
    r"(?P<void>&#(?:x0*(?:[0-8bcBCeEfF]|1[0-9a-fA-F])|0*(?:[0-8]|1[124-9]|2\d|3[01])|"
    r"x[dD][89a-fA-F][0-9a-fA-F]{2}|55(?:29[6-9]|[3-9]\d\d)|56\d{3}|57(?:[0-2]\d\d|3[0-3]\d|34[0-3]));)|"
    r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)(?P<name>\w{1,40};)?",
    re.DOTALL,
)
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_JSON_FEED: Final = "jsonfeed.org/version/"


class ListingKind(StrEnum):
    """What a listing lists."""

    SITEMAP = "sitemap"
    INDEX = "index"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Listing:
    """A sitemap, an index of sitemaps or a feed, the newest entries first, each address once.

    `damage` says what of the file was not read and why, if anything; all other entries are there.
    """

    kind: ListingKind
    entries: list[Entry] = field(default_factory=list)
    damage: str | None = None


def read_listing(body: bytes, url: str, *, max_size: int) -> Listing | None:
    """The listing in `body`, gzipped or not; `None` if it is none. `max_size` bounds its unpacked bytes.

    A list of addresses is told by its lines, or by a `url` that ends in ".txt". The charset is that of the
    byte order mark or of the XML declaration; UTF-8 that is declared as something else is read as UTF-8.
    """
    for _ in range(_MAX_GZIP_LAYERS):
        if body.startswith(_GZIP_MAGIC):
            body = _unpack(body, max_size)
    text = repair(body.decode(_encoding_of(body), "replace").removeprefix("\ufeff"))
    openings = _OPENING.finditer(text, 0, _HEAD_SIZE)
    opening = next((found for found in openings if found["page"] or found["root"]), None)
    if opening:
        return _read_xml(text[opening.start() :], opening, url) if opening["root"] else None
    return _read_json_feed(text, url) if text.lstrip().startswith("{") else _read_addresses(text, url)


def _unpack(body: bytes, max_size: int) -> bytes:
    try:
        return gunzip(body, max_size=max_size)
    except (OSError, EOFError, struct.error, zlib.error, ValueError):
        # No gzip after all, or (Scrapy's private kind of ValueError) larger than allowed: no listing.
        return b""


def _encoding_of(body: bytes) -> str:
    """The codec for a listing's bytes. What reads as UTF-8 is UTF-8, whatever it declares."""
    marked = read_bom(body)[0] or utf_16_without_bom(body)
    match = _DECLARED.search(body, 0, _HEAD_SIZE)
    declared = _codec(match[1].decode("ascii")) if match else None
    if marked or (declared and "2022" in declared):  # ISO-2022 is ASCII to the eye of a machine
        return marked or declared or "utf-8"
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        if declared and declared != "utf-8":
            return declared
        non_ascii = len(body) - len(body.decode("ascii", "ignore"))
        wrong = body.decode("utf-8", "replace").count("\ufffd")
        return "utf-8" if wrong <= MOSTLY_VALID_SHARE * non_ascii else "cp1252"
    return "utf-8"


def _codec(name: str) -> str | None:
    """The codec that a declared charset names; `None` where it names none of texts."""
    found = resolve_encoding(name)
    try:
        b"a".decode(found or "", "replace")
    except (LookupError, ValueError):
        return None
    return found


def _read_xml(text: str, opening: re.Match[str], url: str) -> Listing:
    """The listing that `text` is from its first element on. Without a DOCTYPE no entities are defined."""
    name = opening["name"].lower()
    try:
        return _read_elements(text.encode(), name, url, [])
    except etree.XMLSyntaxError:
        text, damage = _repair(text, opening["root"])
        return _read_elements(text.encode(), name, url, damage, recover=True)


def _read_elements(data: bytes, name: str, url: str, damage: list[str], *, recover: bool = False) -> Listing:
    if name in {"urlset", "sitemapindex"}:
        kind = ListingKind.SITEMAP if name == "urlset" else ListingKind.INDEX
        places = _elements(data, ("url", "sitemap"), damage, recover=recover)
        return _listing(kind, (_sitemap_entry(place, url) for place in places), damage)
    items = enumerate(_elements(data, ("item", "entry"), damage, recover=recover))
    found = (xml_entry(item, url, with_text=at < MAX_POSTS) for at, item in items)
    return _listing(ListingKind.FEED, found, damage)


def _repair(text: str, root: str) -> tuple[str, list[str]]:
    """A document that is no XML, nearer to it, and what was lost by that."""
    damage = []
    text = _CONTROL.sub("", text)
    excess = next(itertools.islice(_NO_XML.finditer(text), _MAX_REPAIRS, None), None)
    if excess:
        text = text[: excess.start()]
        damage.append("too much of it is no XML")
    end = text.rfind(f"</{root}")
    if end >= 0:
        text = f"{text[:end]}</{root}>"  # servers print warnings behind it
    elif not _EMPTY_ROOT.match(text):
        # What was cut off may be half an address, or half an article.
        last = _LAST_ITEM.match(text)
        text = f"{last[0]}</{root}>" if last else f"<{root}/>"
        damage.extend([] if damage else ["it ends before its end"])
    return _NO_XML.sub(_repaired, text), damage


def _repaired(match: re.Match[str]) -> str:
    """A stretch of a document as XML has it: names of HTML as their characters, bare marks escaped."""
    if match["whole"]:
        return match["whole"] if len(match["whole"]) <= _MAX_STRETCH else ""
    if match["bare"]:
        return "&lt;"
    if match["void"]:  # the number of a control or of half a character, which XML does not have
        return ""
    name = match["name"] or ""
    character = html.entities.html5.get(name, "")
    return character if character and character not in "<>&\"'" else f"&amp;{name}"


def _elements(
    data: bytes, names: Iterable[str], damage: list[str], *, recover: bool
) -> Iterator[etree._Element]:
    """The elements of the given local names in a document, one after the other, each gone with the next.

    With `recover`, what is malformed is passed over and said in `damage`; without, `etree.XMLSyntaxError` is
    raised. Nothing is loaded, and libxml2's bounds of depth and length hold.
    """
    parser = etree.iterparse(
        BytesIO(data),
        events=("end",),
        tag=[f"{{*}}{name}" for name in names],
        recover=recover,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    last: etree._Element | None = None
    try:
        for _, element in parser:
            yield element
            parent = last.getparent() if last is not None else None
            if last is not None and parent is not None:
                parent.remove(last)
            element.clear()
            last = element
    except etree.XMLSyntaxError as error:
        if not recover:
            raise
        damage.extend([] if damage else [error.msg or "no XML"])
    # Behind a line's end libxml2 repeats the document.
    fatal = (
        error.message.partition("\n")[0]
        for error in parser.error_log
        if error.level == etree.ErrorLevels.FATAL
    )
    damage.extend([] if damage else itertools.islice(fatal, 1))


def _sitemap_entry(element: etree._Element, url: str) -> Entry | None:
    """An address of a sitemap. Its pictures and films, which have addresses of their own, are left out."""
    found = children_of(element)
    link = next((text_in(child) for child in found.get("loc", ())), "")
    address = address_in(link, url)
    if address is None:
        return None
    news = [children_of(child) for child in found.get("news:news", ())]
    times = found.get("lastmod", []) + [time for one in news for time in one.get("publication_date", ())]
    moments = (parse_moment(text_in(time)) for time in times)
    titles = (clean_string(text_in(title)) for one in news for title in one.get("title", ()))
    return Entry(address, next(filter(None, moments), None), next(titles, None))


def _read_json_feed(text: str, url: str) -> Listing | None:
    if _JSON_FEED not in text:
        return None
    try:
        feed = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        return Listing(ListingKind.FEED, [], f"the feed was not read: {error}")
    version = feed.get("version") if isinstance(feed, dict) else None
    if not isinstance(version, str) or _JSON_FEED not in version:
        return None
    items = feed.get("items")
    damage = [] if isinstance(items, list) else ["it has no list of items"]
    numbered = enumerate(items if isinstance(items, list) else ())
    found = (json_entry(item, url, feed=feed, with_text=at < MAX_POSTS) for at, item in numbered)
    return _listing(ListingKind.FEED, found, damage)


def _read_addresses(text: str, url: str) -> Listing | None:
    """A list of addresses, one a line: all lines, or by its name most of them."""
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    addresses = [line for line in lines if _ADDRESS.fullmatch(line)]
    is_named = urlsplit(url).path.lower().endswith((".txt", ".txt.gz"))
    if not addresses or len(addresses) < (len(lines) / 2 if is_named else len(lines)):
        return None
    damage = [f"lines that are no addresses: {len(lines) - len(addresses):,}"] if lines != addresses else []
    found = (Entry(address) if (address := address_in(line, url)) else None for line in addresses)
    return _listing(ListingKind.SITEMAP, found, damage)


def _listing(kind: ListingKind, found: Iterable[Entry | None], damage: list[str]) -> Listing:
    """The listing of the entries found, as many as are read of one; those without an address are counted."""
    entries: dict[str, Entry] = {}
    read = nameless = 0
    for entry in found:
        read += 1
        if read > MAX_ENTRIES:
            damage.append(f"it has more than {MAX_ENTRIES:,} entries; the others were left out")
            break
        if entry is None:
            nameless += 1
            continue
        held = entries.get(entry.url)
        if held is None or (entry.lastmod or _NO_DATE) > (held.lastmod or _NO_DATE):
            entries[entry.url] = entry
    if nameless:
        damage.append(f"entries that name no address: {nameless:,}")
    ordered = sorted(entries.values(), key=lambda entry: entry.lastmod or _NO_DATE, reverse=True)
    problem = f"{_NAMES[kind]} was not read whole: {'; '.join(damage)}" if damage else None
    return Listing(kind, ordered, problem)
