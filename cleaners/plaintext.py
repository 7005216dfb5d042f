"""Extracted text -> blocks: what is known of a page when its markup is gone.

A line is a block. Hard-wrapped prose (mail, books, `lynx -dump`) is joined to paragraphs again. Lines
that no blank line parts form a group, which takes the place of the HTML element in the segments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from cleaners.limits import MAX_BLOCKS
from cleaners.segment import Segments

WRAP_WIDTH: Final = (50, 90)
"""Line lengths, in characters, between which prose is taken to be hard-wrapped: mail wraps at 72 to 78."""

MIN_WRAPPED_LINES: Final = 4
"""Fewer lines than this say nothing about wrapping."""

_BULLET: Final = re.compile(r"[•●▪■◦○‣⁃∙·*–—-]\s")
_NUMBERED: Final = re.compile(r"\(?\d{1,3}[.)]\s")
_MARKDOWN_HEADING: Final = re.compile(r"#{1,6}\s")


def segment_text(text: str) -> Segments:
    """Cut plain text into blocks; together they are the whole text, white space aside, in order."""
    lines: list[int] = []
    segments = Segments(lines=lines)
    nodes = segments.nodes
    root = nodes.open("text", -1, 0)
    source = text.splitlines()
    rows = ((number, " ".join(line.split())) for number, line in enumerate(source, 1))
    for group in _groups(rows):
        node = nodes.open("group", root, len(segments.text))
        for number, line in _unwrap(group):
            leaf = nodes.open(markup_of(line), node, len(segments.text))
            segments.append(line, leaf)
            lines.append(number)
            nodes.close(leaf, len(segments.text))
        nodes.close(node, len(segments.text))
        if len(segments.text) >= MAX_BLOCKS:
            break
    for number, _ in rows:  # the first line that is too many
        if rest := "\n".join(filter(None, map(str.strip, source[number - 1 :]))):
            segments.append(rest, root)
            lines.append(number)
        break
    del lines[MAX_BLOCKS + 1 :]  # what was set aside is one block
    nodes.close(root, len(segments.text))
    return segments.close()


def markup_of(line: str) -> str:
    """The HTML element that a line of text would be: li, a heading, or p."""
    if _BULLET.match(line) or _NUMBERED.match(line):
        return "li"
    if heading := _MARKDOWN_HEADING.match(line):
        return f"h{heading.end() - 1}"
    return "p"


def _groups(rows: Iterable[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Runs of lines without a blank line between, each line with its number; one too long is parted."""
    group: list[tuple[int, str]] = []
    for row in rows:
        if row[1]:
            group.append(row)
        if group and (not row[1] or len(group) > MAX_BLOCKS):
            yield group
            group = []
    if group:
        yield group


def _unwrap(group: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Join the lines of a hard-wrapped paragraph; any other group is given back as it is."""
    if len(group) < MIN_WRAPPED_LINES or not _is_wrapped([line for _, line in group]):
        return group
    return [(group[0][0], " ".join(line for _, line in group))]


def _is_wrapped(lines: list[str]) -> bool:
    shortest, longest = WRAP_WIDTH
    if max(map(len, lines)) > longest or len(set(lines)) < len(lines):
        return False
    if any(markup_of(line) != "p" for line in lines):
        return False
    inner = lines[:-1]
    full = sum(len(line) >= shortest for line in inner)
    runs_on = sum(line[0].islower() for line in lines[1:])
    return full >= 0.8 * len(inner) and runs_on >= 0.5 * len(inner)
