"""Which sentences of a copy are which of its origin's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from audit.comparison import Comparisons, Pair, PairKind, compare
from pipelines.reuse.reading import Story, read
from pipelines.store import Store
from pipelines.store.reuse_schema import StoredOrigin
from pipelines.store.schema import StoredArticle
from tests.pipelines.reuse.made_up import article, edited, finish, hours, story

SAME, CHANGED, MOVED, TRANSLATED = PairKind

ORIGINAL = """The harbour council of Tarn voted on Monday to rebuild the northern pier.

Work will cost 4,210,000 crowns and last until autumn. Two ferries will land at the old quay meanwhile.

Mayor Ilse Brandt said that nobody wanted another winter of closed roads."""


def pairs(later: str, earlier: str, language: str = "en", other: str = "en") -> list[Pair]:
    return compare(
        read(Story(paragraphs=tuple(later.split("\n\n")), language=language)),
        read(Story(paragraphs=tuple(earlier.split("\n\n")), language=other)),
    )


def test_a_copy_is_the_same_sentence_by_sentence() -> None:
    assert pairs(ORIGINAL, ORIGINAL) == [Pair(number, number, SAME) for number in range(4)]


def test_marks_and_capitals_change_nothing() -> None:
    assert pairs(ORIGINAL.replace("Monday", "monday").replace(" said that", " said, that"), ORIGINAL) == [
        Pair(number, number, SAME) for number in range(4)
    ]


def test_what_was_changed_is_paired_and_what_was_added_or_left_out_is_not() -> None:
    later = ORIGINAL.replace(
        "4,210,000 crowns and last", "4,210,000 crowns, says the paper, and go on"
    ).replace("Two ferries will land at the old quay meanwhile.", "The weather was fine.")
    assert pairs(later, ORIGINAL) == [Pair(0, 0, SAME), Pair(1, 1, CHANGED), Pair(3, 3, SAME)]


def test_a_sentence_that_moved() -> None:
    first, second, last = ORIGINAL.split("\n\n")
    assert pairs("\n\n".join([last, first, second]), ORIGINAL) == [
        Pair(0, 3, MOVED),
        Pair(1, 0, SAME),
        Pair(2, 1, SAME),
        Pair(3, 2, SAME),
    ]


def test_a_translation_is_paired_by_its_names_and_numbers() -> None:
    later = """Der Hafenrat von Tarn stimmte am Montag dafür, den nördlichen Pier neu zu bauen.

Die Arbeiten kosten 4.210.000 Kronen und dauern bis in den Herbst. Zwei Fähren legen derweil am alten Kai an.

Bürgermeisterin Ilse Brandt sagte, dass niemand noch einen Winter mit gesperrten Straßen wolle."""
    assert pairs(later, ORIGINAL, "de") == [
        Pair(0, 0, TRANSLATED),
        Pair(1, 1, TRANSLATED),
        Pair(3, 3, TRANSLATED),
    ]


def test_nothing_is_paired_with_nothing() -> None:
    assert pairs("", ORIGINAL) == []
    assert pairs(ORIGINAL, "") == []


def first_paragraph_edited(text: str) -> str:
    first, rest = text.split("\n\n", 1)
    return f"{edited(first, seed=2)}\n\n{rest}"


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """One story: the origin, a copy of it, and an edited one; and an article without copies."""
    text = story(1)
    with Store(database) as store:
        for one in (
            article("a.example", text, published=hours(0)),
            article("b.example", text, published=hours(5), claims="a.example"),
            article("c.example", first_paragraph_edited(text), published=hours(9)),
            article("d.example", story(2), published=hours(9)),
        ):
            store.save(one)
        finish(store)
        yield store


def test_the_texts_of_a_story(store: Store) -> None:
    with store.session() as session:
        number = session.scalar(select(StoredOrigin.cluster_id).limit(1))
        assert number is not None
        ids = {one.site: one.id for one in session.scalars(select(StoredArticle))}
        found = Comparisons(session).of(number)
    assert found is not None
    assert sorted(found["articles"]) == sorted(str(ids[f"{name}.example"]) for name in "abc")
    origin, copy, changed = (found["articles"][str(ids[f"{name}.example"])] for name in "abc")
    assert (origin["against"], origin["pairs"]) == (None, [])
    assert copy["against"] == changed["against"] == ids["a.example"]
    assert copy["text"] == origin["text"] != changed["text"]
    text = found["texts"][str(origin["text"])]
    assert copy["pairs"] == [[number, number, "same"] for number in range(len(text["sentences"]))]
    assert {kind for _, _, kind in changed["pairs"]} == {"same", "changed"}
    paragraphs = [paragraph for paragraph in story(1).split("\n\n") if paragraph]
    assert len(text["paragraphs"]) == len(paragraphs)
    assert [text["sentences"][first] for first in text["paragraphs"]] == [
        paragraph[: len(text["sentences"][first])]
        for paragraph, first in zip(paragraphs, text["paragraphs"], strict=True)
    ]


def test_the_copies_of_an_outside_origin_are_held_against_the_nearest(database: str) -> None:
    text = story(3)
    with Store(database) as store:
        for name, hour in (("a", 3.0), ("b", 5.0)):
            store.save(
                article(f"{name}.example", text, published=hours(hour), claims="elsewhere.example", path=name)
            )
        finish(store)
        with store.session() as session:
            (number,) = session.scalars(select(StoredOrigin.cluster_id).distinct()).all()
            found = Comparisons(session).of(number)
            ids = {one.site: one.id for one in session.scalars(select(StoredArticle))}
    assert found is not None
    assert found["articles"][str(ids["a.example"])]["against"] is None
    assert found["articles"][str(ids["b.example"])]["against"] == ids["a.example"]


def test_a_story_that_there_is_not(database: str) -> None:
    with Store(database) as store, store.session() as session:
        assert Comparisons(session).of(77) is None
