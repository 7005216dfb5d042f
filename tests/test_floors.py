"""The quality that was reached, on a fixed sample: a change that loses some of it must say so here."""

from __future__ import annotations

from dataclasses import asdict

from benchmarks.floors import Floors, Sample
from tests.shared_data import shared

SLACK = 0.002
"""What another processor's arithmetic may change: a few blocks on the edge between two types."""


def test_quality_has_not_fallen() -> None:
    """`python -m benchmarks.floors` writes new floors; a lower one is a deliberate act."""
    shared("gold", "typed")
    shared("wcxb", "dev")
    floors, sample = Floors.kept(), Sample.read()
    assert sample.checksum() == floors.sample, "the data changed: measure the floors again"
    reached, kept = asdict(sample.measure()), asdict(floors)
    lost = {
        name: (kept[name], reached[name])
        for name in kept
        if name != "sample" and reached[name] < kept[name] - SLACK
    }
    assert lost == {}
