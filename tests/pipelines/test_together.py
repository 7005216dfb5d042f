"""Articles that are saved together leave the same rows as those saved one after the other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from cleaners import Article, Block, BlockType, Rejection
from cleaners.article import Fingerprint
from cleaners.frontier import Ended, FoundUrl, Outcome, Role
from pipelines.store import Store
from pipelines.store.articles import Saved
from pipelines.store.crawl_schema import StoredPage
from pipelines.store.frontier import admit, end
from pipelines.store.schema import Base
from pipelines.store.together import Save, save_together

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SITE = "a.example"
HUGO, TAG = Fingerprint("generator", "Hugo"), Fingerprint("google-tag-manager", "GTM-KV2F6R")


def article(name: str | None, text: str, **more: Any) -> Article:
    blocks = [
        Block(text=line, type=BlockType.BODY, confidence=0.9, reason="test") for line in text.split("\n")
    ]
    url = f"http://{SITE}/{name}" if name else None
    key = f"{SITE}/{name}" if name else None
    return Article(url=url, key=key, text=text, blocks=blocks, fetched_at=NOW, site=SITE, **more)


def items() -> list[Article | Rejection]:
    return [
        article("one", "One.\nAnd more.", headers={"ETag": '"1"'}, fingerprints=[HUGO, TAG]),
        article("two", "", headers={"ETag": '"2"'}, fingerprints=[HUGO, HUGO]),
        Rejection(url=f"http://{SITE}/gone", reason="http-404", detail="gone", key=f"{SITE}/gone"),
        article("three", "Three."),
        article("one", "One.\nAnd more."),  # the same again
        article("three", "Three, changed.", fingerprints=[TAG, Fingerprint("generator", "NUL \0")]),
        article(None, "Without an address."),
        article("held", "What the database holds."),
        article("unknown", "A page that nobody found."),
        article("copy", "Another page stands for this one."),
        article("mark", "NUL \0, and a lone surrogate \ud800.", title="\ud800"),
    ]


def rows(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, without the moments at which they were written."""
    found = {}
    with store.session() as session:
        for table in Base.metadata.sorted_tables:
            lines = [dict(row) for row in session.execute(select(table)).mappings()]
            for line in lines:
                for name in (
                    "id",
                    "article_id",
                    "fingerprint_id",
                    "checked_at",
                    "changed_at",
                    "first_seen",
                    "replaced_at",
                ):
                    line.pop(name, None)
            found[table.name] = sorted(lines, key=repr)
    return found


def prepared(url: str) -> Store:
    store = Store(url)
    names = ("one", "two", "three", "gone", "held", "copy")
    found = [
        FoundUrl(
            key=f"{SITE}/{name}",
            url=f"http://{SITE}/{name}",
            site=SITE,
            role=Role.ARTICLE,
            discovered_by="link",
        )
        for name in names
    ]
    with store.write() as session:
        admit(session, found, {SITE: 1}, NOW)
        end(session, Ended(key=f"{SITE}/copy", outcome=Outcome.ALIAS, reason=f"{SITE}/one"), NOW)
    store.save(article("held", "What the database holds."))
    store.save(Rejection(url=f"http://{SITE}/two", reason="timeout", detail="late", key=f"{SITE}/two"))
    return store


def test_together_is_as_one_after_the_other(database: str, other_database: str) -> None:
    expected = [
        Saved.NEW, Saved.NEW, Saved.REJECTED, Saved.NEW, Saved.UNCHANGED, Saved.REVISED, Saved.NEW,
        Saved.UNCHANGED, Saved.NEW, Saved.NEW, Saved.NEW,
    ]  # fmt: skip
    with prepared(database) as one, prepared(other_database) as all_:
        singly = [one.save(item) for item in items()]
        with all_.write() as session:
            together = save_together(session, [Save(item, None) for item in items()])
        assert (singly, together) == (expected, expected)
        assert rows(all_) == rows(one)
        with all_.session() as session:
            pages = {page.key: page for page in session.scalars(select(StoredPage))}
            page = pages[f"{SITE}/two"]
            assert (page.outcome, page.attempts, page.state, page.reason) == ("article", 0, "done", None)
            assert page.etag == '"2"'
            assert pages[f"{SITE}/copy"].outcome == "alias"


def test_what_the_session_holds_is_written_before_and_read_again_after(database: str) -> None:
    with prepared(database) as store, store.write() as session:
        page = session.scalars(select(StoredPage).where(StoredPage.key == f"{SITE}/one")).one()
        page.outcome, page.state = "alias", "done"
        save_together(session, [Save(article(name, name), None) for name in ("one", "three")])
        assert (page.outcome, page.state) == ("alias", "done")
        page = session.scalars(select(StoredPage).where(StoredPage.key == f"{SITE}/three")).one()
        assert (page.outcome, page.state) == ("article", "done")


def test_nothing_is_saved_of_nothing(database: str) -> None:
    with prepared(database) as store, store.write() as session:
        assert save_together(session, []) == []
