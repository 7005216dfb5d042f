"""Which words of a page's blocks are main content, told from the true text alone."""

from __future__ import annotations

import pytest

from tests.shared_data import shared
from training.labels import main_words

PARTS = [
    "The council of the harbour town voted on Monday to keep both of its ferries running.",
    "Fishermen had asked for a third one, which the mayor called too dear for a town of this size.",
    "A bridge opens next spring, two years late, and nobody believes that it will stay open all winter.",
]


@pytest.fixture(autouse=True)
def _scorer() -> None:
    shared("tools", "typedscore.py")  # labels are found with the data's own scorer


def found(texts: list[str], truth: str) -> list[tuple[float, float]]:
    held, total = main_words(texts, truth)
    return list(zip(held.tolist(), total.tolist(), strict=True))


def test_words_are_counted_where_they_stand() -> None:
    assert found(["Home", *PARTS, "Contact"], " ".join(PARTS)) == [
        (0, 1),
        (16, 16),
        (19, 19),
        (18, 18),
        (0, 1),
    ]


def test_of_two_copies_the_first_is_main_content_and_nothing_is_said_of_the_second() -> None:
    texts = [*PARTS, *PARTS] * 20
    assert found(texts, " ".join(PARTS)) == [(16, 16), (19, 19), (18, 18)] + [(0, 0)] * 117


def test_a_truth_in_another_order_than_the_page_is_found() -> None:
    first, second, third = (f"{part} {' '.join(reversed(part.split()[1:]))}" for part in PARTS)
    truth = f"{first} {second} {third}"
    assert found([third, first, second], truth) == [(35, 35), (31, 31), (37, 37)]


def test_few_words_that_are_left_are_not_looked_for_elsewhere() -> None:
    assert found(["ferries bridge winter", *PARTS], f"{' '.join(PARTS)} ferries bridge winter")[0] == (0, 3)
