"""What stands around a site's articles: how much of each type, and the texts that come again and again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, Row, Select, String, cast, func, not_, or_, select
from sqlalchemy.orm import Session

from audit.findings.model import BoilerplateFindings, CommonText
from audit.findings.reading import SITE, TEXTS_AT_A_TIME, of_sites
from cleaners.article import BlockType, count_words
from pipelines.store.schema import StoredArticle, StoredBlock

MOST_TEXTS: Final = 5
"""Texts of a type that are shown; a site's furniture is a few texts a type, the rest are variants."""

SINGLES: Final = 3
"""Texts that stand on one page only, shown where a type has no others and at most so many of these: more are
headlines and comments, which no page shares."""

MOST_CHARS: Final = 500
"""Characters of a text that are kept. Texts of one length that begin with the same ones count as one."""

MOST_SHOWN_BY: Final = 5
"""Articles that are named for a text."""

_POSITIONS: Final = 1 << 20  # more than a page has blocks (`cleaners.limits.MAX_BLOCKS`)

Common = Mapping[str, Sequence[CommonText]]
"""The commonest texts of a site, by type."""


def boilerplate_of(
    counts: Collection[Mapping[str, Mapping[str, int]]], page_words: int, common: Common
) -> tuple[BoilerplateFindings, ...]:
    """The boilerplate of a site by type, in the order of `BlockType`.

    `counts` are those of its articles (`articles.boilerplate`), `page_words` the words of all its pages.
    """
    found = []
    for type_ in BlockType:
        held = [count[type_] for count in counts if type_ in count]
        if held:
            words = sum(count["words"] for count in held)
            found.append(
                BoilerplateFindings(
                    type=type_,
                    blocks=sum(count["blocks"] for count in held),
                    words=words,
                    share=words / page_words if page_words else 0.0,
                    articles=len(held),
                    texts=tuple(common.get(type_, ())),
                )
            )
    return tuple(found)


def other_words(session: Session, sites: Collection[str] | None) -> dict[str, int]:
    """The words of each site's articles that are neither in their texts nor boilerplate: titles, bylines and
    captions, and text that a page says again."""
    words: defaultdict[str, int] = defaultdict(int)
    blocks = session.execute(
        select(SITE, StoredBlock.text)
        .join(StoredArticle, StoredArticle.id == StoredBlock.article_id)
        .where(of_sites(sites), StoredBlock.kept)
        .where(or_(StoredBlock.type != BlockType.BODY.value, StoredBlock.repeats.is_not(None)))
        .execution_options(yield_per=TEXTS_AT_A_TIME)
    )
    for site, text in blocks:
        words[site] += count_words(text)
    return dict(words)


# --- Texts that stand on several pages -------------------------------------------------------------


def common_texts(session: Session, site: str) -> Common:
    """The commonest boilerplate texts of a site, those on the most pages first, then as they came."""
    found: defaultdict[str, list[CommonText]] = defaultdict(list)
    for row in session.execute(_ranked(site)):
        if row.articles > 1 or (row.texts <= SINGLES and row.most == 1):
            found[row.type].append(_common(row))
    return dict(found)


def _common(row: Row[Any]) -> CommonText:
    numbers = sorted({int(number) for number in row.numbers.split(",")})
    return CommonText(text=row.text, articles=row.articles, shown_by=tuple(numbers[:MOST_SHOWN_BY]))


def _ranked(site: str) -> Select[Any]:
    """The first texts of each type, the database having sorted and counted: few come out of many."""
    texts = _grouped(site).subquery()
    order = (texts.c.articles.desc(), texts.c.first)
    ranked = select(
        texts,
        func.row_number().over(partition_by=texts.c.type, order_by=order).label("rank"),
        func.count().over(partition_by=texts.c.type).label("texts"),
        func.max(texts.c.articles).over(partition_by=texts.c.type).label("most"),
    ).subquery()
    return select(ranked).where(ranked.c.rank <= MOST_TEXTS).order_by(ranked.c.rank, ranked.c.first)


def _grouped(site: str) -> Select[Any]:
    start = func.substr(StoredBlock.text, 1, MOST_CHARS)
    place = cast(StoredBlock.article_id, BigInteger) * _POSITIONS + StoredBlock.position
    return (
        select(
            StoredBlock.type,
            start.label("text"),
            func.count(StoredBlock.article_id.distinct()).label("articles"),
            func.min(place).label("first"),
            func.aggregate_strings(cast(StoredBlock.article_id, String), ",").label("numbers"),
        )
        .join(StoredArticle, StoredArticle.id == StoredBlock.article_id)
        .where(of_sites([site]), not_(StoredBlock.kept))
        .group_by(StoredBlock.type, start, func.length(StoredBlock.text))
    )
