"""Sites, domains in phrases, completed links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.urls import MAX_URL_LENGTH, absolute, domain_in, domain_label, site_of


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://edition.cnn.com/2025/02/11/x", "cnn.com"),
        ("http://www.bbc.co.uk:8080/news?x=1", "bbc.co.uk"),
        ("//news.bbc.co.uk/a", "bbc.co.uk"),
        ("cms.cnn.com/_components/paragraph", "cnn.com"),
        ("https://one.blogspot.com/", "one.blogspot.com"),
        ("https://blogspot.com/", "blogspot.com"),
        ("https://www.wordpress.com/", "wordpress.com"),
        ("http://127.0.0.1:8000/x", "127.0.0.1"),
        ("http://[::1]:8000/x", "::1"),
        ("http://localhost:8000/", "localhost"),
        ("http://www.bugle.localhost/", "bugle.localhost"),
        ("https://news.bugle.example/a", "bugle.example"),
        ("http://shop.intranet.internal/", "intranet.internal"),
        ("https://xn--e1afmkfd.xn--p1ai/", "xn--e1afmkfd.xn--p1ai"),
        ("https://пример.рф/", "xn--e1afmkfd.xn--p1ai"),
        ("HTTPS://WWW.CNN.COM./", "cnn.com"),
    ],
)
def test_site_of(url: str, site: str) -> None:
    assert site_of(url) == site


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        " ",
        "mailto:a@cnn.com",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///folder/x.com",
        "notes.html",
        "http://[",
        "http://a..b.com/",
        "http://co.uk/",
        "http://cnn.com/" + "a" * MAX_URL_LENGTH,
    ],
)
def test_what_is_no_web_address_has_no_site(url: str | None) -> None:
    assert site_of(url) is None


def test_the_label_is_the_owners_part() -> None:
    assert domain_label("https://www.bbc.co.uk/x") == "bbc"
    assert domain_label("http://10.0.0.1/") == "10.0.0.1"
    assert domain_label(None) is None


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("This post appeared first on cnn.com", "cnn.com"),
        ("Source: www.backlinko.com.", "backlinko.com"),
        ("see https://edition.cnn.com/2025/x.html for more", "cnn.com"),
        ("cms.cnn.com/_components/paragraph", "cnn.com"),
        ("as the bugle.example wrote", "bugle.example"),
        ("Źródło: rp.pl", "rp.pl"),
        ("read report.pdf, README.md and b92.rs", "b92.rs"),
        ("from x.com", "x.com"),
        ("https://foo.zip/page", "foo.zip"),
    ],
)
def test_domain_in_a_phrase(text: str, domain: str) -> None:
    assert domain_in(text) == domain


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Source: Reuters",
        "mail info@cnn.com",
        "the end.In June",
        "at 9.am",
        "the U.S. army",
        "Node.js",
        "main.rs",
        "archive.zip",
        "setup.py",
        "index.html",
        "e.g. this",
        "1.2.3",
        "...",
    ],
)
def test_no_domain_in_a_phrase(text: str) -> None:
    assert domain_in(text) is None


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("/a?b#c", "https://bugle.example/x/y", "https://bugle.example/a?b#c"),
        ("//cdn.example/z", "https://bugle.example/", "https://cdn.example/z"),
        ("https://bugle.example/a", None, "https://bugle.example/a"),
        ("a", None, None),
        ("", "https://bugle.example/", None),
        (None, "https://bugle.example/", None),
        ("javascript:x", "https://bugle.example/", None),
        ("http://[", "https://bugle.example/", None),
    ],
)
def test_absolute(url: str | None, base: str | None, expected: str | None) -> None:
    assert absolute(url, base) == expected


@given(st.text(alphabet=st.characters() | st.sampled_from("./:@[]%?#\\www.com"), max_size=200))
def test_any_text_gives_hosts_and_addresses_or_none(text: str) -> None:
    found = (site_of(text), domain_in(text), absolute(text, "https://bugle.example/"), absolute("/x", text))
    assert all(answer is None or (isinstance(answer, str) and answer) for answer in found)
