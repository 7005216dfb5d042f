"""The reasons for types, where the network decides otherwise than the rules."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from cleaners import BlockType, Page, clean
from cleaners.assemble import read_document
from cleaners.features import extract
from cleaners.model.reasons import Reasons
from cleaners.model.weights import Weights
from cleaners.rules import RuleClassifier
from cleaners.rules.place import describe_measures

ARTICLE = """<article><p>The town council of Aldermoor voted on Monday to keep the swimming pool open.</p>
<p>Twelve of the nineteen members supported the plan, which will cost 300,000 crowns a year.</p></article>"""
LAMP = "Vela Lumen Plus brushed steel desk lamp with two arms, dimmer, clamp and a spare bulb for small rooms"

Evidence = Mapping[str, Mapping[BlockType, float]]


def weights(evidence: Evidence) -> Weights:
    table = np.zeros((len(evidence), len(BlockType)), np.float32)
    for row, types in enumerate(evidence.values()):
        for kind, value in types.items():
            table[row, list(BlockType).index(kind)] = value
    vocabulary = {word: row for row, word in enumerate(evidence)}
    return Weights({"evidence": table}, vocabulary, {"name_words": len(evidence)})


def reasons_of(
    source: str | Page, types: Mapping[str, BlockType], evidence: Evidence | None = None
) -> list[str]:
    """Reasons for `types` by block text, where the rules must decide otherwise for the last of them."""
    page = source if isinstance(source, Page) else Page(url=None, body=source, content_type="text/html")
    features = extract(read_document(page))
    texts = features.document.segments.text
    chosen = [
        types.get(text, decision.type) for text, decision in zip(texts, features.decisions, strict=True)
    ]
    last = texts.index(list(types)[-1])
    assert chosen[last] is not features.decisions[last].type
    reasons = Reasons(weights(evidence or {})).of_blocks(features, chosen)
    return [reasons[texts.index(text)] for text in types]


def reason_of(source: str | Page, text: str, kind: BlockType, evidence: Evidence | None = None) -> str:
    return reasons_of(source, {text: kind}, evidence)[0]


def in_menu(text: str) -> str:
    """A page whose rules take `text` for a menu item, far from anything of another type."""
    return f"{ARTICLE}<nav class='letters'><a href='/a'>{text}</a></nav>"


# What is said of names


def test_telling_names_are_given_the_most_telling_first() -> None:
    evidence = {
        word: {BlockType.CONSENT: value} for word, value in (("letters", 2.0), ("box", 3.0), ("on", 1.0))
    }
    page = in_menu("Fine by me").replace("'letters'", "'letters box on'")
    assert reason_of(page, "Fine by me", BlockType.CONSENT, evidence) == "class tokens: box, letters"


@pytest.mark.parametrize("word", ["u:shop", "k:article", "<nav"])
def test_the_marks_of_addresses_metadata_and_tags_are_no_class_tokens(word: str) -> None:
    page = f"<head><meta property='og:type' content='article'></head>{in_menu('Fine by me')}"
    source = Page(url="https://a.example/shop/on", body=page, content_type="text/html")
    reason = reason_of(source, "Fine by me", BlockType.CONSENT, {word: {BlockType.CONSENT: 5.0}})
    assert reason == "outside the content root, 3 words, mostly links"


# The order


def test_a_strong_phrase_is_named_before_the_class_and_the_class_before_a_weak_one() -> None:
    evidence = {"letters": {BlockType.NEWSLETTER: 5.0}}
    strong, weak = in_menu("Enter your email"), in_menu("Stay connected")
    assert reason_of(strong, "Enter your email", BlockType.NEWSLETTER, evidence) == "phrase: enter your email"
    assert reason_of(weak, "Stay connected", BlockType.NEWSLETTER, evidence) == "class tokens: letters"
    assert reason_of(weak, "Stay connected", BlockType.NEWSLETTER) == "phrase: stay connected"


def test_a_weak_phrase_is_named_before_the_heading() -> None:
    page = f"{ARTICLE}<h2>Letters</h2><nav><a href='/a'>Stay connected</a></nav>"
    types = {"Letters": BlockType.NEWSLETTER, "Stay connected": BlockType.NEWSLETTER}
    assert reasons_of(page, types)[1] == "phrase: stay connected"


# Phrases


def test_a_weak_phrase_in_a_long_name_is_no_reason() -> None:
    page = ARTICLE.replace("</p>\n", f"</p><p>{LAMP}</p>\n")  # "plus" is a weak phrase in French
    assert reason_of(page, LAMP, BlockType.RELATED) == "19 words"


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("E-mail newsletters: get email alerts", "get email alerts"),  # a weak phrase stands first
        ("Enter email or get notified of new posts", "get notified of new posts"),  # a shorter one does
        ("Subscribe to our newsletter, enter email", "enter email"),  # a heading's is longer
    ],
)
def test_the_strongest_phrase_is_named_then_the_longest(text: str, phrase: str) -> None:
    assert reason_of(in_menu(text), text, BlockType.NEWSLETTER) == f"phrase: {phrase}"


# Headings and neighbours


@pytest.mark.parametrize(
    ("heading", "quoted"),
    [
        ("Letters, from the Moor!", "Letters, from the Moor!"),
        ("游泳池的消息", "游泳池的消息"),
        ("Letters that the postman of Aldermoor brings us", "Letters that the postman of Aldermoor br"),
    ],
)
def test_a_heading_is_quoted_as_it_is_written(heading: str, quoted: str) -> None:
    page = f"{ARTICLE}<h2>{heading}</h2><nav><a href='/a'>Fine by me</a></nav>"
    types = {heading: BlockType.CONSENT, "Fine by me": BlockType.CONSENT}
    assert reasons_of(page, types)[1] == f"under the heading “{quoted}”"


def test_rules_quote_headings_alike() -> None:
    heading = "Related posts of the Aldermoorian Heraldry"
    page = f"{ARTICLE}<div><h2>{heading}</h2><p>Roof of the old mill falls in</p></div>"
    blocks = clean(page, classifier=RuleClassifier()).blocks
    assert blocks[-1].reason == "under the heading “Related posts of the Aldermoorian Herald”"


def test_where_a_heading_has_no_words_the_neighbours_speak() -> None:
    page = f"{ARTICLE}<h2>★ ★</h2><nav><a href='/a'>Fine by me</a></nav>"
    types = {"★ ★": BlockType.CONSENT, "Fine by me": BlockType.CONSENT}
    assert reasons_of(page, types)[1] == "beside other text of the same type"


# Measures


@pytest.mark.parametrize(
    ("share", "links"),
    [(0, "no links"), (0.01, "few links"), (0.29, "few links"), (0.3, "some links"), (0.6, "mostly links")],
)
def test_links_and_place_in_words(share: float, links: str) -> None:
    assert describe_measures(38, share, inside=True) == f"inside the content root, 38 words, {links}"
    assert describe_measures(1, share, inside=None) == f"1 word, {links}"


@pytest.mark.parametrize(
    ("paragraph", "said"),
    [
        ("Twelve of the nineteen members supported the plan, which will be very dear.", "no links"),
        (
            "<a href='/a'>Twelve</a> of the nineteen members supported the plan, which will be very dear.",
            "few links",
        ),
        (
            "<a href='/a'>Twelve of the nineteen members</a> supported the plan, which will be dear to us.",
            "some links",
        ),
    ],
)
def test_rules_count_a_paragraphs_links(paragraph: str, said: str) -> None:
    page = f"{ARTICLE[:-10]}<p>{paragraph}</p></article>"
    block = clean(page, classifier=RuleClassifier()).blocks[-1]
    assert block.reason == f"inside the content root, {len(block.text.split())} words, {said}"


def test_body_text_that_its_measures_speak_against_reads_like_body_text() -> None:
    linked = "<p><a href='/a'>The plan</a></p>"
    inside = ARTICLE.replace("</p>\n", f"</p>{linked}\n")
    assert reason_of(inside, "The plan", BlockType.BODY) == "reads like the text around it"
    alone = f"{ARTICLE}<p>Fine by me</p><div>{linked}</div><p>Over there</p>"
    assert reason_of(alone, "The plan", BlockType.BODY) == "reads like an article's text"


def test_body_text_outside_the_content_root_is_not_said_to_be_there() -> None:
    prose = "The pool was built in 1974 and needs a new roof and a lift for visitors."
    page = f"<div>{ARTICLE * 3}</div><footer class='footer'><p>{prose}</p></footer>"
    assert reason_of(page, prose, BlockType.BODY) == "16 words, no links"


def test_a_place_and_a_lack_of_links_that_speak_against_a_type_are_left_out() -> None:
    page = ARTICLE.replace("</p>\n", "</p><p>More of it</p>\n")
    assert reason_of(page, "More of it", BlockType.NAVIGATION) == "3 words"
    assert reason_of(page, "More of it", BlockType.SHARING) == "3 words, no links"


@pytest.mark.parametrize(
    ("kind", "reason"), [(BlockType.BODY, "reads like an article's text"), (BlockType.CONSENT, "2 words, no links")]
)  # fmt: skip
def test_a_page_without_paragraphs_has_no_content_root(kind: BlockType, reason: str) -> None:
    assert reason_of("<p>Hello there</p>", "Hello there", kind) == reason
    (block,) = clean("<p>Hello there</p>", classifier=RuleClassifier()).blocks
    assert block.reason == "short text on a page without paragraphs"


def test_plain_text_has_no_links_and_no_content_root() -> None:
    paragraph = "The council voted on Monday to keep the pool of the town open for two years.\n"
    page = Page(url=None, body=f"{paragraph * 3}Over there\nFine by me", content_type="text/plain")
    assert reason_of(page, "Over there", BlockType.SHARING) == "2 words"
    assert reason_of(page, "Over there", BlockType.BODY) == "reads like the text around it"
