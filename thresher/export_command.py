"""`thresher export`: its options, what it says, and its exit status.

The database and pyarrow are imported when it runs: `thresher --help` answers without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from pipelines.export.options import DUPLICATES, Filters, Form, Options, Relation
from thresher.bars import progress_bars
from thresher.databases import DatabaseArgument, SitesOption, existing_database, site_names
from thresher.exits import EXIT_INTERRUPTED, complain, failure, problems_said, usage_error
from thresher.terminal import printable

if TYPE_CHECKING:
    from rich.progress import TaskID

    from pipelines.export.card import Card
    from pipelines.export.survey import Report


_Out = Annotated[
    Path, typer.Option("--out", "--output", "-o", metavar="DIR", help="Folder to write, which must be new.")
]
_Form = Annotated[Form, typer.Option("--format", "-f", help="Parquet, or JSON lines compressed with zstd.")]
_Language = Annotated[
    list[str] | None,
    typer.Option(metavar="CODE", help="Only this language, such as en; und for unknown; may be repeated."),
]
_MinWords = Annotated[int | None, typer.Option(min=0, help="Only texts of so many words or more.")]
_MaxWords = Annotated[int | None, typer.Option(min=0, help="Only texts of so many words or fewer.")]
_MinKeptShare = Annotated[
    float | None,
    typer.Option(
        min=0, max=1, help="Only articles that are such a share of the words on their page or more."
    ),
]
_ExcludeSite = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="Not this site; may be repeated.")
]
_Relation = Annotated[
    list[Relation] | None, typer.Option(help="Only articles that relate so to others; may be repeated.")
]
_Dedup = Annotated[
    bool,
    typer.Option("--dedup", help="Keep one article of those made from one another, and list the others."),
]
_DedupRelation = Annotated[
    list[Relation] | None,
    typer.Option(help="With --dedup: only such copies are duplicates; may be repeated. Default: all."),
]
_FileSize = Annotated[
    str | None,
    typer.Option(metavar="SIZE", help="Begin a new file after so much, such as 256MB (the default)."),
]
_Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an export that is there already.")]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors and warnings.")]


def export(
    database: DatabaseArgument = "out/thresher.db",
    out: _Out = Path("export"),
    form: _Form = Form.PARQUET,
    language: _Language = None,
    min_words: _MinWords = None,
    max_words: _MaxWords = None,
    min_kept_share: _MinKeptShare = None,
    site: SitesOption = None,
    exclude_site: _ExcludeSite = None,
    relation: _Relation = None,
    dedup: _Dedup = False,
    dedup_relation: _DedupRelation = None,
    file_size: _FileSize = None,
    overwrite: _Overwrite = False,
    quiet: _Quiet = False,
) -> None:
    """Write the articles of a database as a corpus: Parquet or JSON lines, with a quality card.

    Writes part-00000.parquet …, with --dedup duplicates.parquet (which article was left out for which other
    one), card.json and README.md, which datasets reads. The same articles give the same bytes. Crawls may go
    on meanwhile.

    Exit status: 0 it is written; 1 it could not be, or no article passes the filters; 2 a wrong call; 130
    Ctrl-C. Unless it is 0, nothing is written.
    """
    from pipelines.export.corpus import EmptyExportError
    from pipelines.export.corpus import export as write
    from pipelines.store import Store
    from thresher.config_values import parse_size

    if dedup_relation and not dedup:
        raise usage_error("--dedup-relation needs --dedup")
    with problems_said():
        options = Options(
            filters=Filters(
                languages=frozenset(code.lower() for code in language or ()),
                min_words=min_words,
                max_words=max_words,
                min_kept_share=min_kept_share,
                sites=site_names(site) or frozenset(),
                excluded_sites=site_names(exclude_site) or frozenset(),
                relations=frozenset(relation or ()),
            ),
            dedup=frozenset(dedup_relation or DUPLICATES) if dedup else frozenset(),
            form=form,
            **({"file_size": parse_size(file_size)} if file_size is not None else {}),
        )
        try:
            with Store(existing_database(database)) as store, _progress(quiet=quiet) as report:
                card = write(store, out, options, overwrite=overwrite, report=report)
        except EmptyExportError as error:
            raise failure(str(error)) from error
        except FileExistsError as error:
            raise usage_error(f"{error} (--out, --overwrite)") from error
        except KeyboardInterrupt:
            raise failure("stopped; nothing was written", EXIT_INTERRUPTED) from None
    _say(card, out, quiet=quiet)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Report | None]:
    """Shows how far the export is, where there is a terminal to show it on."""
    with progress_bars(quiet=quiet) as bars:
        if bars is None:
            yield None
            return
        tasks: dict[str, TaskID] = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done)

        yield report


def _say(card: Card, out: Path, *, quiet: bool) -> None:
    """Say what was written, and on standard error what speaks against trusting it."""
    from rich.filesize import decimal

    from pipelines.export.readme import warnings

    if not quiet:
        written = card.written
        size = decimal(sum(file.bytes for file in card.files))
        lines = [
            f"Written     {written.articles:,} of {card.considered:,} articles, {written.words:,} words, "
            f"about {written.tokens:,} tokens",
            *_counts("Duplicates ", card.removed),
            *_counts("Refused    ", card.refused),
            f"Files       {len(card.files):,}, {size}, in {out}; README.md there says more",
        ]
        Console().print(printable("\n".join(lines)), markup=False, highlight=False, soft_wrap=True)
    for warning in warnings(card):
        complain(f"Warning: {warning}", "yellow")


def _counts(label: str, counts: Mapping[Any, int]) -> Iterator[str]:
    if counts:
        said = ", ".join(f"{name.value.replace('_', ' ')} {number:,}" for name, number in counts.items())
        yield f"{label} {sum(counts.values()):,} ({said})"
