"""What `relate` and the corpus make of republished stories: what the scorer of stories calls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from cleaners.article import Article, Block, BlockType
from cleaners.claims import claimed_source
from pipelines.deduplicate import deduplicate
from pipelines.reuse.reading import Reading, Story, read
from pipelines.reuse.relation import relate
from pipelines.reuse.settling import ORIGINAL, UNKNOWN
from pipelines.store import Store
from pipelines.store.reuse_schema import StoredOrigin
from pipelines.store.schema import StoredArticle


def pairs(later: dict[str, Any], earlier: dict[str, Any]) -> str:
    """The relation of a later document to an earlier one."""
    return relate(_reading(later), _reading(earlier)).kind


def _reading(document: dict[str, Any]) -> Reading:
    return read(
        Story(
            paragraphs=tuple(document["paragraphs"]),
            language=document["language"],
            title=document["title"],
            published=datetime.fromisoformat(document["published"]),
        )
    )


def trace(documents: list[dict[str, Any]]) -> dict[str, tuple[str | None, str]]:
    """The origin and the relation of every document of a collection, by way of a database in memory."""
    names = {document["url"]: document["id"] for document in documents}
    with Store("sqlite://") as store:
        for document in documents:
            store.save(_article(document))
        deduplicate(store)
        with store.session() as session:
            found = session.execute(
                select(StoredArticle.url, StoredOrigin).outerjoin(
                    StoredOrigin, StoredOrigin.article_id == StoredArticle.id
                )
            ).all()
            urls = dict(session.execute(select(StoredArticle.id, StoredArticle.url)).all())
    answers = {}
    for url, origin in found:
        copied = origin is not None and origin.rival_id is None and origin.relation not in (ORIGINAL, UNKNOWN)
        answers[names[url]] = (
            names[urls[origin.origin_id]] if copied and origin.origin_id else None,
            origin.relation if origin else "single",
        )
    return answers


def _article(document: dict[str, Any]) -> Article:
    line = document["attribution"]
    claim = None
    if line:
        claim = claimed_source([Block(line, BlockType.ATTRIBUTION, 1.0, "", "p", "")], url=document["url"])
    return Article(
        url=document["url"],
        site=document["domain"],
        title=document["title"],
        authors=[document["author"]] if document["author"] else [],
        published=datetime.fromisoformat(document["published"]),
        language=document["language"],
        text="\n\n".join(document["paragraphs"]),
        claimed_source=claim,
    )
