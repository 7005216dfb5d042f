"""What was reached on annotated stories and on the five documents that the project began with."""

from __future__ import annotations

import pytest

from benchmarks.reuse import derived_f1, f1_of, measure_pairs, measure_trace
from cleaners import clean
from pipelines.reuse.reading import Story, read
from pipelines.reuse.relation import RelationKind, relate
from tests.shared_data import shared


def test_relations_of_annotated_pairs() -> None:
    counts = measure_pairs(shared("gold", "reuse"))
    kinds = {true for true, _ in counts}
    assert kinds == set(RelationKind)
    assert sum(f1_of(counts, kind) for kind in kinds) / len(kinds) >= 0.99
    assert derived_f1(counts) == 1.0


def test_origins_of_an_annotated_collection() -> None:
    traced = measure_trace(shared("gold", "reuse"))
    assert (traced.wrong, traced.missed, traced.false) == (0, 0, 0)
    assert traced.right == 72


@pytest.fixture(scope="module")
def seeds() -> dict[str, Story]:
    """The stories of the seeds by the number that their names begin with."""
    pages = sorted(path for path in shared("seeds").iterdir() if path.suffix == ".txt")
    return {path.name[:3]: Story.of(clean(path.read_bytes())) for path in pages}


@pytest.mark.parametrize(
    ("kind", "pairs"),
    [
        (RelationKind.VERBATIM, ["000 001", "001 000"]),
        (RelationKind.REWRITTEN, ["004 000", "004 001"]),
        (
            RelationKind.INDEPENDENT,
            ["002 000", "002 001", "002 003", "002 004", "003 000", "003 001", "003 004"],
        ),
    ],
)
def test_the_five_documents(seeds: dict[str, Story], kind: RelationKind, pairs: list[str]) -> None:
    assert len(seeds) == 5
    found = {}
    for pair in pairs:
        later, earlier = (read(seeds[name]) for name in pair.split())
        found[pair] = relate(later, earlier).kind
    assert found == dict.fromkeys(pairs, kind)
