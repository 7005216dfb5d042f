"""Blocks that their own words give away: the order in which the rules about words are asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cleaners.article import BlockType
from cleaners.reading import group_mask
from cleaners.rules.bylines import blocks_near_head, byline
from cleaners.rules.credits import copyright_notice, first_published_at, picture_credit, source_label
from cleaners.rules.decision import Decision
from cleaners.rules.evidence import Evidence
from cleaners.rules.phrases import STRONG_GROUPS, pointer, strong_phrase, typed_groups

Rule = Callable[[Evidence, int, list[Decision | None]], Decision | None]

_BY_PHRASE: Final[tuple[tuple[int, Rule], ...]] = (
    (group_mask("attribution_weak"), first_published_at),
    (typed_groups(BlockType.RELATED), pointer),
    (STRONG_GROUPS, strong_phrase),
    (group_mask("source_label"), source_label),
    (group_mask("picture_label"), picture_credit),
)
"""Rules about phrases, each with the groups of which a block must hold one for the rule to be asked."""


def decide_wording(evidence: Evidence, decisions: list[Decision | None]) -> None:
    """Decide every block that a phrase, a mark, a label or a date beside the title gives away."""
    near_head = blocks_near_head(evidence, decisions)
    for block, text in enumerate(evidence.segments.text):
        if decisions[block] is not None:
            continue
        decision = copyright_notice(evidence, block) if "©" in text or "(" in text else None
        groups = evidence.groups[block]
        if groups and decision is None:
            decision = _by_phrase(evidence, block, decisions, groups)
        if decision is None and block in near_head:
            decision = byline(evidence, block, decisions)
        decisions[block] = decision


def _by_phrase(
    evidence: Evidence, block: int, decisions: list[Decision | None], groups: int
) -> Decision | None:
    for needed, rule in _BY_PHRASE:
        if groups & needed:
            decision = rule(evidence, block, decisions)
            if decision is not None:
                return decision
    return None
