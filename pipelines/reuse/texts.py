"""The texts of the corpus: which articles share one, and reading them for comparison."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from pipelines.reuse.index import remove
from pipelines.reuse.keys import keys_of
from pipelines.reuse.name_index import change, keys_under
from pipelines.reuse.reading import Reading, Story, read
from pipelines.reuse.shingles import digest_of, words_of
from pipelines.store.chunks import chunks
from pipelines.store.reuse_schema import StoredText
from pipelines.store.schema import StoredArticle, StoredRevision, table_of

MOST_READINGS: Final = 500
"""Readings that are kept for the next comparisons: some 100 KB each."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a batch of articles came to.

    `fresh` are texts that have to be compared: new ones, and those whose date changed. `touched` are all
    texts that an article was added to or taken from; `broken` are clusters that lost a text.
    """

    articles: int
    fresh: frozenset[int]
    touched: frozenset[int]
    broken: frozenset[int]


def take(connection: Connection, limit: int) -> Taken:
    """Give articles that were not compared yet their texts; at most `limit`, those that came first."""
    table = table_of(StoredArticle)
    columns = (table.c.id, table.c.text, table.c.text_id)
    waiting = select(*columns).where(~table.c.compared).order_by(table.c.id).limit(limit)
    rows = connection.execute(waiting).all()
    if not rows:
        return Taken(0, frozenset(), frozenset(), frozenset())
    spoken = {row.id: words_of(row.text) for row in rows}
    digests = {article: digest_of(words) for article, words in spoken.items()}
    lengths = {digests[article]: len(words) for article, words in spoken.items()}
    texts, new = _held_or_made(connection, lengths)
    connection.execute(
        update(table)
        .where(table.c.id == bindparam("article"))
        .values(text_id=bindparam("its"), compared=True),
        [{"article": row.id, "its": texts[digests[row.id]]} for row in rows],
    )
    now = {row.id: texts[digests[row.id]] for row in rows}
    before = {row.text_id: row.id for row in rows if row.text_id not in (None, now[row.id])}
    gone, broken = _drop_unused(connection, before)
    touched = {*now.values(), *before} - gone
    fresh = new | _redate(connection, touched)
    return Taken(len(rows), frozenset(fresh), frozenset(touched), frozenset(broken))


class Readings:
    """Readings of texts, the latest of which are kept."""

    def __init__(self) -> None:
        """Keep none yet."""
        self._kept: dict[int, Reading] = {}

    def of(self, connection: Connection, texts: Collection[int]) -> dict[int, Reading]:
        """The readings of texts; those without an article are left out."""
        found = {text: self._kept.pop(text) for text in sorted(texts) if text in self._kept}
        stories = _stories(connection, set(texts) - found.keys())
        found.update((text, read(story)) for text, story in stories.items())
        self._kept.update(found)
        for text in list(self._kept)[: max(len(self._kept) - MOST_READINGS, 0)]:
            del self._kept[text]
        return found

    def forget(self, texts: Iterable[int]) -> None:
        """Read texts anew when they are asked for, as what is known of them changed."""
        for text in texts:
            self._kept.pop(text, None)


def _held_or_made(connection: Connection, lengths: Mapping[bytes, int]) -> tuple[dict[bytes, int], set[int]]:
    """The texts of digests, with their numbers of words, and those of them that were made just now."""
    table = table_of(StoredText)
    texts: dict[bytes, int] = {}
    for some in chunks(sorted(lengths)):
        held = select(table.c.digest, table.c.id).where(table.c.digest.in_(some))
        texts.update({bytes(digest): text for digest, text in connection.execute(held)})
    missing = [
        {"digest": digest, "words": lengths[digest]} for digest in sorted(lengths.keys() - texts.keys())
    ]
    if not missing:
        return texts, set()
    made = connection.execute(insert(table).returning(table.c.digest, table.c.id), missing).all()
    texts.update({bytes(digest): text for digest, text in made})
    return texts, {text for _, text in made}


def _drop_unused(connection: Connection, left: Mapping[int, int]) -> tuple[set[int], set[int]]:
    """Remove texts that no article has any more; gives them, and the clusters that they were of.

    `left` are texts with an article that had them until now.
    """
    table, articles = table_of(StoredText), table_of(StoredArticle)
    used = select(articles.c.id).where(articles.c.text_id == table.c.id).exists()
    unused = connection.execute(
        select(table.c.id, table.c.digest, table.c.cluster_id, table.c.names, table.c.period).where(
            table.c.id.in_(left), ~used
        )
    ).all()
    named = {row.id: keys_under(row.period, bytes(row.names)) for row in unused if row.period is not None}
    change(connection, named, {})
    for row in unused:
        story = _story_of_revision(connection, left[row.id], bytes(row.digest))
        if story is not None:
            remove(connection, row.id, keys_of(read(story)))
        connection.execute(delete(table).where(table.c.id == row.id))
    return {row.id for row in unused}, {row.cluster_id for row in unused if row.cluster_id is not None}


def _story_of_revision(connection: Connection, article: int, digest: bytes) -> Story | None:
    """The story that an article told before it was revised."""
    table = table_of(StoredRevision)
    earlier = select(table.c.record).where(table.c.article_id == article).order_by(table.c.revision.desc())
    for record in connection.scalars(earlier):
        if digest_of(words_of(record["text"])) == digest:
            return Story(paragraphs=tuple(record["text"].split("\n\n")), language=record["language"])
    return None


def _redate(connection: Connection, texts: Collection[int]) -> set[int]:
    """Give texts the earliest date of their articles; gives those whose date changed."""
    table, articles = table_of(StoredText), table_of(StoredArticle)
    earliest = func.min(func.coalesce(articles.c.published, articles.c.fetched_at))
    changed = []
    for some in chunks(sorted(texts)):
        dated = (
            select(table.c.id, table.c.published, earliest.label("earliest"))
            .join(articles, articles.c.text_id == table.c.id)
            .where(table.c.id.in_(some))
            .group_by(table.c.id, table.c.published)
        )
        rows = connection.execute(dated).all()
        changed += [{"its": row.id, "date": row.earliest} for row in rows if row.published != row.earliest]
    if changed:
        dated_now = update(table).where(table.c.id == bindparam("its")).values(published=bindparam("date"))
        connection.execute(dated_now, changed)
    return {int(row["its"]) for row in changed}


def _stories(connection: Connection, texts: Collection[int]) -> dict[int, Story]:
    """The stories of texts, told by the article with the smallest address."""
    table, articles = table_of(StoredText), table_of(StoredArticle)
    place = func.row_number().over(partition_by=articles.c.text_id, order_by=(articles.c.url, articles.c.id))
    stories = {}
    for some in chunks(sorted(texts)):
        placed = select(articles.c.id, place.label("place")).where(articles.c.text_id.in_(some)).subquery()
        told = (
            select(articles.c.text_id, articles.c.text, articles.c.language, table.c.published)
            .join(placed, (placed.c.id == articles.c.id) & (placed.c.place == 1))
            .join(table, table.c.id == articles.c.text_id)
        )
        for row in connection.execute(told):
            stories[row.text_id] = Story(
                paragraphs=tuple(row.text.split("\n\n")),
                language=row.language,
                published=row.published,
            )
    return stories
