"""Made-up and damaged pages: nothing raises, nothing is lost, and the same page gives the same record."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cleaners.strategies import json_values, pages, texts
from tests.fuzz.invariants import assert_in_order
from tests.fuzz.mutate import CONTENT_TYPES, URLS, mutated

CASES = 600
"""Damaged pages that are tried; `python -m tests.fuzz.mutate` tries any others."""

content_types = st.sampled_from(CONTENT_TYPES)
urls = st.sampled_from(URLS) | st.text(max_size=30)
fuzz = settings(max_examples=100, deadline=None, derandomize=True)


@fuzz
@given(pages(texts), content_types, urls)
def test_pages_of_any_tree(page: str, content_type: str | None, url: str | None) -> None:
    assert_in_order(f"<!doctype html>{page}", content_type, url)
    assert_in_order(page, content_type, url)


@fuzz
@given(st.text(max_size=300) | st.lists(texts, max_size=8).map("".join), content_types, urls)
def test_any_text(text: str, content_type: str | None, url: str | None) -> None:
    assert_in_order(text, content_type, url)


@fuzz
@given(
    st.binary(max_size=400),
    st.sampled_from((b"", b"<html>", b"<p>", b"{", b"\xff\xfe", b"<meta charset=")),
    content_types,
)
def test_any_bytes(body: bytes, start: bytes, content_type: str | None) -> None:
    assert_in_order(start + body, content_type)


@fuzz
@given(
    pages(texts),
    st.sampled_from(("utf-16", "utf-32", "cp1251", "shift_jis", "iso-2022-jp", "utf-7")),
    content_types,
)
def test_pages_in_charsets_that_they_do_not_say(page: str, encoding: str, content_type: str | None) -> None:
    assert_in_order(page.encode(encoding, "replace"), content_type)


@fuzz
@given(
    st.dictionaries(
        st.sampled_from(("id", "title", "content", "date", "link", "excerpt", "_embedded")), json_values
    )
)
def test_posts_of_any_data(post: dict[str, object]) -> None:
    assert_in_order(json.dumps(post), "application/json")


@pytest.mark.parametrize("start", range(0, CASES, 50))
def test_damaged_pages(start: int) -> None:
    """A failure names its page; `python -m tests.fuzz.mutate NUMBER` has it again."""
    for number in range(start, start + 50):
        page = mutated(number)
        try:
            assert_in_order(page.body, page.content_type, page.url, twice=number % 4 < 2)
        except Exception as error:
            raise AssertionError(f"page {number}") from error
