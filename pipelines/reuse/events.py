"""Searching reports of one event that were written independently, by the names that they are about.

The index of facts (`index`) finds what was made from one another; two reports of an event seldom share two
facts. Here a text's names are looked up among those of the few days around it, and the texts that share
enough of them are related in full. What is kept are reports in their own words, as relations. Of a cluster
one text is compared for all: its origin, or the text that stands for it.

As with all comparing, the result depends on which texts there are, not on their order. So what is found
derived here joins no clusters: which text of a cluster is compared follows from the cluster itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from pipelines.reuse.comparison import later_first
from pipelines.reuse.keys import LEAST_WORDS
from pipelines.reuse.name_index import RARE, change, keys_under, members, weights
from pipelines.reuse.names import EVENT_DAYS, name_key, pack, period_of, periods_near, telling_names, unpack
from pipelines.reuse.relation import RelationKind, relate
from pipelines.reuse.settling import ORIGINAL, UNKNOWN
from pipelines.reuse.texts import Readings
from pipelines.store.chunks import chunks
from pipelines.store.reuse_schema import StoredCluster, StoredOrigin, StoredRelation, StoredText
from pipelines.store.schema import StoredArticle, table_of

LEAST_WEIGHT: Final = 2 * RARE
"""Weight of the names that two texts share, at the least: two that few others have, or four that some
have."""

LEAST_LEAD_WEIGHT: Final = RARE
"""Weight of those that stand in both leads. On the public benchmark's pages 150 pairs of one field share two
names within a fortnight, and none is left with these weights within days; of annotated reports most are."""

_OWN: Final = frozenset({RelationKind.INDEPENDENT, RelationKind.FOLLOWUP})
_AT_ONCE: Final = 100  # texts that are read at a time
_IN_A_STATEMENT: Final = 2_000  # texts or pairs of a list that a statement has twice

Pair = tuple[int, int]
"""Two texts, the smaller number first."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that is entered in the index of names, under a period."""

    id: int
    published: datetime
    names: Mapping[int, bool]
    period: int


class EventSearch:
    """Searches the reports of the events that texts tell of."""

    def __init__(self, readings: Readings) -> None:
        """Share the readings of the comparison."""
        self._readings = readings

    def seek(self, connection: Connection, limit: int) -> int:
        """Search for texts that were not searched for yet, at most `limit`; gives how many there were.

        For one transaction, in which nobody else writes.
        """
        self._name(connection, limit)
        taken = _take(connection, limit)
        entered = [text for text in taken.values() if text is not None]
        pairs = set(_pairs(connection, entered))
        _forget_others(connection, taken.keys(), pairs)
        unknown = sorted(pairs - _known(connection, pairs))
        for some in chunks(unknown, _AT_ONCE):
            self._relate(connection, some)
        return len(taken)

    def _name(self, connection: Connection, limit: int) -> None:
        """Note the names of texts that were compared before there were any."""
        table = table_of(StoredText)
        nameless = select(table.c.id).where(~table.c.sought, table.c.names.is_(None)).order_by(table.c.id)
        for some in chunks(connection.scalars(nameless.limit(limit)).all(), _AT_ONCE):
            rows = [{"its": text, "packed": b""} for text in some]
            readings = self._readings.of(connection, some)
            for row in rows:
                reading = readings.get(row["its"])
                if reading is not None and len(reading.words) >= LEAST_WORDS:
                    row["packed"] = pack(telling_names(reading))
            named = update(table).where(table.c.id == bindparam("its")).values(names=bindparam("packed"))
            connection.execute(named, rows)

    def _relate(self, connection: Connection, pairs: Sequence[Pair]) -> None:
        """Relate texts, and keep what is told in its own words."""
        table = table_of(StoredRelation)
        readings = self._readings.of(connection, {text for pair in pairs for text in pair})
        for pair in pairs:
            if not all(text in readings for text in pair):
                continue
            later, earlier = later_first(pair, readings)
            relation = relate(readings[later], readings[earlier])
            if relation.kind in _OWN:
                connection.execute(
                    insert(table).values(
                        later_id=later,
                        earlier_id=earlier,
                        relation=relation.kind.value,
                        figures=relation.to_record(),
                        by_names=True,
                    )
                )


def _take(connection: Connection, limit: int) -> dict[int, _Text | None]:
    """Texts to search for, as they are entered in the index now; nothing of those that are not to be."""
    table, clusters = table_of(StoredText), table_of(StoredCluster)
    rows = connection.execute(
        select(table.c.id, table.c.published, table.c.names, table.c.period, table.c.cluster_id)
        .outerjoin(clusters, clusters.c.id == table.c.cluster_id)
        .where(~table.c.sought, table.c.names.is_not(None))
        .where(or_(table.c.cluster_id.is_(None), clusters.c.settled))
        .order_by(table.c.id)
        .limit(limit)
    ).all()
    speakers = _speakers(connection, {row.cluster_id for row in rows if row.cluster_id is not None})
    taken: dict[int, _Text | None] = {}
    left, entered = {}, {}
    for row in rows:
        speaks = row.cluster_id is None or row.id in speakers
        period = period_of(row.published) if speaks and row.names and row.published else None
        taken[row.id] = None
        if period is not None:
            taken[row.id] = _Text(row.id, row.published, unpack(bytes(row.names)), period)
        if row.period not in (None, period):
            left[row.id] = keys_under(row.period, bytes(row.names))
        if period not in (None, row.period):
            entered[row.id] = keys_under(period, bytes(row.names))
    change(connection, left, entered)
    sought = update(table).where(table.c.id == bindparam("its"))
    sought = sought.values(sought=True, period=bindparam("under"))
    if taken:
        under = [{"its": its, "under": text.period if text else None} for its, text in taken.items()]
        connection.execute(sought, under)
    return taken


def _speakers(connection: Connection, clusters: Collection[int]) -> set[int]:
    """The text of each cluster that is compared for all: the origin's, or what stands for it."""
    origins, articles = table_of(StoredOrigin), table_of(StoredArticle)
    found: set[int] = set()
    for some in chunks(sorted(clusters)):
        speak = select(articles.c.text_id).join(origins, origins.c.article_id == articles.c.id)
        first = func.coalesce(origins.c.origin_id, origins.c.article_id) == origins.c.article_id
        told = origins.c.relation.in_((ORIGINAL, UNKNOWN))
        found.update(connection.scalars(speak.where(origins.c.cluster_id.in_(some), first, told)))
    return found


def _pairs(connection: Connection, texts: Sequence[_Text]) -> Iterator[Pair]:
    """Pairs of texts, one of which is given, that share enough names."""
    near = {text.id: periods_near(text.published) for text in texts}
    own = {name_key(text.period, name) for text in texts for name in text.names}
    telling = {key: its for key, its in weights(connection, own).items() if its}
    keys = {
        name_key(period, name)
        for text in texts
        for name in text.names
        if name_key(text.period, name) in telling
        for period in near[text.id]
    }
    around = weights(connection, keys - own)
    telling |= {key: its for key, its in around.items() if its}
    held = members(connection, telling.keys() & keys)
    shared = {text.id: _shared(text, near[text.id], telling, held) for text in texts}
    others = _load(connection, {other for found in shared.values() for other in found})
    for text in texts:
        for other in shared[text.id]:
            if _one_event(text, others[other], telling):
                yield min(text.id, other), max(text.id, other)


def _shared(
    text: _Text, near: Sequence[int], telling: Mapping[int, int], held: Mapping[int, Collection[int]]
) -> list[int]:
    """The texts that share names of enough weight with a text."""
    counts: Counter[int] = Counter()
    for name in text.names:
        own = telling.get(name_key(text.period, name), 0)
        for key in (name_key(period, name) for period in near if own):
            its = min(own, telling.get(key, 0))
            counts.update(dict.fromkeys(held.get(key, ()), its))
    return [other for other, its in counts.items() if its >= LEAST_WEIGHT and other != text.id]


def _one_event(text: _Text, other: _Text, telling: Mapping[int, int]) -> bool:
    """Whether two texts that share enough names came within days, and name some of them in their leads."""
    if abs(text.published - other.published) > timedelta(days=EVENT_DAYS):
        return False
    leading = [name for name, leads in text.names.items() if leads and other.names.get(name)]
    return sum(_weight(name, text, other, telling) for name in leading) >= LEAST_LEAD_WEIGHT


def _weight(name: int, text: _Text, other: _Text, telling: Mapping[int, int]) -> int:
    return min(telling.get(name_key(one.period, name), 0) for one in (text, other))


def _load(connection: Connection, texts: Collection[int]) -> dict[int, _Text]:
    table = table_of(StoredText)
    found = {}
    for some in chunks(sorted(texts)):
        rows = select(table.c.id, table.c.published, table.c.names, table.c.period)
        for row in connection.execute(rows.where(table.c.id.in_(some))):
            found[row.id] = _Text(row.id, row.published, unpack(bytes(row.names)), row.period)
    return found


def _forget_others(connection: Connection, texts: Collection[int], pairs: Collection[Pair]) -> None:
    """Delete what was found of texts by names that do not bring the two together any more."""
    table = table_of(StoredRelation)
    gone = []
    for some in chunks(sorted(texts), _IN_A_STATEMENT):
        either = or_(table.c.later_id.in_(some), table.c.earlier_id.in_(some))
        found = select(table.c.later_id, table.c.earlier_id).where(either, table.c.by_names)
        for later, earlier in connection.execute(found):
            if (min(later, earlier), max(later, earlier)) not in pairs:
                gone.append({"later": later, "earlier": earlier})
    if gone:
        its = (table.c.later_id == bindparam("later")) & (table.c.earlier_id == bindparam("earlier"))
        connection.execute(delete(table).where(its), gone)


def _known(connection: Connection, pairs: Collection[Pair]) -> set[Pair]:
    """Pairs whose relation was found already, by names or otherwise."""
    table = table_of(StoredRelation)
    found = set()
    for some in chunks(sorted(pairs), _IN_A_STATEMENT):
        texts = {text for pair in some for text in pair}
        between = select(table.c.later_id, table.c.earlier_id)
        between = between.where(table.c.later_id.in_(texts), table.c.earlier_id.in_(texts))
        for later, earlier in connection.execute(between):
            found.add((min(later, earlier), max(later, earlier)))
    return found
