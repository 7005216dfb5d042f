"""Author fields: which names they hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.authors import split_authors


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("By Ann Lee", ["Ann Lee"]),
        ("Ann Lee, Bo Li and Cy Ode", ["Ann Lee", "Bo Li", "Cy Ode"]),
        ("Ann Lee, Bo Li, and Cy Ode", ["Ann Lee", "Bo Li", "Cy Ode"]),
        ("Ann Lee; Bo Li | Cy", ["Ann Lee", "Bo Li", "Cy"]),
        ("Ann Lee & Ursula von der Leyen", ["Ann Lee", "Ursula von der Leyen"]),
        ("Department of Health and Human Services", ["Department of Health and Human Services"]),
        ("Food and Drug Administration", ["Food and Drug Administration"]),
        ("Lee, Ann", ["Lee, Ann"]),
        ("Ann Lee, PhD", ["Ann Lee, PhD"]),
        ("Von Ann Lee", ["Ann Lee"]),
        ("Von Miller", ["Von Miller"]),
        ("Autor: Ян Новак", ["Ян Новак"]),
        ("View all posts by Ann Lee", ["Ann Lee"]),
        ("admin", ["admin"]),
        ("Byron Lee", ["Byron Lee"]),
        ("https://x.example/ann", []),
        ("ann@x.example", []),
        ("page.meta.author", []),
        ("null", []),
        ("--", []),
        ("", []),
        ("word " * 40, []),
    ],
)
def test_authors(value: str, names: list[str]) -> None:
    assert split_authors(value) == names


@given(st.text(alphabet=st.characters() | st.sampled_from("by,;|& AZ"), max_size=70))
def test_any_text_gives_names_that_are_clean(text: str) -> None:
    names = split_authors(text)
    assert all(name == " ".join(name.split()) != "" for name in names)
