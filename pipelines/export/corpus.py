"""A corpus out of a database into a folder of files: `export`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection

from cleaners.article import SCHEMA_VERSION
from pipelines.export import schema
from pipelines.export.card import Asked, Card
from pipelines.export.duplicates import Duplicate, duplicates
from pipelines.export.folder import new_folder
from pipelines.export.options import DUPLICATES, Options
from pipelines.export.parts import Parts, WrittenFile
from pipelines.export.readme import to_readme
from pipelines.export.rows import Rows
from pipelines.export.survey import FILTERS, Report, Survey, column, survey
from pipelines.export.tally import Tally
from pipelines.store import Store


class EmptyExportError(ValueError):
    """No article passes the filters; the message says which ones refused how many."""


def export(
    store: Store, folder: Path, options: Options, *, overwrite: bool = False, report: Report | None = None
) -> Card:
    """Write the articles of a database into a new folder; gives the card that it holds as well.

    The same articles with the same relations give the same bytes, whatever the database and whenever they
    came into it. Crawls may go on meanwhile: what is written is one state of the database. `folder` gets its
    name only when all is in it.

    Raises `EmptyExportError` where no article is left, in which case nothing is written, `FileExistsError`
    where something stands at `folder` that is not to be replaced, `ValueError` where the database holds a
    relation that is none, `OSError` where the disk fails, and SQLAlchemy's errors.
    """
    with new_folder(folder, overwrite=overwrite) as partial, store.snapshot() as session:
        run = _Export(session.connection(), partial, options, report or _silent)
        card = run.card(run.write_articles() + run.write_duplicates())
        (partial / schema.CARD).write_text(card.model_dump_json(indent=1) + "\n", encoding="utf-8")
        (partial / schema.README).write_text(to_readme(card), encoding="utf-8")
    return card


class _Export:
    """One export: what it found, which of it is left out, and what it wrote."""

    def __init__(self, connection: Connection, folder: Path, options: Options, report: Report) -> None:
        self._found = survey(connection, options.filters, report)
        chosen = self._found.chosen()
        if not len(chosen):
            raise EmptyExportError(_why_nothing(self._found))
        self._removed: list[Duplicate] = []
        if options.dedup:
            self._removed = duplicates(connection, self._found, chosen, options.dedup)
        self._rows = Rows(connection, self._found)
        self._tally = Tally()
        self._folder = folder
        self._options = options
        self._report = report

    def write_articles(self) -> list[WrittenFile]:
        """Write the articles that stay; gives their files."""
        left_out = np.array([one.removed for one in self._removed], dtype=np.int64)
        positions = self._found.in_order(np.setdiff1d(self._found.chosen(), left_out))
        done = 0
        self._report("Writing", done, len(positions))
        with self._parts(schema.ARTICLES, schema.articles_schema(), self._options.file_size) as parts:
            for batch in self._rows.articles(positions):
                self._tally.add(batch)
                parts.write(batch)
                done += len(batch)
                self._report("Writing", done, len(positions))
        return parts.files

    def write_duplicates(self) -> list[WrittenFile]:
        """Write which articles were left out and for which others; gives the file, if it was asked for."""
        if not self._options.dedup:
            return []
        with self._parts(schema.DUPLICATES, schema.duplicates_schema(), sys.maxsize) as parts:
            for batch in self._rows.duplicates(self._removed):
                parts.write(batch)
        return parts.files

    def card(self, files: list[WrittenFile]) -> Card:
        """The figures of what was written."""
        refused = Counter(column(self._found.refused).tolist())
        relations = Counter(one.relation for one in self._removed)
        return Card(
            export_version=schema.EXPORT_VERSION,
            record_version=SCHEMA_VERSION,
            asked=_asked(self._options),
            considered=len(self._found),
            refused={name: refused[number] for number, name in enumerate(FILTERS) if refused[number]},
            removed={one: relations[one] for one in DUPLICATES if relations[one]},
            absent_sites=sorted(self._options.filters.sites - self._found.sites.keys()),
            files=files,
            **self._tally.figures(),
        )

    def _parts(self, pattern: str, columns: pa.Schema, file_size: int) -> Parts:
        return Parts(self._folder, pattern, columns, self._options.form, file_size)


def _asked(options: Options) -> Asked:
    filters = options.filters
    return Asked(
        form=options.form,
        languages=sorted(filters.languages),
        min_words=filters.min_words,
        max_words=filters.max_words,
        min_kept_share=filters.min_kept_share,
        sites=sorted(filters.sites),
        excluded_sites=sorted(filters.excluded_sites),
        relations=sorted(filters.relations),
        dedup=[one for one in DUPLICATES if one in options.dedup],
    )


def _why_nothing(found: Survey) -> str:
    if not len(found):
        return "the database holds no article"
    refused = Counter(column(found.refused).tolist())
    by = ", ".join(
        f"{name.replace('_', ' ')} {refused[number]:,}"
        for number, name in enumerate(FILTERS)
        if refused[number]
    )
    return f"no article passes the filters: of {len(found):,} they refuse all ({by})"


def _silent(_what: str, _done: int, _total: int) -> None:
    """Report to nobody."""
