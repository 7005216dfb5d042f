"""Which articles an export leaves out as duplicates, for which others, and how the map says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipelines.deduplicate import deduplicate
from pipelines.export.card import Card
from pipelines.export.corpus import export
from pipelines.export.options import DUPLICATES, Filters, Options, Relation
from pipelines.export.schema import duplicates_schema
from pipelines.store import Store
from tests.pipelines.corpora import DAY, Entry, article, fill, story
from tests.pipelines.test_export import ALL, rows

O = "https://o.example/1"  # noqa: E741 - the origin
COPIES = (
    story("o.example/1", "One two three four five.", cluster="c", relation="original", origin=O),
    story("v.example/1", "One two three four five.", cluster="c", relation="verbatim", origin=O),
    story("e.example/1", "One two three four five six seven.", cluster="c", relation="edited", origin=O),
    story("x.example/1", "One two three.", cluster="c", relation="excerpt", origin=O),
    story("t.example/1", "Eins zwei drei vier fünf.", cluster="c", relation="translated", origin=O,
          more={"language": "de"}),
    story("u.example/1", "Eins zwei drei vier fünf.", cluster="c", relation="translated", origin=O,
          more={"language": "de"}),
    story("s.example/1", "Nothing like it."),
)  # fmt: skip


def deduplicated(
    database: str,
    folder: Path,
    entries: Iterable[Entry],
    pairs: Sequence[tuple[str, str, str]] = (),
    *,
    relations: Iterable[Relation] = ALL,
    **filters: Any,
) -> tuple[set[str], dict[str, tuple[str, str, str]], Card]:
    """The hosts that stay, those left out with the host that stays for them and why, and the card."""
    with Store(database) as store:
        fill(store, entries, pairs)
        card = export(store, folder, Options(dedup=frozenset(relations), filters=Filters(**filters)))
    table = pq.read_table(folder / "duplicates.parquet")
    assert table.schema.equals(duplicates_schema())
    removed = {
        host(row["removed_url"]): (host(row["kept_url"]), row["relation"], row["reason"])
        for row in table.to_pylist()
    }
    kept = {host(row["url"]) for row in rows(folder)}
    assert len(kept) + len(removed) == card.written.articles + sum(card.removed.values())
    assert not kept & set(removed)
    assert {stays for stays, _, _ in removed.values()} <= kept
    return kept, removed, card


def host(url: str) -> str:
    return url.split("/")[2].partition(".")[0]


def test_the_origin_stays(database: str, tmp_path: Path) -> None:
    kept, removed, card = deduplicated(database, tmp_path / "out", COPIES)
    assert kept == {"o", "s"}
    assert removed == {
        "v": ("o", "verbatim", "origin"),
        "e": ("o", "edited", "origin"),
        "x": ("o", "excerpt", "origin"),
        "t": ("o", "translated", "origin"),
        "u": ("o", "translated", "origin"),
    }
    assert card.removed == {
        Relation.VERBATIM: 1, Relation.EDITED: 1, Relation.EXCERPT: 1, Relation.TRANSLATED: 2,
    }  # fmt: skip
    assert list(card.removed) == [one for one in DUPLICATES if one in card.removed]
    assert card.asked.dedup == list(DUPLICATES)


def test_the_map_names_articles_clusters_and_origins(database: str, tmp_path: Path) -> None:
    deduplicated(database, tmp_path / "out", COPIES[:2])
    (kept,) = rows(tmp_path / "out")
    (row,) = pq.read_table(tmp_path / "out" / "duplicates.parquet").to_pylist()
    removed_id = row.pop("removed_id")
    assert len(removed_id) == 32
    assert row == {
        "removed_url": "https://v.example/1",
        "kept_id": kept["id"],
        "kept_url": O,
        "relation": "verbatim",
        "reason": "origin",
        "cluster": kept["cluster"],
        "origin_url": O,
        "origin_relation": "verbatim",
    }


def test_filters_come_first_and_then_the_longest_stays(database: str, tmp_path: Path) -> None:
    kept, removed, card = deduplicated(
        database, tmp_path / "out", COPIES, excluded_sites=frozenset({"o.example"})
    )
    assert kept == {"e", "s"}
    assert removed == {
        "v": ("e", "edited", "longest"),  # both are copies of one origin: the further of the two relations
        "x": ("e", "excerpt", "longest"),
        "t": ("e", "translated", "longest"),
        "u": ("e", "translated", "longest"),
    }
    (row, *_) = pq.read_table(tmp_path / "out" / "duplicates.parquet").to_pylist()
    assert (row["origin_url"], card.written.articles) == (O, 2)


def test_the_database_knows_the_relation_of_two_copies_better(database: str, tmp_path: Path) -> None:
    pairs = [("https://v.example/1", "https://e.example/1", "excerpt"),
             ("https://e.example/1", "https://x.example/1", "rewritten"),
             ("https://t.example/1", "https://e.example/1", "independent")]  # fmt: skip
    _, removed, _ = deduplicated(
        database, tmp_path / "out", COPIES, pairs, excluded_sites=frozenset({"o.example"})
    )
    assert removed["v"] == ("e", "excerpt", "longest")
    assert removed["x"] == ("e", "rewritten", "longest")
    assert removed["t"] == ("e", "translated", "longest")


def test_translations_stay_once_a_language_where_they_are_no_duplicates(
    database: str, tmp_path: Path
) -> None:
    near = (Relation.VERBATIM, Relation.EDITED, Relation.EXCERPT)
    kept, removed, card = deduplicated(database, tmp_path / "out", COPIES, relations=near)
    assert kept in ({"o", "t", "s"}, {"o", "u", "s"})
    translation = next(iter(kept - {"o", "s"}))
    other = next(iter({"t", "u"} - kept))
    assert removed == {
        "v": ("o", "verbatim", "origin"),
        "e": ("o", "edited", "origin"),
        "x": ("o", "excerpt", "origin"),
        other: (translation, "verbatim", "nearest"),
    }
    assert card.removed[Relation.VERBATIM] == 2


def test_only_verbatim_copies(database: str, tmp_path: Path) -> None:
    kept, removed, _ = deduplicated(database, tmp_path / "out", COPIES, relations=[Relation.VERBATIM])
    assert len(kept) == 5
    assert removed["v"] == ("o", "verbatim", "origin")
    assert {relation for _, relation, _ in removed.values()} == {"verbatim"}


def test_a_copy_of_a_copy_that_stays(database: str, tmp_path: Path) -> None:
    entries = [
        story("o.example/1", "One two three four.", cluster="c", relation="original", origin=O),
        story("r.example/1", "Uno dos tres.", cluster="c", relation="rewritten", origin=O),
        story("q.example/1", "Uno dos.", cluster="c", relation="rewritten", origin=O),
    ]
    pairs = [("https://q.example/1", "https://r.example/1", "excerpt")]
    kept, removed, _ = deduplicated(database, tmp_path / "out", entries, pairs, relations=[Relation.EXCERPT])
    assert kept == {"o", "r"}
    assert removed == {"q": ("r", "excerpt", "nearest")}


def test_of_articles_whose_origin_nobody_knows_the_longest_stays(database: str, tmp_path: Path) -> None:
    known = {"origin": "https://a.example/1", "rival": "https://b.example/1"}
    entries = [
        story("a.example/1", "One two.", cluster="c", relation="unknown", **known),
        story("b.example/1", "One two three.", cluster="c", relation="unknown", **known),
    ]
    kept, removed, card = deduplicated(database, tmp_path / "out", entries)
    assert (kept, removed) == ({"b"}, {"a": ("b", "unknown", "origin-unknown")})
    assert card.removed == {Relation.UNKNOWN: 1}


def test_a_copy_of_one_of_two_candidates(database: str, tmp_path: Path) -> None:
    known = {"origin": "https://a.example/1", "rival": "https://b.example/1"}
    entries = [
        story("a.example/1", "One two three four.", cluster="c", relation="unknown", **known),
        story("b.example/1", "One two.", cluster="c", relation="unknown", **known),
        story("e.example/1", "One two three.", cluster="c", relation="edited", **known),
    ]
    _, removed, _ = deduplicated(database, tmp_path / "out", entries)
    assert removed == {"e": ("a", "edited", "origin-unknown"), "b": ("a", "unknown", "origin-unknown")}


def test_copies_of_an_origin_that_the_corpus_does_not_have(database: str, tmp_path: Path) -> None:
    known = {"cluster": "c", "origin_site": "o.example"}
    entries = [
        story("n.example/1", "One two three four.", relation="unknown", **known),
        story("e.example/1", "One two three.", relation="edited", **known),
        story("x.example/1", "One two.", relation="excerpt", **known),
    ]
    pairs = [("https://e.example/1", "https://n.example/1", "edited")]
    _, removed, _ = deduplicated(database, tmp_path / "out", entries, pairs)
    assert removed == {"e": ("n", "edited", "longest"), "x": ("n", "unknown", "longest")}


@pytest.mark.parametrize("relations", [[Relation.VERBATIM], [Relation.EDITED, Relation.TRANSLATED]])
def test_articles_of_unknown_origin_stay_where_these_are_no_duplicates(
    database: str, tmp_path: Path, relations: list[Relation]
) -> None:
    entries = [story("a.example/1", cluster="c"), story("b.example/1", cluster="c")]
    kept, removed, _ = deduplicated(database, tmp_path / "out", entries, relations=relations)
    assert (kept, removed) == ({"a", "b"}, {})


def test_of_equals_the_one_with_the_smaller_id_stays(database: str, tmp_path: Path) -> None:
    names = [f"{letter}.example/1" for letter in "abcdef"]
    entries = [story(name, "The same words.", cluster="c", relation="unknown") for name in names]
    kept, removed, _ = deduplicated(database, tmp_path / "out", entries)
    (stays,) = rows(tmp_path / "out")
    assert kept == {host(stays["url"])}
    assert {row["removed_id"] > stays["id"] for row in pq.read_table(
        tmp_path / "out" / "duplicates.parquet").to_pylist()} == {True}  # fmt: skip
    assert {relation for _, relation, _ in removed.values()} == {"verbatim"}


def test_of_texts_of_one_length_the_earlier_stays(database: str, tmp_path: Path) -> None:
    entries = [
        story(f"{name}.example/1", f"Word {name}", cluster="c", relation="unknown", more={"published": when})
        for name, when in zip("abcd", (DAY, None, DAY - timedelta(days=1), DAY), strict=True)
    ]
    kept, _, _ = deduplicated(database, tmp_path / "out", entries)
    assert kept == {"c"}


def test_uncompared_articles_are_duplicates_of_nothing_and_the_card_says_so(
    database: str, tmp_path: Path
) -> None:
    entries = [*COPIES, story("n.example/1", "One two three four five.", compared=False)]
    kept, _, card = deduplicated(database, tmp_path / "out", entries)
    assert kept == {"o", "s", "n"}
    assert card.uncompared == 1
    readme = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "1 of 3 articles have not been compared with the others yet" in readme


def test_a_large_cluster(database: str, tmp_path: Path) -> None:
    many = 1_200
    entries = [
        story(f"o{n}.example/1", f"Word {n}", cluster="c", relation="original" if n == 0 else "edited",
              origin="https://o0.example/1")
        for n in range(many)
    ]  # fmt: skip
    kept, removed, _ = deduplicated(database, tmp_path / "out", entries)
    assert (kept, len(removed)) == ({"o0"}, many - 1)


def test_without_any_duplicate_the_map_is_there_and_empty(database: str, tmp_path: Path) -> None:
    _, removed, card = deduplicated(database, tmp_path / "out", [story("a.example/1")])
    assert removed == {}
    assert [(file.name, file.rows) for file in card.files] == [
        ("part-00000.parquet", 1),
        ("duplicates.parquet", 0),
    ]


def test_what_the_comparison_of_a_database_finds(database: str, tmp_path: Path) -> None:
    """No row written by hand: three stories of one text, one of another."""
    told = (
        "The council of Velm voted on Tuesday to rebuild the quay wall that a falling crane broke in March.\n\n"
        "The work costs 3.4 million crowns, said the harbour master Ida Holm, and begins on 12 August.\n\n"
        "Until then the ferry to Skarholm sails from the fish market, twice a day instead of five times.\n\n"
        "Divers found in April that 40 metres of the wall had moved by the width of a hand since the fall."
    )
    other = (
        "A dry spring has cost the growers of Moorland half of their early potatoes, their union says.\n\n"
        "Pavel Reed, who farms 80 hectares near Aldermoor, harvested 900 tonnes last year and 410 now.\n\n"
        "The union asks for a loan of 22 million crowns, on which the ministry will decide in September."
    )
    seen = {"fetched_at": DAY + timedelta(days=9)}
    entries = [
        story("late.example/1", told, more={"published": DAY + timedelta(days=2), **seen}),
        story("early.example/1", told, more={"published": DAY, **seen}),
        story(
            "cut.example/1", told.rpartition("\n\n")[0], more={"published": DAY + timedelta(days=1), **seen}
        ),
        story("else.example/1", other, more=seen),
    ]
    with Store(database) as store:
        for entry in entries:
            store.save(article(entry))
        deduplicate(store)
        card = export(store, tmp_path / "out", Options(dedup=ALL))
    table = pq.read_table(tmp_path / "out" / "duplicates.parquet").to_pylist()
    assert {host(row["url"]): row["relation"] for row in rows(tmp_path / "out")} == {
        "early": "original",
        "else": "single",
    }
    assert {(host(row["removed_url"]), host(row["kept_url"]), row["reason"]) for row in table} == {
        ("late", "early", "origin"),
        ("cut", "early", "origin"),
    }
    assert (card.uncompared, card.removed[Relation.VERBATIM]) == (0, 1)
