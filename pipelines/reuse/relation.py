"""How a later story relates to an earlier one, with the figures that a person can check it by.

Word for word copies are told by their shingles. What was reworded or translated shares none; there the names
and numbers tell, which stand in the same order in a text made from another and are much the same ones, while
two reports of one event share the few that the event is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pipelines.reuse.days import days_named, latest
from pipelines.reuse.figures import (
    Figures,
    fact_figures,
    names_heard,
    other_language,
    shingle_figures,
    spaced,
)
from pipelines.reuse.reading import Reading
from pipelines.reuse.thresholds import THRESHOLDS, Thresholds


class RelationKind(StrEnum):
    """What a later story is to an earlier one."""

    VERBATIM = "verbatim"
    EDITED = "edited"
    EXCERPT = "excerpt"
    REWRITTEN = "rewritten"
    TRANSLATED = "translated"
    INDEPENDENT = "independent"
    FOLLOWUP = "followup"
    UNRELATED = "unrelated"

    @property
    def derived(self) -> bool:
        """Whether one of the two was made from the other, or both from a third."""
        return self in _DERIVED


_DERIVED: Final = frozenset(
    {
        RelationKind.VERBATIM,
        RelationKind.EDITED,
        RelationKind.EXCERPT,
        RelationKind.REWRITTEN,
        RelationKind.TRANSLATED,
    }
)


@dataclass(frozen=True, slots=True)
class Relation:
    """What a later story is to an earlier one, why in one sentence, and the figures."""

    kind: RelationKind
    reason: str
    figures: Figures

    def to_record(self) -> dict[str, Any]:
        """The reason and the figures as plain data."""
        return {"reason": self.reason, **self.figures.to_record()}


def relate(later: Reading, earlier: Reading, thresholds: Thresholds = THRESHOLDS) -> Relation:
    """What `later` is to `earlier`.

    The order is the caller's; two stories made from each other or from a third are derived either way round.
    """
    figures = shingle_figures(later, earlier)
    kind = _by_shingles(figures, thresholds)
    if kind is not None:
        return Relation(kind, _copy_reason(kind, figures), figures)
    figures = fact_figures(later, earlier, figures)
    foreign = other_language(later, earlier)
    reworked = _translated if foreign else _reworded
    why = reworked(later, earlier, figures, thresholds)
    if why:
        kind = RelationKind.TRANSLATED if foreign else RelationKind.REWRITTEN
        return Relation(kind, why, figures)
    return _not_derived(later, earlier, figures, thresholds)


def is_part(one: Reading, other: Reading, thresholds: Thresholds = THRESHOLDS) -> bool:
    """Whether the first story is an excerpt of the second."""
    return _by_shingles(shingle_figures(one, other), thresholds) is RelationKind.EXCERPT


# --- Copies ----------------------------------------------------------------------------------------


def _by_shingles(figures: Figures, thresholds: Thresholds) -> RelationKind | None:
    least, most = sorted((figures.of_later, figures.of_earlier))
    if least >= thresholds.verbatim:
        return RelationKind.VERBATIM
    if most < thresholds.copied:
        return None
    if figures.of_later >= thresholds.excerpt and figures.of_earlier < thresholds.whole * figures.of_later:
        return RelationKind.EXCERPT
    return RelationKind.EDITED


def _copy_reason(kind: RelationKind, figures: Figures) -> str:
    shares = (
        f"{figures.of_later:.0%} of the later text's word sequences stand in the earlier, "
        f"{figures.of_earlier:.0%} of the earlier's in the later"
    )
    return {
        RelationKind.VERBATIM: f"word for word: {shares}",
        RelationKind.EXCERPT: f"a part of the earlier: {shares}",
        RelationKind.EDITED: f"copied with changes: {shares}",
    }[kind]


# --- Rewrites and translations ---------------------------------------------------------------------


def _reworded(later: Reading, earlier: Reading, figures: Figures, thresholds: Thresholds) -> str | None:
    """Why the later text is a rewrite in the same language; `None` if it is not."""
    if figures.wording < thresholds.reworded_words:
        return None
    if later.tells_names and earlier.tells_names:
        enough = figures.facts + figures.wording >= thresholds.reworded
        if enough and figures.facts_weight >= thresholds.reworded_weight:
            return (
                f"{figures.facts:.0%} of the names and numbers in the same order, "
                f"{figures.wording:.0%} with the words, few of them in a row"
            )
        return None
    heavy = figures.numbers_weight >= thresholds.numbers_weight
    if figures.numbers >= thresholds.foreign_numbers and heavy and figures.order >= thresholds.ordered:
        return (
            f"{figures.numbers:.0%} of the numbers and {figures.wording:.0%} of the words in the same order"
        )
    if figures.order >= thresholds.ordered_alone and figures.wording_weight >= thresholds.wording_weight:
        return f"{figures.wording:.0%} of the words in the same order, and hardly any in another"
    return None


def _translated(later: Reading, earlier: Reading, figures: Figures, thresholds: Thresholds) -> str | None:
    """Why the later text is a translation; `None` if it is not."""
    if figures.facts >= thresholds.foreign_facts and figures.facts_weight >= thresholds.foreign_weight:
        return f"another language, and {figures.facts:.0%} of the names and numbers in the same order"
    heavy = figures.numbers_weight >= thresholds.numbers_weight
    if figures.numbers >= thresholds.foreign_numbers and heavy:
        return f"another language, and {figures.numbers:.0%} of the numbers in the same order"
    paragraphs = min(len(later.lengths), len(earlier.lengths))
    if (
        figures.length_cost is not None
        and figures.length_cost <= thresholds.lengths
        and figures.numbers >= thresholds.lengths_numbers
        and paragraphs >= thresholds.lengths_paragraphs
    ):
        return (
            f"another language, {paragraphs} paragraphs whose lengths follow one another, "
            f"and {figures.numbers:.0%} of the numbers in the same order"
        )
    return None


# --- Work of one's own -----------------------------------------------------------------------------


def _not_derived(later: Reading, earlier: Reading, figures: Figures, thresholds: Thresholds) -> Relation:
    names = f"{figures.shared_names} names in common"
    apart = abs(figures.hours) if figures.hours is not None else None
    if figures.topic < _least_topic(later, earlier, thresholds):
        return Relation(RelationKind.UNRELATED, f"{names}, not the same event", figures)
    if apart is None:
        return Relation(RelationKind.INDEPENDENT, f"{names}, in other words; no date tells more", figures)
    if apart > thresholds.same_event_days * 24:
        return Relation(RelationKind.UNRELATED, f"{names}, but {apart / 24:.0f} days apart", figures)
    since = _happened_since(later, earlier, thresholds)
    if since:
        return Relation(RelationKind.FOLLOWUP, f"{names}, and {since}", figures)
    return Relation(RelationKind.INDEPENDENT, f"{names}, in other words and another order", figures)


def _least_topic(later: Reading, earlier: Reading, thresholds: Thresholds) -> float:
    """The cosine that two reports of one event have at the least, by what it could be taken of."""
    if (later.tells_names or earlier.tells_names) and not names_heard(later, earlier):
        return thresholds.same_names
    return thresholds.same_words if spaced(later) and spaced(earlier) else thresholds.same_characters


def _happened_since(later: Reading, earlier: Reading, thresholds: Thresholds) -> str | None:
    """What tells that the later story is of something that happened after the earlier one; else `None`."""
    published, before = later.published, earlier.published
    if published is None or before is None:
        return None
    hours = (published - before).total_seconds() / 3600
    if hours < thresholds.followup_hours:
        return None
    days = days_named("\n".join(later.sentences), later.language)
    happened = max((latest(day, published.date()) for day in days), default=None)
    if happened is None:
        return f"it came {hours:.0f} hours later" if hours >= thresholds.later_event_hours else None
    return f"it tells of {happened.isoformat()}" if happened > before.date() else None
