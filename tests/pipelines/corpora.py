"""Small corpora in a database: articles, and how they were found to relate, in any order of arrival."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cleaners import Article, Block, BlockType
from cleaners.article import to_text
from pipelines.store import Store
from pipelines.store.reuse_schema import StoredCluster, StoredOrigin, StoredRelation, StoredText
from pipelines.store.schema import StoredArticle

DAY = datetime(2024, 5, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An article, and what the comparison is to have said of it. `origin` and `rival` are URLs."""

    url: str | None
    text: str
    cluster: str | None = None
    relation: str | None = None
    origin: str | None = None
    rival: str | None = None
    origin_site: str | None = None
    evidence: Sequence[Mapping[str, str]] = ()
    compared: bool = True
    boilerplate: Sequence[tuple[BlockType, str]] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


def story(name: str, text: str = "", **more: Any) -> Entry:
    """An entry whose address is made of a host and a name, "a.example/one"."""
    return Entry(url=f"https://{name}", text=text or f"The story {name}.", **more)


def fill(store: Store, entries: Iterable[Entry], pairs: Iterable[tuple[str, str, str]] = ()) -> None:
    """Save entries in their order; `pairs` are URLs, later and earlier, and how their texts relate."""
    entries = list(entries)
    for entry in entries:
        store.save(article(entry))
    with store.write() as session:
        articles = {row.url: row for row in session.scalars(select(StoredArticle)) if row.url}
        _relate(session, entries, articles)
        for later, earlier, relation in pairs:
            between = {"later_id": articles[later].text_id, "earlier_id": articles[earlier].text_id}
            session.execute(insert(StoredRelation).values(**between, relation=relation, figures={}))


def article(entry: Entry) -> Article:
    """The article of an entry."""
    blocks = [
        Block(text=part, type=BlockType.BODY, confidence=0.9, reason="test")
        for part in entry.text.split("\n\n")
    ]
    blocks += [Block(text=text, type=kind, confidence=0.9, reason="test") for kind, text in entry.boilerplate]
    host = entry.url.split("/")[2] if entry.url else None
    given: dict[str, Any] = {
        "site": host, "title": "Title", "language": "en", "published": DAY, "fetched_at": DAY, **entry.more,
    }  # fmt: skip
    return Article(
        url=entry.url, text=to_text(blocks), markdown=f"# M\n\n{entry.text}", blocks=blocks, **given
    )


def _relate(session: Session, entries: Sequence[Entry], articles: Mapping[str, StoredArticle]) -> None:
    clusters = {entry.cluster: StoredCluster(settled=True) for entry in entries if entry.cluster}
    session.add_all(clusters.values())
    session.flush()
    texts: dict[str, StoredText] = {}
    for entry in entries:
        if entry.url is None or not entry.compared:
            continue
        if entry.text not in texts:
            digest = hashlib.md5(repr(entry.text).encode()).digest()
            cluster_id = clusters[entry.cluster].id if entry.cluster else None
            texts[entry.text] = StoredText(digest=digest, words=1, cluster_id=cluster_id)
            session.add(texts[entry.text])
            session.flush()
        stored = articles[entry.url]
        stored.text_id, stored.compared = texts[entry.text].id, True
        if entry.cluster is not None and entry.relation is not None:
            session.add(
                StoredOrigin(
                    article_id=stored.id,
                    cluster_id=clusters[entry.cluster].id,
                    origin_id=articles[entry.origin].id if entry.origin else None,
                    rival_id=articles[entry.rival].id if entry.rival else None,
                    origin_site=entry.origin_site,
                    relation=entry.relation,
                    evidence=[dict(finding) for finding in entry.evidence],
                )
            )
