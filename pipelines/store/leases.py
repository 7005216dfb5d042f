"""Who crawls a site now. A run holds a lease on its sites, so that no other fetches the same pages.

A lease is renewed while the run lives and expires by itself. That its holder was killed is noticed at once on
the same machine, elsewhere when the lease expires.
"""

from __future__ import annotations

import json
import os
import platform
import uuid
from datetime import datetime, timedelta
from typing import Any, Final

import psutil
from sqlalchemy import update
from sqlalchemy.orm import Session

from cleaners.frontier import SiteHeldError
from pipelines.store.crawl_schema import StoredSite

LEASE: Final = timedelta(minutes=2)
"""Time after which a lease that is not renewed is free: a process that hangs longer is as good as dead."""

RENEWAL: Final = 30.0
"""Seconds between two renewals: three may fail before the lease is lost."""

_SAME_START: Final = 1.0  # seconds; start times of one process, read twice, agree to a clock tick


def new_holder() -> str:
    """A name for this run as a holder of leases, from which others can tell whether it still lives."""
    process = psutil.Process()
    return json.dumps(
        {
            "host": platform.node(),
            "pid": os.getpid(),
            "started": process.create_time(),
            "id": uuid.uuid4().hex,
        }
    )


def acquire(session: Session, site: StoredSite, holder: str, now: datetime) -> None:
    """Take the lease of a site. Raises `SiteHeldError` where another living run has it."""
    if site.holder and site.holder != holder and site.held_until and site.held_until > now:
        other = json.loads(site.holder)
        if not _is_dead(other):
            raise SiteHeldError(
                f"{site.site} is being crawled by process {other['pid']} on {other['host']} "
                f"(its lease ends {site.held_until:%Y-%m-%d %H:%M:%S} UTC unless it is renewed)"
            )
    site.holder, site.held_until = holder, now + LEASE
    session.flush()


def renew(session: Session, holder: str, now: datetime) -> int:
    """Renew all leases of a holder; gives how many there are."""
    held = update(StoredSite).where(StoredSite.holder == holder).values(held_until=now + LEASE)
    return int(getattr(session.execute(held), "rowcount"))  # noqa: B009 - typed for cursors only


def release(session: Session, holder: str) -> None:
    """Give back all leases of a holder."""
    session.execute(
        update(StoredSite).where(StoredSite.holder == holder).values(holder=None, held_until=None)
    )


def _is_dead(other: dict[str, Any]) -> bool:
    """Whether a holder on this machine has ended; one elsewhere is taken to live."""
    if other["host"] != platform.node():
        return False
    try:
        started = psutil.Process(other["pid"]).create_time()
    except psutil.NoSuchProcess:
        return True
    return abs(started - float(other["started"])) > _SAME_START
