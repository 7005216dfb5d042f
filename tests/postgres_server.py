"""A PostgreSQL of the tests' own: Debian's binaries, a folder under the temporary one, a socket, no port.

`tests/postgres_install.sh` installs the packages.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import IO, Final

import psycopg
import pytest

_VERSIONS: Final = Path("/usr/lib/postgresql")
PASSWORD: Final = "not-to-be-shown"
USER: Final = "postgres"  # whom Debian's package makes; the server refuses to run as root
_START_LIMIT: Final = 30.0  # seconds that the server may take until it answers
_STOP_LIMIT: Final = 10.0  # seconds that it may take to stop
_SPEED: Final = (  # what a power cut would lose is of no worth, and the machine is small
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "autovacuum=off",
    "max_wal_size=64MB", "listen_addresses=", "max_connections=50", "timezone=Asia/Kathmandu",
)  # fmt: skip

_ELSEWHERE: Final = (  # texts sort otherwise than by their bytes, as they do on most servers
    "--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US",
)  # fmt: skip


@dataclass
class PostgresServer:
    """A running server; `folder` holds its socket."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, name: str) -> str:
        """A database's address for SQLAlchemy. The server asks for no password; nobody may ever see it."""
        return f"postgresql+psycopg://{USER}:{PASSWORD}@/{name}?host={self.folder}"

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """A new database like the template, which is gone when the context ends; gives its name."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield name
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(host=str(self.folder), user=USER, dbname=USER, autocommit=True) as connection:
            connection.execute(statement)


def require_postgres() -> Path:
    """The folder of the server's binaries. Skips the test where there are none, and fails it in CI."""
    found = sorted(_VERSIONS.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    reason = "no PostgreSQL: run tests/postgres_install.sh"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def start_here(*command: str | Path, folder: Path, output: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a command in this process's own surroundings."""
    return subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)


def stop_here(process: subprocess.Popen[bytes]) -> None:
    """Stop a server that was started so."""
    process.terminate()
    try:
        process.wait(_STOP_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def postgres_server(
    start: Callable[..., subprocess.Popen[bytes]] = start_here,
    stop: Callable[[subprocess.Popen[bytes]], object] = stop_here,
    settings: Sequence[str] = (),
    network: str = "",
) -> Iterator[PostgresServer]:
    """A server with no databases but its own; it ends with the context, and with this process.

    `start` starts it, with more `settings` than usual, and `stop` ends it; whoever is in `network` may connect.
    """
    binaries = require_postgres()
    # Not pytest's folder: its name is too long for a socket, and another user may not enter it.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    as_user = ["setpriv", "--pdeathsig", "INT"]
    if os.getuid() == 0:
        shutil.chown(folder, USER, USER)
        as_user += [f"--reuid={USER}", f"--regid={USER}", "--init-groups"]
    try:
        data = folder / "data"
        made: list[str | Path] = [
            binaries / "initdb",
            "--auth=trust",
            "--no-sync",
            f"--username={USER}",
            *_ELSEWHERE,
            data,
        ]
        subprocess.run([*as_user, *made], cwd=folder, check=True, capture_output=True)
        if network:
            with (data / "pg_hba.conf").open("a", encoding="utf-8") as rules:
                rules.write(f"host all all {network} trust\n")
        own = (*_SPEED, *settings, f"unix_socket_directories={folder}")
        options = [part for one in own for part in ("-c", one)]
        with (folder / "log").open("wb") as log:
            process = start(*as_user, binaries / "postgres", "-D", data, *options, folder=folder, output=log)
        try:
            _wait_for(process, folder)
            yield PostgresServer(folder)
        finally:
            stop(process)
    finally:
        shutil.rmtree(folder)


def _wait_for(process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + _START_LIMIT
    while True:
        try:
            psycopg.connect(host=str(folder), user=USER, dbname=USER).close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                said = (folder / "log").read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"PostgreSQL did not start: {said[-2000:]}") from error
            time.sleep(0.02)
        else:
            return
