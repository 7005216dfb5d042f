"""The crawl of one site in a process of its own: how it is started, and what its end means.

A process, because one has only one reactor, which cannot be started twice.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Final

from thresher.exits import EXIT_ALARM, EXIT_HELD, EXIT_REJECTS, EXIT_USAGE

if TYPE_CHECKING:
    from thresher.config import Config, Site

_TAIL: Final = 4_000  # bytes of a failed crawl's standard error that are shown


def command_of(site: Site) -> list[str]:
    """The command that crawls one site, if it is due; it reads the configuration from standard input."""
    # -P: a folder of the configuration's named like a package of ours must not be taken for it.
    command = [sys.executable, "-P", "-m", "thresher", "crawl", "--quiet", "--config", "-"]
    return [*command, "--site", site.name]


def start(command: Sequence[str], config: Config, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a crawl; what it says of itself goes into `errors`. Raises `OSError` if it cannot be started."""
    return subprocess.Popen(  # noqa: S603 - the command is ours
        command,
        cwd=config.folder,  # which paths in the configuration are relative to
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        # Out of reach of the terminal's Ctrl-C: told twice to stop, a crawl would end without writing.
        start_new_session=True,
    )


def meaning(status: int) -> str:
    """What the exit status of a crawl says, in words."""
    if status < 0:
        return f"ended by a signal ({signal.strsignal(-status) or -status})"
    words = {
        0: "done",
        EXIT_REJECTS: "something failed",
        EXIT_USAGE: "wrong call",
        EXIT_ALARM: "ALARM",
        EXIT_HELD: "held elsewhere",
    }
    return f"{words.get(status, 'broke off')} (exit status {status})"


def tail(errors: IO[bytes]) -> str:
    """The last of what a crawl said of itself."""
    errors.seek(max(errors.seek(0, os.SEEK_END) - _TAIL, 0))
    return errors.read().decode("utf-8", "replace").strip()
