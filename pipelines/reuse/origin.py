"""Which article of a cluster the others came from, by evidence in tiers.

1. claim: what copies say themselves, in an attribution line or a canonical link to another site;
2. residue: another publisher's markup that came along with the text, plugins that import texts;
3. time: the earliest date. A date without a time is that whole day, and nothing is later than when it was
   first seen; importers backdate, so that a date alone does not outweigh what a copy says of itself;
4. completeness: a part of another text is not its origin;
5. reputation: a site that is the origin of many other clusters.

An earlier tier decides before a later one is asked. Two sites that one tier names alike, or a claim for one
and proof that another was there before it, are a disagreement: the origin is unknown, with both candidates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from cleaners.claims import LEFTOVER_MARKUP, Outlet

REPUTATION_AT_LEAST: Final = 3
"""Other clusters that a site must be the origin of before it is taken for one."""

REPUTATION_LEAD: Final = 2.0
"""How many times as often as its rival."""

MOST_COMPARED: Final = 20
"""Articles, the earliest first, that are looked at for being parts of one another."""

_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_DAY: Final = timedelta(days=1)


class Tier(StrEnum):
    """What kind of evidence names an origin; `TEXT` is what two texts share, which names none by itself."""

    CLAIM = "claim"
    RESIDUE = "residue"
    TIME = "time"
    COMPLETENESS = "completeness"
    REPUTATION = "reputation"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """An article of a cluster and what it tells of the origin.

    `text` tells texts apart; `first_seen` is when we first had the article. The claim is what the page says
    of its source, with its kind and the words or markup that say so; `importer` is a plugin of its site that
    takes articles from elsewhere.
    """

    id: int
    url: str
    site: str
    text: int
    words: int
    published: datetime | None = None
    first_seen: datetime | None = None
    claimed_domain: str | None = None
    claimed_name: str | None = None
    claimed_kind: str | None = None
    claim: str = ""
    importer: str = ""

    @property
    def earliest(self) -> datetime:
        """The earliest time at which it can have appeared: its date, unless it was there before that.

        Without a date it is when it was first seen: outlets date their stories, and what could be any age
        must not make every origin doubtful.
        """
        return min(self.published or _NEVER, self.first_seen or _NEVER)

    @property
    def latest(self) -> datetime:
        """The latest time at which it can have appeared; the end of time where nothing tells."""
        end = _NEVER
        if self.published is not None:
            whole_day = self.published.time() == time.min
            end = min(self.published, _NEVER - _DAY) + _DAY if whole_day else self.published
        return min(end, self.first_seen or _NEVER)

    @property
    def rank(self) -> tuple[datetime, datetime, int, str]:
        """What orders articles of which one has to be taken: date, first seen, the shortest address."""
        return (self.published or _NEVER, self.first_seen or _NEVER, len(self.url), self.url)


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of evidence for a person: which site or address it names as the origin, the address of the
    article that shows it, and what it is."""

    tier: Tier
    origin: str
    shown_by: str
    detail: str

    def to_record(self) -> dict[str, Any]:
        """The finding as plain data."""
        return {
            "tier": self.tier.value,
            **{name: getattr(self, name) for name in ("origin", "shown_by", "detail")},
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """The origin of a cluster, or two candidates that the evidence does not decide between.

    `site` is the origin's site, also where no article of it is held; `origin` is then empty. `findings` are
    in the order of their tiers. `of_itself` is false where only the reputation of sites decides or could.
    """

    origin: Witness | None
    rival: Witness | None
    site: str | None
    findings: tuple[Finding, ...]
    of_itself: bool = True


IsPart = Callable[[Witness, Witness], bool]
"""Whether the text of the first is a part of the second's."""


def find_origin(witnesses: Sequence[Witness], is_part: IsPart, reputation: Mapping[str, int]) -> Verdict:
    """The origin of a cluster of articles; `reputation` counts the clusters that each site is the origin of.

    Does not depend on the order of the articles.
    """
    witnesses = sorted(witnesses, key=lambda one: one.rank)
    findings: list[Finding] = []
    for tier in (Tier.CLAIM, Tier.RESIDUE):
        verdict = _by_claims(witnesses, tier, findings)
        if verdict is not None:
            return verdict
    unclaiming = [one for one in witnesses if not _claims(one)] or witnesses
    contenders = _without_imports(unclaiming, findings)
    return _by_circumstances(contenders, is_part, reputation, findings)


# --- What the pages say ----------------------------------------------------------------------------


def _by_claims(witnesses: Sequence[Witness], tier: Tier, findings: list[Finding]) -> Verdict | None:
    claimants = [one for one in witnesses if _claims(one) and _tier_of(one) is tier]
    if not claimants:
        return None
    free = [one for one in witnesses if not _claims(one)]
    known, unclaiming = _Outlets(witnesses), _Outlets(free)
    named: Counter[str] = Counter()
    outside: Counter[str] = Counter()
    for one in claimants:
        site = unclaiming.named_by(one)
        if site is not None:
            named[site] += 1
        elif one.claimed_domain and known.named_by(one) is None:
            outside[one.claimed_domain] += 1
        said = site or one.claimed_domain or one.claimed_name or ""
        findings.append(Finding(tier, said, one.url, one.claim))
    if named:
        return _among_named(named, free, findings)
    if outside:
        site = min(outside, key=lambda name: (-outside[name], name))
        return Verdict(None, None, site, tuple(findings))
    return None


def _among_named(named: Counter[str], free: Sequence[Witness], findings: list[Finding]) -> Verdict:
    """The verdict where copies name sites that are in the cluster and name no source themselves."""
    best = max(named.values())
    sites = sorted(site for site, count in named.items() if count == best)
    first = {site: next(one for one in free if one.site == site) for site in sites}
    candidates = sorted(first.values(), key=lambda one: one.rank)
    if len(candidates) > 1:
        return Verdict(candidates[0], candidates[1], None, tuple(findings))
    origin = candidates[0]
    before = [one for one in free if one.site != origin.site and _seen_before(one, origin)]
    if before:
        rival = before[0]
        detail = f"first seen {rival.first_seen}, before the date of {origin.url}, {origin.published}"
        findings.append(_found(Tier.TIME, rival, detail))
        return Verdict(origin, rival, None, tuple(findings))
    return Verdict(origin, None, origin.site, tuple(findings))


def _claims(one: Witness) -> bool:
    return bool(one.claimed_domain or one.claimed_name)


def _tier_of(one: Witness) -> Tier:
    return Tier.RESIDUE if one.claimed_kind == LEFTOVER_MARKUP else Tier.CLAIM


class _Outlets:
    """The sites of articles, to be found by what claims call them."""

    def __init__(self, witnesses: Sequence[Witness]) -> None:
        self._outlets = {one.site: Outlet(one.url) for one in reversed(witnesses)}
        self._found: dict[tuple[str | None, str | None], str | None] = {}

    def named_by(self, claimant: Witness) -> str | None:
        """The site that a claim names, if it is one of these."""
        claim = claimant.claimed_domain, claimant.claimed_name
        if claim not in self._found:
            named = (site for site, outlet in reversed(self._outlets.items()) if outlet.is_named(*claim))
            self._found[claim] = next(named, None)
        return self._found[claim]


def _seen_before(one: Witness, other: Witness) -> bool:
    """Whether we had one before the other's own date, which nobody can have backdated."""
    return one.first_seen is not None and other.published is not None and one.first_seen < other.published


def _without_imports(contenders: Sequence[Witness], findings: list[Finding]) -> Sequence[Witness]:
    """Those that are on no site which takes articles from elsewhere, if there are any."""
    own = [one for one in contenders if not one.importer]
    if not own:
        return contenders
    for one in contenders:
        if one.importer:
            detail = f"its site takes articles from elsewhere: it has the plugin {one.importer}"
            findings.append(Finding(Tier.RESIDUE, "elsewhere", one.url, detail))
    return own


# --- What else tells -------------------------------------------------------------------------------


def _by_circumstances(
    contenders: Sequence[Witness], is_part: IsPart, reputation: Mapping[str, int], findings: list[Finding]
) -> Verdict:
    left = _first_of_each_site(contenders)
    first_end = min(one.latest for one in left)
    earliest = [one for one in left if one.earliest <= first_end]
    if len(earliest) == 1 and len(left) > 1:
        findings.append(_found(Tier.TIME, earliest[0], f"the earliest: {_when(earliest[0])}"))
    compared = earliest[:MOST_COMPARED]
    longer = [_longer(one, left, is_part) for one in compared]
    whole = [one for one, other in zip(compared, longer, strict=True) if other is None]
    if len(earliest) == 1 and longer[0] is not None:
        other = longer[0]
        findings.append(_found(Tier.COMPLETENESS, other, f"{earliest[0].url} is a part of it"))
        return Verdict(earliest[0], other, None, tuple(findings))
    if len(earliest) > 1 and len(whole) == 1:
        findings.append(_found(Tier.COMPLETENESS, whole[0], "the others are parts of it"))
    candidates = whole or earliest
    if len(candidates) == 1:
        return Verdict(candidates[0], None, candidates[0].site, tuple(findings))
    return _by_reputation(candidates, reputation, findings)


def _by_reputation(
    candidates: Sequence[Witness], reputation: Mapping[str, int], findings: list[Finding]
) -> Verdict:
    known = sorted(candidates, key=lambda one: (-reputation.get(one.site, 0), one.rank))
    best, second = (reputation.get(one.site, 0) for one in known[:2])
    if best >= REPUTATION_AT_LEAST and best >= REPUTATION_LEAD * second:
        detail = f"{known[0].site} is the origin of {best} other clusters, {known[1].site} of {second}"
        findings.append(_found(Tier.REPUTATION, known[0], detail))
        return Verdict(known[0], None, known[0].site, tuple(findings), of_itself=False)
    return Verdict(candidates[0], candidates[1], None, tuple(findings), of_itself=False)


def _longer(one: Witness, others: Sequence[Witness], is_part: IsPart) -> Witness | None:
    """The first of the others that holds a text and more."""
    return next((other for other in others[:MOST_COMPARED] if other is not one and is_part(one, other)), None)


def _found(tier: Tier, one: Witness, detail: str) -> Finding:
    return Finding(tier, one.url, one.url, detail)


def _first_of_each_site(witnesses: Sequence[Witness]) -> list[Witness]:
    """The first article of each site, by rank: a site's two addresses for a text are no disagreement."""
    first: dict[str, Witness] = {}
    for one in sorted(witnesses, key=lambda one: one.rank):
        first.setdefault(one.site, one)
    return list(first.values())


def _when(one: Witness) -> str:
    return f"published {one.published}" if one.published else f"first seen {one.first_seen}"
