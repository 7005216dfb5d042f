"""Where the article is: the content root of a page, or the best runs of lines of a text."""

from __future__ import annotations

from typing import Final

from cleaners.arrays import integers, running
from cleaners.article import BlockType
from cleaners.reading import group_mask
from cleaners.rules.evidence import LOCAL_TYPES, LONG_PROSE_WORDS, Evidence
from cleaners.tree import region_mask

ROOT_SHARE: Final = 0.8
"""The content root is the smallest element with this share of the page's prose."""

THIN_WORDS: Final = 120
"""Words of prose below which a page is taken for a list rather than an article."""

LABEL_COST: Final = 4.0
"""What a line that is no prose costs a run of text: a paragraph of 40 words outweighs a list of ten lines."""

NOTICE_COST: Final = 30.0
"""What a line that reads like a notice (sign-up, disclaimer, copyright …) costs: about one paragraph."""

MAX_LINE_SCORE: Final = 60
"""Words of one line that count: a single long notice must not outweigh an article of several paragraphs."""

NOTICE_WORDS: Final = 120
"""A longer line is an article's own, whatever words it holds."""

RUN_SHARE: Final = 0.4
"""A further run of lines with this share of the best one's score is a part of the article too."""

NOTICE_GROUPS: Final = group_mask("newsletter", "donation", "consent", "disclaimer", "copyright", "paywall")
"""Phrases of notices: a line that holds one is hardly a paragraph of an article."""

ASIDE_TYPES: Final = frozenset(set(BlockType) - LOCAL_TYPES - {BlockType.BODY})
"""Types whose containers hold no main content."""

_ASIDE: Final = region_mask("nav", "footer", "form element", "dialog")


def find_article(evidence: Evidence) -> None:
    """Set the span of the article's prose and, for HTML, the content root."""
    if evidence.document.has_markup:
        _find_content_root(evidence)
    else:
        _find_text_runs(evidence)


def _find_content_root(evidence: Evidence) -> None:
    tree = evidence.tree
    weights = [
        _content_weight(evidence, block) if is_text else 0 for block, is_text in enumerate(evidence.prose)
    ]
    if sum(weights) < LONG_PROSE_WORDS:  # a forum's posts are comments by name
        weights = [n if is_text else 0 for n, is_text in zip(evidence.words, evidence.prose, strict=True)]
    total = running(integers(weights))
    evidence.thin = bool(total[-1] < THIN_WORDS)
    if total[-1] == 0:
        evidence.in_root = [False] * len(weights)
        return
    held = total[tree.last] - total[tree.first]
    roots = ((tree.last - tree.first > 1) & (held >= ROOT_SHARE * total[-1])).nonzero()[0]
    root = roots[-1] if len(roots) else 0  # they lie on one path down, so the last is the innermost
    first, last = int(tree.first[root]), int(tree.last[root])
    evidence.in_root = [first <= block < last for block in range(len(weights))]
    inside = [block for block in range(first, last) if weights[block]]
    evidence.first, evidence.last = inside[0], inside[-1]


def _find_text_runs(evidence: Evidence) -> None:
    """The best run of lines, and those of the others that weigh enough to be parts of one article."""
    scores = [_line_score(evidence, block) for block in range(len(evidence.words))]
    pending = [(0, len(scores))]
    runs: list[tuple[int, int]] = []
    least = 0.0
    while pending:
        start, stop = pending.pop()
        total, first, last = _best_run(scores, start, stop)
        if total <= least:
            continue
        least = least or total * RUN_SHARE
        runs.append((first, last))
        pending += [(start, first), (last + 1, stop)]
    evidence.in_root = [False] * len(scores)
    if runs:
        evidence.first, evidence.last = min(runs)[0], max(runs)[1]
    for first, last in runs:
        evidence.in_root[first : last + 1] = [True] * (last + 1 - first)


def _best_run(scores: list[float], start: int, stop: int) -> tuple[float, int, int]:
    """The run with the greatest sum: its sum, first and last line.

    Method: maximum subsequence segmentation, Pasternak and Roth, "Extracting Article Text from the Web
    with Maximum Subsequence Segmentation", 2009, with lines for tokens.
    """
    best, best_first, best_last = 0.0, start, start - 1
    total, first = 0.0, start
    for block in range(start, stop):
        if total <= 0:
            total, first = 0.0, block
        total += scores[block]
        if total > best:
            best, best_first, best_last = total, first, block
    return best, best_first, best_last


def _line_score(evidence: Evidence, block: int) -> float:
    if _is_notice(evidence, block):
        return -NOTICE_COST
    if evidence.prose[block]:
        return float(min(evidence.words[block], MAX_LINE_SCORE))
    return -LABEL_COST


def _is_notice(evidence: Evidence, block: int) -> bool:
    """Whether a line of text reads like a notice rather than a part of the article."""
    return bool(evidence.groups[block] & NOTICE_GROUPS) and evidence.words[block] <= NOTICE_WORDS


def _content_weight(evidence: Evidence, block: int) -> int:
    """Words that count as main content: none where a container's name or place speaks against it."""
    hint = evidence.group_hint[block]
    if hint and hint.type in ASIDE_TYPES and not hint.weak:
        return 0
    if evidence.areas[block] & _ASIDE or evidence.segments.nodes.hidden[evidence.segments.node[block]]:
        return 0
    return evidence.words[block]
