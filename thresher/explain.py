"""A page's blocks in the terminal: type, confidence, text and the reason for the type."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cleaners.article import Article, Block, BlockType, count_types
from thresher.terminal import printable

STYLES: Final = {
    BlockType.TITLE: "bold green",
    BlockType.BYLINE: "cyan",
    BlockType.CAPTION: "bright_cyan",
    BlockType.BODY: "green",
    BlockType.NAVIGATION: "bright_black",
    BlockType.RELATED: "blue",
    BlockType.NEWSLETTER: "magenta",
    BlockType.DONATION: "bright_magenta",
    BlockType.PAYWALL: "red",
    BlockType.ADVERTISEMENT: "yellow",
    BlockType.SHARING: "bright_blue",
    BlockType.COMMENTS: "bright_yellow",
    BlockType.CONSENT: "dark_orange",
    BlockType.DISCLAIMER: "bright_red",
    BlockType.COPYRIGHT: "purple",
    BlockType.ATTRIBUTION: "bold yellow",
    BlockType.AUTHOR_BIO: "turquoise2",
    BlockType.MEDIA: "orchid",
    BlockType.OTHER: "white",
}
"""The colour of each type, the same wherever blocks are shown."""

SHOWN_CHARS: Final = 160
"""Characters of a block that are shown unless all are asked for: two lines of a wide terminal."""


def print_explanation(
    article: Article, console: Console, *, types: Collection[BlockType] | None = None, full: bool = False
) -> None:
    """Print what is known of the page, then its blocks in order, then how much there is of each type."""
    _print_facts(article, console)
    table = Table(show_edge=False, pad_edge=False, expand=True, header_style="bold")
    table.add_column("Type", no_wrap=True)
    table.add_column("Conf.", justify="right", no_wrap=True)
    table.add_column("Text", ratio=2, overflow="fold")
    table.add_column("Reason", ratio=1, overflow="fold", style="italic")
    for block in article.blocks:
        if types is None or block.type in types:
            table.add_row(*_row(block, full=full))
    console.print(table)
    _print_counts(article, console)


def _row(block: Block, *, full: bool) -> tuple[Text, str, Text, Text]:
    style = STYLES[block.type]
    text = printable(block.text)
    if not full and len(text) > SHOWN_CHARS:
        text = text[:SHOWN_CHARS].rstrip() + " …"
    return (
        Text(block.type.value, style),
        f"{block.confidence:.2f}",
        Text(text, style),
        Text(printable(_why(block))),
    )


def _why(block: Block) -> str:
    """The reason, and whether the article's text leaves the block out although it is of its type."""
    return block.reason if block.repeats is None else f"{block.reason}; left out, the same text stands above"


def _print_facts(article: Article, console: Console) -> None:
    claimed = article.claimed_source
    facts = {
        "Title": article.title,
        "Authors": ", ".join(article.authors),
        "Published": article.published.isoformat(" ") if article.published else None,
        "Modified": article.modified.isoformat(" ") if article.modified else None,
        "Language": article.language,
        "Canonical": article.canonical_url,
        "Claims": f"{claimed.domain or claimed.name} ({claimed.kind}: {claimed.evidence})"
        if claimed
        else None,
        "Warnings": "; ".join(article.warnings),
    }
    for name, value in facts.items():
        if value:
            console.print(Text.assemble((f"{name:<10}", "bold"), printable(value)))
    console.print()


def _print_counts(article: Article, console: Console) -> None:
    line = Text("\n")
    for kind, count in count_types(article.blocks).items():
        line.append(f"{kind.value} {count.blocks} ({count.words:,} words)  ", STYLES[kind])
    console.print(line)
