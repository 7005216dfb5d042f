"""Languages: right, repeatable, silent where there is too little to tell."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langdetect.detector_factory import DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from cleaners import language as language_module
from cleaners.language import MAX_CHARACTERS, MIN_LETTERS, detect_language, profile_texts

SAMPLES = {
    "en": "The council voted on Tuesday to repair the old bridge before the winter storms arrive.",
    "de": "Der Stadtrat beschloss am Dienstag, die alte Brücke noch vor den Winterstürmen zu reparieren.",
    "fr": "Le conseil municipal a décidé mardi de réparer le vieux pont avant les tempêtes de l'hiver.",
    "es": "El ayuntamiento decidió el martes reparar el viejo puente antes de las tormentas del invierno.",
    "pl": "Rada miasta postanowiła we wtorek naprawić stary most przed nadejściem zimowych burz.",
    "it": "Il consiglio comunale ha deciso martedì di riparare il vecchio ponte prima delle tempeste.",
    "pt": "A câmara municipal decidiu na terça-feira reparar a velha ponte antes das tempestades de inverno.",
    "nl": "De gemeenteraad besloot dinsdag de oude brug te herstellen voordat de winterstormen komen.",
    "ru": "Городской совет решил во вторник отремонтировать старый мост до начала зимних бурь.",
    "uk": "Міська рада вирішила у вівторок відремонтувати старий міст до початку зимових буревіїв.",
    "ja": "市議会は火曜日、冬の嵐が来る前に古い橋を修理することを決めた。",
    "ko": "시의회는 화요일에 겨울 폭풍이 오기 전에 오래된 다리를 수리하기로 결정했다.",
    "zh": "市議會星期二決定在冬季風暴來臨之前修理舊橋。",
}


@pytest.mark.parametrize(("language", "text"), SAMPLES.items())
def test_language_of_one_sentence(language: str, text: str) -> None:
    assert detect_language(text) == language


def test_simplified_chinese_is_chinese_too() -> None:
    assert detect_language("市议会星期二决定在冬季风暴来临之前修理旧桥。") == "zh"


def test_the_answer_does_not_depend_on_earlier_calls() -> None:
    texts = [*SAMPLES.values(), SAMPLES["en"][:50] + SAMPLES["de"][:45]]
    forward = [detect_language(text) for text in texts]
    backward = [detect_language(text) for text in reversed(texts)]
    assert forward == backward[::-1]


@pytest.mark.parametrize(
    "text", ["", "  \n", "12345 " * 50, "!?… " * 40, "Read more", "橋を修理", "a" * (MIN_LETTERS - 1)]
)
def test_too_little_text_has_no_language(text: str) -> None:
    assert detect_language(text) is None


def test_only_the_beginning_counts() -> None:
    assert detect_language(SAMPLES["en"] * 20 + SAMPLES["ru"] * 2_000) == "en"


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    assert detect_language(text) == detect_language(text)


MIXED = [f"{one[:60]} {other[:80]}" for one in SAMPLES.values() for other in SAMPLES.values()]
letters = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=MAX_CHARACTERS)


@cache
def langdetects_factory() -> DetectorFactory:
    factory = DetectorFactory()
    factory.load_json_profile(profile_texts())
    factory.set_seed(0)
    return factory


def langdetects_answer(text: str) -> str | None:
    """What langdetect itself says, all its trials through."""
    detector = langdetects_factory().create()
    detector.append(text)
    try:
        ranking = detector.get_probabilities()
    except LangDetectException:
        return None
    return ranking[0].lang.partition("-")[0] if ranking and ranking[0].prob >= 0.5 else None


@pytest.mark.parametrize(
    "text",
    [
        *SAMPLES.values(),
        *MIXED[::5],
        "ADD THE SUM of it: EUR 5,000 ",
        "see http://a.bc/d x@y.z it",
        "a" * 900,
    ],
)
def test_the_answer_is_langdetects(text: str) -> None:
    assert language_module._detect(text) == langdetects_answer(text)


@settings(max_examples=100, deadline=None)
@given(letters)
def test_the_answer_is_langdetects_for_any_text(text: str) -> None:
    assert language_module._detect(text) == langdetects_answer(text)


def test_the_fast_extra_gives_the_same_answers() -> None:
    pytest.importorskip("langdetect_rs", reason="the extra `fast` is not installed")
    for text in (*SAMPLES.values(), *MIXED):
        assert language_module._detect_natively(text) == language_module._detect(text)
