"""How pages are cleaned, as one function that worker processes can be given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cleaners import Article, Favor, Page, clean
from cleaners.model import load_classifier


@dataclass(frozen=True, slots=True)
class Cleaner:
    """Cleans a page with a point of the dial and a user's phrase files (`docs/lexicon.md`).

    Making one reads the phrase files, so that a bad file is found before the first page: it raises
    `cleaners.lexicon.LexiconError`, and `FileNotFoundError` for a file that is not there.
    """

    favor: Favor = Favor.BALANCED
    phrases: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        """Read the phrase files."""
        for path in self.phrases:
            if not path.exists():
                raise FileNotFoundError(f"{path}: there is no such file of phrases")
        if self.phrases:  # without, nothing can be wrong, and a crawl's own process never needs it
            load_classifier(self.favor, self.phrases)

    def __call__(self, page: Page) -> Article:
        """The page's article, its words counted."""
        article = clean(page, favor=self.favor, phrases=self.phrases)
        for block in article.blocks:
            _ = block.words  # the block keeps it: workers are many, the process that crawls is one
        return article
