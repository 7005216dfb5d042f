"""The figures of the rows that are written, counted row by row."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from pipelines.export.card import (
    LARGEST,
    Amount,
    BoilerplateAmount,
    Counted,
    LanguageAmount,
    Quantiles,
    SiteAmount,
    Span,
)
from pipelines.export.options import UNDETERMINED, Relation
from pipelines.export.rows import ExportRow

# Characters that one token holds on average, for vocabularies of 100,000 to 250,000 entries that were trained
# on many languages. Nothing is counted with one of them: another vocabulary gives a fifth more or less.
LATIN_CHARACTERS_A_TOKEN: Final = 4.2
OTHER_CHARACTERS_A_TOKEN: Final = 2.8
UNSPACED_CHARACTERS_A_TOKEN: Final = 1.3

_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
_OTHER: Final = re.compile(
    "[\u0370-\u0dff\u0f00-\u0fff\u10a0-\u177f\u1800-\u1dff\u1f00-\u1fff\ua640-\ua69f\ufb1d-\ufdff\ufe70-\ufeff]+"
)
_MOST_WARNINGS: Final = 10_000  # told apart; a page's own words may be in them
_NUMBER: Final = re.compile(r"\d[\d,.]*")
_PERCENTS: Final = (0, 5, 25, 50, 75, 95, 100)
_SHARES: Final = 10_001  # kept shares have four digits


@dataclass(slots=True)
class _Text:
    """How much text of one language. `unspaced` and `other` are characters of scripts that are not Latin."""

    articles: int = 0
    words: int = 0
    characters: int = 0
    bytes: int = 0
    unspaced: int = 0
    other: int = 0

    def add(self, row: ExportRow) -> None:
        text: str = row["text"]
        self.articles += 1
        self.words += row["words"]
        self.characters += len(text)
        if text.isascii():
            self.bytes += len(text)
            return
        self.bytes += len(text.encode())
        self.unspaced += sum(map(len, _UNSPACED.findall(text)))
        self.other += sum(map(len, _OTHER.findall(text)))

    def figures(self) -> dict[str, int]:
        latin = self.characters - self.unspaced - self.other
        tokens = (
            latin / LATIN_CHARACTERS_A_TOKEN
            + self.other / OTHER_CHARACTERS_A_TOKEN
            + self.unspaced / UNSPACED_CHARACTERS_A_TOKEN
        )
        names = ("articles", "words", "characters", "bytes")
        return {**{name: getattr(self, name) for name in names}, "tokens": round(tokens)}


@dataclass(slots=True)
class _Times:
    """The span of a time."""

    first: datetime | None = None
    last: datetime | None = None
    without: int = 0

    def add(self, moment: datetime | None) -> None:
        if moment is None:
            self.without += 1
            return
        self.first = moment if self.first is None else min(self.first, moment)
        self.last = moment if self.last is None else max(self.last, moment)

    def figures(self) -> Span:
        return Span(first=self.first, last=self.last, without=self.without)


class Tally:
    """Counts rows for the card. What it keeps does not grow with their number, but with that of the sites."""

    def __init__(self) -> None:
        """Nothing is counted."""
        self.relations: Counter[Relation] = Counter()
        self.gone = 0
        self._languages: defaultdict[str, _Text] = defaultdict(_Text)
        self._sites: defaultdict[str | None, list[int]] = defaultdict(lambda: [0, 0])
        self._boilerplate: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._warnings: Counter[str] = Counter()
        self._lengths: Counter[int] = Counter()
        self._shares = np.zeros(_SHARES, dtype=np.int64)
        self._page_words = 0
        self._published, self._fetched = _Times(), _Times()

    def add(self, rows: Sequence[ExportRow]) -> None:
        """Count rows."""
        for row in rows:
            self._add(row)

    def _add(self, row: ExportRow) -> None:
        self.relations[Relation(row["relation"])] += 1
        self.gone += row["gone_at"] is not None
        self._languages[row["language"] or UNDETERMINED].add(row)
        site = self._sites[row["site"]]
        site[0] += 1
        site[1] += row["words"]
        self._lengths[row["words"]] += 1
        self._published.add(row["published"])
        self._fetched.add(row["fetched_at"])
        for part in row["boilerplate"]:
            counts = self._boilerplate[part["type"]]
            counts[0] += part["blocks"]
            counts[1] += part["words"]
        self._page_words += row["page_words"]
        if row["kept_share"] is not None:
            self._shares[round(row["kept_share"] * (_SHARES - 1))] += 1
        self._warnings.update({self._kind(warning) for warning in row["warnings"]})

    def _kind(self, warning: str) -> str:
        kind = _NUMBER.sub("N", warning)
        return kind if kind in self._warnings or len(self._warnings) < _MOST_WARNINGS else "others"

    def figures(self) -> dict[str, Any]:
        """The fields of the card that come from the rows."""
        return {
            "written": self._written(),
            "languages": [
                LanguageAmount(language=language, **text.figures())
                for language, text in sorted(
                    self._languages.items(), key=lambda item: (-item[1].words, item[0])
                )
            ],
            "sites": len(self._sites),
            "largest_sites": [
                SiteAmount(site=site, articles=articles, words=words)
                for site, (articles, words) in sorted(
                    self._sites.items(), key=lambda item: (-item[1][1], item[0] or "")
                )[:LARGEST]
            ],
            "words": _quantiles(*zip(*sorted(self._lengths.items()), strict=True)) if self._lengths else None,
            "kept_share": _quantiles(np.arange(_SHARES) / (_SHARES - 1), self._shares),
            "boilerplate": self._removed(),
            "relations": {one: self.relations[one] for one in Relation if self.relations[one]},
            "published": self._published.figures(),
            "fetched": self._fetched.figures(),
            "gone": self.gone,
            "warnings": [
                Counted(name=name, articles=number)
                for name, number in sorted(self._warnings.items(), key=lambda item: (-item[1], item[0]))[
                    :LARGEST
                ]
            ],
        }

    def _written(self) -> Amount:
        parts = [text.figures() for text in self._languages.values()]
        return Amount(**{name: sum(part[name] for part in parts) for name in Amount.model_fields})

    def _removed(self) -> list[BoilerplateAmount]:
        return [
            BoilerplateAmount(
                type=kind, blocks=blocks, words=words, share=round(words / max(self._page_words, 1), 4)
            )
            for kind, (blocks, words) in sorted(
                self._boilerplate.items(), key=lambda item: (-item[1][1], item[0])
            )
        ]


def _quantiles(values: Any, counts: Any) -> Quantiles | None:
    """Quantiles of values, in ascending order, of which each was seen so often."""
    reached = np.cumsum(counts)
    if not len(reached) or not reached[-1]:
        return None
    total = int(reached[-1])
    places = [max(1, -(-percent * total // 100)) for percent in _PERCENTS]  # from 1, in the sorted values
    found = [float(values[int(np.searchsorted(reached, place))]) for place in places]
    return Quantiles(**dict(zip(Quantiles.model_fields, found, strict=True)))
