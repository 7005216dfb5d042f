"""Who crawls a site now. A run holds a lease on its sites, so that no other fetches the same pages.

A lease is renewed while the run lives and expires by itself. That its holder was killed is noticed at once
where its processes can be seen, elsewhere when the lease expires. Times are the database's own where it has a
clock (PostgreSQL), so that those of machines may differ; and what a run writes after it lost its lease is
refused in the same transaction (a fenced lock, as Kleppmann calls it).
"""

from __future__ import annotations

import json
import os
import platform
import uuid
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psutil
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from cleaners.frontier import LeaseLostError, SiteHeldError
from pipelines.store.crawl_schema import StoredSite

LEASE: Final = 120.0
"""Seconds after which a lease that is not renewed is free: a process that hangs longer is as good as dead."""

SHORTEST_LEASE: Final = 4.0
"""Seconds that a lease lasts at least: a write may wait for others for a second."""

RENEWALS: Final = 4
"""Renewals in the time of a lease: three may fail before it is lost."""

_SAME_START: Final = 1.0  # seconds; start times of one process, read twice, agree to a clock tick
_CHECKED: Final = "leases checked"  # key of a transaction's notes


def new_holder() -> str:
    """A name for this run as a holder of leases, from which others can tell whether it still lives."""
    process = psutil.Process()
    return json.dumps(
        {
            "host": platform.node(),
            "processes": _process_space(),
            "pid": os.getpid(),
            "started": process.create_time(),
            "id": uuid.uuid4().hex,
        }
    )


def now_of(session: Session) -> datetime:
    """The time of the database's clock; that of this machine for SQLite, which has no other."""
    if session.get_bind().dialect.name == "sqlite":
        return datetime.now(UTC)
    moment: datetime = session.scalars(select(func.clock_timestamp())).one()
    return moment


def acquire(session: Session, site: StoredSite, holder: str, now: datetime, lease: float = LEASE) -> None:
    """Take the lease of a site, for so many seconds. Raises `SiteHeldError` where another living run has
    it."""
    if site.holder and site.holder != holder and site.held_until and site.held_until > now:
        other = json.loads(site.holder)
        if not _is_dead(other):
            raise SiteHeldError(
                f"{site.site} is being crawled by process {other['pid']} on {other['host']} "
                f"(its lease ends {site.held_until:%Y-%m-%d %H:%M:%S} UTC unless it is renewed)"
            )
    site.holder, site.held_until = holder, now + timedelta(seconds=lease)
    session.flush()


def renew(session: Session, holder: str, now: datetime, lease: float = LEASE) -> int:
    """Renew all leases of a holder; gives how many there are."""
    held_until = now + timedelta(seconds=lease)
    held = update(StoredSite).where(StoredSite.holder == holder).values(held_until=held_until)
    return int(getattr(session.execute(held), "rowcount"))  # noqa: B009 - typed for cursors only


def require(session: Session, holder: str, sites: Collection[str]) -> None:
    """Raise `LeaseLostError` if a holder has no longer the leases of some sites.

    Asked once a transaction: while that goes on, no other can take them (`begin_write`).
    """
    checked: set[str] = session.info.setdefault(_CHECKED, set())
    if holder in checked:
        return
    held = select(func.count()).where(StoredSite.site.in_(sites), StoredSite.holder == holder)
    if session.scalars(held).one() < len(sites):
        raise LeaseLostError("another run took over the sites of this one, which was not heard of for long")
    checked.add(holder)


def release(session: Session, holder: str) -> None:
    """Give back all leases of a holder."""
    session.execute(
        update(StoredSite).where(StoredSite.holder == holder).values(holder=None, held_until=None)
    )


def _is_dead(other: dict[str, Any]) -> bool:
    """Whether a holder among the processes that can be seen here has ended; one elsewhere is taken to
    live."""
    if (other["host"], other.get("processes")) != (platform.node(), _process_space()):
        return False
    try:
        started = psutil.Process(other["pid"]).create_time()
    except psutil.NoSuchProcess:
        return True
    return abs(started - float(other["started"])) > _SAME_START


def _process_space() -> str | None:
    """What tells machines, and containers on one, apart that have the same name; `None` where nothing
    does."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return None
