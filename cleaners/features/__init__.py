"""Blocks -> what the classifier is given of a page: one matrix of numbers, and words.

The walk over the page gives arrays (`cleaners.segment`); everything here is computed from them with
array operations, so that a compiled walk can take its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from cleaners.arrays import Flags, Floats, Integers, integers
from cleaners.classifier import Document
from cleaners.features import containers, page, roots, rules, shape, titles, wording
from cleaners.features.columns import Columns, Layout
from cleaners.features.shape import Shape
from cleaners.features.words import element_words, host_of, inline_words, link_words, page_words, text_words
from cleaners.lexicon import Lexicon
from cleaners.reading import Reading, read_texts
from cleaners.rules import RuleClassifier
from cleaners.rules.decision import Decision
from cleaners.tree import Tree, read_tree

LAYOUT: Final = Layout(
    (
        *(*shape.COLUMNS, *wording.COLUMNS, *containers.COLUMNS, *roots.COLUMNS, *page.PATH_COLUMNS),
        *(*page.COLUMNS, *titles.COLUMNS, *rules.COLUMNS),
    )
)
"""The matrix's columns. A model is trained on them by their order: see `TrainedClassifier`."""


@dataclass(frozen=True)
class Features:
    """What is known of each block of one page.

    `matrix` is [blocks x columns], `names` the columns' names. `heading_before` is the number of the last
    heading above each block, -1 where there is none. `decisions` are the rules', `inside_root` says which
    blocks stand in the smallest element with most of the page's prose.

    The words that weights are learned for are split when they are asked for.
    """

    names: list[str]
    matrix: Floats
    tree: Tree
    shape: Shape
    reading: Reading
    document: Document
    heading_before: Integers
    decisions: list[Decision]
    inside_root: Flags

    @property
    def elements(self) -> list[tuple[str, ...]]:
        """The page's distinct bags of element words."""
        return self._bags[0]

    @property
    def element_bag(self) -> Integers:
        """The bag of each element, as its place in `elements`."""
        return self._bags[1]

    @property
    def inline_bag(self) -> Integers:
        """The bag of the inline elements inside each block."""
        return self._bags[2]

    @property
    def texts(self) -> list[list[str]]:
        """The words of each block's text."""
        return [text_words(tokens) for tokens in self.reading.tokens]

    @property
    def links(self) -> list[list[str]]:
        """The words of the address of each block's first link, none where there is no link."""
        hrefs, host = self.document.segments.href, host_of(self.document.url)
        read = {href: link_words(href, host) for href in dict.fromkeys(hrefs) if href}
        return [read.get(href, []) for href in hrefs]

    @cached_property
    def _bags(self) -> tuple[list[tuple[str, ...]], Integers, Integers]:
        numbers: dict[tuple[str, ...], int] = {}
        document, nodes = self.document, self.document.segments.nodes
        bags = [element_words(*pair) for pair in zip(nodes.tag, nodes.names, strict=True)]
        elements = [numbers.setdefault(bag, len(numbers)) for bag in bags]
        root = (*page_words(document.url, document.kinds), *bags[0])
        elements[0] = numbers.setdefault(root, len(numbers))
        inline = [numbers.setdefault(inline_words(names), len(numbers)) for names in document.segments.names]
        return list(numbers), integers(elements), integers(inline)


def extract(document: Document, lexicon: Lexicon | None = None) -> Features:
    """The features of every block of a document, which must have one at least.

    `lexicon` takes the place of the built-in phrases.
    """
    segments = document.segments
    reading, tree = read_texts(segments.text, lexicon), read_tree(segments)
    decisions = RuleClassifier().decide(document, reading, tree)
    measures = Shape(segments, reading, tree)
    last_heading = _last_headings(measures.heading)
    columns = Columns(LAYOUT, len(segments.text))
    shape.add_shape(columns, segments, tree, measures)
    wording.add_wording(columns, document, reading, measures)
    containers.add_containers(columns, tree, measures)
    weight = roots.content_weight(tree, measures)
    inside_root = roots.add_roots(columns, tree, weight)
    page.add_paths(columns, tree, measures, weight)
    page.add_page(columns, document, tree, measures)
    titles.add_titles(columns, document, tree, reading, last_heading)
    rules.add_rules(columns, decisions)
    return Features(
        names=LAYOUT.names,
        matrix=columns.matrix(),
        tree=tree,
        shape=measures,
        reading=reading,
        document=document,
        heading_before=np.concatenate(([-1], last_heading[:-1])),
        decisions=decisions,
        inside_root=inside_root,
    )


def _last_headings(heading: Floats) -> Integers:
    """The number of the last heading up to each block, itself included, -1 where there is none."""
    return np.maximum.accumulate(np.where(heading != 0, np.arange(len(heading)), -1))
