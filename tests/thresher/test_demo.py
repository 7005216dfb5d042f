"""The demonstration from end to end: what the crawl writes must be the press, word for word."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from pipelines.feeds import ARTICLES, DATABASE, REJECTS, read_records
from pipelines.store import Store
from tests.conftest import DemoRun
from tests.pipelines.reuse.made_up import state
from thresher.demo.press import (
    API_FARM_HOST,
    CAPTION_HOST,
    FARM_HOST,
    OUTLET_HOST,
    PLEA_HOST,
    TRANSLATION_HOST,
    ExpectedArticle,
    load_press,
)
from thresher.demo.run import REPORT

EXPECTED = {(entry.host, entry.path): entry for entry in load_press().expected()}

Record = dict[str, Any]
Place = tuple[str, str]


@dataclass(frozen=True)
class Demo:
    """What one run of the command left behind."""

    folder: Path
    printed: str
    articles: list[Record]
    rejects: list[Record]

    @property
    def by_place(self) -> dict[Place, Record]:
        return {place(record): record for record in self.articles}


def place(record: Record) -> Place:
    parts = urlsplit(record["url"])
    return parts.hostname or "", parts.path


@pytest.fixture(scope="module")
def demo(demo_run: DemoRun) -> Demo:
    return Demo(
        demo_run.folder,
        demo_run.printed,
        list(read_records(demo_run.folder / ARTICLES)),
        list(read_records(demo_run.folder / REJECTS)),
    )


def texts(record: Record, kind: str) -> list[str]:
    return [block["text"] for block in record["blocks"] if block["type"] == kind]


def words(lines: list[str] | tuple[str, ...]) -> list[str]:
    return " ".join(lines).split()


def test_every_story_is_in_the_corpus_once_and_nothing_else(demo: Demo) -> None:
    assert sorted(place(record) for record in demo.articles) == sorted(EXPECTED)


def test_rejects_are_the_forbidden_pages_and_the_dead_link(demo: Demo) -> None:
    press = load_press()
    forbidden = press.sites[OUTLET_HOST].members_teaser
    dead = press.sites[PLEA_HOST].dead_links[0]["path"]

    assert sorted((record["reason"], *place(record)) for record in demo.rejects) == sorted(
        [
            ("http-404", PLEA_HOST, dead),
            ("robots-txt", OUTLET_HOST, "/members/"),
            ("robots-txt", OUTLET_HOST, forbidden),
        ]
    )
    assert all(record["detail"] for record in demo.rejects)


@pytest.mark.parametrize("expected", EXPECTED.values(), ids=lambda entry: entry.host + entry.path)
def test_an_article_is_the_story_paragraph_for_paragraph(demo: Demo, expected: ExpectedArticle) -> None:
    record = demo.by_place[expected.host, expected.path]

    assert texts(record, "body") == list(expected.body)
    assert record["text"] == "\n\n".join(expected.body)
    assert record["title"] == expected.title
    assert record["site"] == expected.host
    assert record["published"] == expected.published.isoformat()
    assert record["language"] == "en"


@pytest.mark.parametrize("expected", EXPECTED.values(), ids=lambda entry: entry.host + entry.path)
def test_captions_pleas_and_claims_are_told_apart(demo: Demo, expected: ExpectedArticle) -> None:
    record = demo.by_place[expected.host, expected.path]
    claim = record["claimed_source"]

    assert texts(record, "caption") == list(expected.captions)
    assert words(texts(record, "donation")) == words(expected.donation)
    assert (claim and claim["domain"]) == expected.claimed_source


def test_copies_on_both_farms_are_the_original_s_text(demo: Demo) -> None:
    copies = [story for story in load_press().stories() if story.original]
    assert {story.host for story in copies} == {FARM_HOST, API_FARM_HOST}
    for copy in copies:
        assert copy.original
        original = demo.by_place[OUTLET_HOST, copy.original.path]
        assert demo.by_place[copy.host, copy.path]["text"] == original["text"]


def test_boilerplate_of_the_classic_farm_has_its_types(demo: Demo) -> None:
    story = load_press().sites[FARM_HOST].stories[0]
    record = demo.by_place[FARM_HOST, story.path]

    assert texts(record, "attribution") == [f"This post appeared first on {OUTLET_HOST}"]
    assert any("its managers, its employees" in text for text in texts(record, "disclaimer"))
    assert any("mailing list" in text for text in texts(record, "newsletter"))
    assert any("All Rights Reserved" in text for text in texts(record, "copyright"))
    assert "Related Posts" in texts(record, "related")


def test_boilerplate_of_the_others_has_its_types(demo: Demo) -> None:
    press = load_press()
    outlet = demo.by_place[OUTLET_HOST, press.sites[OUTLET_HOST].stories[0].path]
    independent = demo.by_place[CAPTION_HOST, press.sites[CAPTION_HOST].stories[0].path]
    translated = demo.by_place[TRANSLATION_HOST, press.sites[TRANSLATION_HOST].stories[0].path]

    for kind in (
        "consent",
        "navigation",
        "sharing",
        "newsletter",
        "author_bio",
        "related",
        "comments",
        "copyright",
    ):
        assert texts(outlet, kind), kind
    assert any(text.startswith("More in Society") for text in texts(independent, "related"))
    assert texts(translated, "comments") == ["Kommentare (0)"]


def test_the_api_gives_names_of_authors_and_categories(demo: Demo) -> None:
    story = load_press().sites[API_FARM_HOST].stories[-1]
    record = demo.by_place[API_FARM_HOST, story.path]

    assert record["authors"] == ["Wire Desk"]
    assert record["categories"] == ["Money & Matters"]


def test_the_outlet_s_authors_are_known(demo: Demo) -> None:
    for story in load_press().sites[OUTLET_HOST].stories:
        assert demo.by_place[OUTLET_HOST, story.path]["authors"] == list(story.authors)


def test_records_are_complete_and_the_command_says_where_they_are(demo: Demo) -> None:
    for record in demo.articles:
        assert record["schema_version"] == 1
        assert record["boilerplate"] or record["url"].startswith(f"http://{API_FARM_HOST}")
    assert ARTICLES in demo.printed
    assert REJECTS in demo.printed
    assert f"Audit       {demo.folder / REPORT / 'index.html'}" in demo.printed


def test_copies_are_traced_to_the_outlet(demo: Demo) -> None:
    """By the press's own account: what the farms copied; and what the translated site says again."""
    with Store(f"sqlite:///{demo.folder / DATABASE}") as store:
        found = state(store).origins
    traced = {
        place({"url": url}): (row["relation"], place({"url": row["origin"]})) for url, row in found.items()
    }
    expected = {
        (story.host, story.path): ("verbatim", (story.original.host, story.original.path))
        for story in load_press().stories()
        if story.original
    }
    expected |= {
        (story.host, story.path): ("rewritten", (story.translated.host, story.translated.path))
        for story in load_press().stories()
        if story.translated
    }
    originals = {origin: ("original", origin) for _, origin in expected.values()}
    assert traced == expected | originals
    assert "Copies      verbatim 7, rewritten 2, of 5 originals (all runs)\n" in demo.printed
