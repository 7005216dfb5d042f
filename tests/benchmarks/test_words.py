from __future__ import annotations

from statistics import fmean

import pytest

from benchmarks.languages import UNKNOWN, declared_language, page_language
from benchmarks.words import DENSE_WORD, Score, interval, mean_score, score


def test_words_are_counted_as_multisets_without_case() -> None:
    assert score("The pool the pool", "the Pool stays open") == Score(0.5, 0.5, 0.5)


def test_order_and_punctuation_do_not_count() -> None:
    assert score("open, stays: pool", "pool stays open").f1 == 1


@pytest.mark.parametrize(
    ("text", "truth", "f1"), [("", "", 1), ("…", "", 1), ("pool", "", 0), ("", "pool", 0), ("a", "b", 0)]
)
def test_texts_without_words_agree_with_each_other_only(text: str, truth: str, f1: float) -> None:
    assert score(text, truth) == Score(f1, f1, f1)


def test_chinese_counts_by_character_where_asked() -> None:
    assert score("游泳池开放", "游泳池关闭").f1 == 0
    assert score("游泳池开放", "游泳池关闭", DENSE_WORD).f1 == pytest.approx(0.6)


def test_the_mean_is_taken_figure_by_figure() -> None:
    assert mean_score([Score(1, 0, 0.5), Score(0, 0, 0.5)]) == Score(0.5, 0, 0.5)
    assert mean_score([]) == Score(0, 0, 0)


def test_an_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    values = [0.1 * (number % 10) for number in range(200)]
    low, high = interval(values, fmean)
    assert low < fmean(values) < high
    assert high - low < 0.1
    assert interval(values, fmean) == (low, high)


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ('<html class="no-js" lang="en-GB">', "en"),
        ("<!doctype html>\n<HTML LANG=pl>", "pl"),
        ('<html data-lang="de">', None),
        ('<html><p lang="fr">', None),
        ("", None),
    ],
)
def test_the_declared_language_is_that_of_the_root(html: str, language: str | None) -> None:
    assert declared_language(html) == language


def test_the_words_of_a_page_go_before_what_its_template_declares() -> None:
    german = (
        "Der Gemeinderat stimmte am Montag dafür, das Schwimmbad zwei weitere Jahre offen zu halten. " * 4
    )
    assert page_language('<html lang="en">', german) == "de"
    assert page_language('<html lang="en">', german[:60]) == "en"
    assert page_language("<html>", german[:90]) == "de"
    assert page_language("<html>", "") == UNKNOWN
