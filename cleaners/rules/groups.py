"""Blocks that belong to a group whose type one of them tells.

The heading, text, fields and small print of one box share a type, and the telling phrase stands in only
one of them: a heading ("Related posts"), or a plea's "remind me later".
"""

from __future__ import annotations

from typing import Final

from cleaners.article import BlockType
from cleaners.reading import group_mask
from cleaners.rules.decision import Decision
from cleaners.rules.evidence import Evidence
from cleaners.rules.phrases import GROUP_TYPES, MEDIUM_WORDS, SHORT_WORDS, typed_groups
from cleaners.tree import region_mask

PLEA_REACH: Final = 8
"""Blocks between two signals of one plea, at most; pleas on the gold pages have up to 14 blocks."""

PLEA_SIGNALS: Final = 4
"""Signals that make a plea: a request, and a heading, a closing line or a second request."""

STRONG_SIGNAL: Final = 2
"""The weight of a phrase that is hardly used outside pleas."""

HEADING_COVER: Final = 3
"""One part in how many of a heading's words the phrase must be."""

MENU_LINK_SHARE: Final = 0.5
"""With more of it in a link, a heading inside a nav element is a menu item."""

QUOTED_CHARS: Final = 40
"""Characters of a telling block that a reason quotes."""

_NEVER_PLEA: Final = frozenset({BlockType.TITLE, BlockType.COPYRIGHT, BlockType.ATTRIBUTION})

OPENED_BLOCKS: Final = 60
"""Blocks that a heading may open, at most: a longer list is a section of the page."""

BOX_BLOCKS: Final = 16
"""Blocks of a box that a single phrase inside it decides, at most."""

SECTION_LINES: Final = 5
"""Lines of text that a heading may open: a box's fields and small print."""

_SECTION_LINES: Final = {BlockType.RELATED: 40, BlockType.COMMENTS: 60}
"""The same for types whose sections are lists."""

_OPENED_BY_HEADING: Final = frozenset(
    {BlockType.RELATED, BlockType.COMMENTS, BlockType.NEWSLETTER, BlockType.DONATION, BlockType.SHARING}
    | {BlockType.AUTHOR_BIO, BlockType.ADVERTISEMENT, BlockType.DISCLAIMER, BlockType.MEDIA}
    | {BlockType.PAYWALL}
)
_HEADINGS: Final = typed_groups(*_OPENED_BY_HEADING, strengths=("heading",))

_DECIDED_BY_PHRASE: Final = frozenset(
    {BlockType.NEWSLETTER, BlockType.DONATION, BlockType.PAYWALL, BlockType.CONSENT}
)

_BOXES: Final = frozenset(
    {BlockType.NEWSLETTER, BlockType.DONATION, BlockType.CONSENT, BlockType.COMMENTS, BlockType.PAYWALL}
)


_PLEA: Final = group_mask("donation", "donation_heading", "donation_closing")
_DONATION: Final = group_mask("donation")
_DONATION_HEADING: Final = group_mask("donation_heading")
_WEAK_PLEA: Final = group_mask("donation_weak", "money_words")
_PLEA_SIGNS: Final = _PLEA | _WEAK_PLEA
_PRONOUN_WE: Final = group_mask("pronoun_we")
_NAV: Final = region_mask("nav")


def decide_groups(evidence: Evidence, decisions: list[Decision | None]) -> None:
    """Give the type of a heading, plea or telling phrase to the undecided blocks of its group."""
    _decide_pleas(evidence, decisions)
    _fill_gaps(decisions)
    if evidence.document.has_markup:
        _decide_boxes(evidence, decisions)
    else:
        _decide_sections(evidence, decisions)


def quote(text: str) -> str:
    """The beginning of a telling block's text in quotation marks, as reasons give it."""
    return f"“{text[:QUOTED_CHARS]}”"


def opens_group(evidence: Evidence, block: int) -> BlockType | None:
    """The type of the group that the block's words open as a heading, if any."""
    if not evidence.groups[block] & _HEADINGS or evidence.words[block] > SHORT_WORDS:
        return None
    for match in evidence.matches[block]:
        kind, strength = GROUP_TYPES[match.group]
        if (
            strength == "heading"
            and kind in _OPENED_BY_HEADING
            and match.length * HEADING_COVER >= evidence.tokens[block]
        ):
            return kind
    return None


# Pleas


def _decide_pleas(evidence: Evidence, decisions: list[Decision | None]) -> None:
    """A plea runs from its greeting or heading to its closing line, and its middle reads like prose."""
    telling = [block for block, groups in enumerate(evidence.groups) if groups & _PLEA_SIGNS]
    signals = {
        block: signal for block in telling if (signal := _plea_signal(evidence, block)) >= STRONG_SIGNAL
    }
    for run in _runs(list(signals), PLEA_REACH):
        asks = any(_asks_for_money(evidence, block) for block in run)
        if asks and len(run) > 1 and sum(signals[block] for block in run) >= PLEA_SIGNALS:
            _decide_plea(evidence, decisions, run)


def _runs(blocks: list[int], reach: int) -> list[list[int]]:
    """Groups of ascending block numbers in which no step is wider than `reach`."""
    runs: list[list[int]] = []
    for block in blocks:
        if runs and block - runs[-1][-1] <= reach:
            runs[-1].append(block)
        else:
            runs.append([block])
    return runs


def _plea_signal(evidence: Evidence, block: int) -> int:
    """How strongly a block speaks for a plea: phrases of pleas count 2, words that others use too 1."""
    groups = evidence.groups[block]
    signal = 2 * (groups & _PLEA).bit_count()
    if groups & _PRONOUN_WE and groups & _WEAK_PLEA:
        signal += min(2, _weak_words(evidence, block))
    return signal


def _weak_words(evidence: Evidence, block: int) -> int:
    """Different words of the block that pleas use and other texts too."""
    weak = ("donation_weak", "money_words")
    return len({match.phrase for match in evidence.matches[block] if match.group in weak})


def _asks_for_money(evidence: Evidence, block: int) -> bool:
    groups = evidence.groups[block]
    return bool(groups & _DONATION or (groups & _PRONOUN_WE and _weak_words(evidence, block) >= 2))


def _decide_plea(evidence: Evidence, decisions: list[Decision | None], strong: list[int]) -> None:
    for block in range(_plea_start(evidence, strong[0]), strong[-1] + 1):
        decision = decisions[block]
        if decision is None or decision.type not in _NEVER_PLEA:
            decisions[block] = Decision(BlockType.DONATION, "plea", "part of a plea for donations")


def _plea_start(evidence: Evidence, block: int) -> int:
    """The plea's heading or greeting close before its first signal; else the first of its "we" sentences."""
    start = block
    for before in range(block - 1, max(-1, block - PLEA_REACH - 1), -1):
        if evidence.groups[before] & _DONATION_HEADING and evidence.words[before] <= SHORT_WORDS:
            return before
        if start == before + 1 and evidence.groups[before] & _PRONOUN_WE:
            start = before
    return start


def _fill_gaps(decisions: list[Decision | None]) -> None:
    """A block between two blocks of one box belongs to the box: a button between its lines."""
    for block in range(1, len(decisions) - 1):
        before = decisions[block - 1]
        if decisions[block] is None and before is not None and before.type in _BOXES:
            after = decisions[block + 1]
            if after is not None and after.type is before.type:
                decisions[block] = Decision(before.type, "gap", "between two blocks of the same box")


# Boxes: HTML


def _decide_boxes(evidence: Evidence, decisions: list[Decision | None]) -> None:
    for block, groups in enumerate(evidence.groups):
        kind = opens_group(evidence, block) if groups & _HEADINGS else None
        if kind is not None and not _is_linked_menu(evidence, block):
            _fill_after_heading(evidence, decisions, block, kind)
    for block, decision in enumerate(decisions):
        if decision is not None and decision.rule == "phrase" and decision.type in _DECIDED_BY_PHRASE:
            _fill_box(evidence, decisions, block, decision.type)


def _is_linked_menu(evidence: Evidence, block: int) -> bool:
    return bool(evidence.areas[block] & _NAV) and evidence.link_share[block] > MENU_LINK_SHARE


def _fill_after_heading(
    evidence: Evidence, decisions: list[Decision | None], block: int, kind: BlockType
) -> None:
    """The rest of the smallest container that the heading shares with other blocks."""
    node = _box_of(evidence, block, OPENED_BLOCKS)
    if node is None:
        return
    heading = quote(evidence.segments.text[block])
    for inside in range(block, evidence.segments.nodes.last_block[node]):
        if inside > block and evidence.heading[inside] and opens_group(evidence, inside) not in (None, kind):
            return
        if decisions[inside] is None:
            decisions[inside] = Decision(kind, "under-heading", f"under the heading {heading}")


def _fill_box(evidence: Evidence, decisions: list[Decision | None], block: int, kind: BlockType) -> None:
    node = _box_of(evidence, block, BOX_BLOCKS)
    if node is None:
        return
    nodes = evidence.segments.nodes
    for inside in range(nodes.first_block[node], nodes.last_block[node]):
        if decisions[inside] is None and evidence.words[inside] <= MEDIUM_WORDS:
            reason = f"in one box with {quote(evidence.segments.text[block])}"
            decisions[inside] = Decision(kind, "same-box", reason)


def _box_of(evidence: Evidence, block: int, most: int) -> int | None:
    """The smallest element around the block with other blocks in it, unless it reaches into the article."""
    nodes = evidence.segments.nodes
    node = evidence.segments.node[block]
    while node >= 0 and nodes.last_block[node] - nodes.first_block[node] < 2:
        node = nodes.parent[node]
    if node < 0 or nodes.last_block[node] - nodes.first_block[node] > most:
        return None
    if (
        evidence.last >= 0
        and nodes.first_block[node] <= evidence.last
        and nodes.last_block[node] > evidence.first
    ):
        return None
    return node


# Sections: plain text


def _decide_sections(evidence: Evidence, decisions: list[Decision | None]) -> None:
    """After the article, a heading's type holds until a line decides otherwise."""
    current: tuple[BlockType, str] | None = None
    opened = 0
    for block in range(len(decisions)):
        if block <= evidence.last:
            continue
        kind = opens_group(evidence, block)
        if kind is not None:
            current, opened = (kind, quote(evidence.segments.text[block])), block
        decision = decisions[block]
        if decision is not None and kind is None and not _continues(decision, current):
            current = None
        if (
            current is not None
            and decisions[block] is None
            and block - opened <= _SECTION_LINES.get(current[0], SECTION_LINES)
        ):
            decisions[block] = Decision(current[0], "under-heading", f"under the heading {current[1]}")


def _continues(decision: Decision, current: tuple[BlockType, str] | None) -> bool:
    return current is not None and decision.type in (current[0], BlockType.BYLINE)
