"""What an export is asked for: which articles, in which form, and which duplicates are left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

UNDETERMINED: Final = "und"
"""The language of texts whose language is not known (ISO 639-2, BCP 47)."""

DEFAULT_FILE_SIZE: Final = 256_000_000
"""Bytes after which a new file is begun: few files, and each is still quickly fetched and split up."""

_LANGUAGE: Final = re.compile("[a-z]{2,3}")


class Form(StrEnum):
    """How the rows are written."""

    PARQUET = "parquet"
    JSONL = "jsonl"


class Relation(StrEnum):
    """How an article relates to the others; from "verbatim" to "unknown" ever further from its origin."""

    SINGLE = "single"
    UNCOMPARED = "uncompared"
    ORIGINAL = "original"
    VERBATIM = "verbatim"
    EDITED = "edited"
    EXCERPT = "excerpt"
    REWRITTEN = "rewritten"
    TRANSLATED = "translated"
    UNKNOWN = "unknown"


DUPLICATES: Final = (
    Relation.VERBATIM,
    Relation.EDITED,
    Relation.EXCERPT,
    Relation.REWRITTEN,
    Relation.TRANSLATED,
    Relation.UNKNOWN,
)
"""The relations of an article to another one of its cluster, the closest first."""


class Filter(StrEnum):
    """What refuses an article, in the order in which they are asked."""

    LANGUAGE = "language"
    SITE = "site"
    EXCLUDED_SITE = "excluded_site"
    RELATION = "relation"
    MIN_WORDS = "min_words"
    MAX_WORDS = "max_words"
    MIN_KEPT_SHARE = "min_kept_share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which articles are wanted; what is empty or `None` refuses nothing.

    `languages` are ISO 639-1 codes, or "und". `min_words` and `max_words` are bounds of the text's words,
    both inclusive. `min_kept_share` is a share from 0 to 1 of the words on the page (`kept_share`). `sites`
    and `excluded_sites` are names as in the column `site`.
    """

    languages: frozenset[str] = frozenset()
    min_words: int | None = None
    max_words: int | None = None
    min_kept_share: float | None = None
    sites: frozenset[str] = frozenset()
    excluded_sites: frozenset[str] = frozenset()
    relations: frozenset[Relation] = frozenset()

    def __post_init__(self) -> None:
        """Check what was given. Raises `ValueError` for what no article could pass, or is no language."""
        for language in sorted(self.languages):
            if not _LANGUAGE.fullmatch(language):
                raise ValueError(
                    f"the language {language!r} is not a code such as 'en', nor 'und' for unknown"
                )
        if self.min_words is not None and self.max_words is not None and self.min_words > self.max_words:
            raise ValueError(f"no text has {self.min_words:,} words or more and {self.max_words:,} or fewer")
        if self.min_kept_share is not None and not 0 <= self.min_kept_share <= 1:
            raise ValueError(f"the kept share {self.min_kept_share:g} is not between 0 and 1")
        if both := sorted(self.sites & self.excluded_sites):
            raise ValueError(f"the site {both[0]!r} is both wanted and excluded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is written: the articles that pass `filters`, in which form and in files of which size.

    `dedup` holds the relations that make an article a duplicate of another one of its cluster; duplicates are
    left out, and listed. Empty is all articles. `file_size` is in bytes.
    """

    filters: Filters = Filters()
    dedup: frozenset[Relation] = frozenset()
    form: Form = Form.PARQUET
    file_size: int = DEFAULT_FILE_SIZE

    def __post_init__(self) -> None:
        """Check what was given. Raises `ValueError` for a relation that makes no duplicate, or no size."""
        if wrong := sorted(self.dedup - set(DUPLICATES)):
            raise ValueError(
                f"{str(wrong[0])!r} articles are duplicates of none; {', '.join(DUPLICATES)} may be"
            )
        if self.file_size < 1:
            raise ValueError(f"a file of {self.file_size} bytes holds nothing")
