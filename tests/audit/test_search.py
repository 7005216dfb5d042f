"""Search over titles and texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from audit.search import MOST_WORDS, Hit, search, terms_of
from cleaners.article import Article
from pipelines.store import Store

DAY = datetime(2026, 2, 1, tzinfo=UTC)


def article(path: str, title: str, text: str, day: int = 1) -> Article:
    return Article(
        url=f"https://{path}.example/",
        site=f"{path}.example",
        title=title,
        text=text,
        published=DAY.replace(day=day),
    )


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """Four articles."""
    with Store(database) as store:
        for one in (
            article(
                "a", "Keepers return", "Seven lighthouses are staffed again.\n\nThe fee is 100% paid.", 3
            ),
            article("b", "Ships", "A ship passed the lighthouse ÉTOILE of the keepers.", 5),
            article("c", "Étoile sold", "Nobody said for how much; _names_ were not given.", 2),
            article("d", "看守人", "灯台守が帰ってきた。", 1),
        ):
            store.save(one)
        yield store


@pytest.mark.parametrize(
    ("query", "sites"),
    [
        ("keepers", ["a", "b"]),  # in the title first, though the other is newer
        ("KEEPERS lighthouse", ["b", "a"]),
        ("étoile", ["c", "b"]),
        ("E\u0301TOILE", ["c", "b"]),
        ('"lighthouses are"', ["a"]),
        ('"are lighthouses"', []),
        ("100%", ["a"]),
        ("_names_", ["c"]),
        ("%", ["a"]),
        ("守が", ["d"]),
        ("", []),
        ('  "" ', []),
        ("' OR 1=1 --", []),
    ],
)
def test_every_word_must_be_there(store: Store, query: str, sites: list[str]) -> None:
    with store.session() as session:
        found = search(session, query)
    names = dict(enumerate("abcd", 1))
    assert [names[hit.article] for hit in found.hits] == sites
    assert found.total == len(sites)


def test_a_snippet_shows_the_first_word(store: Store) -> None:
    with store.session() as session:
        (hit,) = search(session, "staffed").hits
    assert hit == Hit(1, "Seven lighthouses are ", "staffed", " again. The fee is 100% paid.")


def test_some_sites_only(store: Store) -> None:
    with store.session() as session:
        assert [hit.article for hit in search(session, "keepers", ["b.example"]).hits] == [2]


def test_a_query_has_an_end() -> None:
    assert len(terms_of(" ".join(f"w{number}" for number in range(50)))) == MOST_WORDS
    assert terms_of("Same same SAME") == ["same"]


def test_what_nobody_sees_is_not_shown() -> None:
    hit = Hit(1, "a\u202eb", "c\0", "d")
    assert hit.to_record() == {"article": 1, "before": "a\ufffdb", "found": "c\ufffd", "after": "d"}
    assert replace(hit, found="c").to_record()["found"] == "c"
