"""Leases on sites: one run at a time, killed ones noticed."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import psutil
import pytest
from sqlalchemy.orm import Session

from cleaners.frontier import LeaseLostError, SiteHeldError
from pipelines.store import Store
from pipelines.store.crawl_schema import StoredSite
from pipelines.store.leases import acquire, new_holder, now_of, release, renew, require

LEASE = timedelta(minutes=2)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SITE = "gazette.example"


@pytest.fixture
def session(session: Session) -> Session:
    session.add(StoredSite(site=SITE, pass_id=0, pass_began=NOW, pass_open=False))
    return session


def site(session: Session) -> StoredSite:
    found = session.get(StoredSite, SITE)
    assert found is not None
    return found


def elsewhere(**more: object) -> str:
    return json.dumps({**json.loads(new_holder()), "host": "another.example", **more})


def test_a_site_that_is_held_is_refused_with_its_holder(session: Session) -> None:
    acquire(session, site(session), elsewhere(pid=17), NOW)
    with pytest.raises(SiteHeldError) as caught:
        acquire(session, site(session), new_holder(), NOW + timedelta(seconds=1))
    assert str(caught.value) == (
        "gazette.example is being crawled by process 17 on another.example "
        "(its lease ends 2026-03-01 12:02:00 UTC unless it is renewed)"
    )


def test_a_lease_ends_by_itself_unless_it_is_renewed(session: Session) -> None:
    first = elsewhere()
    acquire(session, site(session), first, NOW)
    assert renew(session, first, NOW + LEASE / 2) == 1
    with pytest.raises(SiteHeldError):
        acquire(session, site(session), new_holder(), NOW + LEASE)
    acquire(session, site(session), new_holder(), NOW + 2 * LEASE)
    assert renew(session, first, NOW + 2 * LEASE) == 0


def test_two_runs_of_one_process_are_two_holders(session: Session) -> None:
    acquire(session, site(session), new_holder(), NOW)
    with pytest.raises(SiteHeldError):
        acquire(session, site(session), new_holder(), NOW)


def test_a_holder_that_was_killed_is_noticed_at_once(session: Session) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    holder = json.dumps(
        {**json.loads(new_holder()), "pid": child.pid, "started": psutil.Process(child.pid).create_time()}
    )
    acquire(session, site(session), holder, NOW)
    with pytest.raises(SiteHeldError):
        acquire(session, site(session), new_holder(), NOW)
    child.kill()
    child.wait()
    acquire(session, site(session), new_holder(), NOW)


def test_another_process_under_an_old_number_is_not_the_holder(session: Session) -> None:
    holder = json.dumps({**json.loads(new_holder()), "started": 1.0})
    acquire(session, site(session), holder, NOW)
    acquire(session, site(session), mine := new_holder(), NOW)
    assert site(session).holder == mine


def test_a_released_site_is_free(session: Session) -> None:
    holder = elsewhere()
    acquire(session, site(session), holder, NOW)
    release(session, holder)
    session.expire_all()
    assert site(session).holder is None
    acquire(session, site(session), mine := new_holder(), NOW)
    assert site(session).holder == mine


def test_a_process_of_another_container_is_not_taken_for_dead(session: Session) -> None:
    holder = elsewhere(host=json.loads(new_holder())["host"], processes="another boot", pid=1 << 30)
    acquire(session, site(session), holder, NOW)
    with pytest.raises(SiteHeldError):
        acquire(session, site(session), new_holder(), NOW)


def test_what_a_run_writes_after_it_lost_its_site_is_refused(database: str) -> None:
    first, second = elsewhere(), new_holder()
    with Store(database) as store:
        with store.write() as session:
            session.add(StoredSite(site=SITE, pass_id=0, pass_began=NOW, pass_open=False))
            session.flush()
            acquire(session, site(session), first, NOW)
            require(session, first, {SITE})
        with store.write() as session:
            acquire(session, site(session), second, NOW + 2 * LEASE)
        with store.write() as session, pytest.raises(LeaseLostError, match="another run took over"):
            require(session, first, {SITE})


def test_the_time_is_that_of_the_database(database: str) -> None:
    with Store(database) as store, store.write() as session:
        assert abs(now_of(session) - datetime.now(UTC)) < timedelta(seconds=5)
        assert now_of(session).tzinfo is not None
