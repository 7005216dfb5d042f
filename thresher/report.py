"""What a crawl brought: counted while it runs, completed from its statistics, printed at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cleaners.article import KEPT_TYPES, Article, BlockType, Rejection, count_types
from cleaners.urls import site_of
from pipelines.clean import CLEANING_REASONS
from pipelines.figures import ALARMS, figures_of, sites_label
from pipelines.store.history import MISFIT, misfit
from thresher.terminal import printable

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

UNKNOWN_SITE: Final = "(unknown)"
"""Site of what has no address or one of no site."""

_FROM_STATISTICS: Final = (
    "discovered fetched unchanged refused failed left unchanged_articles gone received_bytes source"
)
_OK: Final = "200"  # the status that needs no mention
_MEGABYTE: Final = 1_000_000
_LARGE: Final = 10 * _MEGABYTE  # of less, hundredths are told
_ALWAYS_SHOWN: Final = frozenset({"Articles", "Rejects"})  # columns, even where all is zero
_ROWS_SHOWN: Final = 100  # sites in the table; an archive holds thousands, and the rest is in the total
_COLUMNS_SPACED: Final = (
    6  # figures that fit 80 characters beside the names of sites with a gap of two or more
)
_SITES_SHOWN: Final = 7  # columns of the table of blocks that fit a terminal of 80 characters
_NAMES_WIDTH: Final = len("robots.txt")
_NUMBERS_SHOWN: Final = 10  # sites of one source that are named one by one
_BETWEEN_SOURCES: Final = "; "
_OTHERS: Final = "others"


@dataclass(slots=True)
class SiteReport:
    """One site's figures.

    Of the addresses `discovered`, each was `fetched`, is known to be `unchanged`, was `refused` (robots.txt,
    a limit of ours), has `failed`, or was `left` to the next run. `pages` are documents that were fetched and
    cleaned; sections do not count. `articles` were written, some of them as revisions (`revised`);
    `unchanged_articles` were cleaned and say the same as before; `gone` were found removed. `forbidden` are
    refusals by robots.txt. `source` says what the addresses came from.
    """

    discovered: int = 0
    fetched: int = 0
    unchanged: int = 0
    refused: int = 0
    failed: int = 0
    left: int = 0
    pages: int = 0
    articles: int = 0
    revised: int = 0
    unchanged_articles: int = 0
    gone: int = 0
    rejects: int = 0
    received_bytes: int = 0
    retries: int = 0
    forbidden: int = 0
    words_kept: int = 0
    words_removed: int = 0
    blocks: Counter[BlockType] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    source: str = ""

    @property
    def given(self) -> int:
        """Articles written, and what was found unchanged."""
        return self.articles + self.unchanged_articles + self.unchanged

    @property
    def nothing_new(self) -> bool:
        """Whether the WordPress API, which lists only what changed, answered and nothing went wrong."""
        return "wordpress" in self.source and self.rejects <= self.gone

    @property
    def failed_altogether(self) -> bool:
        """Whether addresses were asked for and none was answered with a page."""
        return self.refused + self.failed > 0 and self.given + self.fetched == 0

    def add(self, other: SiteReport) -> None:
        """Add another site's figures to these."""
        for entry in fields(self):
            mine, more = getattr(self, entry.name), getattr(other, entry.name)
            if isinstance(mine, int):
                setattr(self, entry.name, mine + more)
            elif isinstance(mine, Counter):
                mine.update(more)
        sources = [source for report in (self, other) for source in report.source.split(_BETWEEN_SOURCES)]
        self.source = _BETWEEN_SOURCES.join(dict.fromkeys(filter(None, sources)))

    def to_record(self) -> dict[str, Any]:
        """The figures as plain data."""
        record = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        blocks = {kind.value: self.blocks[kind] for kind in BlockType if self.blocks[kind]}
        return {**record, "blocks": blocks, "statuses": dict(sorted(self.statuses.items()))}


@dataclass(slots=True)
class CrawlReport:
    """What a crawl brought, by site.

    `reasons` counts the rejects. `errors` says what went wrong besides, `alarms` what is odd in the light of
    earlier runs, `held` names sites that were left out because another run crawls them.
    """

    output: Path
    sites: dict[str, SiteReport] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    files: dict[str, Path] = field(default_factory=dict)
    interrupted: bool = False
    seconds: float = 0.0

    @property
    def total(self) -> SiteReport:
        """The figures of all sites together."""
        total = SiteReport()
        for site in self.sites.values():
            total.add(site)
        return total

    @property
    def ok(self) -> bool:
        """Whether the crawl ended by itself and without errors, no site failed altogether, and something came
        or was found unchanged."""
        sites = self.sites.values()
        failed = any(site.failed_altogether for site in sites)
        gave = any(site.given or site.nothing_new for site in sites)
        return gave and not failed and not self.errors and not self.interrupted

    def count(self, item: object) -> None:
        """Count an article or a rejection; anything else is left alone."""
        if isinstance(item, Article):
            self._count_article(item)
        elif isinstance(item, Rejection):
            site = self._site(item.url)
            site.rejects += 1
            site.pages += item.reason in CLEANING_REASONS
            self.reasons[item.reason] += 1

    def _count_article(self, article: Article) -> None:
        site = self._site(article.url)
        site.pages += 1
        site.articles += 1
        site.revised += article.revision > 1
        for kind, count in count_types(article.blocks).items():
            site.blocks[kind] += count.blocks
            if kind in KEPT_TYPES:
                site.words_kept += count.words
            else:
                site.words_removed += count.words

    def _site(self, url: str | None) -> SiteReport:
        return self.sites.setdefault(site_of(url) or UNKNOWN_SITE, SiteReport())

    def finish(self, crawler: Crawler) -> None:
        """Add what a crawler that has ended counted, and its alarms; one that never began has none."""
        if crawler.spider is not None:
            sites = getattr(crawler.spider, "sites", ())
            self.add_stats(crawler.spider.name, sites, crawler.stats.get_stats())

    def add_stats(self, label: str, sites: Collection[str], stats: Mapping[str, Any]) -> None:
        """Add the statistics of a crawl of some sites; `label` names a crawl of none (files, archives).

        Articles and rejects are not taken from here: `count` has counted them. Scrapy counts requests by
        crawl only, so the sites of one crawl become one line.
        """
        name = sites_label(sites) or label
        figures = figures_of(stats, name)
        report = SiteReport(
            **{field: getattr(figures, field) for field in _FROM_STATISTICS.split()},
            pages=figures.unchanged_articles,
            retries=stats.get("retry/count", 0),
            forbidden=stats.get("robotstxt/forbidden", 0),
            statuses=Counter(figures.statuses),
        )
        for site in {name, *sites} & self.sites.keys():
            report.add(self.sites.pop(site))
        if sites or report != SiteReport():
            self.sites[name] = report
        self.alarms += stats.get(ALARMS, ())
        wrong = misfit(figures)
        if wrong and not any(MISFIT in alarm for alarm in stats.get(ALARMS, ())):
            self.alarms.append(wrong)

    def to_record(self) -> dict[str, Any]:
        """The report as plain data, for JSON."""
        return {
            "ok": self.ok,
            "interrupted": self.interrupted,
            "seconds": round(self.seconds, 3),
            "output": str(self.output),
            "files": {name: str(path) for name, path in self.files.items()},
            "alarms": list(self.alarms),
            "errors": list(self.errors),
            "held": list(self.held),
            "reasons": dict(self.reasons.most_common()),
            "sites": {name: site.to_record() for name, site in _by_size(self)},
            "total": self.total.to_record(),
        }


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
        "Rejects": _listed(report.reasons.most_common()),
    }


def _listed(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts)


def _sources(report: CrawlReport) -> str:
    """What the sites' addresses came from, the sites by their number in the table."""
    numbers: dict[str, list[str]] = {}
    for number, (_, site) in enumerate(_by_size(report), start=1):
        if site.source:
            numbers.setdefault(site.source, []).append(str(number))
    named = {
        source: f"# {' '.join(found)}" if len(found) <= _NUMBERS_SHOWN else f"{len(found):,} sites"
        for source, found in numbers.items()
    }
    return _BETWEEN_SOURCES.join(f"{source} ({sites})" for source, sites in named.items())


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
    sites = _by_size(report)
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
    columns = dict(_fold(_by_size(report)))
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


def _by_size(report: CrawlReport) -> list[tuple[str, SiteReport]]:
    return sorted(report.sites.items(), key=lambda entry: (-entry[1].pages, -entry[1].discovered, entry[0]))


def _fold(sites: Iterable[tuple[str, SiteReport]]) -> list[tuple[str, SiteReport]]:
    """The largest sites by their number in the table of sites, and all others as one."""
    numbered = [(str(number), site) for number, (_, site) in enumerate(sites, start=1) if site.blocks]
    if len(numbered) <= _SITES_SHOWN:
        return numbered
    others = SiteReport()
    for _, site in numbered[_SITES_SHOWN - 1 :]:
        others.add(site)
    return [*numbered[: _SITES_SHOWN - 1], (_OTHERS, others)]
