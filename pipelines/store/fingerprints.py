"""The fingerprints of articles into the database, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, insert, select, tuple_

from cleaners.article import Fingerprint
from pipelines.store.chunks import chunks
from pipelines.store.schema import ArticleFingerprint, StoredFingerprint, storable

_AT_ONCE: Final = 400  # pairs a query: SQLite's older limit on variables is 999


def save_fingerprints(connection: Connection, carried: Mapping[int, Sequence[Fingerprint]]) -> None:
    """Note which fingerprints articles carry, by the articles' numbers; those held of them must be gone."""
    wanted = {article: {_as_stored(one) for one in some} for article, some in carried.items() if some}
    if not wanted:
        return
    ids = fingerprint_ids(connection, (one for some in carried.values() for one in some))
    rows = [
        {"article_id": article, "fingerprint_id": ids[one]}
        for article, some in wanted.items()
        for one in sorted(some)
    ]
    connection.execute(insert(ArticleFingerprint), rows)


def fingerprint_ids(connection: Connection, some: Iterable[Fingerprint]) -> dict[tuple[str, str], int]:
    """The numbers of fingerprints, by kind and value as they are stored; new ones get theirs."""
    every = sorted({_as_stored(one) for one in some})
    ids = _ids(connection, every)
    new = [one for one in every if one not in ids]
    if new:
        connection.execute(insert(StoredFingerprint), [{"kind": kind, "value": value} for kind, value in new])
        ids |= _ids(connection, new)
    return ids


def _as_stored(one: Fingerprint) -> tuple[str, str]:
    return storable(one.kind), storable(one.value)


def _ids(connection: Connection, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The numbers of the fingerprints that the database holds."""
    table = StoredFingerprint
    query = select(table.kind, table.value, table.id)
    return {
        (row.kind, row.value): row.id
        for some in chunks(pairs, _AT_ONCE)
        for row in connection.execute(query.where(tuple_(table.kind, table.value).in_(some)))
    }
