"""HTML tree -> blocks in document order, in one walk.

A block is a run of text with no block-level boundary in it: what a reader sees as one paragraph,
list item, heading, table row, button. The walk keeps an explicit stack, so depth costs nothing, and
gives structures of arrays: one list a property, indexed by node or by block.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from lxml.html import HtmlElement

from cleaners.controls import control_label
from cleaners.limits import MAX_BLOCKS, MAX_CLASS_CHARS
from cleaners.parse import SKIPPED_TAGS

_INLINE: Final = """
a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd mark math nobr q rp rt ruby s samp
small span strike strong sub sup time tt u var wbr picture source input param track col colgroup audio video
embed area map object canvas
"""
INLINE_TAGS: Final = frozenset(_INLINE.split())
"""Elements that do not part a text; every other element does, unknown ones included."""

INERT_TAGS: Final = frozenset({"noscript", "template", "noembed", "noframes"})
"""Elements whose text browsers show only without scripts, or through one; Discourse keeps threads there."""

CELL_TAGS: Final = frozenset({"td", "th", "option"})
"""Parts of one unit: a table row, its cells parted by tabs, or a choice list is one block."""

LONG_CELL_CHARS: Final = 160
"""A cell with more text than this is a column of a page laid out as a table, not a datum of a row."""

MEDIA_TAGS: Final = frozenset({"img", "video", "audio", "iframe", "embed", "object", "canvas"})
"""Pictures and players. A `picture` counts by its `img`; drawings (svg) are icons and do not count."""

CONTROL_TAGS: Final = frozenset({"input", "select", "textarea", "button"})
"""What a form is filled in with; an `input` that is hidden does not count."""

EMPHASIS_TAGS: Final = frozenset({"b", "strong", "em", "i"})

HEADING_TAGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_CELL_MARK: Final = "\0"
"""Stands before a table cell while a row is gathered; no tree can hold this character."""

MAX_PATH_STEPS: Final = 6
"""Steps of a block's printed path, counted from the block upwards."""

_WORDY_ATTRIBUTES: Final = ("class", "id", "role", "itemprop", "rel", "aria-label", "data-component-name")


@dataclass(slots=True)
class Nodes:
    """The block-level elements of a page in document order: a list a property, one entry an element.

    `end[i]` is the index after the last descendant of `i`, so that a subtree is the slice `i:end[i]`;
    `first_block[i]` and `last_block[i]` bound its blocks in the same way.
    """

    tag: list[str] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    hidden: list[bool] = field(default_factory=list)
    inert: list[str | None] = field(default_factory=list)
    first_block: list[int] = field(default_factory=list)
    last_block: list[int] = field(default_factory=list)

    def open(self, tag: str, parent: int, first_block: int, *, names: str = "", hidden: bool = False) -> int:
        """Add an element whose first block will be `first_block`; gives its index."""
        inherits = parent >= 0
        self.tag.append(tag)
        self.parent.append(parent)
        self.end.append(len(self.tag))
        self.names.append(names)
        self.hidden.append(hidden or (inherits and self.hidden[parent]))
        self.inert.append(tag if tag in INERT_TAGS else self.inert[parent] if inherits else None)
        self.first_block.append(first_block)
        self.last_block.append(first_block)
        return len(self.tag) - 1

    def close(self, node: int, last_block: int) -> None:
        """Bound an element's descendants and its blocks: all that were added since it was opened."""
        self.end[node] = len(self.tag)
        self.last_block[node] = last_block


@dataclass(slots=True)
class Run:
    """What is known of one run of text besides its words; `Segments` says what each field means."""

    names: str = ""
    link_chars: int = 0
    links: int = 0
    href: str = ""
    emphasis_chars: int = 0
    media: int = 0
    controls: int = 0


_PLAIN: Final = Run()


@dataclass(slots=True)
class Segments:
    """The blocks of a page in document order: a list a property, one entry a block.

    `node[i]` is the innermost node around block `i`. `names` holds the class, id and role words of the
    inline elements inside the block, `link_chars` the characters that stand in links, `links` the number
    of links, `href` the first link's target, `emphasis_chars` the characters in b, strong, em and i. `media`
    counts the pictures and players, `controls` the form controls that open after the end of the block before
    and before the end of this one. `lines` holds line numbers where the source was plain text.
    """

    nodes: Nodes = field(default_factory=Nodes)
    text: list[str] = field(default_factory=list)
    node: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    link_chars: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    href: list[str] = field(default_factory=list)
    emphasis_chars: list[int] = field(default_factory=list)
    media: list[int] = field(default_factory=list)
    controls: list[int] = field(default_factory=list)
    lines: list[int] | None = None
    warnings: list[str] = field(default_factory=list)
    _overflow: list[str] = field(default_factory=list)

    def append(self, text: str, node: int, run: Run = _PLAIN) -> None:
        """Add a block; past `MAX_BLOCKS` its text is set aside for `close`."""
        if len(self.text) >= MAX_BLOCKS:
            self._overflow.append(text)
        else:
            self._append(text, node, run)

    def close(self) -> Segments:
        """Put text that was set aside in one last block, with a warning. Call once, at the end."""
        if self._overflow:
            self.warnings.append(f"more than {MAX_BLOCKS:,} blocks: the last one holds all text after them")
            self._append("\n".join(self._overflow), 0, _PLAIN)
            self.nodes.last_block[0] = len(self.text)
            self._overflow.clear()
        return self

    def _append(self, text: str, node: int, run: Run) -> None:
        self.text.append(text)
        self.node.append(node)
        self.names.append(run.names)
        self.link_chars.append(min(run.link_chars, len(text)))
        self.links.append(run.links)
        self.href.append(run.href)
        self.emphasis_chars.append(min(run.emphasis_chars, len(text)))
        self.media.append(run.media)
        self.controls.append(run.controls)

    def path(self, block: int) -> str:
        """The block's place: a CSS-like path of at most `MAX_PATH_STEPS` steps, or "line N" of a text."""
        if self.lines is not None:
            return f"line {self.lines[min(block, len(self.lines) - 1)]}"
        nodes, node = self.nodes, self.node[block]
        steps: list[str] = []
        while node >= 0 and len(steps) < MAX_PATH_STEPS:
            first_class = nodes.names[node].split(" ", 1)[0]
            steps.append(f"{nodes.tag[node]}.{first_class}" if first_class else nodes.tag[node])
            node = nodes.parent[node]
        return " > ".join(reversed(steps))

    def markup(self, block: int) -> str:
        """The element that sets the block's text (p, h2, li, blockquote, pre, td …)."""
        return self.nodes.tag[self.node[block]]


def segment(root: HtmlElement) -> Segments:
    """Cut the tree's text into blocks.

    The blocks' texts together are the text of the tree, white space aside, in order, but for script,
    style and svg, the head's `title`, comments and processing instructions; and with the words that form
    controls show, placeholders and button labels.
    """
    walker = _Walker()
    walker.walk(root)
    return walker.segments.close()


class _Walker:
    """The state of one walk: the open node, the text gathered since the last boundary."""

    def __init__(self) -> None:
        self.segments = Segments()
        self._node = -1
        self._parts: list[str] = []
        self._names: list[str] = []
        self._link_depth = 0
        self._emphasis_depth = 0
        self._run = Run()
        self._cell_chars = 0
        self._preformatted = 0
        self._after_break = False

    def walk(self, root: HtmlElement) -> None:
        """Visit every element once, opening it on the way down and closing it on the way up."""
        stack: list[tuple[HtmlElement, bool]] = [(root, True)]
        while stack:
            element, opening = stack.pop()
            tag = element.tag
            if not isinstance(tag, str):  # a comment, instruction or entity
                self._add(element.tail)
                continue
            if opening:
                if tag in SKIPPED_TAGS or (tag == "title" and self._in_head(element)):
                    self._add(element.tail)
                    continue
                self._open(element, tag)
                if len(element):
                    stack.append((element, False))
                    stack.extend((child, True) for child in reversed(element))
                    continue
            self._close(tag)
            if element is not root:
                self._add(element.tail)
        self._flush()

    @staticmethod
    def _in_head(element: HtmlElement) -> bool:
        parent = element.getparent()
        return parent is not None and parent.tag == "head"

    def _open(self, element: HtmlElement, tag: str) -> None:
        if tag in INLINE_TAGS:
            self._open_inline(element, tag)
        elif tag == "br":
            self._break()
        elif tag in CELL_TAGS:
            self._parts.append(" " if tag == "option" else _CELL_MARK)
            self._cell_chars = 0
            self._after_break = False
            self._push(element, tag)
        else:
            self._flush()
            self._push(element, tag)
            self._count(element, tag)
            if tag == "textarea":
                self._parts.append(control_label(element))
                self._flush()
            if tag in ("pre", "textarea"):
                self._preformatted += 1
        self._add(element.text)

    def _open_inline(self, element: HtmlElement, tag: str) -> None:
        if tag == "input" and (label := control_label(element)):
            self._flush()
            self._push(element, tag)
            self._parts.append(label)
            self._run.controls += 1
            self._flush()
            self._pop()
        elif tag == "a":
            self._link_depth += 1
            self._run.links += 1
            if not self._run.href:
                self._run.href = element.get("href") or ""
        elif tag in EMPHASIS_TAGS:
            self._emphasis_depth += 1
        else:
            self._count(element, tag)
        names = _names_of(element)
        if names:
            self._names.append(names)

    def _count(self, element: HtmlElement, tag: str) -> None:
        if tag in MEDIA_TAGS:
            self._run.media += 1
        elif tag in CONTROL_TAGS and (tag != "input" or (element.get("type") or "").lower() != "hidden"):
            self._run.controls += 1

    def _close(self, tag: str) -> None:
        if tag in INLINE_TAGS:
            if tag == "a":
                self._link_depth -= 1
            elif tag in EMPHASIS_TAGS:
                self._emphasis_depth -= 1
        elif tag == "br":
            pass
        elif tag in CELL_TAGS:
            if self._cell_chars > LONG_CELL_CHARS:
                self._flush()
            else:
                self._parts.append(" ")
            self._pop()
        else:
            self._flush()
            self._pop()
            if tag in ("pre", "textarea"):
                self._preformatted -= 1

    def _break(self) -> None:
        """A `<br>`: a second one in a row parts the text, as a paragraph would."""
        if self._after_break and not self._preformatted:
            self._flush()
        else:
            self._parts.append("\n")
            self._after_break = True

    def _add(self, text: str | None) -> None:
        if not text:
            return
        self._parts.append(text)
        if text.isspace():
            return
        self._after_break = False
        size = len(text)
        self._cell_chars += size
        if self._link_depth:
            self._run.link_chars += size
        if self._emphasis_depth:
            self._run.emphasis_chars += size

    def _push(self, element: HtmlElement, tag: str) -> None:
        segments = self.segments
        self._node = segments.nodes.open(
            tag, self._node, len(segments.text), names=_names_of(element), hidden=_is_hidden(element)
        )

    def _pop(self) -> None:
        nodes, node = self.segments.nodes, self._node
        nodes.close(node, len(self.segments.text))
        self._node = nodes.parent[node]

    def _flush(self) -> None:
        """End the current run; it becomes a block unless it is white space."""
        if self._parts:
            raw = "".join(self._parts)
            self._parts.clear()
            if _CELL_MARK in raw:
                text = _join_cells(raw)
            else:
                text = raw.strip() if self._preformatted else " ".join(raw.split())
            if text:
                self._run.names = " ".join(self._names)
                self.segments.append(text, self._node, self._run)
                self._run.media = self._run.controls = 0
        self._names.clear()
        self._run.link_chars = self._run.emphasis_chars = self._cell_chars = 0
        if not self._link_depth:
            self._run.links = 0
            self._run.href = ""
        self._after_break = False


def _join_cells(row: str) -> str:
    """The cells of a row parted by tabs, empty ones kept in their columns; a lone cell is just its text."""
    before, *cells = (" ".join(cell.split()) for cell in row.split(_CELL_MARK))
    if before:
        cells.insert(0, before)
    filled = sum(map(bool, cells))
    return "\t".join(cells).rstrip() if filled > 1 else "".join(cells)


def _names_of(element: HtmlElement) -> str:
    """The words by which the page's author calls an element, class first."""
    found = ""
    for name in element.keys():  # noqa: SIM118 -- not a dict: iterating an element gives its children
        # items() would look up each of a hostile element's 100,000 attributes, each time from the first
        if name in _WORDY_ATTRIBUTES and (value := element.get(name)):
            words = (value, found) if name == "class" else (found, value)
            found = " ".join(words).strip()
    return found[:MAX_CLASS_CHARS].rstrip()


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    if style and "none" in (style := style.lower()) and "display:none" in style.replace(" ", ""):
        return True
    return element.get("hidden") is not None
