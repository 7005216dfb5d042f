"""All contestants on all pages: scores by page, and the record that they are summed up in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from benchmarks.data import BenchmarkPage
from benchmarks.languages import CJK, page_language
from benchmarks.ours import Thresher
from benchmarks.peers import Extract
from benchmarks.words import DENSE_WORD, Score, interval, mean_score, score
from cleaners import Favor
from cleaners.parse import decode

OURS: Final = "thresher"
"""The contestant that the others are compared with."""

DIGITS: Final = 4
"""Digits of the figures in a record."""

Contestant = Callable[[BenchmarkPage], str]


@dataclass(slots=True)
class PageResult:
    """What the contestants reached on one page, by their names.

    `dense` is their F1 where each character counts as a word, on pages in Chinese, Japanese or Korean.
    `held` and `kept_out` are the shares of snippets that must, and must not, be in the text. `failed`
    has the exceptions of those that raised.
    """

    name: str
    kind: str
    language: str
    scores: dict[str, Score] = field(default_factory=dict)
    dense: dict[str, float] = field(default_factory=dict)
    held: dict[str, float] = field(default_factory=dict)
    kept_out: dict[str, float] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


def contestants(
    peers: Mapping[str, Extract], folds: Path | None = None, favor: Favor = Favor.BALANCED
) -> dict[str, Contestant]:
    """Thresher, its other points of the dial, then the peers, by name."""
    found: dict[str, Contestant] = {OURS: _ours(Thresher.load(folds, favor))}
    others = [point for point in Favor if point is not favor]
    found |= {f"{OURS}-{point}": _ours(Thresher.load(folds, point)) for point in others}
    return found | {name: _peer(extract) for name, extract in peers.items()}


def _ours(thresher: Thresher) -> Contestant:
    return lambda page: thresher.clean(page.html, url=page.url, name=page.name).text


def _peer(extract: Extract) -> Contestant:
    return lambda page: extract(decode(page.html).text, page.url)


def measure(page: BenchmarkPage, runners: Mapping[str, Contestant]) -> PageResult:
    """Run all contestants on one page; one that raises gave no text and is noted."""
    result = PageResult(page.name, page.kind, page_language(decode(page.html).text, page.truth))
    for name, run in runners.items():
        try:
            text = run(page)
        except Exception as error:  # whatever a peer raises is its result
            text = ""
            result.failed[name] = type(error).__name__
        result.scores[name] = score(text, page.truth)
        if result.language in CJK:
            result.dense[name] = score(text, page.truth, DENSE_WORD).f1
        if page.with_snippets:
            result.held[name] = _share_in(text, page.with_snippets)
        if page.without_snippets:
            result.kept_out[name] = 1 - _share_in(text, page.without_snippets)
    return result


def _share_in(text: str, snippets: Sequence[str]) -> float:
    plain = " ".join(text.split())
    return fmean(" ".join(snippet.split()) in plain for snippet in snippets)


def summary(results: Sequence[PageResult]) -> dict[str, Any]:
    """Means over pages by contestant, over all and by kind and language, and ours against each peer."""
    names = list(results[0].scores) if results else []
    return {
        "pages": len(results),
        "kinds": dict(Counter(result.kind for result in results).most_common()),
        "languages": dict(Counter(result.language for result in results).most_common()),
        "contestants": {name: _figures(name, results) for name in names},
        "ours_ahead": {name: _difference(name, results) for name in names if name != OURS},
    }


def _figures(name: str, results: Sequence[PageResult]) -> dict[str, Any]:
    mean = mean_score(result.scores[name] for result in results)
    return {
        **{key: round(value, DIGITS) for key, value in mean._asdict().items()},
        "snippets_held": _mean(result.held[name] for result in results if result.held),
        "snippets_kept_out": _mean(result.kept_out[name] for result in results if result.kept_out),
        "failed": sum(name in result.failed for result in results),
        "failures": dict(Counter(result.failed[name] for result in results if name in result.failed)),
        "f1_by_kind": _by((result.kind, result.scores[name].f1) for result in results),
        "f1_by_language": _by((result.language, result.scores[name].f1) for result in results),
        "f1_of_articles": _by(
            ("cjk" if result.language in CJK else "rest", result.scores[name].f1)
            for result in results
            if result.kind == "article"
        ),
        "f1_by_character_of_cjk_articles": _mean(
            result.dense[name] for result in results if result.kind == "article" and result.dense
        ),
    }


def _difference(name: str, results: Sequence[PageResult]) -> dict[str, float]:
    """By how much ours is ahead on the mean page, with a 95 % interval."""
    ahead = [result.scores[OURS].f1 - result.scores[name].f1 for result in results]
    low, high = interval(ahead, fmean)
    figures = {"mean": fmean(ahead), "low": low, "high": high}
    return {key: round(value, DIGITS) for key, value in figures.items()}


def _by(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    groups: dict[str, list[float]] = {}
    for group, value in pairs:
        groups.setdefault(group, []).append(value)
    largest = sorted(groups, key=lambda group: (-len(groups[group]), group))
    return {group: round(fmean(groups[group]), DIGITS) for group in largest}


def _mean(values: Iterable[float]) -> float | None:
    figures = list(values)
    return round(fmean(figures), DIGITS) if figures else None
