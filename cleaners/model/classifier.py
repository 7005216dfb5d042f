"""Types from the trained network, with calibrated confidences and a dial between precision and recall."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from importlib.resources.abc import Traversable
from typing import Final, NoReturn

import numpy as np

from cleaners.article import BlockType
from cleaners.classifier import Document, Verdict
from cleaners.features import LAYOUT, Features, extract
from cleaners.features.columns import Floats, Integers
from cleaners.lexicon import load_lexicon
from cleaners.lexicon.extension import read_extensions
from cleaners.model.network import Network
from cleaners.model.own_phrases import OwnPhrases
from cleaners.model.reasons import Reasons
from cleaners.model.weights import Weights, read_weights

CONFIDENCE_DIGITS: Final = 3
"""Decimals of a confidence: what was measured on some thousands of blocks is not known more exactly."""

TYPES: Final = tuple(BlockType)
_BODY: Final = TYPES.index(BlockType.BODY)


class Favor(StrEnum):
    """Which mistake to avoid: boilerplate in the text (precision), or text lost (recall)."""

    PRECISION = "precision"
    BALANCED = "balanced"
    RECALL = "recall"

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        choices = ", ".join(repr(favor.value) for favor in cls)
        raise ValueError(f"{value!r} is not a valid Favor: it is one of {choices}")


class TrainedClassifier:
    """The classifier that learned from annotated pages."""

    def __init__(
        self, weights: Weights, favor: Favor = Favor.BALANCED, phrases: Sequence[Traversable] = ()
    ) -> None:
        """Take weights, a point of the dial, and a user's files of phrases.

        Raises `cleaners.lexicon.LexiconError` for a file that cannot be used.
        """
        self._lexicon = load_lexicon(extra=phrases)
        self._own = OwnPhrases(read_extensions(phrases))
        self._network = Network(weights)
        self._reasons = Reasons(weights)
        same = {name: name for name in LAYOUT.names}  # one and the same string is compared at once
        self._columns = [same.get(name, name) for name in weights.facts["columns"]]
        self._threshold = float(weights.facts["thresholds"][favor])
        calibration = weights.facts["calibration"]
        self._calibration = np.array(calibration["chance"]), np.array(calibration["right"])

    @classmethod
    def load(cls, path: Traversable | None = None, favor: Favor = Favor.BALANCED) -> TrainedClassifier:
        """The classifier with the weights in a file, by default with those of the package.

        Raises `ValueError` when the file holds no such weights, or weights of another version's features.
        """
        return cls(read_weights(path), favor)

    def classify(self, document: Document) -> list[Verdict]:
        """One verdict a block, in order."""
        if not document.segments.text:
            return []
        features = extract(document, self._lexicon)
        chances = self._chances(features)
        chosen = self._decide(chances)
        certain = self._confidences(chances[np.arange(len(chosen)), chosen])
        types = [TYPES[rank] for rank in chosen.tolist()]
        verdicts = list(map(Verdict, types, certain, self._reasons.of_blocks(features, types)))
        for block, verdict in self._own.verdicts(features, markup=document.has_markup).items():
            verdicts[block] = verdict
        return verdicts

    def chances(self, document: Document) -> Floats:
        """The network's chance of each type for each block, [blocks x types], rows summing to 1."""
        return self._chances(extract(document, self._lexicon))

    def _chances(self, features: Features) -> Floats:
        if features.names != self._columns:
            raise ValueError("these weights were trained on other features: run `make train`")
        scores = self._network.scores(features)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        result: Floats = powers / powers.sum(axis=1, keepdims=True)
        return result

    def _decide(self, chances: Floats) -> Integers:
        """Body where its chance reaches the dial's threshold, else the likeliest of the other types."""
        others = chances.copy()
        others[:, _BODY] = -1
        result: Integers = np.where(chances[:, _BODY] >= self._threshold, _BODY, others.argmax(axis=1))
        return result

    def _confidences(self, chances: Floats) -> list[float]:
        """The share of decisions with such a chance that were right on pages of sites held back."""
        right = np.interp(chances, *self._calibration)
        known: list[float] = right.round(CONFIDENCE_DIGITS).tolist()
        return known


@lru_cache(maxsize=8)
def load_classifier(
    favor: Favor = Favor.BALANCED, phrases: tuple[Traversable, ...] = ()
) -> TrainedClassifier:
    """The classifier that comes with the package, with a user's files of phrases; loaded once.

    Raises `cleaners.lexicon.LexiconError` for a file of phrases that cannot be used.
    """
    return TrainedClassifier(_package_weights(), favor, phrases)


@lru_cache(maxsize=1)
def _package_weights() -> Weights:
    return read_weights()
