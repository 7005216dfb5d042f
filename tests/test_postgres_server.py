"""The PostgreSQL of the tests: there in CI, gone with the tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from tests import postgres_server
from tests.postgres_server import PostgresServer, require_postgres

ROOT = Path(__file__).resolve().parents[1]
TIME_LIMIT = 30  # seconds


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setattr(postgres_server, "_VERSIONS", tmp_path)
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match=r"no PostgreSQL: run tests/postgres_install\.sh"):
        require_postgres()


def test_databases_are_gone_when_they_are_left(postgres: PostgresServer) -> None:
    with postgres.database() as one, postgres.database() as two:
        assert one != two
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(postgres.url(one).replace("+psycopg", "")).close()


def test_it_ends_with_the_process_that_started_it() -> None:
    require_postgres()
    code = (
        "from tests.postgres_server import postgres_server\n"
        "with postgres_server() as server: print(server.folder, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        folder = Path(child.stdout.readline().strip())
        (server,) = [one for one in psutil.Process(child.pid).children() if one.name() == "postgres"]
        assert server.net_connections("inet") == []
        child.send_signal(signal.SIGKILL)
    psutil.wait_procs([server], timeout=TIME_LIMIT)
    assert not server.is_running()
    subprocess.run(["rm", "-r", os.fspath(folder)], check=True)
