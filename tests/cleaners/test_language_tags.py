"""The language that a tag names, and what a page's own tag is taken for."""

from __future__ import annotations

import pytest

from cleaners.article import Page
from cleaners.assemble import read_document
from cleaners.features.wording import _stop_words
from cleaners.language_tags import language_of
from cleaners.lexicon import LANGUAGES

PROSE = (
    "The council voted on Tuesday to repair the old bridge before the winter storms arrive in the valley. "
    "Engineers had warned for years that its northern pier was sinking into the soft bed of the river."
)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en", "en"),
        ("EN-us", "en"),
        ("pt_BR", "pt"),
        ("zh-Hant-TW", "zh"),
        ("nb-NO", "nb"),
        (" de ", "de"),
        ("deu-AT", "de"),
        ("GER", "de"),
        ("cmn-Hans", "zh"),
        ("fil-PH", None),
        ("est", None),
        ("x-default", None),
        ("english", None),
        ("é1", None),
        ("", None),
        (None, None),
    ],
)
def test_a_tag_names_a_language(tag: str | None, language: str | None) -> None:
    assert language_of(tag) == language


@pytest.mark.parametrize(
    "code",
    [
        *("eng", "deu", "spa", "fra", "ita", "nld", "pol", "por", "rus", "ukr", "ara", "ces", "dan", "ell"),
        *("fin", "heb", "hin", "hun", "ind", "jpn", "kor", "nor", "ron", "swe", "tur", "vie", "zho"),
    ],
)
def test_every_language_of_the_lexicon_has_its_three_letters(code: str) -> None:
    assert language_of(code) in LANGUAGES


@pytest.mark.parametrize(
    ("tag", "language"), [("fil-PH", "en"), ("est", "en"), ("fin", "fi"), ("de-CH", "de"), ("x-none", "en")]
)
def test_a_page_of_an_unknown_tag_is_in_the_language_of_its_text(tag: str, language: str) -> None:
    page = f'<!doctype html><html lang="{tag}"><body><p>{PROSE}</p></body></html>'
    assert read_document(Page(url=None, body=page)).language == language


def test_stop_words_are_those_of_the_language_named() -> None:
    finnish, english = _stop_words("fi"), _stop_words("en-GB")
    assert finnish is not None
    assert english is not None
    assert "olla" in finnish
    assert "the" in english
    assert _stop_words("eng") == english
    assert _stop_words("fil") is None
    assert _stop_words(None) is None
