"""Pages -> examples: features and labels of every block, as arrays that train fast.

Of each annotated page there are up to three examples: the page, its text without markup, and the part of
the page that a WordPress API would give. Of each page of the public benchmark there is the page, where all
that is known is which text is main content, and its text without markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Final

import numpy as np

from benchmarks.data import BenchmarkPage, TypedPage, fold_of
from cleaners.article import BlockType, Page
from cleaners.assemble import read_document
from cleaners.classifier import Document
from cleaners.features import Features, extract
from cleaners.features.columns import Floats, Integers
from cleaners.model.vectors import NEAR
from cleaners.urls import site_of
from training.fragment import fragment_of
from training.labels import BODY, TYPES, main_words, words_by_type

MAX_BLOCKS: Final = 3_000
"""Blocks of one example; the largest page of the data has fewer."""


class Form(StrEnum):
    """In which form the classifier meets a page."""

    HTML = "html"
    TEXT = "text"
    FRAGMENT = "fragment"


@dataclass(slots=True)
class Bags:
    """Bags of numbers, one after the other: bag `i` is `items[bounds[i] : bounds[i + 1]]`."""

    items: Integers
    bounds: Integers

    @classmethod
    def of(cls, bags: Sequence[Sequence[int]]) -> Bags:
        """Pack bags."""
        sizes = np.fromiter(map(len, bags), np.int64, len(bags))
        items = np.fromiter(chain.from_iterable(bags), np.int64, int(sizes.sum()))
        return cls(items, np.concatenate(([0], np.cumsum(sizes))))


@dataclass(slots=True)
class Example:
    """One page in one form. Words are texts until `vocabulary.number_words` has numbered them.

    `types` counts each block's words by annotated type, [blocks x types], `main` is the share of its words
    that are main content; one of them is there. `total` are the block's words as the labels count them, 0
    where nothing is known of it.
    """

    name: str
    site: str
    fold: int
    form: Form
    kind: str
    names: list[str]
    matrix: Floats
    words: Floats
    elements: list[tuple[str, ...]]
    own: Integers
    inline: Integers
    near: Integers
    chains: Bags
    far: Integers
    texts: list[list[str]]
    links: list[list[str]]
    heading_before: Integers
    first: Integers
    last: Integers
    path: Integers
    total: Floats
    types: Floats | None = None
    main: Floats | None = None
    language: str | None = None


def typed_examples(page: TypedPage) -> list[Example]:
    """The examples of an annotated page."""
    html = read_document(Page(url=page.url, body=page.html, content_type="text/html"))
    plain = "\n".join(text for text, _ in page.blocks)
    text = read_document(Page(url=page.url, body=plain, content_type="text/plain"))
    types, total = words_by_type(html.segments.text, page.blocks)
    types_of_text, total_of_text = words_by_type(text.segments.text, page.blocks)
    examples = [
        _example(page, Form.HTML, html, total, types=types),
        _example(page, Form.TEXT, text, total_of_text, types=types_of_text),
    ]
    part = fragment_of(html, types[:, BODY])
    if part is not None:
        document, kept = part
        title = np.zeros((1, len(TYPES)), np.float32)
        title[0, TYPES.index(BlockType.TITLE)] = words = document.segments.text[0].count(" ") + 1
        examples.append(
            _example(
                page,
                Form.FRAGMENT,
                document,
                np.concatenate([[words], total[kept]]).astype(np.float32),
                types=np.concatenate([title, types[kept]]),
            )
        )
    return examples


def benchmark_examples(page: BenchmarkPage) -> list[Example]:
    """The examples of a benchmark page; none where the page has no text."""
    html = read_document(Page(url=page.url, body=page.html, content_type="text/html"))
    if not html.segments.text:
        return []
    found, total = main_words(html.segments.text, page.truth)
    main = (found / np.maximum(1, total)).astype(np.float32)
    return [_example(page, Form.HTML, html, total, main=main)]


def _example(
    page: TypedPage | BenchmarkPage,
    form: Form,
    document: Document,
    total: Floats,
    *,
    types: Floats | None = None,
    main: Floats | None = None,
) -> Example:
    features = extract(document)
    near, far = _surroundings(features)
    chains: dict[tuple[int, ...], int] = {}
    return Example(
        name=page.name,
        site=site_of(page.url) or page.name,
        fold=fold_of(page.url, page.name),
        form=form,
        kind=page.kind,
        names=features.names,
        matrix=features.matrix,
        words=features.shape.words,
        elements=features.elements,
        own=features.element_bag[features.tree.node],
        inline=features.inline_bag,
        near=near,
        far=np.array([chains.setdefault(path, len(chains)) for path in far], np.int64),
        chains=Bags.of(list(chains)),
        texts=features.texts,
        links=features.links,
        heading_before=features.heading_before,
        first=features.tree.first[features.tree.containers],
        last=features.tree.last[features.tree.containers],
        path=np.unique(features.tree.path, return_inverse=True)[1],
        total=total,
        types=types,
        main=main,
        language=document.language,
    )


def _surroundings(features: Features) -> tuple[Integers, Iterator[tuple[int, ...]]]:
    """The bags of the two elements around each block's own, -1 where there is none, and of all further."""
    tree = features.tree
    around, near = tree.node, []
    for _ in range(NEAR):
        around = np.where(around >= 0, tree.parent[around], -1)
        near.append(np.where(around >= 0, features.element_bag[around], -1))
    around = np.where(around >= 0, tree.parent[around], -1)
    parents, bags = tree.parent.tolist(), features.element_bag.tolist()
    return np.stack(near, axis=1), (_path(node, parents, bags) for node in around.tolist())


def _path(node: int, parents: list[int], bags: list[int]) -> tuple[int, ...]:
    path = []
    while node >= 0:
        path.append(bags[node])
        node = parents[node]
    return tuple(path)
