from __future__ import annotations

import gzip
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders import listings
from spiders.listings import MAX_POSTS, Entry, Listing, ListingKind, read_listing
from spiders.moments import parse_moment
from tests.spiders.test_posts import WHOLE

BASE = "http://a.example/"
MAX = 1_000_000
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
IMAGE = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
VIDEO = 'xmlns:video="http://www.google.com/schemas/sitemap-video/1.1"'
PROTOCOL = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
MOMENT = datetime(2024, 5, 1, 10, tzinfo=UTC)


def read(body: str | bytes, url: str = BASE, *, max_size: int = MAX) -> Listing:
    listing = read_listing(body.encode() if isinstance(body, str) else body, url, max_size=max_size)
    assert listing
    return listing


def urls(listing: Listing) -> list[str]:
    return [entry.url.removeprefix(BASE) for entry in listing.entries]


def test_sitemap_newest_first_without_repeats() -> None:
    body = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <url><loc>http://a.example/old</loc><lastmod>2020-01-01</lastmod></url>
    <url><loc> /undated </loc></url>
    <url><loc>http://a.example/new</loc><lastmod>2024-05-01T10:00:00+02:00</lastmod></url>
    <url><loc>http://a.example/old</loc><lastmod>2019-01-01</lastmod></url></urlset>"""
    for data in (body, gzip.compress(body), gzip.compress(gzip.compress(body))):
        listing = read(data)
        assert (listing.kind, listing.damage) == (ListingKind.SITEMAP, None)
        assert urls(listing) == ["new", "old", "undated"]
        assert listing.entries[1].lastmod == datetime(2020, 1, 1, tzinfo=UTC)


def test_index() -> None:
    listing = read("<sitemapindex><sitemap><loc>http://a.example/1.xml</loc></sitemap></sitemapindex>")
    assert listing == Listing(ListingKind.INDEX, [Entry("http://a.example/1.xml")])


def test_news_sitemap() -> None:
    about = (
        "<news:news><news:publication><news:name>The Farm</news:name></news:publication>"
        "<news:publication_date>2024-05-01T10:00:00Z</news:publication_date>"
        "<news:title>Storm &amp;amp; flood</news:title></news:news>"
    )
    body = (
        f"<url><loc>http://a.example/1</loc>{about}</url>"
        f"<url><loc>http://a.example/2</loc><lastmod>2023-01-01</lastmod>{about}</url>"
    )
    expected = [
        Entry(f"{BASE}1", MOMENT, "Storm & flood"),
        Entry(f"{BASE}2", datetime(2023, 1, 1, tzinfo=UTC), "Storm & flood"),
    ]
    assert read(f"<urlset {PROTOCOL} {NEWS}>{body}</urlset>").entries == expected
    assert read(f"<urlset {PROTOCOL}>{body}</urlset>").entries == expected  # the prefix was not declared


@pytest.mark.parametrize("declared", [f"{PROTOCOL} {IMAGE} {VIDEO}", f"{IMAGE} {VIDEO}", PROTOCOL])
def test_pictures_and_films_are_no_pages(declared: str) -> None:
    body = f"""<urlset {declared}><url><image:image><image:loc>http://a.example/p.jpg</image:loc></image:image>
    <loc>http://a.example/1</loc><video:video><video:publication_date>2024-01-01</video:publication_date>
    <video:title>Film</video:title><video:loc>http://a.example/v</video:loc></video:video></url></urlset>"""
    assert read(body).entries == [Entry(f"{BASE}1")]


def test_prefixed_sitemap_and_links_to_translations() -> None:
    body = (
        '<sm:urlset xmlns:sm="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
        '<sm:url><sm:loc>http://a.example/1</sm:loc><xhtml:link rel="alternate" href="http://a.example/de/1"/>'
        "<sm:lastmod>2024-05-01T10:00:00Z</sm:lastmod></sm:url></sm:urlset>"
    )
    assert read(body).entries == [Entry(f"{BASE}1", MOMENT)]


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
        b'{"items": [{"url": "/one", "date_published": "2024-05-01T10:00:00Z"}], '
        b'"version": "https://jsonfeed.org/version/1"}',
    ],
)
def test_feeds(body: bytes) -> None:
    assert read(body) == Listing(ListingKind.FEED, [Entry(f"{BASE}one", MOMENT)])


def test_whole_texts_of_the_first_items_only() -> None:
    items = "".join(
        f"<item><link>/{at}</link><content:encoded><![CDATA[{WHOLE}]]></content:encoded></item>"
        for at in range(MAX_POSTS + 2)
    )
    body = f'<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>{items}</channel></rss>'
    listing = read(body, max_size=10 * MAX)
    assert listing.damage is None
    assert [bool(entry.post) for entry in listing.entries] == [True] * MAX_POSTS + [False] * 2


@pytest.mark.parametrize(
    "url", [BASE, f"{BASE}sitemap.txt", f"{BASE}sitemap.txt.gz?x=1", f"{BASE}list"], ids=lambda url: url[17:]
)
def test_list_of_addresses(url: str) -> None:
    body = "\ufeffhttp://a.example/1\r\n\r\n  HTTPS://a.example/2?x=1&y=2\nhttp://a.example/größe\n"
    listing = read(body, url)
    assert (listing.kind, listing.damage) == (ListingKind.SITEMAP, None)
    assert urls(listing) == ["1", "HTTPS://a.example/2?x=1&y=2", "größe"]


def test_a_list_of_addresses_by_its_name_may_hold_other_lines() -> None:
    body = b"# The Farm\nhttp://a.example/1\nhttp://a.example/2\n"
    assert read_listing(body, BASE, max_size=MAX) is None
    listing = read(body, f"{BASE}sitemap.txt")
    assert urls(listing) == ["1", "2"]
    assert listing.damage == "the sitemap was not read whole: lines that are no addresses: 1"


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (b"", BASE),
        (b"<html><body>Not found</body></html>", BASE),
        (b"<!DOCTYPE html><title>How to write <rss> by hand</title>", BASE),
        (b"<p>Words</p>", BASE),
        (b"\x1f\x8bnot gzip", BASE),
        (gzip.compress(b"<urlset>" + b" " * 2_000_000), BASE),
        (b"User-agent: *\nDisallow: /x\nSitemap: http://a.example/sitemap.xml\n", f"{BASE}robots.txt"),
        (b"See http://a.example/1 for more.", f"{BASE}notes.txt"),
        (b"{}", BASE),
        (b'{"version": 1, "about": "jsonfeed.org/version/"}', BASE),
        (b'[{"link": "http://a.example/1"}]', BASE),
    ],
)
def test_no_listing(body: bytes, url: str) -> None:
    assert read_listing(body, url, max_size=MAX) is None


ONE = "<url><loc>http://a.example/1</loc></url>"
ITEM = "<item><link>/1</link><title>One</title></item>"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        # What was cut off is not taken for an address.
        (f"<urlset>{ONE}<url><loc>http://a.example/2</lo", "it ends before its end"),
        (f"<urlset>{ONE}<url><loc>http://a.example/20</loc><lastmod>2024", "it ends before its end"),
        (
            f"<rss><channel>{ITEM}<item><link>/2</link><content:encoded><![CDATA[Half",
            "it ends before its end",
        ),
        (f"<urlset>{ONE}<urn></urlset>", "Opening and ending tag mismatch: urn line 1 and urlset"),
        (f"<urlset>{ONE}<url></url></urlset>", "entries that name no address: 1"),
    ],
)
def test_damaged_listings_give_what_is_whole(body: str, problem: str) -> None:
    listing = read(body)
    assert urls(listing) == ["1"]
    assert listing.damage
    assert listing.damage.partition(": ")[2] == problem
    assert listing.damage.startswith(f"the {listing.kind} was not read whole: ")


def test_damage_in_the_middle_loses_nothing_around_it() -> None:
    body = f"<urlset>{ONE}<url><loc>http://a.example/2</url>{ONE.replace('1', '3')}</urlset>"
    listing = read(body)
    assert set(urls(listing)) == {"1", "2", "3"}
    assert listing.damage


def test_a_truncated_gzip_file() -> None:
    body = f"<urlset>{''.join(f'<url><loc>{BASE}{at * 7919}</loc></url>' for at in range(2000))}</urlset>"
    listing = read(gzip.compress(body.encode())[:-3000])
    assert 100 < len(listing.entries) < 2000
    assert all(entry.url in body for entry in listing.entries)
    assert listing.damage == "the sitemap was not read whole: it ends before its end"


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "\n \t{}",
        "\ufeff{}",
        '<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet href="/s.xsl"?><!-- made by <rss> Maker -->{}',
        '\n\n<?xml version="1.0"?>{}',
        "<br />\n<b>Warning</b>: Cannot modify header\n<?xml version='1.0'?>{}",
        "Notice: undefined index\n{}",
        '<!DOCTYPE rss SYSTEM "rss.dtd">{}',
        "{}<!-- cached -->",
        "{}<br /><b>Warning</b>: late & wrong",
        "{}\0\0",
    ],
)
def test_what_stands_around_a_listing_does_not_matter(around: str) -> None:
    expected = Listing(ListingKind.FEED, [Entry(f"{BASE}1", None, "One")])
    assert read(around.format(f"<rss><channel>{ITEM}</channel></rss>")) == expected


@pytest.mark.parametrize(
    ("written", "url", "title"),
    [
        ("/1?x=1&y=2", "1?x=1&y=2", "Rock & roll"),
        ("/1?x=1&amp;y=2", "1?x=1&y=2", "Rock &amp; roll"),
        ("/1?copy=1&copy=2", "1?copy=1&copy=2", "Rock & roll"),
        ("/1", "1", "Rock &amp; roll\x0b\x01"),
        ("/1", "1", "Rock &#38; roll&#0;&#x1F;&#xD83D;"),
        ("<![CDATA[/1?x=1&y=2]]>", "1?x=1&y=2", "<![CDATA[Rock &amp; roll]]>"),
    ],
)
def test_slips_that_lose_nothing_are_no_damage(written: str, url: str, title: str) -> None:
    body = f"<rss><channel><item><link>{written}</link><title>{title}</title></item></channel></rss>"
    assert read(body) == Listing(ListingKind.FEED, [Entry(BASE + url, None, "Rock & roll")])


def test_names_of_html_and_bare_brackets() -> None:
    body = f"<rss><channel><item><link>/1</link><title>Caf&eacute;: 5 < 6 &nosuch;</title></item>{ITEM}</channel></rss>"
    assert read(body).entries[0].title == "Café: 5 < 6 &nosuch;"
    assert read(body).damage is None


@pytest.mark.parametrize(
    ("encoding", "declaration"),
    [
        ("utf-8", ""),
        ("utf-8", '<?xml version="1.0" encoding="iso-8859-1"?>'),  # not true
        ("utf-8-sig", '<?xml version="1.0"?>'),
        ("utf-16", '<?xml version="1.0" encoding="utf-16"?>'),
        ("utf-16-le", '<?xml version="1.0" encoding="utf-16"?>'),
        ("utf-16-be", ""),
        ("utf-32", ""),
        ("windows-1251", '<?xml version="1.0" encoding="windows-1251"?>'),
        ("koi8-r", "<?xml version='1.0' encoding='KOI8-R' ?>"),
        ("iso-2022-jp", '<?xml version="1.0" encoding="iso-2022-jp"?>'),
    ],
)
def test_charsets(encoding: str, declaration: str) -> None:
    title = "Буря накрыла гавань" if encoding != "iso-2022-jp" else "嵐が港を襲う"
    body = f"{declaration}<rss><channel><item><title>{title}</title><link>/1</link></item></channel></rss>"
    assert read(body.encode(encoding)) == Listing(ListingKind.FEED, [Entry(f"{BASE}1", None, title)])


def test_undeclared_western_text_and_utf_8_with_a_wrong_byte() -> None:
    body = "<rss><channel><item><title>Größe über alles</title><link>/1</link></item></channel></rss>"
    assert read(body.encode("cp1252")).entries[0].title == "Größe über alles"
    title = "Größe " * 20
    data = f"<rss><channel><item><title>{title}</title><link>/1</link></item></channel></rss>".encode()
    assert read(data.replace(b" </title>", b"\xff</title>")).entries[0].title == f"{title.strip()}\ufffd"


def test_charsets_that_are_none() -> None:
    for name in ("idna", "base64", "undefined", "nosuch"):
        body = f'<?xml version="1.0" encoding="{name}"?><rss><channel>{ITEM}</channel></rss>'
        assert urls(read(body.encode() + b"\xff")) == ["1"]


def test_entities_are_not_expanded() -> None:
    body = b"""<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM
    "file:///etc/passwd">]><rss><channel><item><link>/x&c;&b;</link></item></channel></rss>"""
    assert read(body).entries == [Entry(f"{BASE}x&c;&b;")]
    body = body.replace(b"<link>/x&c;&b;</link>", b"<link href='/x&b;y'/>")
    assert read(body).entries == [Entry(f"{BASE}x&b;y")]


@pytest.mark.parametrize("kind", ["sitemap", "feed", "JSON", "text"])
def test_entries_are_bounded(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "MAX_ENTRIES", 3)
    body = {
        "sitemap": f"<urlset>{''.join(ONE.replace('1', str(at)) for at in range(5))}</urlset>",
        "feed": f"<rss><channel>{''.join(ITEM.replace('1', str(at)) for at in range(5))}</channel></rss>",
        "JSON": f'{{"version":"https://jsonfeed.org/version/1","items":[{",".join([chr(123) + chr(34) + f"url{chr(34)}:{chr(34)}/{at}{chr(34)}" + chr(125) for at in range(5)])}]}}',
        "text": "".join(f"{BASE}{at}\n" for at in range(5)),
    }[kind]
    listing = read(body)
    assert urls(listing) == ["0", "1", "2"]
    assert listing.damage
    assert listing.damage.endswith(
        " was not read whole: it has more than 3 entries; the others were left out"
    )


def test_a_json_feed_that_is_damaged_or_empty() -> None:
    version = '"version": "https://jsonfeed.org/version/1"'
    listing = read(f'{{{version}, "items": [')
    assert listing.entries == []
    assert listing.damage
    assert listing.damage.startswith("the feed was not read: Expecting value")
    assert read(f'{{{version}, "items": {"[" * 100_000}').damage
    assert read(f"{{{version}}}").damage == "the feed was not read whole: it has no list of items"
    assert read(f'{{{version}, "items": [1, {{}}]}}').damage == (
        "the feed was not read whole: entries that name no address: 2"
    )


HOSTILE = {
    "ampersands": "<rss>" + "&" * 2_000_000 + "</rss>",
    "open sections": "<rss>" + "<![CDATA[" * 300_000 + "</rss>",
    "empty sections": "<rss>" + "<![CDATA[]]>" * 300_000 + "</rss>",
    "open comments": "<rss>" + "<!--" * 700_000 + "</rss>",
    "brackets": "<rss><channel><item><title>" + "<" * 2_000_000 + "</title></item></channel></rss>",
    "open tags": "<rss>" + "<script " * 300_000 + "</rss>",
    "depth": "<urlset>" + "<url>" * 500_000 + "</urlset>",
    "closing tags": "<rss>" + "</item   " * 200_000,
    "attributes": "<rss><item " + "a='1' " * 400_000 + "/></rss>",
    "long section": f"<rss><item><link>/1</link><description><![CDATA[{'<a ' * 4_000_000}]]></description></item></rss>",
    "children": "<rss><item><link>/1</link>" + "<category>c</category>" * 100_000 + "</item></rss>",
    "elements": "<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='/1'/><content type='xhtml'>"
    + "<p>word</p>" * 200_000
    + "</content></entry></feed>",
    "heads": "<feed xmlns='http://www.w3.org/2005/Atom'>"
    + "<author><name>Ann Lee</name></author>" * 20_000
    + f"<entry><link href='/1'/><content type='html'><![CDATA[{WHOLE}]]></content></entry>" * 500
    + "</feed>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_listings_take_no_time(name: str) -> None:
    began = time.monotonic()
    read(HOSTILE[name], max_size=20 * MAX)
    assert time.monotonic() - began < 5


PIECES = (
    "<rss>", "</rss>", "<channel>", "<item>", "</item>", "<link>/1</link>", "<link>", "</link>", "<feed>", "<entry>",
    "</entry>", "<urlset>", "</urlset>", "<url>", "</url>", "<loc>", "http://a.example/1", "http://[", "<!--", "-->",
    "<![CDATA[", "]]>", "&", "&nbsp;", "&#0;", "&#x;", "<", ">", "\0", "\ufffe", "\ud800", "<?xml encoding='hex'?>",
    "xml:base='://['", "<content type='xhtml'>", "<a:b:c>", "<p>", "<!DOCTYPE x [", "{", '"jsonfeed.org/version/"', "\n",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join), st.booleans())
def test_any_text_has_an_answer(text: str, named: bool) -> None:
    body = text.encode("utf-8", "surrogatepass")
    for start in (b"", b"<rss>", b"<urlset>", b"<rss><item>"):
        listing = read_listing(start + body, f"{BASE}a.txt" if named else BASE, max_size=MAX)
        assert listing is None or isinstance(listing, Listing)


@given(st.binary(max_size=300))
def test_any_bytes_have_an_answer(body: bytes) -> None:
    for start in (b"", b"<rss>", b"<?xml encoding='utf-16'?><rss>", b"\x1f\x8b\x08"):
        listing = read_listing(start + body, BASE, max_size=MAX)
        assert listing is None or isinstance(listing, Listing)


@pytest.mark.parametrize(
    "text", [None, "", "yesterday", "0000-00-00", "99999-01-01", "Wed, 99 May 2024 10:00:00"]
)
def test_no_moment(text: str | None) -> None:
    assert parse_moment(text) is None
