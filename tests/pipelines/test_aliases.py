"""Which of the addresses of one page stands for it, from run to run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from cleaners.frontier import Admitted, Ended, FoundUrl, Outcome, Role
from pipelines.store.aliases import stand_for
from pipelines.store.crawl_schema import StoredPage, StoredSite
from pipelines.store.frontier import admit, begin_pass, end, take

SITE = "gazette.example"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def session(session: Session) -> Session:
    session.add(StoredSite(site=SITE, pass_id=0, pass_began=NOW, pass_open=False))
    return session


def found(name: str) -> FoundUrl:
    return FoundUrl(
        key=name, url=f"https://{SITE}/{name}", site=SITE, role=Role.ARTICLE, discovered_by="link"
    )


def begin(session: Session, now: datetime = NOW) -> dict[str, int]:
    """The next pass over the site."""
    site = session.get(StoredSite, SITE)
    assert site is not None
    site.pass_open = False
    begin_pass(session, site, now)
    return {SITE: site.pass_id}


def ask(session: Session, name: str, passes: dict[str, int], outcome: Outcome | None) -> None:
    """Find a page and ask for it; without an outcome it is not known yet how it ends."""
    admit(session, [found(name)], passes, NOW)
    (due,) = take(session, passes, 5)
    if outcome:
        end(session, Ended(key=due.key, outcome=outcome), NOW)


def held(session: Session, name: str) -> StoredPage:
    return session.query(StoredPage).where(StoredPage.key == name).one()


@pytest.mark.parametrize(
    ("outcome", "stands"),
    [
        (Outcome.ARTICLE, False),
        (None, False),
        (Outcome.GONE, True),
        (Outcome.FAILED, True),
        (Outcome.REJECTED, True),
        (Outcome.REDIRECT, True),
        (Outcome.SECTION, True),
    ],
)
def test_a_page_stands_for_what_is_no_article_itself(
    session: Session, outcome: Outcome | None, stands: bool
) -> None:
    passes = begin(session)
    ask(session, "page", passes, outcome)
    assert stand_for(session, found("page"), "copy", passes, NOW) is stands
    alias = stands and outcome is not Outcome.SECTION
    assert held(session, "page").outcome == (Outcome.ALIAS if alias else outcome)


def test_a_page_that_was_asked_for_in_vain_may_be_stood_for_at_once(session: Session) -> None:
    passes = begin(session)
    ask(session, "page", passes, None)
    assert stand_for(session, found("page"), "copy", passes, NOW, lost=True)


def test_only_one_stands_for_a_page_as_long_as_it_is_an_article(session: Session) -> None:
    passes = begin(session)
    ask(session, "first", passes, None)
    assert stand_for(session, found("page"), "first", passes, NOW)
    assert not stand_for(session, found("page"), "second", passes, NOW)  # the first is being cleaned
    end(session, Ended(key="first", outcome=Outcome.ARTICLE), NOW)
    for now in (NOW + DAY, NOW + 2 * DAY):
        passes = begin(session, now)
        assert not stand_for(session, found("page"), "second", passes, now)
        assert stand_for(session, found("page"), "first", passes, now)
        assert admit(session, [found("page")], passes, now) == Admitted()  # found by what stands for it
    end(session, Ended(key="first", outcome=Outcome.GONE), NOW)
    assert stand_for(session, found("page"), "second", passes, NOW)
    assert held(session, "page").reason == "second"


def test_a_page_is_asked_for_once_nothing_stands_for_it_any_more(session: Session) -> None:
    passes = begin(session)
    ask(session, "copy", passes, Outcome.ARTICLE)
    assert stand_for(session, found("page"), "copy", passes, NOW)
    passes = begin(session, NOW + DAY)
    assert admit(session, [found("page")], passes, NOW + DAY) == Admitted(1, 1)
    end(session, Ended(key="copy", outcome=Outcome.GONE), NOW + DAY)
    passes = begin(session, NOW + 2 * DAY)
    assert admit(session, [found("page")], passes, NOW + 2 * DAY).wanted == {"page"}


def test_a_failure_that_is_told_late_does_not_end_an_alias(session: Session) -> None:
    passes = begin(session)
    ask(session, "page", passes, None)
    assert stand_for(session, found("page"), "copy", passes, NOW, lost=True)
    end(session, Ended(key="page", outcome=Outcome.GONE, reason="http-404"), NOW)
    assert (held(session, "page").outcome, held(session, "page").reason) == (Outcome.ALIAS, "copy")
