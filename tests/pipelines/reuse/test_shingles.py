"""Word sequences, and the signature that near copies share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reuse.shingles import (
    BANDS,
    SHINGLE,
    band_keys,
    containment,
    digest_of,
    hash_key,
    shingles_of,
    words_of,
)
from tests.pipelines.reuse.stories import TRAM, TRAM_EDITED, TRAM_INDEPENDENT

SEVEN = ["one", "two", "three", "four", "five", "six", "seven"]
SEVEN_BANDS = [
    4403163998547614488, 9210143367133516892, 1077828444671361750, 1907315847724722401, 3477387074190129883,
    1727295824906728029, 5408838497873661342, 585154265000474285, 88036699098469350, 4103008122522227653,
    8954892623706100968, 365574678291415404,
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The cat's 4,200 metres.", ["the", "cat", "s", "4", "200", "metres"]),
        ("Straße ÜBER_ALL", ["straße", "über", "all"]),
        ("盗走铜缆 4200", ["盗", "走", "铜", "缆", "4200"]),
        ("… — «»", []),
        ("", []),
    ],
)
def test_words_are_in_small_letters_without_marks(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_shingle_is_five_words_and_a_short_text_is_one() -> None:
    assert shingles_of(SEVEN) == [
        "one two three four five",
        "two three four five six",
        "three four five six seven",
    ]
    assert shingles_of(SEVEN[:5]) == ["one two three four five"]
    assert shingles_of(SEVEN[:2]) == ["one two"]
    assert shingles_of([]) == []


def test_containment_is_a_share() -> None:
    assert containment(3, {"a", "b", "c", "d"}) == 0.75
    assert containment(0, set()) == 0.0


def test_hashes_are_what_they_were() -> None:
    """A stored index is of no use to a program that hashes otherwise."""
    assert digest_of(SEVEN).hex() == "351261082404a232d98ff03267664f24"
    assert band_keys(shingles_of(SEVEN)) == SEVEN_BANDS
    assert hash_key(b"thresher") == 7558660185149142084


def test_case_and_marks_make_no_other_text() -> None:
    loud = words_of("ONE—two, «Three» four; FIVE! six… (seven)")
    assert digest_of(loud) == digest_of(SEVEN)
    assert band_keys(shingles_of(loud)) == SEVEN_BANDS
    assert digest_of(SEVEN[::-1]) != digest_of(SEVEN)


def test_near_copies_share_bands_and_other_reports_none() -> None:
    story, edited, other = (
        set(band_keys(shingles_of(words_of(text)))) for text in (TRAM, TRAM_EDITED, TRAM_INDEPENDENT)
    )
    assert len(story) == BANDS
    assert story & edited
    assert not story & other


def test_bands_do_not_depend_on_order_or_repetition() -> None:
    shingles = shingles_of(SEVEN)
    assert band_keys([*shingles[::-1], *shingles]) == SEVEN_BANDS


def test_a_text_of_no_words_has_no_bands() -> None:
    assert band_keys(shingles_of(words_of("…"))) == []


@given(st.text())
def test_any_text_has_shingles_and_a_digest(text: str) -> None:
    words = words_of(text)
    shingles = shingles_of(words)
    assert len(shingles) == (max(len(words) - SHINGLE + 1, 1) if words else 0)
    assert len(digest_of(words)) == 16
    keys = band_keys(shingles)
    assert len(keys) == (BANDS if words else 0)
    assert all(0 <= key < 1 << 63 for key in keys)


def test_lone_surrogates_are_hashed_too() -> None:
    assert len(digest_of(["\ud800"])) == 16
    assert digest_of(words_of("a\ud800b")) == digest_of(["a", "b"])
