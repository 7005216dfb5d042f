from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from cleaners.article import Article, Fingerprint
from pipelines.deduplicate import Deduplicator, deduplicate, waiting
from pipelines.reuse import index
from pipelines.store import Store, engine
from pipelines.store.articles import save_article
from tests.pipelines.reuse.made_up import (
    article,
    compared,
    edited,
    finish,
    hours,
    part,
    reworded,
    state,
    story,
)

ROOT = Path(__file__).resolve().parents[2]


def relations(articles: list[Article], url: str) -> dict[str, tuple[str, str | None]]:
    """The relation of each article that has one, and the address of its origin."""
    found = compared(articles, url).origins
    return {address: (row["relation"], row["origin"]) for address, row in found.items()}


def test_copies_of_all_kinds_name_their_origin(database: str) -> None:
    told = story(1)
    articles = [
        article("copy.example", told, published=hours(2)),
        article("paper.example", told, published=hours(0)),
        article("cut.example", edited(told), published=hours(3)),
        article("teaser.example", part(told), published=hours(4)),
        article("spun.example", reworded(told), published=hours(5)),
        article("other.example", story(2), published=hours(1)),
    ]
    origin = "https://paper.example/1"
    assert relations(articles, database) == {
        "https://paper.example/1": ("original", origin),
        "https://copy.example/1": ("verbatim", origin),
        "https://cut.example/1": ("edited", origin),
        "https://teaser.example/1": ("excerpt", origin),
        "https://spun.example/1": ("rewritten", origin),
    }


def test_a_copy_is_found_in_a_later_run(database: str) -> None:
    with Store(database) as store:
        store.save(article("paper.example", story(1), published=hours(0)))
        finish(store)
        assert state(store).origins == {}
        store.save(article("copy.example", edited(story(1)), published=hours(2)))
        finish(store)
        found = state(store).origins
    assert {url: row["relation"] for url, row in found.items()} == {
        "https://paper.example/1": "original",
        "https://copy.example/1": "edited",
    }


def test_an_older_article_that_comes_late_becomes_the_origin(database: str) -> None:
    with Store(database) as store:
        for site, when in (("first.example", 5), ("second.example", 9), ("paper.example", 1)):
            store.save(article(site, story(1), published=hours(when)))
            finish(store)
        assert {row["origin"] for row in state(store).origins.values()} == {"https://paper.example/1"}


def test_a_revision_leaves_its_cluster(database: str) -> None:
    told = story(1)
    with Store(database) as store:
        for site in ("paper.example", "copy.example"):
            store.save(article(site, told, published=hours(len(site))))
        finish(store)
        assert len(state(store).origins) == 2
        store.save(article("copy.example", story(2), published=hours(20)))
        with store.session() as session:
            assert waiting(session) == 1
        finish(store)
        after = state(store)
    assert after.origins == {}
    assert after.clusters == []
    assert after == compared(
        [
            article("paper.example", told, published=hours(13)),
            article("copy.example", story(2), published=hours(20)),
        ]
    )


def test_a_text_that_nobody_has_any_more_leaves_no_trace(database: str) -> None:
    with Store(database) as store:
        store.save(article("paper.example", story(1)))
        finish(store)
        store.save(article("paper.example", story(2)))
        finish(store)
        assert state(store) == compared([article("paper.example", story(2))])


def test_reports_of_one_event_are_kept_as_relations_and_no_cluster(database: str) -> None:
    couples = ["Berrow Dunmore", "Eskerby Fallowend", "Gretel Hawksmoor", "Ilmar Jessop", "Keld Lorimer"]
    one = " ".join(f"That {couple} would come was known to every shop in town." for couple in couples)
    other = " ".join(f"Nobody had asked why {couple} should mind the rain." for couple in reversed(couples))
    found = compared(
        [
            article("one.example", one, published=hours(0)),
            article("other.example", other, published=hours(3)),
        ],
        database,
    )
    assert found.origins == {}
    assert [relation for _, _, relation, _ in found.relations] == ["independent"]


@pytest.mark.parametrize(
    ("told", "clusters"),
    [("…", 0), ("Photo gallery: see all pictures.", 0), ("word " * 19, 0), ("word " * 20, 1)],
)
def test_texts_of_a_few_words_are_compared_with_nothing(database: str, told: str, clusters: int) -> None:
    found = compared([article("a.example", told), article("b.example", told.upper())], database)
    assert (found.waiting, found.relations) == (0, [])
    assert (len(found.clusters), len(found.origins)) == (clusters, 2 * clusters)
    assert bool(found.keys) is bool(clusters)


def test_comparing_comes_before_settling(database: str) -> None:
    with Store(database) as store:
        for site in ("paper.example", "copy.example"):
            store.save(article(site, story(1), published=hours(len(site))))
        deduplicator = Deduplicator()
        with store.write() as session:
            assert deduplicator.compare(session) == 2
        assert (state(store).waiting, state(store).origins) == (0, {})
        assert len(state(store).clusters) == 1
        with store.write() as session:
            assert deduplicator.settle(session) == 1
        assert len(state(store).origins) == 2
        with store.write() as session:
            assert deduplicator.settle(session) == 0


def test_what_only_reputation_decides_is_looked_at_again(database: str) -> None:
    """In one process and in the next, in small batches: two undated stories, and three that tell."""
    undated = [
        article(site, story(number), path=str(number), published=None)
        for number in (1, 2)
        for site in ("copy.example", "paper.example")
    ]
    dated = [
        article(site, story(number), path=str(number), published=hours(later))
        for number in (3, 4, 5)
        for later, site in enumerate(("paper.example", "copy.example"))
    ]
    with Store(database) as store:
        for entry in undated:
            store.save(entry)
        deduplicator = Deduplicator()
        finish(store, deduplicator, batch=1)
        assert {row["relation"] for row in state(store).origins.values()} == {"unknown"}
        for entry in dated:
            store.save(entry)
        finish(store, deduplicator, batch=1)
        found = state(store)
        assert {row["site"] for row in found.origins.values()} == {"paper.example"}
        assert found.origins["https://copy.example/1"]["relation"] == "verbatim"
        assert found == compared([*dated, *undated])
        finish(store, batch=1)
        assert state(store) == found


def test_a_site_with_an_import_plugin_is_not_the_origin(database: str) -> None:
    farm = article("farm.example", story(1), published=hours(0))
    farm.fingerprints = [Fingerprint("wordpress-plugin", "wpematico")]
    paper = article("paper.example", story(1), published=hours(5))
    paper.fingerprints = [Fingerprint("wordpress-plugin", "contact-form-7")]
    found = compared([farm, paper], database).origins
    assert {row["origin"] for row in found.values()} == {"https://paper.example/1"}
    assert found["https://farm.example/1"]["evidence"][1] == {
        "tier": "residue",
        "origin": "elsewhere",
        "shown_by": "https://farm.example/1",
        "detail": "its site takes articles from elsewhere: it has the plugin wpematico",
    }
    paper.fingerprints = farm.fingerprints  # then the dates tell
    both = compared([farm, paper]).origins
    assert {row["origin"] for row in both.values()} == {"https://farm.example/1"}


# --- Any order of arrival ---------------------------------------------------------------------------

_TEXTS: dict[str, Callable[[str], str]] = {
    "whole": str,
    "part": part,
    "edited": edited,
    "edited again": lambda told: edited(told, seed=2),
    "reworded": reworded,
    "joined": lambda told: f"{told}\n\n{part(story(7))}",
}


@st.composite
def corpora(draw: st.DrawFn) -> list[Article]:
    """Up to ten articles on few sites, most of them made from few stories."""
    tellings = st.tuples(st.integers(1, 3), st.sampled_from(sorted(_TEXTS)))
    dates = st.one_of(
        st.none(), st.integers(0, 30).map(hours), st.integers(0, 2).map(lambda n: hours(24 * n))
    )
    sites = [f"site{number}.example" for number in range(5)]
    articles = []
    for number in range(draw(st.integers(2, 9))):
        which, how = draw(tellings)
        claims = draw(st.one_of(st.none(), st.none(), st.sampled_from([*sites, "elsewhere.example"])))
        site = draw(st.sampled_from(sites))
        articles.append(
            article(
                site,
                _TEXTS[how](story(which)),
                path=str(number),
                published=draw(dates),
                seen=draw(st.integers(0, 100).map(hours)),
                claims=None if claims == site else claims,
            )
        )
    return articles


@given(corpora(), st.randoms(use_true_random=False), st.sampled_from([2, 3, 50]))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
def test_any_order_of_arrival_gives_the_same(
    articles: list[Article], draw: random.Random, most_texts: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "MOST_TEXTS", most_texts)
        expected = compared(articles)
        shuffled = draw.sample(articles, len(articles))
        with Store("sqlite://") as store:
            deduplicator = Deduplicator()
            for entry in shuffled:
                store.save(entry)
                if draw.random() < 0.4:
                    with store.write() as session:
                        deduplicator.compare(session, draw.randint(1, 3))
                if draw.random() < 0.2:
                    with store.write() as session:
                        deduplicator.settle(session, 1)
            finish(store, deduplicator, batch=draw.randint(1, 4))
            assert state(store) == expected


@given(corpora(), st.randoms(use_true_random=False))
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
def test_what_articles_said_before_does_not_matter(articles: list[Article], draw: random.Random) -> None:
    before = [replace(entry, text=part(draw.choice(articles).text)) for entry in articles[::2]]
    with Store("sqlite://") as store:
        for entry in [*before, *articles]:
            store.save(entry)
            if draw.random() < 0.5:
                finish(store)
        finish(store)
        assert state(store) == compared(articles)


# --- What goes wrong --------------------------------------------------------------------------------


def _fill(url: str, number: int) -> None:
    with Store(url) as store, store.write() as session:
        for entry in range(1, number):
            save_article(session, article(f"s{entry % 7}.example", story(entry, 60), path=str(entry)), None)


def test_a_full_disk_leaves_the_batch_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/full.db"
    _fill(url, 400)
    with Store(url) as store, store.session() as session:
        before, size = state(store), session.scalar(text("PRAGMA page_count")) or 0
    ordinary = engine._configure_sqlite

    def small(connection: Any, record: Any) -> None:
        ordinary(connection, record)
        connection.execute(f"PRAGMA max_page_count = {size + 4}")

    with monkeypatch.context() as patch:
        patch.setattr(engine, "_configure_sqlite", small)
        with Store(url) as store, pytest.raises(OperationalError, match="full"):
            deduplicate(store)
    with Store(url) as store:
        assert state(store) == before
        deduplicate(store)
        assert state(store).waiting == 0


def test_a_locked_database_leaves_everything_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    url = f"sqlite:///{tmp_path}/locked.db"
    _fill(url, 20)
    with Store(url) as store, Store(url) as other:
        with other.write(), pytest.raises(OperationalError, match="locked"):
            deduplicate(store)
        assert state(store).waiting == 19
        deduplicate(store)
        assert state(store).waiting == 0


def test_a_killed_comparison_is_gone_on_with(tmp_path: Path) -> None:
    url, killed = f"sqlite:///{tmp_path}/whole.db", f"sqlite:///{tmp_path}/killed.db"
    for each in (url, killed):
        _fill(each, 900)
    with Store(url) as store:
        deduplicate(store)
        expected = state(store)
    for _ in range(3):
        _kill_in_the_middle(killed)
        with Store(killed) as store:
            _assert_whole(store)
    with Store(killed) as store:
        deduplicate(store)
        assert state(store) == expected


def _kill_in_the_middle(url: str) -> None:
    """Kill a comparison after its first transaction, while it is busy with another."""
    code = (
        "import sys\n"
        "import pipelines.deduplicate as d\n"
        "from pipelines.store import Store\n"
        "d.LARGE_BATCH = 100\n"
        "d.deduplicate(Store(sys.argv[1]), lambda what, done: print(what, done, flush=True))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "articles 100\n"
        time.sleep(0.1)
        os.kill(child.pid, signal.SIGKILL)


_BROKEN = (
    "SELECT count(*) FROM articles WHERE compared AND text_id IS NULL",
    "SELECT count(*) FROM articles WHERE NOT compared AND text_id IS NOT NULL",
    "SELECT count(*) FROM texts WHERE id NOT IN (SELECT text_id FROM bands)",
    "SELECT count(*) FROM bands WHERE text_id NOT IN (SELECT id FROM texts)",
)


def _assert_whole(store: Store) -> None:
    """Every article that counts as compared has its text, and every text its keys; some are still to do."""
    with store.session() as session:
        assert [session.scalar(text(query)) for query in _BROKEN] == [0, 0, 0, 0]
        assert session.scalar(text("SELECT count(*) FROM articles WHERE NOT compared"))
