"""Progress bars of commands that go through a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from rich.progress import Progress


@contextmanager
def progress_bars(*, quiet: bool) -> Iterator[Progress | None]:
    """Bars on standard error, to which tasks are added; `None` where nobody is to see them."""
    from rich.progress import (  # noqa: PLC0415 - `--help` answers without it
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    if quiet or not console.is_interactive:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield progress
