"""Several articles into the database at once: the same rows, at a fraction of the time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from cleaners.article import Article, Rejection
from cleaners.frontier import Outcome
from pipelines.store.articles import (
    Saved,
    block_rows,
    new_article_row,
    page_end,
    save_article,
    save_rejection,
)
from pipelines.store.crawl_schema import StoredPage
from pipelines.store.fingerprints import save_fingerprints
from pipelines.store.first_verdicts import keep_first_verdicts
from pipelines.store.frontier import DONE
from pipelines.store.schema import StoredArticle, StoredBlock, StoredRejection, storable, table_of


@dataclass(frozen=True, slots=True)
class Save:
    """A write that saves an article or a rejection; the writer takes those that wait together."""

    item: Article | Rejection
    run_id: int | None

    def __call__(self, session: Session) -> Saved:
        """Save it alone."""
        if isinstance(self.item, Article):
            return save_article(session, self.item, self.run_id)
        return save_rejection(session, self.item, self.run_id)


def save_together(session: Session, saves: Sequence[Save]) -> list[Saved]:
    """Save all of them; articles that the database does not hold go in together."""
    # What follows goes past the session, whose objects have to be written first and read again after.
    session.flush()
    fresh = set(_insert_new(session.connection(), saves))
    session.expire_all()
    return [Saved.NEW if number in fresh else save(session) for number, save in enumerate(saves)]


def _insert_new(connection: Connection, saves: Sequence[Save]) -> list[int]:
    """Insert the articles whose address the database does not hold, and no earlier one has; gives which."""
    first: dict[str, tuple[int, Save, Article]] = {}
    for number, save in enumerate(saves):
        if isinstance(save.item, Article) and save.item.url is not None:
            first.setdefault(storable(save.item.url), (number, save, save.item))
    if not first:
        return []
    for url in _ids(connection, first):
        del first[url]
    now = datetime.now(UTC)
    if first:
        _end_pages(connection, [article for _, _, article in first.values()], now)
        rejections = table_of(StoredRejection)
        connection.execute(delete(rejections).where(rejections.c.url.in_(first)))
        rows = [new_article_row(article, save.run_id, now) for _, save, article in first.values()]
        connection.execute(insert(table_of(StoredArticle)), rows)
        ids = _ids(connection, first)
        blocks = [row for url, (_, _, article) in first.items() for row in block_rows(article, ids[url])]
        if blocks:
            connection.execute(insert(table_of(StoredBlock)), blocks)
        saved = {ids[url]: article for url, (_, _, article) in first.items()}
        keep_first_verdicts(connection, saved)
        save_fingerprints(connection, {number: article.fingerprints for number, article in saved.items()})
    return [number for number, _, _ in first.values()]


def _ids(connection: Connection, urls: Collection[str]) -> dict[str, int]:
    """The numbers of the articles that the database holds of some addresses."""
    table = table_of(StoredArticle)
    held = connection.execute(select(table.c.url, table.c.id).where(table.c.url.in_(urls)))
    return {row.url: row.id for row in held}


def _end_pages(connection: Connection, articles: Sequence[Article], now: datetime) -> None:
    """Note how the requests of new articles ended: what `end_row` does for one row after the other."""
    table = table_of(StoredPage)
    alias = (table.c.outcome == Outcome.ALIAS) & (table.c.state == DONE)
    ended = [page_end(article) for article in articles if article.key is not None]
    if ended:
        connection.execute(
            update(table)
            .where(table.c.key == bindparam("page"), or_(table.c.outcome.is_(None), ~alias))
            .values(
                state=DONE,
                reason=None,
                attempts=0,
                checked_at=now,
                changed_at=now,
                outcome=Outcome.ARTICLE,
                etag=bindparam("etag"),
                last_modified=bindparam("last_modified"),
            ),
            [{"page": one.key, "etag": one.etag, "last_modified": one.last_modified} for one in ended],
        )
