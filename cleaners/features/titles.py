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
    columns.tick("is title", titles)
    columns.tick("is summary", summaries)
    columns.tick("names author", _naming(document.authors, reading.heads))
    columns["words of title"] = _shared_words(document.titles, reading.tokens)
    headings = [block for block in titles if last_heading[block] == block]
    places = headings or titles
    h1 = _first_headings(tree)
    first, last = (places[0], places[-1]) if places else (None, None)
    columns.group("from title", 3)[:] = _distances(index, (first, last, h1[0] if h1 else None))
    columns["page: h1"] = min(MAX_HEADINGS, len(h1))
    columns["since heading"] = np.where(last_heading >= 0, log(index - last_heading), -1)


def _first_headings(tree: Tree) -> list[int]:
    """The blocks in first-level headings."""
    kinds = [kind for kind, (tag, _) in enumerate(tree.kinds) if tag == "h1"]
    if not kinds:
        return []
    own = tree.kind[tree.node]
    found: list[int] = (own == kinds[0] if len(kinds) == 1 else np.isin(own, kinds)).nonzero()[0].tolist()
    return found


def _distances(index: Integers, places: Sequence[int | None]) -> Floats:
    """The distances of the blocks from some places, [places x blocks]."""
    known = [place for place in places if place is not None]
    distances = np.full((len(places), len(index)), NO_PLACE, np.float32)
    if known:
        rows = [place is not None for place in places]
        distances[rows] = signed_log(index - integers(known)[:, None])
    return distances


def _find_strings(document: Document, reading: Reading) -> tuple[list[int], list[int]]:
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
    return found


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
