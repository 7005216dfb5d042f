"""Which blocks are the article's title."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from cleaners.article import BlockType
from cleaners.reading import group_mask
from cleaners.rules.decision import Decision
from cleaners.rules.evidence import Evidence
from cleaners.strings import squash
from cleaners.tree import region_mask

MAX_TITLE_WORDS: Final = 40
"""A longer block before the article is its standfirst, not its title."""

MIN_TITLE_LETTERS: Final = 4
"""A shorter string that the metadata offers as a title occurs in too many headings."""

MIN_TITLE_WORDS: Final = 3
"""A shorter line of plain text is more often a label than a headline."""

LINK_SHARE: Final = 0.5
"""A repeat of the headline with more of it in a link leads to the page itself or to a twin."""

TITLE_WINDOW: Final = 40
"""Blocks before the article's first paragraph in which plain text is searched for its title."""

MIN_SHARED_WORDS: Final = 2
"""Longer words that a headline in plain text shares with the article: a menu item shares none or one."""

SMOOTHING: Final = 4
"""Added to a line's longer words, so that a label of one or two does not win by sharing them all."""

REPEATED_BONUS: Final = 1.5
"""What a line gains by standing there twice."""

COMPARED_CHARS: Final = 20_000
"""Characters of the article that headlines are compared with: its first thousands of words say it all."""

LONG_WORD: Final = 4
"""Letters of a word that is likely to carry meaning, in any language with spaces."""


_TELLING: Final = group_mask(
    "byline", "caption", "copyright", "consent", "sharing", "newsletter", "navigation"
)
_NAV: Final = region_mask("nav")


def decide_titles(evidence: Evidence, decisions: list[Decision | None]) -> None:
    """Decide the blocks that hold the article's title: at most those that repeat one another's words."""
    if evidence.document.has_markup:
        _decide_by_metadata(evidence, decisions)
    else:
        _decide_by_text(evidence, decisions)


def _decide_by_metadata(evidence: Evidence, decisions: list[Decision | None]) -> None:
    wanted = {key for title in evidence.document.titles if len(key := squash(title)) >= MIN_TITLE_LETTERS}
    headings = [
        block
        for block, heading in enumerate(evidence.heading)
        if heading and evidence.segments.markup(block) == "h1"
    ]
    for block in evidence.reading.find_repeats(evidence.segments.text, wanted):
        if block > evidence.last >= 0 or evidence.words[block] > MAX_TITLE_WORDS:
            continue
        alone = evidence.heading[block] or _stands_alone(evidence, block)
        if alone and not _in_list_of_articles(evidence, block):
            decisions[block] = Decision(BlockType.TITLE, "title-metadata", "heading repeats the page's title")
    if not any(decisions) and len(headings) == 1:
        decisions[headings[0]] = Decision(BlockType.TITLE, "title-h1", "the page's only h1")
    elif not any(decisions):
        _decide_heading_before_article(evidence, decisions, headings)


def _decide_heading_before_article(
    evidence: Evidence, decisions: list[Decision | None], headings: list[int]
) -> None:
    before = [block for block in headings if block <= max(evidence.first, 0)]
    if before:
        decisions[before[-1]] = Decision(BlockType.TITLE, "title-last-h1", "last h1 before the article")
        return
    for block in range(max(evidence.first, 0), -1, -1):
        if evidence.heading[block] and evidence.in_root[block]:
            decisions[block] = Decision(BlockType.TITLE, "title-heading", "heading that opens the article")
            return


def _stands_alone(evidence: Evidence, block: int) -> bool:
    """Whether a repeat of the headline is a line of its own: no link, and no last item of breadcrumbs."""
    hint = evidence.group_hint[block]
    in_menu = hint is not None and hint.type is BlockType.NAVIGATION
    long_enough = evidence.words[block] >= MIN_TITLE_WORDS and evidence.segments.markup(block) != "li"
    return (
        long_enough
        and evidence.link_share[block] < LINK_SHARE
        and not in_menu
        and not evidence.areas[block] & _NAV
    )


def _in_list_of_articles(evidence: Evidence, block: int) -> bool:
    hint = evidence.group_hint[block]
    return hint is not None and hint.type is BlockType.RELATED and not hint.weak


def _decide_by_text(evidence: Evidence, decisions: list[Decision | None]) -> None:
    """The line before the article that shares most words with it, and its verbatim repeats."""
    first = evidence.first if evidence.last >= 0 else 0
    start = max(0, first - TITLE_WINDOW)
    candidates = [block for block in range(start, first) if _may_be_title(evidence, block)]
    if not candidates:
        return
    scores = _headline_scores(evidence, candidates)
    best = max(candidates, key=lambda block: (scores[block], -block))
    declared = {squash(title) for title in evidence.document.titles}
    for block in candidates:
        if squash(evidence.segments.text[block]) in declared:
            best = block
            break
    else:
        if not scores[best]:
            best = candidates[0]
    key = squash(evidence.segments.text[best])
    for block in candidates:
        if squash(evidence.segments.text[block]) == key:
            reason = "headline that shares its words with the article"
            decisions[block] = Decision(BlockType.TITLE, "title-text", reason)


def _headline_scores(evidence: Evidence, candidates: list[int]) -> dict[int, float]:
    """How much each line reads like the headline of the article below it.

    The share of its longer words that the article has too, so that a standfirst, which has more of them,
    does not win by length; more for a line that is repeated, as headlines are above and below a picture.
    """
    texts = evidence.segments.text
    article = _long_words(" ".join(texts[evidence.first : evidence.last + 1])[:COMPARED_CHARS])
    keys = Counter(squash(texts[block]) for block in candidates)
    scores: dict[int, float] = {}
    for block in candidates:
        words = _long_words(texts[block])
        shared = len(words & article)
        score = shared / (len(words) + SMOOTHING) if shared >= MIN_SHARED_WORDS else 0.0
        scores[block] = score * (REPEATED_BONUS if keys[squash(texts[block])] > 1 else 1.0)
    return scores


def _may_be_title(evidence: Evidence, block: int) -> bool:
    text, words = evidence.segments.text[block], evidence.words[block]
    if not MIN_TITLE_WORDS <= words <= MAX_TITLE_WORDS or evidence.segments.markup(block) == "li":
        return False
    if text.endswith((".", ":", ";", ",")) and not text.endswith("..."):
        return False
    return not evidence.groups[block] & _TELLING


def _long_words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) >= LONG_WORD}
