"""Whether a text that stands on many pages of a site is boilerplate: what speaks for it, what against.

A site's own standing text is beside the subject: it stands where articles end, or on much of the site,
whatever they are about. What agencies repeat in every story of an affair speaks of what the rest of the page
speaks of. Copies of one article, and its versions, are one witness.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

import numpy as np

from cleaners.arrays import Doubles
from cleaners.article import KEPT_TYPES, Article, Block, BlockType
from cleaners.lexicon import STRENGTHS
from cleaners.passages import WordSet, is_counted, is_long, subject_words, text_key
from cleaners.reading import PHRASE_TYPES, read_texts

MIN_PAGES: Final = 5
"""Different pages that a text must stand on. Three or four parts of one report share their frame; a text on
fewer pages than this is part of what they say."""

MAX_MIN_PAGES: Final = 20
"""The same at most: on a site of any size so many unrelated pages do not end alike by chance."""

MIN_SHARE: Final = 0.01
"""Share of the site's pages that asks for more than `MIN_PAGES`: of a thousand articles some end alike."""

COMMON: Final = 0.3
"""Share of the site's pages on which a text may stand anywhere. No affair and no series of articles fills so
much of a site that writes about several."""

AT_THE_END: Final = 0.8
"""Share of the pages that hold a text where nothing of the page's own comes after it: then it closes
articles. The background of an affair is often the last paragraph too, but not always."""

FEW_SHORT: Final = 3
"""Short lines that may stand behind such a text."""

SUBJECT_WORDS: Final = 3
"""The words of a text that tell best whether its pages are about what it is about."""

SUBJECT_LIFT: Final = 1 / 3
"""How much more often than on other pages these words stand in the rest of such pages, on average, for the
text to be about the same. A section's name alone ("climate") gives less; an affair has people, places and
deeds: all 124 paragraphs of twelve invented affairs, each told five times, gave 0.44 or more."""

SUBJECT_CHANCE: Final = 0.9
"""What chance adds, divided by the root of the number of pages: nine in ten texts that outlets say of
themselves stay below it among random articles."""

MIN_OTHERS: Final = 5
"""Pages without the text that it takes to say so."""

OWN_WORDS: Final = 15
"""Words of a page that stand on few others, for it to be a page of its own and not another's copy."""

SAME: Final = 0.5
"""Share of the paragraphs of the shorter of two pages, their own, that makes them versions of one article:
parts that are turned over, print views, updates. Less is quoted from a report in the next one."""

BESIDE: Final = 0.9
"""Share of its pages on which a short line stands beside a text, to be part of it: "About us"."""

_QUOTES: Final = tuple('"“„«»‘‚‹「『＂”')
_QUESTIONS: Final = tuple("?？؟;")
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_QUOTED: Final = frozenset({"blockquote", "pre"})
_LEXICON: Final = {
    kind.value + strength: kind
    for kind in PHRASE_TYPES
    if kind not in KEPT_TYPES
    for strength in STRENGTHS
    if strength != "_weak"
}
"""The groups of phrases that give a boilerplate type away."""


@dataclass(frozen=True, slots=True)
class RepeatedText:
    """A text that a site repeats: on how many of its pages, and the type of its blocks there.

    `witnesses` are the pages that differ in what else they say. `beside` are short lines that stand
    next to it and belong to it.
    """

    type: BlockType
    pages: int
    site_pages: int
    witnesses: int
    beside: frozenset[int] = frozenset()

    @property
    def confidence(self) -> float:
        """Laplace's rule of succession: the chance that the next page's is boilerplate too."""
        return round((self.witnesses + 1) / (self.witnesses + 2), 3)

    @property
    def reason(self) -> str:
        """What a person is told."""
        return f"stands on {self.pages:,} of this site's {self.site_pages:,} pages"


@dataclass(frozen=True, slots=True)
class Occurrences:
    """A text of a site: the pages that hold it, those where it is body, and its types on the others."""

    key: int
    pages: int
    body: int
    types: Mapping[BlockType, int]


@dataclass(frozen=True, slots=True)
class Sample:
    """What is read of a page to judge the texts that it holds.

    `order` are the keys of its body blocks, `short` those of the short ones among them; `held` are the keys
    of all that is counted. `own` are those of body texts that stand on few pages, `own_words` how many words
    they have, `words` what they are about.
    """

    page: int
    order: tuple[int, ...]
    short: frozenset[int]
    held: frozenset[int]
    own: frozenset[int]
    own_words: int
    words: WordSet


def sample_of(article: Article, page: int, repeated: Set[int]) -> Sample:
    """Read a page; `repeated` are the keys of texts that stand on `MIN_PAGES` or more."""
    body = [block for block in article.blocks if block.type is BlockType.BODY and block.repeats is None]
    keys = [text_key(block.text) for block in body]
    short = frozenset(key for key, block in zip(keys, body, strict=True) if not is_long(block.text))
    own = [
        (key, block)
        for key, block in zip(keys, body, strict=True)
        if key not in repeated and key not in short
    ]
    return Sample(
        page=page,
        order=tuple(keys),
        short=short,
        held=frozenset(text_key(block.text) for block in article.blocks if is_counted(block)),
        own=frozenset(key for key, _ in own),
        own_words=sum(block.words for _, block in own),
        words=subject_words(*(block.text for _, block in own)),
    )


def pages_needed(site_pages: int) -> int:
    """Different pages that a text of a site must stand on."""
    return max(MIN_PAGES, min(MAX_MIN_PAGES, round(site_pages * MIN_SHARE)))


@dataclass(frozen=True, slots=True)
class Case:
    """A text to be judged.

    `text` is a block that says it. `holders` are some pages that hold it, at least one, `others` some that do
    not. `repeated` are the keys of all texts that stand on `MIN_PAGES` pages of the site or more.
    """

    text: Block
    found: Occurrences
    site_pages: int
    holders: Sequence[Sample]
    others: Sequence[Sample]
    repeated: Set[int]

    def judge(self) -> RepeatedText | None:
        """What the text is where it is boilerplate: `None` where it is, or may be, the articles' own."""
        witnesses = self._count_witnesses()
        if witnesses < pages_needed(self.site_pages) or _is_quote(self.text):
            return None
        if 2 * self.found.body > self.found.pages and not self._stands_apart():
            return None
        kind = _type_of(self.text, self.found)
        beside = self._lines_beside()
        return RepeatedText(kind, self.found.pages, self.site_pages, witnesses, beside)

    @property
    def _in_body(self) -> list[Sample]:
        return [page for page in self.holders if self.found.key in page.order]

    def _count_witnesses(self) -> int:
        """How many of the pages are no copies or versions of one another; a version's version is one too."""
        groups: list[list[Sample]] = []
        for page in self.holders:
            if page.own_words < OWN_WORDS:
                continue
            family, strangers = [page], []
            for group in groups:
                if any(_are_versions(page, other) for other in group):
                    family += group
                else:
                    strangers.append(group)
            groups = [*strangers, family]
        # More pages hold it than were read: as many of those are others' versions.
        return round(len(groups) * self.found.pages / len(self.holders))

    def _stands_apart(self) -> bool:
        """Whether the text is not on its pages' subject, and stands where boilerplate does."""
        if _on_the_subject(subject_words(self.text.text), self.holders, self.others):
            return False
        ends = [_closes(self.found.key, page, self.repeated) for page in self._in_body]
        if ends and sum(ends) >= AT_THE_END * len(ends):
            return True
        opens = self.text.markup in _HEADINGS or self.text.text.rstrip().endswith(_QUESTIONS)
        return self.found.pages >= COMMON * self.site_pages and not opens

    def _lines_beside(self) -> frozenset[int]:
        """Short lines that nearly always stand next to the text."""
        key, pages = self.found.key, self._in_body
        counts: Counter[int] = Counter()
        for page in pages:
            place = page.order.index(key)
            near = {*page.order[max(place - 1, 0) : place], *page.order[place + 1 : place + 2]}
            counts.update(near & page.short)
        return frozenset(line for line, count in counts.items() if count >= BESIDE * len(pages))


def _are_versions(one: Sample, other: Sample) -> bool:
    return len(one.own & other.own) >= SAME * min(len(one.own), len(other.own))


def _on_the_subject(words: WordSet, holders: Sequence[Sample], others: Sequence[Sample]) -> bool:
    """Whether the pages that hold a text are about what it is about, more than other pages."""
    telling = [page for page in holders if page.own_words >= OWN_WORDS]
    if not words.size or len(others) < MIN_OTHERS or not telling:
        return False
    lifts = np.sort(_shares(words, telling) - _shares(words, others))
    lift = lifts[-SUBJECT_WORDS:].sum() / SUBJECT_WORDS
    return bool(lift >= max(SUBJECT_LIFT, SUBJECT_CHANCE / len(telling) ** 0.5))


def _shares(words: WordSet, pages: Sequence[Sample]) -> Doubles:
    """The share of the pages that each of the words stands in."""
    total = np.zeros(words.size)
    for page in pages:
        total += np.isin(words, page.words)
    return total / len(pages)


def _closes(key: int, page: Sample, repeated: Set[int]) -> bool:
    """Whether nothing of the page's own comes after a text."""
    after = page.order[page.order.index(key) + 1 :]
    short = sum(one in page.short for one in after)
    return short <= FEW_SHORT and all(one in repeated or one in page.short for one in after)


def _is_quote(text: Block) -> bool:
    return text.markup in _QUOTED or text.text.lstrip().startswith(_QUOTES)


def _type_of(text: Block, found: Occurrences) -> BlockType:
    """What the cleaner calls the text elsewhere on the site, else what its phrases say, else "other"."""
    if found.types:
        return max(BlockType, key=lambda kind: found.types.get(kind, 0))
    counts: dict[BlockType, int] = {}
    for match in read_texts([text.text]).matches[0]:
        kind = _LEXICON.get(match.group)
        if kind:
            counts[kind] = counts.get(kind, 0) + match.length
    return max(counts, key=lambda kind: counts[kind], default=BlockType.OTHER)
