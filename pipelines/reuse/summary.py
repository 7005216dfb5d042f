"""What comparing found, in numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipelines.reuse.relation import RelationKind
from pipelines.reuse.settling import ORIGINAL, UNKNOWN
from pipelines.store.reuse_schema import StoredOrigin
from pipelines.store.schema import StoredArticle


@dataclass(frozen=True, slots=True)
class SiteCopies:
    """How many articles of a site came from another one."""

    site: str
    origin: str
    articles: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Articles and clusters of a database, how many clusters are of unknown origin, articles by relation, and
    the copies of each pair of sites, the most first."""

    articles: int
    clusters: int
    undecided: int
    relations: Mapping[str, int]
    copies: Sequence[SiteCopies]


def relation_counts(session: Session) -> dict[str, int]:
    """How many articles of a database are of each relation to their origin; some have no copies."""
    by_relation = select(StoredOrigin.relation, func.count()).group_by(StoredOrigin.relation)
    counts = {str(relation): int(count) for relation, count in session.execute(by_relation)}
    order = [ORIGINAL, *(kind.value for kind in RelationKind), UNKNOWN]
    return {relation: counts[relation] for relation in order if relation in counts}


def summarise(session: Session) -> Summary:
    """Count what was found in a database."""
    clusters = select(func.count(StoredOrigin.cluster_id.distinct()))
    pairs = (
        select(StoredArticle.site, StoredOrigin.origin_site, func.count().label("copies"))
        .join(StoredArticle, StoredArticle.id == StoredOrigin.article_id)
        .where(StoredOrigin.origin_site.is_not(None), StoredOrigin.relation != ORIGINAL)
        .group_by(StoredArticle.site, StoredOrigin.origin_site)
    )
    copies = [SiteCopies(site or "", origin or "", count) for site, origin, count in session.execute(pairs)]
    return Summary(
        articles=session.scalar(select(func.count(StoredArticle.id))) or 0,
        clusters=session.scalar(clusters) or 0,
        undecided=session.scalar(clusters.where(StoredOrigin.origin_site.is_(None))) or 0,
        relations=relation_counts(session),
        copies=sorted(copies, key=lambda pair: (-pair.articles, pair.site, pair.origin)),
    )
