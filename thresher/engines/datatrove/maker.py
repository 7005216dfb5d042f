"""What a document of datatrove's is made of: computed where the page is cleaned."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson

from cleaners import Article, BlockType, Page, Rejection
from cleaners.article import DEFAULT_TEXT_TYPES, count_types
from cleaners.render import to_markdown
from pipelines.clean import require_text
from pipelines.cleaner import Cleaner
from pipelines.records import valid_text
from pipelines.reuse.shingles import digest_of, words_of


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The text and the metadata of a document, and how many blocks and words of each type its page holds."""

    text: str
    metadata: dict[str, Any]
    counts: dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Maker:
    """Cleans a page and chooses what its document holds.

    The text is the article's, or its Markdown; of the blocks of `types` where any are given. `blocks` and
    `with_markdown` say whether the metadata hold the record's fields `blocks` and `markdown`.
    """

    cleaner: Cleaner = field(default_factory=Cleaner)
    markdown: bool = False
    types: frozenset[BlockType] | None = None
    blocks: bool = True
    with_markdown: bool = True

    def __call__(self, page: Page) -> bytes | Rejection:
        """What `read_cleaned` reads; a rejection where the page holds no article."""
        article = require_text(self.cleaner(page), page)
        if isinstance(article, Rejection):
            return article
        text = self._text(article)
        made = {
            "text": text,
            "metadata": self._metadata(article, text),
            "counts": {
                kind.value: (count.blocks, count.words) for kind, count in count_types(article.blocks).items()
            },
        }
        try:
            # A third of what pickling takes, and refuses what no writer could write.
            return orjson.dumps(made)
        except TypeError:
            return orjson.dumps(valid(made))

    def _text(self, article: Article) -> str:
        if self.markdown:
            return to_markdown(article.blocks, self.types) if self.types else article.markdown
        return article.text_of(self.types or DEFAULT_TEXT_TYPES)

    def _metadata(self, article: Article, text: str) -> dict[str, Any]:
        """The record, each text once, and what texts are compared by."""
        record = article.to_record()
        form = "markdown" if self.markdown else "text"
        if record[form] == text:
            del record[form]
        if not self.with_markdown:
            record.pop("markdown", None)
        if not self.blocks:
            del record["blocks"]
        words = words_of(article.text)
        return record | {"words": len(words), "text_digest": digest_of(words).hex()}


def read_cleaned(made: bytes) -> Cleaned:
    """What a `Maker` made."""
    return Cleaned(**orjson.loads(made))


def valid(value: Any) -> Any:
    """Plain data with U+FFFD for lone surrogates, which a post's JSON can name: they would stop writers.

    The record's fields are lists of structs at their deepest.
    """
    if isinstance(value, str):
        return valid_text(value)
    if isinstance(value, (list, tuple)):
        return [valid(entry) for entry in value]
    if isinstance(value, dict):
        return {name: valid(entry) for name, entry in value.items()}
    return value
