from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text

from cleaners import Article, Block, BlockType, ClaimedSource, Rejection
from pipelines.store import Store, begin_run, end_run
from pipelines.store.articles import Saved, article_of
from pipelines.store.schema import Run, StoredArticle, StoredBlock, StoredRejection, StoredRevision

BERLIN = timezone(timedelta(hours=2))
URL = "http://a.example/2024/05/01/a-story"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{tmp_path / 'new' / 'thresher.db'}") as opened:
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
    item = article("One.", title="Title", claimed_source=claim, published=datetime(2024, 5, 1, tzinfo=UTC))
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


def test_several_writers_wait_for_each_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'thresher.db'}"
    with Store(url) as first, Store(url) as second, ThreadPoolExecutor(2) as threads:
        assert first.session().execute(text("PRAGMA journal_mode")).scalar() == "wal"

        def write(store: Store) -> None:
            for number in range(40):
                store.save(Article(url=f"{URL}/{number}", text=str(number)))

        for future in [threads.submit(write, store) for store in (first, second)]:
            future.result()
        with first.session() as session:
            assert len(list(session.scalars(select(StoredArticle.id)))) == 40
