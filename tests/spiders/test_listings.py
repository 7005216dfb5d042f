from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from spiders.listings import Entry, ListingKind, parse_moment, read_listing

BASE = "http://a.example/"
MAX = 1_000_000


def test_sitemap_newest_first_without_repeats() -> None:
    body = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <url><loc>http://a.example/old</loc><lastmod>2020-01-01</lastmod></url>
    <url><loc> /undated </loc></url>
    <url><loc>http://a.example/new</loc><lastmod>2024-05-01T10:00:00+02:00</lastmod></url>
    <url><loc>http://a.example/old</loc><lastmod>2020-01-01</lastmod></url><url></url></urlset>"""
    for data in (body, gzip.compress(body)):
        listing = read_listing(data, BASE, max_size=MAX)
        assert listing
        assert listing.kind is ListingKind.SITEMAP
        assert [entry.url for entry in listing.entries] == [f"{BASE}new", f"{BASE}old", f"{BASE}undated"]
        assert listing.entries[1].lastmod == datetime(2020, 1, 1, tzinfo=UTC)


def test_index() -> None:
    body = b"<sitemapindex><sitemap><loc>http://a.example/1.xml</loc></sitemap></sitemapindex>"
    listing = read_listing(body, BASE, max_size=MAX)
    assert listing
    assert listing.kind is ListingKind.INDEX
    assert listing.entries == [Entry("http://a.example/1.xml")]


@pytest.mark.parametrize(
    "body",
    [
        b"<rss version='2.0'><channel><link>/</link><item><link>/one</link>"
        b"<pubDate>Wed, 01 May 2024 10:00:00 +0000</pubDate></item></channel></rss>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><link href='/'/><entry><link rel='self' href='/no'/>"
        b"<link href='/one'/><updated>2024-05-01T10:00:00Z</updated></entry></feed>",
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
        b"xmlns:dc='http://purl.org/dc/elements/1.1/'><item><link>/one</link>"
        b"<dc:date>2024-05-01T10:00:00Z</dc:date></item></rdf:RDF>",
    ],
)
def test_feeds(body: bytes) -> None:
    listing = read_listing(body, BASE, max_size=MAX)
    assert listing
    assert listing.kind is ListingKind.FEED
    assert listing.entries == [Entry(f"{BASE}one", datetime(2024, 5, 1, 10, tzinfo=UTC))]


def test_damaged_sitemap_keeps_what_came_before() -> None:
    body = b"<urlset><url><loc>http://a.example/1</loc></url><url><loc>http://a.example/2</lo"
    listing = read_listing(body, BASE, max_size=MAX)
    assert listing
    assert Entry("http://a.example/1") in listing.entries


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Not found</body></html>",
        b"\x1f\x8bnot gzip",
        gzip.compress(b"<urlset>" + b" " * 2_000_000),
    ],
)
def test_no_listing(body: bytes) -> None:
    assert read_listing(body, BASE, max_size=MAX) is None


def test_entities_are_not_expanded() -> None:
    body = b"""<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM
    "file:///etc/passwd">]><rss><channel><item><link>/x&c;</link></item></channel></rss>"""
    listing = read_listing(body, BASE, max_size=MAX)
    assert listing
    assert all("root" not in entry.url for entry in listing.entries)


@pytest.mark.parametrize(
    "text", [None, "", "yesterday", "0000-00-00", "99999-01-01", "Wed, 99 May 2024 10:00:00"]
)
def test_no_moment(text: str | None) -> None:
    assert parse_moment(text) is None
