"""The part of a page that an API would give: the title and the article's own element, no template."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from cleaners.classifier import Document
from cleaners.features.columns import Floats, Integers
from cleaners.segment import Nodes, Segments

BODY_SHARE: Final = 0.95
"""The article's element is the smallest with this share of the body's words."""

MIN_BODY_WORDS: Final = 80
"""With less there is no article to cut out."""

MIN_BLOCKS: Final = 4

LISTS: Final = ("text", "names", "link_chars", "links", "href", "emphasis_chars", "media", "controls")


def fragment_of(document: Document, body_words: Floats) -> tuple[Document, Integers] | None:
    """The document of the title and the article's element, and the numbers of its blocks on the page.

    The first block is the title that the page's metadata gives, as `assemble` puts it above a post.
    """
    total = np.concatenate(([0.0], np.cumsum(body_words)))
    if total[-1] < MIN_BODY_WORDS or not document.titles:
        return None
    nodes = document.segments.nodes
    first, last = np.array(nodes.first_block), np.array(nodes.last_block)
    root = int(np.nonzero(total[last] - total[first] >= BODY_SHARE * total[-1])[0][-1])
    blocks = np.arange(first[root], last[root])
    if len(blocks) < MIN_BLOCKS:
        return None
    segments = _cut(document.segments, root, blocks, document.titles[0])
    return replace(document, segments=segments, kinds=(), description=None), blocks


def _cut(segments: Segments, root: int, blocks: Integers, title: str) -> Segments:
    """The segments of one element, below body > article > h1 + div as `assemble` wraps a post."""
    nodes, cut = segments.nodes, Segments()
    start, stop = int(blocks[0]) - 1, int(blocks[-1]) + 1
    wrapped: Nodes = cut.nodes
    article = wrapped.open("article", wrapped.open("body", -1, 0), 0)
    heading = wrapped.open("h1", article, 0)
    cut.append(title, heading)
    wrapped.close(heading, 1)
    content = wrapped.open("div", article, 1)
    offset = len(wrapped.tag) - root
    for node in range(root, nodes.end[root]):
        parent = content if node == root else nodes.parent[node] + offset
        wrapped.open(
            nodes.tag[node],
            parent,
            nodes.first_block[node] - start,
            names=nodes.names[node],
            hidden=nodes.hidden[node],
        )
        wrapped.end[-1] = nodes.end[node] + offset
        wrapped.last_block[-1] = nodes.last_block[node] - start
    for node in (content, article, 0):
        wrapped.close(node, stop - start)
    for name in LISTS:
        getattr(cut, name).extend(getattr(segments, name)[start + 1 : stop])
    cut.node.extend(node + offset for node in segments.node[start + 1 : stop])
    return cut
