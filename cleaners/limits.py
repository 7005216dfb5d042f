"""Bounds on what one hostile page may cost, each with the reason for its size."""

from __future__ import annotations

from typing import Final

MAX_SOURCE_CHARS: Final = 10_000_000
"""Longest page that is read; the largest of 1,497 benchmark pages has 5.6 million characters."""

MAX_TAGS: Final = 300_000
"""Tags of one page that make elements; the largest number on a benchmark page is 21,646. Of what follows
only the text is kept."""

MAX_ATTRIBUTES: Final = 200
"""Attributes of one element that are kept; real ones have up to 136. The parser takes time by the square:
50,000 cost 19 seconds."""

MAX_TREE_DEPTH: Final = 1_000
"""Open elements kept when a page beyond libxml2's limit of 2,048 is flattened; half of that limit."""

MAX_BLOCKS: Final = 8_000
"""Blocks of one page that are told apart; the benchmark's largest page has 2,641. Text after
the last is kept in one block."""

MAX_ELEMENTS: Final = 60_000
"""Elements of one page that are looked at; the largest of the benchmark has 15,793. Text after
the last is kept in one block as well."""

MAX_CLASS_CHARS: Final = 400
"""Characters of class, id and role that are read of one element; real ones are shorter."""
