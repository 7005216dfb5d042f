"""What each article is among the others, and what it says of its source."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row

from audit.findings.model import Attribution, AuditedArticle, Claim, Evidence, Status
from audit.findings.reading import Read
from cleaners.claims import Outlet
from pipelines.reuse.origin import Tier

_HOUR: Final = timedelta(hours=1)


def audited_articles(found: Read) -> dict[int, AuditedArticle]:
    """The articles that were read, by number and in its order."""
    outlets = Outlets()
    return {number: _article(row, found, outlets) for number, row in found.rows.items()}


class Outlets:
    """Sites in the ways in which claims and bylines name them, each made once."""

    def __init__(self) -> None:
        """Know none yet."""
        self._made: dict[str, Outlet] = {}

    def of(self, site: str) -> Outlet:
        """The outlet of a site."""
        if site not in self._made:
            self._made[site] = Outlet(f"https://{site}/" if site else None)
        return self._made[site]

    def named(self, claim: Claim, site: str) -> bool:
        """Whether a claim names a site, by its domain or its name."""
        return self.of(site).is_named(claim.domain, claim.name)


def _article(row: Row[Any], found: Read, outlets: Outlets) -> AuditedArticle:
    same_event = found.same_event.get(row.id, ())
    status = _status(row, bool(same_event))
    copy = status is not Status.ORIGINAL
    evidence = tuple(_evidence(piece) for piece in row.evidence or ())
    claim = _claim(row)
    return AuditedArticle(
        id=row.id,
        url=row.url,
        title=row.title,
        site=row.site,
        authors=tuple(row.authors),
        language=row.language,
        published=row.published,
        first_seen=row.first_seen,
        words=found.words[row.id],
        boilerplate_words=sum(count["words"] for count in row.boilerplate.values()),
        status=status,
        story=row.cluster_id,
        origin=row.origin_id if copy else None,
        rival=row.rival_id if copy else None,
        origin_site=row.origin_site,
        lag_hours=_lag_hours(row, found) if copy else None,
        claim=claim,
        attribution=_attribution(row, status, claim, outlets),
        reason=next((piece.detail for piece in evidence if piece.tier == Tier.TEXT.value), ""),
        evidence=evidence,
        same_event=same_event,
    )


def _status(row: Row[Any], tells_same_event: bool) -> Status:
    if row.relation is not None:
        return Status(row.relation)
    if row.cluster_id is not None:  # its origin is still to be found
        return Status.UNKNOWN
    return Status.INDEPENDENT if tells_same_event else Status.UNMATCHED


def _lag_hours(row: Row[Any], found: Read) -> float | None:
    """Hours from the origin's date to the article's; `None` where one is missing or the origin in doubt."""
    origin = found.rows.get(row.origin_id) if row.origin_id and row.rival_id is None else None
    if origin is None or origin.published is None or row.published is None:
        return None
    return float((row.published - origin.published) / _HOUR)


def _claim(row: Row[Any]) -> Claim | None:
    if row.claimed_kind is None:
        return None
    return Claim(
        domain=row.claimed_domain,
        name=row.claimed_name,
        kind=row.claimed_kind,
        evidence=row.claimed_evidence or "",
    )


def _attribution(row: Row[Any], status: Status, claim: Claim | None, outlets: Outlets) -> Attribution | None:
    if status is Status.ORIGINAL:
        return None
    if row.origin_site is not None and row.origin_site != row.site:
        if claim is None:
            return Attribution.NONE
        return Attribution.TRUE if outlets.named(claim, row.origin_site) else Attribution.WRONG
    if claim is None or outlets.named(claim, row.site):
        return None
    return Attribution.UNVERIFIED


def _evidence(piece: dict[str, Any]) -> Evidence:
    return Evidence(
        tier=piece["tier"], origin=piece["origin"], shown_by=piece["shown_by"], detail=piece["detail"]
    )
