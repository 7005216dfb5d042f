"""A page's blocks in the terminal: type, confidence, text and the reason for the type; and what changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cleaners.article import Article, Block, BlockType, count_types
from thresher.terminal import printable

if TYPE_CHECKING:
    from audit.explained.difference import Change, Difference, Side

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

SIDES_SHOWN: Final = 5
"""Blocks on one side of a change that are shown: a long one may be cut into thousands."""

CROSSED_STYLE: Final = "bold reverse"
"""How it is marked that text came into the article or left it."""


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
    return (
        Text(block.type.value, style),
        f"{block.confidence:.2f}",
        Text(_cut(block.text, full=full), style),
        Text(printable(_why(block))),
    )


def _cut(text: str, *, full: bool) -> str:
    text = printable(text)
    return text if full or len(text) <= SHOWN_CHARS else text[:SHOWN_CHARS].rstrip() + " …"


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


def print_difference(
    difference: Difference,
    console: Console,
    *,
    types: Collection[BlockType] | None = None,
    full: bool = False,
) -> None:
    """Print what changed since another record: how much, the facts, and each block that is not as it was."""
    kinds = ", ".join(f"{kind.value} {count:,}" for kind, count in difference.kinds.items())
    words = difference.words
    lines = {
        "Changed": f"{kinds or 'no block'}; {difference.same:,} the same",
        "Crossed": f"{difference.now_kept:,} now kept, {difference.now_removed:,} now removed",
        "Words": f"{words.before:,} then, {words.after:,} now: {words.gained:,} came, {words.lost:,} went",
    }
    for fact in difference.facts:
        lines[fact.fact.capitalize()] = f"{fact.before or '–'} → {fact.after or '–'}"
    for name, value in lines.items():
        console.print(Text.assemble((f"{name:<10}", "bold"), printable(value)))
    shown = [change for change in difference.changes if types is None or _concerns(change, types)]
    if not shown:
        return
    console.print()
    table = Table(show_edge=False, pad_edge=False, expand=True, header_style="bold")
    table.add_column("Change", no_wrap=True)
    table.add_column("Before", overflow="fold", ratio=1)
    table.add_column("Now", overflow="fold", ratio=1)
    table.add_column("Text", overflow="fold", ratio=2)
    for change in shown:
        crossed = f"\nnow {change.crossed}" if change.crossed else ""
        table.add_row(
            Text.assemble(change.kind.value, (crossed, CROSSED_STYLE)),
            _said(change.before),
            _said(change.after),
            Text(_cut(change.text, full=full)),
        )
    console.print(table)


def _concerns(change: Change, types: Collection[BlockType]) -> bool:
    return any(side.type in types for side in (*change.before, *change.after))


def _said(sides: Sequence[Side]) -> Text:
    """What was decided of the blocks on one side of a change, a line each."""
    said = Text("\n").join(
        Text.assemble(
            (side.type.value, STYLES[side.type]), f" {side.confidence:.2f} {printable(side.reason)}"
        )
        for side in sides[:SIDES_SHOWN]
    )
    return said.append(f"\nand {len(sides) - SIDES_SHOWN:,} more") if len(sides) > SIDES_SHOWN else said
