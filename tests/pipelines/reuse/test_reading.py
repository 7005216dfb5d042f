"""What is read in a story: sentences, numbers, names and words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.article import Article
from pipelines.reuse.reading import (
    MAX_CHARACTERS,
    MAX_SENTENCES,
    MAX_WORDS,
    Anchor,
    AnchorKind,
    Story,
    mantissa,
    read,
    split_sentences,
)
from tests.pipelines.reuse.stories import TRAM, VIOLIN, reading_of
from tests.pipelines.reuse.translations import TRAM_IN

NUMBER, NAME, WORD = AnchorKind
BRIDGE = (
    "On Monday the envoy Odile Kervran met some of Brandt's men in the house near the old bridge. "
    "They paid her 4,250 crowns in June."
)


@pytest.mark.parametrize(
    ("paragraph", "sentences"),
    [
        ("It rained. The sun shone! Did it? Yes…", ["It rained.", "The sun shone!", "Did it?", "Yes…"]),
        ("It cost 2.4 million. 3 came, e.g. one.", ["It cost 2.4 million.", "3 came, e.g. one."]),
        ("“Go.” “No.” He went.", ["“Go.", "“No.", "He went."]),
        ("他走了。她来了！“好。”完", ["他走了。", "她来了！", "“好。", "完"]),
        ("वह गया। वह आई।", ["वह गया।", "वह आई।"]),
        ("ذهب. هل جاء؟ نعم.", ["ذهب.", "هل جاء؟", "نعم."]),
        ("Он ушёл. Она пришла. и вот", ["Он ушёл.", "Она пришла. и вот"]),
        ("no end", ["no end"]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_sentences(paragraph: str, sentences: list[str]) -> None:
    assert split_sentences(paragraph) == sentences


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("40,000", "4"),
        ("40 000", "4"),
        ("386", "386"),
        ("3.86", "386"),
        ("0.050", "5"),
        ("1,050", "105"),
        ("000", "0"),
        ("٤٬٢٠٥", "4205"),
        ("४२", "42"),
        ("6万1500", "615"),
        ("1億2000万", "12"),
        ("3억500만", "305"),
        ("", "0"),
    ],
)
def test_the_mantissa_of_a_number(written: str, digits: str) -> None:
    assert mantissa(written) == digits


def test_names_are_capitalised_inside_sentences_and_no_days() -> None:
    reading = reading_of(BRIDGE)
    assert reading.tells_names
    assert {name: anchor.key for name, anchor in reading.names.items()} == {
        "Odile": "adl",
        "Kervran": "krvrn",
        "Brandt's": "brndt",
    }
    assert reading.facts == (
        (Anchor(NAME, "adl"), Anchor(NAME, "krvrn"), Anchor(NAME, "brndt")),
        (Anchor(NUMBER, "425"),),
    )
    assert reading.anchors[1] == (
        Anchor(WORD, "they"),
        Anchor(WORD, "paid"),
        Anchor(NUMBER, "425"),
        Anchor(WORD, "crown"),
        Anchor(WORD, "june"),
    )
    assert reading.surface[Anchor(NUMBER, "425")] == "4,250"
    assert reading.surface[Anchor(NAME, "brndt")] == "Brandt's"


def test_a_word_that_is_also_written_small_is_no_name() -> None:
    reading = reading_of(
        "It was the Council that paid. After that the council of Velmora was poor and remained poor."
    )
    assert set(reading.names) == {"Velmora"}


def test_a_heading_in_capitals_names_nobody() -> None:
    heading = "Copper Cable Stolen From Tram Network"
    assert set(reading_of(f"{heading}\n\n{TRAM}").names) == set(reading_of(TRAM).names)


def test_german_capitals_tell_no_names() -> None:
    reading = reading_of(VIOLIN, "de")
    assert not reading.tells_names
    assert {"Rosenau", "Almager", "Instrument"} <= set(reading.names)
    assert "Montag" not in reading.names
    assert Anchor(NAME, "rsn") in reading.anchors[1]
    assert Anchor(WORD, "rosen") in reading.anchors[1]


@pytest.mark.parametrize(
    ("language", "name", "key"),
    [
        ("ru", "Колвик", "klvk"),
        ("el", "Βελμόρα", "vlmr"),
        ("tr", "Kolvik", "klvk"),
        ("pl", "Quennella", "knl"),
    ],
)
def test_capitals_tell_names_in_other_scripts(language: str, name: str, key: str) -> None:
    reading = reading_of(TRAM_IN[language], language)
    assert reading.tells_names
    assert reading.names[name] == Anchor(NAME, key)


@pytest.mark.parametrize(
    ("language", "name", "key"),
    [
        ("ar", "كولفيك", "klfk"),
        ("hi", "पेलिकान", "plkn"),  # its vowels are signs on letters, not letters
        ("hi", "सोलानो", "sln"),
        ("ja", "ペリカン", "prkn"),
        ("ko", "브란트", "blnt"),
    ],
)
def test_any_word_of_a_script_without_capitals_may_be_a_name(language: str, name: str, key: str) -> None:
    reading = reading_of(TRAM_IN[language], language)
    assert not reading.tells_names
    assert reading.names[name] == Anchor(NAME, key)


def test_numbers_are_read_alike_in_all_languages() -> None:
    story = {a.key for row in reading_of(TRAM).facts for a in row if a.kind is NUMBER}
    for language, text in TRAM_IN.items():
        numbers = {a.key for row in reading_of(text, language).facts for a in row if a.kind is NUMBER}
        assert {"42", "615", "17", "38", "87", "15", "24", "2019", "45", "23"} <= numbers & story, language


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("d'Osterby L’Équipe Lindqvist-Akademie", ("d'Osterby", "L’Équipe", "Lindqvist-Akademie")),
        ("Mu\u0308ller e\u0301te\u0301", ("Mu\u0308ller", "e\u0301te\u0301")),
        ("वेलमोरा की।", ("वेलमोरा", "की")),
        ("3月ベルモラ市", ("3", "月", "ベルモラ", "市")),
        ("61\u202f500,25 4'200 4200m", ("61\u202f500,25", "4'200", "4200", "m")),
        ("61 500 in 2019 300 or 12 5000", ("61 500", "in", "2019", "300", "or", "12", "5000")),
        ("6万1,500人 3.5万", ("6万1,500", "人", "3.5", "万")),
        ("_a_ \u0301 \u202e!", ("a",)),
    ],
)
def test_tokens(text: str, tokens: tuple[str, ...]) -> None:
    assert read(Story(paragraphs=(text,))).tokens == (tokens,)


def test_chinese_words_are_pairs_of_characters() -> None:
    reading = reading_of("他在3月遇到你", "zh")
    assert [anchor.key for anchor in reading.anchors[0]] == ["他在", "3", "月遇", "遇到", "到你"]


def test_a_story_is_read_up_to_its_bounds() -> None:
    reading = reading_of("Ab cd ef. " * 500_000)
    assert len(reading.words) == MAX_WORDS
    assert len(reading.sentences) == MAX_SENTENCES
    assert reading.lengths == (MAX_CHARACTERS,)
    paragraphs = tuple(["x" * 1_000] * 1_000)
    assert read(Story(paragraphs=paragraphs)).lengths == (1_000,) * (MAX_CHARACTERS // 1_000)


def test_the_lengths_are_of_paragraphs() -> None:
    assert reading_of("Abc.\n\nDefg hi.").lengths == (4, 8)


@pytest.mark.parametrize(("language", "known"), [("en-GB", "en"), ("DE", "de"), (None, ""), ("", "")])
def test_a_language_is_known_without_its_region(language: str | None, known: str) -> None:
    assert reading_of("Abc.", language).language == known


def test_a_time_without_a_zone_is_utc() -> None:
    noon = datetime(2025, 9, 17, 12)
    there = noon.replace(tzinfo=timezone(timedelta(hours=2)))
    assert reading_of("Abc.", published=noon).published == noon.replace(tzinfo=UTC)
    assert reading_of("Abc.", published=there).published is there
    assert reading_of("Abc.").published is None


def test_the_story_of_an_article() -> None:
    seen = datetime(2025, 9, 17, 12, tzinfo=UTC)
    article = Article(
        url="https://velmora-post.example/tram",
        text="One.\n\nTwo.",
        title="T",
        language="en",
        fetched_at=seen,
    )
    assert Story.of(article) == Story(paragraphs=("One.", "Two."), language="en", published=seen)
    article.published = datetime(2025, 9, 16)
    assert Story.of(article).published == datetime(2025, 9, 16)


@pytest.mark.parametrize("mark", ["* * *", "…", "—", ":", "\u200f"])
def test_a_paragraph_of_marks_holds_nothing(mark: str) -> None:
    reading = read(Story(paragraphs=("So it is.", mark, "Another.")))
    assert [len(row) for row in reading.anchors] == [0, 0, 1]
    assert reading.facts == ((), (), ())


@given(st.lists(st.text(max_size=80), max_size=5), st.sampled_from(["en", "de", "zh", "xx", None]))
def test_anything_can_be_read(paragraphs: list[str], language: str | None) -> None:
    story = Story(paragraphs=tuple(paragraphs), language=language)
    one, other = read(story), read(story)
    assert (one.words, one.tokens, one.anchors, one.facts) == (
        other.words,
        other.tokens,
        other.anchors,
        other.facts,
    )
    assert {anchor for row in one.anchors for anchor in row} == set(one.surface)
    assert all(len(anchor.key) > 1 for anchor in one.names.values())
