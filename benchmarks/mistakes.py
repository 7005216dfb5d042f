"""What went wrong on a page: our blocks beside the truth, each with whether it is right.

On the public benchmark a block is wrong when it is in the text though most of its words are not in the true
content, or the other way round. On the annotated pages it is wrong when it has another type than most of
its words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.data import BenchmarkPage, TypedPage, scorer
from benchmarks.typed import MISSING, block_labels
from benchmarks.words import WORD
from cleaners.article import DEFAULT_TEXT_TYPES, Article, Block


@dataclass(frozen=True, slots=True)
class Shown:
    """A block of ours; `fault` says what is wrong with it, empty where it is right."""

    block: Block
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Truth:
    """A piece of the truth, with its type where it has one; `fault` says what we made of it instead."""

    text: str
    type: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Mistakes:
    """A page as the report shows it. `lost` words are not what they should be; pages go by them."""

    name: str
    url: str | None
    kind: str
    lost: int
    words: int
    summary: str
    blocks: list[Shown]
    truth: list[Truth]


def of_benchmark(page: BenchmarkPage, article: Article) -> Mistakes:
    """Compare our text with the true content: words that it lacks and words that it should lack."""
    ours, true = (Counter(WORD.findall(text.lower())) for text in (article.text, page.truth))
    lacking, wrongly_kept = (true - ours).total(), (ours - true).total()
    paragraphs = [line for line in page.truth.splitlines() if line.strip()]
    in_truth = _shares_of_blocks(article.blocks, paragraphs)
    in_text = _shares(paragraphs, [block.text for block in article.blocks if _in_text(block)])
    return Mistakes(
        name=page.name,
        url=page.url,
        kind=page.kind,
        lost=lacking + wrongly_kept,
        words=true.total(),
        summary=f"{lacking:,} words lacking, {wrongly_kept:,} wrongly kept, of {true.total():,}",
        blocks=[
            Shown(block, _fault(_in_text(block), share))
            for block, share in zip(article.blocks, in_truth, strict=True)
        ],
        truth=[
            Truth(text, fault="" if share is None or share >= 0.5 else "not in our text")
            for text, share in zip(paragraphs, in_text, strict=True)
        ],
    )


def _in_text(block: Block) -> bool:
    return block.is_written(DEFAULT_TEXT_TYPES)


def _shares_of_blocks(blocks: Sequence[Block], paragraphs: Sequence[str]) -> list[float | None]:
    """The share of each block's words that the truth has; what it has once stands in no repeat."""
    shares = _shares([block.text for block in blocks], paragraphs)
    for place, block in enumerate(blocks):
        first = block.repeats
        if first is not None and (shares[place] or 0) > (shares[first] or 0):
            shares[place], shares[first] = shares[first], shares[place]
    return shares


def _fault(in_text: bool, share_in_truth: float | None) -> str:
    if share_in_truth is None or in_text == (share_in_truth >= 0.5):
        return ""
    return "wrongly kept" if in_text else "wrongly removed"


def _shares(texts: Sequence[str], others: Sequence[str]) -> list[float | None]:
    """The share of each text's words that stand, in order, in the others; `None` for one without words."""
    tools = scorer()
    words, labels = tools.words([(text, "") for text in texts])
    other_words, _ = tools.words([(text, "") for text in others])
    total: Counter[int] = Counter()
    found: Counter[int] = Counter()
    for (_, place), twin in zip(labels, tools.align(words, other_words), strict=True):
        total[place] += 1
        found[place] += twin is not None
    return [found[place] / total[place] if total[place] else None for place in range(len(texts))]


def of_typed(page: TypedPage, article: Article) -> Mistakes:
    """Compare the types of our blocks with the annotated ones: words that have another type."""
    tools = scorer()
    true_words, true_types = tools.words(page.blocks)
    our_words, our_types = tools.words([(block.text, block.type.value) for block in article.blocks])
    given: dict[int, Counter[str]] = {}
    lost = 0
    for (kind, place), twin in zip(true_types, tools.align(true_words, our_words), strict=True):
        answer = MISSING if twin is None else our_types[twin][0]
        given.setdefault(place, Counter())[answer] += 1
        lost += answer != kind
    labels = block_labels(page.blocks, [block.text for block in article.blocks])
    return Mistakes(
        name=page.name,
        url=page.url,
        kind=page.kind,
        lost=lost,
        words=len(true_words),
        summary=f"{lost:,} of {len(true_words):,} words under the wrong type",
        blocks=[
            Shown(block, f"is {label}" if label and label != block.type else "")
            for block, label in zip(article.blocks, labels, strict=True)
        ],
        truth=[
            Truth(text, kind, _given(kind, given.get(place)))
            for place, (text, kind) in enumerate(page.blocks)
        ],
    )


def _given(true: str, given: Counter[str] | None) -> str:
    answer = given.most_common(1)[0][0] if given else true
    return "" if answer == true else f"we said {answer}"
