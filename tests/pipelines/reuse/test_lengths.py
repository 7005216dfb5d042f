"""Paragraphs whose lengths follow one another."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reuse.lengths import MAX_PARAGRAPHS, length_cost
from tests.pipelines.reuse.stories import TRAM, TRAM_INDEPENDENT, reading_of
from tests.pipelines.reuse.translations import TRAM_IN


@pytest.mark.parametrize(
    ("earlier", "later", "cost"),
    [
        ((100, 200), (100, 200), 0.1),  # one to one, and nothing to be surprised at
        ((100, 200), (200, 400), 0.1),  # a language that takes twice the room
        ((100, 100), (200,), 1.2),  # two to one: 2.4 for two paragraphs
        ((200,), (100, 100), 1.2),
        ((50, 0), (50,), 1.2),  # cheaper than a paragraph that was left out
        ((), (), math.inf),
        ((0, 0), (5,), math.inf),
        ((5,), (), math.inf),
    ],
)
def test_the_cost_of_pairing(earlier: tuple[int, ...], later: tuple[int, ...], cost: float) -> None:
    assert length_cost(earlier, later) == pytest.approx(cost)


def test_a_surprise_costs_the_logarithm_of_its_chance() -> None:
    deviation = 20 / math.sqrt(6.8 * 110)
    surprise = -math.log(math.erfc(deviation / math.sqrt(2)))
    assert length_cost((100, 120), (120, 100)) == pytest.approx((2 * surprise + 0.2) / 2)


def test_no_surprise_costs_more_than_one_in_a_million() -> None:
    assert length_cost((1, 10**9), (10**9, 1)) <= (-2 * math.log(1e-6) + 0.2) / 2


@pytest.mark.parametrize("language", sorted(TRAM_IN))
def test_translations_follow_and_other_reports_do_not(language: str) -> None:
    story, other, here = reading_of(TRAM), reading_of(TRAM_INDEPENDENT), reading_of(TRAM_IN[language])
    assert length_cost(story.lengths, here.lengths) < 0.7
    assert length_cost(other.lengths, here.lengths) > 0.8


def test_only_the_first_paragraphs_are_paired() -> None:
    start = [100, 250] * (MAX_PARAGRAPHS // 2)
    assert length_cost(start + [9] * 100_000, [*start, 7]) == length_cost(start, start)


@given(st.lists(st.integers(0, 10**7), max_size=12), st.lists(st.integers(0, 10**7), max_size=12))
def test_any_lengths_have_a_cost(earlier: list[int], later: list[int]) -> None:
    cost = length_cost(earlier, later)
    assert cost >= 0
    assert math.isinf(cost) == (not sum(earlier) or not sum(later))
    assert cost == length_cost(earlier, later)
