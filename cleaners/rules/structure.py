"""What the elements around a block, and their names, say of it. Plain text has none of this."""

from __future__ import annotations

from typing import Final

from cleaners.article import BlockType
from cleaners.names import NameHint
from cleaners.rules.decision import Decision
from cleaners.rules.evidence import Evidence
from cleaners.tree import region_mask

WEAK_HINT_WORDS: Final = 12
"""A name that articles' own parts bear too decides blocks of at most this many words."""

LINKED: Final = 0.6
"""A block with at least this share of its characters in links is a link."""

HEADLINE_WORDS: Final = 5
"""A link of at least this many words is another article's headline, a shorter one a menu item."""

NAMED_BYLINE_WORDS: Final = 20
"""A longer block is not a byline, whatever its author calls it."""

FOOTER_LABEL_WORDS: Final = 6
"""A longer text in a footer that is no link is a notice or an address rather than a label."""

FOOTER_LINK_WORDS: Final = 3
"""Up to this many words, text in a footer is a menu item even where it is no link."""

ABOVE_ARTICLE: Final = 12
"""Blocks above the article's first paragraph in which its byline and pictures may stand."""

BELOW_ARTICLE: Final = 4
"""The same below its last paragraph."""

_NAV: Final = region_mask("nav")
_FOOTER: Final = region_mask("footer")
_FIGCAPTION: Final = region_mask("figcaption")
_CONTROL: Final = region_mask("control")
_ADDRESS: Final = region_mask("address")
_DECIDING: Final = _NAV | _FOOTER | _FIGCAPTION | _CONTROL | _ADDRESS
"""Elements of which one must stand around a block without names that tell, for a rule here to decide it."""

_PAGING: Final = frozenset({"pagination", "pager", "paging", "post navigation"})


def decide_structure(evidence: Evidence, decisions: list[Decision | None]) -> None:
    """Decide by names, sectioning elements and form controls."""
    if not evidence.document.has_markup:
        return
    telling = zip(evidence.areas, evidence.group_hint, evidence.local_hint, strict=True)
    for block, (areas, group, local) in enumerate(telling):
        if decisions[block] is None and (group or local or areas & _DECIDING):
            decisions[block] = (
                _figure(evidence, block)
                or _named(evidence, block)
                or _local(evidence, block)
                or _area(evidence, block)
            )


def _figure(evidence: Evidence, block: int) -> Decision | None:
    areas = evidence.areas[block]
    hint = evidence.group_hint[block]
    if areas & _FIGCAPTION and not (hint and hint.type is BlockType.RELATED):
        return Decision(BlockType.CAPTION, "figcaption", "inside figcaption")
    local = evidence.local_hint[block]
    if local and local.type is BlockType.CAPTION and not areas & _NAV and _beside_article(evidence, block):
        return Decision(BlockType.CAPTION, "caption-name", f"class tokens: {local.word}")
    return None


def _named(evidence: Evidence, block: int) -> Decision | None:
    hint = evidence.group_hint[block]
    if hint is None:
        return None
    if hint.type is BlockType.RELATED and evidence.areas[block] & _NAV:
        return None
    if _reads_like_article(evidence, block) and (hint.weak or hint.type is BlockType.ADVERTISEMENT):
        return None
    if hint.weak and evidence.words[block] > WEAK_HINT_WORDS:
        return None
    if hint.type is BlockType.NAVIGATION and evidence.link_share[block] < LINKED:
        return _unlinked_in_menu(evidence, block, hint)
    if hint.word in _PAGING and evidence.words[block] >= HEADLINE_WORDS:
        return Decision(BlockType.RELATED, "paged-headline", "headline of the previous or next article")
    return Decision(hint.type, "weak-name" if hint.weak else "name", f"class tokens: {hint.word}")


def _unlinked_in_menu(evidence: Evidence, block: int, hint: NameHint) -> Decision | None:
    """Text in a footer that is no link: notices and addresses rather than a menu."""
    if hint.word == "footer" or evidence.areas[block] & _FOOTER:
        if evidence.words[block] > FOOTER_LABEL_WORDS:
            return Decision(BlockType.OTHER, "footer-text", "text in the footer")
        return None
    if evidence.prose[block]:
        return None
    return Decision(BlockType.NAVIGATION, "menu-label", f"class tokens: {hint.word}")


def _local(evidence: Evidence, block: int) -> Decision | None:
    local = evidence.local_hint[block]
    if local is None or local.type is not BlockType.BYLINE or evidence.words[block] > NAMED_BYLINE_WORDS:
        return None
    if not _beside_article(evidence, block):
        return None
    return Decision(BlockType.BYLINE, "byline-name", f"class tokens: {local.word}")


def _area(evidence: Evidence, block: int) -> Decision | None:
    areas, words = evidence.areas[block], evidence.words[block]
    linked = evidence.link_share[block] >= LINKED
    if areas & _NAV and words <= WEAK_HINT_WORDS:
        return Decision(BlockType.NAVIGATION, "nav", "inside a nav element")
    if areas & _FOOTER and not evidence.in_root[block]:
        kind = BlockType.NAVIGATION if linked or words <= FOOTER_LINK_WORDS else BlockType.OTHER
        return Decision(kind, "footer", "inside the footer")
    if areas & _CONTROL and words <= WEAK_HINT_WORDS and not evidence.prose[block]:
        kind = BlockType.NAVIGATION if _before_article(evidence, block) else BlockType.OTHER
        return Decision(kind, "control", "form control or button")
    if areas & _ADDRESS:
        return Decision(BlockType.OTHER, "address", "inside an address element")
    return None


def _before_article(evidence: Evidence, block: int) -> bool:
    return block < evidence.first or evidence.last < 0


def _beside_article(evidence: Evidence, block: int) -> bool:
    """Whether the block is inside the content root or within a few blocks of the article."""
    return evidence.in_root[block] or (
        evidence.last >= 0 and evidence.first - ABOVE_ARTICLE <= block <= evidence.last + BELOW_ARTICLE
    )


def _reads_like_article(evidence: Evidence, block: int) -> bool:
    return evidence.in_root[block] and evidence.prose[block] and evidence.first <= block <= evidence.last
