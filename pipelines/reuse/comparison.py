"""Comparing articles with the corpus as they come in: candidates, relations, clusters.

The result depends on the articles that there are, not on the order in which they came: whether two texts are
compared, and what comes of it, is said by the two and by how common their keys are in the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, and_, insert, select

from pipelines.reuse.clusters import Clusters, forget_relations
from pipelines.reuse.index import enter
from pipelines.reuse.keys import keys_of
from pipelines.reuse.names import same_subject
from pipelines.reuse.reading import Reading
from pipelines.reuse.relation import Relation, RelationKind, relate
from pipelines.reuse.texts import Readings, take
from pipelines.store.chunks import chunks
from pipelines.store.reuse_schema import StoredRelation
from pipelines.store.schema import table_of

_AT_ONCE: Final = 100  # texts that are read at a time
_CANDIDATES_AT_ONCE: Final = 16  # of a text: mostly one of the first is of the cluster that all others are of


class Comparer:
    """Compares articles with all others; keeps readings from one batch to the next."""

    def __init__(self) -> None:
        """Know of nothing yet."""
        self.readings: Final = Readings()

    def compare(self, connection: Connection, limit: int) -> int:
        """Compare articles that were not compared yet, at most `limit`; gives how many there were.

        For one transaction, in which nobody else writes.
        """
        taken = take(connection, limit)
        clusters = Clusters(connection)
        waiting = set(taken.fresh) | clusters.dissolve(taken.broken)
        forget_relations(connection, taken.fresh)
        self.readings.forget(taken.fresh)
        changed = set(taken.touched)
        while waiting:
            changed |= waiting
            waiting = self._compare_texts(connection, clusters, waiting)
        clusters.articles_changed(changed)
        return taken.articles

    def _compare_texts(self, connection: Connection, clusters: Clusters, texts: set[int]) -> set[int]:
        """Compare texts with their candidates; gives those that have to be compared again."""
        keys = {
            text: keys_of(reading)
            for some in chunks(sorted(texts), _AT_ONCE)
            for text, reading in self.readings.of(connection, some).items()
        }
        entered = enter(connection, keys)
        again: set[int] = set()
        for parted in entered.parted:
            again |= _part(connection, clusters, parted)
        for text in sorted(keys):
            candidates = entered.candidates(text, keys[text])
            others = [other for other in candidates if other > text or other not in keys]  # else it was done
            clusters.load([text, *others])
            for some in chunks(others, _CANDIDATES_AT_ONCE):
                self._compare_with(connection, clusters, text, some)
        return again

    def _compare_with(self, connection: Connection, clusters: Clusters, text: int, others: list[int]) -> None:
        """Relate a text to others, and join it with those that it was made from or that were made from it."""
        wanted = [other for other in others if not clusters.joined(text, other)]
        if not wanted:
            return
        readings = self.readings.of(connection, [text, *wanted])
        for other in wanted:
            if other not in readings or clusters.joined(text, other):
                continue
            later, earlier = later_first((text, other), readings)
            relation = relate(readings[later], readings[earlier])
            if relation.kind.derived:
                clusters.join(text, other)
            elif relation.kind is RelationKind.UNRELATED or not same_subject(readings[text], readings[other]):
                continue
            keep_relation(connection, later, earlier, relation)


def later_first(pair: tuple[int, int], readings: Mapping[int, Reading]) -> tuple[int, int]:
    """Two texts in the order of their dates, the later one first."""
    one, other = pair
    return (one, other) if _age(readings[one]) >= _age(readings[other]) else (other, one)


def keep_relation(connection: Connection, later: int, earlier: int, relation: Relation) -> None:
    """Write how a text relates to an earlier one, unless that is known."""
    table = table_of(StoredRelation)
    pair = and_(table.c.later_id == later, table.c.earlier_id == earlier)
    if connection.execute(select(table.c.relation).where(pair)).first() is None:
        connection.execute(
            insert(table).values(
                later_id=later, earlier_id=earlier, relation=relation.kind.value, figures=relation.to_record()
            )
        )


def _age(reading: Reading) -> tuple[datetime, tuple[str, ...]]:
    """What orders two texts: their dates, and where these agree their words."""
    return (reading.published or datetime.max.replace(tzinfo=UTC), reading.words)


def _part(connection: Connection, clusters: Clusters, texts: set[int]) -> set[int]:
    """Undo what was found of texts that shared a key which tells nothing any more."""
    table = table_of(StoredRelation)
    between = and_(table.c.later_id.in_(sorted(texts)), table.c.earlier_id.in_(sorted(texts)))
    pairs = connection.execute(select(table.c.later_id, table.c.earlier_id).where(between)).all()
    related = {text for pair in pairs for text in pair}
    together = _together(clusters, texts)
    again = clusters.dissolve(clusters.of(together))
    forget_relations(connection, related - again)
    return again | related


def _together(clusters: Clusters, texts: set[int]) -> set[int]:
    """Those of some texts that are of one cluster with another of them."""
    clusters.load(texts)
    return {one for one in texts if any(clusters.joined(one, other) for other in texts - {one})}
