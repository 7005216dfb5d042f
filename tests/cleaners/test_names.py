"""What class, id and role names say: whole words only, the most telling one first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.article import BlockType
from cleaners.names import read_names


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ("related-posts", BlockType.RELATED),
        ("relatedPosts", BlockType.RELATED),
        ("td_block_related_posts", BlockType.RELATED),
        ("RELATED", BlockType.RELATED),
        ("post-navigation", BlockType.RELATED),
        ("main-navigation", BlockType.NAVIGATION),
        ("breadcrumbs", BlockType.NAVIGATION),
        ("wp-caption", BlockType.CAPTION),
        ("onetrust-banner-sdk", BlockType.CONSENT),
        ("cookie-notice", BlockType.CONSENT),
        ("comment-respond", BlockType.COMMENTS),
        ("newsletter-signup", BlockType.NEWSLETTER),
        ("sharedaddy sd-sharing", BlockType.SHARING),
        ("about-author", BlockType.AUTHOR_BIO),
        ("entry-title", BlockType.TITLE),
        ("entry-meta", BlockType.BYLINE),
    ],
)
def test_telling_words_speak_for_a_type(names: str, kind: BlockType) -> None:
    _, hint = read_names(names)
    assert hint is not None
    assert hint.type is kind


@pytest.mark.parametrize(
    "names",
    [
        "",
        " ",
        "12 34",
        "content",
        "download-list",
        "shadow",
        "headers",
        "adventure",
        "sharepoint",
        "recitation",
    ],
)
def test_words_that_only_hold_a_telling_one_say_nothing(names: str) -> None:
    assert read_names(names)[1] is None


def test_the_rarer_type_wins_among_words_of_one_element() -> None:
    for names in ("nav cookie-banner", "cookie-banner nav"):
        _, hint = read_names(names)
        assert hint is not None
        assert (hint.type, hint.word) == (BlockType.CONSENT, "cookie")


def test_pairs_of_words_count_in_any_order() -> None:
    for names in ("more-news", "news more"):
        _, hint = read_names(names)
        assert hint is not None
        assert (hint.type, hint.word) == (BlockType.RELATED, "more news")


def test_words_that_also_name_ordinary_parts_are_weak() -> None:
    weak, strong = (read_names(names)[1] for names in ("site-footer", "navbar"))
    assert weak is not None
    assert strong is not None
    assert (weak.weak, strong.weak) == (True, False)


@given(st.text(max_size=100))
def test_no_names_raise_and_the_answer_is_the_same_again(names: str) -> None:
    first = read_names(names)
    read_names.cache_clear()
    assert read_names(names) == first
