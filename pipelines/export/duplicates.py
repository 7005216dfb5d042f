"""Which of the chosen articles say what another chosen one says, and which of them stays.

The articles of a cluster are taken one by one: its origin, then the longest first. One is a duplicate
if the relation between it and one that stays is among those that are asked for. That is the relation which
the database has for the two; for two copies of one origin of which it has none, the further one of theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from pipelines.export.options import DUPLICATES, Relation
from pipelines.export.survey import NONE, RELATIONS, Survey, column
from pipelines.store.reuse_schema import StoredRelation

_TEXTS_AT_A_TIME: Final = 500  # enough that a query costs little a text

_Pairs = dict[int, dict[int, Relation]]  # text -> text -> how they relate, both ways


class Why(StrEnum):
    """Why the other article was kept."""

    ORIGIN = "origin"
    """It is the duplicate's origin."""

    LONGEST = "longest"
    """It is the longest of those that are chosen; the origin is known, and not among them."""

    ORIGIN_UNKNOWN = "origin-unknown"
    """It is the longest, as nobody knows which one is the origin."""

    NEAREST = "nearest"
    """It relates to the duplicate by what is asked for; the origin, which is kept as well, does not."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An article that is left out and the one that stays for it, by their positions in the survey."""

    removed: int
    kept: int
    relation: Relation
    why: Why


def duplicates(
    connection: Connection, found: Survey, chosen: NDArray[np.int64], relations: frozenset[Relation]
) -> list[Duplicate]:
    """The duplicates among the chosen articles, where articles that relate so are duplicates."""
    said: list[Duplicate] = []
    for members, pairs in _clusters(connection, found, chosen):
        said += _Cluster(found, pairs, relations).duplicates(members)
    return said


class _Cluster:
    """The decisions on one cluster. `_kept` holds those that stay, in order; the rest finds them quickly."""

    def __init__(self, found: Survey, pairs: _Pairs, wanted: frozenset[Relation]) -> None:
        self._found = found
        self._pairs = pairs
        self._wanted = wanted
        self._kept: list[int] = []
        self._with_text: dict[int, int] = {}
        self._first_with: dict[Relation, int] = {}

    def duplicates(self, members: Sequence[int]) -> list[Duplicate]:
        """Of members of the cluster, in the order of preference, the duplicates of earlier ones."""
        said = []
        for member in members:
            duplicate = self._duplicate(member)
            if duplicate is None:
                self._with_text.setdefault(self._found.text[member], len(self._kept))
                self._first_with.setdefault(self._relation(member), len(self._kept))
                self._kept.append(member)
            else:
                said.append(duplicate)
        return said

    def _duplicate(self, member: int) -> Duplicate | None:
        for number in sorted(self._candidates(member)):
            kept = self._kept[number]
            relation = self._between(member, kept)
            if relation in self._wanted:
                return Duplicate(member, kept, relation, self._why(member, kept))
        return None

    def _candidates(self, member: int) -> set[int]:
        """Those of the kept ones that matter, by their numbers: there may be thousands of them.

        With the others a member's relation is the same as with the first that relates so to its origin.
        """
        text = self._found.text[member]
        near = {self._with_text.get(other) for other in (text, *self._pairs.get(text, ()))}
        return {number for number in near if number is not None} | set(self._first_with.values())

    def _between(self, member: int, kept: int) -> Relation:
        found = self._found
        if found.text[member] == found.text[kept] != NONE:
            return Relation.VERBATIM
        own = self._relation(member)
        if found.origin[member] == found.ids[kept] and own in DUPLICATES:
            return own
        known = self._pairs.get(found.text[member], {}).get(found.text[kept])
        if known is not None:
            return known
        other = self._relation(kept)
        if found.origin[member] != found.origin[kept] or not {own, other} <= set(DUPLICATES):
            return Relation.UNKNOWN
        return max(own, other, key=DUPLICATES.index)

    def _why(self, member: int, kept: int) -> Why:
        if not self._found.origin_known[member]:
            return Why.ORIGIN_UNKNOWN
        if self._found.origin[member] == self._found.ids[kept]:
            return Why.ORIGIN
        return Why.NEAREST if Relation.ORIGINAL in self._first_with else Why.LONGEST

    def _relation(self, position: int) -> Relation:
        return RELATIONS[self._found.relation[position]]


def _clusters(
    connection: Connection, found: Survey, chosen: NDArray[np.int64]
) -> Iterator[tuple[Sequence[int], _Pairs]]:
    """The clusters of which several articles are chosen, with what the database knows of their pairs."""
    waiting: list[Sequence[int]] = []
    texts: set[int] = set()
    for members in _members(found, chosen):
        waiting.append(members)
        texts |= {found.text[member] for member in members}
        if len(texts) >= _TEXTS_AT_A_TIME:
            pairs = _pairs(connection, texts)
            yield from ((cluster, pairs) for cluster in waiting)
            waiting, texts = [], set()
    pairs = _pairs(connection, texts)
    yield from ((cluster, pairs) for cluster in waiting)


def _members(found: Survey, chosen: NDArray[np.int64]) -> Iterator[Sequence[int]]:
    """The chosen articles of each cluster that has several, those first that should rather stay."""
    clusters = column(found.cluster)[chosen]
    chosen, clusters = chosen[clusters != NONE], clusters[clusters != NONE]
    order = np.lexsort(
        (
            column(found.key_low)[chosen],
            column(found.key_high)[chosen],
            column(found.published)[chosen],
            -column(found.words)[chosen].astype(np.int64),
            column(found.relation)[chosen] != RELATIONS.index(Relation.ORIGINAL),
            clusters,
        )
    )
    chosen, clusters = chosen[order], clusters[order]
    for members in np.split(chosen, np.flatnonzero(np.diff(clusters)) + 1):
        if len(members) > 1:
            yield members.tolist()


def _pairs(connection: Connection, texts: Iterable[int]) -> _Pairs:
    pairs: _Pairs = defaultdict(dict)
    later, earlier = StoredRelation.later_id, StoredRelation.earlier_id
    asked = sorted(texts)
    for begin in range(0, len(asked), _TEXTS_AT_A_TIME):
        query = select(later, earlier, StoredRelation.relation).where(
            later.in_(asked[begin : begin + _TEXTS_AT_A_TIME]), StoredRelation.relation.in_(DUPLICATES)
        )
        for one, other, relation in connection.execute(query):
            pairs[one][other] = pairs[other][one] = Relation(relation)
    return pairs
