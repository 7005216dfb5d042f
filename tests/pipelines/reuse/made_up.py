"""Made-up articles that were made from one another, and all that a database holds of how they relate."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import select

from benchmarks.stories import StoryMaker
from cleaners.article import Article, ClaimedSource
from pipelines.deduplicate import Deduplicator
from pipelines.store import Store
from pipelines.store.reuse_schema import (
    StoredBand,
    StoredCommonFact,
    StoredFact,
    StoredOrigin,
    StoredRelation,
    StoredText,
)
from pipelines.store.schema import StoredArticle

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = 160


def story(number: int, words: int = WORDS) -> str:
    """A story; every number but the tens is one of its own."""
    return _maker(words).story(number)


@cache
def _maker(words: int) -> StoryMaker:
    return StoryMaker(words)


def part(text: str, paragraphs: int = 1) -> str:
    """The first paragraphs of a text."""
    return "\n\n".join(text.split("\n\n")[:paragraphs])


def edited(text: str, seed: int = 1) -> str:
    """A text of which every twentieth word was left out."""
    draw = random.Random(seed)
    return "\n\n".join(
        " ".join(word for word in paragraph.split() if draw.random() > 0.05)
        for paragraph in text.split("\n\n")
    )


def reworded(text: str, seed: int = 1) -> str:
    """The same names and numbers in the same order, and most of the other words replaced."""
    draw = random.Random(seed)
    return "\n\n".join(
        " ".join(
            "".join(draw.sample(word, len(word))) if word.islower() and draw.random() < 0.6 else word
            for word in paragraph.split()
        )
        for paragraph in text.split("\n\n")
    )


def article(
    site: str,
    text: str,
    *,
    path: str = "1",
    published: datetime | None = BEGINNING,
    claims: str | None = None,
    kind: str = "attribution line",
    seen: datetime | None = BEGINNING + timedelta(days=30),
) -> Article:
    """An article of a site; `claims` is the domain that it names as its source."""
    return Article(
        url=f"https://{site}/{path}",
        site=site,
        title="A story",
        language="en",
        text=text,
        published=published,
        fetched_at=seen,
        claimed_source=ClaimedSource(claims, None, kind, f"from {claims}") if claims else None,
    )


def hours(number: float) -> datetime:
    """A date so many hours after the first one."""
    return BEGINNING + timedelta(hours=number, minutes=1)


def finish(store: Store, deduplicator: Deduplicator | None = None, batch: int = 50) -> None:
    """Compare all that waits, and settle all clusters."""
    deduplicator = deduplicator or Deduplicator()
    for step in (deduplicator.compare, deduplicator.settle):
        done = 1
        while done:
            with store.write() as session:
                done = step(session, batch)


@dataclass(frozen=True)
class State:
    """What a database holds of text reuse, by addresses and words in place of numbers."""

    origins: dict[str, dict[str, Any]]
    clusters: list[list[str]]
    relations: list[tuple[str, str, str, str]]
    texts: list[tuple[str, int, str]]
    keys: list[tuple[str, int, str]]
    waiting: int


def state(store: Store) -> State:
    """All that a database holds of text reuse."""
    with store.session() as session:
        articles = {row.id: row for row in session.scalars(select(StoredArticle))}
        texts = {row.id: row for row in session.scalars(select(StoredText))}
        names = {number: text.digest.hex() for number, text in texts.items()}
        clusters = defaultdict(list)
        for number, text in texts.items():
            if text.cluster_id is not None:
                clusters[text.cluster_id].append(names[number])
        relations = session.scalars(select(StoredRelation)).all()
        keys = [
            *(("band", row.key, names.get(row.text_id, "?")) for row in session.scalars(select(StoredBand))),
            *(("fact", row.key, names.get(row.text_id, "?")) for row in session.scalars(select(StoredFact))),
            *(("common", key, "") for key in session.scalars(select(StoredCommonFact.key))),
        ]
        return State(
            origins={
                str(articles[row.article_id].url): _origin(row, articles)
                for row in session.scalars(select(StoredOrigin))
            },
            clusters=sorted(sorted(held) for held in clusters.values()),
            relations=sorted(
                (names[row.later_id], names[row.earlier_id], row.relation, json.dumps(row.figures))
                for row in relations
            ),
            texts=sorted((names[text.id], text.words, str(text.published)) for text in texts.values()),
            keys=sorted(keys),
            waiting=sum(not row.compared for row in articles.values()),
        )


def _origin(row: StoredOrigin, articles: dict[int, StoredArticle]) -> dict[str, Any]:
    return {
        "relation": row.relation,
        "origin": articles[row.origin_id].url if row.origin_id else None,
        "rival": articles[row.rival_id].url if row.rival_id else None,
        "site": row.origin_site,
        "evidence": row.evidence,
    }


def compared(articles: Sequence[Article], url: str = "sqlite://") -> State:
    """What comes of articles that are stored and compared at once."""
    with Store(url) as store:
        for entry in articles:
            store.save(entry)
        finish(store)
        return state(store)
