"""Types for what no stage before has decided: inside the article, before it, after it."""

from __future__ import annotations

from collections import Counter
from typing import Final

from cleaners.article import BlockType
from cleaners.rules.decision import Decision
from cleaners.rules.evidence import Evidence, ends_sentence
from cleaners.rules.phrases import GROUP_TYPES, SHORT_WORDS, typed_groups
from cleaners.rules.structure import HEADLINE_WORDS, LINKED
from cleaners.tree import region_mask

HEAD_BLOCKS: Final = 12
"""Blocks between an article's title and its first paragraph, at most: standfirst, byline, buttons."""

FEW_LINKS: Final = 0.3
"""Below this share of a block's characters in links there are "few" of them, from `LINKED` on "mostly"."""

_LEAST_COVER: Final = {BlockType.NEWSLETTER: 2}
"""Words that weak phrases must take up, where one of them alone says little."""

_WEAK_DECIDES: Final = frozenset(
    {BlockType.NAVIGATION, BlockType.CONSENT, BlockType.SHARING, BlockType.NEWSLETTER}
)
"""Types whose weak phrases were right more often than the block's place on the gold pages."""

_WEAK_GROUPS: Final = typed_groups(*_WEAK_DECIDES, strengths=("weak",))
_MAIN: Final = region_mask("main")

_LINK: Final = Decision(BlockType.NAVIGATION, "link", "a link")
_HEADLINE: Final = Decision(BlockType.RELATED, "link", "a link as long as a headline")
_BETWEEN: Final = Decision(BlockType.BODY, "root-between", "inside the content root, between paragraphs")
_OUTSIDE: Final = Decision(BlockType.OTHER, "label-after", "short text outside the content root")
_ROOTLESS: Final = Decision(BlockType.OTHER, "label-after", "short text on a page without paragraphs")
"""The same rule where no element can be the content root."""


def decide_places(evidence: Evidence, decisions: list[Decision | None]) -> list[Decision]:
    """Give every undecided block the type that its place makes likeliest."""
    by_place = _place_in_markup if evidence.document.has_markup else _place_in_text
    decided: list[Decision] = []
    for block, decision in enumerate(decisions):
        decided.append(
            decision
            or _separator(evidence, block, decided)
            or (_weak_phrase(evidence, block) if evidence.groups[block] & _WEAK_GROUPS else None)
            or by_place(evidence, block, decided)
        )
    return decided


def describe_measures(words: int, link_share: float | None, *, inside: bool | None) -> str:
    """A block's place, length and links as reasons say them; what is `None` is left out."""
    place = "" if inside is None else f"{'inside' if inside else 'outside'} the content root, "
    links = "" if link_share is None else f", {_describe_links(link_share)}"
    return f"{place}{words} word{'' if words == 1 else 's'}{links}"


def _describe_links(share: float) -> str:
    if share >= LINKED:
        return "mostly links"
    if share >= FEW_LINKS:
        return "some links"
    return "few links" if share else "no links"


def _separator(evidence: Evidence, block: int, decided: list[Decision]) -> Decision | None:
    """A block without letters and digits belongs to what stands before it, unless that is the title."""
    if any(map(str.isalnum, evidence.segments.text[block])):
        return None
    if not decided or decided[-1].type is BlockType.TITLE:
        return None
    return Decision(decided[-1].type, "separator", "a separator, like the block before it")


def _weak_phrase(evidence: Evidence, block: int) -> Decision | None:
    """A phrase that decides only where it is the whole of a block outside the article."""
    if evidence.words[block] > SHORT_WORDS or (
        evidence.first < block < evidence.last and evidence.in_root[block]
    ):
        return None
    covered: Counter[BlockType] = Counter()
    for match in evidence.matches[block]:
        kind, strength = GROUP_TYPES[match.group]
        if strength == "weak" and kind in _WEAK_DECIDES:
            covered[kind] += match.length
            needed = max(evidence.tokens[block] // 2 + 1, _LEAST_COVER.get(kind, 1))
            if covered[kind] >= needed:
                return Decision(kind, "weak-phrase", f"phrase: {match.phrase}")
    return None


def _place_in_markup(evidence: Evidence, block: int, decided: list[Decision]) -> Decision:
    words, link_share = evidence.words[block], evidence.link_share[block]
    linked = link_share >= LINKED
    inside = evidence.in_root[block]
    if inside and evidence.prose[block]:
        return Decision(BlockType.BODY, "root-prose", describe_measures(words, link_share, inside=True))
    if inside and evidence.first < block < evidence.last and not linked:
        return _BETWEEN
    if evidence.thin and evidence.areas[block] & _MAIN and (not linked or words >= HEADLINE_WORDS):
        return Decision(BlockType.BODY, "main-of-list", "in the main element of a page with little text")
    if linked:
        return _HEADLINE if words >= HEADLINE_WORDS else _LINK
    return _unlinked_outside(evidence, block, decided)


def _unlinked_outside(evidence: Evidence, block: int, decided: list[Decision]) -> Decision:
    if block < evidence.first and _follows_title(decided):
        if evidence.prose[block] or evidence.in_root[block]:
            return Decision(BlockType.BODY, "standfirst", "between the title and the article")
        return Decision(BlockType.OTHER, "label-in-head", "short text between the title and the article")
    if evidence.in_root[block] and block > evidence.last:
        return Decision(BlockType.BODY, "root-tail", "inside the content root, after the last paragraph")
    if evidence.prose[block]:
        return Decision(BlockType.OTHER, "prose-outside", "text outside the content root")
    if block < evidence.first:
        return Decision(BlockType.NAVIGATION, "label-before", "short text before the article")
    if decided and decided[-1].type is BlockType.RELATED:
        return Decision(BlockType.RELATED, "after-related", "short text after another article's headline")
    return _OUTSIDE if evidence.last >= 0 else _ROOTLESS


def _follows_title(decided: list[Decision]) -> bool:
    return any(decision.type is BlockType.TITLE for decision in decided[-HEAD_BLOCKS:])


def _place_in_text(evidence: Evidence, block: int, decided: list[Decision]) -> Decision:
    words = evidence.words[block]
    if evidence.last < 0:
        kind = BlockType.BODY if words >= HEADLINE_WORDS else BlockType.NAVIGATION
        return Decision(kind, "no-article", "no paragraph on the page")
    if evidence.in_root[block]:
        if evidence.prose[block]:
            return Decision(BlockType.BODY, "run-prose", f"paragraph of the article, {words} words")
        return Decision(BlockType.BODY, "between", "between the article's paragraphs")
    if block < evidence.first:
        return Decision(BlockType.NAVIGATION, "before", "line before the article")
    follows_body = bool(decided) and decided[-1].type is BlockType.BODY
    if follows_body and words >= HEADLINE_WORDS and ends_sentence(evidence.segments.text[block]):
        return Decision(BlockType.BODY, "sentence-after", "a sentence right after the article's paragraphs")
    if decided and decided[-1].type is BlockType.RELATED and words > 1:
        return Decision(BlockType.RELATED, "after-related", "line after another article's headline")
    kind = BlockType.RELATED if words >= HEADLINE_WORDS else BlockType.NAVIGATION
    return Decision(kind, "after", "line after the article")
