"""Candidates become signs: each gets its tier, and what only looks like one of its tier gets a lower one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from audit.findings.authors import GenericNames
from audit.findings.model import Tier
from audit.network.carried import Candidate, Carried
from audit.network.files import SiteFiles
from audit.network.kinds import EMAIL, TEXT, TIER_ORDER, kind_of
from audit.network.platforms import AGENCIES, PLATFORM_IDS, SALES_HOUSES, SERVICES
from cleaners.adstxt import CONTACT, DIRECT, OWNER
from cleaners.strings import squash
from cleaners.urls import domain_in, site_of

MOST_ASSOCIATED: Final = 100
"""Sites that share a sign which is only associative; what more share says nothing of any two of them."""

_NAMED: Final = 3  # sites that a sentence names


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sign with its tier and why it is of that, and the sites that it is a sign of."""

    kind: str
    value: str
    tier: Tier
    why: str
    carried: Mapping[str, Carried]

    @property
    def order(self) -> tuple[int, int, str, str, list[str]]:
        """By tier, then by how many sites share it."""
        return TIER_ORDER[self.tier], -len(self.carried), self.kind, self.value, sorted(self.carried)


@dataclass(frozen=True, slots=True)
class Scales:
    """What candidates are weighed with: `only` the sites that are asked about (`None`: all), what their files
    say, the sites that articles name as their sources, and names that stand for nobody."""

    only: Collection[str] | None
    files: SiteFiles
    sources: Collection[str]
    generic: GenericNames

    def weigh(self, candidates: Iterable[Candidate]) -> Iterator[Weighed]:
        """The signs among candidates that two of the sites or more share."""
        for candidate in candidates:
            if len(candidate.carried) > 1:
                yield from self._weigh(candidate)

    def _weigh(self, candidate: Candidate) -> Iterator[Weighed]:
        borrowers = candidate.borrowers()
        kind = kind_of(candidate.kind)
        own = self._asked_about(site for site in candidate.carried if site not in borrowers)
        if len(own) > 1:
            tier, why = self._tier(candidate, own)
            yield self._sign(candidate, tier, f"{why}{candidate.note}", own)
        lenders = frozenset[str]().union(*borrowers.values())
        both = self._asked_about(candidate.carried.keys() & (borrowers.keys() | lenders))
        if len(both) > 1 and any(site in borrowers for site in both):
            tiers = kind.tier, kind.copied, self._tier(candidate, both)[0]
            weakest = max(tiers, key=TIER_ORDER.__getitem__)
            yield self._sign(candidate, weakest, _borrowed([one for one in both if one in borrowers]), both)

    def _asked_about(self, sites: Iterable[str]) -> list[str]:
        return sorted(site for site in sites if self.only is None or site in self.only)

    @staticmethod
    def _sign(candidate: Candidate, tier: Tier, why: str, sites: list[str]) -> Weighed:
        carried = {site: candidate.carried[site] for site in sites}
        return Weighed(candidate.kind, candidate.value, tier, why, carried)

    def _tier(self, candidate: Candidate, sites: list[str]) -> tuple[Tier, str]:
        """The tier of a sign that these sites carry, and why."""
        stranger = self._stranger(candidate, sites)
        kind = kind_of(candidate.kind)
        if stranger:
            return Tier.NO_EVIDENCE, stranger
        if kind.tier is Tier.ASSOCIATIVE and len(sites) > MOST_ASSOCIATED:
            return Tier.NO_EVIDENCE, f"shared by {len(sites)} sites, so it says nothing of any two of them"
        return kind.tier, kind.why

    def _is_nobody(self, user: str) -> bool:
        bare = squash(user)
        return not bare.rstrip("0123456789") or bare in AGENCIES or self.generic.names_nobody(user)

    def _stranger(self, candidate: Candidate, sites: list[str]) -> str | None:
        """Whose the sign is, if not the operator's."""
        kind, value = candidate.kind, candidate.value
        if owner := PLATFORM_IDS.get((kind, value)):
            return f"this id is that of {owner}"
        if kind == DIRECT and (manager := self.files.common_manager(sites)):
            return (
                f"ads.txt names {manager} as manager of several of the sites, and the account may be its own"
            )
        if kind == OWNER and value in SALES_HOUSES:
            return "this is a sales house, which owns none of the sites whose advertisements it sells"
        if kind == "wordpress-user" and self._is_nobody(value):
            return "a user of this name is on many sites"
        domain = site_of(value.rpartition("@")[2]) if kind in {EMAIL, CONTACT} and "@" in value else None
        if kind.endswith(TEXT):
            domain = domain_in(value)
        if domain is None or domain in candidate.carried:
            return None
        if kind in {EMAIL, CONTACT} and (domain in SERVICES or domain in SALES_HOUSES):
            return f"{domain} serves many sites, and its address stands on those of strangers"
        if kind != CONTACT and domain in self.sources:
            return f"articles of the corpus name {domain} as their source, and this may have come with them"
        return None


def _borrowed(sites: list[str]) -> str:
    more = f" and {len(sites) - _NAMED} more" if len(sites) > _NAMED else ""
    return (
        f"on {', '.join(sites[:_NAMED])}{more} only copies of articles of sites that carry it too do so, "
        "and it may have come with them"
    )
