"""Blocks that a phrase of the lexicon gives away, at any place of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from cleaners.article import BlockType
from cleaners.lexicon import STRENGTHS, Match, tokenize
from cleaners.reading import GROUPS, PHRASE_TYPES, group_mask
from cleaners.rules.decision import Decision
from cleaners.rules.evidence import FORM_TYPES, Evidence, ends_sentence
from cleaners.tree import region_mask

SHORT_WORDS: Final = 12
"""A block of at most this many words is about the phrase that stands in it."""

MEDIUM_WORDS: Final = 45
"""A longer text may mention anything; up to here a strong phrase decides where its type is one of notices."""

LONG_WORDS: Final = 400
"""The longest legal or consent text that one phrase decides; disclaimers are long."""

BIO_WORDS: Final = 4
"""A shorter block above the article that names a writer's post ("staff writer") is part of a byline."""

MIN_POINTER_WORDS: Final = 5
"""Words of a line that points to another article, at least: a phrase and a headline."""

MAX_POINTER_WORDS: Final = 30
"""The same at most: with more of the article it is a teaser."""

POINTER_CHARS: Final = 40
"""Characters in which the colon after such a phrase stands."""

OPENING_TOKENS: Final = 2
"""Words that may stand before a heading's phrase at the start of a block."""

NOTICE_WORDS: Final = {
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

_RANKS: Final = {kind: rank for rank, kind in enumerate(_ORDER)}

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

GROUP_TYPES: Final[dict[str, tuple[BlockType | None, str]]] = dict.fromkeys(GROUPS, (None, "")) | {
    kind.value + strength: (kind, strength.removeprefix("_"))
    for kind in PHRASE_TYPES
    for strength in STRENGTHS
}
"""A phrase group's block type, `None` for a mere word list, and its strength ("" for strong)."""


def typed_groups(*kinds: BlockType, strengths: Iterable[str] = ("", "weak", "heading", "closing")) -> int:
    """The bits of the groups of some types, of some strengths only where these are given."""
    wanted = {(kind, strength) for kind in kinds for strength in strengths}
    return group_mask(*(group for group, typed in GROUP_TYPES.items() if typed in wanted))


_DECISIVE: Final[dict[str, tuple[BlockType | None, int]]] = {
    group: (kind, NOTICE_WORDS.get(kind, SHORT_WORDS))
    for group, (kind, strength) in GROUP_TYPES.items()
    if kind in _RANKS and strength != "weak"
}
"""The groups whose phrases decide alone, each with its type and the most words of a block that it decides."""

_NOTHING: Final = (None, 0)

STRONG_GROUPS: Final = group_mask(*_DECISIVE)

_MENUS: Final = region_mask("nav", "footer")


def strong_phrase(evidence: Evidence, block: int, decisions: list[Decision | None]) -> Decision | None:
    """The type of the phrases that take up most of the block, if the block's length and place allow it."""
    by_type = _strong_matches(evidence.matches[block], evidence.words[block])
    before = decisions[block - 1] if block else None
    for kind in sorted(by_type, key=lambda kind: (-_weight(by_type[kind]), _RANKS[kind])):
        continued = before is not None and before.type is kind
        if _phrase_decides(evidence, block, kind, by_type[kind], continued=continued):
            match = by_type[kind][0]
            rule = "phrase" if evidence.words[block] <= SHORT_WORDS else "phrase-long"
            return Decision(kind, rule, f"phrase: {match.phrase}")
    return None


def pointer(evidence: Evidence, block: int, _: Sequence[Decision | None]) -> Decision | None:
    """A line that only points to another article: "Read more: …"."""
    if not MIN_POINTER_WORDS <= evidence.words[block] <= MAX_POINTER_WORDS:
        return None
    for match in labels(evidence, block, POINTER_CHARS):
        if GROUP_TYPES[match.group][0] is BlockType.RELATED:
            return Decision(BlockType.RELATED, "pointer", f"opens with “{match.phrase}:”")
    return None


def labels(evidence: Evidence, block: int, within: int) -> list[Match]:
    """The phrases that are all that stands before a colon among the block's first characters."""
    label, colon = evidence.segments.text[block][:within].partition(":")[:2]
    opening = len(tokenize(label)) if colon else -1
    return [match for match in evidence.matches[block] if match.start == 0 and match.length == opening]


def _weight(matches: list[Match]) -> int:
    """How many tokens of the block are in phrases of one type."""
    return sum(match.length for match in matches)


def _strong_matches(matches: Iterable[Match], words: int) -> dict[BlockType, list[Match]]:
    """Matches by type, of the groups whose phrases decide a block of so many words alone."""
    found: dict[BlockType, list[Match]] = {}
    for match in matches:
        kind, longest = _DECISIVE.get(match.group, _NOTHING)
        if kind is not None and words <= longest:
            found.setdefault(kind, []).append(match)
    return found


def _phrase_decides(
    evidence: Evidence, block: int, kind: BlockType, matches: list[Match], *, continued: bool
) -> bool:
    words = evidence.words[block]
    if _is_menu_link(evidence, block) and kind is not BlockType.NAVIGATION:
        return False
    if words > SHORT_WORDS and not continued and not _opens_or_names(matches):
        return False
    if kind is BlockType.AUTHOR_BIO and words < BIO_WORDS and block < evidence.first:
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
    strengths = ((GROUP_TYPES[match.group][1], match.start) for match in matches)
    return any(
        strength == "" or (strength == "heading" and start <= OPENING_TOKENS) for strength, start in strengths
    )


def _is_menu_link(evidence: Evidence, block: int) -> bool:
    """Menu and footer links are navigation even when they say "Subscribe" or "Cookie settings"."""
    if evidence.link_share[block] < 0.8:
        return False
    hint = evidence.group_hint[block]
    in_menu = hint is not None and hint.type is BlockType.NAVIGATION
    return in_menu or bool(evidence.areas[block] & _MENUS)
