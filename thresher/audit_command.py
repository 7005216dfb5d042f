"""`thresher audit`: what the sites of a database republish, from whom, and which belong together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from thresher.bars import progress_bars
from thresher.databases import DatabaseArgument, SitesOption, existing_database, site_names
from thresher.exits import EXIT_INTERRUPTED, complain, failure, problems_said
from thresher.terminal import printable

if TYPE_CHECKING:
    from audit.findings.model import Findings, SiteFindings

MEGABYTE: Final = 1_000_000
_SITES_SHOWN: Final = 40

_Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="DIR", help="Folder that the report is written into (index.html)."),
]
_Json = Annotated[
    bool, typer.Option("--json", help="Print the findings as JSON (docs/audit.md), and nothing else.")
]
_Texts = Annotated[
    float,
    typer.Option("--texts", metavar="MB", min=0, help="Megabytes of compared texts that the report holds."),
]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors and warnings.")]


def audit(
    database: DatabaseArgument = "out/thresher.db",
    out: _Out = None,
    site: SitesOption = None,
    as_json: _Json = False,
    texts: _Texts = 9.0,
    quiet: _Quiet = False,
) -> None:
    """Say what the sites of a database republish, from whom, how and how fast, and which belong together.

    With --out as one page that opens from disk and asks for nothing (`thresher serve` shows it live), with
    --json as data, else in a table.

    Exit status: 0 it is done; 1 it could not be; 2 a wrong call; 130 Ctrl-C.
    """
    from audit.auditing import audit as find
    from audit.auditing import write_audit
    from pipelines.store import Store

    page = None
    with problems_said(), Store(existing_database(database)) as store:
        try:
            with store.snapshot() as session:
                findings = find(session, site_names(site))
                if out is not None:
                    with _progress(len(findings.stories), quiet=quiet or as_json) as advance:
                        budget = int(texts * MEGABYTE)
                        page = write_audit(session, findings, out, texts_budget=budget, compared=advance)
        except LookupError as error:
            raise failure(str(error)) from None
        except KeyboardInterrupt:
            raise failure("stopped; nothing was written", EXIT_INTERRUPTED) from None
    if as_json:
        typer.echo(json.dumps(findings.model_dump(mode="json"), ensure_ascii=True, indent=1))
    elif not quiet:
        _say(findings, page)
    if findings.totals.not_compared:
        complain(
            f"Warning: {findings.totals.not_compared:,} of {findings.totals.articles:,} articles were not "
            "compared yet; `thresher relate` does that",
            "yellow",
        )


@contextmanager
def _progress(stories: int, *, quiet: bool) -> Iterator[Callable[[], object]]:
    """Shows how many stories were compared, where there is a terminal to show it on."""
    with progress_bars(quiet=quiet) as bars:
        if bars is None:
            yield lambda: None
            return
        task = bars.add_task("Comparing stories", total=stories)
        yield lambda: bars.update(task, advance=1)


def _say(findings: Findings, page: Path | None) -> None:
    """The findings of each site in a row."""
    console = Console()
    table = Table(show_edge=False, pad_edge=False, header_style="bold")
    table.add_column("Site", overflow="fold")
    for name in ("Articles", "Taken", "Named"):
        table.add_column(name, justify="right")
    table.add_column("Mostly from", overflow="fold")
    table.add_column("After", justify="right")
    if findings.network.groups:
        table.add_column("Run with", overflow="fold")
    partners = {
        site: [other for other in group.sites if other != site]
        for group in findings.network.groups
        for site in group.sites
    }
    ranked = sorted(findings.sites, key=lambda one: (-one.republished_share, one.site))
    for one in ranked[:_SITES_SHOWN]:
        table.add_row(*map(_cell, _row(one, partners.get(one.site, []))[: len(table.columns)]))
    console.print(table)
    if len(ranked) > _SITES_SHOWN:
        console.print(f"and {len(ranked) - _SITES_SHOWN:,} sites more")
    if page is not None:
        console.print(Text(f"\nReport  {page}"), soft_wrap=True)


def _cell(text: str) -> Text:
    return Text(printable(text))


def _row(one: SiteFindings, partners: list[str]) -> list[str]:
    told = one.attribution
    copies = told.true + told.wrong + told.none
    source = one.sources[0] if one.sources else None
    lag = source.copies.lag if source else None
    return [
        one.site,
        f"{one.articles:,}",
        f"{one.republished:,} ({one.republished_share:.0%})",
        f"{told.true:,} of {copies:,}" if copies else "",
        f"{source.site} ({source.copies.articles:,})" if source else "",
        _duration(lag.median_hours) if lag else "",
        ", ".join(partners),
    ]


def _duration(hours: float) -> str:
    return f"{hours:.1f} h" if abs(hours) < 48 else f"{hours / 24:.1f} d"
