"""Blocks that their own words give away: the order in which the rules about words are asked."""

from __future__ import annotations

from cleaners.rules.bylines import byline
from cleaners.rules.credits import copyright_notice, first_published_at, picture_credit, source_label
from cleaners.rules.decision import Decision
from cleaners.rules.evidence import Evidence
from cleaners.rules.phrases import pointer, strong_phrase


def decide_wording(evidence: Evidence, decisions: list[Decision | None]) -> None:
    """Decide every block that a phrase, a mark, a label or a date beside the title gives away."""
    for block in range(len(decisions)):
        if decisions[block] is None:
            decisions[block] = (
                copyright_notice(evidence, block)
                or first_published_at(evidence, block)
                or pointer(evidence, block)
                or strong_phrase(evidence, block, decisions)
                or source_label(evidence, block)
                or picture_credit(evidence, block)
                or byline(evidence, block, decisions)
            )
