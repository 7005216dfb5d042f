"""What the cleaner said of blocks that the memory of their site typed, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from cleaners.article import Article, BlockType
from cleaners.repetition import FirstVerdict, RetypedArticle
from pipelines.store.repetition_schema import StoredFirstVerdict
from pipelines.store.schema import table_of


def keep_first_verdicts(connection: Connection, articles: Mapping[int, Article]) -> None:
    """Keep what was said first of the blocks of articles, by the articles' numbers; what is held of them must
    be gone."""
    rows = [
        {"article_id": article_id, "position": position, **asdict(verdict)}
        for article_id, article in articles.items()
        if isinstance(article, RetypedArticle)
        for position, verdict in article.first.items()
    ]
    if rows:
        connection.execute(insert(table_of(StoredFirstVerdict)), rows)


def first_verdicts(session: Session, ids: Collection[int]) -> dict[int, dict[int, FirstVerdict]]:
    """What was said first of the blocks of articles, by article and place; those without any are left out."""
    result: dict[int, dict[int, FirstVerdict]] = {}
    for row in session.scalars(select(StoredFirstVerdict).where(StoredFirstVerdict.article_id.in_(ids))):
        verdict = FirstVerdict(BlockType(row.type), row.confidence, row.reason)
        result.setdefault(row.article_id, {})[row.position] = verdict
    return result
