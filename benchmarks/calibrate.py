"""Measure how often each rule is right on the annotated pages, and write it down as its confidence.

    python -m benchmarks.calibrate

Writes `cleaners/rules/precision.json`. Each block of ours takes the type of the annotated words that it
is made of; a rule's precision is (right + 1) / (decided + 2), after Laplace, so that a rule seen a few
times claims little.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.data import TypedPage, typed_checksum, typed_pages
from benchmarks.typed import block_labels
from cleaners.article import Page
from cleaners.assemble import read_document
from cleaners.rules import RuleClassifier

MIN_DECIDED: Final = 3
"""Blocks that a rule must have decided to be measured."""


PRECISION: Final = Path(__file__).resolve().parents[1] / "cleaners" / "rules" / "precision.json"
"""Where the confidences are kept, with the checksum of the data that they were measured on."""


def main() -> None:
    """Measure on HTML and on the same pages as plain text, and write the file."""
    measured = measure()
    record = {"data": typed_checksum(), "precision": measured.precision}
    PRECISION.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    blocks = measured.decided.total()
    print(f"{len(measured.precision)} rules, {blocks:,} blocks, {measured.accuracy:.3f} right")


@dataclass(slots=True)
class Measured:
    """How many blocks each rule decided, and how many of them rightly."""

    decided: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> dict[str, float]:
        """The confidence of each rule that was seen often enough."""
        return {
            rule: round((self.right[rule] + 1) / (number + 2), 3)
            for rule, number in sorted(self.decided.items())
            if number >= MIN_DECIDED
        }

    @property
    def accuracy(self) -> float:
        """The share of blocks that were decided rightly."""
        return self.right.total() / self.decided.total()


def measure() -> Measured:
    """Let the rules decide all annotated pages, as HTML and as plain text."""
    measured = Measured()
    for page in typed_pages():
        for body in (page.html, "\n".join(text for text, _ in page.blocks)):
            count_page(page, body, measured)
    return measured


def count_page(page: TypedPage, body: str, measured: Measured) -> None:
    """Add one page's decisions to the counts by rule."""
    content_type = "text/html" if body is page.html else "text/plain"
    document = read_document(Page(url=page.url, body=body, content_type=content_type))
    decisions = RuleClassifier().decide(document)
    labels = block_labels(page.blocks, document.segments.text)
    for decision, label in zip(decisions, labels, strict=True):
        if label is not None:
            key = decision.key(markup=document.has_markup)
            measured.decided[key] += 1
            measured.right[key] += decision.type.value == label


if __name__ == "__main__":
    main()
