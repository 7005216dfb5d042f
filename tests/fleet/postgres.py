"""A PostgreSQL on the centre of a network, which its hosts reach by TCP."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg

from tests.fleet.machines import DATABASE, NETWORK, Machine
from tests.postgres_server import require_postgres

_USER: Final = "postgres"  # whom Debian's package makes; the server refuses to run as root
_START_LIMIT: Final = 30.0  # seconds that the server may take until it answers
_SETTINGS: Final = (  # what a power cut would lose is of no worth, and the machine is small
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "autovacuum=off",
    "max_wal_size=64MB", "max_connections=200", "log_min_duration_statement=500", "log_line_prefix=%m [%p] %h %a ", f"listen_addresses={DATABASE}",
)  # fmt: skip


@contextmanager
def fleet_postgres(centre: Machine) -> Iterator[tuple[str, str]]:
    """A server that ends with the centre; gives the URL for hosts, and one for this process, by a socket."""
    binaries = require_postgres()
    folder = Path(tempfile.mkdtemp(prefix="fleet-pg-"))
    shutil.chown(folder, _USER, _USER)
    user = ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--init-groups"]
    data = folder / "data"
    made: list[str | Path] = [
        *user,
        binaries / "initdb",
        "--auth=trust",
        "--no-sync",
        f"--username={_USER}",
        data,
    ]
    try:
        subprocess.run(
            [*made, "--encoding=UTF8", "--locale=C.UTF-8"], cwd=folder, check=True, capture_output=True
        )
        with (data / "pg_hba.conf").open("a", encoding="utf-8") as rules:
            rules.write(f"host all all {NETWORK} trust\n")
        options = [part for one in (*_SETTINGS, f"unix_socket_directories={folder}") for part in ("-c", one)]
        with (folder / "log").open("wb") as log:
            server = centre.start(
                *user, binaries / "postgres", "-D", data, *options, folder=folder, output=log
            )
        _wait_for(server, folder)
        by_socket = f"postgresql+psycopg://{_USER}@/{_USER}?host={folder}"
        yield f"postgresql+psycopg://{_USER}@{DATABASE}/{_USER}", by_socket
    finally:
        centre.kill()
        shutil.rmtree(folder)


def _wait_for(server: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + _START_LIMIT
    while True:
        try:
            psycopg.connect(host=str(folder), user=_USER, dbname=_USER).close()
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                said = (folder / "log").read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"PostgreSQL did not start: {said[-2000:]}") from error
            time.sleep(0.02)
        else:
            return
