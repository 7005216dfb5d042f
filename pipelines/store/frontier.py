"""The frontier of a site in the database: what was found, what is due, how it ended.

Functions of a session, each to be run in one transaction. A run that is killed between two of them loses
nothing: what was taken and did not end is due again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.orm import Session

from cleaners.frontier import Admitted, Begun, DueUrl, Ended, FoundUrl, Outcome, Role
from pipelines.store.crawl_schema import StoredPage, StoredSite

PENDING: Final = "pending"
TAKEN: Final = "taken"
OFFERED: Final = "offered"
DONE: Final = "done"

MAX_ATTEMPTS: Final = 5
"""Passes in a row that ask again for a page that could not be had; then it waits until it is found again."""

PASS_LIFE: Final = timedelta(days=1)
"""Age at which a pass that was cut short is not gone on with: its pages may have changed since."""

RECHECK_SHARE: Final = 0.25
"""A page is asked for again after this share of the time that it has stayed the same, where neither a listing
nor the page itself says more: a page of today at each run, one of last year every three months. RFC 9111
(4.2.2) suggests a tenth for caches; a crawl that never misses an edit of the first hours can wait longer."""

_CLOCK_SKEW: Final = timedelta(days=1)  # a `lastmod` may be a date only, in the site's own time zone
_KEYS_A_QUERY: Final = 500  # SQLite's older limit on variables is 999
_ROLE_RANK: Final = {Role.SEED: 4, Role.LISTING: 3, Role.ARTICLE: 2, Role.SECTION: 1}
_DATED: Final = 1 << 40  # listed with a time: before those without, the newest first
_DEEPEST: Final = 1_000


def begin_pass(session: Session, site: StoredSite, now: datetime) -> Begun:
    """Begin a pass over a site, or go on with the one that was cut short.

    What waits from before is taken into it: what was left by a budget, taken by a run that was killed, or
    could not be had.
    """
    resumed = site.pass_open and now - site.pass_began < PASS_LIFE
    if not resumed:
        site.pass_id, site.pass_began, site.pass_open = site.pass_id + 1, now, True
        session.flush()
    of_site = StoredPage.site == site.site
    offered = StoredPage.state == OFFERED
    session.execute(delete(StoredPage).where(of_site, offered, StoredPage.outcome.is_(None)))
    session.execute(update(StoredPage).where(of_site, offered).values(state=DONE))
    failed = StoredPage.attempts.between(1, MAX_ATTEMPTS - 1) & (StoredPage.pass_id != site.pass_id)
    waits = StoredPage.state.in_((PENDING, TAKEN)) | ((StoredPage.state == DONE) & failed)
    session.execute(
        update(StoredPage).where(of_site, waits).values(state=PENDING, pass_id=site.pass_id),
        execution_options={"synchronize_session": False},
    )
    waiting = select(func.count()).where(of_site, StoredPage.state == PENDING)
    seen = select(StoredPage.key).where(of_site, StoredPage.pass_id == site.pass_id)
    return Begun(
        waiting=session.scalar(waiting) or 0,
        resumed=resumed,
        seen=session.scalars(seen).all(),
    )


def admit(
    session: Session,
    found: Sequence[FoundUrl],
    passes: Mapping[str, int],
    now: datetime,
    *,
    via: str | None = None,
    state: str = PENDING,
) -> Admitted:
    """Put addresses into the frontier; those that this pass has seen already are left alone.

    `state` is what those become that have to be looked at: "pending", or "taken" or "offered" where the
    caller does that at once. `passes` gives the pass of each site.
    """
    unique = {entry.key: entry for entry in found}
    known = rows_of(session, unique)
    stand_ins = standing(session, known.values())
    fresh: list[dict[str, Any]] = []
    wanted: set[str] = set()
    new = 0
    for key, entry in unique.items():
        row = known.get(key)
        pass_id = passes[entry.site]
        if row is not None and row.pass_id == pass_id and entry.role is not Role.SEED:
            continue
        new += 1
        if row is None:
            wanted.add(key)
            fresh.append(_new_row(entry, pass_id, now, via=via, state=state))
            continue
        freed = row.outcome == Outcome.ALIAS and bool(row.reason) and row.reason not in stand_ins
        due = row.state != DONE or freed or _is_due(row, entry, now)
        row.pass_id, row.via = pass_id, via
        if due:
            wanted.add(key)
            row.state, row.lastmod = state, entry.lastmod or row.lastmod
            row.rank = _rank(entry, known=row.outcome == Outcome.ARTICLE)
            row.role, row.discovered_by = entry.role, entry.discovered_by
            row.depth, row.url = entry.depth, entry.url
    if fresh:
        session.execute(insert(StoredPage), fresh)
    session.flush()
    return Admitted(new=new, unchanged=new - len(wanted), wanted=frozenset(wanted))


def take(session: Session, sites: Collection[str], limit: int, *, sections: bool = True) -> list[DueUrl]:
    """The next addresses to request, at most `limit`; they count as under way from now on."""
    roles = [role.value for role in Role if sections or role is not Role.SECTION]
    columns = [StoredPage.id, *(getattr(StoredPage, entry.name) for entry in fields(DueUrl))]
    rows: list[Row[Any]] = []
    for site in sorted(sites):
        if limit > len(rows):
            rows += session.execute(
                select(*columns)
                .where(StoredPage.site == site, StoredPage.state == PENDING, StoredPage.role.in_(roles))
                .order_by(StoredPage.rank.desc(), StoredPage.id)
                .limit(limit - len(rows))
            )
    if rows:
        session.execute(
            update(StoredPage).where(StoredPage.id.in_([row.id for row in rows])).values(state=TAKEN)
        )
    return [due_of(row) for row in rows]


def due_of(row: StoredPage | Row[Any]) -> DueUrl:
    """What a spider needs to request an address."""
    return DueUrl(
        key=row.key,
        url=row.url,
        role=Role(row.role),
        discovered_by=row.discovered_by,
        depth=row.depth,
        lastmod=row.lastmod,
        etag=row.etag,
        last_modified=row.last_modified,
    )


def end(session: Session, ended: Ended, now: datetime, *, changed: bool = True) -> StoredPage | None:
    """Note how a request ended; gives the row as it was known, or `None` for an address that nobody found."""
    row = session.scalar(select(StoredPage).where(StoredPage.key == ended.key))
    if row is not None:
        end_row(row, ended, now, changed=changed)
    return row


def end_row(row: StoredPage, ended: Ended, now: datetime, *, changed: bool = True) -> None:
    """Note in a page's row how its request ended."""
    if row.outcome == Outcome.ALIAS and row.state == DONE and ended.outcome is not Outcome.ALIAS:
        return  # it was asked for in vain, and by now another page stands for it
    row.state = DONE
    row.reason = ended.reason
    if ended.outcome is Outcome.FAILED:
        row.attempts += 1
        row.outcome = row.outcome or Outcome.FAILED
        return
    row.attempts = 0
    row.checked_at = now
    if ended.outcome is not None:
        if changed or row.changed_at is None or row.outcome != ended.outcome:
            row.changed_at = now
        row.outcome, row.etag, row.last_modified = ended.outcome, ended.etag, ended.last_modified


def named_by(session: Session, via: str) -> list[FoundUrl]:
    """The addresses that a page or listing named when it was last read."""
    rows = session.scalars(select(StoredPage).where(StoredPage.via == via).order_by(StoredPage.id))
    return [_as_found(row) for row in rows]


def unseen_articles(session: Session, site: str, pass_id: int, sources: Collection[str]) -> list[FoundUrl]:
    """The articles of a site that a pass has not met, those from the given `sources` left out.

    What a listing once said of their last change speaks no more for them.
    """
    rows = session.scalars(
        select(StoredPage)
        .where(StoredPage.site == site, StoredPage.pass_id != pass_id)
        .where(StoredPage.outcome == Outcome.ARTICLE, StoredPage.state == DONE)
        .where(StoredPage.discovered_by.not_in(sources))
        .order_by(StoredPage.id)
    )
    return [replace(_as_found(row), lastmod=None) for row in rows]


def articles_from(session: Session, sites: Collection[str], source: str) -> frozenset[str]:
    """The keys of the articles of sites that came from a source and are not gone."""
    keys = select(StoredPage.key).where(
        StoredPage.site.in_(sites),
        StoredPage.discovered_by == source,
        StoredPage.outcome == Outcome.ARTICLE,
    )
    return frozenset(session.scalars(keys))


def count_left(session: Session, sites: Collection[str]) -> int:
    """The addresses of sites that wait."""
    waiting = select(func.count()).where(StoredPage.site.in_(sites), StoredPage.state.in_((PENDING, TAKEN)))
    return session.scalar(waiting) or 0


def count_offered(session: Session, keys: Sequence[str]) -> int:
    """How many of some pages, whose text came with a list, have not ended."""
    return sum(row.state == OFFERED for row in rows_of(session, keys).values())


def _as_found(row: StoredPage) -> FoundUrl:
    return FoundUrl(
        key=row.key,
        url=row.url,
        site=row.site,
        role=Role(row.role),
        discovered_by=row.discovered_by,
        depth=row.depth,
        lastmod=row.lastmod,
    )


def standing(session: Session, rows: Iterable[StoredPage]) -> set[str]:
    """The keys of the pages that stand for the aliases among `rows` and are articles, or may become ones."""
    keys = {row.reason for row in rows if row.outcome == Outcome.ALIAS and row.reason}
    pages = rows_of(session, keys).values()
    return {
        page.key
        for page in pages
        if page.outcome == Outcome.ARTICLE or (page.outcome is None and page.state != DONE)
    }


def rows_of(session: Session, keys: Collection[str]) -> dict[str, StoredPage]:
    """The rows of pages by their keys, those that nobody found left out."""
    found: dict[str, StoredPage] = {}
    for some in _chunks(list(keys)):
        rows = session.scalars(select(StoredPage).where(StoredPage.key.in_(some)))
        found.update((row.key, row) for row in rows)
    return found


def _chunks(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), _KEYS_A_QUERY):
        yield keys[start : start + _KEYS_A_QUERY]


def _new_row(entry: FoundUrl, pass_id: int, now: datetime, *, via: str | None, state: str) -> dict[str, Any]:
    return {
        "key": entry.key,
        "url": entry.url,
        "site": entry.site,
        "role": entry.role.value,
        "discovered_by": entry.discovered_by,
        "rank": _rank(entry),
        "depth": entry.depth,
        "lastmod": entry.lastmod,
        "via": via,
        "pass_id": pass_id,
        "state": state,
        "attempts": 0,
        "first_seen": now,
    }


def _rank(entry: FoundUrl, *, known: bool = False) -> int:
    """Where an address stands among those that wait: what is new before what may have changed."""
    order = _DEEPEST - min(entry.depth, _DEEPEST)
    if entry.lastmod is not None and entry.role is Role.ARTICLE:
        order = _DATED + max(int(entry.lastmod.timestamp()), 0)
    role = 0 if known and entry.role is Role.ARTICLE else _ROLE_RANK[entry.role]
    return role * 4 * _DATED + order


def _is_due(row: StoredPage, entry: FoundUrl, now: datetime) -> bool:
    """Whether a page that was had before may have changed."""
    if row.outcome == Outcome.ALIAS:
        return False
    if entry.again or row.attempts or row.checked_at is None or entry.role in {Role.SEED, Role.SECTION}:
        return True
    if entry.role is Role.LISTING and entry.lastmod is None:
        return True
    if entry.lastmod is not None:
        if row.lastmod is not None:
            return entry.lastmod > row.lastmod
        return entry.lastmod > row.checked_at - _CLOCK_SKEW
    same_since = row.changed_at or row.first_seen
    return now - row.checked_at >= RECHECK_SHARE * (row.checked_at - same_since)
