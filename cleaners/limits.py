"""Bounds on what one hostile page may cost, each with the reason for its size."""

from __future__ import annotations

from typing import Final

MAX_SOURCE_CHARS: Final = 30_000_000
"""Longest page that is read; the largest of 1,497 benchmark pages has 5.6 million characters."""

MAX_TREE_DEPTH: Final = 1_000
"""Open elements kept when a page beyond libxml2's limit of 2,048 is flattened; half of that limit."""

MAX_BLOCKS: Final = 50_000
"""Blocks of one page that are told apart; the benchmark's largest page has 2,641. Text after
the last is kept in one block."""

MAX_CLASS_CHARS: Final = 400
"""Characters of class, id and role that are read of one element; real ones are shorter."""
