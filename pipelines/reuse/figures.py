"""What two stories share, as figures: word sequences, names and numbers in order, lengths of paragraphs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from pipelines.reuse.alignment import Alignment, Row, SentencePair, align
from pipelines.reuse.lengths import length_cost
from pipelines.reuse.quotes import shared_quotes
from pipelines.reuse.reading import Anchor, AnchorKind, Reading
from pipelines.reuse.shingles import containment, shingles_of
from pipelines.reuse.sounds import same_names

_FACTS: Final = frozenset({AnchorKind.NUMBER, AnchorKind.NAME})
_NUMBERS: Final = frozenset({AnchorKind.NUMBER})
MOST_SHOWN: Final = 40
"""Shared names, numbers, quotes and sentence pairs that the figures list; the counts are of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What two stories share; shares are 0 to 1.

    `of_later` and `of_earlier` are the shares of each one's different shingles that the other has too.
    `facts` is the weight of the names and numbers in sentences paired in order, as a share of the story that
    has fewer; `facts_weight` is that weight. `wording` is the same with words; `order` is `wording` as a
    share of what it would be in any order. `numbers` and `numbers_weight` are of numbers alone.
    `length_cost` says how badly the lengths of the paragraphs follow one another, and is empty where it was
    not needed. `topic` is the cosine of how often each names whom (or of the words, where names cannot be
    told). `names`, `number_list` and `quotes` are what both have, as the later one writes it; `pairs`
    are the sentences of the later and the earlier story that were paired. `hours` is the time between them.
    """

    of_later: float = 0.0
    of_earlier: float = 0.0
    facts: float = 0.0
    facts_weight: float = 0.0
    wording: float = 0.0
    wording_weight: float = 0.0
    order: float = 0.0
    numbers: float = 0.0
    numbers_weight: float = 0.0
    length_cost: float | None = None
    topic: float = 0.0
    shared_names: int = 0
    names: tuple[str, ...] = ()
    shared_numbers: int = 0
    number_list: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    pairs: tuple[SentencePair, ...] = ()
    hours: float | None = None

    def to_record(self) -> dict[str, Any]:
        """The figures as plain data; what is nothing, or was not needed, is left out."""
        return {name: value for name, value in asdict(self).items() if value}


def shingle_figures(later: Reading, earlier: Reading) -> Figures:
    """The figures that tell copies."""
    ours, theirs = set(shingles_of(later.words)), set(shingles_of(earlier.words))
    shared = len(ours & theirs)
    return Figures(
        of_later=round(containment(shared, ours), 3),
        of_earlier=round(containment(shared, theirs), 3),
        hours=_hours(later, earlier),
    )


def fact_figures(later: Reading, earlier: Reading, figures: Figures) -> Figures:
    """`figures`, and with them those that tell rewrites and translations."""
    foreign = other_language(later, earlier)
    ours, theirs = _comparable(later, earlier)
    kinds = _kinds(later, earlier)
    facts = align(ours, theirs, kinds)
    numbers = facts if kinds == _NUMBERS else align(ours, theirs, _NUMBERS)
    wording = Alignment((), 0.0, 0.0, 0.0) if foreign else align(ours, theirs, kinds | {AnchorKind.WORD})
    cost = length_cost(earlier.lengths, later.lengths) if foreign else math.inf
    names = _shared(ours, theirs, later, AnchorKind.NAME)
    digits = _shared(ours, theirs, later, AnchorKind.NUMBER)
    return replace(
        figures,
        facts=round(facts.share, 3),
        facts_weight=round(facts.weight, 2),
        wording=round(wording.share, 3),
        wording_weight=round(wording.weight, 2),
        order=round(wording.share / wording.any_order, 3) if wording.any_order else 0.0,
        numbers=round(numbers.share, 3),
        numbers_weight=round(numbers.weight, 2),
        length_cost=round(cost, 3) if math.isfinite(cost) else None,
        topic=round(_cosine(ours, theirs, heard=names_heard(later, earlier)), 3),
        shared_names=len(names),
        names=names[:MOST_SHOWN],
        shared_numbers=len(digits),
        number_list=digits[:MOST_SHOWN],
        quotes=shared_quotes(later.story.paragraphs, earlier.story.paragraphs)[:MOST_SHOWN],
        pairs=(facts if foreign else wording).pairs[:MOST_SHOWN],
    )


def aligned_sentences(later: Reading, earlier: Reading) -> tuple[SentencePair, ...]:
    """The sentences of the two stories that share the most when they are paired in order: words too, where
    the language is one."""
    kinds = _kinds(later, earlier)
    kinds = kinds if other_language(later, earlier) else kinds | {AnchorKind.WORD}
    return align(*_comparable(later, earlier), kinds).pairs


def _kinds(later: Reading, earlier: Reading) -> frozenset[AnchorKind]:
    """What can be compared of two stories besides words."""
    telling = other_language(later, earlier) or (later.tells_names and earlier.tells_names)
    return _FACTS if telling else _NUMBERS


def _comparable(later: Reading, earlier: Reading) -> tuple[Sequence[Row], Sequence[Row]]:
    """The anchors of both, the earlier one's names by the keys that the later one spells them with.

    Where only one of them tells its names, the other's words are names as far as they sound like one.
    """
    if not other_language(later, earlier):
        return later.anchors, earlier.anchors
    spelling = same_names(_names(earlier.anchors), _names(later.anchors))
    ours: Sequence[Row] = later.anchors
    theirs: Sequence[Row] = [[_respelt(anchor, spelling) for anchor in row] for row in earlier.anchors]
    if names_heard(later, earlier):
        known = _names(ours if later.tells_names else theirs)
        ours, theirs = _only(ours, known), _only(theirs, known)
    return ours, theirs


def _respelt(anchor: Anchor, spelling: Mapping[str, str]) -> Anchor:
    return anchor._replace(key=spelling.get(anchor.key, anchor.key)) if _is_name(anchor) else anchor


def _only(rows: Sequence[Row], names: Collection[str]) -> list[Row]:
    return [[anchor for anchor in row if not _is_name(anchor) or anchor.key in names] for row in rows]


def _names(rows: Sequence[Row]) -> set[str]:
    return {anchor.key for row in rows for anchor in row if _is_name(anchor)}


def _is_name(anchor: Anchor) -> bool:
    return anchor.kind is AnchorKind.NAME


def _shared(ours: Sequence[Row], theirs: Sequence[Row], later: Reading, kind: AnchorKind) -> tuple[str, ...]:
    """The names or numbers that both hold, as the later one writes them, in its order; no single digits."""
    there = {anchor for row in theirs for anchor in row if anchor.kind is kind}
    shared = dict.fromkeys(anchor for row in ours for anchor in row if anchor in there)
    return tuple(later.surface[anchor] for anchor in shared if _is_name(anchor) or len(anchor.key) > 1)


def _cosine(ours: Sequence[Row], theirs: Sequence[Row], *, heard: bool) -> float:
    """Cosine of the names' frequencies, damped by a square root: 1 for the same names as often.

    Of a text whose names were `heard`, only those are left that the other has; it is taken to have as many.
    """
    here, there = (_frequencies(rows, AnchorKind.NAME) for rows in (ours, theirs))
    if not (here or there):  # a script that writes no spaces: pairs of characters are its words
        here, there = (_frequencies(rows, AnchorKind.WORD) for rows in (ours, theirs))
    if not (here and there):
        return 0.0
    shared = sum(math.sqrt(count * there[key]) for key, count in sorted(here.items()) if key in there)
    most = max(here.total(), there.total())
    return shared / (most if heard else math.sqrt(here.total() * there.total()))


def _frequencies(rows: Sequence[Row], kind: AnchorKind) -> Counter[str]:
    return Counter(anchor.key for row in rows for anchor in row if anchor.kind is kind)


def other_language(later: Reading, earlier: Reading) -> bool:
    """Whether two stories are known to be in different languages."""
    return bool(later.language and earlier.language) and later.language != earlier.language


def spaced(reading: Reading) -> bool:
    """Whether a story's script writes spaces, so that its words can be told."""
    return not reading.sentences or any(_is_name(anchor) for row in reading.anchors for anchor in row)


def names_heard(later: Reading, earlier: Reading) -> bool:
    """Whether words of one story are names only as they sound like names of one in another language."""
    return other_language(later, earlier) and later.tells_names != earlier.tells_names


def _hours(later: Reading, earlier: Reading) -> float | None:
    published, before = later.published, earlier.published
    if published is None or before is None:
        return None
    return round((published - before).total_seconds() / 3600, 2)
