"""Articles written out in the workers that clean them: one process could not write for all of them."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from cleaners import Article, BlockType, Page, Rejection
from cleaners.article import DEFAULT_TEXT_TYPES
from cleaners.render import to_markdown
from pipelines.clean import require_text
from pipelines.cleaner import Cleaner


@dataclass(frozen=True, slots=True)
class WrittenCleaner:
    """Cleans a page and writes its article as "json", "jsonl", "text" or "markdown", with blocks of `types`.

    What gives no text is a `Rejection`, as it is. Without `types` text and Markdown are the article's own.
    """

    cleaner: Cleaner
    form: str
    types: Collection[BlockType] | None = None

    def __call__(self, page: Page) -> str | Rejection:
        """The page's article in its form."""
        article = require_text(self.cleaner(page))
        return article if isinstance(article, Rejection) else self._write(article)

    def _write(self, article: Article) -> str:
        if self.form == "jsonl":
            return json.dumps(article.to_record(), ensure_ascii=False)
        if self.form == "json":
            return json.dumps(article.to_record(), ensure_ascii=False, indent=2)
        if self.form == "markdown":
            return to_markdown(article.blocks, self.types) if self.types else article.markdown
        return article.text_of(self.types or DEFAULT_TEXT_TYPES)
