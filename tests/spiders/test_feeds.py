"""Items of feeds as sites write them: addresses, titles, times, names, whole articles."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from lxml import etree

from cleaners import clean
from spiders.feeds import Entry, full_text, json_entry
from spiders.listings import ListingKind, read_listing
from spiders.posts import lines_of, post_page
from tests.cleaners.strategies import json_values
from tests.spiders.test_posts import CLOSING, LONG, PARAGRAPHS, WHOLE

FEED = "https://farm.example/feed/"
MOMENT = datetime(2024, 5, 1, 10, tzinfo=UTC)
ESCAPED = WHOLE.replace("<", "&lt;").replace(">", "&gt;")
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dcterms="http://purl.org/dc/terms/"'
)


def entries(body: str | bytes) -> list[Entry]:
    data = body.encode() if isinstance(body, str) else body
    listing = read_listing(data, FEED, max_size=10_000_000)
    assert listing
    assert (listing.kind, listing.damage) == (ListingKind.FEED, None)
    return listing.entries


def rss_item(inside: str, *, declared: str = NAMESPACES) -> Entry:
    (entry,) = entries(
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {declared}><channel><title>The Farm</title>'
        f'<link>https://farm.example</link><atom:link href="{FEED}" rel="self"/><item>{inside}</item></channel></rss>'
    )
    return entry


def atom_entry(inside: str, *, head: str = "", attributes: str = "") -> Entry:
    (entry,) = entries(
        f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>The Farm</title><link href="/"/>{head}'
        f"<entry>{inside}</entry></feed>"
    )
    return entry


# As WordPress writes its feeds.
WORDPRESS_ITEM = f"""
    <title>Council votes for &#8220;higher&#8221; walls &#038; more</title>
    <link>https://farm.example/2024/05/wall/</link>
    <comments>https://farm.example/2024/05/wall/#respond</comments>
    <dc:creator><![CDATA[Ann Lee]]></dc:creator>
    <pubDate>Wed, 01 May 2024 10:00:00 +0000</pubDate>
    <category><![CDATA[Harbour &amp; sea]]></category>
    <category><![CDATA[walls]]></category>
    <guid isPermaLink="false">https://farm.example/?p=7</guid>
    <description><![CDATA[{PARAGRAPHS[0][:-4]} [&#8230;]</p>{CLOSING}]]></description>
    <content:encoded><![CDATA[{WHOLE}
{CLOSING}]]></content:encoded>
    <wfw:commentRss xmlns:wfw="http://wellformedweb.org/CommentAPI/">https://farm.example/2024/05/wall/feed/</wfw:commentRss>
"""


def test_an_item_of_wordpress_is_the_whole_article() -> None:
    entry = rss_item(WORDPRESS_ITEM)
    assert (entry.url, entry.lastmod) == ("https://farm.example/2024/05/wall/", MOMENT)
    assert entry.title == "Council votes for “higher” walls & more"
    assert entry.post
    assert (entry.post.link, entry.post.title) == (entry.url, entry.title)
    assert (entry.post.published, entry.post.modified) == (MOMENT, None)
    assert (entry.post.authors, entry.post.categories) == (("Ann Lee",), ("Harbour & sea", "walls"))
    article = clean(post_page(entry.post, by="feed", fetched_at=MOMENT, status=200))
    assert article.text.split("\n\n") == lines_of(WHOLE)
    assert (article.title, article.authors, article.published) == (entry.title, ["Ann Lee"], MOMENT)


def test_an_item_with_an_excerpt_is_none() -> None:
    excerpt = f"<link>/wall/</link><title>Wall</title><description><![CDATA[{PARAGRAPHS[0]}{CLOSING}]]></description>"
    assert rss_item(excerpt) == Entry("https://farm.example/wall/", None, "Wall")


@pytest.mark.parametrize(
    "inside",
    [
        f"<content:encoded>{ESCAPED}</content:encoded>",
        f"<content:encoded>{WHOLE}</content:encoded>",  # elements that nobody escaped
        f"<body xmlns='http://www.w3.org/1999/xhtml'>{WHOLE}</body>",
        f"<atom:content type='html'>{ESCAPED}</atom:content>",
        f"<description><![CDATA[{LONG}]]></description>",
        f"<description>{lines_of(WHOLE)[0]}</description><content:encoded><![CDATA[{WHOLE}]]></content:encoded>",
        f"<content:encoded/><description><![CDATA[{LONG}]]></description>",
    ],
)
def test_where_rss_keeps_a_whole_text(inside: str) -> None:
    entry = rss_item(f"<link>/wall/</link>{inside}")
    assert entry.post
    assert lines_of(entry.post.html) == lines_of(LONG if LONG in inside else WHOLE)


@pytest.mark.parametrize(
    "inside",
    [
        f"<media:content type='html'>{ESCAPED}</media:content>",
        f"<media:description>{ESCAPED}</media:description>",
        f"<description><![CDATA[{WHOLE}]]></description>",  # too short for a summary's field
        f"<description><![CDATA[{WHOLE}]]></description><content:encoded><![CDATA[{WHOLE}]]></content:encoded>",
        f"<content:encoded><![CDATA[{WHOLE}<p>Read more</p>]]></content:encoded>",
    ],
)
def test_what_is_no_whole_text(inside: str) -> None:
    assert rss_item(f"<link>/wall/</link>{inside}").post is None


def test_prefixes_that_nobody_declared() -> None:
    inside = f"<link>/wall/</link><dc:creator>Ann Lee</dc:creator><content:encoded><![CDATA[{WHOLE}]]></content:encoded>"
    entry = rss_item(inside, declared="")
    assert entry.post
    assert (entry.post.authors, entry.post.html) == (("Ann Lee",), WHOLE)


def test_plain_text_in_a_description_keeps_its_paragraphs() -> None:
    text = "\n\n".join(lines_of(LONG))
    entry = rss_item(f"<link>/wall/</link><description>{text}</description>")
    assert entry.post
    assert lines_of(entry.post.html) == lines_of(LONG)


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        ("<link>https://farm.example/a</link>", "https://farm.example/a"),
        ("<link>\n  /a?x=1&amp;y=2 </link>", "https://farm.example/a?x=1&y=2"),
        ("<link>b</link>", "https://farm.example/feed/b"),
        ("<link href='/a'/>", "https://farm.example/a"),
        ("<guid>https://farm.example/g</guid>", "https://farm.example/g"),
        ("<link/><guid isPermaLink='true'>https://farm.example/g</guid>", "https://farm.example/g"),
        (
            "<link>https://proxy.example/1</link><feedburner:origLink>https://farm.example/a</feedburner:origLink>",
            "https://farm.example/a",
        ),
        ("<atom:link rel='self' href='/self'/><link>/a</link>", "https://farm.example/a"),
        (
            "<atom:link rel='standout' href='/s'/><atom:link rel='alternate' href='/a'/>",
            "https://farm.example/a",
        ),
        ("<media:content url='/p.jpg'/><link>/a</link><comments>/a#c</comments>", "https://farm.example/a"),
    ],
)
def test_addresses_of_rss_items(inside: str, url: str) -> None:
    assert rss_item(inside).url == url


@pytest.mark.parametrize(
    "inside",
    [
        "<title>No link</title>",
        "<guid isPermaLink='false'>https://farm.example/g</guid>",
        "<guid>tag:farm.example,2024:7</guid>",
        "<atom:link rel='self' href='/self'/>",
        "<link>javascript:alert(1)</link>",
        "<link>http://[</link>",
    ],
)
def test_items_without_an_address_are_counted(inside: str) -> None:
    body = f"<rss {NAMESPACES}><channel><item>{inside}</item><item><link>/a</link></item></channel></rss>"
    listing = read_listing(body.encode(), FEED, max_size=10_000)
    assert listing
    assert [entry.url for entry in listing.entries] == ["https://farm.example/a"]
    assert listing.damage == "the feed was not read whole: entries that name no address: 1"


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        ("<link href='/a'/>", "https://farm.example/a"),
        ("<link rel='self' href='/self'/><link rel='alternate' href='/a'/>", "https://farm.example/a"),
        (
            "<link rel='replies' href='/r'/><link rel='edit' href='/e'/><link href='/a'/>",
            "https://farm.example/a",
        ),
        (
            "<link type='application/pdf' href='/a.pdf'/><link type='text/html' href='/a'/>",
            "https://farm.example/a",
        ),
        ("<id>https://farm.example/a</id>", "https://farm.example/a"),
        ("<id>tag:farm.example,2024:7</id><link href='https://farm.example/a'/>", "https://farm.example/a"),
        ("<link xml:base='https://other.example/b/' href='a'/>", "https://other.example/b/a"),
    ],
)
def test_addresses_of_atom_entries(inside: str, url: str) -> None:
    assert atom_entry(inside).url == url


def test_relative_links_follow_every_base_above_them() -> None:
    assert atom_entry("<link href='a'/>", attributes="xml:base='/news/'").url == "https://farm.example/news/a"
    body = "<rss><channel xml:base='/b/'><item xml:base='c/'><link>a</link></item></channel></rss>"
    assert entries(body)[0].url == "https://farm.example/b/c/a"


@pytest.mark.parametrize(
    ("content", "html"),
    [
        (f"<content type='html'>{ESCAPED}</content>", WHOLE),
        (f"<content type='html'><![CDATA[{WHOLE}]]></content>", WHOLE),
        (f"<content type='text/html' mode='escaped'>{ESCAPED}</content>", WHOLE),
        (
            f"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>{WHOLE}</div></content>",
            f"<div>{WHOLE}</div>",
        ),
        (
            f"<content type='xhtml' xmlns:h='http://www.w3.org/1999/xhtml'><h:div>{WHOLE.replace('<p>', '<h:p>').replace('</p>', '</h:p>')}</h:div></content>",
            f"<div>{WHOLE}</div>",
        ),
        (
            "<content>" + "\n\n".join(lines_of(WHOLE)) + "\n\nOne line\nand 5 &lt; 6</content>",
            WHOLE.replace("\n", "") + "<p>One line<br>and 5 &lt; 6</p>",
        ),
    ],
)
def test_contents_of_atom_entries(content: str, html: str) -> None:
    entry = atom_entry(f"<link href='/a'/><summary>{lines_of(WHOLE)[0]}</summary>{content}")
    assert entry.post
    assert unescape(entry.post.html) == unescape(html)


@pytest.mark.parametrize(
    "content",
    [
        f"<summary type='html'>{ESCAPED}</summary>",
        f"<content type='image/svg+xml'>{ESCAPED}</content>",
        "<content type='text/html' src='/a.html'/>",
        f"<content type='html'>{ESCAPED[:400]}&amp;hellip;</content>",
    ],
)
def test_contents_of_atom_entries_that_are_no_article(content: str) -> None:
    assert atom_entry(f"<link href='/a'/>{content}").post is None


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("<title>AT&amp;amp;T &lt;b&gt;wins&lt;/b&gt;</title>", "AT&T wins"),
        ("<title><![CDATA[ Storm\n in the bay ]]></title>", "Storm in the bay"),
        ("<title/><dc:title>Storm</dc:title>", "Storm"),
        ("<media:title>Picture</media:title>", None),
    ],
)
def test_titles_of_rss_items(title: str, plain: str | None) -> None:
    assert rss_item(f"{title}<link>/a</link>").title == plain


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("<title>Use of &lt;b&gt;</title>", "Use of <b>"),
        ("<title type='html'>Use of &lt;b&gt;bold&lt;/b&gt;</title>", "Use of bold"),
        (
            "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Use of <b>bold</b></div></title>",
            "Use of bold",
        ),
    ],
)
def test_titles_of_atom_entries(title: str, plain: str) -> None:
    assert atom_entry(f"{title}<link href='/a'/>").title == plain


BODY = f"<content:encoded><![CDATA[{WHOLE}]]></content:encoded>"
ATOM_BODY = f"<content type='html'>{ESCAPED}</content>"


@pytest.mark.parametrize(
    ("inside", "authors"),
    [
        ("<author>ann@farm.example (Ann Lee)</author>", ("Ann Lee",)),
        ("<author>ann@farm.example</author>", ()),
        ("<author>Ann Lee</author>", ("Ann Lee",)),
        (
            "<dc:creator>By Ann Lee and Bo Ström</dc:creator><author>x@farm.example</author>",
            ("Ann Lee", "Bo Ström"),
        ),
        ("<dc:creator>Ann Lee</dc:creator><dc:creator>Bo Ström</dc:creator>", ("Ann Lee", "Bo Ström")),
        ("<atom:author><atom:name>Ann Lee</atom:name></atom:author>", ("Ann Lee",)),
        ("<media:credit>Jo Photo</media:credit>", ()),
    ],
)
def test_authors_of_rss_items(inside: str, authors: tuple[str, ...]) -> None:
    post = rss_item(f"<link>/a</link>{inside}{BODY}").post
    assert post
    assert post.authors == authors


def test_authors_of_atom_entries() -> None:
    own = "<author><name>Ann Lee</name><uri>https://farm.example/ann</uri></author><author><name>Bo Ström</name></author>"
    head = "<author><name>The Editors</name><email>desk@farm.example</email></author>"
    for inside, authors in ((own, ("Ann Lee", "Bo Ström")), ("", ("The Editors",))):
        post = atom_entry(f"<link href='/a'/>{inside}{ATOM_BODY}", head=head).post
        assert post
        assert post.authors == authors


def test_the_feeds_author_is_that_of_every_entry_without_one() -> None:
    items = "".join(f"<entry><link href='/{at}'/>{ATOM_BODY}</entry>" for at in range(3))
    head = "<author><name>Ann Lee</name></author>"
    found = entries(f"<feed xmlns='http://www.w3.org/2005/Atom'>{head}{items}</feed>")
    assert [entry.post and entry.post.authors for entry in found] == [("Ann Lee",)] * 3


def test_categories() -> None:
    inside = (
        "<category>News</category><category domain='x'>News</category><dc:subject>Sea</dc:subject><category/>"
    )
    post = rss_item(f"<link>/a</link>{inside}{BODY}").post
    assert post
    assert post.categories == ("News", "Sea")
    inside = "<category term='news'/><category term='sea' label='The sea'/>"
    post = atom_entry(f"<link href='/a'/>{inside}{ATOM_BODY}").post
    assert post
    assert post.categories == ("news", "The sea")


@pytest.mark.parametrize(
    ("inside", "lastmod"),
    [
        ("<pubDate>Wed, 01 May 2024 10:00:00 GMT</pubDate>", MOMENT),
        ("<dc:date>2024-05-01T12:00:00+02:00</dc:date>", MOMENT),
        ("<pubDate>yesterday</pubDate><dc:date>2024-05-01T10:00:00Z</dc:date>", MOMENT),
        (
            "<pubDate>Mon, 01 Apr 2024 10:00:00 GMT</pubDate><atom:updated>2024-05-01T10:00:00Z</atom:updated>",
            MOMENT,
        ),
        ("<dcterms:modified>2024-05-01T10:00:00Z</dcterms:modified><pubDate>2024-01-01</pubDate>", MOMENT),
        ("<media:date>2024-05-01</media:date>", None),
    ],
)
def test_the_last_change_of_rss_items(inside: str, lastmod: datetime | None) -> None:
    assert rss_item(f"<link>/a</link>{inside}").lastmod == lastmod


def test_times_of_atom_entries() -> None:
    times = "<published>2024-04-01T10:00:00Z</published><updated>2024-05-01T10:00:00Z</updated>"
    entry = atom_entry(f"<link href='/a'/>{times}{ATOM_BODY}")
    assert entry.post
    assert (entry.lastmod, entry.post.modified) == (MOMENT, MOMENT)
    assert entry.post.published == datetime(2024, 4, 1, 10, tzinfo=UTC)


def test_old_rss() -> None:
    netscape = (
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
        '"http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><item>'
        "<title>Caf&eacute; burns</title><link>/a</link></item></channel></rss>"
    )
    assert entries(netscape) == [Entry("https://farm.example/a", None, "Café burns")]
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">'
        "<channel><title>The Farm</title><link>/</link></channel><item><title>A</title><link>/a</link></item></rdf:RDF>"
    )
    assert entries(rdf) == [Entry("https://farm.example/a", None, "A")]
    about = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<item rdf:about="https://farm.example/a"><title>A</title></item></rdf:RDF>'
    )
    assert entries(about) == [Entry("https://farm.example/a", None, "A")]
    atom = (
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>A</title>'
        "<link rel='alternate' type='text/html' href='/a'/><issued>2024-05-01T10:00:00Z</issued></entry></feed>"
    )
    assert entries(atom) == [Entry("https://farm.example/a", MOMENT, "A")]


def json_feed(*items: Any, **more: Any) -> list[Entry]:
    return entries(json.dumps({"items": items, **more, "version": "https://jsonfeed.org/version/1.1"}))


def test_json_feed() -> None:
    item = {
        "id": "https://farm.example/?p=7",
        "url": "/wall/",
        "external_url": "https://other.example/",
        "title": "Walls &amp; more",
        "content_html": WHOLE,
        "summary": lines_of(WHOLE)[0],
        "date_published": "2024-05-01T12:00:00+02:00",
        "date_modified": "2024-05-02T10:00:00Z",
        "authors": [{"name": "Ann Lee"}, {"url": "x"}, 5],
        "tags": ["Harbour", 7, "Harbour"],
    }
    (entry,) = json_feed(item)
    assert (entry.url, entry.title) == ("https://farm.example/wall/", "Walls & more")
    assert entry.lastmod == datetime(2024, 5, 2, 10, tzinfo=UTC)
    assert entry.post
    assert (entry.post.published, entry.post.modified) == (MOMENT, entry.lastmod)
    assert (entry.post.html, entry.post.authors, entry.post.categories) == (WHOLE, ("Ann Lee",), ("Harbour",))


def test_json_feeds_with_less() -> None:
    text = "\n\n".join([*lines_of(WHOLE), "5 < 6"])
    (entry,) = json_feed({"id": "https://farm.example/a", "content_text": text}, author={"name": "Ann Lee"})
    assert entry.post
    assert (entry.url, entry.post.authors) == ("https://farm.example/a", ("Ann Lee",))
    assert entry.post.html == WHOLE.replace("\n", "") + "<p>5 &lt; 6</p>"
    (entry,) = json_feed({"url": "/a", "content_html": WHOLE, "summary": " ".join(lines_of(WHOLE))})
    assert entry == Entry("https://farm.example/a")
    (entry,) = json_feed({"url": "/a", "title": "\ud800 x\0"})
    assert entry == Entry("https://farm.example/a", None, "\ufffd x")


def assert_an_entry_or_none(found: Entry | None) -> None:
    assert found is None or (isinstance(found, Entry) and found.url)


@given(json_values, json_values)
def test_any_json_has_an_answer(item: Any, value: Any) -> None:
    assert_an_entry_or_none(json_entry(item, FEED, feed={"authors": item}))
    names = (
        "id",
        "title",
        "content_html",
        "content_text",
        "summary",
        "authors",
        "author",
        "tags",
        "date_published",
    )
    assert_an_entry_or_none(
        json_entry({"url": "/a", **dict.fromkeys(names, value)}, FEED, feed={"author": value})
    )


def test_full_text_of_an_element() -> None:
    item = etree.fromstring(
        f"<item><content:encoded xmlns:content='x'/><description>{ESCAPED}</description></item>"
    )
    assert full_text(item) is None
    item = etree.fromstring(f"<entry xmlns='http://www.w3.org/2005/Atom'>{ATOM_BODY}</entry>")
    assert full_text(item) == WHOLE
