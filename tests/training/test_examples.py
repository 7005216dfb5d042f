from __future__ import annotations

from benchmarks.data import BenchmarkPage, TypedPage
from cleaners.article import BlockType
from tests.shared_data import shared
from training.examples import Bags, Form, benchmark_examples, typed_examples
from training.labels import TYPES
from training.vocabulary import MIN_NAME_SITES, gather_vocabulary, number_words

SENTENCE = "The council voted on Tuesday to reopen the old harbour bridge after nine years of repairs. "
HTML = (
    "<html><body><nav class='menu'><p><a href='/a'>Home</a></p><p><a href='/b'>Sport</a></p></nav>"
    "<div class='story'><h1>Bridge reopens</h1>"
    + "".join(
        f"<p>{SENTENCE}Paragraph {number}.</p>" for number in ("one", "two", "three", "four", "five", "six")
    )
    + "</div><footer>All rights reserved</footer></body></html>"
)
BLOCKS = [
    ("Home", "navigation"),
    ("Sport", "navigation"),
    ("Bridge reopens", "title"),
    *(
        (f"{SENTENCE}Paragraph {number}.", "body")
        for number in ("one", "two", "three", "four", "five", "six")
    ),
    ("All rights reserved", "copyright"),
]


def page() -> TypedPage:
    shared("tools", "typedscore.py")  # labels are found with the data's own scorer
    return TypedPage("made-up", "https://example.org/news/bridge", HTML, BLOCKS, "article")


def test_an_annotated_page_gives_the_page_its_text_and_its_article_alone() -> None:
    html, text, fragment = typed_examples(page())
    assert [example.form for example in (html, text, fragment)] == [Form.HTML, Form.TEXT, Form.FRAGMENT]
    assert html.types is not None
    labels = [TYPES[rank] for rank in html.types.argmax(axis=1)]
    assert labels[-1] is BlockType.COPYRIGHT
    assert labels.count(BlockType.BODY) == 6
    assert fragment.types is not None
    assert [TYPES[rank] for rank in fragment.types.argmax(axis=1)][:3] == [
        BlockType.TITLE,
        BlockType.TITLE,
        BlockType.BODY,
    ]
    assert len(fragment.words) == len(fragment.types) == len(fragment.matrix) == 8
    assert text.matrix.shape[1] == html.matrix.shape[1]


def test_a_benchmark_page_knows_only_what_is_main_content() -> None:
    shared("tools", "typedscore.py")
    truth = "\n\n".join(text for text, kind in BLOCKS if kind == "body")
    (example,) = benchmark_examples(
        BenchmarkPage("0001", "https://example.org/news/bridge", "article", HTML.encode(), truth)
    )
    assert example.types is None
    assert example.main is not None
    assert example.main.tolist()[-7:] == [1.0] * 6 + [0.0]
    assert (example.site, example.kind) == ("example.org", "article")
    empty = BenchmarkPage("0002", None, "article", b"<html></html>", "")
    assert benchmark_examples(empty) == []


def test_words_of_too_few_sites_get_no_vector() -> None:
    examples = []
    for number in range(MIN_NAME_SITES):
        (example, *_) = typed_examples(page())
        example.site = f"site-{number}.example"
        examples.append(example)
    vocabulary = gather_vocabulary(examples)
    assert {"<nav", "menu", "story"} <= set(vocabulary.names)
    assert "=:home" in vocabulary.texts
    assert "t:harbour" not in vocabulary.texts  # six sites must use a single word
    assert gather_vocabulary(examples[:-1]).names == {}
    assert vocabulary.words()[: len(vocabulary.names)] == sorted(vocabulary.names)
    numbered = number_words(examples[0], vocabulary)
    assert len(numbered.elements.bounds) == len(examples[0].elements) + 1
    assert len(numbered.texts.bounds) == len(examples[0].texts) + 1


def test_bags_are_packed_one_after_the_other() -> None:
    bags = Bags.of([[1, 2], [], [3]])
    assert (bags.items.tolist(), bags.bounds.tolist()) == ([1, 2, 3], [0, 2, 2, 3])
