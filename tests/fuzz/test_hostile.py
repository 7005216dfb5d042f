"""Pages made to hurt: each in bounded time, with its text in blocks or a warning that says what was cut.

`python -m benchmarks.hostile` runs the same pages at their worst size against a tighter bound of time.
"""

from __future__ import annotations

import json

import pytest

from benchmarks.hostile import run
from benchmarks.hostile_pages import CASES, Case
from cleaners import clean

SIZE = 0.1
"""The share of a case's worst size that is tried here."""

MAX_SECONDS = 10.0
"""CPU seconds that one case may take on the slowest machine; what grows by the square takes longer."""


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_hostile_page_costs_bounded_time_and_loses_no_text_in_silence(case: Case) -> None:
    outcome = run(case, SIZE)
    assert outcome.seconds < MAX_SECONDS
    assert outcome.accounted, f"lost: {outcome.lost}"


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_hostile_page_is_in_blocks_from_end_to_end(case: Case) -> None:
    assert run(case, 0.005).coverage in (None, 1.0)


@pytest.mark.parametrize("case", CASES[::7], ids=[case.name for case in CASES[::7]])
def test_the_record_of_a_hostile_page_can_be_written(case: Case) -> None:
    article = clean(case.make(0.01), content_type=case.content_type)
    assert (
        json.loads(json.dumps(article.to_record(), ensure_ascii=False).encode("utf-8")) == article.to_record()
    )
