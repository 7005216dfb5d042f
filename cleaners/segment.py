"""The blocks of a page and the elements around them, as structures of arrays: one list a property.

A block is a run of text with no block-level boundary in it: what a reader sees as one paragraph, list
item, heading, table row, button. `walk.py` cuts HTML into them, `plaintext.py` text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from cleaners.limits import MAX_BLOCKS

INERT_TAGS: Final = frozenset({"noscript", "template", "noembed", "noframes"})
"""Elements whose text browsers show only without scripts, or through one; Discourse keeps threads there."""

HEADING_TAGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

MAX_PATH_STEPS: Final = 6
"""Steps of a block's printed path, counted from the block upwards."""


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

    def open(self, tag: str, parent: int, first_block: int, names: str = "", hidden: bool = False) -> int:
        """Add an element whose first block will be `first_block`; gives its index."""
        index = len(self.tag)
        self.tag.append(tag)
        self.parent.append(parent)
        self.end.append(index + 1)
        self.names.append(names)
        inert = tag if tag in INERT_TAGS else None
        if parent >= 0:
            hidden = hidden or self.hidden[parent]
            inert = inert or self.inert[parent]
        self.hidden.append(hidden)
        self.inert.append(inert)
        self.first_block.append(first_block)
        self.last_block.append(first_block)
        return index

    def close(self, node: int, last_block: int) -> None:
        """Bound an element's descendants and its blocks: all that were added since it was opened."""
        self.end[node] = len(self.tag)
        self.last_block[node] = last_block

    def step(self, node: int) -> str:
        """An element as a path names it: by its tag and the first of its names."""
        name = self.names[node].partition(" ")[0]
        return f"{self.tag[node]}.{name}" if name else self.tag[node]


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
    _paths: dict[int, str] = field(default_factory=dict, repr=False, compare=False)

    def append(self, text: str, node: int, run: Run = _PLAIN) -> None:
        """Add a block; past `MAX_BLOCKS` its text is set aside."""
        if len(self.text) >= MAX_BLOCKS:
            self.set_aside(text, f"{MAX_BLOCKS:,} blocks: the last one")
        else:
            self._append(text, node, run)

    def set_aside(self, text: str, too_many: str) -> None:
        """Keep `text` for one last block, with a warning that says of what there is more than can be read."""
        if not self._overflow:
            self.warnings.append(f"more than {too_many} holds all text after them")
        self._overflow.append(text)

    def close(self) -> Segments:
        """Put text that was set aside in one last block. Call once, at the end."""
        if self._overflow:
            self._append("\n".join(self._overflow), 0, _PLAIN)
            self.nodes.last_block[0] = len(self.text)
            self._overflow.clear()
        return self

    def _append(self, text: str, node: int, run: Run) -> None:
        self.text.append(text)
        self.node.append(node)
        self.names.append(run.names)
        size = len(text)
        self.link_chars.append(run.link_chars if run.link_chars < size else size)
        self.links.append(run.links)
        self.href.append(run.href)
        self.emphasis_chars.append(run.emphasis_chars if run.emphasis_chars < size else size)
        self.media.append(run.media)
        self.controls.append(run.controls)

    def path(self, block: int) -> str:
        """The block's place: a CSS-like path of at most `MAX_PATH_STEPS` steps, or "line N" of a text."""
        if self.lines is not None:
            return f"line {self.lines[min(block, len(self.lines) - 1)]}"
        node = self.node[block]
        parent = self.nodes.parent[node]
        around = self._paths.get(parent)  # the blocks beside each other share it
        if around is None:
            around = self._paths[parent] = self._path_to(parent)
        return around + self.nodes.step(node)

    def _path_to(self, node: int) -> str:
        """The path to what stands inside a node, but for its last step."""
        steps: list[str] = []
        while node >= 0 and len(steps) < MAX_PATH_STEPS - 1:
            steps.append(self.nodes.step(node) + " > ")
            node = self.nodes.parent[node]
        return "".join(reversed(steps))

    def markup(self, block: int) -> str:
        """The element that sets the block's text (p, h2, li, blockquote, pre, td …)."""
        return self.nodes.tag[self.node[block]]
