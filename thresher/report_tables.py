"""A crawl's report for people: as tables, or only what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cleaners.article import KEPT_TYPES, BlockType
from pipelines.reuse.settling import ORIGINAL
from thresher.report import BETWEEN_SOURCES, CrawlReport, SiteReport
from thresher.terminal import printable

_OK: Final = "200"  # the status that needs no mention
_MEGABYTE: Final = 1_000_000
_LARGE: Final = 10 * _MEGABYTE  # of less, hundredths are told
_ALWAYS_SHOWN: Final = frozenset({"Articles", "Rejects"})  # columns, even where all is zero
_ROWS_SHOWN: Final = 100  # sites in the table; an archive holds thousands, and the rest is in the total
_COLUMNS_SPACED: Final = 6  # figures beside which 80 characters have room for names with a gap of two
_SITES_SHOWN: Final = 7  # columns of the table of blocks that fit a terminal of 80 characters
_NAMES_WIDTH: Final = len("robots.txt")
_NUMBERS_SHOWN: Final = 10  # sites of one source that are named one by one
_OTHERS: Final = "others"


def print_report(report: CrawlReport, console: Console) -> None:
    """Print the alarms, the figures by site, blocks by type and site, rejects, and where the outputs are."""
    for alarm in report.alarms:
        _print_line(console, "Alarm", alarm, "bold red")
    if report.held:
        _print_line(console, "Held", f"{', '.join(report.held)}: another run is crawling there", "yellow")
    total = report.total
    console.print(Text(f"Crawled in {report.seconds:.0f} s", "italic"))
    console.print(_sites_table(report))
    if total.blocks:
        console.print(Text("\nBlocks by type and site (# as above)", "italic"))
        console.print(_blocks_table(report))
        console.print()
        _print_line(console, "Words", f"{total.words_kept:,} kept, {total.words_removed:,} removed")
    for name, text in _counts(report, total).items():
        if text:
            _print_line(console, name, text)
    for error in report.errors:
        _print_line(console, "Error", error, "bold red")
    if report.interrupted:
        console.print(Text("The crawl was interrupted; what it had found by then is written.", "yellow"))
    for name, path in report.files.items():
        _print_line(console, name, str(path), soft_wrap=True)


def complaints(report: CrawlReport) -> list[str]:
    """Why a crawl did not go well, a line each; none if it did."""
    lines = [*report.alarms, *report.errors]
    lines += [f"{name}: no page was had" for name, site in report.sites.items() if site.failed_altogether]
    if report.interrupted:
        lines.append("the crawl was interrupted")
    if not lines and not report.ok:
        lines.append("nothing came")
    if lines and report.reasons:
        lines.append(f"rejects: {_listed(report.reasons.most_common())}")
    if lines and "Log" in report.files:
        lines.append(f"log: {report.files['Log']}")
    return [line.replace("\n", " ") for line in lines]


def _print_line(
    console: Console, name: str, text: str, style: str = "bold", *, soft_wrap: bool | None = None
) -> None:
    line = Text.assemble((f"{name:<{_NAMES_WIDTH}}  ", style), printable(text).replace("\n", " "))
    # Whoever reads the report with a program wants one line each.
    console.print(line, soft_wrap=not console.is_terminal if soft_wrap is None else soft_wrap)


def _counts(report: CrawlReport, total: SiteReport) -> dict[str, str]:
    """The lines of counts, empty where there is nothing to tell."""
    statuses = [(status, count) for status, count in sorted(total.statuses.items()) if status != _OK]
    retries = [("retries", total.retries)] if total.retries else []
    return {
        "Sources": _sources(report),
        "Statuses": _listed([*statuses, *retries]),
        "robots.txt": f"{total.forbidden:,} refused" if total.forbidden else "",
        "Revised": f"{total.revised:,}" if total.revised else "",
        "Unchanged": f"{total.unchanged_articles:,} (fetched, the same text as before)"
        if total.unchanged_articles
        else "",
        "Gone": f"{total.gone:,}" if total.gone else "",
        "Corrected": f"{total.corrected:,} (without text that their site repeats)" if total.corrected else "",
        "Copies": _copies(report.relations),
        "Rejects": _listed(report.reasons.most_common()),
    }


def _copies(relations: Mapping[str, int]) -> str:
    """What the database holds of copies, by relation, and of how many originals."""
    copies = [(relation, count) for relation, count in relations.items() if relation != ORIGINAL]
    return f"{_listed(copies)}, of {relations.get(ORIGINAL, 0):,} originals (all runs)" if copies else ""


def _listed(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts)


def _sources(report: CrawlReport) -> str:
    """What the sites' addresses came from, the sites by their number in the table."""
    numbers: dict[str, list[str]] = {}
    for number, (_, site) in enumerate(report.by_size(), start=1):
        if site.source:
            numbers.setdefault(site.source, []).append(str(number))
    named = {
        source: f"# {' '.join(found)}" if len(found) <= _NUMBERS_SHOWN else f"{len(found):,} sites"
        for source, found in numbers.items()
    }
    return BETWEEN_SOURCES.join(f"{source} ({sites})" for source, sites in named.items())


def _sites_table(report: CrawlReport) -> Table:
    decimals = 1 if report.total.received_bytes >= _LARGE else 2
    total = _figures(report.total, decimals)
    shown = [name for name, text in total.items() if text not in {"0", "0.00"} or name in _ALWAYS_SHOWN]
    table = _table(gap=1 if len(shown) <= _COLUMNS_SPACED else 0)
    table.show_footer = True
    table.add_column("#", justify="right", style="dim")
    table.add_column("Site", footer="All", overflow="fold")
    for name in shown:
        table.add_column(name, footer=total[name], justify="right", no_wrap=True)
    sites = report.by_size()
    for number, (name, site) in enumerate(sites[:_ROWS_SHOWN], start=1):
        figures = _figures(site, decimals)
        table.add_row(str(number), Text(printable(name)), *(figures[column] for column in shown))
    if len(sites) > _ROWS_SHOWN:
        table.add_row("", f"and {len(sites) - _ROWS_SHOWN:,} more")
    return table


def _table(gap: int) -> Table:
    return Table(box=box.SIMPLE, show_edge=False, pad_edge=False, padding=(0, gap, 0, 0))


def _figures(site: SiteReport, decimals: int) -> dict[str, str]:
    counts = {
        "Found": site.discovered,
        "Fetched": site.fetched,
        "Unchanged": site.unchanged,
        "Failed": site.failed + site.refused,
        "Left": site.left,
        "Articles": site.articles,
        "Rejects": site.rejects,
    }
    texts = {name: f"{count:,}" for name, count in counts.items()}
    return {**texts, "MB": f"{site.received_bytes / _MEGABYTE:,.{decimals}f}"}


def _blocks_table(report: CrawlReport) -> Table:
    table = _table(gap=1)
    table.add_column("Type", no_wrap=True)
    columns = dict(_fold(report.by_size()))
    for name in columns:
        table.add_column(name, justify="right")
    table.add_column("All", justify="right")
    total = report.total.blocks
    for kind in BlockType:
        if total[kind]:
            style = "green" if kind in KEPT_TYPES else ""
            cells = [f"{site.blocks[kind]:,}" if site.blocks[kind] else "" for site in columns.values()]
            table.add_row(Text(kind.value, style), *cells, f"{total[kind]:,}")
    return table


def _fold(sites: Iterable[tuple[str, SiteReport]]) -> list[tuple[str, SiteReport]]:
    """The largest sites by their number in the table of sites, and all others as one."""
    numbered = [(str(number), site) for number, (_, site) in enumerate(sites, start=1) if site.blocks]
    if len(numbered) <= _SITES_SHOWN:
        return numbered
    others = SiteReport()
    for _, site in numbered[_SITES_SHOWN - 1 :]:
        others.add(site)
    return [*numbered[: _SITES_SHOWN - 1], (_OTHERS, others)]
