"""Lags, names, rhythm and boilerplate, each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from audit.findings import find
from audit.findings.articles import Outlets
from audit.findings.authors import MOST_AUTHORS, GenericNames, authors_of
from audit.findings.boilerplate import MOST_CHARS
from audit.findings.copies import lag_of
from audit.findings.model import AuthorFindings, SiteFindings
from audit.findings.rhythm import rhythm_of
from cleaners.article import Article, Block, BlockType
from pipelines.store import Store
from tests.audit.audited import audited

SITE = "harbour-gazette.example"


# --- Lags ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([], None),
        ([None], None),
        ([3.0], (1, 3.0, 3.0, 3.0)),
        ([2.0, None, 4.0], (2, 2.5, 3.0, 3.5)),
        ([10.0, 1.0, 2.0, -4.0, 3.0], (5, 1.0, 2.0, 3.0)),
    ],
)
def test_quartiles_lie_between_the_values(
    hours: list[float | None], expected: tuple[int, float, float, float] | None
) -> None:
    lag = lag_of([audited(lag_hours=value) for value in hours])
    assert (lag and (lag.articles, lag.lower_hours, lag.median_hours, lag.upper_hours)) == expected


# --- Names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "admin", "ADMIN", " Admin ", "admin2", "Editorial Team", "News-Desk", "Wire Desk", "Redaktion",
        "La rédaction", "Redacción", "Redazione", "Редакция", "编辑部", "فريق التحرير", "संपादक",
        "The Harbour Gazette", "Harbour Gazette Staff", "harbour-gazette.example",
    ],
)  # fmt: skip
def test_roles_accounts_and_the_site_itself_are_nobody(name: str) -> None:
    assert GenericNames().holds(name, Outlets().of(SITE))


@pytest.mark.parametrize(
    "name",
    ["Nora Ellingworth", "Stan Staff", "Guest Nilsson", "Ed", "Market Lantern", "", "…", "42", "王小明"],
)
def test_persons_and_other_names_are_somebody(name: str) -> None:
    assert not GenericNames().holds(name, Outlets().of(SITE))


def test_names_are_ranked_and_articles_of_nobody_are_counted() -> None:
    signed = [("admin",), ("admin", "Nora"), ("Nora", "Nora"), (), ("admin", "Redaktion")]
    articles = [audited(number, authors=names) for number, names in enumerate(signed)]
    found = authors_of(articles, Outlets().of(SITE), GenericNames())
    assert found == (
        (
            AuthorFindings(name="admin", articles=3, generic=True),
            AuthorFindings(name="Nora", articles=2, generic=False),
            AuthorFindings(name="Redaktion", articles=1, generic=True),
        ),
        2,
    )


def test_only_so_many_names_are_listed_and_all_are_judged() -> None:
    articles = [audited(number, authors=(f"Name {number:03}",)) for number in range(MOST_AUTHORS + 1)]
    listed, generic = authors_of(
        [*articles, audited(999, authors=("webmaster",))], Outlets().of(SITE), GenericNames()
    )
    assert [one.name for one in listed] == [f"Name {number:03}" for number in range(MOST_AUTHORS)]
    assert generic == 1


# --- Rhythm ----------------------------------------------------------------------------------------


def test_rhythm_counts_hours_weekdays_and_days() -> None:
    monday = datetime(2026, 1, 5, tzinfo=UTC)
    dates = [monday, monday + timedelta(hours=6), monday + timedelta(hours=6, minutes=59)]
    dates += [monday + timedelta(days=2, hours=23, seconds=1), monday + timedelta(days=2, microseconds=1)]
    rhythm = rhythm_of(reversed(dates))
    assert (rhythm.dated, rhythm.median_a_day) == (5, 2.5)
    assert {hour: count for hour, count in enumerate(rhythm.hours) if count} == {0: 1, 6: 2, 23: 1}
    assert (len(rhythm.hours), rhythm.weekdays) == (24, (3, 0, 2, 0, 0, 0, 0))
    assert rhythm.days == ((date(2026, 1, 5), 3), (date(2026, 1, 7), 2))


def test_rhythm_of_nothing() -> None:
    rhythm = rhythm_of([])
    assert (rhythm.dated, rhythm.hours, rhythm.weekdays) == (0, (0,) * 24, (0,) * 7)
    assert (rhythm.days, rhythm.median_a_day) == ((), None)


# --- Boilerplate -----------------------------------------------------------------------------------


def block(kind: BlockType, text: str, **given: Any) -> Block:
    return Block(text, kind, 0.9, "made up", **given)


def site_of(url: str, pages: Sequence[Sequence[Block]]) -> SiteFindings:
    """The findings of a site whose pages consist of these blocks."""
    with Store(url) as store:
        for number, blocks in enumerate(pages):
            page = Article(
                url=f"https://{SITE}/{number}",
                site=SITE,
                language=("de", None)[number % 2],
                blocks=list(blocks),
            )
            store.save(replace(page, text=page.text_of({BlockType.BODY})))
        with store.snapshot() as session:
            return find(session).sites[0]


def test_words_of_pages_are_those_of_all_their_blocks(database: str) -> None:
    body = block(BlockType.BODY, "Four words of text.")
    again = block(BlockType.BODY, "Four words of text.", repeats=1)
    title, caption = block(BlockType.TITLE, "A title"), block(BlockType.CAPTION, "A boat")
    sharing, navigation = block(BlockType.SHARING, "Share this"), block(BlockType.NAVIGATION, "Home")
    found = site_of(
        database, [[title, body, again, navigation, sharing, sharing], [title, body, caption, navigation]]
    )
    assert (found.words, found.page_words) == (8, 24)
    assert found.languages == {"de": 1, "und": 1}
    assert [
        (one.type, one.blocks, one.words, one.share, one.articles, [text.text for text in one.texts])
        for one in found.boilerplate
    ] == [
        ("navigation", 2, 2, 2 / 24, 2, ["Home"]),
        ("sharing", 2, 4, 4 / 24, 1, ["Share this"]),
    ]


def test_the_commonest_texts_are_those_on_the_most_pages(database: str) -> None:
    often = [block(BlockType.RELATED, f"Section {number}") for number in range(7)]
    pages = [
        [
            *(text for number, text in enumerate(often) if page <= number),
            block(BlockType.RELATED, f"Only {page}"),
        ]
        for page in range(7)
    ]
    (found,) = site_of(database, pages).boilerplate
    assert [(text.text, text.articles, text.shown_by) for text in found.texts] == [
        ("Section 6", 7, (1, 2, 3, 4, 5)),
        ("Section 5", 6, (1, 2, 3, 4, 5)),
        ("Section 4", 5, (1, 2, 3, 4, 5)),
        ("Section 3", 4, (1, 2, 3, 4)),
        ("Section 2", 3, (1, 2, 3)),
    ]


@pytest.mark.parametrize(("singles", "shown"), [(1, 1), (3, 3), (4, 0)])
def test_texts_of_one_page_are_shown_where_they_are_few(database: str, singles: int, shown: int) -> None:
    texts = [f"Read this too {number}" for number in range(singles)]
    (found,) = site_of(database, [[block(BlockType.RELATED, text)] for text in texts]).boilerplate
    assert [(one.text, one.articles, one.shown_by) for one in found.texts] == [
        (text, 1, (number + 1,)) for number, text in enumerate(texts[:shown])
    ]


def test_texts_of_one_page_are_not_shown_beside_those_of_several(database: str) -> None:
    shared, single = block(BlockType.RELATED, "More"), block(BlockType.RELATED, "Read this too")
    (found,) = site_of(database, [[single, shared], [shared, shared]]).boilerplate
    assert [(one.text, one.articles, one.shown_by) for one in found.texts] == [("More", 2, (1, 2))]


def test_long_texts_are_cut_and_told_apart_by_their_lengths(database: str) -> None:
    long, longer = "ä" * 600, "ä" * 601
    pages = [[block(BlockType.DISCLAIMER, long)], [block(BlockType.DISCLAIMER, longer)]] * 2
    (found,) = site_of(database, [*pages, pages[0]]).boilerplate
    assert [(one.text, one.articles) for one in found.texts] == [("ä" * MOST_CHARS, 3), ("ä" * MOST_CHARS, 2)]


def test_another_site_s_texts_do_not_count(database: str) -> None:
    with Store(database) as store:
        other = Article(url="https://other.example/1", site="other.example")
        store.save(replace(other, blocks=[block(BlockType.SHARING, "Share this")], text="Text."))
    found = site_of(database, [[block(BlockType.SHARING, "Share this")]])
    assert [(one.text, one.articles, one.shown_by) for one in found.boilerplate[0].texts] == [
        ("Share this", 1, (2,))
    ]
