"""Text that a page holds twice: once for phones and once for screens, or quoted under each answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from cleaners.article import KEPT_TYPES, Block, BlockType, count_words

MIN_REPEATED_WORDS: Final = 20
"""Words of a run of blocks that all stood before, for it to be left out. Shorter repeats are mostly the
author's own: table rows, refrains. On the public benchmark's pages leaving runs out gave 0.005 of word F1,
with 10, 20 or 30 words alike."""


def mark_repeats(blocks: Sequence[Block]) -> None:
    """Set `repeats` of the article's blocks that say again what blocks of their type before them said."""
    by_type: defaultdict[BlockType, list[int]] = defaultdict(list)
    for position, block in enumerate(blocks):
        if block.type in KEPT_TYPES:
            by_type[block.type].append(position)
    for positions in by_type.values():
        for run in _repeated_runs(blocks, positions):
            if sum(count_words(blocks[position].text) for position, _ in run) >= MIN_REPEATED_WORDS:
                for position, first in run:
                    blocks[position].repeats = first


def _repeated_runs(blocks: Sequence[Block], positions: Sequence[int]) -> Iterator[list[tuple[int, int]]]:
    """Runs of blocks whose texts stood before, each block with where its text stood first."""
    firsts: dict[str, int] = {}
    run: list[tuple[int, int]] = []
    for position in positions:
        first = firsts.setdefault(blocks[position].text.casefold(), position)
        if first != position:
            run.append((position, first))
        elif run:
            yield run
            run = []
    if run:
        yield run
