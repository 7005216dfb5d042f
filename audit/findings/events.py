"""Articles that tell of the same event, each in its own words.

Relations are between texts; where a text has copies, that of any of them stands for its whole cluster.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import Enum, auto
from itertools import islice
from typing import Any, Final

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, aliased

from pipelines.reuse.account import MOST_LISTED
from pipelines.reuse.relation import RelationKind
from pipelines.reuse.settling import ORIGINAL, UNKNOWN
from pipelines.store.chunks import chunks
from pipelines.store.reuse_schema import StoredRelation, StoredText

_SAME_EVENT: Final = (RelationKind.INDEPENDENT.value, RelationKind.FOLLOWUP.value)


class Kind(Enum):
    """What a telling is: a text without copies, or a cluster of those that were made from one another."""

    TEXT = auto()
    CLUSTER = auto()


Telling = tuple[Kind, int]
"""A text or cluster by its number."""

Events = Mapping[Telling, Collection[Telling]]
"""The other tellings of the event that each tells of."""


def read_events(session: Session, rows: Collection[Row[Any]] | None) -> Events:
    """The tellings of one event, each with the others, where one is of some articles; `None` is of all."""
    found: defaultdict[Telling, set[Telling]] = defaultdict(set)
    for query in _pairs(rows):
        for later, later_cluster, earlier, earlier_cluster in session.execute(query):
            one, other = _telling(later_cluster, later), _telling(earlier_cluster, earlier)
            found[one].add(other)
            found[other].add(one)
    return dict(found)


def same_event(
    rows: Collection[Row[Any]], events: Events, no_site: str | None = None
) -> dict[int, tuple[int, ...]]:
    """For each article those of other sites that tell of its event, by number, the first `MOST_LISTED`.

    Those of `no_site` have none that is known, so that each may be of another. Of articles made from one
    another only that stands for them which is no copy: the origin, or those that may be.
    """
    standing: defaultdict[Telling, list[int]] = defaultdict(list)
    sites = {row.id: row.site for row in rows}
    for row in rows:
        own = _telling_of(row)
        if own is not None and row.relation in {None, ORIGINAL, UNKNOWN}:
            standing[own].append(row.id)
    others = {
        own: sorted(number for other in related for number in standing[other])
        for own, related in events.items()
    }
    return {
        row.id: tuple(
            islice((n for n in others[own] if sites[n] != row.site or row.site == no_site), MOST_LISTED)
        )
        for row in rows
        if (own := _telling_of(row)) in others
    }


def _telling(cluster: int | None, text: int) -> Telling:
    return (Kind.TEXT, text) if cluster is None else (Kind.CLUSTER, cluster)


def _telling_of(row: Row[Any]) -> Telling | None:
    if row.cluster_id is None and row.text_id is None:
        return None
    return _telling(row.cluster_id, row.text_id)


def _pairs(rows: Iterable[Row[Any]] | None) -> Iterator[Select[int, int | None, int, int | None]]:
    """Statements that give the pairs of texts that tell of one event, each with its cluster."""
    ends = later, earlier = aliased(StoredText), aliased(StoredText)
    pairs = (
        select(later.id, later.cluster_id, earlier.id, earlier.cluster_id)
        .join(StoredRelation, StoredRelation.later_id == later.id)
        .join(earlier, earlier.id == StoredRelation.earlier_id)
        .where(StoredRelation.relation.in_(_SAME_EVENT))
    )
    if rows is None:
        yield pairs
        return
    tellings = {telling for row in rows if (telling := _telling_of(row)) is not None}
    for end in ends:
        for kind, column in ((Kind.TEXT, end.id), (Kind.CLUSTER, end.cluster_id)):
            for some in chunks(sorted(number for of, number in tellings if of is kind)):
                yield pairs.where(column.in_(some))
