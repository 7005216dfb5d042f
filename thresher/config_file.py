"""A configuration's file that is read anew when it changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from thresher.config import Config


class ConfigFile:
    """The configuration in force: that of the file, or the one before while the file cannot be used."""

    def __init__(self, load: Callable[[], Config], file: Path, say: Callable[[str, str], None]) -> None:
        """Read the file with `load`. Raises what that raises; later it is said instead."""
        self._load, self._file, self._say = load, file, say
        self._stamp = stamp_of(file)
        self.config = load()

    def current(self) -> Config:
        """The configuration, read anew if the file has changed."""
        stamp = stamp_of(self._file)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self.config = self._load()
            except ValueError as error:  # ConfigError: whatever is wrong there, what runs must go on
                self._say(
                    "the file has changed and cannot be used; the one before stays in force", str(error)
                )
        return self.config


def stamp_of(file: Path) -> tuple[int, int] | None:
    """What changes when a file does; `None` where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
