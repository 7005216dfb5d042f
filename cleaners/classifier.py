"""The one place where blocks get their types: the interface, and what a classifier answers.

Rules (`cleaners.rules`) and a trained model are classifiers behind the same protocol; `clean` takes
either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from cleaners.article import BlockType
from cleaners.segment import Segments


class Verdict(NamedTuple):
    """A block's type, how often such a decision is right (0 to 1), and why, for a person to read."""

    type: BlockType
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """What a classifier is given: the blocks, and what the page's metadata says of itself.

    `titles` are the strings that the metadata gives as the article's title, `authors` its authors'
    names, `description` its summary, `kinds` what it says the page is ("article", "product" …, in lower
    case). `language` is the page's language as declared or detected, ISO 639-1; `url` its address.
    """

    segments: Segments
    titles: Sequence[str] = ()
    authors: Sequence[str] = ()
    language: str | None = None
    description: str | None = None
    kinds: Sequence[str] = ()
    url: str | None = None

    @property
    def has_markup(self) -> bool:
        """Whether the blocks come from HTML rather than from text."""
        return self.segments.lines is None


class Classifier(Protocol):
    """Gives every block of a document its type."""

    def classify(self, document: Document) -> list[Verdict]:
        """One verdict a block, in order."""
        ...
