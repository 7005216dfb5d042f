from __future__ import annotations

import base64
import json
import re
import zlib
from datetime import datetime
from pathlib import Path
from typing import Any

from audit.findings.model import Status
from audit.report import compact, live_page, packed_texts, story_record, summary, write_report
from audit.report.data import plain
from tests.audit.hostile_sample import HARM, hostile_findings, hostile_stories
from tests.audit.sample import (
    FARM,
    GAZETTE,
    MIRROR,
    sample_articles,
    sample_findings,
    sample_stories,
)


def unpacked(chunk: str) -> Any:
    return json.loads(zlib.decompress(base64.b64decode(chunk)))


def column(record: dict[str, Any], name: str) -> list[Any]:
    return list(record["articles"]["columns"][name])


def test_columns_hold_what_the_articles_say() -> None:
    record = compact(sample_findings())
    names, claims = record["articles"]["names"], record["articles"]["claims"]
    articles = sample_articles()
    assert column(record, "id") == [one.id for one in articles]
    assert [names[place] for place in column(record, "site")] == [one.site for one in articles]
    assert [record["statuses"][place] for place in column(record, "status")] == [
        one.status for one in articles
    ]
    assert column(record, "lag_hours")[4:7] == [9.0, 30.0, 12.0]
    assert claims[column(record, "claim")[4]][0] == GAZETTE
    assert column(record, "published")[14] is None
    assert column(record, "published")[0] == 1740992400
    tier, origin, shown_by, detail = column(record, "evidence")[4][0]
    assert (names[tier], origin, shown_by) == ("text", 0, 4)  # addresses of articles are their rows
    assert record["articles"]["words"][detail] == "word for word"


def test_times_without_a_zone_are_in_utc() -> None:
    assert plain(datetime(1970, 1, 2)) == 86400


def test_what_mutilates_or_swells_a_page_is_cut_and_cleaned() -> None:
    record = compact(hostile_findings())
    text = json.dumps(record, ensure_ascii=False)
    assert len(text) < 40_000
    assert not re.search("[\u202e\u2066\x00\x1b]", text)
    assert max(map(len, column(record, "title"))) == 301
    assert (
        column(record, "url")[0] == "javascript:alert(3)"
    )  # text: the page's script links to http and https alone
    assert column(record, "url")[1].endswith("…")


def test_a_story_is_cut_and_cleaned() -> None:
    given = hostile_stories(1)
    assert given is not None
    record = story_record(given)
    assert max(len(one) for one in record["texts"]["1"]["sentences"]) == 2001
    assert "\u202e" not in json.dumps(record, ensure_ascii=False)
    assert record["texts"]["1"]["paragraphs"] == [0, 2]


def test_sentences_beyond_the_bound_are_counted() -> None:
    text = {"sentences": ["One."] * 1_507, "paragraphs": [0, 1_505]}
    article = {"text": 1, "against": None, "pairs": [[1_506, 0, "same"], [0, 0, "same"]]}
    record = story_record({"texts": {"1": text}, "articles": {"1": article}})
    assert (len(record["texts"]["1"]["sentences"]), record["texts"]["1"]["beyond"]) == (1_500, 7)
    assert record["texts"]["1"]["paragraphs"] == [0]
    assert record["articles"]["1"]["pairs"] == [[0, 0, "same"]]


def test_texts_are_packed_in_order_until_the_budget_is_full() -> None:
    asked = []

    def stories(number: int) -> dict[str, Any]:
        asked.append(number)
        sentences = [f"{number}-{place} " + hex(number ** (place + 1_500))[:1_000] for place in range(400)]
        return {"texts": {"1": {"sentences": sentences, "paragraphs": [0]}}, "articles": {}}

    whole = packed_texts(range(7, 15, 2), stories, 10**9)
    assert (whole.places, whole.left_out) == ({7: 0, 9: 1, 11: 2, 13: 3}, 0)
    assert list(unpacked(whole.chunks[2])) == ["11"]
    asked.clear()
    room = len(whole.chunks[0]) + len(whole.chunks[1])
    part = packed_texts(range(7, 15, 2), stories, room)
    assert (part.places, part.left_out) == ({7: 0, 9: 1}, 2)
    assert asked == [7, 9]  # no more are asked for when nothing is left


def test_a_story_too_large_for_the_budget_does_not_keep_others_out() -> None:
    def stories(number: int) -> dict[str, Any]:
        size = 2_000 if number == 1 else 10
        return {
            "texts": {
                "1": {"sentences": [hex(7**9_000)[place:] for place in range(size)], "paragraphs": [0]}
            },
            "articles": {},
        }

    found = packed_texts([1, 2], stories, 12_000)
    assert (found.places, found.left_out) == ({2: 0}, 1)


def test_the_same_findings_give_the_same_page(tmp_path: Path) -> None:
    first = write_report(sample_findings(), sample_stories, tmp_path / "one").read_bytes()
    assert first == write_report(sample_findings(), sample_stories, tmp_path / "two" / "deep").read_bytes()
    assert len(first) < 500_000


def test_the_served_page_holds_no_data_and_may_ask_its_server() -> None:
    page = live_page()
    assert "octet-stream" not in page.html
    assert "connect-src &#39;self&#39;" in page.html
    assert page.policy.replace("'", "&#39;") in page.html
    assert 'data-source="live"' in page.html


def test_the_summary_leads_to_what_it_counts() -> None:
    found = summary.figures(sample_findings())
    assert [(figure.label, figure.value, figure.href) for figure in found] == [
        ("Articles", "17", "#articles"),
        ("Sites", "6", "#sites"),
        ("Republished", "41 %", "#articles?status=republished"),
        ("Stories", "4", "#stories"),
        ("Unnamed sources", "4", "#articles?attribution=none"),
        ("Groups", "1", "#network"),
    ]


def test_figures_of_some_sites_lead_to_their_articles_alone() -> None:
    whole = sample_findings()
    some = whole.model_copy(update={"sites": tuple(site for site in whole.sites if site.site == FARM)})
    assert summary.figures(some)[0].href == "#articles?audited=yes"


def test_what_is_republished_is_what_the_findings_count() -> None:
    record = compact(sample_findings())
    assert sum(column(record, "republished")) == sample_findings().totals.republished
    names = record["articles"]["names"]
    sources = [None if place is None else names[place] for place in column(record, "source")]
    assert sources == [one.origin_site if one.status.republished else None for one in sample_articles()]


def test_sentences_tell_who_takes_who_hides_and_who_belongs_together() -> None:
    found = ["".join(sentence.parts) for sentence in summary.sentences(sample_findings())]
    assert found == [
        f"{FARM} took 3 of its 4 articles from {GAZETTE}, median 12 hours after",
        f"{FARM} and {MIRROR} are tied together by 1 conclusive sign",
        f"{FARM} names pulse.example as the source of 1 article that came from {GAZETTE}",
        "“Keepers return to the lighthouses” reached 4 sites within 29 hours",
    ]


def test_spans_are_in_words() -> None:
    assert [summary.span(hours) for hours in (0.5, 1, -3, 47.4, 72)] == [
        "30 minutes",
        "1 hour",
        "3 hours",
        "47 hours",
        "3 days",
    ]


def test_what_is_not_nothing_is_never_none() -> None:
    assert [summary.percent(share) for share in (0, 0.001, 0.5, 1)] == ["0 %", "<1 %", "50 %", "100 %"]


def test_addresses_of_views_hold_any_name() -> None:
    assert summary.view("articles", site="a&b#c d", status="") == "#articles?site=a%26b%23c%20d"


def test_bars_are_whole() -> None:
    parts = summary.segments({Status.ORIGINAL: 1, Status.VERBATIM: 3})
    assert [(part.start, part.width, part.href) for part in parts] == [
        (0.0, 250.0, "#articles?status=original"),
        (250.0, 750.0, "#articles?status=verbatim"),
    ]


def test_hostile_text_is_escaped_in_the_static_page(tmp_path: Path) -> None:
    page = write_report(hostile_findings(), hostile_stories, tmp_path).read_text(encoding="utf-8")
    body = page[page.index("<body") : page.index('id="findings"')]
    assert "<img" not in body
    assert "<script" not in body.replace('<script type="application/octet-stream" ', "")
    assert HARM[:40] not in page


def test_half_is_rounded_up_as_in_the_page_s_script() -> None:
    assert [summary.percent(share) for share in (0.125, 0.625, 0.025)] == ["13 %", "63 %", "3 %"]
    assert [summary.span(hours) for hours in (6.5, -6.5, 60)] == ["7 hours", "7 hours", "3 days"]
