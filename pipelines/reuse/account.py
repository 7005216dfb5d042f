"""What is known of one article: where it came from, what says so, and who took it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from pipelines.reuse.relation import RelationKind
from pipelines.store.reuse_schema import StoredOrigin, StoredRelation
from pipelines.store.schema import StoredArticle

MOST_LISTED: Final = 100
"""Articles of a cluster, and of others that tell of the same event, that are listed."""


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of an article.

    `relation`, `origin`, `rival` and `origin_site` are those of `StoredOrigin`, with addresses for numbers,
    and empty for an article without copies. `figures` are of its text and its origin's. `cluster` are the
    other articles of its cluster with their relations, `event` those that tell of the same event in their own
    way.
    """

    url: str
    relation: str | None
    origin: str | None
    rival: str | None
    origin_site: str | None
    evidence: Sequence[Mapping[str, Any]]
    figures: Mapping[str, Any]
    cluster: Sequence[tuple[str, str]]
    event: Sequence[tuple[str, str]]


def account_of(session: Session, url: str) -> Account:
    """What is known of the article at an address. Raises `LookupError` if the database holds none."""
    article = session.scalar(select(StoredArticle).where(StoredArticle.url == url))
    if article is None:
        raise LookupError(f"the database holds no article of {url}")
    found = session.get(StoredOrigin, article.id)
    origin = session.get(StoredArticle, found.origin_id) if found and found.origin_id else None
    rival = session.get(StoredArticle, found.rival_id) if found and found.rival_id else None
    return Account(
        url=url,
        relation=found.relation if found else None,
        origin=origin.url if origin else None,
        rival=rival.url if rival else None,
        origin_site=found.origin_site if found else None,
        evidence=found.evidence if found else [],
        figures=_figures(session, article, origin),
        cluster=_cluster(session, article, found) if found else [],
        event=_event(session, article),
    )


def _figures(session: Session, article: StoredArticle, origin: StoredArticle | None) -> Mapping[str, Any]:
    if origin is None or article.text_id is None or origin.text_id is None:
        return {}
    relation = session.get(StoredRelation, (article.text_id, origin.text_id))
    return relation.figures if relation else {}


def _cluster(session: Session, article: StoredArticle, found: StoredOrigin) -> list[tuple[str, str]]:
    others = (
        select(StoredArticle.url, StoredOrigin.relation)
        .join(StoredOrigin, StoredOrigin.article_id == StoredArticle.id)
        .where(StoredOrigin.cluster_id == found.cluster_id, StoredArticle.id != article.id)
        .order_by(StoredArticle.published, StoredArticle.url)
        .limit(MOST_LISTED)
    )
    return [(url or "", relation) for url, relation in session.execute(others)]


def _event(session: Session, article: StoredArticle) -> list[tuple[str, str]]:
    """Articles that tell of the same event: whether the other one is a followup, or this one of it."""
    other = aliased(StoredArticle)
    own = [kind.value for kind in RelationKind if not kind.derived]
    pairs = (
        select(other.url, StoredRelation.relation)
        .where(StoredRelation.relation.in_(own))
        .where(
            or_(
                (StoredRelation.later_id == article.text_id) & (StoredRelation.earlier_id == other.text_id),
                (StoredRelation.earlier_id == article.text_id) & (StoredRelation.later_id == other.text_id),
            )
        )
        .order_by(other.published, other.url)
        .limit(MOST_LISTED)
    )
    return [(url or "", relation) for url, relation in session.execute(pairs)]
