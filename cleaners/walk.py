"""HTML tree -> blocks in document order, in one walk.

A block is a run of text with no block-level boundary in it: what a reader sees as one paragraph,
list item, heading, table row, button. lxml walks the tree, so depth costs nothing here.

A page has a thousand elements, so the loop is written for speed: an element's kind is one look-up, and
a boundary with no text before it is not worth a call.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final, Literal

from lxml import etree

from cleaners.controls import control_label
from cleaners.limits import MAX_CLASS_CHARS, MAX_ELEMENTS
from cleaners.parse import SKIPPED_TAGS
from cleaners.segment import Run, Segments

LONG_CELL_CHARS: Final = 160
"""A cell with more text than this is a column of a page laid out as a table, not a datum of a row."""

_CELL_MARK: Final = "\0"
"""Stands before a table cell while a row is gathered; no tree can hold this character."""

# What the walk does at an element. Every element that is not named below parts the text, unknown ones
# included. Pictures and players are counted; a `picture` counts by its `img`, drawings (svg) are icons.
_BLOCK: Final = 0
_INLINE: Final = 1
_LINK: Final = 2
_EMPHASIS: Final = 3
_MEDIA: Final = 4
_INPUT: Final = 5
_BREAK: Final = 6
_SKIPPED: Final = 7
_CELL: Final = 8
_OPTION: Final = 9
_FRAME: Final = 10
_CONTROL: Final = 11
_PRE: Final = 12
_TEXTAREA: Final = 13
_HEAD: Final = 14
_TITLE: Final = 15

_TAGS: Final = {
    _INLINE: """
        abbr acronym bdi bdo big cite code data del dfn font ins kbd mark math nobr q rp rt ruby s samp small
        span strike sub sup time tt u var wbr picture source param track col colgroup area map""",
    _LINK: "a",
    _EMPHASIS: "b strong em i",
    _MEDIA: "img video audio embed object canvas",
    _INPUT: "input",
    _BREAK: "br",
    _SKIPPED: " ".join(SKIPPED_TAGS),
    # Parts of one unit: a table row, its cells parted by tabs, or a choice list is one block.
    _CELL: "td th",
    _OPTION: "option",
    _FRAME: "iframe",
    _CONTROL: "select button",
    _PRE: "pre",
    _TEXTAREA: "textarea",
    _HEAD: "head",
    _TITLE: "title",
}
_KIND_OF: Final = {tag: kind for kind, tags in _TAGS.items() for tag in tags.split()}

_EVENTS: Final = ("start", "end", "comment", "pi")
_Event = tuple[Literal["start", "end", "comment", "pi"], etree._Element]

_ATTRIBUTES: Final = frozenset(
    ("class", "id", "role", "itemprop", "rel", "aria-label", "data-component-name", "style", "hidden")
)
"""Attributes that tell something: the words by which an element is called, and whether it is hidden."""


def segment(root: etree._Element) -> Segments:
    """Cut the tree's text into blocks.

    The blocks' texts together are the text of the tree, white space aside, in order, but for script,
    style and svg, the head's `title`, comments and processing instructions; and with the words that form
    controls show, placeholders and button labels.
    """
    walker = _Walker()
    walker.walk(root)
    return walker.segments.close()


class _Walker:
    """The state of one walk: the open node, and the run of text since the last boundary.

    An inline element leaves at least an empty string in `_parts`, so that a run of which anything is known
    is a run that has parts. Characters are counted as they come, `_seen`; what stands in a link, a cell or
    in emphasis is what was seen since it opened.
    """

    __slots__ = (
        *("segments", "_texts", "_nodes", "_node", "_parts", "_names", "_run", "_seen", "_preformatted"),
        *("_link_depth", "_link_start", "_emphasis_depth", "_emphasis_start", "_cell_start", "_break_at"),
    )

    def __init__(self) -> None:
        self.segments = Segments()
        self._texts = self.segments.text
        self._nodes = self.segments.nodes
        self._node = -1
        self._parts: list[str] = []
        self._names: list[str] = []
        self._run = Run()
        self._seen = 0
        self._preformatted = 0
        self._link_depth = self._link_start = 0
        self._emphasis_depth = self._emphasis_start = 0
        self._cell_start = 0
        self._break_at = -1
        """`_seen` at the last `<br>` of this run, -1 before any."""

    def walk(self, root: etree._Element) -> None:  # noqa: C901, PLR0912 -- calls would cost a third of the walk
        """Visit every element once, opening it on the way down and closing it on the way up."""
        parts = self._parts
        kinds: list[int] = []
        elements = etree.iterwalk(root, _EVENTS)
        for event, element in itertools.islice(elements, 2 * MAX_ELEMENTS):
            if event == "start":
                tag: str = element.tag  # type: ignore[assignment]  # a str for elements
                kind = _KIND_OF.get(tag, _BLOCK)
                if kind == _BLOCK:
                    if parts:
                        self._flush()
                    self._open_node(element, tag)
                elif kind < _BREAK:
                    self._open_inline(element, kind)
                elif kind == _SKIPPED or (kind == _TITLE and kinds and kinds[-1] == _HEAD):
                    elements.skip_subtree()
                    kinds.append(_SKIPPED)
                    continue
                else:
                    self._open_special(element, kind)
                kinds.append(kind)
                text = element.text
            else:
                if event == "end":
                    kind = kinds.pop()
                    if kind == _BLOCK:
                        if parts:
                            self._flush()
                        self._close_node()
                    elif kind != _INLINE:
                        self._close(kind)
                    if not kinds:  # the root, whose tail is no part of it
                        break
                text = element.tail
            if text:
                if not text.isspace():
                    parts.append(text)
                    self._seen += len(text)
                elif parts:  # white space at the start of a block is none of it
                    parts.append(text)
        self._flush()
        if kinds:
            self._set_rest_aside(elements, kinds)

    def _set_rest_aside(self, elements: etree.iterwalk[_Event], kinds: list[int]) -> None:
        """Keep the text of all that was not visited; `kinds` are those of the open elements."""
        lines = (" ".join(line.split()) for line in "".join(_texts_of(elements, kinds)).splitlines())
        if rest := "\n".join(line for line in lines if line):
            self.segments.set_aside(rest, f"{MAX_ELEMENTS:,} elements: the last block")
        while self._node >= 0:
            self._close_node()

    def _open_inline(self, element: etree._Element, kind: int) -> None:
        if kind == _LINK:
            run = self._run
            run.links += 1
            if not run.href:
                run.href = element.get("href") or ""
            if not self._link_depth:
                self._link_start = self._seen
            self._link_depth += 1
        elif kind == _EMPHASIS:
            if not self._emphasis_depth:
                self._emphasis_start = self._seen
            self._emphasis_depth += 1
        elif kind == _MEDIA:
            self._run.media += 1
        elif kind == _INPUT:
            self._open_input(element)
        keys = element.keys()
        if keys and (names := _described(element, keys)[0]):
            self._names.append(names)
        self._parts.append("")

    def _open_input(self, element: etree._Element) -> None:
        """An input's placeholder or label is a block of its own."""
        label = control_label(element)
        if label:
            self._flush()
            self._open_node(element, "input")
            self._run.controls += 1
            self._parts.append(label)
            self._flush()
            self._close_node()
        elif (element.get("type") or "").lower() != "hidden":
            self._run.controls += 1

    def _open_special(self, element: etree._Element, kind: int) -> None:
        if kind == _BREAK:
            self._break()
            return
        if kind in (_CELL, _OPTION):
            self._parts.append(_CELL_MARK if kind == _CELL else " ")
            self._cell_start = self._seen
            self._break_at = -1
        else:
            self._flush()
        self._open_node(element, str(element.tag))
        if kind == _FRAME:
            self._run.media += 1
        elif kind in (_CONTROL, _TEXTAREA):
            self._run.controls += 1
        if kind == _TEXTAREA:
            self._parts.append(control_label(element))
            self._flush()
        if kind in (_PRE, _TEXTAREA):
            self._preformatted += 1

    def _break(self) -> None:
        """A `<br>`: a second one in a row parts the text, as a paragraph would."""
        if self._break_at == self._seen and not self._preformatted:
            self._flush()
        else:
            self._parts.append("\n")
            self._break_at = self._seen

    def _close(self, kind: int) -> None:
        if kind == _LINK:
            self._link_depth -= 1
            if not self._link_depth:
                self._run.link_chars += self._seen - self._link_start
                self._parts.append("")
        elif kind == _EMPHASIS:
            self._emphasis_depth -= 1
            if not self._emphasis_depth:
                self._run.emphasis_chars += self._seen - self._emphasis_start
        elif kind in (_CELL, _OPTION) and self._seen - self._cell_start <= LONG_CELL_CHARS:
            self._parts.append(" ")
            self._close_node()
        elif kind > _SKIPPED:
            if self._parts:
                self._flush()
            if kind in (_PRE, _TEXTAREA):
                self._preformatted -= 1
            self._close_node()

    def _open_node(self, element: etree._Element, tag: str) -> None:
        keys = element.keys()
        if keys:
            names, hidden = _described(element, keys)
            self._node = self._nodes.open(tag, self._node, len(self._texts), names, hidden)
        else:
            self._node = self._nodes.open(tag, self._node, len(self._texts))

    def _close_node(self) -> None:
        nodes, node = self._nodes, self._node
        nodes.end[node] = len(nodes.tag)
        nodes.last_block[node] = len(self._texts)
        self._node = nodes.parent[node]

    def _flush(self) -> None:
        """End the current run; it becomes a block unless it is white space."""
        raw = "".join(self._parts)
        self._parts.clear()
        run, seen = self._run, self._seen
        if _CELL_MARK in raw:
            text = _join_cells(raw)
        else:
            text = raw.strip() if self._preformatted else " ".join(raw.split())
        if text:
            run.names = " ".join(self._names)
            if self._link_depth:
                run.link_chars += seen - self._link_start
            if self._emphasis_depth:
                run.emphasis_chars += seen - self._emphasis_start
            self.segments.append(text, self._node, run)
            run.media = run.controls = 0
        self._names.clear()
        run.link_chars = run.emphasis_chars = 0
        self._link_start = self._emphasis_start = self._cell_start = seen
        if not self._link_depth:
            run.links = 0
            run.href = ""
        self._break_at = -1


def _texts_of(elements: etree.iterwalk[_Event], kinds: list[int]) -> Iterator[str]:
    """The text of the elements that are still to come."""
    for event, element in elements:
        if event == "start":
            kind = _KIND_OF.get(str(element.tag), _BLOCK)
            in_head = kinds[-1] == _HEAD
            kinds.append(kind)
            if kind == _SKIPPED or (kind == _TITLE and in_head):
                elements.skip_subtree()
                continue
            if kind in (_INPUT, _TEXTAREA):
                yield f"\n{control_label(element)}\n"
            yield "\n" if kind == _BLOCK else ""
            yield element.text or ""
        else:
            if event == "end":
                yield "\n" if kinds.pop() == _BLOCK else ""
                if not kinds:  # the root
                    return
            yield element.tail or ""


def _join_cells(row: str) -> str:
    """The cells of a row parted by tabs, empty ones kept in their columns; a lone cell is just its text."""
    before, *cells = (" ".join(cell.split()) for cell in row.split(_CELL_MARK))
    if before:
        cells.insert(0, before)
    filled = sum(map(bool, cells))
    return "\t".join(cells).rstrip() if filled > 1 else "".join(cells)


def _described(element: etree._Element, attributes: list[str]) -> tuple[str, bool]:
    """The words by which the page's author calls an element, class first; and whether it is hidden."""
    found, hidden = "", False
    for name in attributes:  # items() would decode every value: addresses, sources, whole scripts
        if name not in _ATTRIBUTES:
            continue
        value = element.get(name) or ""
        if name == "hidden":
            hidden = True
        elif name == "style":
            style = value.lower()
            hidden = hidden or ("none" in style and "display:none" in style.replace(" ", ""))
        elif not found:
            found = value.strip()
        else:
            found = (f"{value} {found}" if name == "class" else f"{found} {value}").strip()
    return found[:MAX_CLASS_CHARS].rstrip() if len(found) > MAX_CLASS_CHARS else found, hidden
