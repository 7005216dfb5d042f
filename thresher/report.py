"""What a crawl brought: counted while it runs, completed from its statistics at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cleaners.article import KEPT_TYPES, Article, BlockType, Rejection, count_types
from cleaners.frontier import RESUMED_STAT
from cleaners.urls import site_of
from pipelines.clean import CLEANING_REASONS
from pipelines.figures import ALARMS, figures_of, sites_label
from pipelines.site_memory import CORRECTED, Corrected
from pipelines.store.history import MISFIT, misfit

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

UNKNOWN_SITE: Final = "(unknown)"
"""Site of what has no address or one of no site."""

BETWEEN_SOURCES: Final = "; "
"""Stands between the sources of several crawls."""

_FROM_STATISTICS: Final = (
    "discovered",
    "fetched",
    "unchanged",
    "refused",
    "failed",
    "left",
    "unchanged_articles",
    "gone",
    "received_bytes",
    "source",
)


@dataclass(slots=True)
class SiteReport:
    """One site's figures.

    Of the addresses `discovered`, each was `fetched`, is known to be `unchanged`, was `refused` (robots.txt,
    a limit of ours), has `failed`, or was `left` to the next run. `pages` are documents that were fetched and
    cleaned; sections do not count. `articles` were written, some of them as revisions (`revised`);
    `unchanged_articles` were cleaned and say the same as before; `gone` were found removed; `corrected` were
    written once more, without text that the site turned out to repeat. `forbidden` are refusals by
    robots.txt, `resumed` crawls that went on with one that was cut short. `source` says what the addresses
    came from.
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
    corrected: int = 0
    rejects: int = 0
    received_bytes: int = 0
    retries: int = 0
    forbidden: int = 0
    resumed: int = 0
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
        sources = [source for report in (self, other) for source in report.source.split(BETWEEN_SOURCES)]
        self.source = BETWEEN_SOURCES.join(dict.fromkeys(filter(None, sources)))

    def to_record(self) -> dict[str, Any]:
        """The figures as plain data."""
        record = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        blocks = {kind.value: self.blocks[kind] for kind in BlockType if self.blocks[kind]}
        return {**record, "blocks": blocks, "statuses": dict(sorted(self.statuses.items()))}


@dataclass(slots=True)
class CrawlReport:
    """What a crawl brought, by site.

    `reasons` counts the rejects. `errors` says what went wrong besides, `alarms` what is odd in the light of
    earlier runs, `held` names sites that were left out because another run crawls them. `relations` counts
    the articles of the whole database by their relation to the origin.
    """

    output: Path
    sites: dict[str, SiteReport] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    relations: dict[str, int] = field(default_factory=dict)
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
        # What a crawl that was cut short left may be nothing, or nothing but sections.
        gave = any(site.given or site.nothing_new or site.resumed for site in sites)
        return gave and not failed and not self.errors and not self.interrupted

    def by_size(self) -> list[tuple[str, SiteReport]]:
        """The sites, those with the most pages first."""
        return sorted(self.sites.items(), key=lambda entry: (-entry[1].pages, -entry[1].discovered, entry[0]))

    def count(self, item: object) -> None:
        """Count an article or a rejection; anything else is left alone."""
        if isinstance(item, Corrected):
            return  # counted when it was first written; the statistics tell how many there were
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
            **{figure: getattr(figures, figure) for figure in _FROM_STATISTICS},
            pages=figures.unchanged_articles,
            corrected=stats.get(CORRECTED, 0),
            retries=stats.get("retry/count", 0),
            forbidden=stats.get("robotstxt/forbidden", 0),
            resumed=stats.get(RESUMED_STAT, 0),
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
            "relations": dict(self.relations),
            "sites": {name: site.to_record() for name, site in self.by_size()},
            "total": self.total.to_record(),
        }
