from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, text, update

from cleaners.article import Article
from pipelines.deduplicate import Deduplicator, deduplicate
from pipelines.reuse import events, name_index
from pipelines.reuse.names import (
    EVENT_DAYS,
    NAMES_KEPT,
    PERIOD_DAYS,
    name_key,
    period_of,
    telling_names,
    unpack,
)
from pipelines.reuse.reading import Story, read
from pipelines.reuse.relation import RelationKind, relate
from pipelines.store import Store
from pipelines.store.reuse_schema import StoredRelation, StoredText, StoredTextName
from pipelines.store.schema import StoredArticle
from tests.pipelines.reuse.made_up import BEGINNING, State, article, edited, finish, hours, part, state

NAMES = (
    "Berrow", "Dunmore", "Eskerby", "Fallowend", "Gretel", "Hawksmoor", "Ilmar", "Jessop", "Keldor", "Lorimer",
    "Marchbank", "Norwick", "Osterfeld", "Pellinor", "Quillfeather", "Rookhope", "Stavering", "Tarnbrook",
    "Umberleigh", "Varnish", "Wetherlam", "Yarrowden", "Zennorby", "Ashgrove",
)  # fmt: skip
FILLERS = tuple(
    first + last
    for first in ("ba", "ke", "lo", "mi", "tu", "ran", "ser", "dol", "fi", "gan", "hor", "el")
    for last in ("bel", "dan", "fer", "gos", "hin", "kam", "lor", "mun", "nit", "pas", "rud", "sot")
)


def report(names: tuple[str, ...], seed: int, sentences: int = 7) -> str:
    """A report that names some, each in two sentences or more, all of them in its lead; in words of its own."""
    draw = random.Random(seed)
    told = []
    for number in range(sentences):
        words = draw.choices(FILLERS, k=14)
        for name in names[number % 2 :: 2]:
            words.insert(draw.randint(1, len(words)), name)
        told.append(" ".join(words).capitalize() if number > 99 else "So " + " ".join(words) + ".")
    return "\n\n".join(told)


THREE = NAMES[:3]
ONE, OTHER = report((*THREE, NAMES[5]), 1), report((*THREE, NAMES[6]), 2)


@dataclass(frozen=True)
class Found:
    """All that a database holds of text reuse and of events, by words in place of numbers."""

    reuse: State
    names: list[tuple[int, str]]
    entered: dict[str, int | None]
    by_names: list[tuple[str, str]]
    unsought: int


def found(store: Store) -> Found:
    with store.session() as session:
        texts = {row.id: row for row in session.scalars(select(StoredText))}
        names = {number: row.digest.hex() for number, row in texts.items()}
        held = session.scalars(select(StoredTextName)).all()
        relations = session.scalars(select(StoredRelation).where(StoredRelation.by_names)).all()
        return Found(
            reuse=state(store),
            names=sorted((row.key, names.get(row.text_id, "?")) for row in held),
            entered={names[number]: row.period for number, row in texts.items()},
            by_names=sorted((names[row.later_id], names[row.earlier_id]) for row in relations),
            unsought=sum(not row.sought for row in texts.values()),
        )


def finish_all(store: Store, deduplicator: Deduplicator | None = None, batch: int = 50) -> None:
    deduplicator = deduplicator or Deduplicator()
    finish(store, deduplicator, batch)
    seek_all(store, deduplicator, batch)


def seek_all(store: Store, deduplicator: Deduplicator, batch: int = 50) -> None:
    done = 1
    while done:
        with store.write() as session:
            done = deduplicator.seek(session, batch)


def sought(articles: list[Article], url: str = "sqlite://") -> Found:
    with Store(url) as store:
        for entry in articles:
            store.save(entry)
        finish_all(store)
        return found(store)


def kinds(of: Found) -> list[str]:
    return [relation for _, _, relation, _ in of.reuse.relations]


def test_two_reports_of_one_event_are_found(database: str) -> None:
    assert relate_texts(ONE, OTHER) is RelationKind.INDEPENDENT
    articles = [
        article("one.example", ONE, published=hours(0)),
        article("other.example", OTHER, published=hours(3)),
    ]
    assert kinds_by_index(articles) == []
    of = sought(articles, database)
    assert (kinds(of), len(of.by_names), of.reuse.origins, of.unsought) == (["independent"], 1, {}, 0)


def relate_texts(one: str, other: str) -> RelationKind:
    later, earlier = (read(Story(paragraphs=tuple(told.split("\n\n")))) for told in (other, one))
    return relate(later, earlier).kind


def kinds_by_index(articles: list[Article]) -> list[str]:
    with Store("sqlite://") as store:
        for entry in articles:
            store.save(entry)
        finish(store)
        return [relation for _, _, relation, _ in state(store).relations]


@pytest.mark.parametrize(
    ("other", "later"),
    [
        (report((NAMES[0], *NAMES[7:10]), 2), 3),  # one name in common
        (OTHER, 24 * EVENT_DAYS + 1),
        ("\n\n".join([report(NAMES[10:13], 3, 4), OTHER]), 3),  # nothing in the lead
    ],
    ids=["one name", "late", "not in the lead"],
)
def test_other_texts_are_not(other: str, later: int) -> None:
    of = sought(
        [
            article("one.example", ONE, published=hours(0)),
            article("other.example", other, published=hours(later)),
        ]
    )
    assert kinds(of) == []


def test_reports_on_either_side_of_a_periods_end_are_found() -> None:
    ends = BEGINNING
    while period_of(ends) == period_of(BEGINNING):
        ends += timedelta(days=1)
    articles = [
        article("one.example", ONE, published=ends - timedelta(hours=1)),
        article("other.example", OTHER, published=ends + timedelta(hours=1)),
    ]
    of = sought(articles)
    assert kinds(of) == ["independent"]
    assert len(set(of.entered.values())) == 2


def test_names_that_many_have_tell_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_index, "RARE_UP_TO", 2)
    monkeypatch.setattr(name_index, "KNOWN_UP_TO", 3)
    articles = [
        article(f"site{number}.example", report((*THREE, NAMES[5 + number]), number), published=hours(number))
        for number in range(4)
    ]
    assert len(kinds(sought(articles[:2]))) == 1
    assert kinds(sought(articles)) == []
    with Store("sqlite://") as store:  # the same when they come one after the other
        deduplicator = Deduplicator()
        for number, entry in enumerate(articles):
            store.save(entry)
            finish_all(store, deduplicator)
            assert found(store) == sought(articles[: number + 1])


def test_of_a_story_with_many_copies_one_is_compared_for_all(database: str) -> None:
    copies = [
        article(f"copy{number}.example", edited(ONE, seed=number), published=hours(number + 1))
        for number in range(12)
    ]
    others = [
        article(f"other{number}.example", edited(OTHER, seed=number), published=hours(number + 1))
        for number in range(3)
    ]
    articles = [article("one.example", ONE, published=hours(0)), *copies]
    articles += [article("other.example", OTHER, published=hours(0)), *others]
    of = sought(articles, database)
    assert sorted(map(len, of.reuse.clusters)) == [4, 13]
    assert kinds(of).count("independent") + kinds(of).count("followup") == 1
    assert sum(period is not None for period in of.entered.values()) == 2


def test_another_origin_is_compared_for_all(database: str) -> None:
    late = article("first.example", ONE, published=hours(0))
    articles = [
        article("copy.example", edited(ONE), published=hours(5)),
        article("again.example", edited(ONE, seed=2), published=hours(6)),
        article("other.example", OTHER, published=hours(7)),
    ]
    with Store(database) as store:
        for number, entry in enumerate([*articles, late]):
            store.save(entry)
            finish_all(store)
            assert found(store) == sought([*articles, late][: number + 1])


def test_copies_do_not_make_a_name_common(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_index, "RARE_UP_TO", 2)
    monkeypatch.setattr(name_index, "KNOWN_UP_TO", 2)
    articles = [article("one.example", ONE), article("other.example", OTHER)]
    articles += [article(f"copy{number}.example", edited(ONE, seed=number)) for number in range(5)]
    assert len(sought(articles).by_names) == 1


def test_a_revision_takes_its_names_along(database: str) -> None:
    articles = [article("one.example", ONE), article("other.example", OTHER)]
    with Store(database) as store:
        for entry in articles:
            store.save(entry)
        finish_all(store)
        assert len(found(store).by_names) == 1
        store.save(article("other.example", report(NAMES[12:16], 4)))
        finish_all(store)
        assert found(store) == sought([articles[0], article("other.example", report(NAMES[12:16], 4))])
        assert found(store).by_names == []


def test_a_name_that_becomes_rare_again_tells_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_index, "RARE_UP_TO", 2)
    monkeypatch.setattr(name_index, "KNOWN_UP_TO", 2)
    third = article("third.example", report((*THREE, NAMES[7]), 3))
    with Store("sqlite://") as store:
        for entry in (article("one.example", ONE), article("other.example", OTHER), third):
            store.save(entry)
        finish_all(store)
        assert found(store).by_names == []
        store.save(replace(third, text=report(NAMES[12:16], 4)))
        finish_all(store)
        assert len(found(store).by_names) == 1


def test_texts_without_a_date_or_names_are_not_entered() -> None:
    of = sought(
        [
            article("undated.example", ONE, published=None, seen=None),
            article("short.example", "Berrow and Dunmore met Eskerby."),
            article("plain.example", "nobody has a name in this text at all, " * 5),
        ]
    )
    assert set(of.entered.values()) == {None}
    assert (of.names, of.unsought) == ([], 0)


def test_words_that_countries_are_named_by_are_no_telling_names() -> None:
    names = ("Korea", "Russia’s", "Ukrainian", "North")
    one, other = (report((*names, NAMES[seed]), seed) for seed in (5, 6))
    assert relate_texts(one, other) is RelationKind.INDEPENDENT
    articles = [article("one.example", one), article("other.example", other)]
    assert kinds(sought(articles)) == []
    read_names = telling_names(read(Story(paragraphs=(one,), language="en")))
    assert len(read_names) == 1


def test_a_text_keeps_a_dozen_names() -> None:
    with Store("sqlite://") as store:
        told = "\n\n".join(report(NAMES[first : first + 4], first) for first in range(0, 24, 4))
        store.save(article("one.example", told))
        finish_all(store)
        with store.session() as session:
            (row,) = session.scalars(select(StoredText))
            keys = session.scalars(select(StoredTextName.key)).all()
            assert row.names is not None
            assert row.period is not None
            assert len(row.names) == 4 * NAMES_KEPT
            assert sorted(keys) == [name_key(row.period, name) for name in sorted(unpack(row.names))]


# --- Databases of before, and what goes wrong ------------------------------------------------------


def _forget_events(store: Store) -> None:
    """Leave a database as one that was compared before there was a search of events."""
    with store.write() as session:
        session.execute(update(StoredText).values(names=None, period=None, sought=False))
        session.execute(text("DELETE FROM text_names"))
        session.execute(text("DELETE FROM relations WHERE by_names"))


def _many(number: int) -> list[Article]:
    return [
        article(
            f"s{one}.example",
            report((*NAMES[one % 9 : one % 9 + 3], NAMES[9 + one % 11]), one),
            published=hours(one),
        )
        for one in range(number)
    ]


def test_what_was_compared_before_is_searched(database: str) -> None:
    articles = _many(20)
    expected = sought(articles)
    assert expected.by_names
    with Store(database) as store:
        for entry in articles:
            store.save(entry)
        finish_all(store)
        _forget_events(store)
        told: list[tuple[str, int]] = []
        deduplicate(store, lambda what, done: told.append((what, done)))
        assert found(store) == expected
    assert told == [("articles", 0), ("clusters", 0), ("events", 20), ("events", 0)]


def test_a_search_that_fails_is_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = _many(20)
    with Store("sqlite://") as store:
        for entry in articles:
            store.save(entry)
        finish(store)
        deduplicator = Deduplicator()
        with store.write() as session:
            assert deduplicator.seek(session, 7) == 7
        with monkeypatch.context() as patch:
            patch.setattr(events, "_forget_others", _fail)
            with pytest.raises(ZeroDivisionError), store.write() as session:
                deduplicator.seek(session, 7)
        assert found(store).unsought == 13
        seek_all(store, Deduplicator(), 7)
        assert found(store) == sought(articles)


def _fail(*_: object) -> None:
    raise ZeroDivisionError


def test_texts_of_clusters_that_are_not_settled_wait() -> None:
    with Store("sqlite://") as store:
        store.save(article("one.example", ONE))
        store.save(article("copy.example", edited(ONE)))
        deduplicator = Deduplicator()
        with store.write() as session:
            deduplicator.compare(session)
        with store.write() as session:
            assert deduplicator.seek(session) == 0
        assert found(store).unsought == 2
        finish_all(store)
        assert found(store).unsought == 0


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    with store.session() as session:
        engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_a_name_on_every_page_costs_no_more() -> None:
    """What every text of a period has is counted up to a limit, and its texts are not read."""
    everywhere = [
        article(f"s{one}.example", report((*NAMES[:4],), one), published=hours(0)) for one in range(60)
    ]
    with Store("sqlite://") as store:
        for entry in everywhere:
            store.save(entry)
        finish_all(store)
        assert found(store).by_names == []
        store.save(article("new.example", report(NAMES[:4], 99), published=hours(1)))
        finish(store)
        with statements(store) as asked:
            seek_all(store, Deduplicator())
    assert not any("FROM text_names" in one and "LIMIT" not in one for one in asked)


# --- Any order of arrival ---------------------------------------------------------------------------

_TELLINGS: dict[str, Callable[[str], str]] = {
    "whole": str,
    "edited": edited,
    "edited again": lambda told: edited(told, seed=2),
    "part": lambda told: part(told, 4),
}


@st.composite
def corpora(draw: st.DrawFn) -> list[Article]:
    """Up to ten articles: reports of few events around the end of a period, and copies of them."""
    start = BEGINNING.replace(hour=0) + timedelta(days=PERIOD_DAYS)
    when: Callable[[int], datetime] = lambda later: start + timedelta(hours=30 * later)  # noqa: E731
    articles = []
    for number in range(draw(st.integers(2, 10))):
        first, seed = draw(st.integers(0, 3)), draw(st.integers(0, 3))
        told = report((*NAMES[first : first + 3], NAMES[8 + seed]), 10 * first + seed)
        how = draw(st.sampled_from(sorted(_TELLINGS)))
        articles.append(
            article(
                f"site{draw(st.integers(0, 4))}.example",
                _TELLINGS[how](told),
                path=str(number),
                published=draw(st.one_of(st.none(), st.integers(0, 5).map(when))),
                seen=when(draw(st.integers(0, 5))),
            )
        )
    return articles


@given(corpora(), st.randoms(use_true_random=False), st.sampled_from([(1, 2), (2, 3), (3, 4), (4, 32)]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_order_of_arrival_gives_the_same(
    articles: list[Article], draw: random.Random, most: tuple[int, int]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(name_index, "RARE_UP_TO", most[0])
        patch.setattr(name_index, "KNOWN_UP_TO", most[1])
        expected = sought(articles)
        with Store("sqlite://") as store:
            deduplicator = Deduplicator()
            for entry in draw.sample(articles, len(articles)):
                store.save(entry)
                for step in (deduplicator.compare, deduplicator.settle, deduplicator.seek):
                    if draw.random() < 0.4:
                        with store.write() as session:
                            step(session, draw.randint(1, 3))
                if draw.random() < 0.3:
                    finish_all(store, deduplicator, batch=draw.randint(1, 4))
            finish_all(store, deduplicator, batch=draw.randint(1, 4))
            assert found(store) == expected


@given(corpora(), st.randoms(use_true_random=False), st.sampled_from([(1, 2), (2, 3), (4, 32)]))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_articles_said_before_does_not_matter(
    articles: list[Article], draw: random.Random, most: tuple[int, int]
) -> None:
    before = [replace(entry, text=draw.choice(articles).text) for entry in articles[::2]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(name_index, "RARE_UP_TO", most[0])
        patch.setattr(name_index, "KNOWN_UP_TO", most[1])
        with Store("sqlite://") as store:
            for entry in [*before, *articles]:
                store.save(entry)
                if draw.random() < 0.5:
                    finish_all(store)
            finish_all(store)
            assert found(store) == sought(articles)


def test_the_corpora_of_these_tests_hold_events() -> None:
    """Else the tests above would say nothing."""
    told = [
        article(f"s{seed}.example", report((*NAMES[:3], NAMES[8 + seed]), seed), published=hours(seed))
        for seed in range(4)
    ]
    assert len(sought(told).by_names) == 6
    with Store("sqlite://") as store:
        for entry in told:
            store.save(entry)
        finish_all(store)
        with store.session() as session:
            assert len(session.scalars(select(StoredArticle)).all()) == 4
