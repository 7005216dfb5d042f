"""Pairs of sites that took articles from one another."""

from __future__ import annotations

from collections.abc import Collection

from audit.findings.copies import Taken, copies_of
from audit.findings.model import Copies, PairFindings


def pairs_of(taken: Taken, audited: Collection[str]) -> tuple[PairFindings, ...]:
    """The pairs, of which one site at least is audited, by their names."""
    pairs = {(min(pair), max(pair)) for pair in taken if not set(pair).isdisjoint(audited)}
    return tuple(
        PairFindings(
            one=one,
            other=other,
            one_from_other=_copies(taken, one, other),
            other_from_one=_copies(taken, other, one),
        )
        for one, other in sorted(pairs)
    )


def _copies(taken: Taken, taker: str, origin: str) -> Copies | None:
    articles = taken.get((taker, origin))
    return copies_of(articles) if articles else None
