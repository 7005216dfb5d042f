"""`thresher serve`: the audit's report live from a database, in a browser."""

from __future__ import annotations

import ipaddress
from typing import Annotated

import typer
from rich.console import Console

from thresher.databases import DatabaseArgument, SitesOption, existing_database, site_names
from thresher.exits import complain, failure, problems_said, usage_error

_Host = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Address to listen at; any but loopback shows it to others.")
]
_Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen at; 0 takes a free one.")]
_Name = Annotated[
    list[str] | None,
    typer.Option(
        metavar="HOST", help="Name that browsers may call it by, beside localhost; may be repeated."
    ),
]


def serve(
    database: DatabaseArgument = "out/thresher.db",
    site: SitesOption = None,
    host: _Host = "127.0.0.1",
    port: _Port = 8200,
    name: _Name = None,
) -> None:
    """Show the report of `thresher audit` live from a database, with search over titles and texts.

    Reads only. Answers on this machine alone unless --host says otherwise, and then to anybody who reaches it
    by that address or a --name. Ends with Ctrl-C.
    """
    from audit.serve import application, run
    from pipelines.store import Store

    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise usage_error(f"--host {host}: not an IP address, such as 127.0.0.1") from None
    if not address.is_loopback:
        complain("Warning: whoever reaches this address can read the whole corpus", "yellow")
    names = [*(name or ()), str(address)]
    with problems_said(), Store(existing_database(database), read_only=True) as store:
        try:
            app = application(store, site_names(site), names)
        except LookupError as error:
            raise failure(str(error)) from None
        run(app, str(address), port, lambda url: Console().print(f"Report  {url} (Ctrl-C ends it)"))
