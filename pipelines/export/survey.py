"""A look at every article of a database: which the filters let through, and in which order these are written.

What is kept of an article is about 90 bytes, whatever its text holds: millions of them fit into memory.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, func, or_, select

from cleaners.article import BlockType, count_words
from pipelines.export.options import UNDETERMINED, Filter, Filters, Relation
from pipelines.store.reuse_schema import StoredOrigin, StoredText
from pipelines.store.schema import StoredArticle, StoredBlock

Report = Callable[[str, int, int], None]
"""Told how far an export is: what it does, how many articles are done, of how many."""

RELATIONS: Final = tuple(Relation)
FILTERS: Final = tuple(Filter)
NONE: Final = -1
"""Stands for what an article does not have: a cluster, a text, an origin, a filter that refuses it."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_UNDATED: Final = 2**63 - 1  # behind all dates
_ARTICLES_AT_A_TIME: Final = 250  # enough that a query costs little an article; they fit SQLite's page cache
_TEXTS_AT_A_TIME: Final = 16  # a text may have 20 MB


class Survey:
    """What is known of every article, a column each, in the order of the database's ids.

    `key_high` and `key_low` are the halves of the article's id in the export. `published` is in microseconds
    since 1970. `words` and `characters` are those of the text, `kept_words` those of the article with its
    title and the like, `page_words` those of the whole page, and `size` is the characters of all that may be
    long; they are known of articles that no earlier filter refused. `cluster`, `text` and `origin` are ids of
    the database, which tell articles apart here and are never written. `origin_known` is false where two
    candidates are left, or none; the origin's article need not be in the database.
    """

    def __init__(self) -> None:
        """Without any article."""
        self.ids = array("q")
        self.key_high = array("Q")
        self.key_low = array("Q")
        self.site = array("i")
        self.published = array("q")
        self.relation = array("b")
        self.cluster = array("q")
        self.text = array("q")
        self.origin = array("q")
        self.origin_known = array("b")
        self.refused = array("b")
        self.words = array("i")
        self.characters = array("i")
        self.size = array("i")
        self.kept_words = array("i")
        self.page_words = array("i")
        self.sites: dict[str | None, int] = {}

    def __len__(self) -> int:
        """How many articles there are."""
        return len(self.ids)

    def key(self, position: int) -> str:
        """The id that an article has in the export: 32 hexadecimal digits."""
        return f"{self.key_high[position]:016x}{self.key_low[position]:016x}"

    def kept_share(self, position: int) -> float | None:
        """The share of a page's words that are the article's; `None` where it has no words."""
        words = self.page_words[position]
        return round(self.kept_words[position] / words, 4) if words else None

    def chosen(self) -> NDArray[np.int64]:
        """The positions of the articles that no filter refuses."""
        return np.flatnonzero(column(self.refused) == NONE)

    def in_order(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Positions in the order of the export: by site, time of publication, id; without one last.

        A reader who wants one site, or some years of it, finds it in few row groups. No database sorts: each
        has its own idea of the order of letters.
        """
        ranks = np.zeros(len(self.sites) + 1, dtype=np.int64)
        for rank, site in enumerate(sorted(self.sites, key=lambda name: (name is None, name or ""))):
            ranks[self.sites[site]] = rank
        by = (self.relation, self.key_low, self.key_high, self.published)
        keys = [column(entry)[positions] for entry in by]
        return positions[np.lexsort((*keys, ranks[column(self.site)[positions]]))]

    def add(self, row: Any, key: bytes, relation: Relation, refused: int) -> None:
        """Add an article whose text has not been looked at."""
        self.ids.append(row.id)
        self.key_high.append(int.from_bytes(key[:8]))
        self.key_low.append(int.from_bytes(key[8:16]))
        self.site.append(self.sites.setdefault(row.site, len(self.sites)))
        self.published.append(_UNDATED if row.published is None else (row.published - _EPOCH) // _MICROSECOND)
        self.relation.append(RELATIONS.index(relation))
        compared = relation is not Relation.UNCOMPARED  # what is known of an earlier text is not of this one
        self.cluster.append(_or_none(row.cluster_id) if compared else NONE)
        self.text.append(_or_none(row.text_id) if compared else NONE)
        self.origin.append(_or_none(row.origin_id) if compared and relation is not Relation.UNKNOWN else NONE)
        self.origin_known.append(row.rival_id is None and (row.origin_id or row.origin_site) is not None)
        self.refused.append(refused)
        self.words.append(0)
        self.characters.append(0)
        self.size.append(0)
        self.kept_words.append(0)
        self.page_words.append(0)


def column(values: array[Any]) -> NDArray[Any]:
    """A column as NumPy sees it, without a copy; the column cannot grow while this is in use."""
    return np.frombuffer(values, dtype=values.typecode)


def survey(connection: Connection, filters: Filters, report: Report) -> Survey:
    """Look at every article. Raises `ValueError` where the database holds a relation that is none."""
    total = connection.scalar(select(func.count()).select_from(StoredArticle)) or 0
    found = Survey()
    report("Choosing", 0, total)
    for rows in _pages(connection):
        begin = len(found)
        for row in rows:
            relation = relation_of(row)
            found.add(row, _key(connection, row), relation, _refused(row, relation, filters))
        _read_texts(connection, found, begin, filters)
        report("Choosing", len(found), total)
    return found


def relation_of(row: Any) -> Relation:
    """How an article relates to others. Raises `ValueError` for a relation that is none."""
    if not row.compared:
        return Relation.UNCOMPARED
    if row.relation is not None:
        return Relation(row.relation)
    return Relation.SINGLE if row.cluster_id is None else Relation.UNKNOWN  # its origin is still to be found


def _pages(connection: Connection) -> Iterator[Sequence[Any]]:
    """All articles without their texts."""
    last = 0
    columns = (
        StoredArticle.id, StoredArticle.url, StoredArticle.site, StoredArticle.language,
        StoredArticle.published, StoredArticle.compared, StoredArticle.text_id,
        func.coalesce(StoredText.cluster_id, StoredOrigin.cluster_id).label("cluster_id"),
        StoredOrigin.origin_id, StoredOrigin.rival_id, StoredOrigin.origin_site, StoredOrigin.relation,
    )  # fmt: skip
    query = (
        select(*columns)
        .outerjoin(StoredText, StoredText.id == StoredArticle.text_id)
        .outerjoin(StoredOrigin, StoredOrigin.article_id == StoredArticle.id)
        .order_by(StoredArticle.id)
        .limit(_ARTICLES_AT_A_TIME)
    )
    while rows := connection.execute(query.where(StoredArticle.id > last)).all():
        yield rows
        last = rows[-1].id


def _key(connection: Connection, row: Any) -> bytes:
    """What an article's id in the export is made of: its address, or what it says where it has none."""
    if row.url is not None:
        return hashlib.sha256(row.url.encode()).digest()
    said = connection.execute(
        select(StoredArticle.site, StoredArticle.title, StoredArticle.published, StoredArticle.text).where(
            StoredArticle.id == row.id
        )
    ).one()
    return hashlib.sha256(repr(tuple(said)).encode()).digest()


def _refused(row: Any, relation: Relation, filters: Filters) -> int:
    """The number of the first filter that refuses an article whatever its text is."""
    if filters.languages and (row.language or UNDETERMINED) not in filters.languages:
        return FILTERS.index(Filter.LANGUAGE)
    if filters.sites and row.site not in filters.sites:
        return FILTERS.index(Filter.SITE)
    if row.site in filters.excluded_sites:
        return FILTERS.index(Filter.EXCLUDED_SITE)
    if filters.relations and relation not in filters.relations:
        return FILTERS.index(Filter.RELATION)
    return NONE


def _read_texts(connection: Connection, found: Survey, begin: int, filters: Filters) -> None:
    """Count the words of the articles from `begin` on that are not refused yet."""
    places = {found.ids[at]: at for at in range(begin, len(found)) if found.refused[at] == NONE}
    if not places:
        return
    other_words = _other_words(connection, list(places))
    texts = connection.execute(
        select(StoredArticle.id, StoredArticle.text, StoredArticle.boilerplate, _others_length())
        .where(StoredArticle.id.in_(places))
        .execution_options(yield_per=_TEXTS_AT_A_TIME)
    )
    for article_id, text, boilerplate, others_length in texts:
        at = places[article_id]
        words = count_words(text)
        kept, removed = other_words.get(article_id, (0, 0))
        removed += sum(count["words"] for count in boilerplate.values())
        found.words[at], found.characters[at], found.size[at] = words, len(text), len(text) + others_length
        found.kept_words[at], found.page_words[at] = words + kept, words + kept + removed
        found.refused[at] = _refused_text(words, found.kept_share(at), filters)


def _others_length() -> ColumnElement[int]:
    """Characters of what may be long besides the text."""
    return func.length(StoredArticle.markdown) + func.coalesce(func.length(StoredArticle.title), 0)


def _other_words(connection: Connection, ids: list[int]) -> dict[int, tuple[int, int]]:
    """Words of articles' own parts that are not in their texts: kept ones (titles …), and repeated ones."""
    words: dict[int, tuple[int, int]] = {}
    blocks = connection.execute(
        select(StoredBlock.article_id, StoredBlock.text, StoredBlock.repeats)
        .where(StoredBlock.article_id.in_(ids), StoredBlock.kept)
        .where(or_(StoredBlock.type != BlockType.BODY.value, StoredBlock.repeats.is_not(None)))
        .execution_options(yield_per=_TEXTS_AT_A_TIME)
    )
    for article_id, text, repeats in blocks:
        kept, removed = words.get(article_id, (0, 0))
        number = count_words(text)
        words[article_id] = (kept + number, removed) if repeats is None else (kept, removed + number)
    return words


def _refused_text(words: int, kept_share: float | None, filters: Filters) -> int:
    """The number of the first filter that refuses a text."""
    if filters.min_words is not None and words < filters.min_words:
        return FILTERS.index(Filter.MIN_WORDS)
    if filters.max_words is not None and words > filters.max_words:
        return FILTERS.index(Filter.MAX_WORDS)
    if filters.min_kept_share is not None and (kept_share is None or kept_share < filters.min_kept_share):
        return FILTERS.index(Filter.MIN_KEPT_SHARE)
    return NONE


def _or_none(value: int | None) -> int:
    return NONE if value is None else value
