"""The quality card of an export: what is in it, what is not and why, as data and as a dataset's card."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from pipelines.export.options import Filter, Form, Relation
from pipelines.export.parts import WrittenFile


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Amount(_Frozen):
    """How much text: of so many articles, with `tokens` estimated (see `docs/export.md`)."""

    articles: int
    words: int
    characters: int
    bytes: int
    tokens: int


class LanguageAmount(Amount):
    """How much text of one language; "und" where it is not known."""

    language: str


class SiteAmount(_Frozen):
    """How much text of one site."""

    site: str | None
    articles: int
    words: int


class BoilerplateAmount(_Frozen):
    """How much of one type was removed; `share` is of all words on the pages, kept ones included."""

    type: str
    blocks: int
    words: int
    share: float


class Quantiles(_Frozen):
    """The spread of a figure: the least value that so many percent of the articles do not exceed."""

    least: float
    p5: float
    p25: float
    p50: float
    p75: float
    p95: float
    greatest: float


class Span(_Frozen):
    """The first and the last of the articles' times, and how many articles have none."""

    first: datetime | None
    last: datetime | None
    without: int


class Counted(_Frozen):
    """How many articles have something that is named, such as a warning."""

    name: str
    articles: int


class Asked(_Frozen):
    """What the export was asked for; lists that are empty asked for nothing."""

    form: Form
    languages: list[str]
    min_words: int | None
    max_words: int | None
    min_kept_share: float | None
    sites: list[str]
    excluded_sites: list[str]
    relations: list[Relation]
    dedup: list[Relation]


class Card(_Frozen):
    """The figures of an export (`card.json`); `docs/export.md` explains them one by one."""

    export_version: int
    record_version: int
    asked: Asked
    considered: int
    refused: dict[Filter, int]
    removed: dict[Relation, int]
    written: Amount
    files: list[WrittenFile]
    languages: list[LanguageAmount]
    sites: int
    largest_sites: list[SiteAmount]
    words: Quantiles | None
    kept_share: Quantiles | None
    boilerplate: list[BoilerplateAmount]
    relations: dict[Relation, int]
    absent_sites: list[str]
    published: Span
    fetched: Span
    gone: int
    warnings: list[Counted]

    @property
    def uncompared(self) -> int:
        """Articles of the export that were not compared with the others: it may hold copies of them."""
        return self.relations.get(Relation.UNCOMPARED, 0)


LARGEST: Final = 50
"""Sites and warnings that the card names."""
