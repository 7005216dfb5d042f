"""Two texts side by side: which sentences of a copy are which of the text that it came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from rapidfuzz.distance import Indel
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.reuse.figures import aligned_sentences, other_language
from pipelines.reuse.reading import Reading, split_sentences
from pipelines.reuse.settling import UNKNOWN
from pipelines.reuse.shingles import words_of
from pipelines.reuse.texts import Readings
from pipelines.store.reuse_schema import StoredOrigin
from pipelines.store.schema import StoredArticle

MOST_TEXTS: Final = 300
"""Different texts of one story that are compared, the earliest first: nobody looks at more of them."""

MOVED_WORDS: Final = 5
"""Words of the shortest sentence that is looked for in another place: shorter ones stand anywhere."""

LIKE_AT_LEAST: Final = 0.2
"""Share of words that two sentences of one language have in common (Dice) where one may be the other
changed; looked at on rewritten stories: those below it are different ones."""


class PairKind(StrEnum):
    """What a sentence of the later text is to its counterpart: the same words, other words, the same in
    another place, or what it is in another language."""

    SAME = "same"
    CHANGED = "changed"
    MOVED = "moved"
    TRANSLATED = "translated"


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence of the later text and the one of the earlier that it is, by their numbers from 0."""

    later: int
    earlier: int
    kind: PairKind


def compare(later: Reading, earlier: Reading) -> list[Pair]:
    """The sentences of two stories that belong together, in the order of the later one.

    Sentences that agree in their words are paired first, as many as can be in order; then what stands between
    these by what it shares; then sentences that moved.
    """
    if other_language(later, earlier):
        found = aligned_sentences(later, earlier)
        return [Pair(pair.later, pair.earlier, PairKind.TRANSLATED) for pair in found]
    ours, theirs = _words(later), _words(earlier)
    pairs = list(_same(ours, theirs))
    if len(pairs) < min(len(ours), len(theirs)):  # else one of them has no sentence left
        pairs += _changed(later, earlier, pairs, ours, theirs)
        pairs += _moved(pairs, ours, theirs)
    return sorted(pairs, key=lambda pair: pair.later)


_Words = Sequence[tuple[str, ...]]


def _words(reading: Reading) -> list[tuple[str, ...]]:
    return [tuple(words_of(sentence)) for sentence in reading.sentences]


def _same(ours: _Words, theirs: _Words) -> Iterator[Pair]:
    for block in Indel.opcodes(theirs, ours):
        if block.tag == "equal":
            for step in range(block.dest_end - block.dest_start):
                yield Pair(block.dest_start + step, block.src_start + step, PairKind.SAME)


def _changed(
    later: Reading, earlier: Reading, same: Sequence[Pair], ours: _Words, theirs: _Words
) -> Iterator[Pair]:
    """Pairs that stand between those that are the same, in order with them."""
    taken_later, taken_earlier = {pair.later for pair in same}, {pair.earlier for pair in same}
    for pair in aligned_sentences(later, earlier):
        free = pair.later not in taken_later and pair.earlier not in taken_earlier
        if (
            free
            and _like(ours[pair.later], theirs[pair.earlier])
            and _in_order(pair.later, pair.earlier, same)
        ):
            yield Pair(pair.later, pair.earlier, PairKind.CHANGED)


def _in_order(later: int, earlier: int, same: Sequence[Pair]) -> bool:
    return all((pair.later < later) == (pair.earlier < earlier) for pair in same)


def _like(one: Sequence[str], other: Sequence[str]) -> bool:
    shared = len(set(one) & set(other))
    return 2 * shared >= LIKE_AT_LEAST * (len(set(one)) + len(set(other)))


def _moved(pairs: Sequence[Pair], ours: _Words, theirs: _Words) -> Iterator[Pair]:
    taken_later, taken_earlier = {pair.later for pair in pairs}, {pair.earlier for pair in pairs}
    places: dict[tuple[str, ...], list[int]] = {}
    for number, words in enumerate(theirs):
        if number not in taken_earlier and len(words) >= MOVED_WORDS:
            places.setdefault(words, []).append(number)
    for number, words in enumerate(ours):
        if number not in taken_later and places.get(words):
            yield Pair(number, places[words].pop(0), PairKind.MOVED)


# --- The texts of a story ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Copy:
    article: int
    text: int
    against: int | None


class Comparisons:
    """The texts of stories, and each copy beside the article that it came from, out of the database."""

    def __init__(self, session: Session) -> None:
        """Read through `session`."""
        self._session = session
        self._readings = Readings()

    def of(self, story: int) -> dict[str, Any] | None:
        """A story as plain data for the report; `None` if there is none of that number.

        `texts` by their numbers: the `sentences`, and which of them begin `paragraphs`. `articles` by theirs:
        their `text`, the article they are held `against` (empty for the origin), and `pairs` of a sentence of
        their own, one of the other's, and what the one is to the other.
        """
        copies = self._copies(story)
        if not copies:
            return None
        texts = list(dict.fromkeys(copy.text for copy in copies))[:MOST_TEXTS]
        readings = self._readings.of(self._session.connection(), texts)
        text_of = {copy.article: copy.text for copy in copies}
        found: dict[tuple[int, int], list[list[int | str]]] = {}
        articles = {}
        for copy in copies:
            if copy.text not in readings:
                continue
            other = text_of.get(copy.against) if copy.against is not None else None
            pairs: list[list[int | str]] = []
            if other is not None and other in readings:
                key = copy.text, other
                if key not in found:
                    found[key] = _record(compare(readings[copy.text], readings[other]))
                pairs = found[key]
            against = copy.against if other in readings else None
            articles[str(copy.article)] = {"text": copy.text, "against": against, "pairs": pairs}
        return {
            "texts": {str(text): _text(reading) for text, reading in sorted(readings.items())},
            "articles": articles,
        }

    def _copies(self, story: int) -> list[_Copy]:
        """The articles of a story, the one that the others are held against first, then by date."""
        rows = self._session.execute(
            select(
                StoredArticle.id,
                StoredArticle.text_id,
                StoredOrigin.origin_id,
                StoredOrigin.rival_id,
                StoredOrigin.relation,
            )
            .join(StoredOrigin, StoredOrigin.article_id == StoredArticle.id)
            .where(StoredOrigin.cluster_id == story, StoredArticle.text_id.is_not(None))
            .order_by(StoredArticle.published, StoredArticle.id)
        ).all()
        if not rows:
            return []
        # Where the origin is outside the corpus, one article stands for it: the only one of unknown relation.
        stands_for = next((row.id for row in rows if row.relation == UNKNOWN), None)
        copies = []
        for row in rows:
            nearest = row.origin_id if row.origin_id is not None else stands_for
            against = row.rival_id if row.id == nearest else nearest
            copies.append(_Copy(row.id, row.text_id, against))
        first = {row.origin_id for row in rows} | {row.rival_id for row in rows} | {stands_for}
        return sorted(copies, key=lambda copy: copy.article not in first)


def _record(pairs: Iterable[Pair]) -> list[list[int | str]]:
    return [[pair.later, pair.earlier, pair.kind.value] for pair in pairs]


def _text(reading: Reading) -> dict[str, Any]:
    """The sentences of a text as far as it was read, and those that begin a paragraph."""
    starts, number = [], 0
    for paragraph in reading.story.paragraphs:
        if number >= len(reading.sentences):
            break
        sentences = split_sentences(paragraph)
        if sentences:
            starts.append(number)
        number += len(sentences)
    return {"sentences": list(reading.sentences), "paragraphs": starts}
