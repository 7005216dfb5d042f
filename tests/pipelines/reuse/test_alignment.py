"""Sentences paired in order by what they share."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reuse.alignment import MAX_PLACES, Alignment, SentencePair, align
from pipelines.reuse.reading import Anchor, AnchorKind

ALL = frozenset(AnchorKind)
NOTHING = Alignment((), 0.0, 0.0, 0.0)


def rows(*sentences: str) -> list[list[Anchor]]:
    """Sentences whose digits are numbers, whose capitals are names, and whose other words are words."""

    def kind(said: str) -> AnchorKind:
        if said.isdecimal():
            return AnchorKind.NUMBER
        return AnchorKind.NAME if said.isupper() else AnchorKind.WORD

    return [[Anchor(kind(said), said.lower()) for said in sentence.split()] for sentence in sentences]


@pytest.mark.parametrize(
    ("anchor", "weight"),
    [
        ("7", 0.25),
        ("386", 1.5),
        ("38", 1.0),
        ("3863", 2.0),
        ("386386386", 2.0),
        ("BRNT", 1.5),
        ("AN", 0.5),
        ("cable", 1.0),
    ],
)
def test_an_anchor_weighs_by_kind_and_length(anchor: str, weight: float) -> None:
    alignment = align(rows(anchor), rows(anchor), ALL)
    shared = weight / math.sqrt(2)  # the rarer, the heavier: it stands in two sentences of both
    assert alignment.pairs == (SentencePair(0, 0, round(shared, 2)),)
    assert alignment.weight == pytest.approx(shared)
    assert (alignment.share, alignment.any_order) == (1.0, 1.0)


def test_pairs_are_in_order() -> None:
    alignment = align(rows("AAA bbb", "386 ccc", "DDD"), rows("AAA", "xyz", "386", "DDD ccc"), ALL)
    assert [(pair.later, pair.earlier) for pair in alignment.pairs] == [(0, 0), (1, 2), (2, 3)]


def test_what_stands_in_another_order_is_not_paired() -> None:
    alignment = align(rows("AAA", "BBB"), rows("BBB", "AAA"), ALL)
    assert alignment.share == pytest.approx(0.5)
    assert alignment.any_order == pytest.approx(1.0)
    assert len(alignment.pairs) == 1


def test_other_kinds_are_not_looked_at() -> None:
    one, other = rows("AAA 386 word"), rows("AAA 386 word")
    numbers = align(one, other, {AnchorKind.NUMBER})
    assert numbers.weight == pytest.approx(1.5 / math.sqrt(2))
    assert align(one, other, set()) == NOTHING


def test_the_share_is_of_the_story_with_less() -> None:
    short, long = rows("AAA"), rows("AAA", "BBB", "CCC")
    assert align(short, long, ALL).share == align(long, short, ALL).share == 1.0


@pytest.mark.parametrize(
    ("one", "other"), [((), ()), (("AAA",), ()), ((), ("AAA",)), (("",), ("",)), (("AAA",), ("BBB",))]
)
def test_stories_that_share_nothing(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert align(rows(*one), rows(*other), ALL) == NOTHING


def test_what_stands_everywhere_aligns_only_at_the_start() -> None:
    many = rows(*["AAA"] * (MAX_PLACES + 20))
    assert len(align(many, many, ALL).pairs) == MAX_PLACES


anchors = st.builds(Anchor, st.sampled_from(AnchorKind), st.text("ab1", min_size=1, max_size=3))
stories = st.lists(st.lists(anchors, max_size=4), max_size=6)


@given(stories, stories)
def test_any_two_stories_align_the_same_way_round(one: list[list[Anchor]], other: list[list[Anchor]]) -> None:
    alignment, back = align(one, other, ALL), align(other, one, ALL)
    assert alignment.weight == pytest.approx(back.weight)
    assert 0 <= alignment.share <= alignment.any_order <= 1 or alignment.share == pytest.approx(
        alignment.any_order
    )
    for pairs in (alignment.pairs, back.pairs):
        assert list(pairs) == sorted(pairs)
        assert len({pair.later for pair in pairs}) == len({pair.earlier for pair in pairs}) == len(pairs)
    assert sum(pair.weight for pair in alignment.pairs) == pytest.approx(alignment.weight, abs=0.05)


@given(stories)
def test_a_story_aligns_with_itself(story: list[list[Anchor]]) -> None:
    alignment = align(story, story, ALL)
    assert alignment.share == pytest.approx(1.0 if any(story) else 0.0)
