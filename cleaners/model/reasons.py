"""Why a block has its type, in one phrase: the evidence that speaks for the type.

Where a rule decides the same, its reason is given: what rules say is an input of the network. Else a strong
phrase, the words of the elements around the block that training found telling, a weak phrase, the heading
above or the neighbours, or measures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final, TypeAlias

import numpy as np

from cleaners.article import BlockType
from cleaners.features import Features
from cleaners.features.words import inline_words
from cleaners.model.weights import Weights
from cleaners.rules.groups import HEADING_COVER, quote
from cleaners.rules.phrases import GROUP_TYPES
from cleaners.rules.place import FEW_LINKS, describe_measures
from cleaners.rules.span import ASIDE_TYPES

TELLING: Final = 1.5
"""Natural logarithm of how many times likelier a type is with a word than without, for it to be named."""

MAX_NAMED_WORDS: Final = 2
"""Words that a reason names, the most telling ones."""

REACH: Final = 4
"""Elements whose names are searched for telling words: the block's own and those around it."""

_STRONG: Final = ("", "heading", "closing")
_WEAK: Final = ("weak",)
"""Strengths of phrases (`cleaners.lexicon`), the most telling first."""

_NEEDED_COVER: Final = {"heading": HEADING_COVER, "weak": 2}
"""One part in how many of a block's read words a phrase must be: longer texts hold such words by chance."""

_LINK_LISTS: Final = frozenset({BlockType.NAVIGATION, BlockType.RELATED})
"""Types whose blocks are links, so that a lack of links is no reason for them."""

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
        words = islice(weights.vocabulary.items(), weights.facts["name_words"])
        # Names are letters alone: tags, and words of a page's address and metadata, have a mark and are none.
        self._types = {word: by_row[row] for word, row in words if row in by_row and word.isalpha()}
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
                    _phrase(features, block, kind, _STRONG)
                    or named.reason(block, kind)
                    or _phrase(features, block, kind, _WEAK)
                    or _company(features, types, block)
                    or _measures(features, types, block)
                )
        return reasons

    def of_names(self, names: str) -> _Telling:
        """The telling words of an element's names."""
        return self._of_names(names) if names else []

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
            path = int(tree.path_parent[path])
            if path < 0:
                break
        return telling


def _phrase(features: Features, block: int, kind: BlockType, strengths: Sequence[str]) -> str | None:
    """The most telling phrase in the block, of some strengths, that speaks for its type; then the longest."""
    read = len(features.reading.tokens[block])
    found: list[tuple[int, int, str]] = []
    for match in features.reading.matches[block]:
        spoken_for, strength = GROUP_TYPES[match.group]
        if spoken_for is kind and strength in strengths:
            parts = _NEEDED_COVER.get(strength, read)
            if match.length * parts >= read:
                found.append((strengths.index(strength), -match.length, match.phrase))
    return f"phrase: {min(found)[2]}" if found else None


def _company(features: Features, types: Sequence[BlockType], block: int) -> str | None:
    """The heading above, or the neighbours, where they are of the same type."""
    kind = types[block]
    if kind is BlockType.BODY:
        return None
    above = int(features.heading_before[block])
    if above >= 0 and types[above] is kind and features.reading.tokens[above]:
        return f"under the heading {quote(features.document.segments.text[above])}"
    if _has_neighbour(types, block, kind):
        return "beside other text of the same type"
    return None


def _has_neighbour(types: Sequence[BlockType], block: int, kind: BlockType) -> bool:
    return any(types[near] is kind for near in (block - 1, block + 1) if 0 <= near < len(types))


def _measures(features: Features, types: Sequence[BlockType], block: int) -> str:
    """Place, length and links, but none that speak against the type."""
    kind, linked = types[block], float(features.shape.link_share[block])
    inside = _is_inside_root(features, block)
    if kind is BlockType.BODY and not (features.shape.prose[block] or (inside and linked < FEW_LINKS)):
        beside_body = _has_neighbour(types, block, kind)
        return "reads like the text around it" if beside_body else "reads like an article's text"
    lacks_links = not features.document.has_markup or (kind in _LINK_LISTS and linked < FEW_LINKS)
    speaks_against = inside == (kind in ASIDE_TYPES)
    return describe_measures(
        int(features.shape.words[block]),
        None if lacks_links else linked,
        inside=None if speaks_against else inside,
    )


def _is_inside_root(features: Features, block: int) -> bool | None:
    """Whether the block stands in the content root; `None` in plain text and on a page without prose."""
    if not features.document.has_markup or not features.shape.prose.any():
        return None
    return bool(features.inside_root[block])
