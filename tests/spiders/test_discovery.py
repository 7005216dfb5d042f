from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from w3lib.url import canonicalize_url

from spiders import discovery
from spiders.discovery import MAX_URL_LENGTH, Kind, identity, judge, normalise, variant_of

SITE = "http://a.example"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://A.example/x?utm_source=a&id=3&fbclid=b#top", "http://a.example/x?id=3"),
        ("http://a.example", "http://a.example/"),
        ("http://a.example/?b=2&a=1", "http://a.example/?b=2&a=1"),
        ("http://a.example/x?UTM_Campaign=q", "http://a.example/x"),
        ("http://a.example/größe", "http://a.example/gr%C3%B6%C3%9Fe"),
        ("http://häfen.example/", "http://xn--hfen-loa.example/"),
        ("http://Ann:Pass@A.example/x", "http://Ann:Pass@a.example/x"),
        # Tracking
        (
            "http://a.example/x?gclid=1&mc_cid=2&_ga=3&__hstc=4&ref_src=5&wt_zmc=6&at_bbc_team=7",
            "http://a.example/x",
        ),
        ("http://a.example/x?%75tm_source=a&a=%26", "http://a.example/x?a=%26"),
        ("http://a.example/x?a=1&amp;utm_source=rss", "http://a.example/x?a=1"),
        ("http://a.example/x?source=rss----1a2b3c---4", "http://a.example/x"),
        ("http://a.example/x?source=rss", "http://a.example/x"),
        ("http://a.example/x?source=harbour", "http://a.example/x?source=harbour"),
        ("http://a.example/x?ref=7&cid=8&utmost=9", "http://a.example/x?ref=7&cid=8&utmost=9"),
        # Sessions
        ("http://a.example/x;jsessionid=1A2B.node?id=3", "http://a.example/x?id=3"),
        ("http://a.example/x;JSESSIONID=1A2B/y", "http://a.example/x/y"),
        ("http://a.example/(S(lit3py55t21z5v55vlm25s55))/x.aspx", "http://a.example/x.aspx"),
        ("http://a.example/x?PHPSESSID=1&ASPSESSIONIDQQAB=2&osCsid=3&cfid=4&cftoken=5", "http://a.example/x"),
        ("http://a.example/x?sessionid=1&session_id=2&zenid=3&id=4", "http://a.example/x?id=4"),
        ("http://a.example/x?sid=0123456789abcdef", "http://a.example/x"),
        ("http://a.example/x?sid=12345", "http://a.example/x?sid=12345"),
        # Nothing in the query
        ("http://a.example/x?", "http://a.example/x"),
        ("http://a.example/x?&=&", "http://a.example/x"),
        ("http://a.example/x?a", "http://a.example/x?a"),
        ("http://a.example/x?a=", "http://a.example/x?a="),
        # No addresses of the web
        ("javascript:alert(1)", None),
        ("mailto:x@a.example", None),
        ("http://[broken/", None),
        ("http://", None),
        ("http:// a/", None),
        ("http://{{host}}/x", None),
        ("http://a.example:99999/", None),
        ("http://a.example/\ud800", None),
        ("http://a.example/" + "x" * MAX_URL_LENGTH, None),
    ],
)
def test_normalise(url: str, expected: str | None) -> None:
    assert normalise(url) == expected


@pytest.mark.parametrize(
    ("key", "urls"),
    [
        (
            "a.example/b",
            [
                "http://a.example/b",
                "https://a.example/b/",
                "https://www.A.example:443/b//",
                "http://a.example.:80/b?#x",
                "http://ann:pass@a.example/./c/../b/?utm_source=rss",
                "http://a.example/%62;jsessionid=1",
            ],
        ),
        ("a.example/", ["http://a.example", "https://www.a.example/?", "http://a.example:80//"]),
        (
            "a.example/b?x=2&y=1",
            [
                "http://a.example/b?y=1&x=2",
                "https://a.example/b/?x=2&fbclid=3&y=1",
                "http://a.example/b?&y=%31&x=2",
            ],
        ),
        ("a.example/b?a=&b=1", ["http://a.example/b?b=1&a", "http://a.example/b?a=&b=1"]),
        (
            "a.example/b?x=a+b",
            ["http://a.example/b?x=a+b", "http://a.example/b?x=a%20b", "http://a.example/b?x=a b"],
        ),
        (
            "a.example/%E4%B8%AD",
            ["http://a.example/中", "http://a.example/%e4%b8%ad", "http://a.example/%E4%B8%AD/"],
        ),
        ("a.example/~ann", ["http://a.example/~ann", "http://a.example/%7Eann/"]),
        ("a.example:8080/b", ["http://a.example:8080/b/", "https://www.a.example:8080/b"]),
        ("xn--hfen-loa.example/", ["http://häfen.example/", "http://xn--hfen-loa.example"]),
        ("[::1]:8080/b", ["http://[::1]:8080/b", "http://[0:0::1]:8080/b/"]),
        ("www.example/", ["http://www.example/"]),
        ("mailto:x@a.example", ["mailto:x@a.example", " mailto:x@a.example\n"]),
        ("", ["", " "]),
    ],
)
def test_identity(key: str, urls: list[str]) -> None:
    assert {identity(url) for url in urls} == {key}


def test_identity_keeps_apart_what_differs() -> None:
    urls = [
        "a.example/b",
        "a.example/B",
        "a.example/b?x=1",
        "a.example/b?x=2",
        "b.a.example/b",
        "a.example:81/b",
    ]
    assert len({identity(f"http://{url}") for url in urls}) == len(urls)


PIECES = (
    "http://", "https://", "HTTP://", "www.", "amp.", "a.example", "A.Example", "ü.example", "[::1]", "127.0.0.1", ":80",
    ":443", ":", "@", "u:P@", "/", "//", "/.", "/..", "?", "&", "&amp;", "=", "#", "%", "%41", "%e4", "%C3%A4", "%zz",
    "utm_source=x", "sid=0123456789abcdef0", ";jsessionid=AB", "/(S(0123456789abcdefghij))", "a=1", "b", "+", " ", "\t",
    "é", "語", "\ud800", "\0", "2024", "05", "/amp", "/print/", "?print=1", ".amp.html", "events", "calendar", "month=5",
)  # fmt: skip
urls = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=10).map("".join)
addresses = urls | urls.map(lambda url: f"{SITE}/{url}") | st.text(max_size=30)


@given(addresses)
@example("HTTP:// 0")
@example(f"{SITE}//(S(0123456789abcdefghij));jsessionid=AB")
@settings(max_examples=1000)
def test_normalised_addresses_and_keys_stay_as_they_are(url: str) -> None:
    clean, key = normalise(url), identity(url)
    assert identity(key) == key
    if clean is not None:
        assert (normalise(clean), identity(clean)) == (clean, key)
    assert judge(url).reason


@given(addresses)
@settings(max_examples=1000)
def test_the_short_way_to_a_key_gives_the_same(url: str) -> None:
    clean = normalise(url)
    if clean is None or not discovery._PLAIN.fullmatch(clean):
        return
    canonical = canonicalize_url(clean)
    assert canonical.partition("?")[0] == clean.partition("?")[0]
    assert identity(clean).partition("?")[2] == canonical.partition("?")[2]


@given(addresses)
def test_a_variants_plain_address_is_shorter(url: str) -> None:
    plain = variant_of(normalise(url) or "")
    assert plain is None or (normalise(plain) == plain and len(plain) < len(normalise(url) or ""))


def test_identity_is_quick() -> None:
    found = [
        f"https://www.a{at % 50}.example/2024/05/{at}/storm-hits-the-harbour/?b={at}&a=2"
        for at in range(5_000)
    ]
    began = time.perf_counter()
    keys = {identity(url) for url in found}
    assert (time.perf_counter() - began) / len(
        found
    ) < 0.000_2  # ten times of what it takes, for busy machines
    assert len(keys) == len(found)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("/2024/05/storm/amp/", "/2024/05/storm/"),
        ("/2024/05/storm/amp", "/2024/05/storm"),
        ("/2024/05/storm/AMP/?utm_source=x", "/2024/05/storm/"),
        ("/amp/2024/05/17/storm", "/2024/05/17/storm"),
        ("/amp/storm-98765", "/storm-98765"),
        ("/amp/", "/"),
        ("/storm?amp", "/storm"),
        ("/storm?amp=1&page=2", "/storm?page=2"),
        ("/storm?outputType=amp", "/storm"),
        ("/storm.amp.html", "/storm.html"),
        ("/storm-12345.amp", "/storm-12345"),
        ("/storm?print=1", "/storm"),
        ("/storm?print=print", "/storm"),
        ("/story.php?id=5&print=true", "/story.php?id=5"),
        ("/index.php?id=7&tmpl=component&print=1", "/index.php?id=7"),
        ("/storm/print/", "/storm/"),
        ("/storm/print/?page=2", "/storm/?page=2"),
        ("/storm/drucken", "/storm"),
        ("/storm/imprimir/", "/storm/"),
        ("/storm?view=print", "/storm"),
        ("/storm?mode=print", "/storm"),
        ("/storm?printable=yes", "/storm"),
        ("/print/news/storm-hits-the-harbour", "/news/storm-hits-the-harbour"),
    ],
)
def test_variants(url: str, plain: str) -> None:
    assert variant_of(SITE + url) == SITE + plain
    assert judge(SITE + url) == judge(SITE + plain)


@pytest.mark.parametrize(
    "url",
    [
        f"{SITE}/storm",
        f"{SITE}/champion/campaign?sample=amplitude",
        f"{SITE}/amp/news/",  # a section on amplifiers
        f"{SITE}/print/",
        f"{SITE}/print/123",
        f"{SITE}/print-edition/storm",
        f"{SITE}/storm?print=1234",
        f"{SITE}/storm?view=list",
        f"{SITE}/index.php?tmpl=component",
        "http://amp.example/storm",
        "http://amp.com/storm",
        "http://amp.co.uk/storm",
        "http://[broken/amp/",
    ],
)
def test_no_variants(url: str) -> None:
    assert variant_of(url) is None


def test_variants_by_host() -> None:
    assert variant_of("https://amp.a.example/storm?x=1") == "https://a.example/storm?x=1"
    assert variant_of("https://amp.news.co.uk/storm/amp/") == "https://news.co.uk/storm/"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", Kind.SECTION),
        ("", Kind.SECTION),
        ("/news/", Kind.UNKNOWN),
        ("/2024/05/17/storm", Kind.ARTICLE),
        ("/2024/05/storm-hits/", Kind.ARTICLE),
        ("/news/2024-05-17-storm", Kind.ARTICLE),
        ("/2024/05/", Kind.SECTION),
        ("/2024/05/17/", Kind.SECTION),
        ("/storm-hits-the-harbour", Kind.ARTICLE),
        ("/storm_hits_the_harbour.html", Kind.ARTICLE),
        ("/about-us", Kind.UNKNOWN),
        ("/news/article/1234567", Kind.ARTICLE),
        ("/story-98765.html", Kind.ARTICLE),
        ("/?p=123", Kind.ARTICLE),
        ("/story.php?id=9", Kind.ARTICLE),
        ("/category/storm-in-the-harbour", Kind.SECTION),
        ("/tag/x", Kind.SECTION),
        ("/news/page/2/", Kind.SECTION),
        ("/feed/", Kind.SKIP),
        ("/wp-json/wp/v2/posts", Kind.SKIP),
        ("/login?next=/", Kind.SKIP),
        ("/2024/05/17/storm/?replytocom=7", Kind.SKIP),
        ("/2024/05/17/storm.jpg", Kind.SKIP),
        ("/sitemap.xml", Kind.SKIP),
        ("/новости/буря-накрыла-гавань-ночью", Kind.ARTICLE),
    ],
)
def test_judge(path: str, kind: Kind) -> None:
    verdict = judge(f"http://a.example{path}")
    assert verdict.kind is kind
    assert verdict.reason


AHEAD = datetime.now(UTC).year + 2


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/print/", "a print version whose plain page is not told"),
        ("/print/123", "a print version whose plain page is not told"),
        ("/print.php?sid=12", "a print version whose plain page is not told"),
        ("/storm?print=1234", "a print version whose plain page is not told"),
        ("/events/2024-05/", "a view of a calendar"),
        ("/events/2024-05-17", "a view of a calendar"),
        ("/events/2024/05/17/", "a view of a calendar"),
        ("/events/month/", "a view of a calendar"),
        ("/events/category/fairs/2024-05/", "a view of a calendar"),
        ("/event/harbour-fair-of-the-islands/2024-05-17/", "a view of a calendar"),
        ("/agenda/2024/05", "a view of a calendar"),
        ("/calendar", "a view of a calendar"),
        ("/calendar/2024/05/17", "a view of a calendar"),
        ("/town/Calendar/harbour-fair-opens-on-sunday", "a view of a calendar"),
        ("/veranstaltungskalender/heute", "a view of a calendar"),
        ("/events/?tribe-bar-date=2024-05-01", "a view of a calendar"),
        ("/?month=5&year=2024", "a view of a calendar"),
        ("/whats-on?yr=2024&month=5", "a view of a calendar"),
        (f"/{AHEAD}/05/", "a date in the far future"),
        (f"/news/{AHEAD}/05/17/storm", "a date in the far future"),
        (f"/fairs?from={AHEAD}-05-01", "a date in the far future"),
        ("/a/b/a/b/a/b", "the path repeats itself"),
        ("/news/images/images/images/x", "the path repeats itself"),
        ("/a/x/a/y/a/z/a", "the path repeats itself"),
        ("/1/2/3/4/5/6/7/8/9/10/11/12/storm-hits-the-harbour", "more than 12 parts in the path"),
        ("/s?a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&i=9&j=1&k=2", "more than 10 names in the query"),
        ("/news/http://b.example/storm", "a link that a template or a script made wrongly"),
        ("/news/mailto:ann@a.example", "a link that a template or a script made wrongly"),
        ("/news/%7B%7Bpost.url%7D%7D", "a link that a template or a script made wrongly"),
        ("/news/undefined", "a link that a template or a script made wrongly"),
    ],
)
def test_traps(path: str, reason: str) -> None:
    verdict = judge(SITE + path)
    assert (verdict.kind, verdict.reason) == (Kind.SKIP, reason)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/events/", Kind.UNKNOWN),
        ("/events/harbour-fair-opens-on-sunday/", Kind.ARTICLE),
        ("/events/2024/05/17/harbour-fair/", Kind.ARTICLE),
        ("/category/calendar/", Kind.SECTION),
        ("/archive?month=5&year=2011", Kind.SECTION),
        ("/news?month=5", Kind.UNKNOWN),
        (f"/{AHEAD - 1}/01/02/storm", Kind.ARTICLE),  # written on New Year's Eve, far west
        ("/news/carbon-neutral-by-2050/", Kind.ARTICLE),
        ("/2011/11/11/eleven", Kind.ARTICLE),
        ("/news/2024/05/17/news/news-of-the-day", Kind.ARTICLE),
        ("/a/b/a/b/storm-hits-the-harbour", Kind.ARTICLE),
        ("/null-and-void-the-new-law", Kind.ARTICLE),
        ("/1/2/3/4/5/6/7/8/9/10/11/storm-hits-the-harbour", Kind.ARTICLE),
    ],
)
def test_no_traps(path: str, kind: Kind) -> None:
    assert judge(SITE + path).kind is kind


def test_what_is_no_address_is_skipped() -> None:
    assert judge("http://[broken/") == discovery.Verdict(Kind.SKIP, "no web address")


@pytest.mark.parametrize(
    "piece", ["/events", "/a", "/amp", "/print", "a&", "(S(", ";sid=", "/events/a-", "%", "?"]
)
def test_hostile_addresses_take_no_time(piece: str) -> None:
    url = f"{SITE}/" + piece * ((MAX_URL_LENGTH - 20) // len(piece))
    began = time.monotonic()
    for call in (normalise, identity, variant_of, judge):
        call(url)
    assert time.monotonic() - began < 0.5
