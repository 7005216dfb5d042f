"""WordPress posts as the REST API gives them, and what only looks like one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.wordpress import parse_post
from tests.cleaners.strategies import json_values


def post(**changes: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "date": "2025-02-11T13:00:00",
        "date_gmt": "2025-02-11T12:00:00",
        "modified": "2025-02-12T13:00:00",
        "modified_gmt": "2025-02-12T12:00:00",
        "link": "https://farm.example/2025/02/bridge/",
        "title": {"rendered": "Bridge &#8220;saved&#8221; <em>at last</em>"},
        "content": {"rendered": "<p>The bridge stands.</p>\n", "protected": False},
        "excerpt": {"rendered": "<p>The bridge…</p>"},
        **changes,
    }


def test_a_post_is_read() -> None:
    parsed = parse_post(json.dumps(post()).encode())
    assert parsed is not None
    assert parsed.link == "https://farm.example/2025/02/bridge/"
    assert parsed.title == "Bridge “saved” at last"
    assert parsed.content_html == "<p>The bridge stands.</p>\n"
    assert parsed.published == datetime(2025, 2, 11, 12, tzinfo=UTC)
    assert parsed.modified == datetime(2025, 2, 12, 12, tzinfo=UTC)
    assert (parsed.authors, parsed.categories, parsed.language, parsed.canonical) == ([], [], None, None)
    assert not parsed.protected


def test_bytes_text_objects_lists_of_one_and_byte_order_marks_are_alike() -> None:
    text = json.dumps(post())
    expected = parse_post(post())
    for form in (text, text.encode(), b"\xef\xbb\xbf" + text.encode(), "\ufeff" + text, f"[{text}]"):
        assert parse_post(form) == expected


def test_embedded_names() -> None:
    embedded = {
        "author": [
            {"name": "admin"},
            {"name": "Ann O&#8217;Neil"},
            {"name": "Admin"},
            {"code": "rest_no_route"},
        ],
        "wp:term": [
            [{"taxonomy": "category", "name": "World &amp; Europe"}],
            [{"taxonomy": "post_tag", "name": "bridges"}],
        ],
    }
    parsed = parse_post(post(_embedded=embedded))
    assert parsed is not None
    assert parsed.authors == ["admin", "Ann O’Neil"]
    assert parsed.categories == ["World & Europe"]


def test_names_that_the_spider_asked_for_and_yoast() -> None:
    parsed = parse_post(post(_thresher={"authors": ["Ann"], "categories": ["World"]}))
    assert parsed is not None
    assert (parsed.authors, parsed.categories) == (["Ann"], ["World"])
    yoast = {"author": "Bo Li", "og_locale": "pl_PL", "canonical": "https://bugle.example/bridge"}
    parsed = parse_post(post(yoast_head_json=yoast))
    assert parsed is not None
    assert (parsed.authors, parsed.language, parsed.canonical) == (
        ["Bo Li"],
        "pl",
        "https://bugle.example/bridge",
    )


def test_local_time_stands_in_only_where_utc_is_missing() -> None:
    without = post()
    del without["date_gmt"]
    parsed = parse_post(without)
    assert parsed is not None
    assert parsed.published == datetime(2025, 2, 11, 13, tzinfo=UTC)
    parsed = parse_post(
        post(date="x", date_gmt="0000-00-00T00:00:00", modified=None, modified_gmt="0001-01-01")
    )
    assert parsed is not None
    assert (parsed.published, parsed.modified) == (None, None)


def test_old_interfaces_give_strings_and_protected_posts_say_so() -> None:
    parsed = parse_post(post(title="Bridge", content="<p>x</p>", excerpt="y"))
    assert parsed is not None
    assert (parsed.title, parsed.content_html) == ("Bridge", "<p>x</p>")
    parsed = parse_post(post(content={"rendered": "", "protected": True}))
    assert parsed is not None
    assert parsed.protected


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff",
        "null",
        "7",
        "[]",
        "{}",
        json.dumps({"post": post()}),
        json.dumps([post(), post()]),
        json.dumps({"title": "x", "content": "y"}),
        json.dumps({"code": "rest_no_route", "message": "No route", "data": {"status": 404}}),
        json.dumps(post(content=None)),
        json.dumps(post())[:-5],
        "[" * 100_000,
        '{"a":' * 100_000,
        "1" * 10_000,
        "<html></html>",
    ],
)
def test_what_is_no_post(data: bytes | str) -> None:
    assert parse_post(data) is None


FIELDS = ["title", "content", "link", "date", "date_gmt", "lang", "_embedded", "_thresher", "yoast_head_json"]


@given(st.dictionaries(st.sampled_from(FIELDS), json_values))
def test_fields_of_any_kind_give_a_post_with_a_text_or_none(changes: dict[str, Any]) -> None:
    found = parse_post(post(**changes))
    assert found is None or isinstance(found.content_html, str)


def test_a_character_reference_of_thousands_of_digits_is_left_out() -> None:
    post = parse_post(
        {"link": "http://a.example/", "title": f"One &#{'1' * 5_000}; two &#233;", "content": "<p>x</p>"}
    )
    assert post is not None
    assert post.title == "One two é"
