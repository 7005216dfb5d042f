"""Lists in parts of a length that a statement takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

_PARAMETERS: Final = 5_000  # of a statement; SQLite takes 32,766, PostgreSQL 65,535

T = TypeVar("T")


def chunks(items: Iterable[T], size: int = _PARAMETERS) -> Iterator[list[T]]:
    """Items in lists of a length that a statement takes."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
