"""The phrase data is well formed, and matching finds exactly the phrases that stand in a text."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from importlib import resources

import pytest

from cleaners.article import BlockType
from cleaners.lexicon import (
    LANGUAGES,
    MAX_PHRASE_TOKENS,
    TYPED_GROUPS,
    WORD_GROUPS,
    Lexicon,
    Match,
    load_lexicon,
    read_phrases,
    tokenize,
)

CORE_TYPES = [t.value for t in BlockType if t not in (BlockType.TITLE, BlockType.BODY)]


def found(text: str, *languages: str) -> list[tuple[str, str, str]]:
    lexicon = load_lexicon(languages or None)
    return [(m.group, m.phrase, m.language) for m in lexicon.match(tokenize(text))]


# --- the data ---


def test_there_is_one_file_for_each_language_and_no_other() -> None:
    files = {entry.name for entry in resources.files("cleaners.lexicon").iterdir()}
    assert {name for name in files if name.endswith(".json")} == {f"{lang}.json" for lang in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_file_names_its_language_and_nothing_else(language: str) -> None:
    text = resources.files("cleaners.lexicon").joinpath(f"{language}.json").read_text(encoding="utf-8")
    record = json.loads(text)
    assert set(record) == {"language", "phrases"}
    assert record["language"] == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_groups_are_known(language: str) -> None:
    assert set(read_phrases(language)) <= TYPED_GROUPS | WORD_GROUPS


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_are_written_as_the_tokenizer_reads_them(language: str) -> None:
    for group, phrases in read_phrases(language).items():
        assert phrases, group
        for phrase in phrases:
            assert " ".join(tokenize(phrase)) == phrase, (group, phrase)


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_are_short(language: str) -> None:
    for phrases in read_phrases(language).values():
        assert max(len(phrase.split(" ")) for phrase in phrases) <= MAX_PHRASE_TOKENS


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_stands_in_one_group_once(language: str) -> None:
    groups: dict[str, str] = {}
    for group, phrases in read_phrases(language).items():
        for phrase in phrases:
            assert phrase not in groups, (phrase, group, groups[phrase])
            groups[phrase] = group


@pytest.mark.parametrize("language", LANGUAGES)
def test_groups_are_sorted(language: str) -> None:
    for group, phrases in read_phrases(language).items():
        assert phrases == sorted(phrases), group


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("block_type", CORE_TYPES)
def test_every_type_has_strong_and_weak_phrases(language: str, block_type: str) -> None:
    phrases = read_phrases(language)
    assert phrases.get(block_type)
    assert phrases.get(f"{block_type}_weak")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "block_type", ["author_bio", "comments", "donation", "newsletter", "related", "sharing"]
)
def test_types_that_come_in_groups_have_headings(language: str, block_type: str) -> None:
    assert read_phrases(language).get(f"{block_type}_heading")


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_lists_are_there(language: str) -> None:
    phrases = read_phrases(language)
    assert set(phrases) >= WORD_GROUPS
    assert len(phrases["months"]) >= 12
    assert len(phrases["weekdays"]) >= 7


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_cyrillic_phrases_hold_no_latin_lookalikes(language: str) -> None:
    mixed = re.compile(r"[a-z][а-яёіїєґ]|[а-яёіїєґ][a-z]")
    for phrases in read_phrases(language).values():
        assert [phrase for phrase in phrases if mixed.search(phrase)] == []


@pytest.mark.parametrize(
    ("text", "group", "language"),
    [
        ("This post appeared first on Example", "attribution", "en"),
        ("ALL RIGHTS RESERVED", "copyright", "en"),
        ("Remind me later.", "donation_closing", "en"),
        ("Support our journalism", "donation_heading", "en"),
        ("Dear readers,", "donation_heading", "en"),
        ("Related posts", "related_heading", "en"),
        ("Editors' Picks", "related_heading", "en"),
        ("Skip to content", "navigation", "en"),
        ("Das könnte Sie auch interessieren", "related_heading", "de"),
        ("Alle Rechte vorbehalten.", "copyright", "de"),
        ("À lire aussi :", "related_heading", "fr"),
        ("Article réservé aux abonnés", "paywall_heading", "fr"),
        ("Todos los derechos reservados", "copyright", "es"),
        ("Noticias relacionadas", "related_heading", "es"),
        ("Czytaj także:", "related_heading", "pl"),
        ("Leggi anche", "related_heading", "it"),
        ("Leia também", "related_heading", "pt"),
        ("Lees ook", "related_heading", "nl"),
        ("Читайте также", "related_heading", "ru"),
        ("Читайте також", "related_heading", "uk"),
    ],
)
def test_ordinary_lines_are_recognised(text: str, group: str, language: str) -> None:
    assert (group, language) in {(g, lang) for g, _, lang in found(text)}


# --- tokens ---


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        (" \n\t—…!", []),
        ("Editors’ Picks: DON’T miss", ["editors", "picks", "don't", "miss"]),
        ("‘You’re in’", ["you're", "in"]),
        ("e-mail_address 2x", ["e", "mail", "address", "2x"]),
        ("Daten\u00adschutz", ["datenschutz"]),
        ("Me\u0301dias", ["médias"]),
        ("Ім\u02bcя", ["ім'я"]),
        ("À L’AFFICHE", ["à", "l'affiche"]),
    ],
)
def test_tokenize(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


# --- matching ---

SMALL = Lexicon(
    {
        "en": {"related": ["read more", "read more about", "read"], "media": ["more about this"]},
        "de": {"related": ["read more"], "media": ["read"], "sharing": ["teilen"]},
    }
)


def test_all_matches_by_position_and_longest_first() -> None:
    assert SMALL.match(["please", "read", "more", "about", "this"]) == [
        Match("related", "read more about", "en", 1, 3),
        Match("related", "read more", "en", 1, 2),
        Match("related", "read", "en", 1, 1),
        Match("media", "read", "de", 1, 1),
        Match("media", "more about this", "en", 2, 3),
    ]


def test_a_phrase_shared_by_languages_matches_once_for_each_group() -> None:
    matches = [m for m in SMALL.match(["read", "more"]) if m.phrase == "read more"]
    assert matches == [Match("related", "read more", "en", 0, 2)]


@pytest.mark.parametrize("tokens", [[], ["more", "about"], ["nothing", "here"], ["Teilen"]])
def test_no_match(tokens: list[str]) -> None:
    assert SMALL.match(tokens) == []


def test_a_phrase_may_end_the_text_or_be_cut_by_it() -> None:
    assert SMALL.match(["jetzt", "teilen"]) == [Match("sharing", "teilen", "de", 1, 1)]
    assert [m.phrase for m in SMALL.match(["read", "more"])] == ["read more", "read", "read"]
    assert SMALL.match(["more", "about"]) == []


def test_repeated_phrases_match_each_time() -> None:
    assert [m.start for m in SMALL.match(["teilen", "teilen", "x", "teilen"])] == [0, 1, 3]


def test_any_sequence_of_tokens_is_taken() -> None:
    assert SMALL.match(("teilen",)) == SMALL.match(["teilen"])


def test_every_phrase_of_the_data_is_found() -> None:
    lexicon = load_lexicon()
    for language in LANGUAGES:
        for group, phrases in read_phrases(language).items():
            for phrase in phrases:
                tokens = phrase.split(" ")
                whole = [m for m in lexicon.match(tokens) if m.length == len(tokens)]
                assert group in {m.group for m in whole}, (language, phrase)
                assert all(m.phrase == phrase and m.start == 0 for m in whole)


def test_language_is_the_first_that_has_the_phrase_english_before_others() -> None:
    assert LANGUAGES[0] == "en"
    assert list(LANGUAGES[1:]) == sorted(LANGUAGES[1:])
    assert ("newsletter_weak", "newsletter", "en") in found("newsletter")
    assert ("months", "august", "en") in found("august")
    assert ("months", "august", "de") in found("august", "de", "nl")


def test_loading_some_languages() -> None:
    assert found("Alle Rechte vorbehalten", "en") == []
    assert load_lexicon(["nl", "de", "de"]).languages == ("de", "nl")
    assert load_lexicon().languages == LANGUAGES


def test_loading_is_cached_whatever_the_order() -> None:
    assert load_lexicon() is load_lexicon()
    assert load_lexicon(["fr", "es"]) is load_lexicon(iter(["es", "fr"]))


@pytest.mark.parametrize("language", ["xx", "EN", "../en", ""])
def test_unknown_languages_are_refused(language: str) -> None:
    with pytest.raises(ValueError, match="no phrases for language"):
        load_lexicon([language])
    with pytest.raises(ValueError, match="no phrases for language"):
        read_phrases(language)


def test_matches_do_not_change() -> None:
    match = SMALL.match(["teilen"])[0]
    with pytest.raises(AttributeError):
        match.start = 3  # type: ignore[misc]


def test_matching_gives_the_same_again_and_from_any_thread() -> None:
    languages = ("de", "ru")
    phrases = {language: read_phrases(language) for language in languages}
    tokens = [
        tokenize(phrase) for groups in phrases.values() for group in groups.values() for phrase in group
    ]
    expected = [load_lexicon(languages).match(words) for words in tokens]
    fresh = Lexicon(phrases)
    with ThreadPoolExecutor(4) as threads:
        rounds = list(threads.map(lambda _: [fresh.match(words) for words in tokens], range(4)))
    assert all(found == expected for found in rounds)
