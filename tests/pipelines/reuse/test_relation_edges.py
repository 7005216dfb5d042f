"""Stories of nothing, of too much, and of anything: `relate` answers for all of them."""

from __future__ import annotations

import json
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reuse.reading import MAX_SENTENCES, MAX_WORDS, Story, read
from pipelines.reuse.relation import RelationKind, relate
from tests.pipelines.reuse.stories import TRAM, TRAM_REWRITTEN, TRAM_TIME, hours_after, reading_of

VERBATIM, EDITED, EXCERPT, REWRITTEN, UNRELATED = (
    RelationKind(kind) for kind in ("verbatim", "edited", "excerpt", "rewritten", "unrelated")
)
STORY = reading_of(TRAM, "en", TRAM_TIME)


@pytest.mark.parametrize("language", ["en", "de", None])
@pytest.mark.parametrize("text", ["", "…", "* * *\n\n—"])
def test_nothing_is_like_nothing(text: str, language: str | None) -> None:
    nothing = reading_of(text, language)
    for one, other in ((nothing, nothing), (nothing, STORY), (STORY, nothing)):
        assert relate(one, other).kind is UNRELATED


def test_one_word_is_itself_and_no_other() -> None:
    assert relate(reading_of("Velmora"), reading_of("velmora!")).kind is VERBATIM
    assert relate(reading_of("Velmora"), reading_of("Dunmarsh")).kind is UNRELATED
    assert relate(reading_of("Velmora"), STORY).kind is UNRELATED


def test_a_language_that_is_not_known_is_no_other_language() -> None:
    unknown = reading_of(TRAM_REWRITTEN, None, hours_after(4))
    assert relate(unknown, STORY).kind is REWRITTEN
    assert relate(unknown, reading_of(TRAM, None)).kind is REWRITTEN
    assert relate(reading_of(TRAM_REWRITTEN, "en-GB"), reading_of(TRAM, "en-US")).kind is REWRITTEN


def test_a_text_of_a_megabyte_is_read_in_part() -> None:
    words = [f"Word{n % 9_973} Name{n % 97} {n}." for n in range(60_000)]
    book = reading_of(" ".join(words))
    assert sum(map(len, book.story.paragraphs)) > 1_000_000
    assert (len(book.words), len(book.sentences)) == (MAX_WORDS, MAX_SENTENCES)
    assert relate(book, STORY).kind is UNRELATED
    assert relate(book, book).kind is VERBATIM


HOSTILE = {
    "surrogates": "\ud800Velmora\udfff " * 200,
    "NUL": "Velmora\0 paid\0 4,200\0 crowns. " * 200,
    "digits": "9" * 1_000_000,
    "numbers": " ".join(str(n * 37) for n in range(20_000)),
    "quotes": "“”\"'’»«" * 20_000,
    "quoted": "“No.” " * 20_000,
    "right to left": "\u202e\u200f\u2067Velmora 4,200\u2069 " * 500,
    "marks": "e" + "\u0301" * 100_000 + "\u093e" * 100_000,
    "hyphens": "a-" * 100_000,
    "thousands": "1 234" + " 567" * 50_000 + "8",
    "capitals": "VELMORA PAYS. " * 10_000,
    "one letter": "A " * 100_000,
    "list": "\n\n".join(f"- Item {n}: {n * 37} crowns" for n in range(2_000)),
    "paragraphs": "\n\n".join("x" for _ in range(50_000)),
    "myriads": "1万2345億6789兆" * 10_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_compared_like_any(name: str) -> None:
    for language in ("en", "zh"):
        hostile = read(Story(paragraphs=tuple(HOSTILE[name].split("\n\n")), language=language))
        assert not relate(hostile, STORY).kind.derived
        assert not relate(STORY, hostile).kind.derived
        assert relate(hostile, hostile).kind is (VERBATIM if hostile.words else UNRELATED)
        json.dumps(relate(hostile, STORY).to_record(), allow_nan=False)


def test_lists_of_numbers_are_the_same_only_in_order() -> None:
    numbers = [str(n * 37 % 9_901) for n in range(200)]
    there, back = "\n\n".join(numbers), "\n\n".join(reversed(numbers))
    table = reading_of(there)
    assert relate(table, reading_of(there, "de")).kind is VERBATIM
    assert relate(reading_of("\n\n".join(numbers[:150])), table).kind is EDITED
    assert relate(reading_of("\n\n".join(numbers[:100])), table).kind is EXCERPT
    for language in ("en", "de"):
        assert relate(reading_of(back, language), table).kind is UNRELATED


PIECES = st.sampled_from(
    ("Velmora ", "Renata Kolvik said. ", "on Tuesday ", "4,200 ", "61 500 ", "“No,” ", "Колвик ", "वेलमोरा ", "铜缆", "ベルモラ",
     "* * *", "\n\n", ". ", "\u202e", "\ud800", "\0", "the cable was stolen ", "Kabel ", "6万1500", "SALI ", "K")
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join)
DATES = st.none() | st.datetimes() | st.datetimes(timezones=st.just(UTC))
STORIES = st.builds(
    Story,
    paragraphs=TEXTS.map(lambda text: tuple(text.split("\n\n"))),
    language=st.sampled_from(["en", "de", "ru", "zh", "tr", "xx", "", None]),
    published=DATES,
)


@given(STORIES, STORIES)
def test_any_two_stories_are_related_always_alike(later: Story, earlier: Story) -> None:
    relation = relate(read(later), read(earlier))
    assert relation == relate(read(later), read(earlier))
    assert relation.kind.derived is relate(read(earlier), read(later)).kind.derived
    json.dumps(relation.to_record(), allow_nan=False)


@given(STORIES)
def test_any_story_is_itself(story: Story) -> None:
    reading = read(story)
    assert relate(reading, reading).kind is (VERBATIM if reading.words else UNRELATED)
