"""Small corpora whose sites share signs, for the tests of the network."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from audit.findings.model import Network
from audit.network import find_network
from cleaners import BlockType
from cleaners.adstxt import parse_ads_txt
from cleaners.article import Fingerprint
from cleaners.sitefiles import SiteFile, SiteFileKind, signs_in
from pipelines.store import Store
from pipelines.store.site_files import save_site_file
from tests.pipelines.corpora import Entry, fill, story

NOW = datetime(2026, 3, 1, tzinfo=UTC)

Found = list[tuple[str, str, list[str]]]


def page(
    name: str, *marks: str, around: Iterable[tuple[BlockType, str]] = (), copy_of: str | None = None
) -> Entry:
    """An article ("a.example/one") with fingerprints ("adsense pub-1") and blocks around its text.

    `copy_of` is the article that it is a copy of, which must be an `original`.
    """
    more = {"fingerprints": sorted(Fingerprint(*mark.split(" ", 1)) for mark in marks)}
    if copy_of is None:
        return story(name, boilerplate=tuple(around), more=more)
    return story(
        name, boilerplate=tuple(around), more=more,
        cluster=copy_of, relation="verbatim", origin=f"https://{copy_of}", origin_site=copy_of.partition("/")[0],
    )  # fmt: skip


def original(name: str, *marks: str, around: Iterable[tuple[BlockType, str]] = ()) -> Entry:
    """An article that others are copies of."""
    more = {"fingerprints": sorted(Fingerprint(*mark.split(" ", 1)) for mark in marks)}
    return story(
        name, boilerplate=tuple(around), more=more,
        cluster=name, relation="original", origin=f"https://{name}", origin_site=name.partition("/")[0],
    )  # fmt: skip


def ads_txt(site: str, *lines: str) -> SiteFile:
    """The `ads.txt` of a site."""
    parsed = parse_ads_txt("\n".join(lines).encode())
    assert parsed is not None
    return SiteFile(
        site=site, kind=SiteFileKind.ADS_TXT, url=f"https://{site}/ads.txt", fetched_at=NOW, status=200,
        signs=parsed.signs,
    )  # fmt: skip


def icon(site: str, body: bytes) -> SiteFile:
    """The favicon of a site."""
    return SiteFile(
        site=site, kind=SiteFileKind.FAVICON, url=f"https://{site}/favicon.ico", fetched_at=NOW, status=200,
        signs=signs_in(SiteFileKind.FAVICON, body),
    )  # fmt: skip


def network(
    database: str, entries: Iterable[Entry], *files: SiteFile, sites: Iterable[str] | None = None
) -> Network:
    """The network of a corpus of entries and files."""
    with Store(database) as store:
        fill(store, entries)
        with store.write() as session:
            for file in files:
                save_site_file(session, file)
        with store.session() as session:
            return find_network(session, None if sites is None else list(sites))


def brief(found: Network) -> Found:
    """The signs: "kind value", tier, sites."""
    return [
        (f"{sign.kind} {sign.value}", sign.tier.value, [one.site for one in sign.sites])
        for sign in found.signs
    ]


def linked(found: Network) -> list[tuple[str, str, str]]:
    """The links: two sites and the tier."""
    return [(link.one, link.other, link.tier.value) for link in found.links]


def groups(found: Network) -> list[list[str]]:
    """The groups of sites."""
    return [list(group.sites) for group in found.groups]
