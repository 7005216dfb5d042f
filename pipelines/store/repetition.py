"""What sites repeat, in the database: texts that are boilerplate, and what was made of articles.

Functions of a session, each to be run in one transaction, each a step of bounded size that can be taken
again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import and_, delete, func, insert, select, update
from sqlalchemy.orm import Session, selectinload

from cleaners.article import Article, BlockType
from cleaners.repetition import SiteMemory, correct
from cleaners.repetition_census import HOLDERS_READ, OTHERS_READ, occurrences
from cleaners.repetition_evidence import MIN_PAGES, Occurrences, RepeatedText
from pipelines.store.articles import article_of, rewrite_article
from pipelines.store.chunks import chunks
from pipelines.store.first_verdicts import first_verdicts
from pipelines.store.passages import memory_id_of
from pipelines.store.repetition_schema import (
    RememberedPage,
    StoredPassage,
    StoredRepetition,
    StoredSiteMemory,
)
from pipelines.store.schema import StoredArticle, table_of

_AT_ONCE: Final = 500  # keys a query: SQLite's older limit on variables is 999
_LOWEST, _HIGHEST = -(1 << 63), (1 << 63) - 1
_PASSAGES: Final = table_of(StoredPassage)


def memory_of(session: Session, site: str) -> SiteMemory:
    """What is known of a site."""
    rows = session.scalars(
        select(StoredRepetition)
        .join(StoredSiteMemory, StoredSiteMemory.id == StoredRepetition.memory_id)
        .where(StoredSiteMemory.site == site)
    )
    return SiteMemory(
        {
            row.key: RepeatedText(
                BlockType(row.type), row.pages, row.site_pages, row.witnesses, frozenset(row.beside)
            )
            for row in rows
        }
    )


def sites_to_learn(session: Session, sites: Collection[str]) -> list[str]:
    """Those of some sites that may repeat something: with `MIN_PAGES` articles or more, or a memory."""
    names, found = sorted(sites), set[str]()
    for some in chunks(names, _AT_ONCE):
        article, memory = StoredArticle.site, StoredSiteMemory.site
        large = select(article).where(article.in_(some)).group_by(article).having(func.count() >= MIN_PAGES)
        found.update(site for site in session.scalars(large) if site is not None)
        found.update(session.scalars(select(memory).where(memory.in_(some))))
    return sorted(found)


# Judging


def unjudged(session: Session, memory_id: int) -> int | None:
    """The state of a site's pages if its texts have not been judged since they changed, else `None`."""
    row = session.get_one(StoredSiteMemory, memory_id)
    return None if row.changes == row.judged else row.changes


def count_pages(session: Session, memory_id: int) -> int:
    """How many pages of a site are counted."""
    query = select(func.count()).where(RememberedPage.memory_id == memory_id)
    return session.scalar(query) or 0


def count_texts(session: Session, memory_id: int, part: int, parts: int) -> dict[int, int]:
    """The texts on `MIN_PAGES` pages or more, with how many; one part of several of all keys, which are as
    long as one another."""
    step = ((1 << 64) + parts - 1) // parts
    low = _LOWEST + part * step
    columns, pages = _PASSAGES.c, func.count()
    rows = session.execute(
        select(columns.key, pages.label("pages"))
        .where(columns.memory_id == memory_id, columns.key.between(low, min(low + step - 1, _HIGHEST)))
        .group_by(columns.key)
        .having(pages >= MIN_PAGES)
    )
    return {row.key: row.pages for row in rows}


def occurrences_in(session: Session, memory_id: int, key: int) -> tuple[Occurrences, dict[int, int]]:
    """What is known of a text, and a sample of its pages with their articles."""
    columns = _PASSAGES.c
    of_text = and_(columns.memory_id == memory_id, columns.key == key)
    kinds = session.execute(
        select(columns.type, func.count().label("pages")).where(of_text).group_by(columns.type)
    )
    found = occurrences(key, {BlockType(row.type): row.pages for row in kinds})
    holders = session.execute(
        select(columns.page, columns.article_id).where(of_text).order_by(columns.page).limit(HOLDERS_READ)
    )
    return found, {row.page: row.article_id for row in holders}


def sample_pages(session: Session, memory_id: int) -> dict[int, int]:
    """A sample of a site's pages, with their articles."""
    rows = session.execute(
        select(RememberedPage.page, RememberedPage.article_id)
        .where(RememberedPage.memory_id == memory_id)
        .order_by(RememberedPage.page)
        .limit(OTHERS_READ)
    )
    return {row.page: row.article_id for row in rows}


def keep_verdicts(
    session: Session, memory_id: int, verdicts: Mapping[int, RepeatedText], changes: int
) -> None:
    """Remember which texts of a site are boilerplate, and which articles that changes. `changes` is the state
    of the pages (`unjudged`) that the verdicts are about."""
    of_site = StoredRepetition.memory_id == memory_id
    before = {
        row.key: (row.type, set(row.beside))
        for row in session.scalars(select(StoredRepetition).where(of_site))
    }
    after = {key: (text.type.value, set(text.beside)) for key, text in verdicts.items()}
    other = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    columns = _PASSAGES.c
    for some in chunks(other, _AT_ONCE):
        holders = select(columns.article_id).where(
            columns.memory_id == memory_id,
            columns.key.in_(some),
            columns.type == BlockType.BODY.value,
        )
        session.execute(
            update(RememberedPage).where(RememberedPage.article_id.in_(holders)).values(settled=False),
            execution_options={"synchronize_session": False},
        )
    session.execute(delete(StoredRepetition).where(of_site))
    rows = [
        {
            "memory_id": memory_id,
            "key": key,
            "type": text.type.value,
            "pages": text.pages,
            "site_pages": text.site_pages,
            "witnesses": text.witnesses,
            "beside": sorted(text.beside),
        }
        for key, text in verdicts.items()
    ]
    if rows:
        session.execute(insert(table_of(StoredRepetition)), rows)
    session.execute(update(StoredSiteMemory).where(StoredSiteMemory.id == memory_id).values(judged=changes))


# Correcting


def settle_pages(session: Session, site: str, run_id: int | None, limit: int) -> tuple[int, list[Article]]:
    """Give articles the text that the site's memory makes of what the cleaner said, at most `limit`; those
    that need it and have not got it. Gives how many were looked at, and those whose text is another now."""
    memory_id = memory_id_of(session, site)
    memory = memory_of(session, site)
    pages = session.scalars(
        select(RememberedPage)
        .where(RememberedPage.memory_id == memory_id, ~RememberedPage.settled)
        .order_by(RememberedPage.article_id)
        .limit(limit)
    ).all()
    ids = [page.article_id for page in pages]
    articles = session.scalars(
        select(StoredArticle).where(StoredArticle.id.in_(ids)).options(selectinload(StoredArticle.blocks))
    )
    stored = {row.id: row for row in articles}
    first = first_verdicts(session, ids)
    corrected = []
    for page in pages:
        page.settled = True
        row = stored.get(page.article_id)
        if row is None or page.revision != row.revision:
            continue  # counted anew by the next crawl
        wanted = correct(article_of(row), first.get(row.id, {}), memory)
        if wanted is not None:
            if rewrite_article(session, row, wanted, run_id):
                corrected.append(wanted)
            page.revision = row.revision
    return len(pages), corrected
