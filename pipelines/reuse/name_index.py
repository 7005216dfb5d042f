"""The index of telling names in the database: which texts have a name in a period, and how much it tells.

Of the texts of a cluster only one is entered, so that a story counts once, however often it was copied. What
a name tells follows from how many texts have it now: when that changes, the texts that it concerns are noted
to be looked at again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from functools import cache
from typing import Final

from sqlalchemy import Connection, TextClause, and_, bindparam, delete, insert, or_, select, text, update

from pipelines.reuse.names import name_key, unpack
from pipelines.store.chunks import chunks
from pipelines.store.reuse_schema import StoredRelation, StoredText, StoredTextName
from pipelines.store.schema import table_of

RARE_UP_TO: Final = 4
RARE: Final = 2
"""Stories of a period that may have a name that tells much, and its weight."""

KNOWN_UP_TO: Final = 32
KNOWN: Final = 1
"""Stories that may have a name that tells something at all; an event that more tell of has names of its own
in some of them. What is named by more is a country, a company or a field."""

_COUNTED_AT_ONCE: Final = 200  # SQLite gives 2,000 columns at most, PostgreSQL 1,664

Keys = Mapping[int, Collection[int]]
"""The keys of texts."""


def weight(texts: int) -> int:
    """What a name tells that so many texts of a period have."""
    if texts <= RARE_UP_TO:
        return RARE
    return KNOWN if texts <= KNOWN_UP_TO else 0


def weights(connection: Connection, keys: Collection[int]) -> dict[int, int]:
    """What each key tells."""
    counts = _counts(connection, dict.fromkeys(keys, KNOWN_UP_TO + 1))
    return {key: weight(count) for key, count in counts.items()}


def members(connection: Connection, keys: Collection[int]) -> dict[int, list[int]]:
    """The texts that have each key."""
    table = table_of(StoredTextName)
    found: dict[int, list[int]] = defaultdict(list)
    for some in chunks(sorted(keys)):
        held = select(table.c.key, table.c.text_id).where(table.c.key.in_(some))
        for key, its in connection.execute(held):
            found[key].append(its)
    return found


def change(connection: Connection, left: Keys, entered: Keys) -> None:
    """Take texts out from under keys and enter others.

    Texts that are found by more or fewer names for it are noted to be looked at again.
    """
    table = table_of(StoredTextName)
    gone = [{"its": one, "under": key} for one, keys in left.items() for key in keys]
    if gone:
        its = (table.c.text_id == bindparam("its")) & (table.c.key == bindparam("under"))
        connection.execute(delete(table).where(its), gone)
    new = sorted((key, one) for one, keys in entered.items() for key in keys)
    if new:
        connection.execute(insert(table), [{"key": key, "text_id": one} for key, one in new])
    more = Counter(key for key, _ in new)
    more.subtract(row["under"] for row in gone)
    _look_again(connection, more)


def keys_under(period: int, packed: bytes) -> list[int]:
    """The keys of a text's names in a period."""
    return [name_key(period, name) for name in unpack(packed)]


def let_speak(connection: Connection, cluster: int, speaker: int) -> None:
    """Have one text of a cluster entered for all: notes those that are and should not be, or the reverse."""
    table = table_of(StoredText)
    entered, speaks = table.c.period.is_not(None), table.c.id == speaker
    wrong = and_(table.c.cluster_id == cluster, or_(and_(entered, ~speaks), and_(speaks, ~entered)))
    connection.execute(update(table).where(wrong).values(sought=False))


def look_again(connection: Connection, texts: Collection[int]) -> None:
    """Note that the reports of texts' events are to be searched (again)."""
    table = table_of(StoredText)
    for some in chunks(sorted(texts)):
        connection.execute(update(table).where(table.c.id.in_(some)).values(sought=False))


def _look_again(connection: Connection, more: Mapping[int, int]) -> None:
    """Note the texts whose keys tell more or less, now that so many more texts than before have each."""
    limits = {key: KNOWN_UP_TO + 1 + max(number, 0) for key, number in more.items()}
    counts = _counts(connection, limits)
    lost, gained = [], []
    for key, count in counts.items():
        before = weight(count - more[key])
        if before > weight(count):
            lost.append(key)
        elif before < weight(count):
            gained.append(key)
    those = {one for its in members(connection, gained).values() for one in its}
    fewer = {one for its in members(connection, lost).values() for one in its}
    look_again(connection, those | _found_by_names(connection, fewer))


def _found_by_names(connection: Connection, texts: Collection[int]) -> set[int]:
    """Those of some texts, with others, that relations were found of by their names."""
    table = table_of(StoredRelation)
    found: set[int] = set()
    for some in chunks(sorted(texts), 2_000):
        either = or_(table.c.later_id.in_(some), table.c.earlier_id.in_(some))
        for pair in connection.execute(
            select(table.c.later_id, table.c.earlier_id).where(either, table.c.by_names)
        ):
            found.update(pair)
    return found


def _counts(connection: Connection, limits: Mapping[int, int]) -> dict[int, int]:
    """How many texts have each key, counted up to a limit."""
    found: dict[int, int] = {}
    for some in chunks(sorted(limits), _COUNTED_AT_ONCE):
        given = {f"key{number}": key for number, key in enumerate(some)}
        given |= {f"most{number}": limits[key] for number, key in enumerate(some)}
        counts = connection.execute(_counting(len(some)), given).one()
        found.update(zip(some, counts, strict=True))
    return found


@cache
def _counting(keys: int) -> TextClause:
    """The statement that counts for so many keys; what SQLAlchemy makes of it by itself takes far longer."""
    counts = (
        f"(SELECT count(*) FROM (SELECT 1 FROM {StoredTextName.__tablename__} "  # noqa: S608 - our own name
        f"WHERE key = :key{number} LIMIT :most{number}) AS counted{number})"
        for number in range(keys)
    )
    return text(f"SELECT {', '.join(counts)}")
