"""The files of sites into the database, each in the place of the one before."""

from __future__ import annotations

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from cleaners.sitefiles import SiteFile
from pipelines.store.fingerprints import fingerprint_ids
from pipelines.store.schema import storable
from pipelines.store.site_schema import SiteFingerprint, StoredSiteFile


def save_site_file(session: Session, file: SiteFile) -> None:
    """Write a file of a site and what it tells; what an earlier one told is forgotten."""
    site, kind = storable(file.site), file.kind.value
    held = SiteFingerprint.site == site, SiteFingerprint.file == kind
    session.execute(delete(SiteFingerprint).where(*held))
    session.merge(
        StoredSiteFile(site=site, kind=kind, url=file.url, fetched_at=file.fetched_at, status=file.status)
    )
    session.flush()
    ids = fingerprint_ids(session.connection(), file.signs)
    if ids:
        rows = [{"site": site, "file": kind, "fingerprint_id": number} for number in sorted(ids.values())]
        session.execute(insert(SiteFingerprint), rows)
