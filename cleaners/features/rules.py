"""What the rules would say of each block: one signal among others, and the strongest where data is thin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cleaners.article import BlockType
from cleaners.features.columns import Columns
from cleaners.rules.decision import Decision

_TYPES = tuple(BlockType)


def add_rules(columns: Columns, decisions: Sequence[Decision]) -> None:
    """A column a type: 1 where the rules decide for it."""
    ranks = np.array([_TYPES.index(decision.type) for decision in decisions])
    columns.add_all("rules: ", [kind.value for kind in _TYPES], ranks[:, None] == np.arange(len(_TYPES)))
