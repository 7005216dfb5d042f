"""Signs become links between sites and groups of them, in bounded time however many sites share a sign."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final

from audit.findings.model import Link, SharedSign, SiteGroup, Tier
from audit.network.kinds import TIER_ORDER
from audit.network.weighing import Weighed

MOST_LINKED: Final = 100
"""Sites of a sign that are all linked with each other: 4,950 pairs. Those of one that more share are each
linked with the first of them, which holds the group together as well."""

MOST_ALIKE: Final = 20
"""Signs of one kind that are listed of the same sites: those of one owner may share a thousand accounts."""

MOST_OF_NOTHING: Final = 100
"""Signs of one kind that are no evidence and are listed, those of most sites first."""


def listed(signs: Iterable[Weighed]) -> list[Weighed]:
    """The signs in their order, what only repeats others left out."""
    alike: Counter[tuple[str, Tier, frozenset[str]]] = Counter()
    nothing: Counter[str] = Counter()
    found = []
    for sign in sorted(signs, key=lambda sign: sign.order):
        same = sign.kind, sign.tier, frozenset(sign.carried)
        alike[same] += 1
        if alike[same] > MOST_ALIKE:
            continue
        if sign.tier is Tier.NO_EVIDENCE:
            nothing[sign.kind] += 1
            if nothing[sign.kind] > MOST_OF_NOTHING:
                continue
        found.append(sign)
    return found


def links_of(signs: Sequence[SharedSign]) -> tuple[Link, ...]:
    """The pairs of sites that share signs which are some evidence, with the best tier among these."""
    shared: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, sign in enumerate(signs):
        if sign.tier is not Tier.NO_EVIDENCE:
            for pair in _pairs([one.site for one in sign.sites]):
                shared[pair].append(number)
    return tuple(
        Link(one=one, other=other, tier=_best(signs[number].tier for number in numbers), signs=tuple(numbers))
        for (one, other), numbers in sorted(shared.items())
    )


def _pairs(sites: list[str]) -> Iterator[tuple[str, str]]:
    sites = sorted(sites)
    if len(sites) <= MOST_LINKED:
        return combinations(sites, 2)
    return ((sites[0], other) for other in sites[1:])


def _best(tiers: Iterable[Tier]) -> Tier:
    return min(tiers, key=TIER_ORDER.__getitem__)


def groups_of(signs: Sequence[SharedSign]) -> tuple[SiteGroup, ...]:
    """Sites that conclusive signs tie together, directly or through others; the largest group first."""
    root: dict[str, str] = {}
    telling = [(n, sign) for n, sign in enumerate(signs) if sign.tier is Tier.CONCLUSIVE]
    for _, sign in telling:
        first, *others = (one.site for one in sign.sites)
        for other in others:
            root[_find(root, other)] = _find(root, first)
    sites: defaultdict[str, set[str]] = defaultdict(set)
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for number, sign in telling:
        top = _find(root, sign.sites[0].site)
        sites[top].update(one.site for one in sign.sites)
        numbers[top].append(number)
    found = (SiteGroup(sites=tuple(sorted(sites[top])), signs=tuple(numbers[top])) for top in sites)
    return tuple(sorted(found, key=lambda group: (-len(group.sites), group.sites)))


def _find(root: dict[str, str], site: str) -> str:
    """The site that stands for the group of a site; the way there is shortened."""
    while (above := root.setdefault(site, site)) != site:
        root[site] = root[above]
        site = above
    return site
