"""Files of sites in the database: one of a kind for each site, and what it tells now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from cleaners.article import Fingerprint
from cleaners.sitefiles import SiteFile, SiteFileKind
from pipelines.store import Store
from pipelines.store.schema import StoredFingerprint
from pipelines.store.site_files import save_site_file
from pipelines.store.site_schema import SiteFingerprint, StoredSiteFile

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def file(*values: str, site: str = "a.example", status: int = 200, days: int = 0) -> SiteFile:
    return SiteFile(
        site=site, kind=SiteFileKind.ADS_TXT, url=f"https://{site}/ads.txt", status=status,
        fetched_at=NOW + timedelta(days=days), signs=tuple(Fingerprint("ads-txt-direct", v) for v in values),
    )  # fmt: skip


def held(store: Store) -> list[tuple[str, str]]:
    query = select(SiteFingerprint.site, StoredFingerprint.value).join(StoredFingerprint)
    with store.session() as session:
        return sorted((site, value) for site, value in session.execute(query))


def test_a_file_takes_the_place_of_the_one_before(database: str) -> None:
    with Store(database) as store:
        for one in (file("x, 1", "y\0, 2", "x, 1"), file("x, 1", site="b.example")):
            with store.write() as session:
                save_site_file(session, one)
        assert held(store) == [("a.example", "x, 1"), ("a.example", "y\ufffd, 2"), ("b.example", "x, 1")]
        with store.write() as session:
            save_site_file(session, file(status=404, days=8))
        assert held(store) == [("b.example", "x, 1")]
        with store.session() as session:
            row = session.get_one(StoredSiteFile, ("a.example", "ads.txt"))
            assert (row.status, row.fetched_at) == (404, NOW + timedelta(days=8))


def test_many_signs_are_written(database: str) -> None:
    values = [f"exchange.example, {number}" for number in range(5_000)]
    with Store(database) as store:
        with store.write() as session:
            save_site_file(session, file(*values))
        assert held(store) == sorted(("a.example", value) for value in values)
