"""The quality card as Markdown: what a person reads, and the dataset card that `datasets` reads.

Names of sites and warnings come from pages; they are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pipelines.export.card import Card, Quantiles, Span
from pipelines.export.options import DUPLICATES, UNDETERMINED, Form, Relation

_ISO_639_1: Final = re.compile("[a-z]{2}")
_PUNCTUATION: Final = re.compile(r"([\\`*_{}\[\]<>()#|~&!$])")
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_MOST: Final = 200  # characters of a name that are shown
_SIZES: Final = (
    (1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"),
)  # fmt: skip


def to_readme(card: Card) -> str:
    """The card as Markdown with the front matter of a dataset card."""
    parts = [
        _front_matter(card),
        "# A corpus of articles\n\nCollected, cleaned and exported by Thresher. One row is an article; "
        "`card.json` has the figures below as data.",
        _notes(card),
        _account(card),
        _amounts(card),
        _spread(card),
        _removed(card),
        _table("Commonest warnings", ("Warning", "Articles"), ((w.name, w.articles) for w in card.warnings)),
        _table(
            "Files",
            ("File", "Rows", "Bytes", "SHA-256"),
            ((file.name, file.rows, file.bytes, file.sha256) for file in card.files),
        ),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def warnings(card: Card) -> list[str]:
    """What speaks against taking the corpus for what was asked for, a sentence each."""
    said = []
    if card.uncompared:
        said.append(
            f"{card.uncompared:,} of {card.written.articles:,} articles have not been compared with the"
            " others yet (thresher relate does it): copies of them may be in the corpus."
        )
    if card.absent_sites:
        said.append(f"The database has no article of {', '.join(card.absent_sites)}.")
    return said


def _properties(card: Card) -> list[str]:
    """What else a consumer must know, a sentence each."""
    unknown = card.relations.get(Relation.UNKNOWN, 0)
    said = []
    if not card.asked.dedup:
        said.append("Duplicates were not left out: an article may stand here in several copies.")
    if card.asked.dedup and len(card.asked.dedup) < len(DUPLICATES):
        said.append(f"Of duplicates only these were left out: {', '.join(card.asked.dedup)}.")
    if unknown:
        said.append(f"Articles with copies whose origin is not known, or not in the database: {unknown:,}.")
    if card.gone:
        said.append(f"Articles whose pages have since been removed from their sites: {card.gone:,}.")
    return said


def _front_matter(card: Card) -> str:
    suffix = "parquet" if card.asked.form is Form.PARQUET else "jsonl.zst"
    languages = [one.language for one in card.languages if _ISO_639_1.fullmatch(one.language)]
    size = next((name for bound, name in _SIZES if card.written.articles < bound), "100M<n<1B")
    lines = ["---"]
    lines += ["language:", *(f'- "{language}"' for language in languages)] if languages else []
    lines += ["size_categories:", f"- {size}", "configs:", "- config_name: articles", "  default: true"]
    lines += ["  data_files:", "  - split: train", f'    path: "part-*.{suffix}"']
    if card.asked.dedup:
        lines += ["- config_name: duplicates", "  data_files:", "  - split: train"]
        lines += [f'    path: "duplicates.{suffix}"']
    return "\n".join([*lines, "---"])


def _notes(card: Card) -> str:
    said = [
        *warnings(card),
        *_properties(card),
        "The texts belong to those who wrote and published them; this card gives no licence to them.",
        "Numbers of tokens are estimates from the characters of each script, not counts.",
    ]
    return "## What to know\n\n" + "\n".join(f"- {_escaped(line)}" for line in said)


def _account(card: Card) -> str:
    """Where every article of the database went."""
    rows: list[tuple[str, object]] = [("in the database", card.considered)]
    rows += [(f"refused by {_filter(card, name.value)}", number) for name, number in card.refused.items()]
    rows += [(f"left out as {name.value} duplicates", number) for name, number in card.removed.items()]
    return _table("Which articles", ("Articles", "Number"), [*rows, ("written", card.written.articles)])


def _filter(card: Card, name: str) -> str:
    value = getattr(
        card.asked,
        {
            "language": "languages",
            "site": "sites",
            "excluded_site": "excluded_sites",
            "relation": "relations",
        }.get(name, name),
    )
    said = ", ".join(value) if isinstance(value, list) else str(value)
    return f"{name.replace('_', ' ')} ({said})"


def _amounts(card: Card) -> str:
    columns = ("Articles", "Words", "Characters", "Bytes", "Tokens, estimated")

    def figures(one: object) -> list[object]:
        return [getattr(one, name) for name in ("articles", "words", "characters", "bytes", "tokens")]

    languages = [
        ["not known" if one.language == UNDETERMINED else one.language, *figures(one)]
        for one in card.languages
    ]
    tables = [
        _table("Languages", ("Language", *columns), [*languages, ["all", *figures(card.written)]]),
        _table(
            f"The largest of {card.sites:,} sites" if card.sites > len(card.largest_sites) else "Sites",
            ("Site", "Articles", "Words"),
            [(one.site or "none", one.articles, one.words) for one in card.largest_sites],
        ),
        _table("Relations", ("Relation", "Articles"), card.relations.items()),
    ]
    return "\n\n".join(table for table in tables if table)


def _spread(card: Card) -> str:
    def row(name: str, found: Quantiles | None) -> Iterator[list[object]]:
        if found is not None:
            yield [
                name,
                *(f"{value:,g}" if value < 1 else f"{value:,.0f}" for value in found.model_dump().values()),
            ]

    def times(name: str, span: Span) -> list[object]:
        days = [moment.date().isoformat() if moment else "–" for moment in (span.first, span.last)]
        return [name, *days, span.without]

    return "\n\n".join(
        [
            _table(
                "Spread over articles",
                ("", "least", "5 %", "25 %", "50 %", "75 %", "95 %", "greatest"),
                [*row("words", card.words), *row("kept share", card.kept_share)],
            ),
            _table(
                "Times",
                ("", "First", "Last", "Articles without"),
                [times("published", card.published), times("fetched", card.fetched)],
            ),
        ]
    )


def _removed(card: Card) -> str:
    rows = [(one.type, one.blocks, one.words, f"{100 * one.share:.1f} %") for one in card.boilerplate]
    return _table("Boilerplate removed from these pages", ("Type", "Blocks", "Words", "Of all words"), rows)


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A section with a table; empty without rows."""
    cells = [[_cell(value) for value in row] for row in rows]
    if not cells:
        return ""
    rule = ["---", *("---:" for _ in columns[1:])]
    return f"## {title}\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in [columns, rule, *cells])


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else _escaped(str(value))


def _escaped(text: str) -> str:
    shown = text if len(text) <= _MOST else f"{text[:_MOST]}…"
    return _PUNCTUATION.sub(r"\\\1", _CONTROLS.sub("\ufffd", shown))
