from __future__ import annotations

from typing import Any

import pytest

from spiders.params import SiteParams, WordPressParams, check


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://a.example", ["https://a.example/"]),
        ("a.example/news", ["https://a.example/news"]),
        ("http://a.example:8080/x,y.html", ["http://a.example:8080/x,y.html"]),
        ("http://a.example/,https://b.example/", ["http://a.example/", "https://b.example/"]),
        ("http://a.example/ \n http://b.example/", ["http://a.example/", "http://b.example/"]),
        ("http://a.example/ http://a.example/", ["http://a.example/"]),
        (["http://a.example/"], ["http://a.example/"]),
    ],
)
def test_addresses(given: Any, expected: list[str]) -> None:
    assert SiteParams(url=given).url == expected
    assert SiteParams.model_validate({"urls": given}).url == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "url: Field required"),
        ({"url": ""}, "url: List should have at least 1 item"),
        ({"url": "ftp://a.example/"}, "not a web address: 'ftp://a.example/'"),
        ({"url": "http://"}, "not a web address"),
        ({"url": "http://a.example:99999/"}, "not a web address"),
        ({"url": "http://[::1/"}, "not a web address"),
        ({"url": "a.example", "max_pages": "0"}, "max_pages: Input should be greater than or equal to 1"),
        ({"url": "a.example", "max_pages": "many"}, "max_pages: Input should be a valid integer"),
        ({"url": "a.example", "include": "("}, "include: Value error, not a regular expression"),
        (
            {"url": "a.example", "discover": "links,stars"},
            "discover.1: Input should be 'wordpress', 'sitemap', 'feed' or 'links'",
        ),
        ({"url": "a.example", "max_page": "3"}, "max_page: Extra inputs are not permitted"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=":") as caught:
        check(SiteParams, arguments)
    assert message in str(caught.value)


def test_strings_of_the_command_line_become_values() -> None:
    ways = SiteParams.model_validate({"url": "a.example", "discover": "links, feed", "max_bytes": "2 MB"})
    assert (ways.discover, ways.max_bytes) == (["links", "feed"], 2_000_000)
    assert SiteParams.model_validate({"url": "a.example", "discover": ""}).discover is None
    asked = [SiteParams.model_validate({"url": "a.example", **more}) for more in ({}, {"site_files": "true"})]
    assert [params.site_files for params in asked] == [False, True]
    params = WordPressParams.model_validate(
        {"url": "a.example", "fallback": "false", "per_page": "50", "exclude": ""}
    )
    assert params.fallback is False
    assert params.per_page == 50
    assert params.exclude is None
