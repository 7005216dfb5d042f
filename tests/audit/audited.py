"""An article of an audit, as tests make it up."""

from __future__ import annotations

from typing import Any

from audit.findings.model import AuditedArticle, Status


def audited(number: int = 1, site: str = "harbour-gazette.example", **given: Any) -> AuditedArticle:
    """An article of `site`; what is not given is of one of which nothing is known."""
    fields: dict[str, Any] = {
        "id": number,
        "url": f"https://{site}/{number}",
        "title": None,
        "site": site,
        "authors": (),
        "language": None,
        "published": None,
        "first_seen": None,
        "words": 0,
        "boilerplate_words": 0,
        "status": Status.UNMATCHED,
        "story": None,
        "origin": None,
        "rival": None,
        "origin_site": None,
        "lag_hours": None,
        "claim": None,
        "attribution": None,
        "reason": "",
        "evidence": (),
        "same_event": (),
    }
    return AuditedArticle(**fields | given)
