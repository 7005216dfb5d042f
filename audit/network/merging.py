"""One sign told in two ways, in pages and in files, is one candidate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from audit.network.carried import Candidate, Carried


def merged(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """Candidates, those of the same kind and value joined."""
    found: dict[tuple[str, str], Candidate] = {}
    for candidate in candidates:
        key = candidate.kind, candidate.value
        known = found.get(key)
        found[key] = _joined(known, candidate) if known else candidate
    yield from found.values()


def _joined(one: Candidate, other: Candidate) -> Candidate:
    carried = dict(one.carried)
    for site, more in other.carried.items():
        carried[site] = _sum(carried[site], more) if site in carried else more
    return Candidate(one.kind, one.value, carried, one.note or other.note)


def _sum(one: Carried, other: Carried) -> Carried:
    return Carried(
        pages=one.pages + other.pages,
        articles=one.articles | other.articles,
        files=[*one.files, *other.files],
        named=one.named or other.named,
    )
