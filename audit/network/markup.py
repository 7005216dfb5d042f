"""Signs in the markup of pages: accounts, proofs, users, and the parts that a site is built of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from audit.network.carried import Candidate, Carried, pages_read
from audit.network.kinds import KINDS, PART_SET
from pipelines.store.schema import ArticleFingerprint, StoredFingerprint

FEWEST_PLUGINS: Final = 3
"""Plugins of a set that tells something: every second site has a pair of the commonest ones."""

MOST_PLUGINS_NAMED: Final = 30
"""Plugins that a set's value names; a site may have a hundred."""

_PARTS: Final = ("wordpress-theme", "wordpress-plugin")

BySite = dict[str, Carried]


def marks(session: Session) -> Iterator[Candidate]:
    """What pages carry, and the sets of themes and plugins that are the same on several sites."""
    found: defaultdict[tuple[str, str], BySite] = defaultdict(dict)
    for kind, value, site, source, rival, pages, first, last in session.execute(_carriers()):
        carried = found[kind, value].setdefault(site, Carried())
        carried.add(pages, (source, rival), (first, last))
    for (kind, value), by_site in found.items():
        yield Candidate(kind, value, by_site)
    yield from _sets(found)


def _carriers() -> Select[*tuple[Any, ...]]:
    """Fingerprints by site, and by what the articles may have been copied from."""
    pages = pages_read()
    number = ArticleFingerprint.fingerprint_id
    where = pages.c.site, pages.c.source, pages.c.rival
    ends = func.min(pages.c.id).label("first"), func.max(pages.c.id).label("last")
    grouped = (
        select(number, *where, func.count().label("pages"), *ends)
        .select_from(pages)
        .join(ArticleFingerprint, ArticleFingerprint.article_id == pages.c.id)
        .group_by(number, *where)
        .subquery()
    )
    columns = (column for column in grouped.c if column.name != number.key)
    return (
        select(StoredFingerprint.kind, StoredFingerprint.value, *columns)
        .join(grouped, grouped.c.fingerprint_id == StoredFingerprint.id)
        .where(StoredFingerprint.kind.in_(tuple(KINDS)))
    )


def _sets(found: Mapping[tuple[str, str], BySite]) -> Iterator[Candidate]:
    had: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for (kind, value), by_site in found.items():
        if kind in _PARTS:
            for site in by_site:
                had[site].add((kind, value))
    alike: defaultdict[frozenset[tuple[str, str]], list[str]] = defaultdict(list)
    for site, some in had.items():
        alike[frozenset(some)].append(site)
    for every, sites in alike.items():
        themes, plugins = (sorted(value for kind, value in every if kind == part) for part in _PARTS)
        if themes and len(plugins) >= FEWEST_PLUGINS:
            shown = found[_PARTS[0], themes[0]]
            yield Candidate(PART_SET, _said(themes, plugins), {site: shown[site] for site in sites})


def _said(themes: list[str], plugins: list[str]) -> str:
    more = f" and {len(plugins) - MOST_PLUGINS_NAMED} more" if len(plugins) > MOST_PLUGINS_NAMED else ""
    return f"{', '.join(themes)}: {', '.join(plugins[:MOST_PLUGINS_NAMED])}{more}"
