from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.store.crawl_schema import SiteRun
from pipelines.store.history import (
    RUNS_COMPARED,
    RUNS_READ,
    Figures,
    alarms,
    history,
    keep,
)
from pipelines.store.schema import Run

SITE = "gazette.example"
NOON = datetime(2025, 3, 4, 12, tzinfo=UTC)


def figures(**counts: Any) -> Figures:
    """Figures that add up, with one page fetched for each article and reject unless they say otherwise."""
    rejects = sum(counts.get("reasons", {}).values())
    named = {"site": SITE, "fetched": counts.get("articles", 0) + rejects, **counts}
    ways = ("fetched", "unchanged", "refused", "failed", "left")
    return Figures(**{"discovered": sum(named.get(way, 0) for way in ways), **named})


def gave(articles: int, *, words: int = 500, **more: Any) -> Figures:
    return figures(articles=articles, median_words=words, **more)


def quiet(unchanged: int = 40) -> Figures:
    return figures(unchanged=unchanged)


EARLIER = [gave(count) for count in (12, 31, 20, 18, 25)]


# A site that gives none


def test_a_site_that_used_to_give_and_gives_none() -> None:
    assert alarms(figures(fetched=40, reasons={"no-text": 38, "http-404": 2}), EARLIER) == [
        "gazette.example gave 0 articles: 40 fetched, 40 rejected (no-text 38, http-404 2); "
        "the last 5 runs with any gave 12 to 31, new or unchanged"
    ]


def test_one_earlier_run_is_enough() -> None:
    assert alarms(figures(fetched=1), [gave(7)]) == [
        "gazette.example gave 0 articles: it answered, but nothing was found (1 fetched); "
        "the last run with any gave 7, new or unchanged"
    ]


def test_a_site_where_everything_fails() -> None:
    now = figures(fetched=0, failed=3, refused=2, reasons={"timeout": 3, "robots-txt": 2})
    assert alarms(now, EARLIER) == [
        "gazette.example gave 0 articles: nothing could be fetched, 3 failed and 2 refused "
        "(timeout 3, robots-txt 2); the last 5 runs with any gave 12 to 31, new or unchanged"
    ]


def test_a_site_that_stays_broken_stays_told() -> None:
    broken = figures(fetched=1)
    assert len(alarms(broken, [*[broken] * 50, gave(7)])) == 1


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(quiet(20), id="all is unchanged"),
        pytest.param(figures(fetched=3, unchanged_articles=3), id="fetched, the same text"),
        pytest.param(figures(fetched=2, source="wordpress"), id="the API says that nothing changed"),
        pytest.param(
            figures(fetched=2, failed=1, source="wordpress"), id="the same, asked for too many first"
        ),
        pytest.param(figures(fetched=5, left=300), id="out of budget before it got to an article"),
        pytest.param(figures(failed=1, left=300), id="out of budget, one failure"),
        pytest.param(figures(fetched=40, partial=True), id="interrupted"),
        pytest.param(figures(), id="nothing was asked for"),
        pytest.param(figures(left=10), id="nothing but old addresses, none asked for"),
    ],
)
def test_a_run_that_gives_none_and_is_no_alarm(now: Figures) -> None:
    assert alarms(now, EARLIER) == []


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(figures(fetched=20, left=300), id="a budget spent on pages that gave nothing"),
        pytest.param(figures(failed=2, reasons={"http-500": 2}), id="all fails"),
    ],
)
def test_a_run_that_gives_none_and_is_one(now: Figures) -> None:
    assert len(alarms(now, EARLIER)) == 1


def test_the_first_run_never_alarms() -> None:
    assert alarms(figures(fetched=40, reasons={"no-text": 40}), []) == []
    assert alarms(figures(failed=1, reasons={"dns": 1}), []) == []


def test_a_site_that_never_gave_is_no_alarm() -> None:
    failing = figures(failed=1, reasons={"dns": 1})
    assert alarms(failing, [failing] * 5) == []


def test_a_blog_with_a_post_a_month_is_fine() -> None:
    past: list[Figures] = []
    for day in range(120):
        now = gave(1, unchanged=11) if day % 30 == 0 else quiet(12)
        assert alarms(now, past) == []
        past.insert(0, now)


def test_a_busy_site_with_a_run_every_five_minutes_is_fine() -> None:
    past: list[Figures] = []
    for number in range(600):
        articles, galleries = (number % 3 == 0) + (number % 7 == 0), number % 5 == 0
        words = (300, 700, 450, 900)[number % 4]
        more = {"median_words": words} if articles else {}
        now = figures(articles=articles, unchanged=60, reasons={"no-text": 1} if galleries else {}, **more)
        assert alarms(now, past) == []
        past.insert(0, now)
        del past[RUNS_READ:]


# A site that shows little


def test_a_front_page_that_shows_nothing_while_known_pages_answer() -> None:
    past = [quiet(count) for count in (60, 58, 66)]
    assert alarms(quiet(6), past) == ["gazette.example shows 6 addresses; the last 3 runs found 58 to 66"]
    assert alarms(quiet(7), past) == []
    assert alarms(quiet(6), past[:2]) == []  # the first run sees all of a site
    assert alarms(quiet(1), [quiet(19)] * 5) == []  # too few to say
    assert alarms(figures(unchanged=6, source="wordpress"), past) == []  # the API names only what changed
    assert alarms(figures(unchanged=2, left=4), past) == []


# Rejects


def test_the_share_of_rejects_jumps() -> None:
    past = [gave(40, reasons={"no-text": rejects}) for rejects in (2, 0, 4)]
    now = gave(15, unchanged=500, reasons={"no-text": 40, "http-403": 5})
    assert alarms(now, past) == [
        "gazette.example rejected 45 of 60 addresses (no-text 40, http-403 5); before, the share was 0% to 9%"
    ]
    assert alarms(now, past[:2]) == []
    assert alarms(gave(15, reasons={"no-text": 7}), past) == []


def test_new_pages_that_come_one_by_one_and_cannot_be_read_any_more() -> None:
    past = [gave(1, unchanged=60) for _ in range(90)]
    broken = figures(unchanged=61, fetched=1, reasons={"no-text": 1})
    runs = 0
    while not (found := alarms(broken, past)):
        runs += 1
        past.insert(0, broken)
    # 20 pages make a share, and 7 of them are more than three in ten.
    assert runs == 5
    assert found == [
        "gazette.example rejected 6 of 20 addresses in the last 20 runs (no-text 6); before, the share was 0%"
    ]
    assert alarms(quiet(), past) == []  # nothing new to say anything about


def test_posts_of_an_api_that_cannot_be_read_any_more() -> None:
    past = [gave(count, source="wordpress") for count in (400, 25, 30, 21)]
    broken = figures(fetched=20, source="wordpress", reasons={"no-text": 20})
    assert alarms(broken, past) == [
        "gazette.example rejected 20 of 20 addresses (no-text 20); before, the share was 0%"
    ]


def test_dead_links_that_are_asked_for_again_are_no_jump() -> None:
    dead = {"http-404": 30}
    past = [gave(500, reasons=dead)]
    for _ in range(20):
        now = figures(unchanged=500, failed=30, fetched=0, reasons=dead)
        assert alarms(now, past) == []
        past.insert(0, now)


# Lengths


def test_texts_collapse() -> None:
    past = [gave(12, words=words) for words in (600, 540, 660)]
    assert alarms(gave(10, words=80), past) == [
        "gazette.example: the median length of 10 articles is 80 words; before, it was 540 to 660"
    ]
    assert alarms(gave(10, words=200), past) == []
    assert alarms(gave(9, words=80), past[:1]) == []  # nine and twelve are one bunch, and none before it
    assert alarms(gave(10, words=80), [gave(9, words=600)]) == []


def test_texts_that_come_one_by_one_collapse() -> None:
    past = [gave(1, words=80, unchanged=60) for _ in range(9)]
    past += [gave(1, words=600, unchanged=60) for _ in range(20)]
    assert alarms(gave(1, words=80, unchanged=60), past) == [
        "gazette.example: the median length of 10 articles in the last 10 runs is 80 words; "
        "before, it was 600"
    ]
    assert alarms(quiet(), past) == []


# Figures that do not add up


def test_figures_that_do_not_add_up() -> None:
    wrong = figures(fetched=4, unchanged=1, refused=2, failed=1, left=1, discovered=10)
    sentence = (
        "gazette.example: figures do not add up: 10 discovered, but 4 fetched, 1 unchanged, 2 refused, "
        "1 failed and 1 left are 9"
    )
    assert alarms(wrong, []) == [sentence]


def test_an_interrupted_run_must_add_up_as_well() -> None:
    assert len(alarms(figures(fetched=1, discovered=3, partial=True), EARLIER)) == 1


# In the database


def run(session: Session, outcome: str | None = "finished") -> int:
    number = len(session.scalars(select(Run.id)).all())
    begun = Run(spider="site", arguments={}, started=NOON + timedelta(hours=number), outcome=outcome)
    session.add(begun)
    session.flush()
    return begun.id


def test_keeps_every_figure(session: Session) -> None:
    now = Figures(
        site=SITE, discovered=15, fetched=5, unchanged=4, refused=3, failed=2, left=1, articles=2, revised=1,
        unchanged_articles=1, gone=1, received_bytes=9_000, median_words=321,
        statuses={"200": 6, "404": 2}, reasons={"http-404": 2, "robots-txt": 3},
    )  # fmt: skip
    run_id = run(session)
    assert keep(session, run_id, now) == []
    session.flush()
    row = session.scalars(select(SiteRun)).one()
    assert (row.run_id, row.site, row.rejects, row.alarms) == (run_id, SITE, 5, [])
    assert history(session, SITE, before=run(session)) == [now]


def test_a_crawl_of_very_many_sites(session: Session) -> None:
    """The names of all are one text, longer than an entry of PostgreSQL's indexes."""
    sites = " ".join(f"site-{number * number}.example" for number in range(1_000))
    for other in (sites, f"{sites} more.example"):
        keep(session, run(session), Figures(site=other, discovered=2, unchanged=2, received_bytes=2**40))
    session.flush()
    row, _ = session.scalars(select(SiteRun).order_by(SiteRun.run_id))
    assert (row.site[:12], len(row.site)) == ("site-0.examp", 466)
    assert [one.received_bytes for one in history(session, sites, before=run(session))] == [2**40]


def test_keeps_the_alarms_with_the_figures(session: Session) -> None:
    keep(session, run(session), gave(7))
    found = keep(session, run(session), figures(fetched=1))
    assert len(found) == 1
    session.flush()
    assert [row.alarms for row in session.scalars(select(SiteRun).order_by(SiteRun.run_id))] == [[], found]


def test_history_is_of_the_site_s_runs_that_ended_by_themselves(session: Session) -> None:
    for articles, outcome in ((1, "finished"), (2, "max_pages"), (3, "shutdown"), (4, None)):
        keep(session, run(session, outcome), gave(articles))
    keep(session, run(session), Figures(site="other.example", discovered=5, fetched=5, articles=5))
    now = run(session)
    keep(session, now, gave(6))
    assert [entry.articles for entry in history(session, SITE, before=now)] == [2, 1]


def test_history_reaches_back_to_what_the_site_used_to_give(session: Session) -> None:
    keep(session, run(session), gave(7))
    for _ in range(2 * RUNS_COMPARED):
        assert len(keep(session, run(session), figures(fetched=1))) == 1
    assert [entry.articles for entry in history(session, SITE, before=run(session))] == [7]


def test_history_reaches_past_quiet_runs_to_those_with_new_pages(session: Session) -> None:
    keep(session, run(session), gave(7))
    for _ in range(2 * RUNS_COMPARED):
        keep(session, run(session), quiet())
    found = history(session, SITE, before=run(session))
    assert [entry.articles for entry in found] == [*[0] * RUNS_COMPARED, 7]
