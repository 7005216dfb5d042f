"""The frontier in the database: what is new, what is due, what a killed run leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cleaners.frontier import Admitted, Begun, Ended, FoundUrl, Outcome, Role
from pipelines.store.crawl_schema import StoredPage, StoredSite
from pipelines.store.frontier import (
    DONE,
    MAX_ATTEMPTS,
    OFFERED,
    PASS_LIFE,
    PENDING,
    TAKEN,
    admit,
    begin_pass,
    count_left,
    end,
    named_by,
    take,
    unseen_articles,
)

SITE = "gazette.example"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def found(name: str, role: Role = Role.ARTICLE, **more: object) -> FoundUrl:
    key = f"{SITE}/{name}"
    return FoundUrl(key=key, url=f"https://{key}", site=SITE, role=role, discovered_by="link", **more)  # type: ignore[arg-type]


def begin(session: Session, now: datetime = NOW) -> tuple[Begun, dict[str, int]]:
    site = session.get(StoredSite, SITE)
    if site is None:
        site = StoredSite(site=SITE, pass_id=0, pass_began=now, pass_open=False)
        session.add(site)
    begun = begin_pass(session, site, now)
    return begun, {SITE: site.pass_id}


def finish(session: Session) -> None:
    site = session.get(StoredSite, SITE)
    assert site is not None
    site.pass_open = False


def row(session: Session, name: str) -> StoredPage:
    return session.scalars(select(StoredPage).where(StoredPage.key == f"{SITE}/{name}")).one()


def crawl(session: Session, entry: FoundUrl, now: datetime, outcome: Outcome = Outcome.ARTICLE) -> None:
    """One pass that finds and fetches one page."""
    _, passes = begin(session, now)
    admit(session, [entry], passes, now)
    for due in take(session, passes, 10):
        end(session, Ended(key=due.key, outcome=outcome, etag='"1"'), now)
    finish(session)


def test_an_address_is_admitted_once_a_pass(session: Session) -> None:
    _, passes = begin(session)
    entry = found("a")
    assert admit(session, [entry, entry], passes, NOW) == Admitted(1, 0, frozenset({entry.key}))
    assert admit(session, [entry], passes, NOW) == Admitted()


def test_what_is_due_comes_listings_first_and_newest_first(session: Session) -> None:
    _, passes = begin(session)
    entries = [
        found("section", Role.SECTION, depth=1),
        found("undated"),
        found("older", lastmod=NOW - HOUR),
        found("newer", lastmod=NOW),
        found("deep", depth=3),
        found("sitemap", Role.LISTING),
    ]
    admit(session, entries, passes, NOW)
    names = [due.key.partition("/")[2] for due in take(session, passes, 10)]
    assert names == ["sitemap", "newer", "older", "undated", "deep", "section"]
    assert take(session, passes, 10) == []


def test_sections_can_be_left_waiting(session: Session) -> None:
    _, passes = begin(session)
    admit(session, [found("section", Role.SECTION), found("a")], passes, NOW)
    assert [due.role for due in take(session, passes, 10, sections=False)] == [Role.ARTICLE]
    assert count_left(session, passes) == 2  # one waits, one is under way


def test_a_killed_run_is_gone_on_with(session: Session) -> None:
    _, passes = begin(session)
    admit(session, [found("done"), found("taken"), found("waiting")], passes, NOW)
    for due in take(session, passes, 2):
        if due.key.endswith("done"):
            end(session, Ended(key=due.key, outcome=Outcome.ARTICLE), NOW)
    begun, again = begin(session, NOW + HOUR)
    assert (begun.resumed, begun.waiting, again) == (True, 2, passes)
    assert set(begun.seen) == {f"{SITE}/done", f"{SITE}/taken", f"{SITE}/waiting"}
    assert {due.key for due in take(session, again, 10)} == {f"{SITE}/taken", f"{SITE}/waiting"}


def test_a_pass_that_was_cut_short_long_ago_is_begun_anew(session: Session) -> None:
    _, passes = begin(session)
    admit(session, [found("done")], passes, NOW)
    take(session, passes, 1)
    end(session, Ended(key=f"{SITE}/done", outcome=Outcome.ARTICLE), NOW)
    begun, again = begin(session, NOW + PASS_LIFE)
    assert (begun.resumed, begun.waiting, list(begun.seen)) == (False, 0, [])
    assert again[SITE] == passes[SITE] + 1


def test_what_a_budget_left_waits_for_the_next_pass(session: Session) -> None:
    _, passes = begin(session)
    admit(session, [found("a"), found("b")], passes, NOW)
    take(session, passes, 1)
    end(session, Ended(key=f"{SITE}/a", outcome=Outcome.ARTICLE), NOW)
    finish(session)
    begun, again = begin(session, NOW + HOUR)
    assert (begun.resumed, begun.waiting) == (False, 1)
    assert [due.key for due in take(session, again, 5)] == [f"{SITE}/b"]


def test_posts_that_were_offered_and_not_written_are_forgotten(session: Session) -> None:
    _, passes = begin(session)
    admit(session, [found("post")], passes, NOW, state=OFFERED)
    assert row(session, "post").state == OFFERED
    begun, _ = begin(session, NOW + HOUR)
    assert (begun.waiting, list(begun.seen)) == (0, [])


def test_what_could_not_be_had_is_asked_for_again_but_not_for_ever(session: Session) -> None:
    crawl(session, found("slow"), NOW, Outcome.FAILED)
    for attempt in range(1, MAX_ATTEMPTS):
        begun, passes = begin(session, NOW + attempt * HOUR)
        assert begun.waiting == 1
        take(session, passes, 1)
        end(session, Ended(key=f"{SITE}/slow", outcome=Outcome.FAILED), NOW)
        finish(session)
    begun, passes = begin(session, NOW + 10 * HOUR)
    assert begun.waiting == 0
    assert admit(session, [found("slow")], passes, NOW).wanted  # but when it is found again, it is wanted


def test_a_failure_does_not_make_an_article_forgotten(session: Session) -> None:
    crawl(session, found("a"), NOW)
    crawl(session, found("a"), NOW + HOUR, Outcome.FAILED)
    assert (row(session, "a").outcome, row(session, "a").attempts) == (Outcome.ARTICLE, 1)
    assert row(session, "a").etag == '"1"'


@pytest.mark.parametrize(
    ("known", "listed", "wanted"),
    [
        (NOW - HOUR, NOW - HOUR, False),
        (NOW - HOUR, NOW - 2 * HOUR, False),
        (NOW - HOUR, NOW, True),
        (None, NOW - timedelta(days=3), False),  # changed last long before it was fetched
        (None, NOW, True),
    ],
)
def test_a_listing_says_what_changed(
    session: Session, known: datetime | None, listed: datetime, wanted: bool
) -> None:
    crawl(session, found("a", lastmod=known), NOW)
    _, passes = begin(session, NOW + HOUR)
    admitted = admit(session, [found("a", lastmod=listed)], passes, NOW + HOUR)
    assert (admitted.new, admitted.unchanged, bool(admitted.wanted)) == (1, int(not wanted), wanted)


def test_a_page_that_stays_the_same_is_asked_for_less_and_less(session: Session) -> None:
    crawl(session, found("a"), NOW)
    asked = []
    for hours in range(1, 101):
        _, passes = begin(session, NOW + hours * HOUR)
        if admit(session, [found("a")], passes, NOW + hours * HOUR).wanted:
            asked.append(hours)
            take(session, passes, 1)
            end(session, Ended(key=f"{SITE}/a"), NOW + hours * HOUR)  # not modified
        finish(session)
    assert asked[:8] == [1, 2, 3, 4, 5, 7, 9, 12]
    assert len(asked) == 17


def test_sections_and_listings_are_always_asked_for(session: Session) -> None:
    for role in (Role.SECTION, Role.LISTING, Role.SEED):
        crawl(session, found(role.value, role), NOW, Outcome.SECTION)
        _, passes = begin(session, NOW + HOUR)
        assert admit(session, [found(role.value, role)], passes, NOW + HOUR).wanted
        (due,) = take(session, passes, 5)
        assert due.etag == '"1"'
        end(session, Ended(key=due.key), NOW)
        finish(session)


def test_an_alias_is_never_asked_for(session: Session) -> None:
    _, passes = begin(session)
    admit(session, [found("alias")], passes, NOW, state=TAKEN)
    end(session, Ended(key=f"{SITE}/alias", outcome=Outcome.ALIAS), NOW)
    finish(session)
    _, passes = begin(session, NOW + 1000 * HOUR)
    assert admit(session, [found("alias")], passes, NOW + 1000 * HOUR) == Admitted(1, 1)


def test_what_a_page_named_is_known(session: Session) -> None:
    _, passes = begin(session)
    admit(session, [found("a"), found("b")], passes, NOW, via="list")
    assert [entry.key for entry in named_by(session, "list")] == [f"{SITE}/a", f"{SITE}/b"]


def test_articles_that_no_page_names_any_more(session: Session) -> None:
    crawl(session, found("a"), NOW)
    crawl(session, found("b"), NOW)
    crawl(session, found("c"), NOW, Outcome.GONE)
    _, passes = begin(session, NOW + HOUR)
    admit(session, [found("b")], passes, NOW + HOUR)
    assert [entry.key for entry in unseen_articles(session, SITE, passes[SITE], [])] == [f"{SITE}/a"]
    assert unseen_articles(session, SITE, passes[SITE], ["link"]) == []


def test_an_end_that_nobody_waits_for_is_no_error(session: Session) -> None:
    assert end(session, Ended(key="elsewhere.example/x", outcome=Outcome.ARTICLE), NOW) is None


def test_states_are_told_apart() -> None:
    assert len({PENDING, TAKEN, OFFERED, DONE}) == 4
