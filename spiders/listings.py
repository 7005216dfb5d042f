"""Where a site lists its articles itself: sitemaps, indexes of sitemaps, RSS and Atom feeds."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urljoin

from dateutil.parser import isoparse
from lxml import etree
from scrapy.utils.gz import gunzip
from scrapy.utils.sitemap import Sitemap

_GZIP_MAGIC: Final = b"\x1f\x8b"
_ROOT_WINDOW: Final = 4_000  # bytes in which the first element of a listing must begin
_NO_DATE: Final = datetime.min.replace(tzinfo=UTC)


class ListingKind(StrEnum):
    """What a listing lists."""

    SITEMAP = "sitemap"
    INDEX = "index"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Entry:
    """An address and the time that the listing gives for its last change."""

    url: str
    lastmod: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A sitemap, an index of sitemaps or a feed, the newest entries first.

    `damage` says what was wrong with the file, if anything; the entries before the damage are there.
    """

    kind: ListingKind
    entries: list[Entry] = field(default_factory=list)
    damage: str | None = None


def read_listing(body: bytes, url: str, *, max_size: int) -> Listing | None:
    """The listing in `body`, gzipped or not; `None` if it is none. `max_size` bounds its unpacked bytes.

    The kind is told by the content, as servers give sitemaps and feeds all sorts of content types.
    """
    if body.startswith(_GZIP_MAGIC):
        body = _unpack(body, max_size)
    head = body[:_ROOT_WINDOW].lower()
    if b"<urlset" in head or b"<sitemapindex" in head:
        return _read_sitemap(body, url)
    if b"<rss" in head or b"<feed" in head or b"<rdf:rdf" in head:
        return _read_feed(body, url)
    return None


def _unpack(body: bytes, max_size: int) -> bytes:
    try:
        return gunzip(body, max_size=max_size)
    except (OSError, EOFError, struct.error, zlib.error, ValueError):
        # No gzip after all, or (Scrapy's private kind of ValueError) larger than allowed: no listing.
        return b""


def _read_sitemap(body: bytes, url: str) -> Listing:
    entries: list[Entry] = []
    damage = None
    kind = ListingKind.SITEMAP
    try:
        sitemap = Sitemap(body)
        if sitemap.type == "sitemapindex":
            kind = ListingKind.INDEX
        entries.extend(
            Entry(urljoin(url, found["loc"]), parse_moment(found.get("lastmod")))
            for found in sitemap
            if found.get("loc")
        )
    except (etree.XMLSyntaxError, StopIteration) as error:
        damage = f"the sitemap is damaged: {error}"
    return Listing(kind, _newest_first(entries), damage)


def _read_feed(body: bytes, url: str) -> Listing:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    try:
        root: etree._Element | None = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        return Listing(ListingKind.FEED, [], f"the feed is damaged: {error}")
    if root is None:
        return Listing(ListingKind.FEED, [], "the feed is damaged: no element in it")
    items = (element for element in root.iter() if _name(element) in {"item", "entry"})
    entries = [entry for item in items if (entry := _feed_entry(item, url))]
    return Listing(ListingKind.FEED, _newest_first(entries))


def _feed_entry(item: etree._Element, base: str) -> Entry | None:
    link = lastmod = None
    for child in item:
        name, text = _name(child), (child.text or "").strip()
        if name == "link" and child.get("rel", "alternate") == "alternate":
            link = link or child.get("href") or text
        elif name in {"updated", "pubDate", "published", "date"}:
            lastmod = lastmod or parse_moment(text)
    return Entry(urljoin(base, link), lastmod) if link else None


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _newest_first(entries: list[Entry]) -> list[Entry]:
    unique = {entry.url: entry for entry in entries}
    return sorted(unique.values(), key=lambda entry: entry.lastmod or _NO_DATE, reverse=True)


def parse_moment(text: str | None) -> datetime | None:
    """An ISO 8601 or RFC 2822 time, in UTC where it names no zone; `None` for anything else."""
    if not text:
        return None
    for parse in (isoparse, parsedate_to_datetime):
        try:
            moment: datetime = parse(text.strip())
        except (ValueError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
