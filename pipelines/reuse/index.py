"""The index of keys in the database: what a text is entered under, and which texts share its keys.

What comes out depends on which texts were entered, not on their order: two texts are candidates for each
other if they share a band, or enough keys that are not common. A key becomes common when too many texts have
it; pairs that were candidates by it are then given back, to be looked at again without it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update

from pipelines.reuse.keys import Keys
from pipelines.store.chunks import chunks
from pipelines.store.reuse_schema import StoredBand, StoredCommonFact, StoredFact, StoredText
from pipelines.store.schema import table_of

MOST_TEXTS: Final = 50
"""Texts that may share a word sequence or a fact, above which it tells nothing: a phrase of an agency, or two
names that stand together everywhere. Copies by the hundred are found by their bands."""

SHARED_AT_LEAST: Final = 2
SHARE_AT_LEAST: Final = 0.12
"""Word sequences and facts that candidates share, and as a share of the keys of the one that has fewer. The
annotated stories that were made from one another share 0.29 and more, translations of which only the numbers
can be told 0.24; others 0.19 at most. Long pages share two names with every other one."""


@dataclass(frozen=True, slots=True)
class Entered:
    """The texts under each key of those that were entered, and `parted`, the texts that shared a key which
    became common. `sizes` are how many keys texts have, as far as that was asked for."""

    connection: Connection
    bands: Mapping[int, set[int]]
    facts: Mapping[int, set[int]]
    parted: list[set[int]]
    sizes: dict[int, int]

    def candidates(self, text: int, keys: Keys) -> list[int]:
        """The texts that share a band with a text, or enough other keys, in the order of their numbers."""
        found: set[int] = set()
        for key in keys.bands:
            found |= self.bands[key]
        counts = Counter(other for key in keys.facts for other in self.facts.get(key, ()))
        shared = {other: count for other, count in counts.items() if count >= SHARED_AT_LEAST}
        self._load_sizes(shared)
        for other, count in shared.items():
            if count >= SHARE_AT_LEAST * min(len(keys.facts), self.sizes.get(other, 0)):
                found.add(other)
        return sorted(found - {text})

    def _load_sizes(self, texts: Mapping[int, int]) -> None:
        table = table_of(StoredText)
        for some in chunks(sorted(texts.keys() - self.sizes.keys())):
            held = select(table.c.id, table.c.key_count).where(table.c.id.in_(some))
            self.sizes.update((text, size) for text, size in self.connection.execute(held))


def enter(connection: Connection, keys: Mapping[int, Keys]) -> Entered:
    """Enter texts under their keys, where they are not yet."""
    sizes = {text: len(of.facts) for text, of in keys.items()}
    table = table_of(StoredText)
    if sizes:
        # The first names stay, as they are what the text was entered under.
        values = {
            "key_count": bindparam("number"),
            "names": func.coalesce(table.c.names, bindparam("packed")),
            "sought": False,
        }
        rows = [{"its": text, "number": sizes[text], "packed": of.names} for text, of in keys.items()]
        connection.execute(update(table).where(table.c.id == bindparam("its")).values(values), rows)
    bands = _add(connection, table_of(StoredBand), _by_key({text: of.bands for text, of in keys.items()}))
    facts = _by_key({text: of.facts for text, of in keys.items()})
    for key in _common(connection, facts):
        del facts[key]
    facts = _add(connection, table_of(StoredFact), facts)
    crowded = sorted(key for key, texts in facts.items() if len(texts) > MOST_TEXTS)
    _make_common(connection, crowded)
    return Entered(connection, bands, facts, [facts.pop(key) for key in crowded], sizes)


def remove(connection: Connection, text: int, keys: Keys) -> None:
    """Take a text out of the index. A key that was common stays so."""
    for model, held in ((StoredBand, keys.bands), (StoredFact, keys.facts)):
        table = table_of(model)
        connection.execute(delete(table).where(table.c.text_id == text, table.c.key.in_(held)))


def _by_key(keys: Mapping[int, Collection[int]]) -> dict[int, set[int]]:
    texts: dict[int, set[int]] = defaultdict(set)
    for text, held in keys.items():
        for key in held:
            texts[key].add(text)
    return texts


def _add(connection: Connection, table: Table, texts: Mapping[int, set[int]]) -> dict[int, set[int]]:
    """Add texts under keys; gives all texts that each key has now."""
    members: dict[int, set[int]] = {key: set() for key in texts}
    for some in chunks(sorted(texts)):
        held = select(table.c.key, table.c.text_id).where(table.c.key.in_(some))
        for key, text in connection.execute(held):
            members[key].add(text)
    # In the order of the index: a page of it is then written once, however many rows of it are new.
    rows = [
        {"key": key, "text_id": text} for key in sorted(texts) for text in sorted(texts[key] - members[key])
    ]
    if rows:
        connection.execute(insert(table), rows)
    for key, new in texts.items():
        members[key] |= new
    return members


def _common(connection: Connection, keys: Collection[int]) -> set[int]:
    table = table_of(StoredCommonFact)
    found: set[int] = set()
    for some in chunks(sorted(keys)):
        found.update(connection.scalars(select(table.c.key).where(table.c.key.in_(some))))
    return found


def _make_common(connection: Connection, keys: Collection[int]) -> None:
    facts, common = table_of(StoredFact), table_of(StoredCommonFact)
    for some in chunks(sorted(keys)):
        connection.execute(delete(facts).where(facts.c.key.in_(some)))
        connection.execute(insert(common), [{"key": key} for key in some])
