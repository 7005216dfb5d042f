"""The command line: `thresher demo | crawl | schedule | clean | explain`."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import urlsplit

import typer
from rich.console import Console

from cleaners import Favor
from cleaners.article import BlockType, Page, Rejection
from cleaners.urls import site_of
from thresher import __version__
from thresher.terminal import printable

if TYPE_CHECKING:
    from thresher.config import Config
    from thresher.crawl import CrawlJob
    from thresher.report import CrawlReport
    from thresher.schedule import Turn

app = typer.Typer(
    name="thresher",
    help="Collects republished articles and parts each page's text from its boilerplate, block by block.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    rich_markup_mode="rich",
)

EXIT_REJECTS: Final = 1
"""Exit status when something was asked for and not all of it could be done."""

EXIT_USAGE: Final = 2
"""Exit status when the command was called wrongly."""

EXIT_ALARM: Final = 3
"""Exit status of a crawl that brought something that a person should look at."""

EXIT_HELD: Final = 75
"""Exit status (EX_TEMPFAIL of sysexits.h) of a crawl that did nothing, as another run holds its sites."""

_CONFIG_OPTIONS: Final = frozenset({"config", "site", "all_sites", "dry_run", "quiet"})
_ARCHIVES: Final = (".warc", ".warc.gz", ".warc.zst", "warc.paths", "warc.paths.gz")

FavorOption = Annotated[
    Favor, typer.Option(help="Which mistake to avoid: boilerplate in the text, or text that is lost.")
]
PhrasesOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--phrases", help="File or folder with phrases of your own (docs/lexicon.md); may be repeated."
    ),
]
Output = Annotated[Path, typer.Option("--output", "-o", help="Folder that the outputs are written to.")]


class SpiderName(StrEnum):
    """The spiders that `thresher crawl` can run."""

    SITE = "site"
    WORDPRESS = "wordpress"
    SITEMAP = "sitemap"
    FEED = "feed"
    LINKS = "links"
    ARCHIVE = "archive"
    FILES = "files"


class Format(StrEnum):
    """How `thresher clean` writes articles."""

    JSON = "json"
    JSONL = "jsonl"
    TEXT = "text"
    MARKDOWN = "markdown"


def _version(value: bool) -> None:
    if value:
        typer.echo(f"thresher {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Read by typer for the options of the program itself."""


@app.command()
def demo(output: Output = Path("demo-out")) -> None:
    """Crawl a small fictional press on this machine and show what came of it.

    A loopback web server plays six sites: an outlet, two content farms that republish it, two outlets
    with reports of their own, and a machine-translated copy. The real spiders crawl it, politely.
    """
    from thresher.demo.run import run_demo

    report = run_demo(output, Console())
    raise typer.Exit(0 if report.ok else EXIT_REJECTS)


@app.command()
def crawl(
    context: typer.Context,
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="URL|PATH…", help="Sites, by any of their pages; archives; folders."),
    ] = None,
    spider: Annotated[
        SpiderName | None,
        typer.Option(
            help="Where the pages come from. [b]site[/b], the default, finds out: the WordPress API, else "
            "sitemaps and feeds, else links. [b]archive[/b] reads WARC files and [b]files[/b] saved pages."
        ),
    ] = None,
    output: Output = Path("out"),
    max_pages: Annotated[
        int | None, typer.Option(min=1, help="Stop after this many pages of each site.")
    ] = None,
    max_bytes: Annotated[
        str | None, typer.Option(metavar="SIZE", help="Stop after so much of each site, such as 200MB.")
    ] = None,
    include: Annotated[
        list[str] | None, typer.Option(help="Regular expression of the articles wanted; may be repeated.")
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(help="Regular expression of what is left out; may be repeated.")
    ] = None,
    delay: Annotated[
        float | None, typer.Option(min=0.0, help="Seconds between two requests to one site (default 0.5).")
    ] = None,
    contact: Annotated[
        str | None,
        typer.Option(
            envvar="THRESHER_CONTACT",
            help="Address or URL where a webmaster reaches you; sent with every request.",
        ),
    ] = None,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="SQLAlchemy URL (default: thresher.db in the output).")
    ] = None,
    warc: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder to write WARC files of the crawl into.")
    ] = None,
    allow_network: Annotated[
        list[str] | None,
        typer.Option(metavar="CIDR", help="Private network that may be crawled; may be repeated."),
    ] = None,
    favor: FavorOption = Favor.BALANCED,
    phrases: PhrasesOption = None,
    config: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Crawl what is due of the sites in FILE (docs/scheduling.md)."),
    ] = None,
    site: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="With --config: only this site; may be repeated."),
    ] = None,
    all_sites: Annotated[bool, typer.Option("--all", help="With --config: also what is not due.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --config: say what is due, and crawl nothing.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print only errors and alarms, on standard error.")
    ] = False,
) -> None:
    """Crawl sites and write their articles, typed block by block.

    Writes articles.jsonl.zst, rejects.jsonl (what gave no article, with the reason), thresher.db (SQLite)
    and crawl.log.

    Exit status: 0 all went well; 1 something failed, or nothing came; 2 a wrong call or configuration; 3 an
    alarm: a person should look; 75 nothing was done, as another run is crawling these sites.
    """
    if config is not None:
        _refuse_given(context, _CONFIG_OPTIONS, "does not go with --config: the file says it")
        raise _crawl_config(config, site or [], all_sites=all_sites, dry_run=dry_run, quiet=quiet)
    _refuse_given(context, frozenset(context.params) - _CONFIG_OPTIONS | {"quiet"}, "needs --config FILE")
    if not targets:
        raise _usage_error("name what to crawl: URLs, archives or folders, or a --config FILE")
    from thresher.config import any_of, parse_size
    from thresher.crawl import delay_settings, run_crawl

    settings: dict[str, Any] = {
        "THRESHER_FAVOR": favor.value,
        "THRESHER_PHRASES": phrases or [],
        **delay_settings(delay),
        **({"THRESHER_CONTACT": contact} if contact else {}),
        **({"THRESHER_DATABASE": database} if database is not None else {}),
        **({"THRESHER_WARC": str(warc.absolute())} if warc else {}),
        **({"THRESHER_ALLOWED_NETWORKS": allow_network} if allow_network else {}),
    }
    with _problems_said():
        limits = {
            "max_pages": str(max_pages or ""),
            "max_bytes": str(parse_size(max_bytes)) if max_bytes else "",
            "include": any_of(include or []),
            "exclude": any_of(exclude or []),
        }
        jobs = _jobs(targets, spider, {name: value for name, value in limits.items() if value})
        report = run_crawl(jobs, output, settings=settings, console=Console(stderr=True, quiet=quiet))
    raise _ended(report, len(jobs), quiet=quiet)


def _refuse_given(context: typer.Context, allowed: frozenset[str], why: str) -> None:
    """End with a usage error if another option than those allowed was given."""
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if source is not None and source.name == "COMMANDLINE" and parameter.name not in allowed:
            given = parameter.opts[0] if parameter.param_type_name == "option" else "URL|PATH"
            raise _usage_error(f"{given} {why}")


def _jobs(targets: Sequence[str], spider: SpiderName | None, arguments: dict[str, str]) -> list[CrawlJob]:
    """The jobs for what a user named: one a site, and one for all archives and one for all files."""
    from thresher.crawl import CrawlJob, jobs_of

    by_spider: dict[SpiderName, list[str]] = {}
    for target in targets:
        by_spider.setdefault(spider or _spider_for(target), []).append(target)
    jobs: list[CrawlJob] = []
    for name, group in by_spider.items():
        if name not in {SpiderName.ARCHIVE, SpiderName.FILES}:
            jobs += jobs_of(group, name.value, arguments)
            continue
        places = {
            "path": [target for target in group if not _is_url(target)],
            "url": [target for target in group if _is_url(target)],
        }
        given = {key: values for key, values in places.items() if values}
        jobs.append(CrawlJob(name.value, {**given, **arguments}))
    return jobs


def _is_url(target: str) -> bool:
    return target.lower().startswith(("http://", "https://"))


def _spider_for(target: str) -> SpiderName:
    """What a target is, if nobody says it: an archive by its name, a path if it is there, else a site."""
    path = Path(target)
    if (urlsplit(target).path if _is_url(target) else target).lower().endswith(_ARCHIVES):
        return SpiderName.ARCHIVE
    if not _is_url(target) and (path.is_file() or (path.is_dir() and site_of(target) is None)):
        return SpiderName.FILES
    return SpiderName.SITE


def _crawl_config(
    file: str, names: Sequence[str], *, all_sites: bool, dry_run: bool, quiet: bool
) -> typer.Exit:
    """Crawl what is due of a configuration; the caller raises what this gives."""
    from thresher.config import load_config
    from thresher.crawl import run_config
    from thresher.schedule import turns

    with _problems_said():
        config = load_config(file)
        standing = turns(config, config.select(names), datetime.now(UTC))
        due = [turn.site for turn in standing if turn.due or all_sites]
        if dry_run or not due:
            if not quiet:
                _print_turns(standing, config)
            return typer.Exit()
        report = run_config(config, due, console=Console(stderr=True, quiet=quiet))
    return _ended(report, len(due), quiet=quiet)


def _print_turns(standing: Sequence[Turn], config: Config) -> None:
    """Where sites stand, as a table."""
    from rich.table import Table

    table = Table(title=f"Sites and their times ({config.timezone})", title_justify="left")
    for heading in ("Site", "Kind", "Last run", "Next time", "Due"):
        table.add_column(heading, overflow="fold")
    for turn in standing:
        last, following = (
            f"{moment.astimezone(config.zone):%Y-%m-%d %H:%M}" if moment else "-"
            for moment in (turn.last, turn.next)
        )
        table.add_row(turn.site.name, turn.site.kind, last, following, "yes" if turn.due else "no")
    Console().print(table)


def _ended(report: CrawlReport, jobs: int, *, quiet: bool) -> typer.Exit:
    """Say what a crawl brought; the caller raises what this gives."""
    from thresher.report import print_report

    if not quiet:
        print_report(report, Console())
    if len(report.held) == jobs and not report.errors:
        return typer.Exit(EXIT_HELD)
    for line in _complaints(report) if quiet else ():
        Console(stderr=True).print(printable(line), markup=False, highlight=False, soft_wrap=True)
    if report.alarms:
        return typer.Exit(EXIT_ALARM)
    return typer.Exit(0 if report.ok else EXIT_REJECTS)


def _complaints(report: CrawlReport) -> list[str]:
    """Why a crawl did not go well, a line each; empty if it did."""
    lines = [*report.alarms, *report.errors]
    lines += [f"{name}: no page was had" for name, site in report.sites.items() if site.failed_altogether]
    if report.interrupted:
        lines.append("the crawl was interrupted")
    if not lines and not report.ok:
        lines.append("nothing came")
    if lines and report.reasons:
        reasons = ", ".join(f"{reason} {number}" for reason, number in report.reasons.most_common())
        lines.append(f"rejects: {reasons}")
    return [*lines, f"log: {report.files['Log']}"] if lines and "Log" in report.files else lines


@contextmanager
def _problems_said() -> Iterator[None]:
    """End with a line instead of a traceback for what is wrong with a call, a file or a database."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (FileNotFoundError, ValueError) as error:
        raise _usage_error(str(error)) from error
    except OSError as error:
        raise _failure(str(error)) from error
    except SQLAlchemyError as error:
        raise _failure(f"the database: {getattr(error, 'orig', None) or error}") from error


@app.command()
def schedule(
    config: Annotated[
        Path, typer.Option(metavar="FILE", help="The sites and their times (docs/scheduling.md).")
    ] = Path("thresher.toml"),
) -> None:
    """Crawl the sites of a configuration at their times, until a signal comes.

    Each crawl is a process of its own. What was missed is crawled once at the start. FILE is read anew when
    it changes. SIGTERM or Ctrl-C ends it in order, twice at once.
    """
    from thresher.config import load_config
    from thresher.schedule import SiteScheduler

    with _problems_said():
        SiteScheduler(lambda: load_config(config), config, Console()).run()


@app.command()
def clean(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE|DIR|-…", help="Files, folders of files, or - for standard input."),
    ],
    form: Annotated[
        Format | None,
        typer.Option("--format", "-f", help="Default: text for one document, jsonl for several."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write to instead of standard output.")
    ] = None,
    keep: Annotated[
        list[BlockType] | None,
        typer.Option(
            "--keep", "-k", help="Block type that text and Markdown hold; may be repeated. Default: body."
        ),
    ] = None,
    url: Annotated[str | None, typer.Option(help="Address that a single document came from.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes (default: one a core).")] = None,
    timeout: Annotated[
        float | None, typer.Option(min=0.1, help="Seconds that one page may take (default 20).")
    ] = None,
    favor: FavorOption = Favor.BALANCED,
    phrases: PhrasesOption = None,
) -> None:
    """Clean saved pages: HTML, WordPress REST API posts (JSON) and extracted text, told apart by content.

    Many files are cleaned on all cores; the output has the order of the files' paths. What cannot be
    cleaned is named on standard error with the reason, and the exit status is 1.
    """
    from pipelines.cleaner import Cleaner
    from thresher.cleaning import CleaningRun

    try:
        run = CleaningRun(
            form=form.value if form else None,
            types=frozenset(keep) if keep else None,
            workers=workers,
            time_limit=timeout,
            cleaner=Cleaner(favor, tuple(phrases or ())),
        )
        rejected = run.run(paths, output=output, url=url)
    except (FileNotFoundError, IsADirectoryError, ValueError) as error:
        raise _usage_error(str(error)) from error
    raise typer.Exit(EXIT_REJECTS if rejected else 0)


@app.command()
def explain(
    path: Annotated[str, typer.Argument(metavar="FILE|-", help="A saved page, or - for standard input.")],
    types: Annotated[
        list[BlockType] | None,
        typer.Option("--type", "-t", help="Show blocks of this type only; may be repeated."),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Show long blocks whole.")] = False,
    url: Annotated[str | None, typer.Option(help="Address that the page came from.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the documented JSON record instead.")
    ] = False,
    favor: FavorOption = Favor.BALANCED,
    phrases: PhrasesOption = None,
) -> None:
    """Show every block of one page in its type's colour, with the confidence and the reason."""
    from pipelines.cleaner import Cleaner
    from thresher.explain import print_explanation

    page = _one_page(path, url)
    try:
        article = Cleaner(favor, tuple(phrases or ()))(page)
    except (FileNotFoundError, ValueError) as error:
        raise _usage_error(str(error)) from error
    if as_json:
        typer.echo(json.dumps(article.to_record(), ensure_ascii=True, indent=2))
    else:
        print_explanation(article, Console(), types=frozenset(types) if types else None, full=full)
    raise typer.Exit(0 if article.blocks else EXIT_REJECTS)


def _one_page(path: str, url: str | None) -> Page:
    from spiders.documents import read_page, read_stream

    page = read_stream(sys.stdin.buffer, url) if path == "-" else read_page(Path(path), url=url)
    if isinstance(page, Rejection):
        raise _usage_error(page.detail if path == "-" else f"{path}: {page.detail}")
    return page


def _usage_error(message: str) -> typer.Exit:
    """Say what is wrong on standard error; the caller raises what this gives."""
    return _failure(message, EXIT_USAGE)


def _failure(message: str, status: int = EXIT_REJECTS) -> typer.Exit:
    """Say what failed on standard error, a line each; the caller raises what this gives."""
    console = Console(stderr=True)
    for line in message.splitlines():
        console.print(f"Error: {line}", style="red", markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(status)


def check_packages() -> None:
    """Raise `ImportError` when another installed package hides one of ours.

    Their names (`spiders`, `pipelines` …) are common, and Python takes the first on its path.
    """
    home = Path(__file__).resolve().parents[1]
    for name in ("cleaners", "pipelines", "spiders"):
        spec = importlib.util.find_spec(name)
        origin = Path(spec.origin).resolve() if spec and spec.origin else None
        if origin is None or not origin.is_relative_to(home):
            raise ImportError(f"the package {name!r} is taken from {origin}, not from Thresher in {home}")


def main() -> None:
    """The program `thresher`."""
    try:
        check_packages()
    except ImportError as error:
        sys.exit(f"Error: {error}. Install Thresher into an environment of its own.")
    app()
