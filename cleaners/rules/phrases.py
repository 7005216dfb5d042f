"""Blocks that their own words give away, at any place of the page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from cleaners.article import BlockType
from cleaners.lexicon import Match
from cleaners.rules.decision import Decision
from cleaners.rules.evidence import FORM_TYPES, Evidence, ends_sentence
from cleaners.urls import domain_in

SHORT_WORDS: Final = 12
"""A block of at most this many words is about the phrase that stands in it."""

MEDIUM_WORDS: Final = 45
"""A longer text may mention anything; up to here a strong phrase decides where its type is one of notices."""

LONG_WORDS: Final = 400
"""The longest legal or consent text that one phrase decides; disclaimers are long."""

OPENING_TOKENS: Final = 2
"""Words that may stand before a heading's phrase at the start of a block."""

BYLINE_WORDS: Final = 16
"""Names, dates and a reading time together have at most about this many words."""

BYLINE_REACH: Final = 8
"""Blocks between a byline and the title or the article's first paragraph, at most."""

RELATED_REACH: Final = 3
"""Blocks after another article's headline in which a date is that article's."""

_NOTICE_WORDS: Final = {
    BlockType.CONSENT: LONG_WORDS,
    BlockType.DISCLAIMER: LONG_WORDS,
    BlockType.COPYRIGHT: 80,
    BlockType.ATTRIBUTION: 30,
    BlockType.NEWSLETTER: MEDIUM_WORDS,
    BlockType.DONATION: MEDIUM_WORDS,
    BlockType.PAYWALL: MEDIUM_WORDS,
    BlockType.CAPTION: 60,
    BlockType.AUTHOR_BIO: 80,
}
"""How long a block of each type may be for one strong phrase to decide it; other types: `SHORT_WORDS`."""

_ORDER: Final = (
    BlockType.ATTRIBUTION,
    BlockType.CONSENT,
    BlockType.COPYRIGHT,
    BlockType.DISCLAIMER,
    BlockType.DONATION,
    BlockType.NEWSLETTER,
    BlockType.PAYWALL,
    BlockType.AUTHOR_BIO,
    BlockType.CAPTION,
    BlockType.COMMENTS,
    BlockType.SHARING,
    BlockType.MEDIA,
    BlockType.ADVERTISEMENT,
    BlockType.RELATED,
    BlockType.NAVIGATION,
    BlockType.OTHER,
)
"""Where phrases of several types take up as many words of a block, the first wins: the more telling."""

_NEEDED_COVER: Final = {
    BlockType.NAVIGATION: 2,
    BlockType.OTHER: 2,
    BlockType.RELATED: 2,
    BlockType.SHARING: 3,
    BlockType.MEDIA: 3,
    BlockType.COMMENTS: 3,
}
"""One part in how many of a block's words the phrase must be: headlines hold these words too ("share")."""

_PROSE_NEEDS_TWO: Final = frozenset(
    {BlockType.DONATION, BlockType.NEWSLETTER, BlockType.PAYWALL, BlockType.AUTHOR_BIO}
)
"""Types that articles also write about: inside the article one phrase is not enough."""

_BETWEEN_NEEDS_TWO: Final = frozenset({BlockType.CONSENT, BlockType.DISCLAIMER, BlockType.COPYRIGHT})
"""The same for notices, which stand around an article rather than between its paragraphs."""

_TYPE_NAMES: Final = frozenset(kind.value for kind in BlockType)
_MARK: Final = re.compile(r"©|\(c\)\s*(?:19|20)\d\d", re.I)
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_DATE: Final = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}[./-]\d{1,2}[./-]\d{1,2}\b|\b\d{1,2}:\d{2}\b|\d{1,2}月\d{1,2}日"
)


def decide_phrases(evidence: Evidence, decisions: list[Decision | None]) -> None:
    """Decide every block that a strong phrase, a copyright mark, or a date beside the title gives away."""
    for block in range(len(decisions)):
        if decisions[block] is None:
            decisions[block] = (
                _copyright(evidence, block)
                or _first_published_at(evidence, block)
                or _strong_phrase(evidence, block, decisions)
                or _source_label(evidence, block)
                or _byline(evidence, block, decisions)
            )


@lru_cache(maxsize=256)
def split_group(group: str) -> tuple[BlockType | None, str]:
    """A phrase group's block type, `None` for a mere word list, and its strength ("" for strong)."""
    for strength in ("weak", "heading", "closing", ""):
        name = group.removesuffix(f"_{strength}") if strength else group
        if (strength == "" or name != group) and name in _TYPE_NAMES:
            return BlockType(name), strength
    return None, ""


def has_date(evidence: Evidence, block: int) -> bool:
    """Whether the block names a day: figures, or a month's name beside a number."""
    text = evidence.segments.text[block][:200]
    if _DATE.search(text):
        return True
    if not any(character.isdigit() for character in text):
        return False
    return any(match.group == "months" for match in evidence.matches[block])


def _copyright(evidence: Evidence, block: int) -> Decision | None:
    text = evidence.segments.text[block]
    if evidence.words[block] > _NOTICE_WORDS[BlockType.COPYRIGHT] or not _MARK.search(text):
        return None
    inside = evidence.first <= block < evidence.last
    if "figure" in evidence.areas[block] or "figcaption" in evidence.areas[block] or inside:
        return Decision(BlockType.CAPTION, "mark-in-article", "copyright mark beside a picture")
    if _YEAR.search(text) or evidence.words[block] <= SHORT_WORDS:
        return Decision(BlockType.COPYRIGHT, "mark", "copyright mark")
    return None


def _strong_phrase(evidence: Evidence, block: int, decisions: list[Decision | None]) -> Decision | None:
    by_type = _strong_matches(evidence.matches[block])
    before = decisions[block - 1] if block else None
    decisive = [kind for kind in _ORDER if kind in by_type]
    for kind in sorted(decisive, key=lambda kind: -_weight(by_type[kind])):
        continued = before is not None and before.type is kind
        if _phrase_decides(evidence, block, kind, by_type[kind], continued=continued):
            match = by_type[kind][0]
            rule = "phrase" if evidence.words[block] <= SHORT_WORDS else "phrase-long"
            return Decision(kind, rule, f"phrase: {match.phrase}")
    return None


def _weight(matches: list[Match]) -> int:
    """How many tokens of the block are in phrases of one type."""
    return sum(match.length for match in matches)


def _strong_matches(matches: Iterable[Match]) -> dict[BlockType, list[Match]]:
    """Matches by type, of the groups whose phrases decide alone."""
    found: dict[BlockType, list[Match]] = {}
    for match in matches:
        kind, strength = split_group(match.group)
        if kind is not None and strength != "weak":
            found.setdefault(kind, []).append(match)
    return found


def _phrase_decides(
    evidence: Evidence, block: int, kind: BlockType, matches: list[Match], *, continued: bool
) -> bool:
    words = evidence.words[block]
    if words > _NOTICE_WORDS.get(kind, SHORT_WORDS):
        return False
    if _is_menu_link(evidence, block) and kind is not BlockType.NAVIGATION:
        return False
    if words > SHORT_WORDS and not continued and not _opens_or_names(matches):
        return False
    inside_article = evidence.prose[block] and evidence.in_root[block] and block <= evidence.last
    between = inside_article and evidence.first < block < evidence.last
    if inside_article and (kind in _PROSE_NEEDS_TWO or (between and kind in _BETWEEN_NEEDS_TWO)):
        return len({match.phrase for match in matches}) >= 2
    if inside_article and kind is BlockType.CAPTION and ends_sentence(evidence.segments.text[block]):
        return False
    if kind is BlockType.CONSENT and _in_named_form(evidence, block):
        return False
    covered = max(match.length for match in matches)
    return covered * _NEEDED_COVER.get(kind, evidence.tokens[block]) >= evidence.tokens[block]


def _in_named_form(evidence: Evidence, block: int) -> bool:
    """Whether the block is the small print of a form that is about something else than consent."""
    hint = evidence.group_hint[block]
    return hint is not None and hint.type in FORM_TYPES


def _opens_or_names(matches: list[Match]) -> bool:
    """Whether a longer block opens with a heading's words, or holds a phrase that needs no place."""
    strengths = ((split_group(match.group)[1], match.start) for match in matches)
    return any(
        strength == "" or (strength == "heading" and start <= OPENING_TOKENS) for strength, start in strengths
    )


def _is_menu_link(evidence: Evidence, block: int) -> bool:
    """Menu and footer links are navigation even when they say "Subscribe" or "Cookie settings"."""
    if evidence.link_share[block] < 0.8:
        return False
    hint = evidence.group_hint[block]
    in_menu = hint is not None and hint.type is BlockType.NAVIGATION
    return in_menu or bool(evidence.areas[block] & {"nav", "footer"})


def _source_label(evidence: Evidence, block: int) -> Decision | None:
    """ "Source: X" on a line of its own."""
    if evidence.words[block] > SHORT_WORDS or ":" not in evidence.segments.text[block][:24]:
        return None
    for match in evidence.matches[block]:
        if match.group == "source_label" and match.start == 0:
            if "figure" in evidence.areas[block] or "figcaption" in evidence.areas[block]:
                return Decision(BlockType.CAPTION, "source-label", "names the picture's source")
            return Decision(BlockType.ATTRIBUTION, "source-label", f"line opens with “{match.phrase}:”")
    return None


def _first_published_at(evidence: Evidence, block: int) -> Decision | None:
    """ "Originally published on": with a site it is attribution, with a date alone it is a byline."""
    if evidence.words[block] > _NOTICE_WORDS[BlockType.ATTRIBUTION] or evidence.prose[block]:
        return None
    match = next((found for found in evidence.matches[block] if found.group == "attribution_weak"), None)
    domain = domain_in(evidence.segments.text[block]) if match else None
    if match and domain:
        return Decision(
            BlockType.ATTRIBUTION, "phrase-and-site", f"phrase: {match.phrase}, and a site: {domain}"
        )
    return None


def _byline(evidence: Evidence, block: int, decisions: list[Decision | None]) -> Decision | None:
    """A date, or "by" and a name, close to the title or to the article's first paragraph."""
    if evidence.words[block] > BYLINE_WORDS or not _near_article_head(evidence, block, decisions):
        return None
    hint = evidence.group_hint[block]
    if hint is not None and not hint.weak and hint.type in (BlockType.RELATED, BlockType.COMMENTS):
        return None
    before = decisions[max(0, block - RELATED_REACH) : block]
    if any(decision is not None and decision.type is BlockType.RELATED for decision in before):
        return None
    groups = evidence.groups(block)
    if has_date(evidence, block):
        return Decision(BlockType.BYLINE, "date", "date beside the title")
    opens = next((match for match in evidence.matches[block] if match.start == 0), None)
    if opens and opens.group == "by_words" and evidence.words[block] <= 8:
        return Decision(BlockType.BYLINE, "by-name", f"opens with “{opens.phrase}”")
    if groups & {"byline", "byline_heading"}:
        return Decision(BlockType.BYLINE, "byline-phrase", "phrase of a byline beside the title")
    text = evidence.segments.text[block].casefold()
    if any(author.casefold() in text for author in evidence.document.authors if len(author) > 3):
        return Decision(BlockType.BYLINE, "author-name", "names the page's author")
    return None


def _near_article_head(evidence: Evidence, block: int, decisions: list[Decision | None]) -> bool:
    start, stop = max(0, block - BYLINE_REACH), min(len(decisions), block + BYLINE_REACH + 1)
    for near in range(start, stop):
        decision = decisions[near]
        if decision is not None and decision.type is BlockType.TITLE:
            return True
    return evidence.last >= 0 and -2 <= evidence.first - block <= BYLINE_REACH and evidence.in_root[block]
