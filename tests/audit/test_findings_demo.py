"""The findings of the demonstration, against what its press says of itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator

from audit.findings import find
from audit.findings.model import Attribution, AuditedArticle, Findings, Status
from pipelines.store import Store
from thresher.demo.press import OUTLET_HOST, PLEA_HOST, Story, load_press

DOCS = Path(__file__).resolve().parents[2] / "docs"
SCHEMA = json.loads((DOCS / "audit.schema.json").read_text(encoding="utf-8"))
PRESS = load_press()
NOBODY = {"admin", "Wire Desk", "Redaktion", *(site.name for site in PRESS.sites.values())}

Place = tuple[str, str]


@pytest.fixture(scope="module")
def findings(demo_database: Path) -> Findings:
    with Store(f"sqlite:///{demo_database}") as store, store.snapshot() as session:
        return find(session)


def place(article: AuditedArticle) -> Place:
    parts = urlsplit(article.url or "")
    return parts.hostname or "", parts.path


def of(host: str) -> list[Story]:
    return list(PRESS.sites[host].stories)


def source(story: Story) -> Story | None:
    """The story that another was made from."""
    return story.original or story.translated


def status(story: Story) -> Status:
    if source(story):
        return Status.VERBATIM if story.original else Status.REWRITTEN
    if story in (source(other) for other in PRESS.stories()):
        return Status.ORIGINAL
    return Status.INDEPENDENT if story.event else Status.UNMATCHED


def lag(story: Story) -> float | None:
    origin = source(story)
    return (story.published - origin.published) / timedelta(hours=1) if origin else None


def test_every_story_is_told_as_the_press_tells_it(findings: Findings) -> None:
    places = {article.id: place(article) for article in findings.articles}
    told = {
        place(one): (one.status, one.origin and places[one.origin], one.lag_hours, one.published, one.authors)
        for one in findings.articles
    }
    expected = {
        (story.host, story.path): (
            status(story),
            (origin.host, origin.path) if (origin := source(story)) else None,
            lag(story),
            story.published.replace(tzinfo=story.published.tzinfo or UTC),
            story.authors,
        )
        for story in PRESS.stories()
    }
    assert told == expected


def test_reports_of_one_event_name_the_outlet_s(findings: Findings) -> None:
    places = {article.id: place(article) for article in findings.articles}
    told = {place(one): {places[other] for other in one.same_event} for one in findings.articles}
    for story in PRESS.stories():
        if story.event:
            assert (story.event.host, story.event.path) in told[story.host, story.path]
            assert (story.host, story.path) in told[story.event.host, story.event.path]


def test_copies_name_their_source_or_nobody(findings: Findings) -> None:
    expected = {
        (story.host, story.path): Attribution.TRUE if story.original else Attribution.NONE
        for story in PRESS.stories()
        if source(story)
    }
    told = {place(one): one.attribution for one in findings.articles if one.attribution is not None}
    assert told == expected


def test_sites_have_the_figures_of_their_stories(findings: Findings) -> None:
    assert [one.site for one in findings.sites] == sorted(PRESS.sites)
    for one in findings.sites:
        stories = of(one.site)
        copies = [story for story in stories if source(story)]
        assert one.articles == len(stories)
        assert one.languages == {"en": len(stories)}
        assert (one.republished, one.republished_share) == (len(copies), len(copies) / len(stories))
        assert one.statuses == {kind: sum(status(story) is kind for story in stories) for kind in Status}
        assert one.attribution.true == sum(story.original is not None for story in stories)
        assert [source.site for source in one.sources] == ([OUTLET_HOST] if copies else [])
        hours = [hours for story in copies if (hours := lag(story)) is not None]
        assert (one.lag and (one.lag.lower_hours, one.lag.median_hours, one.lag.upper_hours)) == (
            pytest.approx(quantiles(hours, n=4, method="inclusive")) if hours else None
        )
        assert one.rhythm.dated == len(stories)
        assert sum(one.rhythm.hours) == len(stories)
        assert dict(one.rhythm.days) == Counter(story.published.date() for story in stories)


def test_the_outlet_is_copied_by_the_three_that_copy_it(findings: Findings) -> None:
    outlet = next(one for one in findings.sites if one.site == OUTLET_HOST)
    takers = Counter(story.host for story in PRESS.stories() if source(story))
    assert {one.site: one.copies.articles for one in outlet.copied_by} == takers
    assert {(pair.one, pair.other) for pair in findings.pairs} == {
        (min(OUTLET_HOST, host), max(OUTLET_HOST, host)) for host in takers
    }


def test_names_are_those_of_the_press(findings: Findings) -> None:
    for one in findings.sites:
        stories = of(one.site)
        names = Counter(name for story in stories for name in story.authors)
        assert {author.name: author.articles for author in one.authors} == names
        assert {author.name for author in one.authors if author.generic} == names.keys() & NOBODY
        assert one.generic_author_articles == sum(NOBODY.issuperset(story.authors) for story in stories)


def test_stories_are_the_outlet_s_and_their_copies(findings: Findings) -> None:
    articles = {article.id: article for article in findings.articles}
    spread = Counter(origin.path for story in PRESS.stories() if (origin := source(story)))
    told = {place(articles[one.origin])[1]: one for one in findings.stories if one.origin is not None}
    assert {path: len(one.articles) - 1 for path, one in told.items()} == spread
    assert findings.totals.stories == len(findings.stories) == len(spread)
    sites = [one.sites for one in findings.stories]
    assert sites == sorted(sites, reverse=True)


def test_boilerplate_is_what_the_press_puts_around_its_stories(findings: Findings) -> None:
    weir = next(one for one in findings.sites if one.site == PLEA_HOST)
    (donation,) = (one for one in weir.boilerplate if one.type == "donation")
    appeal = PRESS.sites[PLEA_HOST].appeal
    assert appeal is not None
    assert donation.articles == len(of(PLEA_HOST))
    assert {text.text for text in donation.texts} <= set(appeal.lines)
    assert {text.articles for text in donation.texts} == {donation.articles}
    for one in findings.sites:
        around = sum(article.boilerplate_words for article in findings.articles if article.site == one.site)
        assert sum(kind.words for kind in one.boilerplate) == around
        assert one.words + around <= one.page_words
        assert sum(kind.share for kind in one.boilerplate) == pytest.approx(around / one.page_words)


# --- The schema ------------------------------------------------------------------------------------


def test_the_published_schema_is_the_model_s() -> None:
    assert Findings.model_json_schema() == SCHEMA


def test_findings_are_valid_by_the_schema(findings: Findings) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    errors = Draft202012Validator(SCHEMA).iter_errors(json.loads(findings.model_dump_json()))
    assert [error.message for error in errors] == []


def test_a_field_too_many_is_invalid(findings: Findings) -> None:
    record = json.loads(findings.model_dump_json())
    record["sites"][0]["guilt"] = 1
    assert not Draft202012Validator(SCHEMA).is_valid(record)


def _fields(schema: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for name, record in {"Findings": schema, **schema["$defs"]}.items():
        yield from ((name, field) for field in record.get("properties", ()))


def test_every_field_is_documented() -> None:
    told = (DOCS / "audit.md").read_text(encoding="utf-8")
    sections = {part.split("\n", 1)[0].strip("` "): part for part in told.split("\n### ")}
    missing = [
        f"{name}.{field}" for name, field in _fields(SCHEMA) if f"`{field}`" not in sections.get(name, "")
    ]
    assert missing == []
