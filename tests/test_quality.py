"""The quality that was reached: a change that loses some of it must say so here."""

from __future__ import annotations

import gzip
import json

import pytest

from benchmarks.calibrate import PRECISION, Measured, measure
from benchmarks.data import typed_checksum
from cleaners import clean
from tests.shared_data import shared


@pytest.fixture(scope="module")
def measured() -> Measured:
    shared("gold", "typed")
    return measure()


def test_confidences_are_what_the_rules_reach_today(measured: Measured) -> None:
    """`python -m benchmarks.calibrate` after a change of the rules makes this pass again."""
    kept = json.loads(PRECISION.read_text(encoding="utf-8"))
    if kept["data"] != typed_checksum():
        pytest.skip("the confidences were measured on other pages")
    assert measured.precision == kept["precision"]


def test_accuracy_by_block_has_not_fallen(measured: Measured) -> None:
    assert measured.accuracy >= 0.758


@pytest.mark.parametrize("name", ["dev003", "dev100"])
def test_the_same_page_gives_the_same_record(name: str) -> None:

    page = gzip.decompress((shared("gold", "typed") / f"{name}.html.gz").read_bytes())
    assert clean(page).to_record() == clean(page).to_record()
