"""What an audit reads of the articles: those of the audited sites, and those that these are told beside.

Nothing that is read refers to an article that is not: with an article come all of its story, and with one of
an audited site those that tell of the same event.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, SQLColumnExpression, and_, case, func, or_, select
from sqlalchemy.orm import Session

from audit.findings.events import Kind, read_events, same_event
from cleaners.article import count_words
from pipelines.store.chunks import chunks
from pipelines.store.reuse_schema import StoredOrigin, StoredText
from pipelines.store.schema import StoredArticle, StoredRevision

NO_SITE: Final = "(no address)"
"""What the site of articles is called that have none: files without an address."""

TEXTS_AT_A_TIME: Final = 16
"""Texts that are read at a time: one may have 20 MB."""

_NAMED: Final = 5  # sites that an error names

SITE: Final = func.coalesce(StoredArticle.site, NO_SITE)
"""An article's site as the findings name it."""

_ORIGIN_SITE: Final = case((StoredOrigin.origin_site == "", NO_SITE), else_=StoredOrigin.origin_site)


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: `sizes` are the articles of each site of the database, `audited` the sites that the
    audit is of, `only` the same, or `None` where that is all of them.

    `rows` are articles by number, in its order; `words` are those of their texts; `same_event` are articles
    that tell of the same event (`events.same_event`).
    """

    sizes: dict[str, int]
    audited: frozenset[str]
    only: frozenset[str] | None
    rows: dict[int, Row[Any]]
    words: dict[int, int]
    same_event: dict[int, tuple[int, ...]]


def of_sites(sites: Collection[str] | None) -> ColumnElement[bool]:
    """Whether an article is of one of some sites; `None` is all."""
    if sites is None:
        return StoredArticle.id.is_not(None)
    named = StoredArticle.site.in_(sorted(sites))
    return or_(named, StoredArticle.site.is_(None)) if NO_SITE in sites else named


def sizes_of(session: Session, sites: Collection[str] | None = None) -> dict[str, int]:
    """How many articles each site of the database has.

    Raises `LookupError` for one of `sites` that it has none of.
    """
    counted = session.execute(select(SITE, func.count()).group_by(SITE))
    sizes = {str(site): int(count) for site, count in counted}
    unknown = sorted(set(sites or ()) - sizes.keys())
    if unknown:
        there = sorted(sizes, key=lambda site: (-sizes[site], site))[:_NAMED]
        has = f"articles of {len(sizes)} sites, such as {', '.join(there)}" if there else "no articles at all"
        raise LookupError(f"the database has no article of {', '.join(unknown)}; it has {has}")
    return sizes


def read(session: Session, sites: frozenset[str] | None) -> Read:
    """Read the articles of some sites, or of all, and those beside them.

    Raises `LookupError` for a site that the database has no article of.
    """
    sizes = sizes_of(session, sites)
    audited = frozenset(sizes) if sites is None else sites
    rows = {row.id: row for row in session.execute(_articles().where(of_sites(sites)))}
    events = read_events(session, None if sites is None else rows.values())
    if sites is not None:
        beside = _by(session, StoredArticle.text_id, {number for kind, number in events if kind is Kind.TEXT})
        rows |= {number: row for number, row in beside.items() if row.text_id is not None}
        clusters = {number for kind, number in events if kind is Kind.CLUSTER}
        rows |= _by(session, StoredText.cluster_id, clusters)
        _complete(session, rows)
    rows = dict(sorted(rows.items()))
    return Read(
        sizes, audited, sites, rows, _words(session, rows), same_event(rows.values(), events, NO_SITE)
    )


# --- Articles --------------------------------------------------------------------------------------


def _cluster() -> ColumnElement[int | None]:
    """An article's cluster, also where its origin is still to be found."""
    return func.coalesce(StoredText.cluster_id, StoredOrigin.cluster_id)


def _articles() -> Any:
    """Articles with what is known of them, but nothing of the text of one that changed since."""
    first = and_(StoredRevision.article_id == StoredArticle.id, StoredRevision.revision == 1)
    return (
        select(
            *(StoredArticle.id, StoredArticle.url, StoredArticle.title, SITE.label("site")),
            *(StoredArticle.authors, StoredArticle.language, StoredArticle.published),
            func.coalesce(StoredRevision.revised_at, StoredArticle.revised_at).label("first_seen"),
            *(StoredArticle.claimed_domain, StoredArticle.claimed_name, StoredArticle.claimed_kind),
            *(StoredArticle.claimed_evidence, StoredArticle.boilerplate, StoredArticle.compared),
            *(
                case((StoredArticle.compared, StoredArticle.text_id)).label("text_id"),
                StoredText.words,
                _cluster().label("cluster_id"),
            ),
            *(StoredOrigin.relation, StoredOrigin.origin_id, StoredOrigin.rival_id),
            *(_ORIGIN_SITE.label("origin_site"), StoredOrigin.evidence),
        )
        .outerjoin(StoredText, and_(StoredText.id == StoredArticle.text_id, StoredArticle.compared))
        .outerjoin(StoredOrigin, StoredOrigin.article_id == StoredArticle.id)
        .outerjoin(StoredRevision, first)
    )


def _by(session: Session, column: SQLColumnExpression[Any], values: Iterable[int]) -> dict[int, Row[Any]]:
    """The articles that have one of some values in a column."""
    found: dict[int, Row[Any]] = {}
    for some in chunks(sorted(values)):
        found.update((row.id, row) for row in session.execute(_articles().where(column.in_(some))))
    return found


def _complete(session: Session, rows: dict[int, Row[Any]]) -> None:
    """Add the articles that the ones read refer to, until there are no more."""
    whole: set[int] = set()
    while True:
        clusters = {row.cluster_id for row in rows.values() if row.cluster_id is not None} - whole
        named = {number for row in rows.values() for number in (row.origin_id, row.rival_id) if number}
        missing = named - rows.keys()
        if not clusters and not missing:
            return
        # Two queries, as no index serves a condition on either table.
        rows |= _by(session, StoredText.cluster_id, clusters)
        rows |= _by(session, StoredOrigin.cluster_id, clusters)
        rows |= _by(session, StoredArticle.id, missing)
        whole |= clusters


def _words(session: Session, rows: dict[int, Row[Any]]) -> dict[int, int]:
    """The words of each article's text: counted when it was compared, else here."""
    words = {number: row.words for number, row in rows.items() if row.words is not None}
    for some in chunks(number for number in rows if number not in words):
        texts = session.execute(
            select(StoredArticle.id, StoredArticle.text)
            .where(StoredArticle.id.in_(some))
            .execution_options(yield_per=TEXTS_AT_A_TIME)
        )
        words.update((number, count_words(text)) for number, text in texts)
    return words
