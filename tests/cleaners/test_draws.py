"""Draws: those of Python's generator, however many are looked at."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.draws import FIRST_WORDS, SEED, Draws


@pytest.mark.parametrize("size", [1, 2, 3, 500, 1024, 1651])
def test_the_draws_are_those_of_pythons_generator(size: int) -> None:
    expected, draws = random.Random(SEED), Draws(size)
    for trial in range(7):
        number = 3 + trial * FIRST_WORDS
        assert draws.gauss() == expected.gauss(0.0, 1.0)
        assert draws.look(number) == [expected.choice(range(size)) for _ in range(number)]
        draws.draw(number)


@given(st.integers(1, 5_000), st.lists(st.integers(1, 60), max_size=20))
def test_what_is_looked_at_is_not_drawn(size: int, numbers: list[int]) -> None:
    expected, draws = random.Random(SEED), Draws(size)
    for number in numbers:
        assert draws.look(60)[:number] == [expected.choice(range(size)) for _ in range(number)]
        draws.draw(number)
