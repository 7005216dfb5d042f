"""Text that a page holds twice: once for phones and once for screens, or quoted under each answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from cleaners.article import KEPT_TYPES, Block, BlockType
from cleaners.counting import count_spaced, count_units

MIN_REPEATED_WORDS: Final = 20
"""Words of a passage of several blocks that stood before in the same order, for it to be left out. On the
public benchmark's pages leaving such passages out gave 0.005 of word F1, with 10, 20 or 30 words alike."""

MIN_ALONE_WORDS: Final = 40
"""The same of a single block: shorter ones are mostly the author's own, refrains and rows of tables."""


def mark_repeats(blocks: Sequence[Block]) -> None:
    """Set `repeats` of the article's blocks that say again what blocks of their type before them said."""
    by_type: defaultdict[BlockType, list[int]] = defaultdict(list)
    for position, block in enumerate(blocks):
        if block.type in KEPT_TYPES:
            by_type[block.type].append(position)
    for positions in by_type.values():
        texts = [blocks[position].text for position in positions]
        for start, first, length in _repeated_passages(texts):
            words = sum(count_units(text, count_spaced(text)) for text in texts[start : start + length])
            if words >= (MIN_REPEATED_WORDS if length > 1 else MIN_ALONE_WORDS):
                for step in range(length):
                    blocks[positions[start + step]].repeats = positions[first + step]


def _repeated_passages(texts: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Passages whose texts stood before in the same order: where, where first, and how many texts."""
    firsts: dict[str, int] = {}
    found = [firsts.setdefault(text.casefold(), place) for place, text in enumerate(texts)]
    start = 0
    while start < len(found):
        end = start + 1
        if found[start] < start:
            while end < len(found) and found[end] == found[end - 1] + 1 and found[end] < end:
                end += 1
            yield start, found[start], end - start
        start = end
