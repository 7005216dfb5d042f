"""A configuration's crawl: the jobs and settings of its sites, and a folder for each run."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from scrapy.spiderloader import get_spider_loader

from pipelines.store.lease_keeper import GIVEN_UP
from spiders.budget import RunBudget
from thresher.config_values import any_of
from thresher.crawl import CrawlJob, check_job, crawl_settings, delay_settings, run_crawl
from thresher.report import CrawlReport
from thresher.settings import DOWNLOAD_TIMEOUT

if TYPE_CHECKING:
    from thresher.config import Config, Site


def run_config(config: Config, sites: Sequence[Site], *, console: Console | None = None) -> CrawlReport:
    """Crawl sites of a configuration; the outputs go into a folder of this run's own, the database is shared.

    The folder is `runs/<UTC time>-<name of the one site, or "all">` in that of the configuration: runs that
    go on at the same time do not get into each other's way. A site that cannot be crawled, as its archive is
    not there, is an error of the report; the others are crawled.
    """
    settings = _settings_of(config, sites)
    loader = get_spider_loader(crawl_settings(config.output, settings))
    jobs, errors = [], []
    for job in map(_job_of, sites):
        try:
            check_job(job, loader)
        except ValueError as error:
            errors.append(f"{job.label}: {error}")
        else:
            jobs.append(job)
    if not jobs:
        return CrawlReport(config.output, errors=errors)
    folder = _run_folder(config.output / "runs", sites[0].name if len(sites) == 1 else "all")
    report = run_crawl(jobs, folder, settings=settings, console=console)
    report.errors[:0] = errors
    return report


def _job_of(site: Site) -> CrawlJob:
    arguments = {
        "url": site.url,
        "path": [str(path) for path in site.path],
        "max_pages": site.max_pages and str(site.max_pages),
        "max_bytes": site.max_bytes and str(int(site.max_bytes)),
        "max_depth": None if site.max_depth is None else str(site.max_depth),
        "include": any_of(site.include),
        "exclude": any_of(site.exclude),
        "site_files": "true" if site.site_files else "",
    }
    given = {name: value for name, value in arguments.items() if value}
    kind = site.kind or "auto"
    return CrawlJob("site" if kind == "auto" else kind, given, site.name, delay_settings(site.delay))


def _settings_of(config: Config, sites: Sequence[Site]) -> dict[str, Any]:
    # A site is asked for one page at a time, and one process cleans dozens a second: where each site has a
    # run of its own, processes for all processors would only take memory.
    alone = len(sites) == 1 and sites[0].kind not in {"archive", "files"}
    return {
        "THRESHER_WORKERS": 1 if alone else 0,
        "THRESHER_DATABASE": config.database,
        "THRESHER_CONTACT": config.contact,
        "THRESHER_WARC": str(config.warc or ""),
        "THRESHER_FAVOR": config.favor.value,
        "THRESHER_PHRASES": [str(path) for path in config.phrases],
        "THRESHER_SITE_MEMORY": config.site_memory,
        "THRESHER_DEDUPLICATE": config.deduplicate,
        "THRESHER_ALLOWED_NETWORKS": config.allowed_networks,
        "THRESHER_LEASE": config.workers.lost_after,
        # What is asked for when a run gives its sites up must have ended when another may begin.
        "DOWNLOAD_TIMEOUT": min(DOWNLOAD_TIMEOUT, config.workers.lost_after * (1 - GIVEN_UP)),
        "THRESHER_CONCURRENT_SITES": config.concurrent_sites,
        "THRESHER_BUDGET": RunBudget(config.budget.max_pages, config.budget.max_bytes),
    }


def _run_folder(parent: Path, name: str) -> Path:
    """A new folder for a run; a number tells apart those of one second."""
    began = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{name}"
    for number in count(1):
        folder = parent / (began if number == 1 else f"{began}-{number}")
        with suppress(FileExistsError):
            folder.mkdir(parents=True)
            break
    return folder
