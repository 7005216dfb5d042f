"""What the rules would say of each block: one signal among others, and the strongest where data is thin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cleaners.arrays import integers
from cleaners.article import BlockType
from cleaners.features.columns import Columns
from cleaners.rules.decision import Decision

_RANKS: Final = {kind: rank for rank, kind in enumerate(BlockType)}

COLUMNS: Final = tuple(f"rules: {kind.value}" for kind in BlockType)


def add_rules(columns: Columns, decisions: Sequence[Decision]) -> None:
    """A column a type: 1 where the rules decide for it."""
    columns.mark(COLUMNS[0], integers([_RANKS[decision.type] for decision in decisions]))
