"""How well blocks are typed: an article beside a page's annotated blocks, and figures over pages.

Words are aligned by the data folder's own scorer. An annotated block was given the type that most of its
words have in the article; words that stand in no block of the article are "missing".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Final

from benchmarks.data import TypedPage, scorer
from benchmarks.languages import page_language
from cleaners.article import KEPT_TYPES, Article, BlockType

MISSING: Final = "missing"
"""What words have for a type that are in no block."""

BINS: Final = 10
"""Equal steps of confidence for which the share of right decisions is told."""

DIGITS: Final = 4
"""Digits of the figures in a record."""

_KEPT: Final = frozenset(kind.value for kind in KEPT_TYPES)


@dataclass(frozen=True, slots=True)
class TypedResult:
    """What was reached on one page.

    `pairs` are the true and the given type of each annotated block. `kept_f1` compares the words of the
    kept types. `decisions` are the confidence of each of our blocks and whether it was right.
    """

    name: str
    kind: str
    language: str
    pairs: list[tuple[str, str]]
    words: int
    missing: int
    kept_f1: float
    decisions: list[tuple[float, bool]]


def compare(page: TypedPage, article: Article) -> TypedResult:
    """Score an article against its page's annotated blocks."""
    tools = scorer()
    true_words, true_types = tools.words(page.blocks)
    our_words, our_types = tools.words([(block.text, block.type.value) for block in article.blocks])
    twins = tools.align(true_words, our_words)
    given = [MISSING if twin is None else our_types[twin][0] for twin in twins]
    votes: dict[int, Counter[str]] = defaultdict(Counter)
    for (_, block), kind in zip(true_types, given, strict=True):
        votes[block][kind] += 1
    labels = block_labels(page.blocks, [block.text for block in article.blocks])
    return TypedResult(
        name=page.name,
        kind=page.kind,
        language=page_language(page.html, "\n".join(text for text, kind in page.blocks if kind == "body")),
        pairs=[(page.blocks[block][1], count.most_common(1)[0][0]) for block, count in votes.items()],
        words=len(given),
        missing=given.count(MISSING),
        kept_f1=_kept_f1([kind for kind, _ in true_types], given),
        decisions=[
            (block.confidence, block.type.value == label)
            for block, label in zip(article.blocks, labels, strict=True)
            if label is not None
        ],
    )


def block_labels(blocks: Sequence[tuple[str, str]], texts: Sequence[str]) -> list[str | None]:
    """The annotated type of each of our texts, `None` for one that has no annotated words."""
    tools = scorer()
    true_words, true_types = tools.words(blocks)
    our_words, our_texts = tools.words([(text, "") for text in texts])
    votes: dict[int, Counter[str]] = defaultdict(Counter)
    for word, twin in enumerate(tools.align(our_words, true_words)):
        if twin is not None:
            votes[our_texts[word][1]][true_types[twin][0]] += 1
    return [votes[text].most_common(1)[0][0] if text in votes else None for text in range(len(texts))]


def _kept_f1(true: Sequence[str], given: Sequence[str]) -> float:
    both = sum(one in _KEPT and other in _KEPT for one, other in zip(true, given, strict=True))
    either = sum(one in _KEPT for one in true) + sum(one in _KEPT for one in given)
    return 2 * both / either if either else 1.0


def confusion(results: Iterable[TypedResult]) -> Counter[tuple[str, str]]:
    """How many annotated blocks of each type were given each type."""
    return Counter(pair for result in results for pair in result.pairs)


def figures(results: Sequence[TypedResult]) -> dict[str, Any]:
    """The means and the figures of each type, by block, over some pages."""
    pairs = confusion(results)
    types = {kind.value: _of_type(kind.value, pairs) for kind in BlockType}
    types = {kind: found for kind, found in types.items() if found["support"]}
    blocks, words = pairs.total(), sum(result.words for result in results)
    right = sum(count for (true, given), count in pairs.items() if true == given)
    return {
        "pages": len(results),
        "blocks": blocks,
        "macro_f1": _rounded(fmean(found["f1"] for found in types.values()) if types else 0.0),
        "accuracy": _rounded(right / blocks if blocks else 0.0),
        "kept_f1": _rounded(fmean(result.kept_f1 for result in results) if results else 0.0),
        "missing": _rounded(sum(result.missing for result in results) / words if words else 0.0),
        "types": types,
    }


def _of_type(kind: str, pairs: Counter[tuple[str, str]]) -> dict[str, float]:
    right = pairs[kind, kind]
    support = sum(count for (true, _), count in pairs.items() if true == kind)
    given = sum(count for (_, answer), count in pairs.items() if answer == kind)
    return {
        "precision": _rounded(right / given if given else 0.0),
        "recall": _rounded(right / support if support else 0.0),
        "f1": _rounded(2 * right / (given + support) if right else 0.0),
        "support": support,
    }


def grouped(results: Sequence[TypedResult], attribute: str) -> dict[str, Any]:
    """The figures by language or by kind of page, largest groups first."""
    groups: dict[str, list[TypedResult]] = {}
    for result in results:
        groups.setdefault(getattr(result, attribute), []).append(result)
    largest = sorted(groups, key=lambda name: (-len(groups[name]), name))
    return {name: figures(groups[name]) for name in largest}


def reliability(results: Iterable[TypedResult]) -> dict[str, Any]:
    """Mean confidence against the share that was right, in ten bins, and the mean gap between them."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for result in results:
        for confidence, right in result.decisions:
            bins[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    decided = sum(map(len, bins))
    rows = [
        {
            "from": place / BINS,
            "blocks": len(found),
            "confidence": _rounded(fmean(confidence for confidence, _ in found)),
            "right": _rounded(fmean(right for _, right in found)),
        }
        for place, found in enumerate(bins)
        if found
    ]
    gap = sum(row["blocks"] * abs(row["confidence"] - row["right"]) for row in rows)
    return {"bins": rows, "expected_calibration_error": _rounded(gap / decided if decided else 0.0)}


def _rounded(value: float) -> float:
    return round(value, DIGITS)
