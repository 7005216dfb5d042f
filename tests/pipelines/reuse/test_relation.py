"""What a later story is to an earlier one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pipelines.reuse.reading import Reading
from pipelines.reuse.relation import RelationKind, is_part, relate
from pipelines.reuse.thresholds import THRESHOLDS
from tests.pipelines.reuse import sparse, stories, translations
from tests.pipelines.reuse.stories import TRAM_TIME, VIOLIN_TIME, hours_after, reading_of

VERBATIM, EDITED, EXCERPT, REWRITTEN, TRANSLATED, INDEPENDENT, FOLLOWUP, UNRELATED = RelationKind
DERIVED = {VERBATIM, EDITED, EXCERPT, REWRITTEN, TRANSLATED}
UNHEARD = {
    ("zh", INDEPENDENT): "names in Chinese characters are not heard",
    ("zh", FOLLOWUP): "names in Chinese characters are not heard",
    ("ja", INDEPENDENT): "of five names that both have, two are heard in Japanese",
}


def tram(text: str, hours: float = 0, language: str = "en") -> Reading:
    return reading_of(text, language, hours_after(hours))


def violin(text: str, hours: float = 0, language: str = "de") -> Reading:
    return reading_of(text, language, hours_after(hours, VIOLIN_TIME))


STORY = tram(stories.TRAM)
VIOLIN = violin(stories.VIOLIN)
FERRY = tram(sparse.FERRY)
MOTH = tram(sparse.MOTH)

PAIRS = {
    "a copy": (tram(stories.TRAM, 1), STORY, VERBATIM),
    "in capitals": (tram(stories.TRAM.upper(), 1), STORY, VERBATIM),
    "edited": (tram(stories.TRAM_EDITED, 2), STORY, EDITED),
    "excerpt": (tram(stories.TRAM_EXCERPT, 2), STORY, EXCERPT),
    "rewritten": (tram(stories.TRAM_REWRITTEN, 4), STORY, REWRITTEN),
    "there and back": (tram(stories.TRAM_ROUNDTRIP, 4), STORY, REWRITTEN),
    "two rewrites": (tram(stories.TRAM_REWRITTEN, 5), tram(stories.TRAM_ROUNDTRIP, 4), REWRITTEN),
    "independent": (tram(stories.TRAM_INDEPENDENT, 4), STORY, INDEPENDENT),
    "followup": (tram(stories.TRAM_FOLLOWUP, 48), STORY, FOLLOWUP),
    "followup of a rewrite": (tram(stories.TRAM_FOLLOWUP, 48), tram(stories.TRAM_REWRITTEN, 5), FOLLOWUP),
    "two that differ": (STORY, FERRY, UNRELATED),
    "German, rewritten": (violin(stories.VIOLIN_REWRITTEN, 3), VIOLIN, REWRITTEN),
    "German, independent": (violin(stories.VIOLIN_INDEPENDENT, 9), VIOLIN, INDEPENDENT),
    "German, of a rewrite": (
        violin(stories.VIOLIN_INDEPENDENT, 9),
        violin(stories.VIOLIN_REWRITTEN, 3),
        INDEPENDENT,
    ),
    "German, two that differ": (tram(translations.TRAM_IN["de"], 5, "de"), VIOLIN, UNRELATED),
    "from German": (violin(translations.VIOLIN_IN_ENGLISH, 3, "en"), VIOLIN, TRANSLATED),
    "from German to French": (violin(translations.VIOLIN_IN_FRENCH, 3, "fr"), VIOLIN, TRANSLATED),
    "of one original": (
        violin(translations.VIOLIN_IN_FRENCH, 3, "fr"),
        violin(translations.VIOLIN_IN_ENGLISH, 4, "en"),
        TRANSLATED,
    ),
    "rewritten and translated": (
        violin(stories.VIOLIN_REWRITTEN, 3),
        violin(translations.VIOLIN_IN_ENGLISH, 2, "en"),
        TRANSLATED,
    ),
    "without numbers, rewritten": (tram(sparse.FERRY_REWRITTEN, 3), FERRY, REWRITTEN),
    "without numbers, in Spanish": (tram(sparse.FERRY_IN_SPANISH, 3, "es"), FERRY, TRANSLATED),
    "without numbers, in Russian": (tram(sparse.FERRY_IN_RUSSIAN, 3, "ru"), FERRY, TRANSLATED),
    "without numbers, independent": (tram(sparse.FERRY_INDEPENDENT, 3), FERRY, INDEPENDENT),
    "one name, rewritten": (tram(sparse.MOTH_REWRITTEN, 3), MOTH, REWRITTEN),
    "one name, in French": (tram(sparse.MOTH_IN_FRENCH, 3, "fr"), MOTH, TRANSLATED),
    "one name, independent": (tram(sparse.MOTH_INDEPENDENT, 3), MOTH, INDEPENDENT),
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_has_its_kind(name: str) -> None:
    later, earlier, kind = PAIRS[name]
    assert relate(later, earlier).kind is kind


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_is_derived_either_way_round(name: str) -> None:
    later, earlier, kind = PAIRS[name]
    assert relate(earlier, later).kind.derived is kind.derived is (kind in DERIVED)


@pytest.mark.parametrize("language", sorted(translations.TRAM_IN))
@pytest.mark.parametrize("text", ["TRAM", "TRAM_REWRITTEN", "TRAM_EXCERPT"])
def test_a_translation_is_told_by_its_names_and_numbers(language: str, text: str) -> None:
    translated = tram(translations.TRAM_IN[language], 5, language)
    source = tram(getattr(stories, text))
    assert relate(translated, source).kind is TRANSLATED
    assert relate(source, translated).kind is TRANSLATED


@pytest.mark.parametrize("one", sorted(translations.TRAM_IN))
def test_two_translations_are_of_one_source(one: str) -> None:
    known = tram(translations.TRAM_IN[one], 5, one)
    kinds = {
        other: relate(known, tram(text, 3, other)).kind
        for other, text in translations.TRAM_IN.items()
        if other != one
    }
    assert set(kinds.values()) == {TRANSLATED}


@pytest.mark.parametrize("language", sorted(translations.TRAM_IN))
@pytest.mark.parametrize(
    ("text", "hours", "kind"), [("INDEPENDENT", 4, INDEPENDENT), ("FOLLOWUP", 48, FOLLOWUP)]
)
def test_other_reports_are_no_translations(
    request: pytest.FixtureRequest, language: str, text: str, hours: float, kind: RelationKind
) -> None:
    translated = tram(translations.TRAM_IN[language], 1, language)
    relation = relate(tram(getattr(stories, f"TRAM_{text}"), hours), translated)
    assert not relation.kind.derived
    if (language, kind) in UNHEARD:
        request.applymarker(pytest.mark.xfail(reason=UNHEARD[language, kind]))
    assert relation.kind is kind


@pytest.mark.parametrize("language", sorted(set(translations.TRAM_IN) - {"hi"}))
def test_words_that_sound_like_names_make_no_event(language: str) -> None:
    """Where any word may be a name, some sound like the names of any story."""
    other = tram(translations.TRAM_IN[language], 1, language)
    assert relate(other, violin(translations.VIOLIN_IN_ENGLISH, 0, "en")).kind is UNRELATED
    assert relate(other, FERRY).kind is UNRELATED


# --- Reasons and figures ---------------------------------------------------------------------------


def test_a_copy_is_shown_by_its_word_sequences() -> None:
    relation = relate(*PAIRS["edited"][:2])
    assert relation.to_record() == {
        "reason": "copied with changes: 75% of the later text's word sequences stand in the earlier, "
        "59% of the earlier's in the later",
        "of_later": 0.75,
        "of_earlier": 0.589,
        "hours": 2.0,
    }


def test_a_rewrite_is_shown_by_names_and_numbers() -> None:
    relation = relate(*PAIRS["rewritten"][:2])
    assert (
        relation.reason
        == "100% of the names and numbers in the same order, 40% with the words, few of them in a row"
    )
    figures = relation.figures
    assert (figures.of_later, figures.facts, figures.wording, figures.length_cost) == (0.0, 1.0, 0.4, None)
    assert (figures.shared_names, figures.shared_numbers, figures.hours) == (14, 11, 4.0)
    assert figures.names[:4] == ("Velmora", "Renata", "Kolvik", "Dunmarsh")
    assert figures.number_list[:4] == ("4,200", "61,500", "17", "12")
    assert [(pair.later, pair.earlier) for pair in figures.pairs] == [(n, n) for n in range(13)]


def test_a_translation_is_shown_in_its_own_writing() -> None:
    relation = relate(tram(translations.TRAM_IN["ru"], 5, "ru"), STORY)
    assert relation.reason == "another language, and 94% of the names and numbers in the same order"
    assert relation.figures.names[:4] == ("Велморы", "Рената", "Колвик", "Данмарше")
    assert relation.figures.number_list[:2] == ("4200", "61 500")
    assert relation.figures.length_cost == pytest.approx(0.296, abs=0.001)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a copy", "word for word: 100% of the later text's word sequences stand in the earlier, 100% of the earlier's in the later"),
        ("excerpt", "a part of the earlier: 100% of the later text's word sequences stand in the earlier, 44% of the earlier's in the later"),
        ("independent", "5 names in common, in other words and another order"),
        ("followup", "9 names in common, and it tells of 2025-09-19"),
        ("two that differ", "0 names in common, not the same event"),
        ("German, rewritten", "100% of the numbers and 38% of the words in the same order"),
    ],
)  # fmt: skip
def test_a_reason_says_what_was_seen(name: str, reason: str) -> None:
    assert relate(*PAIRS[name][:2]).reason == reason


@pytest.mark.parametrize("name", PAIRS)
def test_a_record_is_json(name: str) -> None:
    record = relate(*PAIRS[name][:2]).to_record()
    back = json.loads(json.dumps(record, allow_nan=False))
    assert {key: tuple(map(tuple, value)) if key == "pairs" else value for key, value in back.items()} == {
        key: tuple(map(tuple, value)) if key == "pairs" else list(value) if type(value) is tuple else value
        for key, value in record.items()
    }


# --- Dates -----------------------------------------------------------------------------------------


def report(text: str, published: datetime | None) -> Reading:
    return reading_of(text, "en", published)


WITHOUT_DAYS = stories.TRAM_FOLLOWUP.replace("Friday", "day").replace("Thursday", "day").replace("Monday", "day").replace("Tuesday", "day")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "hours", "kind", "reason"),
    [
        (stories.TRAM_FOLLOWUP, 17.9, INDEPENDENT, "9 names in common, in other words and another order"),
        (stories.TRAM_FOLLOWUP, 18, FOLLOWUP, "9 names in common, and it tells of 2025-09-18"),
        (WITHOUT_DAYS, 35.9, INDEPENDENT, "9 names in common, in other words and another order"),
        (WITHOUT_DAYS, 36, FOLLOWUP, "9 names in common, and it came 36 hours later"),
        (stories.TRAM_FOLLOWUP, 14 * 24, FOLLOWUP, "9 names in common, and it tells of 2025-09-30"),
        (stories.TRAM_FOLLOWUP, 14 * 24 + 1, UNRELATED, "9 names in common, but 14 days apart"),
        (stories.TRAM_FOLLOWUP, -48, INDEPENDENT, "9 names in common, in other words and another order"),
        (stories.TRAM_FOLLOWUP, -15 * 24, UNRELATED, "9 names in common, but 15 days apart"),
    ],
)
def test_dates_tell_a_followup(text: str, hours: float, kind: RelationKind, reason: str) -> None:
    relation = relate(report(text, hours_after(hours)), STORY)
    assert (relation.kind, relation.reason) == (kind, reason)


@pytest.mark.parametrize(("later", "earlier"), [(None, TRAM_TIME), (TRAM_TIME, None), (None, None)])
def test_without_a_date_nothing_is_a_followup(later: datetime | None, earlier: datetime | None) -> None:
    relation = relate(report(stories.TRAM_FOLLOWUP, later), report(stories.TRAM, earlier))
    assert relation.kind is INDEPENDENT
    assert relation.reason == "9 names in common, in other words; no date tells more"
    assert relation.figures.hours is None


def test_a_time_without_a_zone_is_compared_as_utc() -> None:
    naive = datetime(2025, 9, 19, 15, 30)
    there = datetime(2025, 9, 19, 18, 30, tzinfo=timezone(timedelta(hours=3)))
    for published in (naive, there, naive.replace(tzinfo=UTC)):
        relation = relate(report(stories.TRAM_FOLLOWUP, published), STORY)
        assert (relation.kind, relation.figures.hours) == (FOLLOWUP, 48.0)


@pytest.mark.parametrize("first", [datetime.min, datetime.min.replace(tzinfo=UTC)])
def test_the_ends_of_time_are_dates_too(first: datetime) -> None:
    last = datetime.max
    assert relate(report(stories.TRAM_FOLLOWUP, last), report(stories.TRAM, first)).kind is UNRELATED
    assert relate(report(stories.TRAM_FOLLOWUP, first), report(stories.TRAM, last)).kind is UNRELATED
    assert relate(report(stories.TRAM_FOLLOWUP, first), report(stories.TRAM, first)).kind is INDEPENDENT


# --- Thresholds ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "threshold", "figure", "below"),
    [
        ("edited", "verbatim", "of_earlier", EDITED),
        ("edited", "copied", "of_later", INDEPENDENT),
        ("excerpt", "excerpt", "of_later", EDITED),
        ("rewritten", "reworded_words", "wording", INDEPENDENT),
        ("rewritten", "reworded_weight", "facts_weight", INDEPENDENT),
        ("German, rewritten", "ordered", "order", INDEPENDENT),
        ("German, rewritten", "foreign_numbers", "numbers", INDEPENDENT),
        ("German, rewritten", "numbers_weight", "numbers_weight", INDEPENDENT),
        ("independent", "same_names", "topic", UNRELATED),
        ("German, independent", "same_words", "topic", UNRELATED),
    ],
)
def test_a_threshold_is_reached_when_it_is_met(
    name: str, threshold: str, figure: str, below: RelationKind
) -> None:
    later, earlier, _ = PAIRS[name]
    relation = relate(later, earlier)
    value = getattr(relation.figures, figure)
    if threshold in {"copied", "excerpt"}:
        assert value >= getattr(THRESHOLDS, threshold)
    alone = {"ordered_alone": 2.0} if threshold in {"ordered", "foreign_numbers", "numbers_weight"} else {}
    met, missed = (replace(THRESHOLDS, **{threshold: value + more, **alone}) for more in (0, 1e-6))
    expected = VERBATIM if threshold == "verbatim" else relation.kind
    assert relate(later, earlier, met).kind is expected
    kind = relate(later, earlier, missed).kind
    assert kind is below or (threshold == "copied" and kind is REWRITTEN)


def test_order_alone_tells_a_rewrite_where_no_numbers_do() -> None:
    later, earlier, _ = PAIRS["German, rewritten"]
    figures = relate(later, earlier).figures
    alone = replace(THRESHOLDS, foreign_numbers=2.0, ordered_alone=figures.order)
    relation = relate(later, earlier, alone)
    assert relation.kind is REWRITTEN
    assert (
        relation.reason == f"{figures.wording:.0%} of the words in the same order, and hardly any in another"
    )
    assert relate(later, earlier, replace(alone, ordered_alone=figures.order + 1e-6)).kind is INDEPENDENT
    too_little = replace(alone, wording_weight=figures.wording_weight + 1e-6)
    assert relate(later, earlier, too_little).kind is INDEPENDENT


def test_quotes_that_both_have_are_listed() -> None:
    later = report("“We never saw the bill,” she said. «Nobody told us why not» was all.", TRAM_TIME)
    earlier = report(
        "He wrote: „Nobody told us why not.“ Nothing else. “We never saw a bill,” they say.", TRAM_TIME
    )
    assert relate(later, earlier).figures.quotes == ("Nobody told us why not",)


def test_facts_and_wording_of_a_rewrite_are_added() -> None:
    later, earlier, _ = PAIRS["rewritten"]
    figures = relate(later, earlier).figures
    total = figures.facts + figures.wording
    assert relate(later, earlier, replace(THRESHOLDS, reworded=total)).kind is REWRITTEN
    assert relate(later, earlier, replace(THRESHOLDS, reworded=total + 1e-6)).kind is INDEPENDENT


def test_an_excerpt_of_nearly_all_is_an_edited_copy() -> None:
    later, earlier, _ = PAIRS["excerpt"]
    share = relate(later, earlier).figures.of_earlier
    assert relate(later, earlier, replace(THRESHOLDS, whole=share)).kind is EDITED
    assert relate(later, earlier, replace(THRESHOLDS, whole=share + 1e-6)).kind is EXCERPT


def test_a_translation_is_told_in_three_ways() -> None:
    later, earlier = tram(translations.TRAM_IN["ru"], 5, "ru"), STORY
    figures = relate(later, earlier).figures
    assert figures.length_cost is not None
    nothing = replace(THRESHOLDS, foreign_facts=2, foreign_numbers=2, lengths=0)
    assert relate(later, earlier, nothing).kind is INDEPENDENT
    by_facts = replace(nothing, foreign_facts=figures.facts, foreign_weight=figures.facts_weight)
    assert relate(later, earlier, by_facts).kind is TRANSLATED
    assert relate(later, earlier, replace(by_facts, foreign_weight=99)).kind is INDEPENDENT
    by_numbers = replace(nothing, foreign_numbers=figures.numbers, numbers_weight=figures.numbers_weight)
    assert (
        relate(later, earlier, by_numbers).reason
        == "another language, and 100% of the numbers in the same order"
    )
    assert relate(later, earlier, replace(by_numbers, numbers_weight=99)).kind is INDEPENDENT
    by_lengths = replace(
        nothing, lengths=figures.length_cost, lengths_paragraphs=7, lengths_numbers=figures.numbers
    )
    assert relate(later, earlier, by_lengths).reason == (
        "another language, 7 paragraphs whose lengths follow one another, and 100% of the numbers in the same order"
    )
    for more in (
        {"lengths": figures.length_cost - 1e-6},
        {"lengths_paragraphs": 8},
        {"lengths_numbers": 1.1},
    ):
        assert relate(later, earlier, replace(by_lengths, **more)).kind is INDEPENDENT


def test_a_part_is_told() -> None:
    assert is_part(tram(stories.TRAM_EXCERPT), STORY)
    assert not is_part(STORY, tram(stories.TRAM_EXCERPT))
    assert not is_part(STORY, STORY)
    assert not is_part(tram(stories.TRAM_REWRITTEN), STORY)
