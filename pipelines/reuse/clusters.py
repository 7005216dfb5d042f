"""Clusters in the database: texts that were made from one another, joined as links are found."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from pipelines.reuse.keys import LEAST_WORDS
from pipelines.store.chunks import chunks
from pipelines.store.reuse_schema import StoredCluster, StoredOrigin, StoredRelation, StoredText
from pipelines.store.schema import StoredArticle, table_of


class Clusters:
    """The clusters of the texts of one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Know of no text yet."""
        self._connection = connection
        self._of: dict[int, int | None] = {}

    def load(self, texts: Iterable[int]) -> None:
        """Learn which clusters texts are of; those that are not in the database are in none."""
        table = table_of(StoredText)
        for some in chunks(sorted(set(texts) - self._of.keys())):
            self._of.update(dict.fromkeys(some))
            held = select(table.c.id, table.c.cluster_id).where(table.c.id.in_(some))
            self._of.update((text, cluster) for text, cluster in self._connection.execute(held))

    def joined(self, one: int, other: int) -> bool:
        """Whether two texts are of one cluster."""
        return self._of[one] is not None and self._of[one] == self._of[other]

    def join(self, one: int, other: int) -> None:
        """Make two texts' clusters one, which has to be settled (again)."""
        clusters = sorted({cluster for text in (one, other) if (cluster := self._of[text]) is not None})
        kept = clusters[0] if clusters else self._new()
        for cluster in clusters[1:]:
            self._merge(cluster, kept)
        for text in (one, other):
            self._put(text, kept)
        self.unsettle({kept})

    def unsettle(self, clusters: Collection[int]) -> None:
        """Note that clusters have to be settled again."""
        table = table_of(StoredCluster)
        for some in chunks(sorted(clusters)):
            self._connection.execute(update(table).where(table.c.id.in_(some)).values(settled=False))

    def articles_changed(self, texts: Collection[int]) -> None:
        """Have the clusters of texts settled again; a text that several articles have makes one by itself."""
        self.load(texts)
        self.unsettle({cluster for text in texts if (cluster := self._of[text]) is not None})
        articles, table = table_of(StoredArticle), table_of(StoredText)
        for some in chunks(sorted(text for text in texts if self._of[text] is None)):
            counted = select(articles.c.text_id).join(table, table.c.id == articles.c.text_id)
            counted = counted.where(articles.c.text_id.in_(some), table.c.words >= LEAST_WORDS)
            for text in self._connection.scalars(
                counted.group_by(articles.c.text_id).having(func.count() > 1).order_by(articles.c.text_id)
            ):
                self._put(text, self._new())

    def dissolve(self, clusters: Collection[int]) -> set[int]:
        """Undo clusters, and what was found of their texts; gives the texts, to be compared again."""
        table, origins, own = table_of(StoredText), table_of(StoredOrigin), table_of(StoredCluster)
        freed: set[int] = set()
        for some in chunks(sorted(clusters)):
            freed.update(self._connection.scalars(select(table.c.id).where(table.c.cluster_id.in_(some))))
            self._connection.execute(
                update(table).where(table.c.cluster_id.in_(some)).values(cluster_id=None)
            )
            self._connection.execute(delete(origins).where(origins.c.cluster_id.in_(some)))
            self._connection.execute(delete(own).where(own.c.id.in_(some)))
        self._of.update(dict.fromkeys(freed))
        forget_relations(self._connection, freed)
        return freed

    def of(self, texts: Collection[int]) -> set[int]:
        """The clusters that texts are of."""
        self.load(texts)
        return {cluster for text in texts if (cluster := self._of[text]) is not None}

    def _new(self) -> int:
        table = table_of(StoredCluster)
        made = insert(table).values(settled=False, decided=True).returning(table.c.id)
        return int(self._connection.execute(made).scalar_one())

    def _put(self, text: int, cluster: int) -> None:
        if self._of[text] != cluster:
            table = table_of(StoredText)
            self._connection.execute(update(table).where(table.c.id == text).values(cluster_id=cluster))
            self._of[text] = cluster

    def _merge(self, cluster: int, kept: int) -> None:
        table, origins, own = table_of(StoredText), table_of(StoredOrigin), table_of(StoredCluster)
        self._connection.execute(update(table).where(table.c.cluster_id == cluster).values(cluster_id=kept))
        self._connection.execute(delete(origins).where(origins.c.cluster_id == cluster))
        self._connection.execute(delete(own).where(own.c.id == cluster))
        for text, its in self._of.items():
            if its == cluster:
                self._of[text] = kept


def forget_relations(connection: Connection, texts: Collection[int]) -> None:
    """Delete what was found of texts and any others."""
    table = table_of(StoredRelation)
    for some in chunks(sorted(texts)):
        either = or_(table.c.later_id.in_(some), table.c.earlier_id.in_(some))
        connection.execute(delete(table).where(either))
