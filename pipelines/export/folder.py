"""A folder that has its name only when it is whole.

It is made beside its place, under its name with `.partial` behind, and renamed at the end. What a killed
export left there is removed by the next one into the same place.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_OURS: Final = re.compile(r"README\.md|card\.json|(?:part-\d{5,}|duplicates)\.(?:parquet|jsonl\.zst)")


@contextmanager
def new_folder(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """A folder to write into, which becomes `path` at the end and is removed after an exception.

    An export that stands at `path` is replaced where `overwrite` says so, and stays whole until then. Raises
    `FileExistsError` where something stands there that is not to be or must not be replaced, and `OSError`
    where another process is writing there, or the disk does not take it.
    """
    path = path.resolve()
    if path.is_mount():
        raise FileExistsError(f"{path} cannot be replaced as a whole; name a folder inside it")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial, before = _beside(path, "partial"), _beside(path, "before")
    with _held(partial):
        _restore(path, before)
        _check_place(path, overwrite=overwrite)
        _empty(partial)
        try:
            yield partial
            _sync(partial)
            _place(partial, path, before)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise


def _beside(path: Path, what: str) -> Path:
    return path.with_name(f"{path.name}.{what}")


def _check_place(path: Path, *, overwrite: bool) -> None:
    if not path.exists():
        return
    if not path.is_dir():
        raise FileExistsError(f"{path} is a file")
    if not overwrite and any(path.iterdir()):
        raise FileExistsError(f"{path} is there already; name another folder, or overwrite it")
    _check_entries(path)


def _check_entries(path: Path) -> None:
    """Raise `FileExistsError` for a folder that holds what no export wrote."""
    for entry in sorted(path.iterdir()):
        if not _OURS.fullmatch(entry.name) or entry.is_dir():
            raise FileExistsError(f"{path} holds {entry.name}, which no export wrote; name another folder")


@contextmanager
def _held(partial: Path) -> Iterator[None]:
    """Hold the folder against other processes; the system lets go for one that is killed."""
    partial.mkdir(exist_ok=True)
    handle = os.open(partial, os.O_RDONLY)
    try:
        _lock(handle, partial)
        yield
    finally:
        with contextlib.suppress(OSError):  # it holds something, or has its name by now
            partial.rmdir()
        os.close(handle)


def _lock(handle: int, partial: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        free = os.path.samestat(os.fstat(handle), partial.stat())  # else the other one was just done
    except (BlockingIOError, FileNotFoundError):
        free = False
    if not free:
        raise OSError(errno.EBUSY, "another export is writing into this folder", str(partial))


def _empty(partial: Path) -> None:
    """Remove what a killed export left."""
    _check_entries(partial)
    for entry in partial.iterdir():
        entry.unlink()


def _restore(path: Path, before: Path) -> None:
    """Undo what a process that was killed between two renames left."""
    if before.exists():
        _check_entries(before)
        if path.exists():
            shutil.rmtree(before)
        else:
            before.rename(path)


def _place(partial: Path, path: Path, before: Path) -> None:
    if path.exists() and any(path.iterdir()):
        path.rename(before)
        try:
            partial.rename(path)
        except BaseException:
            before.rename(path)
            raise
        shutil.rmtree(before)
    else:
        partial.rename(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Have a folder's entries on the disk, so that a power cut leaves all of it or nothing."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
