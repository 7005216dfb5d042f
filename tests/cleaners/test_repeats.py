"""Text that a page holds twice stands once in the article."""

from __future__ import annotations

from cleaners import BlockType, clean
from cleaners.article import Block, to_text
from cleaners.render import to_html, to_markdown
from cleaners.repeats import mark_repeats

LONG = "The council of the harbour town voted on Monday to keep both of its ferries running until the new bridge opens next spring."
NEXT = "Fishermen had asked for a third."
OTHER = "The mayor said that she would look for the money before the summer, and that nobody would have to wait on the quay."
BOTH = f"{LONG} {OTHER}"


def block(text: str, kind: BlockType = BlockType.BODY) -> Block:
    return Block(text=text, type=kind, confidence=1.0, reason="test")


def repeats(*blocks: Block) -> list[int | None]:
    mark_repeats(blocks)
    return [each.repeats for each in blocks]


def test_a_second_copy_of_the_text_is_left_out_whole_with_its_short_lines() -> None:
    blocks = [block(LONG), block(NEXT), block(OTHER), block(LONG), block(NEXT), block(OTHER)]
    assert repeats(*blocks) == [None, None, None, 0, 1, 2]
    assert to_text(blocks) == f"{LONG}\n\n{NEXT}\n\n{OTHER}"
    assert to_markdown(blocks) == to_text(blocks)
    assert to_html(blocks) == f"<p>{LONG}</p>\n<p>{NEXT}</p>\n<p>{OTHER}</p>"


def test_a_short_line_said_again_by_itself_is_the_authors_own() -> None:
    assert repeats(block(NEXT), block(LONG), block(NEXT), block(OTHER), block(LONG)) == [None] * 5


def test_a_long_paragraph_said_again_by_itself_is_a_repeat_in_capitals_too() -> None:
    assert repeats(block(BOTH), block(NEXT), block(BOTH.upper())) == [None, None, 0]


def test_lines_said_again_in_another_order_are_the_authors_own() -> None:
    assert repeats(block(LONG), block(OTHER), block(OTHER), block(LONG)) == [None] * 4


def test_boilerplate_between_two_copies_does_not_part_a_passage_and_is_no_repeat_itself() -> None:
    menu = block("Menu " * 50, BlockType.NAVIGATION)
    again = block("Menu " * 50, BlockType.NAVIGATION)
    blocks = [block(LONG), block(OTHER), menu, block(LONG), again, block(OTHER)]
    assert repeats(*blocks) == [None, None, None, 0, None, 1]


def test_a_caption_that_says_what_the_text_says_stays() -> None:
    captions = block(BOTH, BlockType.CAPTION), block(BOTH, BlockType.CAPTION)
    assert repeats(block(BOTH), *captions) == [None, None, 1]


def test_scripts_without_spaces_are_counted_by_half_their_characters() -> None:
    sentence = "港町の議会は月曜日に二隻の渡し船を残すと決めた。"
    assert repeats(block(sentence), block(sentence)) == [None, None]
    assert repeats(block(sentence * 4), block(sentence * 4)) == [None, 0]


def test_a_page_that_holds_its_article_for_phones_and_for_screens_gives_it_once() -> None:
    story = "".join(f"<p>{text}</p>" for text in (LONG, OTHER, LONG.replace("ferries", "trams")))
    page = f"<html><body><h1>Ferries stay</h1><div class=desktop>{story}</div><div class=mobile>{story}</div></body></html>"
    article = clean(page)
    assert article.text == "\n\n".join((LONG, OTHER, LONG.replace("ferries", "trams")))
    assert [each.repeats for each in article.blocks] == [None, None, None, None, 1, 2, 3]
    assert article.to_record()["blocks"][4]["repeats"] == 1
