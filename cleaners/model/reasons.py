"""Why a block has its type, in one phrase: the evidence that speaks for the type.

Where a rule decides the same, its reason is given: what rules say is an input of the network. Else the
words of the elements around the block that training found telling, a phrase, the neighbours, or measures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final, TypeAlias

import numpy as np

from cleaners.article import BlockType
from cleaners.features import Features
from cleaners.features.words import inline_words, page_words
from cleaners.model.weights import Weights
from cleaners.rules.phrases import GROUP_TYPES

TELLING: Final = 1.5
"""Natural logarithm of how many times likelier a type is with a word than without, for it to be named."""

MAX_NAMED_WORDS: Final = 2
"""Words that a reason names, the most telling ones."""

REACH: Final = 4
"""Elements whose names are searched for telling words: the block's own and those around it."""

QUOTED_WORDS: Final = 5
"""Words of a heading that a reason quotes."""

FEW_LINKS: Final = 0.3
MOST_LINKS: Final = 0.6
"""Shares of a block's characters in links below which there are "few" of them, and above which "mostly"."""

MAX_REMEMBERED: Final = 2_000
"""Names of elements whose telling words are kept; sites repeat theirs on every page."""

_Telling: TypeAlias = list[tuple[str, dict[BlockType, float]]]
"""Words, each with the types that it speaks for and how strongly."""


class Reasons:
    """Evidence by type for the words of elements, as training counted it."""

    def __init__(self, weights: Weights) -> None:
        """Take what training counted."""
        kinds, evidence = tuple(BlockType), weights.arrays["evidence"]
        by_row: dict[int, dict[BlockType, float]] = {}
        for row, rank in np.argwhere(evidence >= TELLING).tolist():
            by_row.setdefault(row, {})[kinds[rank]] = float(evidence[row, rank])
        words = weights.facts["name_words"]
        self._types = {
            word: by_row[row] for word, row in islice(weights.vocabulary.items(), words) if row in by_row
        }
        self._of_names = lru_cache(maxsize=MAX_REMEMBERED)(lambda names: self._telling(inline_words(names)))

    def of_blocks(self, features: Features, types: Sequence[BlockType]) -> list[str]:
        """A reason for each block's type."""
        named = _Named(features, self)
        reasons: list[str] = []
        for block, (kind, decision) in enumerate(zip(types, features.decisions, strict=True)):
            if decision.type is kind:
                reasons.append(decision.reason)
            else:
                reasons.append(
                    named.reason(block, kind)
                    or _phrase(features, block, kind)
                    or _company(features, types, block)
                    or _measures(features, block)
                )
        return reasons

    def of_names(self, names: str) -> _Telling:
        """The telling words of an element's names."""
        return self._of_names(names) if names else []

    def of_page(self, features: Features) -> _Telling:
        """The telling words of the page's address and metadata."""
        return self._telling(page_words(features.document.url, features.document.kinds))

    def _telling(self, words: Iterable[str]) -> _Telling:
        """Those of some words that are much commoner with a type than without."""
        return [(word, self._types[word]) for word in words if word in self._types]


class _Named:
    """The telling names around the blocks of one page. Blocks on one path mostly share them."""

    def __init__(self, features: Features, reasons: Reasons) -> None:
        self._features, self._reasons = features, reasons
        self._known: dict[tuple[int, str, BlockType], str | None] = {}

    def reason(self, block: int, kind: BlockType) -> str | None:
        """The words around the block that speak most for a type."""
        path, inline = int(self._features.tree.path[block]), self._features.document.segments.names[block]
        key = path, inline, kind
        if key not in self._known:
            found = {
                word: types[kind]
                for word, types in (*self._reasons.of_names(inline), *self._around(path))
                if kind in types
            }
            best = sorted(found, key=lambda word: (-found[word], word))[:MAX_NAMED_WORDS]
            self._known[key] = f"class tokens: {', '.join(best)}" if best else None
        return self._known[key]

    def _around(self, path: int) -> _Telling:
        tree, telling = self._features.tree, list[tuple[str, dict[BlockType, float]]]()
        for _ in range(REACH):
            telling += self._reasons.of_names(tree.kinds[tree.path_kind[path]][1])
            if path == 0:  # the page's own words are the root's
                telling += self._reasons.of_page(self._features)
            path = int(tree.path_parent[path])
            if path < 0:
                break
        return telling


def _phrase(features: Features, block: int, kind: BlockType) -> str | None:
    """A phrase in the block that speaks for its type."""
    for match in features.reading.matches[block]:
        if GROUP_TYPES[match.group][0] is kind:
            return f"phrase: {match.phrase}"
    return None


def _company(features: Features, types: Sequence[BlockType], block: int) -> str | None:
    """The heading above, or the neighbours, where they are of the same type."""
    kind = types[block]
    if kind is BlockType.BODY:
        return None
    above = int(features.heading_before[block])
    if above >= 0 and types[above] is kind:
        words = " ".join(features.reading.tokens[above][:QUOTED_WORDS])
        return f"under the heading “{words}”" if words else None
    beside = [near for near in (block - 1, block + 1) if 0 <= near < len(types)]
    if any(types[near] is kind for near in beside):
        return f"beside other text that is {kind.value.replace('_', ' ')}"
    return None


def _measures(features: Features, block: int) -> str:
    words, linked = int(features.shape.words[block]), float(features.shape.link_share[block])
    place = "inside" if features.inside_root[block] else "outside"
    links = "mostly links" if linked > MOST_LINKS else "links"
    if linked < FEW_LINKS:
        links = "few links" if linked else "no link"
    return f"{place} the content root, {words} word{'s' if words != 1 else ''}, {links}"
