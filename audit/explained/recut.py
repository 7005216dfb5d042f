"""Aligning two ways of cutting one text into pieces: the same pieces, split and joined ones, and the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

_LOOKED_AHEAD: Final = 50
"""Pieces of one side among which the counterpart of a piece of the other is looked for."""

_MOST_STEPS: Final = 2_000_000
"""Pieces looked at in one comparison, about two seconds; what is left then is taken for text of one side."""

Matching = Callable[[Sequence[str], Sequence[str]], list[tuple[int, int, int]]]


@dataclass(frozen=True, slots=True)
class Span:
    """Pieces of both sides, as slices, that hold the same text; one side may have none."""

    before: slice
    after: slice


@dataclass(slots=True)
class _Gap:
    """What stands between two pieces that are the same; `steps` are shared by all gaps of a comparison."""

    before: Sequence[str]
    after: Sequence[str]
    steps: list[int] = field(default_factory=lambda: [_MOST_STEPS])

    def group(self, i: int, j: int) -> tuple[int, int] | None:
        """How many pieces from `i` on hold the same text as how many from `j` on, if any do."""
        before, after = self.before, self.after
        if not before[i] or not after[j]:
            return None
        at_before = at_after = 0  # how far into the pieces `i` and `j` the texts agree
        first, second = i, j
        while self.steps[0] > 0:
            self.steps[0] -= 1
            left, right = len(before[i]) - at_before, len(after[j]) - at_after
            shorter = min(left, right)
            if before[i][at_before : at_before + shorter] != after[j][at_after : at_after + shorter]:
                return None
            at_before, at_after = at_before + shorter, at_after + shorter
            if at_before == len(before[i]):
                i, at_before = i + 1, 0
            if at_after == len(after[j]):
                j, at_after = j + 1, 0
            if at_before == at_after == 0:
                return i - first, j - second
            if i == len(before) or j == len(after):
                return None
        return None

    def next_group(self, i: int, j: int) -> tuple[slice, slice] | None:
        """The next group near `i` and `j`: the one that passes over the fewest pieces of a side."""
        for ahead in range(_LOOKED_AHEAD):
            for first, second in ((i, j + ahead), (i + ahead, j)):
                if first < len(self.before) and second < len(self.after):
                    sizes = self.group(first, second)
                    if sizes:
                        return slice(first, first + sizes[0]), slice(second, second + sizes[1])
        return None


def matched_spans(before: Sequence[str], after: Sequence[str], matching: Matching) -> Iterator[Span]:
    """All pieces of both sides in order, joined to spans; `matching` finds those that are the same.

    Pieces are compared as they are given, so white space that is not to count must be gone from them.
    """
    steps = [_MOST_STEPS]
    i = j = 0
    for at, to, size in [*matching(before, after), (len(before), len(after), 0)]:
        yield from _between(_Gap(before[i:at], after[j:to], steps), i, j)
        for number in range(size):
            yield _span(at + number, 1, to + number, 1)
        i, j = at + size, to + size


def _between(gap: _Gap, start_before: int, start_after: int) -> Iterator[Span]:
    """The spans of a gap; pieces of one side are spans of their own."""
    i = j = 0

    def alone(end_before: int, end_after: int) -> Iterator[Span]:
        for number in range(i, end_before):
            yield _span(start_before + number, 1, start_after + j, 0)
        for number in range(j, end_after):
            yield _span(start_before + end_before, 0, start_after + number, 1)

    while i < len(gap.before) and j < len(gap.after):
        found = gap.next_group(i, j)
        if found is None:
            yield from alone(i + 1, j)
            i += 1
            continue
        old, new = found
        yield from alone(old.start, new.start)
        yield _span(
            start_before + old.start, old.stop - old.start, start_after + new.start, new.stop - new.start
        )
        i, j = old.stop, new.stop
    yield from alone(len(gap.before), len(gap.after))


def _span(start_before: int, size_before: int, start_after: int, size_after: int) -> Span:
    return Span(slice(start_before, start_before + size_before), slice(start_after, start_after + size_after))
