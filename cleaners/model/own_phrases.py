"""A user's own phrases: where a rule decides by one of them, that stands, whatever the network says."""

from __future__ import annotations

from collections.abc import Iterable

from cleaners.classifier import Verdict
from cleaners.features import Features
from cleaners.lexicon.extension import Extension
from cleaners.rules.decision import to_verdict

_RULES = frozenset({"phrase", "phrase-long", "pointer", "weak-phrase"})


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
            block: to_verdict(decision, markup=markup)
            for block, (decision, matches) in enumerate(
                zip(features.decisions, features.reading.matches, strict=True)
            )
            if decision.rule in _RULES
            and any((match.group, match.phrase) in self._phrases for match in matches)
        }
