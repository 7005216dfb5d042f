"""Extracted text: lines are blocks, blank lines part groups, wrapped prose is joined again."""

from __future__ import annotations

import pytest

from cleaners import plaintext
from cleaners import segment as segment_module
from cleaners.plaintext import markup_of, segment_text

WRAPPED = """\
The council voted on Tuesday to repair the old bridge before the winter
storms arrive, and set aside two million crowns for the work, which is to
begin in the spring and will take, as the engineers expect, the better
part of a year to finish."""


def test_a_line_is_a_block_with_its_number() -> None:
    segments = segment_text("One\n\n  Two \t words\r\nThree\n")
    assert segments.text == ["One", "Two words", "Three"]
    assert segments.lines == [1, 3, 4]
    assert segments.media == segments.controls == segments.emphasis_chars == [0, 0, 0]
    assert [segments.path(block) for block in range(3)] == ["line 1", "line 3", "line 4"]


def test_blank_lines_part_groups() -> None:
    segments = segment_text("a\nb\n \t\n\n\nc")
    nodes = segments.nodes
    assert nodes.tag == ["text", "group", "p", "p", "group", "p"]
    assert nodes.parent == [-1, 0, 1, 1, 0, 4]
    assert nodes.end == [6, 4, 3, 4, 6, 6]
    bounds = list(zip(nodes.first_block, nodes.last_block, strict=True))
    assert bounds == [(0, 3), (0, 2), (0, 1), (1, 2), (2, 3), (2, 3)]
    assert segments.node == [2, 3, 5]


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u2003\n\u3000"])
def test_white_space_alone_has_no_blocks(text: str) -> None:
    segments = segment_text(text)
    assert segments.text == []
    assert segments.nodes.tag == ["text"]


def test_hard_wrapped_prose_is_one_block() -> None:
    segments = segment_text(f"Title\n\n{WRAPPED}\n\nAfter")
    assert segments.text == ["Title", " ".join(WRAPPED.splitlines()), "After"]
    assert segments.lines == [1, 3, 8]


@pytest.mark.parametrize(
    "lines",
    [
        WRAPPED.splitlines()[:3],  # too few to tell
        ["Photo: Ann Lee", "the old bridge", "in winter", "seen from above", "by night"],  # short
        ["The bridge stands, and it will stand for many more years to come, they say."] * 5,  # repeated
        [f"{word} council voted on Tuesday to repair the bridge before winter." for word in "ABCDE"],
        [WRAPPED.splitlines()[1], "of the town", "and the river", *WRAPPED.splitlines()[2:]],  # verse
        [*WRAPPED.splitlines(), "word " * 30 + "end"],  # longer than any wrapping
        [f"• {line}" for line in WRAPPED.splitlines()],  # a list
    ],
)
def test_other_groups_stay_lines(lines: list[str]) -> None:
    assert segment_text("\n".join(lines)).text == lines


@pytest.mark.parametrize(
    ("line", "markup"),
    [
        ("# One", "h1"),
        ("### Three", "h3"),
        ("###### Six", "h6"),
        ("####### Seven", "p"),
        ("#hashtag", "p"),
        ("• item", "li"),
        ("- item", "li"),
        ("* item", "li"),
        ("– item", "li"),
        ("1. item", "li"),
        ("(12) item", "li"),
        ("3) item", "li"),
        ("-5 degrees", "p"),
        ("2024 was a year", "p"),
        ("1,000. A number", "p"),
        ("*emphasis*", "p"),
        ("A sentence.", "p"),
    ],
)
def test_headings_and_items_are_known_by_their_signs(line: str, markup: str) -> None:
    assert markup_of(line) == markup
    segments = segment_text(line)
    assert (segments.text, segments.markup(0)) == ([line], markup)


def test_text_past_the_last_block_is_kept_in_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (segment_module, plaintext):
        monkeypatch.setattr(module, "MAX_BLOCKS", 2)
    segments = segment_text("a\n\nb\nc\nd\n\ne\nf")
    assert segments.text == ["a", "b", "c\nd\ne\nf"]
    assert segments.lines == [1, 3, 4]
    assert segments.warnings == ["more than 2 blocks: the last one holds all text after them"]
    assert segments.path(2) == "line 4"


def test_a_group_of_more_lines_than_blocks_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (segment_module, plaintext):
        monkeypatch.setattr(module, "MAX_BLOCKS", 3)
    segments = segment_text("\n".join("abcdefghij") + "\n\nk")
    assert segments.text == ["a", "b", "c", "d\ne\nf\ng\nh\ni\nj\nk"]
    assert segments.nodes.last_block[0] == 4
