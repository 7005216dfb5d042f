"""What differs between two records: every kind of change, and nothing else."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from audit.explained.difference import Change, ChangeKind, Difference, compare
from audit.explained.record import MAX_BLOCKS
from audit.explained.recut import matched_spans
from tests.audit.explained_records import PAGE, Said, article, block


def changes(before: list[Said], after: list[Said]) -> list[tuple[str, list[int], list[int], str | None]]:
    found = compare(article(before), article(after)).changes
    return [(one.kind.value, numbers(one, "before"), numbers(one, "after"), one.crossed) for one in found]


def numbers(change: Change, side: str) -> list[int]:
    return [one.number for one in getattr(change, side)]


def replaced(number: int, *blocks: Said) -> list[Said]:
    return [*PAGE[:number], *blocks, *PAGE[number + 1 :]]


def test_a_record_differs_in_nothing_from_itself() -> None:
    found = compare(article(), article())
    assert (found.changes, found.facts, found.same, found.kinds) == ((), (), 6, {})
    assert (found.words.before, found.words.gained, found.words.lost) == (19, 0, 0)


def test_a_type_that_keeps_text_or_removes_it_is_marked() -> None:
    text, _, confidence = PAGE[3]
    after = replaced(3, (text, "related", confidence))
    assert changes(PAGE, after) == [("type", [3], [3], "removed")]
    assert changes(after, PAGE) == [("type", [3], [3], "kept")]
    assert changes(PAGE, replaced(0, ("Home", "related", 0.96))) == [("type", [0], [0], None)]


def test_a_repeat_leaves_the_article_though_its_type_stays() -> None:
    before = [block("The same words again", "body", 0.9), block("The same words again", "body", 0.9)]
    after = [before[0], {**before[1], "repeats": 0}]
    found = compare(article(before), article(after)).changes
    assert [(one.kind, one.crossed, numbers(one, "after")) for one in found] == [
        (ChangeKind.TYPE, "removed", [1])
    ]


@pytest.mark.parametrize(("confidence", "kinds"), [(0.75, []), (0.74, ["confidence"]), (0.35, [])])
def test_a_confidence_changes_when_it_moves_by_more_than_a_fifth(confidence: float, kinds: list[str]) -> None:
    text, kind, _ = PAGE[3]
    before = 0.95 if confidence > 0.5 else 0.55
    found = changes(replaced(3, (text, kind, before)), replaced(3, (text, kind, confidence)))
    assert [one[0] for one in found] == kinds


def test_split_joined_and_recut_blocks_are_groups() -> None:
    whole = ("Nobody was hurt, the harbour master said.", "body", 0.55)
    parts: list[Said] = [("Nobody was hurt,", "body", 0.9), ("the harbour master said.", "related", 0.9)]
    others: list[Said] = [("Nobody was hurt, the", "body", 0.9), ("harbour master said.", "body", 0.9)]
    assert changes(replaced(3, whole), replaced(3, *parts)) == [("split", [3], [3, 4], "removed")]
    assert changes(replaced(3, *parts), replaced(3, whole)) == [("joined", [3, 4], [3], "kept")]
    assert changes(replaced(3, *parts), replaced(3, *others)) == [("recut", [3, 4], [3, 4], "kept")]


def test_white_space_is_no_change() -> None:
    assert changes([("a\tb  c", "body", 1)], [("a b\nc", "body", 1)]) == []


def test_text_of_one_record_is_new_or_gone_where_it_stands() -> None:
    more: Said = ("A line that only one of them has.", "related", 0.8)
    after = [*PAGE[:4], more, *PAGE[4:]]
    assert changes(PAGE, after) == [("new", [], [4], None)]
    found = compare(article(after), article()).changes
    assert [(one.kind, one.position, one.text) for one in found] == [(ChangeKind.GONE, 4, more[0])]


def test_facts_words_and_counts() -> None:
    after = replaced(3, ("Nobody was hurt at all, said the master.", "body", 0.55))
    found = compare(
        article(), article(after, title="Other", authors=["Ada Quill", "B. Finch"], language=None)
    )
    assert [(one.fact, one.before, one.after) for one in found.facts] == [
        ("title", "Crane falls at Velm", "Other"),
        ("authors", "Ada Quill", "Ada Quill, B. Finch"),
        ("language", "en", None),
    ]
    assert found.kinds == {ChangeKind.NEW: 1, ChangeKind.GONE: 1}
    assert (found.now_kept, found.now_removed, found.same) == (1, 1, 5)
    assert (found.words.before, found.words.after, found.words.gained, found.words.lost) == (19, 20, 2, 1)
    assert Difference.model_validate_json(found.model_dump_json()) == found


def test_every_piece_stands_in_one_span_in_order() -> None:
    draws = random.Random(7)
    text = "".join(draws.choices("abc", k=3_000))
    for _ in range(20):
        sides = []
        for _ in range(2):
            cuts = sorted({0, len(text), *draws.choices(range(len(text)), k=400)})
            sides.append([text[start:end] for start, end in pairwise(cuts)])
        del sides[1][draws.randrange(100) : 105]
        spans = list(matched_spans(sides[0], sides[1], lambda _one, _other: []))
        for number, side in enumerate(("before", "after")):
            slices = [getattr(span, side) for span in spans]
            assert [piece for one in slices for piece in sides[number][one]] == sides[number]
        both = [span for span in spans if sides[0][span.before] and sides[1][span.after]]
        assert both
        assert all("".join(sides[0][one.before]) == "".join(sides[1][one.after]) for one in both)


def test_as_many_blocks_as_there_may_be_are_compared_in_time() -> None:
    draws = random.Random(3)
    texts = ["a" * draws.randrange(1, 400) + "b" for _ in range(MAX_BLOCKS)]  # each begins like the others
    before = article([(text, "body", 1) for text in texts])
    after = article([("a", "body", 1)] * MAX_BLOCKS)
    found = compare(before, after)
    assert sum(len(one.before) for one in found.changes) + found.same == MAX_BLOCKS
    assert sum(len(one.after) for one in found.changes) + found.same == MAX_BLOCKS
