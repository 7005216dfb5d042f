"""Settling clusters: the origin of each, and how every other article of it relates to the origin."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from pipelines.reuse.comparison import keep_relation
from pipelines.reuse.importers import IMPORTERS
from pipelines.reuse.name_index import let_speak
from pipelines.reuse.origin import Finding, IsPart, Tier, Verdict, Witness, find_origin
from pipelines.reuse.relation import RelationKind, is_part, relate
from pipelines.reuse.texts import Readings
from pipelines.store.chunks import chunks
from pipelines.store.reuse_schema import StoredCluster, StoredOrigin, StoredRelation, StoredText
from pipelines.store.schema import (
    ArticleFingerprint,
    StoredArticle,
    StoredFingerprint,
    StoredRevision,
    table_of,
)

ORIGINAL: Final = "original"
"""Relation of an article that the others of its cluster came from."""

UNKNOWN: Final = "unknown"
"""Relation of the two articles that the evidence does not decide between, and of the copy that stands for an
origin which the corpus does not hold."""

FINDINGS_KEPT: Final = 20
"""Findings that are kept with a cluster's origin: a hundred copies that say the same say no more."""

_TOLD: Final = (
    "id", "url", "site", "text_id", "published", "revised_at", "claimed_domain", "claimed_name",
    "claimed_kind", "claimed_evidence",
)  # fmt: skip
_LINKS_TRIED: Final = 200  # copies through which one that does not look like the origin may have come
_AT_ONCE: Final = 100


class Settler:
    """Settles clusters whose articles changed."""

    def __init__(self, readings: Readings) -> None:
        """Share the readings of the comparison."""
        self._readings = readings
        self._decided_to = 0

    def settle(self, connection: Connection, limit: int) -> int:
        """Settle clusters, at most `limit`; gives how many there were. For one transaction."""
        table = table_of(StoredCluster)
        waiting = select(table.c.id).where(~table.c.settled).order_by(table.c.id).limit(limit)
        clusters = connection.scalars(waiting).all()
        for cluster in clusters:
            self._settle(connection, cluster)
        return len(clusters)

    def decide(self, connection: Connection, limit: int) -> int:
        """Settle again clusters that only the reputation of sites decides, now that all others are settled.

        At most `limit`, and on from where the call before ended; gives how many there were, and begins anew
        after the last.
        """
        table = table_of(StoredCluster)
        next_ones = select(table.c.id).where(~table.c.decided, table.c.id > self._decided_to)
        clusters = connection.scalars(next_ones.order_by(table.c.id).limit(limit)).all()
        for cluster in clusters:
            self._settle(connection, cluster)
        self._decided_to = clusters[-1] if clusters else 0
        return len(clusters)

    def _settle(self, connection: Connection, cluster: int) -> None:
        witnesses = _witnesses(connection, cluster)
        origins, own, texts = table_of(StoredOrigin), table_of(StoredCluster), table_of(StoredText)
        connection.execute(delete(origins).where(origins.c.cluster_id == cluster))
        for some in chunks(one.id for one in witnesses):  # rows of clusters that a revision took them out of
            connection.execute(delete(origins).where(origins.c.article_id.in_(some)))
        if len(witnesses) < 2:
            left = update(texts).where(texts.c.cluster_id == cluster)
            connection.execute(left.values(cluster_id=None, sought=False))
            connection.execute(delete(own).where(own.c.id == cluster))
            return
        reputation = _reputation(connection, {one.site for one in witnesses})
        verdict = find_origin(witnesses, self._parts(connection), reputation)
        nearest = verdict.origin or min(witnesses, key=lambda one: one.rank)
        relations = self._relations(connection, witnesses, nearest)
        _keep_only(connection, {one.text for one in witnesses}, nearest.text)
        rows = [_row(one, cluster, verdict, nearest, relations) for one in witnesses]
        connection.execute(insert(origins), rows)
        connection.execute(
            update(own).where(own.c.id == cluster).values(settled=True, decided=verdict.of_itself)
        )
        let_speak(connection, cluster, nearest.text)

    def _parts(self, connection: Connection) -> IsPart:
        def part(one: Witness, other: Witness) -> bool:
            if one.text == other.text or one.words >= other.words:
                return False
            readings = self._readings.of(connection, {one.text, other.text})
            return is_part(readings[one.text], readings[other.text])

        return part

    def _relations(
        self, connection: Connection, witnesses: Sequence[Witness], nearest: Witness
    ) -> dict[int, tuple[str, str]]:
        """How each text relates to that of the nearest article, and why."""
        found: dict[int, tuple[str, str]] = {nearest.text: (RelationKind.VERBATIM.value, "word for word")}
        distant: list[int] = []
        ordered = list(dict.fromkeys(one.text for one in sorted(witnesses, key=lambda one: one.rank)))
        found |= _known(connection, ordered, nearest.text)
        for some in chunks((text for text in ordered if text not in found), _AT_ONCE):
            readings = self._readings.of(connection, {nearest.text, *some})
            for text in some:
                relation = relate(readings[text], readings[nearest.text])
                if relation.kind.derived:
                    keep_relation(connection, text, nearest.text, relation)
                    found[text] = (relation.kind.value, relation.reason)
                else:
                    distant.append(text)
        for text in distant:
            found[text] = self._through_another(connection, text, ordered, nearest.text)
        return found

    def _through_another(
        self, connection: Connection, text: int, ordered: Sequence[int], nearest: int
    ) -> tuple[str, str]:
        """How a text relates to the first other that it is linked with, where it is not to the nearest."""
        others = [one for one in ordered if one not in (text, nearest)][:_LINKS_TRIED]
        for some in chunks(others, _AT_ONCE):
            readings = self._readings.of(connection, {text, *some})
            for other in some:
                relation = relate(readings[text], readings[other])
                if relation.kind.derived:
                    return relation.kind.value, f"through another copy: {relation.reason}"
        return RelationKind.REWRITTEN.value, "linked by copies between them"


def _witnesses(connection: Connection, cluster: int) -> list[Witness]:
    """The articles of a cluster."""
    articles, texts, revisions = table_of(StoredArticle), table_of(StoredText), table_of(StoredRevision)
    columns = [articles.c[name] for name in _TOLD]
    rows = connection.execute(
        select(*columns, texts.c.words, revisions.c.revised_at.label("first_revised_at"))
        .join(texts, texts.c.id == articles.c.text_id)
        .outerjoin(revisions, and_(revisions.c.article_id == articles.c.id, revisions.c.revision == 1))
        .where(texts.c.cluster_id == cluster)
        .order_by(articles.c.id)
    ).all()
    importers = _importers(connection, [row.id for row in rows])
    return [
        Witness(
            id=row.id,
            url=row.url or "",
            site=row.site or "",
            text=row.text_id,
            words=row.words,
            published=row.published,
            first_seen=row.first_revised_at or row.revised_at,
            claimed_domain=row.claimed_domain,
            claimed_name=row.claimed_name,
            claimed_kind=row.claimed_kind,
            claim=row.claimed_evidence or "",
            importer=importers.get(row.id, ""),
        )
        for row in rows
    ]


def _importers(connection: Connection, articles: Collection[int]) -> dict[int, str]:
    """The plugin that takes articles from elsewhere, of each article whose page carries one."""
    prints, links = table_of(StoredFingerprint), table_of(ArticleFingerprint)
    found: dict[int, str] = {}
    for some in chunks(sorted(articles)):
        rows = connection.execute(
            select(links.c.article_id, prints.c.value)
            .join(prints, prints.c.id == links.c.fingerprint_id)
            .where(links.c.article_id.in_(some), prints.c.kind == "wordpress-plugin")
            .where(prints.c.value.in_(sorted(IMPORTERS)))
            .order_by(prints.c.value)
        )
        for article, plugin in rows:
            found.setdefault(article, plugin)
    return found


def _reputation(connection: Connection, sites: Collection[str]) -> dict[str, int]:
    """How many other clusters each site is the origin of, by their own evidence."""
    origins, clusters = table_of(StoredOrigin), table_of(StoredCluster)
    counted = (
        select(origins.c.origin_site, func.count())
        .join(clusters, clusters.c.id == origins.c.cluster_id)
        .where(origins.c.origin_site.in_(sorted(sites)), origins.c.relation == ORIGINAL, clusters.c.decided)
        .group_by(origins.c.origin_site)
    )
    return {str(site): int(count) for site, count in connection.execute(counted)}


def _known(connection: Connection, texts: Collection[int], nearest: int) -> dict[int, tuple[str, str]]:
    """The relations to a text that were found before."""
    table = table_of(StoredRelation)
    wanted, found = set(texts), {}
    rows = select(table.c.later_id, table.c.relation, table.c.figures).where(table.c.earlier_id == nearest)
    for later, relation, figures in connection.execute(rows):
        if later in wanted and RelationKind(relation).derived:
            found[later] = (relation, figures["reason"])
    return found


def _keep_only(connection: Connection, texts: Collection[int], nearest: int) -> None:
    """Delete the relations between texts of a cluster, but those of copies to the one that they came from.

    What else there is joined the cluster, or was found before it was joined: it depends on the order of
    arrival.
    """
    table = table_of(StoredRelation)
    within = set(texts)
    for some in chunks(sorted(within)):
        pairs = connection.execute(
            select(table.c.later_id, table.c.earlier_id, table.c.relation).where(table.c.later_id.in_(some))
        ).all()
        for later, earlier, relation in pairs:
            if earlier in within and not (earlier == nearest and RelationKind(relation).derived):
                pair = and_(table.c.later_id == later, table.c.earlier_id == earlier)
                connection.execute(delete(table).where(pair))


def _row(
    one: Witness, cluster: int, verdict: Verdict, nearest: Witness, relations: dict[int, tuple[str, str]]
) -> dict[str, Any]:
    """The row of an article: where it came from, and what says so."""
    relation, reason = relations[one.text]
    evidence = [finding.to_record() for finding in verdict.findings[:FINDINGS_KEPT]]
    if one not in (nearest, verdict.rival):
        own = [finding for finding in verdict.findings if finding.shown_by == one.url]
        evidence = [
            finding.to_record() for finding in (Finding(Tier.TEXT, nearest.url, one.url, reason), *own)
        ]
    elif verdict.origin is not None and verdict.rival is None:
        relation = ORIGINAL
    else:
        relation = UNKNOWN
    return {
        "article_id": one.id,
        "cluster_id": cluster,
        "origin_id": verdict.origin.id if verdict.origin else None,
        "rival_id": verdict.rival.id if verdict.rival else None,
        "origin_site": verdict.site,
        "relation": relation,
        "evidence": evidence,
    }
