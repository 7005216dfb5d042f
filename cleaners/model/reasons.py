"""Why a block has its type, in one phrase: the evidence that speaks for the type.

Where a rule decides the same, its reason is given: what rules say is an input of the network. Else the
words of the elements around the block that training found telling, a phrase, the neighbours, or measures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cleaners.article import BlockType
from cleaners.classifier import Document
from cleaners.features import Features
from cleaners.model.weights import Weights
from cleaners.rules.phrases import GROUP_TYPES

TELLING: Final = 1.5
"""Natural logarithm of how many times likelier a type is with a word than without, for it to be named."""

MAX_NAMED_WORDS: Final = 2

REACH: Final = 4
"""Elements around a block whose names are searched for telling words."""


class Reasons:
    """Evidence by type for the words of elements, as training counted it."""

    def __init__(self, weights: Weights) -> None:
        """Take what training counted."""
        self._rows = weights.vocabulary
        self._evidence = weights.arrays["evidence"]
        self._ranks = {kind: rank for rank, kind in enumerate(BlockType)}

    def of_blocks(self, document: Document, features: Features, types: Sequence[BlockType]) -> list[str]:
        """A reason for each block's type."""
        reasons: list[str] = []
        for block, kind in enumerate(types):
            decision = features.decisions[block]
            if decision.type is kind:
                reasons.append(decision.reason)
            else:
                reasons.append(
                    self._names(document, features, block, kind)
                    or _phrase(features, block, kind)
                    or _company(features, types, block)
                    or _measures(features, block)
                )
        return reasons

    def _names(self, document: Document, features: Features, block: int, kind: BlockType) -> str | None:
        """Words of names around the block that are much commoner with this type than without."""
        rank, parents = self._ranks[kind], document.segments.nodes.parent
        found: dict[str, float] = {}
        node = document.segments.node[block]
        bags = [features.inline_bag[block]]
        for _ in range(REACH):
            if node < 0:
                break
            bags.append(features.element_bag[node])
            node = parents[node]
        for bag in bags:
            for word in features.elements[bag]:
                row = self._rows.get(word)
                if row is not None and not word.startswith("<") and self._evidence[row, rank] >= TELLING:
                    found[word] = float(self._evidence[row, rank])
        if not found:
            return None
        best = sorted(found, key=lambda word: (-found[word], word))[:MAX_NAMED_WORDS]
        return f"class tokens: {', '.join(best)}"


def _phrase(features: Features, block: int, kind: BlockType) -> str | None:
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
        words = " ".join(features.reading.tokens[above][:5])
        return f"under the heading “{words}”" if words else None
    beside = [near for near in (block - 1, block + 1) if 0 <= near < len(types)]
    if any(types[near] is kind for near in beside):
        return f"beside other text that is {kind.value.replace('_', ' ')}"
    return None


def _measures(features: Features, block: int) -> str:
    words, linked = int(features.shape.words[block]), float(features.shape.link_share[block])
    place = "inside" if features.inside_root[block] else "outside"
    links = (
        "no link"
        if linked == 0
        else "few links"
        if linked < 0.3
        else "mostly links"
        if linked > 0.6
        else "links"
    )
    return f"{place} the content root, {words} word{'s' if words != 1 else ''}, {links}"
