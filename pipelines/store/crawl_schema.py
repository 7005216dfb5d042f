"""The crawl as tables: each site's frontier and lease, where its sources were left, what each run brought.

Together they let a run continue where an earlier one was killed, ask only for what may have changed, and
tell when a site that used to give articles gives none.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipelines.store.schema import Base


class StoredPage(Base):
    """An address of a site's frontier and what is remembered of it.

    `key` is what addresses of one page share. `state` says where it stands: "pending" (to be requested),
    "taken" (requested, not yet ended), "offered" (its text came with a list, not yet ended) or "done".
    `rank` orders what is pending, highest first. `pass_id` is the pass over the site that last saw it, `via`
    the key of the page or listing that named it. `outcome` is how it last ended (`Outcome`), `attempts` how
    often in a row it could not be had since. `etag` and `last_modified` are the validators of what was
    fetched (RFC 9110), `lastmod` what the listing said of it. `changed_at` is when it was first had, or last
    seen changed.
    """

    __tablename__ = "pages"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    url: Mapped[str]
    site: Mapped[str]
    role: Mapped[str]
    discovered_by: Mapped[str]
    rank: Mapped[int] = mapped_column(BigInteger)
    depth: Mapped[int]
    lastmod: Mapped[datetime | None]
    via: Mapped[str | None] = mapped_column(index=True)
    pass_id: Mapped[int]
    state: Mapped[str]
    outcome: Mapped[str | None]
    reason: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    first_seen: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_pages_frontier", "site", "state", rank.desc(), "id"),
    )


class StoredSite(Base):
    """A site: the pass over it, and the lease of the run that crawls it now.

    A pass ends when everything it found was dealt with; a run that was cut short leaves it open, and the next
    run goes on with it.
    """

    __tablename__ = "sites"

    site: Mapped[str] = mapped_column(primary_key=True)
    pass_id: Mapped[int]
    pass_began: Mapped[datetime]
    pass_open: Mapped[bool]
    holder: Mapped[str | None]
    held_until: Mapped[datetime | None]


class StoredCursor(Base):
    """Where a source of a site was left, under a name of the spider's choice."""

    __tablename__ = "cursors"

    site: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]


class SiteRun(Base):
    """What one run brought from one site. Every address is counted once:

    discovered = fetched + unchanged + refused + failed + left. `median_words` is that of the articles that
    the run wrote. `statuses` counts answers by HTTP status, `reasons` rejects by reason.
    """

    __tablename__ = "site_runs"

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    site: Mapped[str] = mapped_column(primary_key=True, index=True)
    discovered: Mapped[int]
    fetched: Mapped[int]
    unchanged: Mapped[int]
    refused: Mapped[int]
    failed: Mapped[int]
    left: Mapped[int]
    articles: Mapped[int]
    revised: Mapped[int]
    unchanged_articles: Mapped[int]
    gone: Mapped[int]
    rejects: Mapped[int]
    received_bytes: Mapped[int] = mapped_column(BigInteger)
    median_words: Mapped[int | None]
    statuses: Mapped[dict[str, Any]]
    reasons: Mapped[dict[str, Any]]
    alarms: Mapped[list[str]]
