"""Files of sites as tables: what `ads.txt` and favicons tell of a site as a whole."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipelines.store.schema import Base


class StoredSiteFile(Base):
    """A file of a site as it was when it was last asked for (`cleaners.sitefiles.SiteFile`)."""

    __tablename__ = "site_files"

    site: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    url: Mapped[str]
    fetched_at: Mapped[datetime]
    status: Mapped[int]


class SiteFingerprint(Base):
    """That a file of a site, as it is now, holds a fingerprint; `file` is its kind."""

    __tablename__ = "site_fingerprints"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site", "file"],
            ["site_files.site", "site_files.kind"],
            name="fk_site_fingerprints_site_site_files",
            ondelete="CASCADE",
        ),
    )

    site: Mapped[str] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(primary_key=True)
    fingerprint_id: Mapped[int] = mapped_column(
        ForeignKey("fingerprints.id"), primary_key=True, autoincrement=False, index=True
    )
