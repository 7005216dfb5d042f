"""Workers on three hosts, one PostgreSQL: every article once, no site asked by two, whatever is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipelines.store.engine import BUSY_SECONDS
from tests.fleet.fleet import LOST_AFTER, ROOT, Fleet, fleet
from tests.fleet.machines import require_network
from tests.fleet.scenario import calm, cut_between, rough, without_database

SITES = 12
LIMIT = 120.0  # seconds that each part of a run may take; all of it takes less on a quiet machine


@pytest.fixture(params=[(SITES, LOST_AFTER)], ids=str)
def hosts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fleet]:
    sites, lost_after = request.param
    with ExitStack() as stack:
        made = fleet(sites, tmp_path, concurrent_sites=1, lost_after=lost_after)
        yield require_network(lambda: stack.enter_context(made))


one_site = pytest.mark.parametrize("hosts", [(1, 8)], indirect=True, ids=str)


def test_without_a_loss_nothing_is_asked_for_twice(hosts: Fleet) -> None:
    outcome = calm(hosts, LIMIT)
    assert outcome.complaints == []
    assert outcome.repeated == []
    assert outcome.fed_twice == []
    assert hosts.evidence.runs() == {"finished": SITES}
    assert {one.client for one in outcome.requests} == {host.address for host in hosts.net.hosts}


def test_a_host_is_killed_and_another_is_cut_off(hosts: Fleet) -> None:
    outcome = rough(hosts, LIMIT)
    assert outcome.complaints == []
    assert outcome.statuses == {"host1": 0, "host3": 0}


def test_a_host_loses_the_database_and_not_the_web(hosts: Fleet) -> None:
    outcome = without_database(hosts, LIMIT)
    assert outcome.complaints == []
    assert outcome.statuses == {"host1": 0, "host2": 0, "host3": 0}


@one_site
def test_what_was_sent_into_a_cut_network_does_not_arrive_later(hosts: Fleet) -> None:
    outcome = cut_between(hosts, LIMIT)
    assert outcome.complaints == []


@one_site
def test_a_writer_that_is_cut_off_keeps_its_turn_from_others_for_a_while_only(hosts: Fleet) -> None:
    host = hosts.net.hosts[0]
    code = (
        "import sys, time; from pipelines.store.engine import begin_write, open_engine\n"
        "with open_engine(sys.argv[1]).begin() as connection:\n"
        "    begin_write(connection); time.sleep(600)"
    )
    host.start(sys.executable, "-c", code, hosts.database, folder=ROOT, output=subprocess.DEVNULL)
    hosts.wait_for("the turn", lambda: hosts.evidence.writers() == 1, LIMIT)
    hosts.net.cut(host)
    began = time.monotonic()
    hosts.wait_for("others have their turn", lambda: hosts.evidence.writers() == 0, LIMIT)
    assert time.monotonic() - began < BUSY_SECONDS
