"""The commands: `thresher --help` lists them."""

from __future__ import annotations

import importlib.util
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cleaners import Favor
from cleaners.article import BlockType
from thresher import __version__
from thresher.audit_command import audit
from thresher.crawl_command import crawl
from thresher.exits import EXIT_REJECTS, failure, problems_said, usage_error
from thresher.explain_command import explain
from thresher.export_command import export
from thresher.options import FavorOption, OutputOption, PhrasesOption
from thresher.relate_command import relate
from thresher.serve_command import serve
from thresher.worker_command import worker

app = typer.Typer(
    name="thresher",
    help="Collects republished articles and parts each page's text from its boilerplate, block by block.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    rich_markup_mode="rich",
)


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
def demo(output: OutputOption = Path("demo-out")) -> None:
    """Crawl a small fictional press on this machine and show what came of it.

    A loopback web server plays six sites: an outlet, two content farms that republish it, two outlets
    with reports of their own, and a machine-translated copy. The real spiders crawl it, politely.
    """
    from thresher.demo.run import run_demo

    report = run_demo(output, Console())
    raise typer.Exit(0 if report.ok else EXIT_REJECTS)


app.command()(crawl)


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

    with problems_said():
        SiteScheduler(lambda: load_config(config), config, Console()).run()


app.command()(worker)


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
        raise usage_error(str(error)) from error
    except OSError as error:
        raise failure(str(error)) from error
    raise typer.Exit(EXIT_REJECTS if rejected else 0)


app.command()(explain)
app.command()(relate)
app.command()(export)
app.command()(audit)
app.command()(serve)


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
