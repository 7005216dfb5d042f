"""Blocks written out as Markdown and HTML, repeats left out; as plain text `Article.text_of` does it.

The text of a page is hostile until proven otherwise: whatever it holds comes out as text, never as
markup of the target format.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from cleaners.article import DEFAULT_TEXT_TYPES, Block, BlockType

_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_KINDS: Final = {"li": "item", "tr": "row", "td": "row", "th": "row", "blockquote": "quote", "pre": "fixed"}
_JOINTS: Final = {"item": "\n", "quote": "\n>\n"}

# With a backslash before it, any ASCII punctuation is itself in CommonMark. An ampersand needs that
# only where it would start an entity.
_SPECIAL: Final = re.compile(r"[\\`*_\[\]<>|~]+|&(?=#?\w)")
_MAYBE_SPECIAL: Final = re.compile(r"[\\`*_\[\]<>|~&]")
"""Matches wherever `_SPECIAL` does, and is looked for in a quarter of the time."""

_LINE_START: Final = re.compile(r"(?:[#+=-]|\d{1,9}(?=[.)]))")
_BACKTICKS: Final = re.compile(r"`+")
_NEWLINE: Final = re.compile(r"\r\n?|[\n\v\f\x85\u2028\u2029]")


def to_markdown(blocks: Sequence[Block], types: Collection[BlockType] = DEFAULT_TEXT_TYPES) -> str:
    """The blocks of the given types as CommonMark; rows that hold tabs become a pipe table (GFM).

    A title becomes a first-level heading and a caption italic, whatever their elements were.
    """
    pieces = []
    for kind, group in _groups(blocks, types):
        if kind == "row":
            pieces.append(_markdown_rows([block.text for block in group]))
        else:
            pieces.append(_JOINTS.get(kind, "\n\n").join(_markdown(kind, block) for block in group))
    return "\n\n".join(piece for piece in pieces if piece)


def to_html(blocks: Sequence[Block], types: Collection[BlockType] = DEFAULT_TEXT_TYPES) -> str:
    """The blocks of the given types as escaped semantic HTML, without a document around them."""
    return "\n".join(_html_group(kind, group) for kind, group in _groups(blocks, types))


def _groups(blocks: Iterable[Block], types: Collection[BlockType]) -> Iterator[tuple[str, list[Block]]]:
    """Runs of blocks that are set in the same way, with the name of that way."""
    wanted = (block for block in blocks if block.is_written(types) and block.text.strip())
    for kind, group in itertools.groupby(wanted, key=_kind):
        yield kind, list(group)


def _kind(block: Block) -> str:
    if block.type is BlockType.TITLE:
        return "h1"
    if block.type is BlockType.CAPTION:
        return "caption"
    if block.markup in _HEADINGS:
        return block.markup
    return _KINDS.get(block.markup, "paragraph")


def _markdown(kind: str, block: Block) -> str:
    text = block.text
    if kind == "fixed":
        return _fenced(text)
    if kind in _HEADINGS:
        return f"{'#' * int(kind[1])} {_one_line(text)}"
    if kind == "caption":
        return f"*{_one_line(text)}*"
    if kind == "item":
        return f"- {_broken(text, indent='  ')}"
    if kind == "quote":
        return f"> {_broken(text, indent='> ')}"
    return _broken(text)


def _fenced(text: str) -> str:
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    inner = "\n".join(_NEWLINE.split(text)).strip("\n")
    return f"{fence}\n{inner}\n{fence}"


def _markdown_rows(rows: list[str]) -> str:
    if not any("\t" in row.strip() for row in rows):
        return "\\\n".join(_one_line(row) for row in rows)
    cells = [[_one_line(cell) for cell in row.split("\t")] for row in rows]
    width = max(map(len, cells))
    head, *rest = (f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in cells)
    return "\n".join([head, f"|{' --- |' * width}", *rest])


def _one_line(text: str) -> str:
    return _escape(" ".join(text.split()))


def _broken(text: str, *, indent: str = "") -> str:
    """A paragraph whose line breaks are kept."""
    lines = (_one_line(line) for line in _NEWLINE.split(text))
    return f"\\\n{indent}".join(line for line in lines if line)


def _escape(line: str) -> str:
    if _MAYBE_SPECIAL.search(line):
        line = _SPECIAL.sub(lambda run: "\\" + "\\".join(run[0]), line)
    start = _LINE_START.match(line)
    if start:
        at = start.end() if line[0].isdigit() else 0
        line = f"{line[:at]}\\{line[at:]}"
    return line


def _html_group(kind: str, group: list[Block]) -> str:
    if kind == "item":
        return "<ul>\n" + "\n".join(f"<li>{_html_text(block.text)}</li>" for block in group) + "\n</ul>"
    if kind == "row":
        return "<table>\n" + "\n".join(_html_row(block.text) for block in group) + "\n</table>"
    if kind == "quote":
        inner = "\n".join(f"<p>{_html_text(block.text)}</p>" for block in group)
        return f"<blockquote>\n{inner}\n</blockquote>"
    if kind == "caption":
        return "\n".join(
            f"<figure><figcaption>{_html_text(block.text)}</figcaption></figure>" for block in group
        )
    if kind == "fixed":
        return "\n".join(f"<pre>{html.escape(block.text)}</pre>" for block in group)
    tag = kind if kind in _HEADINGS else "p"
    return "\n".join(f"<{tag}>{_html_text(block.text)}</{tag}>" for block in group)


def _html_row(text: str) -> str:
    cells = "".join(f"<td>{_html_text(cell)}</td>" for cell in text.split("\t"))
    return f"<tr>{cells}</tr>"


def _html_text(text: str) -> str:
    return "<br>".join(html.escape(line.strip()) for line in _NEWLINE.split(text.strip()))
