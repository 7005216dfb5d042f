"""How the program ends: its exit statuses, and errors that are said in a line instead of a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer
from rich.console import Console

from thresher.terminal import printable

EXIT_REJECTS: Final = 1
"""Exit status when something was asked for and not all of it could be done."""

EXIT_USAGE: Final = 2
"""Exit status when the command was called wrongly."""

EXIT_ALARM: Final = 3
"""Exit status of a crawl that brought something that a person should look at."""

EXIT_INTERRUPTED: Final = 130
"""Exit status of a command that Ctrl-C ended, as shells give it."""

EXIT_HELD: Final = 75
"""Exit status (EX_TEMPFAIL of sysexits.h) of a crawl that did nothing, as another run holds its sites."""


def complain(message: str, style: str | None = None) -> None:
    """Print a message on standard error, with nothing in it obeyed."""
    Console(stderr=True).print(printable(message), style=style, markup=False, highlight=False, soft_wrap=True)


def usage_error(message: str) -> typer.Exit:
    """Say what is wrong with the call on standard error; the caller raises what this gives."""
    return failure(message, EXIT_USAGE)


def failure(message: str, status: int = EXIT_REJECTS) -> typer.Exit:
    """Say what failed on standard error, a line each; the caller raises what this gives."""
    for line in message.splitlines():
        complain(f"Error: {line}", "red")
    return typer.Exit(status)


@contextmanager
def problems_said() -> Iterator[None]:
    """End with a line instead of a traceback for what is wrong with a call, a file or a database."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - `--help` answers without it

    try:
        yield
    except (FileNotFoundError, ValueError) as error:
        raise usage_error(str(error)) from error
    except OSError as error:
        raise failure(str(error)) from error
    except SQLAlchemyError as error:
        raise failure(f"the database: {getattr(error, 'orig', None) or error}") from error
