"""What the commands share in showing their results: console, tables, progress, JSON."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

Item = TypeVar("Item")

PLAIN_WIDTH: Final = 180
"""Columns of a table that goes into a file."""

JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the results to this file as well.")]
Folds = Annotated[
    Path | None,
    typer.Option(help="Folder with fold-0.npz to fold-4.npz: each page by the model that did not see it."),
]
Data = Annotated[Path | None, typer.Option(help="A folder in the public benchmark's format.")]
Peers = Annotated[str | None, typer.Option(help="Comma-separated names; “none” for ours alone.")]
Pages = Annotated[int | None, typer.Option(min=1, help="Only so many pages, spread evenly over the data.")]


def console() -> Console:
    """Standard output, wide enough for the tables where it is no terminal."""
    return Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table whose first column is text and whose others are figures."""
    made = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        made.add_column(column, justify="right" if number else "left", no_wrap=not number)
    for row in rows:
        made.add_row(*row)
    return made


def progress(items: Iterable[Item], total: int | None, what: str) -> Iterable[Item]:
    """The items, with a bar on standard error."""
    return track(items, description=what, total=total, console=Console(stderr=True), transient=True)


def number(value: float | None, digits: int = 3) -> str:
    """A figure for a table, a dash where there is none."""
    return "–" if value is None else f"{value:.{digits}f}"


def write_json(path: Path | None, record: Mapping[str, Any]) -> None:
    """Write a command's record, with the Python it ran on, where a file was asked for."""
    if path is not None:
        whole = {"python": platform.python_version(), **record}
        path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def wrong_call(error: Exception) -> typer.BadParameter:
    """An error of the call's values, for typer to show."""
    return typer.BadParameter(str(error))
