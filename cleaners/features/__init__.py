"""Blocks -> what the classifier is given of a page: one matrix of numbers, and words.

The walk over the page gives arrays (`cleaners.segment`); everything here is computed from them with
array operations, so that a compiled walk can take its place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cleaners.classifier import Document
from cleaners.features.columns import Columns, Flags, Floats, Integers
from cleaners.features.place import add_containers, add_page, add_paths, add_roots, add_titles, content_weight
from cleaners.features.rules import add_rules
from cleaners.features.shape import Shape, add_shape
from cleaners.features.tree import REGIONS, Tree, read_tree
from cleaners.features.wording import add_wording
from cleaners.features.words import element_words, host_of, link_words, page_words, split_names, text_words
from cleaners.lexicon import Lexicon
from cleaners.reading import Reading, read_beginnings
from cleaners.rules import RuleClassifier
from cleaners.rules.decision import Decision


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of each block of one page.

    `matrix` is [blocks x columns], `names` the columns' names. `elements` are the page's distinct
    bags of element words, `element_bag` the bag of each element, `inline_bag` that of the inline elements
    inside each block. `texts` and `links` are words by block. `heading_before` is the number of the last
    heading above each block, -1 where there is none. `decisions` are the rules', `inside_root` says which
    blocks stand in the smallest element with most of the page's prose.
    """

    names: list[str]
    matrix: Floats
    tree: Tree
    shape: Shape
    reading: Reading
    elements: list[tuple[str, ...]]
    element_bag: Integers
    inline_bag: Integers
    texts: list[list[str]]
    links: list[list[str]]
    heading_before: Integers
    decisions: list[Decision]
    inside_root: Flags


def extract(document: Document, lexicon: Lexicon | None = None) -> Features:
    """The features of every block of a document, which must have one at least.

    `lexicon` takes the place of the built-in phrases.
    """
    segments = document.segments
    columns = Columns(len(segments.text))
    tree, shape, reading = read_tree(segments), Shape(segments), read_beginnings(segments.text, lexicon)
    add_shape(columns, segments, tree, shape)
    add_wording(columns, document, reading)
    add_containers(columns, segments, tree, shape)
    weight = content_weight(tree, shape)
    inside_root = add_roots(columns, tree, weight)
    add_paths(columns, tree, shape, weight)
    add_page(columns, document, tree, shape)
    add_titles(columns, document, tree, reading.tokens)
    decisions = RuleClassifier().decide(document, reading)
    add_rules(columns, decisions)
    elements: dict[tuple[str, ...], int] = {}
    nodes, host = segments.nodes, host_of(document.url)
    bags = [
        elements.setdefault(element_words(tag, names), len(elements))
        for tag, names in zip(nodes.tag, nodes.names, strict=True)
    ]
    root = (*page_words(document.url, document.kinds), *element_words(nodes.tag[0], nodes.names[0]))
    bags[0] = elements.setdefault(root, len(elements))
    inline = [elements.setdefault(split_names(names), len(elements)) for names in segments.names]
    return Features(
        names=columns.names,
        matrix=columns.matrix(),
        tree=tree,
        shape=shape,
        reading=reading,
        elements=list(elements),
        element_bag=np.array(bags, np.int64),
        inline_bag=np.array(inline, np.int64),
        texts=[text_words(tokens) for tokens in reading.tokens],
        links=[link_words(href, host) if href else [] for href in segments.href],
        heading_before=_headings_before(tree),
        decisions=decisions,
        inside_root=inside_root,
    )


def _headings_before(tree: Tree) -> Integers:
    index = np.arange(len(tree.node))
    heading = (tree.regions >> REGIONS.index("heading")) & 1
    latest = np.maximum.accumulate(np.where(heading == 1, index, -1))
    return np.concatenate(([-1], latest[:-1]))
