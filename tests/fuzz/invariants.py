"""What holds for every page, whatever it is."""

from __future__ import annotations

import json

from benchmarks.coverage import visible_text
from cleaners import Article, BlockType, Page, clean
from cleaners.parse import decode
from cleaners.sniff import SourceKind, binary_format, sniff


def assert_in_order(
    body: bytes | str, content_type: str | None = None, url: str | None = None, *, twice: bool = True
) -> Article:
    """Clean a page and assert that the article is in order: whole, valid, and the same a second time."""
    page = Page(url=url, body=body, content_type=content_type)
    article = clean(page)
    record = article.to_record()
    if twice:
        assert clean(page).to_record() == record, "a second run gives another record"
    assert json.loads(json.dumps(record, ensure_ascii=False).encode("utf-8")) == record
    for block in article.blocks:
        assert isinstance(block.type, BlockType)
        assert 0 <= block.confidence <= 1
        assert block.reason.strip()
        assert block.text.strip()
        assert block.markup
        assert block.path
    assert bool(article.blocks) or article.warnings, "no blocks, and no word about it"
    assert_whole(article, page)
    return article


def assert_whole(article: Article, page: Page) -> None:
    """The blocks hold the whole text of HTML and of plain text, white space aside, in order."""
    if isinstance(page.body, bytes) and binary_format(page.body):
        assert not article.blocks
        return
    source = decode(page.body, page.content_type).text
    kind = sniff(source, page.content_type)
    if kind is SourceKind.HTML:
        source = visible_text(source.encode("utf-8"))
    if kind in (SourceKind.HTML, SourceKind.TEXT):
        assert bare("".join(block.text for block in article.blocks)) == bare(source)


def bare(text: str) -> str:
    """`text` without white space."""
    return "".join(text.split())
