"""Databases for all tests that open one, and one run of the demonstration for those that look at it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from pipelines.store import Store
from tests.postgres_server import PostgresServer, postgres_server

BACKENDS = ("sqlite", "postgresql")
_DEMO_SECONDS = 120  # a few are enough, the rest is for a busy machine


@dataclass(frozen=True)
class DemoRun:
    """What a run of the demonstration printed and left behind, which is to be read only."""

    folder: Path
    printed: str


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> DemoRun:
    """The demonstration, as a user runs it."""
    folder = tmp_path_factory.mktemp("demo") / "corpus"
    done = subprocess.run(
        [sys.executable, "-m", "thresher", "demo", "--output", str(folder)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=_DEMO_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return DemoRun(folder, done.stdout + done.stderr)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole session."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> Iterator[str]:
    """The name of a database with our tables: a copy of it is made faster than tables are."""
    with postgres.database() as name:
        Store(postgres.url(name)).close()
        yield name


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database: the test runs with each."""
    return str(request.param)


@pytest.fixture
def new_database(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., str]]:
    """Gives the URL of another new database at each call; `empty` ones have no tables yet."""
    numbers = count()
    with ExitStack() as stack:

        def make(*, empty: bool = False) -> str:
            if backend == "sqlite":
                return f"sqlite:///{tmp_path / 'databases' / f'{next(numbers)}.db'}"
            server: PostgresServer = request.getfixturevalue("postgres")
            template = "template1" if empty else request.getfixturevalue("postgres_template")
            return server.url(stack.enter_context(server.database(template)))

        yield make


@pytest.fixture
def database(new_database: Callable[..., str]) -> str:
    """The URL of a new database of either kind, to be opened by `Store`."""
    return new_database()


@pytest.fixture
def other_database(new_database: Callable[..., str]) -> str:
    """The URL of a second one of the same kind."""
    return new_database()


@pytest.fixture
def empty_database(new_database: Callable[..., str]) -> str:
    """The URL of a database that nothing was made in."""
    return new_database(empty=True)
