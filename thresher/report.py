"""What a crawl brought: counted while it runs, printed at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cleaners.article import KEPT_TYPES, Article, BlockType, Rejection, count_types
from cleaners.urls import site_of
from pipelines.clean import CLEANING_REASONS

UNKNOWN_SITE: Final = "(unknown)"
"""Site of what has no address or one of no site."""

_SITES_SHOWN: Final = 7  # columns of the table of blocks that fit a terminal of 80 characters
_OTHERS: Final = "others"


@dataclass(slots=True)
class SiteReport:
    """One site's figures. `pages` are documents that were fetched and cleaned; sections do not count."""

    pages: int = 0
    articles: int = 0
    rejects: int = 0
    words_kept: int = 0
    words_removed: int = 0
    blocks: Counter[BlockType] = field(default_factory=Counter)

    def add(self, other: SiteReport) -> None:
        """Add another site's figures to these."""
        self.pages += other.pages
        self.articles += other.articles
        self.rejects += other.rejects
        self.words_kept += other.words_kept
        self.words_removed += other.words_removed
        self.blocks.update(other.blocks)


@dataclass(slots=True)
class CrawlReport:
    """What a crawl brought, by site; `reasons` counts the rejects, `errors` says what went wrong besides."""

    output: Path
    sites: dict[str, SiteReport] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
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
        """Whether the crawl ended by itself, without errors, and brought at least one article."""
        return not self.errors and not self.interrupted and self.total.articles > 0

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
        for kind, count in count_types(article.blocks).items():
            site.blocks[kind] += count.blocks
            if kind in KEPT_TYPES:
                site.words_kept += count.words
            else:
                site.words_removed += count.words

    def _site(self, url: str | None) -> SiteReport:
        return self.sites.setdefault(site_of(url) or UNKNOWN_SITE, SiteReport())


def print_report(report: CrawlReport, console: Console) -> None:
    """Print the figures by site, the blocks by type and site, the rejects, and where the outputs are."""
    console.print(_sites_table(report))
    if report.total.blocks:
        console.print(_blocks_table(report))
    if report.reasons:
        counts = ", ".join(f"{reason} {number}" for reason, number in report.reasons.most_common())
        console.print(Text.assemble(("Rejects  ", "bold"), counts))
    for error in report.errors:
        console.print(Text.assemble(("Error    ", "bold red"), error))
    if report.interrupted:
        console.print(Text("The crawl was interrupted; what it had found by then is written.", "yellow"))
    if report.files:
        width = max(map(len, report.files))
        for name, path in report.files.items():
            console.print(Text.assemble((f"{name:<{width}}  ", "bold"), str(path)), soft_wrap=True)


def _sites_table(report: CrawlReport) -> Table:
    table = Table(title=f"Crawled in {report.seconds:.0f} s", title_justify="left", show_footer=True)
    total = report.total
    table.add_column("#", justify="right", style="dim")
    table.add_column("Site", footer="All", overflow="fold")
    for name, value in _figures(total).items():
        # Two words go on two lines, which leaves room for the names of sites.
        table.add_column(name.replace(" ", "\n"), footer=f"{value:,}", justify="right")
    for number, (name, site) in enumerate(_by_size(report), start=1):
        table.add_row(str(number), Text(name), *(f"{value:,}" for value in _figures(site).values()))
    return table


def _figures(site: SiteReport) -> dict[str, int]:
    return {
        "Pages": site.pages,
        "Articles": site.articles,
        "Rejects": site.rejects,
        "Words kept": site.words_kept,
        "Words removed": site.words_removed,
    }


def _blocks_table(report: CrawlReport) -> Table:
    table = Table(title="Blocks by type and site (# as above)", title_justify="left")
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
    return sorted(report.sites.items(), key=lambda entry: (-entry[1].pages, entry[0]))


def _fold(sites: Iterable[tuple[str, SiteReport]]) -> list[tuple[str, SiteReport]]:
    """The largest sites by their number in the table of sites, and all others as one."""
    numbered = [(str(number), site) for number, (_, site) in enumerate(sites, start=1) if site.blocks]
    if len(numbered) <= _SITES_SHOWN:
        return numbered
    others = SiteReport()
    for _, site in numbered[_SITES_SHOWN - 1 :]:
        others.add(site)
    return [*numbered[: _SITES_SHOWN - 1], (_OTHERS, others)]
