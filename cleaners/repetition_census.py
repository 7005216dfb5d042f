"""Which texts stand on how many pages of a site, and the pages that have to be read to judge them.

Pages go by numbers that depend on nothing but their addresses, and those with the lowest are the sample: so
it is the same whatever the order in which they came, and it hardly changes from day to day.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.arrays import Integers
from cleaners.article import Article, Block, BlockType
from cleaners.passages import is_counted, page_key, passages_of, text_key
from cleaners.repetition_evidence import (
    MIN_PAGES,
    Case,
    Occurrences,
    RepeatedText,
    Sample,
    pages_needed,
    sample_of,
)

HOLDERS_READ: Final = 32
"""Pages that are read of those that hold a text: of 32 a share of 0.8 is known to 0.07 (standard
deviation)."""

OTHERS_READ: Final = 64
"""Pages that are read for what a site writes about besides."""

MAX_JUDGED: Final = 500
"""Texts of a site that are judged, those on the most pages first: what an outlet says of itself is among
them, and no more than 16,000 pages are read."""

_KINDS: Final = (BlockType.BODY, *(kind for kind in BlockType if kind is not BlockType.BODY))
_CODES: Final = {kind: code for code, kind in enumerate(_KINDS)}  # body first: it wins where a page says both


@dataclass(frozen=True, slots=True)
class Census:
    """What is known of a site before its texts are judged.

    `repeated` are the keys of texts on `MIN_PAGES` pages or more, `found` those that are judged. `holders`
    are the sampled pages of each of these, `others` those of the site.
    """

    site_pages: int
    repeated: Set[int]
    found: Sequence[Occurrences]
    holders: Mapping[int, Sequence[int]]
    others: Sequence[int]

    @property
    def pages(self) -> set[int]:
        """The pages to read; none where there is nothing to judge."""
        if not self.found:
            return set()
        return {*self.others, *(page for pages in self.holders.values() for page in pages)}


class Tally:
    """Counts the texts of a site's articles in memory, one article an address."""

    def __init__(self) -> None:
        """Nothing counted yet."""
        self._keys, self._pages, self._kinds = array("q"), array("q"), array("B")
        self._all_pages = array("q")

    def add(self, article: Article) -> None:
        """Count an article."""
        page = page_key(article)
        self._all_pages.append(page)
        for passage in passages_of(article.blocks):
            self._keys.append(passage.key)
            self._pages.append(page)
            self._kinds.append(_CODES[passage.type])

    def close(self) -> Census:
        """The census of all that was added."""
        all_pages = np.unique(np.frombuffer(self._all_pages, np.int64))
        keys, pages, kinds = self._sorted()
        starts = np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1)) if keys.size else np.zeros(0, np.int64)
        counts = np.diff(starts, append=keys.size)
        wanted = counts >= pages_needed(len(all_pages))
        places = dict(zip(keys[starts[wanted]].tolist(), starts[wanted].tolist(), strict=True))
        sizes = dict(zip(places, counts[wanted].tolist(), strict=True))
        found, holders = [], {}
        for key in most_common(sizes):
            part = slice(places[key], places[key] + sizes[key])
            found.append(occurrences(key, _count_kinds(kinds[part])))
            holders[key] = pages[part][:HOLDERS_READ].tolist()
        repeated = frozenset(keys[starts[counts >= MIN_PAGES]].tolist())
        return Census(len(all_pages), repeated, found, holders, all_pages[:OTHERS_READ].tolist())

    def _sorted(self) -> tuple[Integers, Integers, NDArray[np.uint8]]:
        """Each text of each page once, by text and page."""
        keys, pages = np.frombuffer(self._keys, np.int64), np.frombuffer(self._pages, np.int64)
        kinds = np.frombuffer(self._kinds, np.uint8)
        order = np.lexsort((kinds, pages, keys))
        keys, pages, kinds = keys[order], pages[order], kinds[order]
        if keys.size:
            first = np.concatenate(([True], (keys[1:] != keys[:-1]) | (pages[1:] != pages[:-1])))
            keys, pages, kinds = keys[first], pages[first], kinds[first]
        return keys, pages, kinds


def most_common(counts: Mapping[int, int]) -> list[int]:
    """The texts that are judged, of their numbers of pages by key."""
    return sorted(counts, key=lambda key: (-counts[key], key))[:MAX_JUDGED]


def occurrences(key: int, kinds: Mapping[BlockType, int]) -> Occurrences:
    """What is known of a text that stands on so many pages as each type."""
    others: dict[BlockType, int] = {
        kind: count for kind, count in kinds.items() if kind is not BlockType.BODY
    }
    return Occurrences(key, sum(kinds.values()), kinds.get(BlockType.BODY, 0), others)


def _count_kinds(kinds: NDArray[np.uint8]) -> dict[BlockType, int]:
    codes, counts = np.unique(kinds, return_counts=True)
    result: dict[BlockType, int] = {
        _KINDS[code]: count for code, count in zip(codes.tolist(), counts.tolist(), strict=True)
    }
    return result


class Hearing:
    """Judges the texts of a census by the pages that it names, which can be read in any order."""

    def __init__(self, census: Census) -> None:
        """Nothing read yet."""
        self._census = census
        self._samples: dict[int, Sample] = {}
        self._wording: dict[int, tuple[bool, int, Block]] = {}
        self._judged = {found.key for found in census.found}

    def read(self, page: int, article: Article) -> None:
        """Take a page, as the cleaner gave it."""
        self._samples[page] = sample_of(article, page, self._census.repeated)
        for block in article.blocks:
            if is_counted(block) and (key := text_key(block.text)) in self._judged:
                said = block.type is not BlockType.BODY, page, block
                self._wording[key] = min(self._wording.get(key, said), said, key=lambda one: one[:2])

    def verdicts(self) -> dict[int, RepeatedText]:
        """The texts that are boilerplate. Pages that could not be read say nothing."""
        site = [self._samples[page] for page in self._census.others if page in self._samples]
        result = {}
        for found in self._census.found:
            pages = self._census.holders[found.key]
            holders = [self._samples[page] for page in pages if page in self._samples]
            if not holders or found.key not in self._wording:
                continue
            case = Case(
                text=self._wording[found.key][2],
                found=found,
                site_pages=self._census.site_pages,
                holders=holders,
                others=[page for page in site if found.key not in page.held],
                repeated=self._census.repeated,
            )
            verdict = case.judge()
            if verdict:
                result[found.key] = verdict
        return result
