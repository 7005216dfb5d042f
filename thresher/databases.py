"""How users name a database: a file, a folder of a crawl's outputs, or an SQLAlchemy URL."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import typer

from cleaners.urls import site_of

DatabaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="DATABASE",
        help="SQLite file, folder of a crawl's outputs, or SQLAlchemy URL of the database.",
    ),
]

SitesOption = Annotated[
    list[str] | None,
    typer.Option("--site", metavar="NAME", help="Only this site, such as example.org; may be repeated."),
]


def existing_database(named: str) -> str:
    """The URL of a database as users name it. Raises `FileNotFoundError` where there is none.

    SQLite would make a file that is not there, and the answer to a typing error would be an empty corpus.
    """
    from sqlalchemy import make_url  # noqa: PLC0415 - `--help` answers without it
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    from pipelines.feeds import DATABASE  # noqa: PLC0415

    if "://" not in named:
        path = Path(named)
        path = path / DATABASE if path.is_dir() else path
        if not path.is_file():
            raise FileNotFoundError(f"{path}: there is no such database")
        return f"sqlite:///{path.absolute()}"
    try:
        parsed = make_url(named)
    except (ArgumentError, ValueError):
        return named  # the store says what is wrong with it, and no password
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        raise FileNotFoundError(f"{parsed.database}: there is no such database")
    return named


def site_names(given: Collection[str] | None) -> frozenset[str] | None:
    """The names of sites that were given by them or by one of their pages; `None` for all sites."""
    return frozenset(site_of(name) or name.lower() for name in given) if given else None
