"""A rule's answer, and the confidence that answers of that rule deserve."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Final, NamedTuple

from cleaners.article import BlockType
from cleaners.classifier import Verdict

UNMEASURED_CONFIDENCE: Final = 0.5
"""For a rule that decided too few blocks of the gold pages to be measured."""


class Decision(NamedTuple):
    """A type, the name of the rule that chose it, and the reason in words."""

    type: BlockType
    rule: str
    reason: str

    def key(self, *, markup: bool) -> str:
        """The name under which this rule's precision for this type is kept."""
        return f"{'html' if markup else 'text'}/{self.rule}/{self.type.value}"


def to_verdict(decision: Decision, *, markup: bool) -> Verdict:
    """The decision with the measured precision of its rule as confidence."""
    confidence = _precisions().get(decision.key(markup=markup), UNMEASURED_CONFIDENCE)
    return Verdict(decision.type, confidence, decision.reason)


@lru_cache(maxsize=1)
def _precisions() -> Mapping[str, float]:
    """Share of right decisions by rule and type, measured on annotated pages (`benchmarks/calibrate.py`)."""
    text = resources.files("cleaners.rules").joinpath("precision.json").read_text(encoding="utf-8")
    measured: dict[str, float] = json.loads(text)["precision"]
    return measured
