from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from cleaners import Article, Block, BlockType, ClaimedSource, Rejection
from cleaners.article import Fingerprint
from pipelines.store import Store, begin_run, end_run
from pipelines.store.articles import Saved, article_of
from pipelines.store.schema import (
    Run,
    StoredArticle,
    StoredBlock,
    StoredFingerprint,
    StoredRejection,
    StoredRevision,
)

BERLIN = timezone(timedelta(hours=2))
URL = "http://a.example/2024/05/01/a-story"
HUGO, TAG = Fingerprint("generator", "Hugo"), Fingerprint("google-tag-manager", "GTM-KV2F6R")


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with Store(database) as opened:
        yield opened


def article(*texts: str, **more: object) -> Article:
    blocks = [Block(text=text, type=BlockType.BODY, confidence=0.9, reason="test") for text in texts]
    return Article(url=URL, site="a.example", text="\n\n".join(texts), blocks=blocks, **more)  # type: ignore[arg-type]


def test_keeps_the_record(store: Store) -> None:
    item = article(
        "One.",
        "Two.",
        title="Title",
        authors=["Ada Quill"],
        categories=["Harbour"],
        published=datetime(2024, 5, 1, 12, tzinfo=BERLIN),
        modified=datetime(2024, 5, 1, 11),
        claimed_source=ClaimedSource("cnn.com", "CNN", "attribution line", "appeared first on CNN"),
        warnings=["odd"],
        fingerprints=[TAG],
    )
    item.blocks.append(
        Block(text="Menu", type=BlockType.NAVIGATION, confidence=1.0, reason="nav", hidden_in="template")
    )
    store.save(item)
    with store.session() as session:
        (row,) = session.scalars(select(StoredArticle))
        assert (row.url, row.title, row.authors, row.categories) == (URL, "Title", ["Ada Quill"], ["Harbour"])
        assert row.published == datetime(2024, 5, 1, 10, tzinfo=UTC)
        assert row.modified == datetime(2024, 5, 1, 11, tzinfo=UTC)
        assert (row.claimed_domain, row.claimed_kind) == ("cnn.com", "attribution line")
        assert row.boilerplate == {"navigation": {"blocks": 1, "words": 1}}
        assert [block.text for block in row.blocks] == ["One.", "Two.", "Menu"]
        assert [block.kept for block in row.blocks] == [True, True, False]
        assert row.blocks[2].hidden_in == "template"
        assert [(one.kind, one.value) for one in row.fingerprints] == [(TAG.kind, TAG.value)]
        assert row.schema_version == item.to_record()["schema_version"]


def test_an_article_that_changed_is_a_new_revision(store: Store) -> None:
    first, second = article("One.", "Two.", title="Title"), article("Changed.", title="Title")
    assert (store.save(first), store.save(second)) == (Saved.NEW, Saved.REVISED)
    assert (first.revision, second.revision) == (1, 2)
    with store.session() as session:
        (row,) = session.scalars(select(StoredArticle))
        assert (row.text, row.revision) == ("Changed.", 2)
        assert [block.text for block in session.scalars(select(StoredBlock))] == ["Changed."]
        (before,) = session.scalars(select(StoredRevision))
        assert (before.revision, before.record) == (1, first.to_record())
        assert before.replaced_at >= (before.revised_at or before.replaced_at)


def test_a_revision_has_the_fingerprints_of_its_own_page(store: Store) -> None:
    first, second = article("One.", fingerprints=[HUGO, TAG]), article("Two.", fingerprints=[HUGO])
    for item in (first, second):
        store.save(item)
    store.save(Article(url=f"{URL}/other", text="Other.", fingerprints=[TAG]))
    with store.session() as session:
        (row, other) = session.scalars(select(StoredArticle).order_by(StoredArticle.id))
        assert article_of(row) == second
        assert article_of(other).fingerprints == [TAG]
        assert session.scalars(select(StoredRevision)).one().record == first.to_record()
        held = session.scalars(select(StoredFingerprint).order_by(StoredFingerprint.id))
        assert [one.value for one in held] == [HUGO.value, TAG.value]


def test_more_fingerprints_than_a_query_takes(store: Store) -> None:
    many = [Fingerprint("wordpress-plugin", f"plugin-{number:04}") for number in range(900)]
    store.save(article("One.", fingerprints=many))
    with store.session() as session:
        assert article_of(session.scalars(select(StoredArticle)).one()).fingerprints == many


def test_an_article_that_says_the_same_is_not_written_again(store: Store) -> None:
    store.save(article("One.", title="Title"))
    later = datetime(2024, 5, 3, tzinfo=UTC)
    same = article("One.", title="Title", fetched_at=later, warnings=["another menu"])
    assert store.save(same) is Saved.UNCHANGED
    with store.session() as session:
        (row,) = session.scalars(select(StoredArticle))
        assert (row.revision, row.warnings, row.checked_at) == (1, [], later)


def test_a_page_that_is_gone_marks_its_article_and_comes_back(store: Store) -> None:
    store.save(article("One."))
    gone = Rejection(url=URL, reason="http-410", detail="gone")
    assert (store.save(gone), store.save(gone)) == (Saved.GONE, Saved.REJECTED)
    with store.session() as session:
        (row,) = session.scalars(select(StoredArticle))
        assert row.gone_at is not None
    assert store.save(article("One.")) is Saved.REVISED
    with store.session() as session:
        assert session.scalars(select(StoredArticle.gone_at)).one() is None


def test_a_stored_article_reads_back(store: Store) -> None:
    claim = ClaimedSource("cnn.com", None, "attribution line", "appeared first on CNN")
    item = article(
        "One.",
        title="Title",
        claimed_source=claim,
        published=datetime(2024, 5, 1, tzinfo=UTC),
        fingerprints=[HUGO, TAG],
    )
    store.save(item)
    with store.session() as session:
        assert article_of(session.scalars(select(StoredArticle)).one()) == item


def test_articles_and_rejections_of_one_address(store: Store) -> None:
    store.save(Rejection(url=URL, reason="timeout", detail="late"))
    store.save(Rejection(url=URL, reason="http-500", detail="the server answered 500", status=500))
    with store.session() as session:
        (row,) = session.scalars(select(StoredRejection))
        assert (row.reason, row.status) == ("http-500", 500)
    store.save(article("Here at last."))
    with store.session() as session:
        assert list(session.scalars(select(StoredRejection))) == []
    store.save(Rejection(url=URL, reason="http-404", detail="gone"))
    with store.session() as session:
        assert session.scalar(select(StoredArticle)) is not None


def test_items_without_address_stand_side_by_side(store: Store) -> None:
    store.save(Article(text="a"))
    store.save(Article(text="b"))
    store.save(Rejection(url=None, reason="no-text", detail="empty"))
    store.save(Rejection(url=None, reason="no-text", detail="empty"))
    with store.session() as session:
        assert len(list(session.scalars(select(StoredArticle)))) == 2
        assert len(list(session.scalars(select(StoredRejection)))) == 2


def test_characters_that_databases_refuse(store: Store) -> None:
    bad = "nul \0 and surrogate \ud800"
    store.save(Article(url=f"{URL}/\ud800", title=bad, text=bad, authors=[bad], warnings=[bad]))
    store.save(Article(url=f"{URL}/\ud800", title="again", text="again"))
    store.save(Rejection(url=f"{URL}/\ud800/x", reason="no-text", detail=bad))
    with store.session() as session:
        (row,) = session.scalars(select(StoredArticle))
        assert row.title == "again"
        rejection = session.scalar(select(StoredRejection))
        assert rejection is not None
        assert rejection.detail == "nul \ufffd and surrogate \ufffd"


def test_addresses_longer_than_an_index_entry(store: Store) -> None:
    """PostgreSQL's usual indexes end at 2,704 bytes; a file's path or an archive's address may be longer."""
    url = URL + "/" + "".join(chr(33 + number * number % 89) for number in range(12_000))
    for expected in (Saved.NEW, Saved.UNCHANGED):
        assert store.save(Article(url=url, text="One.")) is expected
    for _ in range(2):
        store.save(Rejection(url=url + "x", reason="timeout", detail="late"))
    with store.session() as session:
        assert session.scalars(select(StoredRejection.url)).all() == [url + "x"]
        assert session.scalars(select(StoredArticle.url)).all() == [url]


@pytest.mark.parametrize("table", [StoredArticle, StoredRejection])
def test_an_address_stands_in_one_row(store: Store, table: type[StoredArticle | StoredRejection]) -> None:
    store.save(article("One."))
    store.save(Rejection(url=URL, reason="timeout", detail="late"))
    columns = [column for column in table.__table__.columns if column.name != "id"]
    names = ", ".join(column.name for column in columns)
    with pytest.raises(IntegrityError), store.write() as session:
        session.execute(
            text(f"INSERT INTO {table.__tablename__} ({names}) SELECT {names} FROM {table.__tablename__}")
        )


def test_the_first_and_the_last_times(store: Store) -> None:
    times = [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
    store.save(article("One.", published=times[0], modified=times[1]))
    with store.session() as session:
        (row,) = session.scalars(select(StoredArticle))
        assert [row.published, row.modified] == times


def test_runs(store: Store) -> None:
    with store.write() as session:
        run = begin_run(session, "site", {"url": [URL]}, datetime(2024, 5, 1, tzinfo=UTC), "a job")
    store.save(article("One."), run)
    with store.write() as session:
        end_run(session, run, datetime(2024, 5, 2, tzinfo=UTC), "finished")
    with store.session() as session:
        row = session.get(Run, run)
        assert row is not None
        assert (row.job, row.arguments, row.outcome) == ("a job", {"url": [URL]}, "finished")
        assert row.finished == datetime(2024, 5, 2, tzinfo=UTC)
        assert session.scalar(select(StoredArticle.run_id)) == run
    with pytest.raises(LookupError), store.write() as session:
        end_run(session, 99, datetime(2024, 5, 2, tzinfo=UTC), "finished")


def test_several_writers_wait_for_each_other(database: str) -> None:
    with Store(database) as first, Store(database) as second, ThreadPoolExecutor(2) as threads:

        def write(store: Store) -> None:
            for number in range(40):
                store.save(Article(url=f"{URL}/{number}", text=str(number)))

        for future in [threads.submit(write, store) for store in (first, second)]:
            future.result()
        with first.session() as session:
            assert len(list(session.scalars(select(StoredArticle.id)))) == 40
