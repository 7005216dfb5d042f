"""What a user names to be crawled, told apart: sites, archives, files and folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from cleaners.urls import site_of
from thresher.crawl import CrawlJob

_SITE: Final = "site"
_ARCHIVE: Final = "archive"
_FILES: Final = "files"
_ARCHIVE_ENDINGS: Final = (".warc", ".warc.gz", ".warc.zst", "warc.paths", "warc.paths.gz")


def jobs_of(targets: Sequence[str], spider: str | None, arguments: Mapping[str, Any]) -> list[CrawlJob]:
    """The jobs for what a user named: one a site, and one for all archives and one for all files.

    Without a `spider` each target goes to the one for its kind.
    """
    by_spider: dict[str, list[str]] = {}
    for target in targets:
        by_spider.setdefault(spider or _spider_for(target), []).append(target)
    jobs: list[CrawlJob] = []
    for name, group in by_spider.items():
        if name in {_ARCHIVE, _FILES}:
            jobs.append(_job_of_saved(name, group, arguments))
        else:
            jobs += _jobs_of_sites(name, group, arguments)
    return jobs


def _jobs_of_sites(spider: str, addresses: Sequence[str], arguments: Mapping[str, Any]) -> list[CrawlJob]:
    """A job for each site that addresses belong to, with all addresses of that site."""
    sites: dict[str, list[str]] = {}
    for address in addresses:
        sites.setdefault(site_of(address) or address, []).append(address)
    return [CrawlJob(spider, {"url": " ".join(group), **arguments}) for group in sites.values()]


def _job_of_saved(spider: str, places: Sequence[str], arguments: Mapping[str, Any]) -> CrawlJob:
    given = {
        "path": [place for place in places if not _is_url(place)],
        "url": [place for place in places if _is_url(place)],
    }
    return CrawlJob(spider, {**{key: values for key, values in given.items() if values}, **arguments})


def _spider_for(target: str) -> str:
    """The spider for a target: an archive by its name, a path if it is there, else a site."""
    path = Path(target)
    if (urlsplit(target).path if _is_url(target) else target).lower().endswith(_ARCHIVE_ENDINGS):
        return _ARCHIVE
    if not _is_url(target) and (path.is_file() or (path.is_dir() and site_of(target) is None)):
        return _FILES
    return _SITE


def _is_url(target: str) -> bool:
    return target.lower().startswith(("http://", "https://"))
