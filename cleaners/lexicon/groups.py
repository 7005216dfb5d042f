"""The names that phrase groups may have."""

from __future__ import annotations

from typing import Final

from cleaners.article import BlockType

STRENGTHS: Final = ("", "_weak", "_heading", "_closing")
"""Endings of a type's group names; see the package's description."""

_TYPES: Final = tuple(kind.value for kind in BlockType if kind not in (BlockType.TITLE, BlockType.BODY))

TYPED_GROUPS: Final = frozenset(kind + strength for kind in _TYPES for strength in STRENGTHS)
"""Groups that speak for a block type. Titles and body text have no telling phrases."""

WORD_GROUPS: Final = frozenset(
    {"source_label", "picture_label", "months", "weekdays", "by_words", "pronoun_we", "money_words"}
)
"""Groups that only list words."""

ALLOWED: Final = (
    f"a block type ({', '.join(_TYPES)}), alone or with {', '.join(STRENGTHS[1:-1])} or {STRENGTHS[-1]}, "
    f"or a word list ({', '.join(sorted(WORD_GROUPS))})"
)
"""The same in words."""
