"""Lines that say whose a text or a picture is: copyright, first publication, sources, picture credits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from cleaners.article import BlockType
from cleaners.rules.decision import Decision
from cleaners.rules.evidence import Evidence
from cleaners.rules.phrases import NOTICE_WORDS, SHORT_WORDS, labels
from cleaners.tree import region_mask
from cleaners.urls import domain_in

CREDIT_TOKENS: Final = 10
"""Words from a picture's credit to the end of its caption, at most."""

LABEL_CHARS: Final = 24
"""Characters in which the colon after "Source" stands."""

_MARK: Final = re.compile(r"©|\(c\)\s*(?:19|20)\d\d", re.I)
_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_LABEL_END: Final = re.compile(r"\s{0,2}[:©]")
_FIGURE: Final = region_mask("figure", "figcaption")


def copyright_notice(evidence: Evidence, block: int) -> Decision | None:
    """A copyright mark: a picture's inside the article, the site's outside."""
    text = evidence.segments.text[block]
    if evidence.words[block] > NOTICE_WORDS[BlockType.COPYRIGHT] or not _MARK.search(text):
        return None
    inside = evidence.first <= block < evidence.last
    if _beside_picture(evidence, block) or inside:
        return Decision(BlockType.CAPTION, "mark-in-article", "copyright mark beside a picture")
    if _YEAR.search(text) or evidence.words[block] <= SHORT_WORDS:
        return Decision(BlockType.COPYRIGHT, "mark", "copyright mark")
    return None


def first_published_at(evidence: Evidence, block: int, _: Sequence[Decision | None]) -> Decision | None:
    """ "Originally published on": with a site it is attribution, with a date alone it is a byline."""
    if evidence.words[block] > NOTICE_WORDS[BlockType.ATTRIBUTION] or evidence.prose[block]:
        return None
    match = next((found for found in evidence.matches[block] if found.group == "attribution_weak"), None)
    domain = domain_in(evidence.segments.text[block]) if match else None
    if match and domain:
        return Decision(
            BlockType.ATTRIBUTION, "phrase-and-site", f"phrase: {match.phrase}, and a site: {domain}"
        )
    return None


def source_label(evidence: Evidence, block: int, _: Sequence[Decision | None]) -> Decision | None:
    """ "Source: X" on a line of its own."""
    if evidence.words[block] > SHORT_WORDS:
        return None
    for match in labels(evidence, block, LABEL_CHARS):
        if match.group == "source_label":
            if _beside_picture(evidence, block):
                return Decision(BlockType.CAPTION, "source-label", "names the picture's source")
            return Decision(BlockType.ATTRIBUTION, "source-label", f"line opens with “{match.phrase}:”")
    return None


def picture_credit(evidence: Evidence, block: int, _: Sequence[Decision | None]) -> Decision | None:
    """ "Photo: X" in a short block, or at the end of a longer one."""
    words = evidence.words[block]
    if words > NOTICE_WORDS[BlockType.CAPTION]:
        return None
    hint = evidence.group_hint[block]
    if hint is not None and hint.type is BlockType.RELATED:
        return None
    text = evidence.segments.text[block].casefold()
    for match in evidence.matches[block]:
        near_end = words <= SHORT_WORDS or evidence.tokens[block] - match.start <= CREDIT_TOKENS
        if match.group == "picture_label" and near_end and _LABEL_END.match(text, _after(text, match.phrase)):
            return Decision(BlockType.CAPTION, "picture-credit", f"names a picture's maker: {match.phrase}")
    return None


def _after(text: str, phrase: str) -> int:
    """Where the last mention of a phrase in the text ends."""
    return max(0, text.rfind(phrase)) + len(phrase)


def _beside_picture(evidence: Evidence, block: int) -> bool:
    """Whether the block stands in a figure or in what its author calls a caption."""
    local = evidence.local_hint[block]
    named = local is not None and local.type is BlockType.CAPTION
    return named or bool(evidence.areas[block] & _FIGURE)
