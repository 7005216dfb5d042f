"""A sign and the pages of each site that carry it, as it is read from the store and before it is weighed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import CTE, case, func, select
from sqlalchemy.orm import aliased

from pipelines.store.reuse_schema import StoredOrigin
from pipelines.store.schema import StoredArticle

MOST_SHOWN: Final = 5
"""Addresses that are given of a site's pages with a sign."""


def pages_read() -> CTE:
    """The articles with a site (`id`, `site`), and the other sites that they were made from articles of, for
    sure or perhaps (`source`, `rival`; NULL for none)."""
    origin, rival = aliased(StoredArticle), aliased(StoredArticle)
    site = StoredArticle.site
    named = func.coalesce(origin.site, StoredOrigin.origin_site)
    return (
        select(
            StoredArticle.id.label("id"),
            site.label("site"),
            case((named != site, named)).label("source"),
            case((rival.site != site, rival.site)).label("rival"),
        )
        .outerjoin(StoredOrigin, StoredOrigin.article_id == StoredArticle.id)
        .outerjoin(origin, origin.id == StoredOrigin.origin_id)
        .outerjoin(rival, rival.id == StoredOrigin.rival_id)
        .where(site.is_not(None))
        .distinct()  # nothing is twice, but so SQLite makes it once instead of for each row it is joined with
        .cte("pages_read")
    )


@dataclass(slots=True)
class Carried:
    """A site's pages with a sign.

    `pages` counts them by the other sites that they may have been copied from; `articles` are some of them,
    `files` addresses of files of the site that hold the sign. `named` tells that the sign itself is the site.
    """

    pages: Counter[frozenset[str]] = field(default_factory=Counter)
    articles: set[int] = field(default_factory=set)
    files: list[str] = field(default_factory=list)
    named: bool = False

    @property
    def count(self) -> int:
        """All pages and files."""
        return self.pages.total() + len(self.files)

    def add(self, pages: int, sources: Iterable[str | None], articles: Iterable[int]) -> None:
        """Count pages that may have been copied from the same sites."""
        self.pages[frozenset(source for source in sources if source)] += pages
        self.articles = set(sorted(self.articles.union(articles))[:MOST_SHOWN])

    def is_own(self, others: frozenset[str]) -> bool:
        """Whether it carries the sign by itself: not only on copies of articles of `others` that do too."""
        if self.files or self.named:
            return True
        return any(sources.isdisjoint(others) for sources in self.pages)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sign and the sites that carry it, all of the store."""

    kind: str
    value: str
    carried: Mapping[str, Carried]
    note: str = ""

    def borrowers(self) -> dict[str, frozenset[str]]:
        """The sites that carry it only on copies of articles of others that carry it, and whose."""
        every = frozenset(self.carried)
        return {
            site: frozenset().union(*one.pages) & every
            for site, one in self.carried.items()
            if not one.is_own(every - {site})
        }
