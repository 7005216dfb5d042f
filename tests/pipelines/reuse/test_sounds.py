"""Names that sound alike, however a language writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reuse.sounds import LONGEST_NAME, same_names, sound_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Quarrington", "krngtn"),
        ("Куоррингтон", "krngtn"),
        ("Kuorrington", "krngtn"),
        ("Schmidt", "smdt"),
        ("Шмидт", "smdt"),
        ("Zhukov", "skv"),
        ("Жуков", "skv"),
        ("Phelps", "flps"),
        ("Xavier", "ksvr"),
        ("Ünal", "anl"),  # a vowel at the beginning is "a"
        ("Owen", "an"),
        ("Оуэн", "an"),
        ("Pelikan", "plkn"),
        ("पेलिकान", "plkn"),
        ("ペリカン", "prkn"),
        ("", ""),
        ("42", ""),
        ("«»", ""),
        ("\ud800\0", ""),
    ],
)
def test_a_key_holds_the_consonants(name: str, key: str) -> None:
    assert sound_key(name) == key


def test_only_the_start_of_a_long_name_is_read() -> None:
    assert sound_key("ba" * 10_000) == sound_key("ba" * (LONGEST_NAME // 2))


@given(st.text(max_size=60))
def test_a_key_has_latin_consonants_behind_its_first_letter(name: str) -> None:
    key = sound_key(name)
    assert set(key[:1]) <= set("abcdefghijklmnopqrstuvwxyz")
    assert not set(key[1:]) & set("aeiouyhwcqzj")
    assert sound_key(name.upper().lower()) == sound_key(name.lower().upper().lower())


def test_names_are_the_same_with_an_ending_or_one_letter_changed() -> None:
    found = same_names(["mrtmrv", "krngtm", "drt", "plkn"], ["mrtmr", "krngtn", "drtj", "plkn"])
    assert found == {"drt": "drtj", "krngtm": "krngtn", "mrtmrv": "mrtmr"}


def test_short_keys_that_differ_are_other_names() -> None:
    assert same_names(["al", "brn", "br"], ["an", "brt", "brnt"]) == {"brn": "brnt"}


def test_the_nearest_name_is_taken_and_of_two_the_first() -> None:
    assert same_names(["krntx"], ["krnt", "krntxs", "krnty"]) == {"krntx": "krnt"}
    assert same_names(["brndts"], ["brnd", "brndt"]) == {"brndts": "brndt"}


def test_more_than_an_ending_makes_another_name() -> None:
    assert same_names(["vlmr"], ["vlmrsk"]) == {"vlmr": "vlmrsk"}
    assert same_names(["vlmr"], ["vlmrsks"]) == {}


def test_no_names_have_no_likeness() -> None:
    assert same_names([], ["brnt"]) == same_names(["brnt"], []) == {}


@given(st.lists(st.text("brntklms", max_size=6)), st.lists(st.text("brntklms", max_size=6)))
def test_likeness_does_not_depend_on_order(theirs: list[str], ours: list[str]) -> None:
    found = same_names(theirs, ours)
    assert found == same_names(reversed(theirs), reversed(ours))
    assert set(found) <= set(theirs) - set(ours)
    assert set(found.values()) <= set(ours)
