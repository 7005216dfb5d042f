"""Days of the week in many languages, and the dates that they stand for."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from babel import localedata
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reuse.days import calendar_words, days_named, latest

LANGUAGES = sorted(name for name in localedata.locale_identifiers() if "_" not in name)

ASK = """
import sys
from pipelines.reuse.days import _days, calendar_words
for language in sys.argv[1].split():
    days, pattern = _days(language)
    print(language, days, pattern and pattern.pattern, sorted(calendar_words(language)))
"""


def answers(languages: list[str]) -> set[str]:
    """What is known of each language, by a process that was asked in this order."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", ASK, " ".join(languages)],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return set(done.stdout.splitlines())


def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    """With Babel's own merged view (`Locale.parse(…).days`) some languages answer by what came before."""
    forward = answers(LANGUAGES)
    assert len(forward) == len(LANGUAGES) > 200
    assert answers(LANGUAGES[::-1]) == forward


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("en", "On Monday, Tuesdays and Sunday's", (0, 1, 6)),
        ("en", "FRIDAY friday Friday", (4, 4, 4)),
        ("en", "Frida Kahlo, Sundar Pichai and Mondale met in a monastery", ()),
        ("de", "am Mittwoch und sonntags; die Mitte", (2, 6)),
        ("fr", "mardi, les samedis", (1, 5)),
        ("es", "el miércoles y los sábados", (2, 5)),
        ("it", "lunedì, lunedi", (0, 0)),
        ("pl", "w środę, w niedzielę i do wtorku", (2, 6)),
        ("pl", "w środku tygodnia, środki", ()),
        ("cs", "ve středu, v neděli; uprostřed", (2, 6)),
        ("ru", "в среду, до пятницы, субботой", (2, 4, 5)),
        ("ru", "среди них", ()),
        ("uk", "до п'ятниці, у п’ятницю, пʼятниця, у середу", (4, 4, 4, 2)),
        ("uk", "серед них", ()),
        ("hu", "hétfőn, kedden, szerdán", (0, 1, 2)),
        ("fi", "keskiviikkona, perjantaina", (2, 4)),
        ("ro", "miercuri, sâmbăta", (2, 5)),
        ("el", "την Τετάρτη, της Παρασκευής", (2, 4)),
        ("tr", "salı günü, pazartesi, SALI", (1, 0, 1)),
        ("ar", "يوم الأربعاء", (2,)),
        ("hi", "सोमवार को", (0,)),
        ("zh", "周二和星期五", (1, 4)),
        ("ja", "月曜日、日曜日", (0, 6)),
        ("ko", "화요일 밤", (1,)),
        ("th", "วันพฤหัสบดี วันพุธ", (3, 2)),
        ("en", "Frİday, ſunday", (4, 6)),  # letters that are as good as "i" and "s" where case is ignored
        ("xx", "Monday", ()),
        ("", "Monday", ()),
        ("en", "", ()),
    ],
)
def test_days_are_found_in_their_language(language: str, text: str, days: tuple[int, ...]) -> None:
    assert days_named(text, language) == days


@given(
    st.text(st.sampled_from("SALIŞıi̇İſuUndayK \u0131\u0130ʼ'средауи"), max_size=30),
    st.sampled_from(LANGUAGES),
)
def test_any_text_has_days_or_none(text: str, language: str) -> None:
    assert set(days_named(text, language)) <= set(range(7))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_finds_the_days_that_it_names(language: str) -> None:
    data = localedata.load(language, merge_inherited=False).get("days", {}).get("format", {}).get("wide")
    names = data if type(data) is dict else {}
    assert {name: days_named(name, language)[:1] for name in names.values()} == {
        name: (day,) for day, name in names.items()
    }


def test_words_of_the_calendar_are_those_of_the_language_and_english() -> None:
    words = calendar_words("pl")
    assert {"wtorek", "września", "wrz", "tuesday", "september", "sep"} <= words
    assert "dienstag" not in words
    assert calendar_words("xx") == calendar_words("en")


@pytest.mark.parametrize(
    ("day", "until", "then"),
    [
        (2, date(2025, 9, 17), date(2025, 9, 17)),  # a Wednesday is its own
        (1, date(2025, 9, 17), date(2025, 9, 16)),
        (3, date(2025, 9, 17), date(2025, 9, 11)),
        (6, date(1, 1, 1), date(1, 1, 1)),  # a Monday, before which there is nothing
    ],
)
def test_the_latest_of_a_day(day: int, until: date, then: date) -> None:
    assert latest(day, until) == then
