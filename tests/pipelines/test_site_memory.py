"""What sites repeat, kept in the database: found out, corrected, and corrected back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cleaners.article import Article, BlockType
from cleaners.passages import text_key
from cleaners.repetition import fit, transform
from pipelines.store import Store, begin_run
from pipelines.store.articles import Saved, article_of, record_of, take_over
from pipelines.store.learning import learn
from pipelines.store.repetition import memory_of, sites_to_learn
from pipelines.store.repetition_schema import (
    RememberedPage,
    StoredFirstVerdict,
    StoredPassage,
    StoredSiteMemory,
)
from pipelines.store.schema import StoredArticle, StoredRevision
from tests.stories import ABOUT, ABOUT_HEADING, PLEA, SITE, article, block, stories, story

FETCHED = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with Store(database) as opened:
        yield opened


class Steps:
    """Runs each step in a transaction, and breaks off before the one of some number."""

    def __init__(self, store: Store, fails_at: int | None = None) -> None:
        self.store, self.fails_at, self.taken = store, fails_at, 0

    async def __call__(self, function: Callable[[Session], Any], /) -> Any:
        with self.store.write() as session:
            result = function(session)
            if self.taken == self.fails_at:
                raise KeyboardInterrupt  # in the middle of the step
            self.taken += 1
            return result


def correct(store: Store, site: str = SITE, run_id: int | None = None) -> list[Article]:
    announced: list[Article] = []

    async def announce(one: Article) -> None:
        announced.append(one)

    assert asyncio.run(learn(Steps(store), site, run_id=run_id, announce=announce)) == len(announced)
    return announced


def save(store: Store, articles: list[Article]) -> list[Saved]:
    """Save articles as a crawl does, with what is known of their site."""
    with store.session() as session:
        memory = memory_of(session, SITE)
    return [store.save(transform(one, memory) or deepcopy(one)) for one in articles]


def held(store: Store) -> dict[str | None, dict[str, Any]]:
    """The articles as they are now, by address, but for how often they were revised and what the counts were."""
    with store.session() as session:
        records = [record_of(row) for row in session.scalars(select(StoredArticle))]
    for record in records:
        del record["revision"]
        for one in record["blocks"]:
            del one["reason"], one["confidence"]
    return {record["url"]: record for record in records}


def count(store: Store, table: Any) -> int:
    with store.session() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def corpus() -> list[Article]:
    return [
        *stories(*range(8), end=(ABOUT_HEADING, ABOUT)),
        *stories(*range(8, 12), end=(block(PLEA, BlockType.DONATION), ABOUT)),
        *stories(*range(12, 17), end=(PLEA,)),
        *stories(*range(17, 40)),
    ]


def test_the_database_gives_what_the_pure_functions_give(store: Store) -> None:
    articles = corpus()
    save(store, articles)
    corrected = correct(store)
    memory = fit(articles)
    assert set(memory.texts) == {text_key(ABOUT), text_key(PLEA)}
    with store.session() as session:
        assert memory_of(session, SITE) == memory
        stored = [
            article_of(row) for row in session.scalars(select(StoredArticle).order_by(StoredArticle.id))
        ]
    wanted = [transform(one, memory) or one for one in articles]
    assert [one.to_record() for one in stored] == [
        {**one.to_record(), "revision": 2 - (n >= 17)} for n, one in enumerate(wanted)
    ]
    assert [one.url for one in corrected] == [one.url for one in articles[:17]]
    assert {one.revision for one in corrected} == {2}


def test_a_correction_is_a_revision_that_was_not_fetched(store: Store) -> None:
    articles = stories(*range(9), end=(ABOUT,))
    for one in articles:
        one.fetched_at = FETCHED
    save(store, articles)
    with store.write() as session:
        session.query(StoredArticle).update({StoredArticle.compared: True})
        run_id = begin_run(session, "site", {}, FETCHED)
    before = datetime.now(UTC)
    assert len(correct(store, run_id=run_id)) == 9
    with store.session() as session:
        for row in session.scalars(select(StoredArticle)):
            assert (row.revision, row.compared, row.run_id) == (2, False, run_id)
            assert (row.fetched_at, row.checked_at, row.gone_at) == (FETCHED, FETCHED, None)
            assert row.revised_at is not None
            assert row.revised_at >= before
            assert row.boilerplate == {"other": {"blocks": 1, "words": 21}}
        revisions = session.scalars(select(StoredRevision).order_by(StoredRevision.article_id)).all()
        assert [one.record for one in revisions] == [one.to_record() for one in articles]
        assert {(one.revision, one.revised_at, one.run_id) for one in revisions} == {(1, FETCHED, None)}


def test_what_a_killed_run_corrected_goes_into_the_files_of_the_next(store: Store) -> None:
    articles = stories(*range(6), end=(ABOUT,))
    for one in articles:
        one.discovered_by = "link"
    save(store, articles)
    with store.write() as session:
        killed = begin_run(session, "site", {}, FETCHED)
    correct(store, run_id=killed)
    with store.write() as session:
        run_id = begin_run(session, "site", {}, FETCHED)
        recovered = take_over(session, [SITE], run_id, 50)
    assert [(one.revision, ABOUT in one.text) for one in recovered] == [(2, False)] * 6


def test_a_second_run_changes_nothing(store: Store) -> None:
    save(store, corpus())
    correct(store)
    before = held(store)
    steps = Steps(store)
    assert asyncio.run(learn(steps, SITE)) == 0
    assert steps.taken == 5  # nothing to count, nothing to forget, nothing to judge, nothing to correct
    assert set(save(store, corpus())) == {Saved.UNCHANGED}  # the same pages, fetched again
    assert correct(store) == []
    assert held(store) == before
    assert count(store, StoredRevision) == 17


def test_the_end_is_the_same_whatever_the_order_and_the_number_of_runs(
    new_database: Callable[..., str],
) -> None:
    ends = []
    for seed, runs in ((0, 1), (1, 1), (2, 3), (3, 40)):
        articles = corpus()
        random.Random(seed).shuffle(articles)
        size = -(-len(articles) // runs)
        with Store(new_database()) as store:
            for start in range(0, len(articles), size):
                save(store, articles[start : start + size])
                correct(store)
            ends.append(held(store))
            assert set(save(store, articles)) == {Saved.UNCHANGED}
    assert ends[0] == ends[1] == ends[2] == ends[3]


def test_what_turns_out_to_be_no_boilerplate_is_put_back(store: Store) -> None:
    first = stories(*range(5), end=(ABOUT,))
    save(store, first)
    assert len(correct(store)) == 5
    assert ABOUT not in held(store)[first[0].url]["text"]
    save(store, stories(*range(5, 1_000)))  # where five pages of a thousand end alike, it may be chance
    again = correct(store)
    assert [(one.url, one.revision) for one in again] == [(one.url, 3) for one in first]
    with store.session() as session:
        rows = session.scalars(select(StoredArticle).order_by(StoredArticle.id).limit(5)).all()
        for row, one in zip(rows, first, strict=True):
            assert article_of(row).to_record() == {**one.to_record(), "revision": 3}
    assert count(store, StoredFirstVerdict) == 0
    save(store, stories(*range(1_000, 1_010), end=(ABOUT,)))
    assert len(correct(store)) == 15
    assert count(store, StoredFirstVerdict) == 15


def test_an_article_of_a_known_site_is_right_at_once(store: Store) -> None:
    save(store, stories(*range(8), end=(ABOUT,)))
    correct(store)
    (new,) = stories(8, end=(ABOUT_HEADING, ABOUT))
    assert save(store, [new]) == [Saved.NEW]
    assert correct(store) == []
    with store.session() as session:
        row = session.scalars(select(StoredArticle).where(StoredArticle.url == new.url)).one()
        assert (row.revision, row.text) == (1, "\n\n".join([*story(8)[1], ABOUT_HEADING]))
        verdicts = session.scalars(
            select(StoredFirstVerdict).where(StoredFirstVerdict.article_id == row.id)
        ).all()
        assert [(one.position, one.type, one.confidence, one.reason) for one in verdicts] == [
            (6, "body", 0.9, "inside the content root")
        ]


def test_a_page_that_changed_is_counted_anew(store: Store) -> None:
    save(store, stories(*range(5), end=(ABOUT,)))
    correct(store)
    save(
        store,
        stories(0, end=("The paper has moved to a smaller loft, and nobody knows who lives there now.",)),
    )
    corrected = correct(store)
    assert [one.url for one in corrected] == [one.url for one in stories(1, 2, 3, 4)]
    assert count(store, StoredPassage) == 5 * 4 + 5
    with store.session() as session:
        assert memory_of(session, SITE).texts == {}


def test_deleted_articles_are_forgotten(store: Store) -> None:
    save(store, stories(*range(5), end=(ABOUT,)))
    correct(store)
    with store.write() as session:
        session.execute(delete(StoredArticle).where(StoredArticle.url == f"http://{SITE}/0"))
    assert len(correct(store)) == 4
    assert count(store, RememberedPage) == 4
    assert count(store, StoredPassage) == 4 * 5


@pytest.mark.parametrize("known", [False, True])
def test_a_run_that_is_cut_short_is_gone_on_with(new_database: Callable[..., str], known: bool) -> None:
    def begin(store: Store) -> None:
        if known:
            save(store, stories(*range(50, 56), end=(PLEA,)))
            correct(store)
        save(store, corpus())

    with Store(new_database()) as store:
        begin(store)
        whole = Steps(store)
        asyncio.run(learn(whole, SITE))
        wanted, revisions = held(store), count(store, StoredRevision)
    for fails_at in range(whole.taken):
        with Store(new_database()) as store:
            begin(store)
            with pytest.raises(KeyboardInterrupt):
                asyncio.run(learn(Steps(store, fails_at), SITE))
            asyncio.run(learn(Steps(store), SITE))
            assert held(store) == wanted
            assert count(store, StoredRevision) == revisions


def test_sites_do_not_mix(store: Store) -> None:
    save(store, stories(*range(4), end=(ABOUT,)))
    elsewhere = stories(*range(4, 8), end=(ABOUT,))
    for one in elsewhere:
        one.site, one.url = "weir.example", f"{one.url}".replace(SITE, "weir.example")
        store.save(one)
    assert correct(store) == correct(store, "weir.example") == []
    with store.session() as session:
        assert sites_to_learn(session, ["unknown.example", SITE]) == [SITE]
        assert sites_to_learn(session, []) == []


def test_a_site_of_few_articles_is_left_alone(store: Store) -> None:
    save(store, stories(*range(4), end=(ABOUT,)))
    with store.session() as session:
        assert sites_to_learn(session, [SITE]) == []
    save(store, stories(4, end=(ABOUT,)))
    with store.session() as session:
        assert sites_to_learn(session, [SITE]) == [SITE]


def test_a_type_that_changes_is_no_revision(store: Store) -> None:
    save(store, stories(*range(6), end=(ABOUT,)))
    correct(store)
    save(store, [article("new", "New", *story(20)[1], block(ABOUT, BlockType.DONATION))])
    assert correct(store) == []
    with store.session() as session:
        rows = session.scalars(select(StoredArticle)).all()
        assert {row.blocks[-1].type for row in rows} == {"donation"}
        assert {row.revision for row in rows if not f"{row.url}".endswith("new")} == {2}
        assert rows[0].boilerplate == {"donation": {"blocks": 1, "words": 21}}
    assert count(store, StoredRevision) == 6


def test_articles_without_an_address_go_by_their_text(store: Store) -> None:
    articles = stories(*range(8), end=(ABOUT,))
    for one in articles:
        one.url = None
        store.save(one)
    assert len(correct(store)) == 8


def test_characters_that_databases_refuse(store: Store) -> None:
    odd = f"{ABOUT} \0 \ud800"
    articles = stories(*range(8), end=(odd,))
    save(store, articles)
    assert len(correct(store)) == 8
    assert all(odd[:20] not in record["text"] for record in held(store).values())
    save(store, articles)
    correct(store)
    save(store, articles)
    assert correct(store) == []


def test_a_site_whose_pages_did_not_change_is_not_read(store: Store) -> None:
    save(store, corpus())
    correct(store)
    with store.session() as session:
        row = session.scalars(select(StoredSiteMemory)).one()
        assert (row.site, row.changes, row.judged) == (SITE, 1, 1)
