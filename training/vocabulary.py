"""Which words get a vector: those that enough sites use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from training.examples import Bags, Example

MIN_SITES: Final = {"t:": 6, "2:": 6, "=:": 4, "$:": 8, "a:": 6}
"""Sites that must use a word, by its mark; what fewer use is learned by heart."""

MIN_NAME_SITES: Final = 4
"""The same for the words of elements, which have no mark."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of elements, and words of texts and links, each with its row in its table."""

    names: dict[str, int]
    texts: dict[str, int]

    def words(self) -> list[str]:
        """All words, those of elements first, in the order of their rows."""
        return [*self.names, *self.texts]


@dataclass(slots=True)
class Numbered:
    """An example's words as rows of a vocabulary's tables."""

    elements: Bags
    texts: Bags
    links: Bags


def gather_vocabulary(examples: Iterable[Example]) -> Vocabulary:
    """The words that enough sites use, in alphabetical order."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for example in examples:
        for bag in example.elements:
            for word in bag:
                names[word].add(example.site)
        for bags in (example.texts, example.links):
            for words in bags:
                for word in words:
                    texts[word].add(example.site)
    return Vocabulary(
        _ranked(word for word, sites in names.items() if len(sites) >= MIN_NAME_SITES),
        _ranked(word for word, sites in texts.items() if len(sites) >= MIN_SITES[word[:2]]),
    )


def number_words(example: Example, vocabulary: Vocabulary) -> Numbered:
    """The rows of an example's words, unknown words left out."""
    return Numbered(
        _numbered(example.elements, vocabulary.names),
        _numbered(example.texts, vocabulary.texts),
        _numbered(example.links, vocabulary.texts),
    )


def _ranked(words: Iterable[str]) -> dict[str, int]:
    return {word: rank for rank, word in enumerate(sorted(words)) if "\n" not in word}


def _numbered(bags: Sequence[Sequence[str]], rows: dict[str, int]) -> Bags:
    return Bags.of([[rows[word] for word in bag if word in rows] for bag in bags])
