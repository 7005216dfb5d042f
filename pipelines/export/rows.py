"""The rows of an export, read in the order of the survey; no number of the database is in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased

from pipelines.export.duplicates import Duplicate
from pipelines.export.options import Relation
from pipelines.export.schema import EVIDENCE
from pipelines.export.survey import NONE, RELATIONS, Survey, column
from pipelines.store.reuse_schema import StoredOrigin
from pipelines.store.schema import StoredArticle, storable

_ROWS_AT_A_TIME: Final = 250  # divides the rows of a row group
_CHARACTERS_AT_A_TIME: Final = 8_000_000  # of so many rows; one may be longer
_AS_STORED: Final = (
    "url", "canonical_url", "site", "title", "published", "modified", "language", "text", "markdown",
    "discovered_by", "fetched_at", "gone_at", "revision",
)  # fmt: skip
_LISTS: Final = ("authors", "categories", "warnings")

ExportRow = dict[str, Any]


class Rows:
    """Makes rows of what a survey found."""

    def __init__(self, connection: Connection, found: Survey) -> None:
        """Read from a connection that sees what the survey saw."""
        self._connection = connection
        self._found = found
        self._names = cluster_names(found)

    def articles(self, positions: NDArray[np.int64]) -> Iterator[list[ExportRow]]:
        """The rows of articles, many at a time."""
        for batch in self._batches(positions):
            stored = self._read(batch)
            yield [self._article(at, stored[self._found.ids[at]]) for at in batch]

    def duplicates(self, removed: Sequence[Duplicate]) -> Iterator[list[ExportRow]]:
        """The rows of duplicates, many at a time, in the order of their clusters and ids."""
        key = self._found.key
        ordered = sorted(removed, key=lambda one: (self._cluster(one.removed) or "", key(one.removed)))
        for begin in range(0, len(ordered), _ROWS_AT_A_TIME):
            batch = ordered[begin : begin + _ROWS_AT_A_TIME]
            stored = self._read_addresses({one.removed for one in batch} | {one.kept for one in batch})
            yield [self._duplicate(one, stored) for one in batch]

    def _batches(self, positions: NDArray[np.int64]) -> Iterator[list[int]]:
        """Positions cut into pieces whose texts fit into memory."""
        batch: list[int] = []
        characters = 0
        for position in positions.tolist():
            size = self._found.size[position]
            if batch and (len(batch) == _ROWS_AT_A_TIME or characters + size > _CHARACTERS_AT_A_TIME):
                yield batch
                batch, characters = [], 0
            batch.append(position)
            characters += size
        if batch:
            yield batch

    def _read(self, batch: Sequence[int]) -> Mapping[int, Any]:
        origin, rival = aliased(StoredArticle), aliased(StoredArticle)
        stored = [getattr(StoredArticle, name) for name in ("id", *_AS_STORED, *_LISTS)]
        claim = (
            StoredArticle.claimed_domain,
            StoredArticle.claimed_name,
            StoredArticle.claimed_kind,
            StoredArticle.claimed_evidence,
        )
        query = (
            select(
                *stored,
                *claim,
                StoredArticle.boilerplate,
                StoredOrigin.evidence,
                origin.url.label("origin_url"),
                func.coalesce(StoredOrigin.origin_site, origin.site).label("origin_site"),
                rival.url.label("rival_url"),
            )
            .outerjoin(StoredOrigin, StoredOrigin.article_id == StoredArticle.id)
            .outerjoin(origin, origin.id == StoredOrigin.origin_id)
            .outerjoin(rival, rival.id == StoredOrigin.rival_id)
            .where(StoredArticle.id.in_([self._found.ids[at] for at in batch]))
        )
        return {row.id: row for row in self._connection.execute(query)}

    def _article(self, at: int, row: Any) -> ExportRow:
        found = self._found
        relation = RELATIONS[found.relation[at]]
        known = relation is not Relation.UNCOMPARED  # else the origin is that of an earlier text
        return {
            "id": found.key(at),
            **{name: getattr(row, name) for name in _AS_STORED},
            **{name: storable(getattr(row, name)) for name in _LISTS},
            "words": found.words[at],
            "characters": found.characters[at],
            "page_words": found.page_words[at],
            "kept_share": found.kept_share(at),
            "boilerplate": [{"type": kind, **count} for kind, count in sorted(row.boilerplate.items())],
            "claimed_source": _claim(row),
            "relation": relation.value,
            "cluster": self._cluster(at),
            "origin_url": row.origin_url if known else None,
            "origin_site": row.origin_site if known else None,
            "rival_url": row.rival_url if known else None,
            "evidence": _evidence(row.evidence) if known else [],
        }

    def _cluster(self, at: int) -> str | None:
        cluster = self._found.cluster[at]
        return None if cluster == NONE else self._found.key(self._names[cluster])

    def _read_addresses(self, positions: set[int]) -> Mapping[int, Any]:
        origin = aliased(StoredArticle)
        query = (
            select(StoredArticle.id, StoredArticle.url, origin.url.label("origin_url"))
            .outerjoin(StoredOrigin, StoredOrigin.article_id == StoredArticle.id)
            .outerjoin(origin, origin.id == StoredOrigin.origin_id)
            .where(StoredArticle.id.in_([self._found.ids[at] for at in positions]))
        )
        return {row.id: row for row in self._connection.execute(query)}

    def _duplicate(self, one: Duplicate, stored: Mapping[int, Any]) -> ExportRow:
        found = self._found
        removed, kept = stored[found.ids[one.removed]], stored[found.ids[one.kept]]
        return {
            "removed_id": found.key(one.removed),
            "removed_url": removed.url,
            "kept_id": found.key(one.kept),
            "kept_url": kept.url,
            "relation": one.relation.value,
            "reason": one.why.value,
            "cluster": self._cluster(one.removed),
            "origin_url": removed.origin_url,
            "origin_relation": RELATIONS[found.relation[one.removed]].value,
        }


def cluster_names(found: Survey) -> dict[int, int]:
    """For each cluster the article whose id is its name: its origin, else the one with the smallest id.

    All articles of the database count, so that a cluster's name does not change with what is chosen.
    """
    clusters = column(found.cluster)
    grouped = np.flatnonzero(clusters != NONE)
    order = grouped[
        np.lexsort(
            (
                column(found.key_low)[grouped],
                column(found.key_high)[grouped],
                column(found.relation)[grouped] != RELATIONS.index(Relation.ORIGINAL),
                clusters[grouped],
            )
        )
    ]
    first = np.flatnonzero(np.diff(clusters[order], prepend=NONE))
    return dict(zip(clusters[order[first]].tolist(), order[first].tolist(), strict=True))


def _evidence(stored: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    return [{name: storable(finding.get(name)) for name in EVIDENCE} for finding in stored or ()]


def _claim(row: Any) -> dict[str, str | None] | None:
    if row.claimed_kind is None:
        return None
    return {
        "domain": row.claimed_domain,
        "name": row.claimed_name,
        "kind": row.claimed_kind,
        "evidence": row.claimed_evidence or "",
    }
