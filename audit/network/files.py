"""Signs in the files of sites: `ads.txt` (IAB Tech Lab, ads.txt 1.1) and favicons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from audit.network.carried import Candidate, Carried
from cleaners.adstxt import DIRECT, MANAGER, OWNER
from pipelines.store.schema import StoredFingerprint
from pipelines.store.site_schema import SiteFingerprint, StoredSiteFile

_GOOGLE: Final = "google.com, "
_ICON: Final = "favicon"
_ICON_INDEXED: Final = "favicon-mmh3"

Shared = defaultdict[tuple[str, str], defaultdict[str, Carried]]


@dataclass(slots=True)
class SiteFiles:
    """What the files of sites tell.

    `shared` are signs and the files that hold them, `owners` and `managers` the domains that each site names,
    `indexed` the hashes by which search engines know icons.
    """

    shared: Shared = field(default_factory=lambda: defaultdict(lambda: defaultdict(Carried)))
    owners: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    managers: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    indexed: dict[str, str] = field(default_factory=dict)

    def strangers(self, site: str) -> set[str]:
        """Who manages a site's advertisements without being it or its owner."""
        return self.managers[site] - self.owners[site] - {site} if site in self.managers else set()

    def common_manager(self, sites: Iterable[str]) -> str | None:
        """A stranger who manages the advertisements of two of some sites or more."""
        sites = set(sites)
        seen: set[str] = set()
        for site in sorted(sites):
            for manager in sorted(self.strangers(site) - sites):
                if manager in seen:
                    return manager
                seen.add(manager)
        return None


def read_files(session: Session) -> SiteFiles:
    """What the store holds of the files of sites, as far as several may share it."""
    several = (
        select(SiteFingerprint.fingerprint_id)
        .group_by(SiteFingerprint.fingerprint_id)
        .having(func.count() > 1)
    )
    query = (
        select(StoredFingerprint.kind, StoredFingerprint.value, SiteFingerprint.site, StoredSiteFile.url)
        .join(SiteFingerprint, SiteFingerprint.fingerprint_id == StoredFingerprint.id)
        .join(
            StoredSiteFile,
            (StoredSiteFile.site == SiteFingerprint.site) & (StoredSiteFile.kind == SiteFingerprint.file),
        )
        .where(
            or_(
                StoredFingerprint.id.in_(several),
                StoredFingerprint.kind.in_((OWNER, MANAGER)),
                StoredFingerprint.value.startswith(_GOOGLE),
            )
        )
        .order_by(StoredFingerprint.kind, StoredFingerprint.value, SiteFingerprint.site)
    )
    files = SiteFiles()
    icons: dict[str, tuple[str, str]] = {}
    for kind, value, site, url in session.execute(query):
        if kind == OWNER:
            files.owners[site].add(value)
        elif kind == MANAGER:
            files.managers[site].add(value)
        if kind == _ICON_INDEXED:
            icons[site] = (url, value)
        else:
            files.shared[kind, value][site].files.append(url)
    for (kind, value), sites in files.shared.items():
        first = next(iter(sites))
        if kind == _ICON and first in icons:
            files.indexed[value] = icons[first][1]
    return files


def told_by_files(files: SiteFiles, sites: frozenset[str]) -> Iterator[Candidate]:
    """The signs in files, `sites` being those of the store; accounts of Google that a site controls itself
    are the same as those in its pages (`adsense`)."""
    for (kind, value), carried in files.shared.items():
        if kind == OWNER:
            yield Candidate(kind, value, _with_owner(files, value, carried, sites))
        elif kind == DIRECT and value.startswith(_GOOGLE):
            own = {site: one for site, one in carried.items() if not files.strangers(site)}
            rest = {site: one for site, one in carried.items() if site not in own}
            yield Candidate("adsense", value.removeprefix(_GOOGLE), own)
            yield Candidate(kind, value, rest)
        elif kind == _ICON:
            note = f"; as http.favicon.hash Shodan knows it by {files.indexed.get(value, '?')}"
            yield Candidate(kind, value, carried, note if value in files.indexed else "")
        else:
            yield Candidate(kind, value, carried)


def _with_owner(
    files: SiteFiles, owner: str, naming: Mapping[str, Carried], sites: frozenset[str]
) -> Mapping[str, Carried]:
    """The sites that name an owner, and the owner's, unless that names another: anyone can name anyone."""
    if owner in naming or owner not in sites or (owner in files.owners and owner not in files.owners[owner]):
        return naming
    return {**naming, owner: Carried(named=True)}
