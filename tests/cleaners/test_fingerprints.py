"""Ids that tie sites to one operator: what is taken for one, and what is not."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import clean
from cleaners.article import Fingerprint
from cleaners.fingerprint_signs import META_SIGNS, SIGNS
from cleaners.fingerprints import (
    MAX_CODE_CHARS,
    MAX_FINGERPRINTS,
    MAX_SCRIPT_CHARS,
    MAX_USERS,
    MAX_VALUE_CHARS,
    find_fingerprints,
)
from cleaners.parse import parse_html

WORDPRESS = "<link rel='https://api.w.org/' href='https://gazette.example/wp-json/'>"


def found(markup: str) -> list[tuple[str, str]]:
    root = parse_html(markup)
    assert root is not None
    return [(one.kind, one.value) for one in find_fingerprints(root)]


def script(code: str) -> str:
    return f"<p>x</p><script>{code}</script>"


GA = "<script async src='https://www.googletagmanager.com/gtag/js?id={}'></script>"
YANDEX = "<script>(window,document,'script','https://mc.yandex.ru/metrika/tag.js','ym');{}</script>"
PIXEL = "<script>t.src='https://connect.facebook.net/en_US/fbevents.js';{}</script>"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<script src='//pagead.example/js?client=ca-pub-8944574650686374'></script>", [("adsense", "pub-8944574650686374")]),
        ("<ins class=adsbygoogle data-ad-client=ca-pub-8944574650686374></ins>", [("adsense", "pub-8944574650686374")]),
        ("<amp-ad type=adsense data-ad-client=ca-pub-8944574650686374></amp-ad>", [("adsense", "pub-8944574650686374")]),
        (script('google_ad_client = "pub-8944574650686374";'), [("adsense", "pub-8944574650686374")]),
        (script('google_ad_client = "ca-video-pub-8944574650686374";'), [("adsense", "pub-8944574650686374")]),
        (script("ga('create', 'UA-6341720-69', 'auto');"), [("google-analytics", "UA-6341720"), ("google-analytics-property", "UA-6341720-69")]),
        (GA.format("UA-6341720-1"), [("google-analytics", "UA-6341720"), ("google-analytics-property", "UA-6341720-1")]),
        (GA.format("G-HVLNZ09FD6"), [("google-analytics-4", "G-HVLNZ09FD6")]),
        (GA.format("G-HVLNZ09FD6&amp;l=dataLayer"), [("google-analytics-4", "G-HVLNZ09FD6")]),
        (script("gtag('config', 'AW-850828425');"), [("google-ads", "AW-850828425")]),
        (script("gtag('event', 'conversion', {'send_to': 'AW-850828425/abc'});"), [("google-ads", "AW-850828425")]),
        (script("})(window,document,'script','dataLayer','GTM-KV2F6R');"), [("google-tag-manager", "GTM-KV2F6R")]),
        ("<noscript><iframe src='https://www.googletagmanager.com/ns.html?id=GTM-KV2F6R'></iframe></noscript>", [("google-tag-manager", "GTM-KV2F6R")]),
        ("<amp-analytics><script type='application/json'>{\"vars\": {\"account\": \"UA-6341720-1\"}}</script></amp-analytics>", [("google-analytics", "UA-6341720"), ("google-analytics-property", "UA-6341720-1")]),
        (YANDEX.format("ym(44147844, 'init', {});"), [("yandex-metrica", "44147844")]),
        (script("w.yaCounter = new Ya.Metrika({ id: 44147844, clickmap: true }); // mc.yandex.ru"), [("yandex-metrica", "44147844")]),
        (PIXEL.format("fbq('init', '1416917035580605');"), [("facebook-pixel", "1416917035580605")]),
        (script("window.fbAsyncInit = function() { FB.init({appId : '1603526156629729'}); }; // facebook"), [("facebook-app", "1603526156629729")]),
        ("<script src='https://connect.facebook.net/en_US/sdk.js#xfbml=1&appId=1603526156629729'></script>", [("facebook-app", "1603526156629729")]),
        ("<meta property='fb:app_id' content='1603526156629729'>", [("facebook-app", "1603526156629729")]),
        (script("var u='//stats.example.org/'; _paq.push(['setTrackerUrl', u+'matomo.php']);"), [("matomo", "stats.example.org/")]),
        (script('var u="https://stats.example.org/watch/"; _paq.push(["setTrackerUrl", u+"piwik.php"]);'), [("matomo", "stats.example.org/watch/")]),
        (script("_paq.push(['setTrackerUrl', 'https://stats.example.org/m/matomo.php']);"), [("matomo", "stats.example.org/m/")]),
        ("<script src='//stats.example.org/piwik.js'></script>", [("matomo", "stats.example.org/")]),
        (script("!function(){}(document, '//cdn.taboola.com/libtrc/gazette-network/loader.js')"), [("taboola", "gazette-network")]),
        ("<script src='https://widgets.outbrain.com/outbrain.js'></script><div class=OUTBRAIN data-ob-template=Gazette></div>", [("outbrain", "Gazette")]),
        ("<script src='https://jsc.mgid.com/g/a/gazette.example.1734567.js'></script>", [("mgid", "1734567")]),
        ("<script src='https://jsc.mgid.com/site/623456.js'></script>", [("mgid", "623456")]),
        (script("(function(c,l){})(window, document, \"clarity\", \"script\", \"k4g9x0v0ey\");"), [("clarity", "k4g9x0v0ey")]),
        ("<script src='https://www.clarity.ms/tag/k4g9x0v0ey'></script>", [("clarity", "k4g9x0v0ey")]),
        ("<a href='https://www.amazon.co.uk/dp/B00X?th=1&amp;tag=Gazette-21'>x</a>", [("amazon-associate", "gazette-21")]),
        ("<meta name=google-site-verification content='s_raiZw0wjrUvx1ZqYCLg8llP3Es3ZXviQBQaDi1mzg'>", [("google-site-verification", "s_raiZw0wjrUvx1ZqYCLg8llP3Es3ZXviQBQaDi1mzg")]),
        ("<meta name='msvalidate.01' content='6ae2d29e1b19c68cecdf67a5d9e78082'>", [("bing-site-verification", "6AE2D29E1B19C68CECDF67A5D9E78082")]),
        ("<meta name='yandex-verification' content='560c1be0bef386df'>", [("yandex-verification", "560c1be0bef386df")]),
        ("<meta name='facebook-domain-verification' content='48s7u7owl5x7e5bsi52s5i5negk1i0'>", [("facebook-domain-verification", "48s7u7owl5x7e5bsi52s5i5negk1i0")]),
        ("<meta name='P:domain_verify' content=' 68e1a0361a557708fefc992f3309ed70 '>", [("pinterest-verification", "68e1a0361a557708fefc992f3309ed70")]),
        ("<meta name=generator content='WordPress  6.8.3'>", [("generator", "WordPress 6.8.3")]),
        ("<link rel=stylesheet href='https://x.example/wp-content/themes/News-Child/style.css'>", [("wordpress-theme", "news-child")]),
        ("<script src='/wp-content/plugins/contact-form-7/x.js'></script>", [("wordpress-plugin", "contact-form-7")]),
        (WORDPRESS + "<a href='https://gazette.example/author/Ada-Quill/?x#y'>x</a>", [("wordpress-user", "ada-quill")]),
        (WORDPRESS + "<a href='/de/author/%d0%b0%d0%b1'>x</a>", [("wordpress-user", "%d0%b0%d0%b1")]),
    ],
)  # fmt: skip
def test_what_is_an_id(markup: str, expected: list[tuple[str, str]]) -> None:
    assert found(markup) == expected


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Their pages carry “ca-pub-8944574650686374”, 'UA-6341720-69' and 'GTM-KV2F6R'.</p>",
        "<pre>gtag('config', 'G-HVLNZ09FD6')</pre>",
        '<script type="application/ld+json">{"articleBody": "the account \'UA-6341720-69\'"}</script>',
        '<script id="__NEXT_DATA__" type="application/json">{"text": "\'GTM-KV2F6R\'"}</script>',
        script("self.__next_f.push([1,\"all of them report to UA-6341720-69 and GTM-KV2F6R, as we found\"])"),
        "<!-- <script src='//x.example/js?client=ca-pub-8944574650686374'></script> -->",
        script("x = 'ca-pub-89445746506863741'"),
        script("x = 'ca-pub-894457465068637'"),
        script("x = 'UA-XXXXX-Y'; y = 'UA-000000-1'; z = 'UA-12345-1'"),
        script("gtag('config', 'G-XXXXXXXXXX'); gtag('config', 'AW-1234567890');"),
        script("x = 'GTM-XXXXXXX'"),
        script("sku = 'G-HVLNZ09FD6'"),
        script("ym(44147844, 'init')"),
        script("fbq('init', 'YOUR_PIXEL_ID')"),
        script("appId: '1603526156629729'"),
        "<meta name=google-site-verification content='short'>",
        "<meta name='msvalidate.01' content='6ae2d29e1b19c68cecdf67a5d9e7808z'>",
        "<meta name=generator>",
        "<meta content='WordPress 6.8.3'>",
        "<meta property='fb:app_id' content='0000000000'>",
        "<a href='https://shop.example/?tag=gazette-21'>x</a>",
        "<a href='https://www.amazon.com.evil-shop.example/?tag=gazette-21'>x</a>",
        "<a href='https://www.amazon.com/?tag=gazette'>x</a>",
        "<img src='/wp-content/uploads/themes/x/y.png'>",
        "<p data-ob-template=Gazette>x</p>",
        "<a href='https://gazette.example/author/ada-quill/'>x</a>",
        WORDPRESS + "<a href='/author/'>x</a><a href='/author/ada/feed/'>x</a><a href='/about/?x=/author/ada/b'>x</a>",
    ],
)  # fmt: skip
def test_what_is_none(markup: str) -> None:
    assert found(f"<p>x</p>{markup}") == []


def test_authors_of_a_list_are_bounded() -> None:
    links = "".join(f"<a href='/author/writer-{number:03d}/'>x</a>" for number in range(2 * MAX_USERS))
    assert found(WORDPRESS + links) == [
        ("wordpress-user", f"writer-{number:03d}") for number in range(MAX_USERS)
    ]


def test_a_posts_users_are_those_that_the_api_embeds() -> None:
    authors = [{"slug": "Ada-Quill", "name": "Ada"}, {"slug": "a b"}, {"slug": 7}, None, {"slug": "ben"}]
    post = {
        "id": 1,
        "link": "https://a.example/x",
        "title": {"rendered": "A storm"},
        "content": {"rendered": "<p>Wind.</p>"},
    }
    carried = clean(json.dumps({**post, "_embedded": {"author": authors}})).fingerprints
    assert carried == [Fingerprint("wordpress-user", "ada-quill"), Fingerprint("wordpress-user", "ben")]


def test_each_once_and_sorted() -> None:
    markup = GA.format("G-HVLNZ09FD6") * 3 + "<meta name=generator content=Hugo>" + script("x='GTM-KV2F6R'")
    assert found(markup) == [
        ("generator", "Hugo"),
        ("google-analytics-4", "G-HVLNZ09FD6"),
        ("google-tag-manager", "GTM-KV2F6R"),
    ]


def test_an_article_carries_those_of_its_page() -> None:
    page = "<title>A storm</title><article><p>The storm came over the harbour at night.</p></article>"
    article = clean(page + GA.format("G-HVLNZ09FD6"))
    assert article.fingerprints == [Fingerprint("google-analytics-4", "G-HVLNZ09FD6")]
    assert article.to_record()["fingerprints"] == [{"kind": "google-analytics-4", "value": "G-HVLNZ09FD6"}]
    assert clean("Only text, with 'GTM-KV2F6R' in it.").fingerprints == []
    post = '{"id": 1, "link": "https://a.example/x", "title": {"rendered": "A storm"}, "content": {"rendered": "<p>Wind.</p>%s"}}'
    assert clean(post % "").fingerprints == []
    link = "<a href='https://www.amazon.de/dp/B00X?tag=gazette-21'>x</a>"
    assert clean(post % link).fingerprints == [Fingerprint("amazon-associate", "gazette-21")]


def test_half_an_id_is_none() -> None:
    """Where a script is cut, the word that the cut goes through is left out."""
    for left in range(len("'GTM-KV2F6R'")):
        padding = "x" * (MAX_SCRIPT_CHARS - left - 1) + ";"
        assert found(script(f"{padding}'GTM-KV2F6R'")) == []
    assert found(script("x" * (MAX_SCRIPT_CHARS - 20) + ";'GTM-KV2F6R'")) == [
        ("google-tag-manager", "GTM-KV2F6R")
    ]
    address = f"//x.example/{'x' * (MAX_VALUE_CHARS - 25)}?id="
    assert found(f"<script src='{address}GTM-KV2F6RABC'></script>") == []


def test_there_are_never_too_many() -> None:
    themes = "".join(f"<link href='/wp-content/plugins/p{n}/x.css'>" for n in range(2 * MAX_FINGERPRINTS))
    assert len(found(themes)) == MAX_FINGERPRINTS


HOSTILE = [
    "//" * 100_000,
    "//aaaa." * 30_000,
    "//" + "a." * 5_000,
    "var u=" * 30_000,
    "appId='" * 30_000 + "facebook",
    "UA-1234567890-" * 15_000,
    "ym(" + " " * 100_000 + "yandex",
    "'clarity', " * 20_000,
    "setTrackerUrl var u='//" + "a/" * 50_000,
    "jsc.mgid.com/" + "a/a.a." * 30_000,
]


@pytest.mark.parametrize("code", HOSTILE, ids=lambda code: code[:12])
def test_hostile_scripts_cost_little(code: str) -> None:
    code = f"matomo. piwik. gtag {code}"
    pages = [
        "".join(f"<script>{code[start : start + MAX_SCRIPT_CHARS]}</script>" for start in range(0, MAX_CODE_CHARS, MAX_SCRIPT_CHARS)),
        f"<a href='https://www.amazon.com/{code[:100_000]}tag='>x</a>" * 20,
        f"<meta name=generator content='{code[:100_000]}'>",
    ]  # fmt: skip
    for page in pages:
        root = parse_html(page)
        assert root is not None
        before = time.process_time()
        find_fingerprints(root)
        assert time.process_time() - before < 0.5


@given(st.text(max_size=300))
def test_any_text_is_searched(text: str) -> None:
    for sign in (sign for signs in SIGNS.values() for sign in signs):
        assert all(one.kind in sign.kinds for one in sign.find(f'"{text}"'))
    assert all(form.fullmatch("") is None for _, form in META_SIGNS.values())
