"""The texts of articles counted by site, in the database.

Functions of a session, each to be run in one transaction. They are counted when a crawl ends, from the blocks
as the cleaner typed them, so that any article is counted that is new or says something else, whoever wrote
it.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from cleaners.article import Block, BlockType
from cleaners.passages import page_number, passages_of
from cleaners.repeats import mark_repeats
from pipelines.store.first_verdicts import first_verdicts
from pipelines.store.repetition_schema import (
    RememberedPage,
    StoredPassage,
    StoredRepetition,
    StoredSiteMemory,
)
from pipelines.store.schema import StoredArticle, StoredBlock, table_of

_NOT_COUNTED: Final = (BlockType.TITLE, BlockType.BYLINE, BlockType.CAPTION)


def memory_id_of(session: Session, site: str) -> int:
    """The number of a site's memory, which is made if there is none."""
    row = session.scalar(select(StoredSiteMemory).where(StoredSiteMemory.site == site))
    if row is None:
        row = StoredSiteMemory(site=site)
        session.add(row)
        session.flush()
    return row.id


def changed_articles(session: Session, site: str) -> Sequence[int]:
    """The articles of a site that are not counted as they are now: new ones, and other revisions."""
    # No order is asked for, so that an index that holds all of this is read, and not the articles.
    noted = RememberedPage.article_id == StoredArticle.id
    changed = or_(RememberedPage.article_id.is_(None), RememberedPage.revision != StoredArticle.revision)
    return sorted(
        session.scalars(
            select(StoredArticle.id)
            .outerjoin(RememberedPage, noted)
            .where(StoredArticle.site == site, changed)
        )
    )


def note_pages(session: Session, site: str, ids: Sequence[int]) -> None:
    """Count the texts of articles of a site, or count them anew."""
    memory_id = memory_id_of(session, site)
    rows = session.execute(
        select(StoredArticle.id, StoredArticle.url, StoredArticle.title, StoredArticle.revision)
        .where(StoredArticle.id.in_(ids), StoredArticle.site == site)
        .order_by(StoredArticle.id)
    )
    _forget(session, memory_id, ids)
    _note(session, memory_id, [_Article(*row) for row in rows])
    _count_change(session, memory_id)


def forget_pages(session: Session, site: str, limit: int) -> int:
    """Forget articles that were deleted, or belong to another site now, at most `limit`; gives how many. All
    that are there must have been counted."""
    memory_id = memory_id_of(session, site)
    counted = select(func.count()).where(RememberedPage.memory_id == memory_id)
    held = select(func.count()).where(StoredArticle.site == site)
    if session.scalar(counted) == session.scalar(held):  # nearly always, and told by the indexes
        return 0
    elsewhere = or_(StoredArticle.id.is_(None), StoredArticle.site.is_(None), StoredArticle.site != site)
    lost = session.scalars(
        select(RememberedPage.article_id)
        .outerjoin(StoredArticle, StoredArticle.id == RememberedPage.article_id)
        .where(RememberedPage.memory_id == memory_id, elsewhere)
        .limit(limit)
    ).all()
    if lost:
        _forget(session, memory_id, lost)
        _count_change(session, memory_id)
    return len(lost)


def _count_change(session: Session, memory_id: int) -> None:
    memory = update(StoredSiteMemory).where(StoredSiteMemory.id == memory_id)
    session.execute(memory.values(changes=StoredSiteMemory.changes + 1))


class _Article(NamedTuple):
    id: int
    url: str | None
    title: str | None
    revision: int


def _note(session: Session, memory_id: int, rows: Sequence[_Article]) -> None:
    ids = [row.id for row in rows]
    blocks = source_blocks(session, ids)
    retyped = first_verdicts(session, ids)
    of_site = StoredRepetition.memory_id == memory_id
    known = set(session.scalars(select(StoredRepetition.key).where(of_site)))
    pages: list[dict[str, Any]] = []
    passages: list[dict[str, Any]] = []
    for row in rows:
        text = "" if row.url else session.get_one(StoredArticle, row.id).text
        page, found = page_number(row.url, row.title, text), passages_of(blocks.get(row.id, ()))
        keys = array("q", (passage.key for passage in found))
        of_page = {"memory_id": memory_id, "page": page, "article_id": row.id}
        settled = row.id not in retyped and known.isdisjoint(keys)
        pages.append({**of_page, "revision": row.revision, "keys": keys.tobytes(), "settled": settled})
        passages += [{**of_page, "key": passage.key, "type": passage.type.value} for passage in found]
    if pages:
        session.execute(insert(table_of(RememberedPage)), pages)
    if passages:
        passages.sort(key=lambda row: (row["key"], row["page"]))  # in the order of the table
        session.execute(insert(table_of(StoredPassage)), passages)


def source_blocks(session: Session, ids: Collection[int]) -> Mapping[int, list[Block]]:
    """The blocks of articles as the cleaner typed them, by article; titles, bylines and captions left out."""
    blocks: defaultdict[int, list[Block]] = defaultdict(list)
    places: dict[tuple[int, int], Block] = {}
    for row in session.execute(
        select(
            StoredBlock.article_id,
            StoredBlock.position,
            StoredBlock.text,
            StoredBlock.type,
            StoredBlock.markup,
            StoredBlock.repeats,
        )
        .where(StoredBlock.article_id.in_(ids), StoredBlock.type.not_in(_NOT_COUNTED))
        .order_by(StoredBlock.article_id, StoredBlock.position)
    ):
        block = Block(row.text, BlockType(row.type), 1.0, "", row.markup, repeats=row.repeats)
        blocks[row.article_id].append(block)
        places[row.article_id, row.position] = block
    for article_id, verdicts in first_verdicts(session, ids).items():
        for position, verdict in verdicts.items():
            places[article_id, position].type = verdict.type
        for block in blocks[article_id]:
            block.repeats = None
        mark_repeats(blocks[article_id])
    return blocks


def _forget(session: Session, memory_id: int, ids: Collection[int]) -> None:
    of_articles = RememberedPage.article_id.in_(ids)
    rows = session.execute(
        select(RememberedPage.article_id, RememberedPage.page, RememberedPage.keys).where(of_articles)
    )
    old = [
        {"of_memory": memory_id, "of_key": key, "of_page": row.page, "of_article": row.article_id}
        for row in rows
        for key in array("q", row.keys)
    ]
    table = table_of(StoredPassage)
    if old:
        session.connection().execute(
            delete(table).where(
                table.c.memory_id == bindparam("of_memory"),
                table.c.key == bindparam("of_key"),
                table.c.page == bindparam("of_page"),
                table.c.article_id == bindparam("of_article"),
            ),
            old,
        )
    without_objects = {"synchronize_session": False}
    session.execute(delete(RememberedPage).where(of_articles), execution_options=without_objects)
