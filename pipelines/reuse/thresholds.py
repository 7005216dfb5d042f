"""Where the figures of two stories part one relation from another.

Set between what was measured on stories told nine times each, in thirteen languages (`benchmarks.reuse`), and
on texts made up to be hard (the same stories without capitals, and in a script of which only numbers can be
read); each stands near the middle of the gap that it names.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Shares are 0 to 1, weights those of `alignment`, times in hours."""

    verbatim: float = 0.95
    """Share of shingles, in both directions, of a text that is word for word the other. Copies have 1.0, or a
    little less with a house style of their own; edited ones at most 0.83."""

    copied: float = 0.3
    """Share of one text's shingles that the other has, from which it was copied. Edited copies have 0.7 and
    more, machine translations there and back at most 0.13, reports of one speech that quote it 0.12."""

    excerpt: float = 0.6
    """Share of the later text's shingles, from which it is a part of the earlier, if …"""

    whole: float = 0.6
    """… less than this, as a share of that, of the earlier stands in it. Excerpts have at most 0.45, edited
    ones 0.9."""

    reworded: float = 0.79
    """Sum of the shares of facts and of wording. Rewrites have 0.90 and more, independent reports and
    followups at most 0.69."""

    reworded_words: float = 0.17
    """Share of wording that a rewrite has at the least: 0.24 were found, of followups 0.14."""

    reworded_weight: float = 6.0
    """Weight of the facts that a rewrite has at the least: a note of two sentences shares all of its three
    names with any report of the event."""

    ordered: float = 0.88
    """Share of wording in order, of wording in any order, of rewrites where no names can be told. Rewrites
    have 0.93 and more, independent reports at most 0.85."""

    ordered_alone: float = 0.93
    """The same where no numbers tell either; such rewrites have 0.97 and more."""

    wording_weight: float = 15.0
    """Weight of the words that are then in order, at the least: two sentences may be so by chance."""

    foreign_facts: float = 0.56
    """Share of facts that a translation keeps: 0.71 and more (0.6 of rewrites); followups have 0.44."""

    foreign_weight: float = 3.5
    """Weight of those facts; translated excerpts have 3.9."""

    foreign_numbers: float = 0.55
    """Share of numbers that a translation keeps where names cannot be read: 0.63 and more, others with …"""

    numbers_weight: float = 3.3
    """… as much weight 0.35. A single number that both have weighs 2 at most."""

    lengths: float = 0.75
    """Cost of the pairing by lengths of paragraphs up to which a translation is told by them and some
    numbers: translations have 0.64 at most, others 1.1 and more."""

    lengths_paragraphs: int = 6
    """Paragraphs that such a pairing needs: fewer follow one another by chance."""

    lengths_numbers: float = 0.4
    """Share of numbers that has to stand in the same order as well."""

    same_event_days: float = 14.0
    """Days between two reports of one event, at the most."""

    same_names: float = 0.105
    """Cosine of the names of two such reports: 0.11 and more were found, of unrelated ones 0.1 at most,
    0.07 in 19 of 20 cases."""

    same_words: float = 0.2
    """Cosine of their words, where names cannot be told: two reports in German have 0.28 and more, unrelated
    ones 0.12 at most. So much is also asked of names that are told in one of two languages: nine in ten
    texts have fewer words that happen to sound like them."""

    same_characters: float = 0.11
    """Cosine of their pairs of characters, in scripts that write no spaces: 0.17 of one event, else 0.05."""

    followup_hours: float = 18.0
    """Hours in which the news of a day is written up, so that nothing is a followup yet."""

    later_event_hours: float = 36.0
    """Hours after which a report that names no day is of what came later."""


THRESHOLDS = Thresholds()
"""The thresholds that the corpus is compared with."""
