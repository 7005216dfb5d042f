"""A PostgreSQL on the centre of a network, which its hosts reach by TCP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tests.fleet.machines import DATABASE, NETWORK, Machine
from tests.postgres_server import USER, postgres_server

_SETTINGS: Final = (
    f"listen_addresses={DATABASE}", "max_connections=200", "log_min_duration_statement=500", "log_line_prefix=%m [%p] %h %a ",
)  # fmt: skip


@contextmanager
def fleet_postgres(centre: Machine) -> Iterator[tuple[str, str]]:
    """A server that ends with the centre; gives the URL for hosts, and one for this process, by a socket."""
    with postgres_server(centre.start, lambda _: centre.kill(), _SETTINGS, NETWORK) as server:
        yield f"postgresql+psycopg://{USER}@{DATABASE}/{USER}", server.url(USER)
