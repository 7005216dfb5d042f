"""A user's own phrases: where a rule decides by one of them, that stands, whatever the network says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from cleaners.classifier import Verdict
from cleaners.features import Features
from cleaners.lexicon.extension import Extension
from cleaners.rules.decision import to_verdict
from cleaners.rules.phrases import GROUP_TYPES

_BY_PHRASE: Final = frozenset({"phrase", "phrase-long", "pointer", "weak-phrase"})
_BY_HEADING: Final = frozenset({"under-heading", "same-box", "gap"})
"""Rules that decide by a phrase in the block, and by the block that opens a group."""


class OwnPhrases:
    """The phrases that a user's files add, by group: built-in ones are evidence, these are instructions."""

    def __init__(self, extensions: Iterable[Extension]) -> None:
        """Take what the files add."""
        self._phrases = frozenset(
            (group, phrase)
            for extension in extensions
            for group, phrases in extension.phrases.items()
            for phrase in phrases
        )

    def verdicts(self, features: Features, *, markup: bool) -> dict[int, Verdict]:
        """The verdicts of rules that decided by one of these phrases, by block."""
        if not self._phrases:
            return {}
        return {
            block: to_verdict(features.decisions[block], markup=markup) for block in self._decided(features)
        }

    def _decided(self, features: Features) -> Iterator[int]:
        """The blocks that hold such a phrase of the type they were given, and the groups that those open."""
        decisions, opened = features.decisions, None
        for block, (decision, matches) in enumerate(zip(decisions, features.reading.matches, strict=True)):
            own = [
                match.group
                for match in matches
                if (match.group, match.phrase) in self._phrases
                and GROUP_TYPES[match.group][0] is decision.type
            ]
            if own and decision.rule in _BY_PHRASE | _BY_HEADING:
                opens = any(GROUP_TYPES[group][1] == "heading" for group in own)
                opened = decision.type if opens else None
                yield block
            elif opened is decision.type and decision.rule in _BY_HEADING:
                yield block
            else:
                opened = None
