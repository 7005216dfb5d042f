"""Search over the titles and texts of a corpus, word by word, as long as nobody keeps an index of it.

All of a query's words must stand in an article, in any order and in any case; a phrase in quotes as it is. A
hundred thousand articles take about a second.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from audit.assets import shown
from audit.findings.reading import of_sites
from pipelines.store.schema import StoredArticle

MOST_WORDS: Final = 8
"""Words and phrases of a query that are looked for."""

MOST_CHARACTERS: Final = 200
"""Characters of a query."""

MOST_RESULTS: Final = 500
"""Articles that are given."""

SNIPPET: Final = 90
"""Characters before and after the first word found that a snippet shows."""

_TERM: Final = re.compile(r'"([^"]+)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found, and where: the text before the first word, that word, what comes after."""

    article: int
    before: str
    found: str
    after: str

    def to_record(self) -> dict[str, Any]:
        """The hit as plain data, with nothing unseen in its texts."""
        texts = {name: shown(getattr(self, name), None) for name in ("before", "found", "after")}
        return {"article": self.article, **texts}


@dataclass(frozen=True, slots=True)
class Results:
    """How many articles hold all words of a query, and the first of them."""

    total: int
    hits: tuple[Hit, ...]


def terms_of(query: str) -> list[str]:
    """The words and phrases of a query, folded; no more than are looked for."""
    found = [(phrase or word).strip() for phrase, word in _TERM.findall(query[:MOST_CHARACTERS])]
    return list(dict.fromkeys(fold(term) for term in found if term.strip('"').strip()))[:MOST_WORDS]


def fold(text: str) -> str:
    """`text` without what tells case and ways of encoding apart (Unicode 3.13, compatibility caseless)."""
    return unicodedata.normalize("NFKC", text).casefold()


def search(session: Session, query: str, sites: Collection[str] | None = None) -> Results:
    """The articles whose title and text hold every word of a query: those with all in their title first, then
    the newest. `sites` are the only ones looked at; no words find nothing."""
    terms = terms_of(query)
    if not terms:
        return Results(0, ())
    holds = _Holds(session)
    title, text = func.coalesce(StoredArticle.title, ""), StoredArticle.text
    wanted = and_(*(or_(holds(title, term), holds(text, term)) for term in terms))
    wanted = and_(wanted, of_sites(sites))
    in_title = case((and_(*(holds(title, term) for term in terms)), 0), else_=1)
    rows = session.execute(
        select(StoredArticle.id, StoredArticle.title, text, func.count().over().label("total"))
        .where(wanted)
        .order_by(in_title, StoredArticle.published.desc().nulls_last(), StoredArticle.id)
        .limit(MOST_RESULTS)
    ).all()
    hits = tuple(_hit(row.id, row.text, row.title or "", terms) for row in rows)
    return Results(rows[0].total if rows else 0, hits)


class _Holds:
    """Whether a text holds a word, as an expression of the session's database."""

    def __init__(self, session: Session) -> None:
        connection = session.connection()
        self._sqlite = connection.dialect.name == "sqlite"
        if self._sqlite:  # its own LIKE folds the case of ASCII alone
            driver: Any = connection.connection.driver_connection
            driver.create_function("holds_folded", 2, _holds_folded, deterministic=True)

    def __call__(self, column: SQLColumnExpression[str], term: str) -> ColumnElement[bool]:
        if self._sqlite:
            return func.holds_folded(column, term) == literal(1)
        return column.icontains(term, autoescape=True)


def _holds_folded(text: str | None, term: str) -> int:
    return int(text is not None and term in fold(text))


def _hit(article: int, text: str, title: str, terms: Sequence[str]) -> Hit:
    """The place in the text where a word stands first; in the title if it stands in no text."""
    pattern = re.compile("|".join(map(re.escape, terms)), re.IGNORECASE)
    for place in (text, title):
        match = pattern.search(place)
        if match:
            start, end = max(match.start() - SNIPPET, 0), match.end() + SNIPPET
            before, after = place[start : match.start()], place[match.end() : end]
            return Hit(
                article,
                _one_line(("…" if start else "") + before),
                match[0],
                _one_line(after + ("…" if end < len(place) else "")),
            )
    return Hit(article, _one_line(text[: 2 * SNIPPET]), "", "")  # folded letters that no pattern tells


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)
