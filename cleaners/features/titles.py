"""How a block is like the title, authors and summary that metadata gives, and its place below them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from cleaners.arrays import Floats, Integers, integers, log, signed_log
from cleaners.classifier import Document
from cleaners.features.columns import Columns
from cleaners.reading import Reading
from cleaners.strings import squash
from cleaners.tree import Tree

MIN_TITLE_LETTERS: Final = 8
"""A shorter title would be found in labels."""

MIN_AUTHOR_CHARS: Final = 4
"""A shorter name would be found in words."""

SUMMARY_LETTERS: Final = 60
"""Letters by which a block is compared with the summary, which pages cut short."""

MIN_SUMMARY_LETTERS: Final = 31
"""A shorter summary is a slogan."""

TITLE_TOKENS: Final = 20
"""Words of a block that are compared with the titles'."""

SEARCHED_CHARS: Final = 200
"""Characters of a block in which names and the summary are searched."""

NO_PLACE: Final = -9
"""Stands for the distance from a title where there is none: 8,000 blocks after the page's end."""

MAX_HEADINGS: Final = 5
"""First-level headings that are counted; with more, none of them is the title."""

COLUMNS: Final = (
    *("is title", "words of title", "from title", "from last title", "from h1", "page: h1", "since heading"),
    *("names author", "is summary"),
)


def add_titles(
    columns: Columns, document: Document, tree: Tree, reading: Reading, last_heading: Integers
) -> None:
    """Likeness to the metadata's strings, and distances in blocks from the titles and headings above.

    `last_heading` is the number of the last heading up to each block, -1 where there is none.
    """
    index = np.arange(columns.blocks)
    titles, summaries = _find_strings(document, reading)
    columns.group("is title", 1)[0, titles] = 1
    columns.group("is summary", 1)[0, summaries] = 1
    columns.group("names author", 1)[0, _naming(document.authors, reading.heads)] = 1
    columns["words of title"] = _shared_words(document.titles, reading.tokens)
    headings = titles[last_heading[titles] == titles]
    places = headings if len(headings) else titles
    columns["from title"] = signed_log(index - places[0]) if len(places) else NO_PLACE
    columns["from last title"] = signed_log(index - places[-1]) if len(places) else NO_PLACE
    is_h1 = np.array([tag == "h1" for tag, _ in tree.kinds], np.bool_)
    h1 = np.flatnonzero(is_h1[tree.kind[tree.node]])
    columns["from h1"] = signed_log(index - h1[0]) if len(h1) else NO_PLACE
    columns["page: h1"] = min(MAX_HEADINGS, len(h1))
    columns["since heading"] = np.where(last_heading >= 0, log(index - last_heading), -1)


def _find_strings(document: Document, reading: Reading) -> tuple[Integers, list[int]]:
    """The blocks that repeat a title, and those that begin like the page's summary."""
    titles = {key for title in document.titles if len(key := squash(title)) >= MIN_TITLE_LETTERS}
    longest = max(map(len, document.titles), default=0) * 2 + 20
    summary = squash(document.description or "")[:SUMMARY_LETTERS]
    summaries = {summary} if len(summary) >= MIN_SUMMARY_LETTERS else set()
    found: tuple[list[int], list[int]] = [], []
    for block in reading.opening_like(titles | summaries):
        text = document.segments.text[block]
        if len(text) <= longest and squash(text) in titles:
            found[0].append(block)
        if squash(text[:SEARCHED_CHARS])[:SUMMARY_LETTERS] in summaries:
            found[1].append(block)
    return integers(found[0]), found[1]


def _shared_words(titles: Sequence[str], tokens: Sequence[Sequence[str]]) -> Floats:
    """The share of each block's first words that the titles have too."""
    words = {word for title in titles for word in title.casefold().split()}
    sharing = [block for block, read in enumerate(tokens) if not words.isdisjoint(read)] if words else []
    shares = np.zeros(len(tokens), np.float32)
    for block in sharing:
        read = tokens[block][:TITLE_TOKENS]
        shares[block] = len(words.intersection(read)) / len(read)
    return shares


def _naming(authors: Sequence[str], heads: Sequence[str]) -> list[int]:
    """The blocks that name an author near their beginning."""
    names = [author.casefold() for author in authors if len(author) >= MIN_AUTHOR_CHARS]
    texts = [head[:SEARCHED_CHARS] for head in heads]
    page = "\0".join(texts).casefold() if names else ""
    names = [name for name in names if name in page]
    if not names:
        return []
    folded = enumerate(map(str.casefold, texts))
    return [block for block, text in folded if any(name in text for name in names)]
