"""`thresher crawl`: its options, what they mean for a crawl, and its exit status.

Scrapy and the database are imported when it runs: `thresher --help` answers without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console

from cleaners import Favor
from thresher.exits import (
    EXIT_ALARM,
    EXIT_HELD,
    EXIT_REJECTS,
    complain,
    failure,
    problems_said,
    usage_error,
)
from thresher.options import FavorOption, OutputOption, PhrasesOption

if TYPE_CHECKING:
    from thresher.report import CrawlReport

_CONFIG_OPTIONS: Final = frozenset({"config", "site", "all_sites", "dry_run", "queue", "quiet"})


class SpiderName(StrEnum):
    """The spiders that `thresher crawl` can run."""

    SITE = "site"
    WORDPRESS = "wordpress"
    SITEMAP = "sitemap"
    FEED = "feed"
    LINKS = "links"
    ARCHIVE = "archive"
    FILES = "files"


_Targets = Annotated[
    list[str] | None,
    typer.Argument(metavar="URL|PATH…", help="Sites, by any of their pages; archives; folders."),
]
_Spider = Annotated[
    SpiderName | None,
    typer.Option(
        help="Where the pages come from. [b]site[/b], the default, finds out: the WordPress API, else "
        "sitemaps and feeds, else links. [b]archive[/b] reads WARC files and [b]files[/b] saved pages."
    ),
]
_MaxPages = Annotated[int | None, typer.Option(min=1, help="Stop after this many pages of each site.")]
_MaxBytes = Annotated[
    str | None, typer.Option(metavar="SIZE", help="Stop after so much of each site, such as 200MB.")
]
_Include = Annotated[
    list[str] | None, typer.Option(help="Regular expression of the articles wanted; may be repeated.")
]
_Exclude = Annotated[
    list[str] | None, typer.Option(help="Regular expression of what is left out; may be repeated.")
]
_SiteFiles = Annotated[
    bool,
    typer.Option("--site-files", help="Ask each site for its ads.txt and favicon too (docs/network.md)."),
]
_Delay = Annotated[
    float | None, typer.Option(min=0.0, help="Seconds between two requests to one site (default 0.5).")
]
_Contact = Annotated[
    str | None,
    typer.Option(
        envvar="THRESHER_CONTACT",
        help="Address or URL where a webmaster reaches you; sent with every request.",
    ),
]
_Database = Annotated[
    str | None, typer.Option(metavar="URL", help="SQLAlchemy URL (default: thresher.db in the output).")
]
_Warc = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Folder to write WARC files of the crawl into.")
]
_AllowNetwork = Annotated[
    list[str] | None,
    typer.Option(metavar="CIDR", help="Private network that may be crawled; may be repeated."),
]
_Config = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Crawl what is due of the sites in FILE (docs/scheduling.md)."),
]
_Site = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="With --config: only this site; may be repeated."),
]
_All = Annotated[bool, typer.Option("--all", help="With --config: also what is not due.")]
_DryRun = Annotated[
    bool, typer.Option("--dry-run", help="With --config: say what is due, and crawl nothing.")
]
_Queue = Annotated[
    bool,
    typer.Option(
        "--queue", help="With --config: leave the crawl to the workers of the fleet (docs/fleet.md)."
    ),
]
_Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print only errors and alarms, on standard error.")
]


def crawl(
    context: typer.Context,
    targets: _Targets = None,
    spider: _Spider = None,
    output: OutputOption = Path("out"),
    max_pages: _MaxPages = None,
    max_bytes: _MaxBytes = None,
    include: _Include = None,
    exclude: _Exclude = None,
    site_files: _SiteFiles = False,
    delay: _Delay = None,
    contact: _Contact = None,
    database: _Database = None,
    warc: _Warc = None,
    allow_network: _AllowNetwork = None,
    favor: FavorOption = Favor.BALANCED,
    phrases: PhrasesOption = None,
    config: _Config = None,
    site: _Site = None,
    all_sites: _All = False,
    dry_run: _DryRun = False,
    queue: _Queue = False,
    quiet: _Quiet = False,
) -> None:
    """Crawl sites and write their articles, typed block by block.

    Writes articles.jsonl.zst, rejects.jsonl (what gave no article, with the reason), thresher.db (SQLite)
    and crawl.log.

    Exit status: 0 all went well; 1 something failed, or nothing came; 2 a wrong call or configuration; 3 an
    alarm: a person should look; 75 nothing was done, as another run is crawling these sites.
    """
    if config is not None:
        _refuse_given(context, _CONFIG_OPTIONS, "does not go with --config: the file says it")
        if queue and not dry_run:
            raise _queue_config(config, site or [], all_sites=all_sites, quiet=quiet)
        raise _crawl_config(config, site or [], all_sites=all_sites, dry_run=dry_run, quiet=quiet)
    _refuse_given(context, frozenset(context.params) - _CONFIG_OPTIONS | {"quiet"}, "needs --config FILE")
    if not targets:
        raise usage_error("name what to crawl: URLs, archives or folders, or a --config FILE")
    from thresher.crawl import delay_settings, run_crawl
    from thresher.targets import jobs_of

    settings: dict[str, Any] = {
        "THRESHER_FAVOR": favor.value,
        "THRESHER_PHRASES": phrases or [],
        **delay_settings(delay),
        **({"THRESHER_CONTACT": contact} if contact else {}),
        **({"THRESHER_DATABASE": database} if database is not None else {}),
        **({"THRESHER_WARC": str(warc.absolute())} if warc else {}),
        **({"THRESHER_ALLOWED_NETWORKS": allow_network} if allow_network else {}),
    }
    with problems_said():
        limits = _limits(max_pages, max_bytes, include or [], exclude or [])
        jobs = jobs_of(targets, spider, {**limits, **({"site_files": "true"} if site_files else {})})
        report = run_crawl(jobs, output, settings=settings, console=Console(stderr=True, quiet=quiet))
    raise _ended(report, len(jobs), quiet=quiet)


def _refuse_given(context: typer.Context, allowed: frozenset[str], why: str) -> None:
    """End with a usage error if another option than those allowed was given."""
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if source is not None and source.name == "COMMANDLINE" and parameter.name not in allowed:
            given = parameter.opts[0] if parameter.param_type_name == "option" else "URL|PATH"
            raise usage_error(f"{given} {why}")


def _limits(
    max_pages: int | None, max_bytes: str | None, include: Sequence[str], exclude: Sequence[str]
) -> dict[str, str]:
    """The spiders' arguments for what was given. Raises `ValueError` for what is no size or expression."""
    from thresher.config_values import any_of, parse_size

    limits = {
        "max_pages": str(max_pages or ""),
        "max_bytes": str(parse_size(max_bytes)) if max_bytes is not None else "",
        "include": any_of(include),
        "exclude": any_of(exclude),
    }
    return {name: value for name, value in limits.items() if value}


def _crawl_config(
    file: str, names: Sequence[str], *, all_sites: bool, dry_run: bool, quiet: bool
) -> typer.Exit:
    """Crawl what is due of a configuration; the caller raises what this gives."""
    from thresher.config import load_config
    from thresher.config_run import run_config
    from thresher.turns import print_turns, turns

    with problems_said():
        config = load_config(file)
        standing = turns(config, config.select(names), datetime.now(UTC))
        wanted = [turn.site for turn in standing if turn.due or all_sites]
        if dry_run or not wanted:
            if not quiet:
                print_turns(standing, config, Console())
            return typer.Exit()
        report = run_config(config, wanted, console=Console(stderr=True, quiet=quiet))
    return _ended(report, len(wanted), quiet=quiet)


def _queue_config(file: str, names: Sequence[str], *, all_sites: bool, quiet: bool) -> typer.Exit:
    """Put what is due of a configuration into the queue; the caller raises what this gives."""
    from thresher.config import load_config
    from thresher.turns import turns

    with problems_said():
        try:
            import psycopg

            from thresher.fleet.queue import enqueue
        except ImportError as error:
            raise usage_error(str(error)) from error
        config = load_config(file)
        standing = turns(config, config.select(names), datetime.now(UTC))
        wanted = [turn.site for turn in standing if turn.due or all_sites]
        try:
            put = enqueue(config, wanted)
        except psycopg.Error as error:
            raise failure(f"the database: {error}") from error
    if not quiet:
        Console().print(f"put into the queue: {len(put)}, waiting there already: {len(wanted) - len(put)}")
    return typer.Exit()


def _ended(report: CrawlReport, jobs: int, *, quiet: bool) -> typer.Exit:
    """Say what a crawl brought; the caller raises what this gives."""
    from thresher.report_tables import complaints, print_report

    if not quiet:
        print_report(report, Console())
    if len(report.held) == jobs and not report.errors:
        return typer.Exit(EXIT_HELD)
    for line in complaints(report) if quiet else ():
        complain(line)
    if report.alarms:
        return typer.Exit(EXIT_ALARM)
    return typer.Exit(0 if report.ok else EXIT_REJECTS)
