"""What each of our blocks should be, by aligning its words with annotated or true text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from benchmarks.data import scorer
from cleaners.article import BlockType
from cleaners.features.columns import Floats

TYPES: Final = tuple(BlockType)
BODY: Final = TYPES.index(BlockType.BODY)

PAGE_KINDS: Final = ("article", "service", "product", "collection", "forum", "listing", "documentation")
"""Kinds of page that the public benchmark and the annotated pages name."""

MAX_PASSES: Final = 3
"""Times that what is left of the truth is looked for: some truths do not follow the page's order."""

MIN_LEFT_WORDS: Final = 20
"""Words of the truth that must be left for another look; fewer are found anywhere."""

MIN_FOUND_SHARE: Final = 0.5
"""Share of a block's words that must be found for them to be taken out of the truth."""

MIN_REPEATED_WORDS: Final = 8
"""Words of a block for it to be called a repeat of one before; shorter ones are often said twice."""
_RANK: Final = {kind.value: rank for rank, kind in enumerate(TYPES)}


def words_by_type(texts: Sequence[str], truth: Sequence[tuple[str, str]]) -> tuple[Floats, Floats]:
    """For each text how many of its words stand in `truth` with each type, [texts x types], and its words.

    `truth` are (text, type) pairs in document order. Both sides are aligned in order, so that a word
    counts only in its place.
    """
    score = scorer()
    wanted, kinds = score.words(truth)
    ours, owners = score.words([(text, "") for text in texts])
    found = np.zeros((len(texts), len(TYPES)), np.float32)
    total = np.zeros(len(texts), np.float32)
    for word, twin in enumerate(score.align(ours, wanted)):
        block = owners[word][1]
        total[block] += 1
        if twin is not None:
            found[block, _RANK[kinds[twin][0]]] += 1
    return found, total


def main_words(texts: Sequence[str], truth: str) -> tuple[Floats, Floats]:
    """For each text how many of its words stand in `truth`, and its words.

    A text that stood before counts no words: the product leaves it out, and two copies of a page's text
    would have nothing by which the truth is aligned with either.
    """
    score = scorer()
    wanted: list[str] = score.words([(truth, "")])[0]
    split: list[list[str]] = [score.words([(text, "")])[0] for text in texts]
    open_texts = _without_repeats(split)
    found, total = np.zeros(len(texts), np.float32), np.zeros(len(texts), np.float32)
    total[open_texts] = [len(split[text]) for text in open_texts]
    for last in range(1, MAX_PASSES + 1):
        owner = [text for text in open_texts for _ in split[text]]
        twins = score.align([word for text in open_texts for word in split[text]], wanted)
        held = np.zeros(len(texts), np.float32)
        pairs = [(text, twin) for text, twin in zip(owner, twins, strict=True) if twin is not None]
        np.add.at(held, [text for text, _ in pairs], 1)
        done = held >= np.maximum(1, MIN_FOUND_SHARE * total)
        found = np.where(done | (last == 1), held, found)
        used = {twin for text, twin in pairs if done[text]}
        wanted = [word for place, word in enumerate(wanted) if place not in used]
        open_texts = [text for text in open_texts if not done[text]]
        if len(wanted) < MIN_LEFT_WORDS:
            break
    return found, total


def _without_repeats(texts: Sequence[Sequence[str]]) -> list[int]:
    """The numbers of the texts that did not stand before, and of the short ones."""
    seen: set[tuple[str, ...]] = set()
    first: list[int] = []
    for number, words in enumerate(texts):
        key = tuple(words)
        if len(key) < MIN_REPEATED_WORDS or key not in seen:
            first.append(number)
        seen.add(key)
    return first
