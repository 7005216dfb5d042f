"""The texts of stories, packed into the page: some stories in a chunk, deflated, and base64.

A browser inflates a chunk when somebody looks at one of its stories (`DecompressionStream`, Compression
Standard of the WHATWG).
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from audit.report.data import story_record

CHUNK: Final = 300_000
"""Characters of text in one chunk: inflated and read in some ten milliseconds, and deflated well."""

SMALLEST_ROOM: Final = 10_000
"""Bytes that are left of the budget when no more stories are asked for: a short story takes so many."""

Stories = Callable[[int], Mapping[str, Any] | None]
"""Gives the texts of a story by its number, as `story_record` takes them, `None` where there are none."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Chunks for the page, in which of them each story is, and how many stories found no room."""

    chunks: tuple[str, ...]
    places: Mapping[int, int]
    left_out: int


def packed(value: Any) -> str:
    """`value` as JSON, deflated, in base64."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode("utf-8"), 9)).decode("ascii")


def packed_texts(order: Iterable[int], stories: Stories, budget: int) -> Texts:
    """The texts of stories in chunks of at most `budget` bytes together, the first in `order` first.

    A chunk that has no room is left out; when hardly any room is left, further stories are not asked for.
    """
    packer = _Packer(budget)
    left_out = 0
    for number in order:
        if packer.room < SMALLEST_ROOM:
            left_out += 1
        elif (record := stories(number)) is not None:
            packer.add(number, story_record(record))
    packer.close()
    return Texts(tuple(packer.chunks), packer.places, left_out + packer.left_out)


class _Packer:
    def __init__(self, room: int) -> None:
        self.room = room
        self.chunks: list[str] = []
        self.places: dict[int, int] = {}
        self.left_out = 0
        self._waiting: dict[str, dict[str, Any]] = {}
        self._size = 0

    def add(self, number: int, record: dict[str, Any]) -> None:
        self._waiting[str(number)] = record
        self._size += sum(len(one) for text in record["texts"].values() for one in text["sentences"])
        if self._size >= CHUNK:
            self.close()

    def close(self) -> None:
        if not self._waiting:
            return
        chunk = packed(self._waiting)
        if len(chunk) <= self.room:
            self.places.update((int(number), len(self.chunks)) for number in self._waiting)
            self.chunks.append(chunk)
            self.room -= len(chunk)
        else:
            self.left_out += len(self._waiting)
        self._waiting, self._size = {}, 0
