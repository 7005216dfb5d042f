"""The keys that a text is found by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reuse.index import SHARED_AT_LEAST
from pipelines.reuse.keys import FACTS_AT_MOST, NAMES_A_SENTENCE, SEQUENCES_AT_MOST, Keys, keys_of
from tests.pipelines.reuse.sparse import (
    FERRY,
    FERRY_IN_SPANISH,
    FERRY_INDEPENDENT,
    FERRY_REWRITTEN,
    MOTH,
    MOTH_IN_FRENCH,
    MOTH_INDEPENDENT,
    MOTH_REWRITTEN,
)
from tests.pipelines.reuse.stories import (
    TRAM,
    TRAM_EDITED,
    TRAM_EXCERPT,
    TRAM_FOLLOWUP,
    TRAM_INDEPENDENT,
    TRAM_REWRITTEN,
    TRAM_ROUNDTRIP,
    VIOLIN,
    VIOLIN_INDEPENDENT,
    VIOLIN_REWRITTEN,
    reading_of,
)
from tests.pipelines.reuse.translations import TRAM_IN, VIOLIN_IN_ENGLISH, VIOLIN_IN_FRENCH

BOAT = """
Ann Lester met the envoy Bo Hartman in the old harbour of Oslund on Monday. Hartman paid her 4,250 crowns and 317
shillings for the boat.
"""
BOAT_KEYS = Keys(
    bands=(
        842634316176379566, 933347494465270333, 988839866269760114, 1520731822894804814, 2990212715449811276,
        3343057893439145990, 4971006634412846698, 5135391465178821510, 5907605489881172667, 6531899431150532918,
        6915059709722999312, 7779640010813473506,
    ),
    facts=(
        322493533105663783, 2416926579641286622, 3678233163248425386, 4989888432644422280, 5424723501524743362,
        8961296267900409554,
    ),
    names=bytes.fromhex("69e741afaba57e19db0314c1"),
)  # fmt: skip


def keys(text: str, language: str = "en") -> Keys:
    return keys_of(reading_of(text, language))


def shared(one: Keys, other: Keys) -> int:
    return len(set(one.facts) & set(other.facts))


def test_keys_are_what_they_were() -> None:
    """A stored index is of no use to a program that makes other keys.

    The facts are three pairs of names in a sentence, a name with each of two numbers, and these in a row. The
    names are those of three consonants and more, all of them in the lead.
    """
    assert keys(BOAT) == BOAT_KEYS


def test_the_order_of_a_sentences_names_is_of_no_account() -> None:
    turned = (
        BOAT.replace("Ann Lester", "Ann X").replace("Bo Hartman", "Bo Lester").replace("Ann X", "Ann Hartman")
    )
    assert keys(turned).facts == BOAT_KEYS.facts


def test_case_and_marks_make_no_other_sequences() -> None:
    loud = TRAM.upper().replace(",", " — ").replace(".", "!")
    plain = TRAM.replace(",", " ")
    assert keys(loud).bands == keys(plain).bands != ()


def test_an_excerpt_shares_keys_with_its_source() -> None:
    assert shared(keys(TRAM_EXCERPT), keys(TRAM)) == 15
    assert shared(keys(TRAM_EDITED), keys(TRAM)) == 22


@pytest.mark.parametrize("text", [TRAM_REWRITTEN, TRAM_ROUNDTRIP])
def test_rewrites_are_found_by_their_facts(text: str) -> None:
    assert not set(keys(text).bands) & set(keys(TRAM).bands)
    assert shared(keys(text), keys(TRAM)) >= SHARED_AT_LEAST


@pytest.mark.parametrize("language", sorted(TRAM_IN))
def test_translations_are_found_by_their_facts(language: str) -> None:
    translated = keys(TRAM_IN[language], language)
    assert shared(translated, keys(TRAM)) >= SHARED_AT_LEAST
    assert shared(translated, keys(TRAM_REWRITTEN)) >= SHARED_AT_LEAST
    assert shared(translated, keys(TRAM_INDEPENDENT)) < SHARED_AT_LEAST


@pytest.mark.parametrize("one", sorted(TRAM_IN))
def test_translations_are_found_by_each_other(one: str) -> None:
    known = keys(TRAM_IN[one], one)
    found = {other: shared(known, keys(TRAM_IN[other], other)) for other in TRAM_IN}
    assert {other for other, count in found.items() if count < SHARED_AT_LEAST} == set()


@pytest.mark.parametrize(
    ("one", "language", "other", "its"),
    [
        (VIOLIN_REWRITTEN, "de", VIOLIN, "de"),
        (VIOLIN_IN_ENGLISH, "en", VIOLIN, "de"),
        (VIOLIN_IN_FRENCH, "fr", VIOLIN, "de"),
        (VIOLIN_IN_FRENCH, "fr", VIOLIN_IN_ENGLISH, "en"),
        (FERRY_REWRITTEN, "en", FERRY, "en"),
        (FERRY_IN_SPANISH, "es", FERRY, "en"),
        (MOTH_REWRITTEN, "en", MOTH, "en"),
        (MOTH_IN_FRENCH, "fr", MOTH, "en"),
    ],
)
def test_what_was_made_from_another_is_found(one: str, language: str, other: str, its: str) -> None:
    assert shared(keys(one, language), keys(other, its)) >= SHARED_AT_LEAST


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        (TRAM_INDEPENDENT, TRAM, "en"),
        (TRAM_FOLLOWUP, TRAM, "en"),
        (TRAM_INDEPENDENT, TRAM_REWRITTEN, "en"),
        (VIOLIN_INDEPENDENT, VIOLIN, "de"),
        (VIOLIN_INDEPENDENT, VIOLIN_REWRITTEN, "de"),
        (FERRY_INDEPENDENT, FERRY, "en"),
        (MOTH_INDEPENDENT, MOTH, "en"),
        (TRAM, FERRY, "en"),
    ],
)
def test_other_reports_are_not_found(one: str, other: str, language: str) -> None:
    ours, theirs = keys(one, language), keys(other, language)
    assert shared(ours, theirs) < SHARED_AT_LEAST
    assert not set(ours.bands) & set(theirs.bands)


def test_a_long_text_has_no_more_keys_than_fit() -> None:
    book = " ".join(
        f"It was told that Kor{chr(97 + n % 26)}{n} paid {n}37 crowns to Mal{chr(97 + n % 17)}em."
        for n in range(5_000)
    )
    found = keys(book)
    assert len(found.facts) == FACTS_AT_MOST + SEQUENCES_AT_MOST


def test_a_list_of_names_is_no_fact() -> None:
    names = [f"K{a}rr{b}t" for a in "aeiou" for b in "bdfgklmnp"]
    text = f"they came and went and nothing else was said of it in all of the long and very boring {', '.join(names)}."
    most = NAMES_A_SENTENCE * (NAMES_A_SENTENCE - 1) // 2
    assert len(keys(text).facts) <= most + SEQUENCES_AT_MOST


def test_small_numbers_and_short_names_are_no_facts() -> None:
    small = reading_of("it is said that Al has 2 cows and 30 hens and 400 bees there.")
    assert [anchor.key for anchor in small.facts[0]] == ["al", "2", "3", "4"]
    assert keys_of(small).facts == ()


@pytest.mark.parametrize("text", ["", "…", "\n\n"])
def test_a_text_of_nothing_has_no_keys(text: str) -> None:
    assert keys(text) == Keys((), ())


@given(st.text(max_size=200))
def test_any_text_has_sorted_keys_of_63_bits(text: str) -> None:
    found = keys(text)
    assert list(found.facts) == sorted(set(found.facts))
    assert list(found.bands) == sorted(found.bands)
    assert all(0 <= key < 1 << 63 for key in (*found.bands, *found.facts))
