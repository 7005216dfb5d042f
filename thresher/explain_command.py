"""`thresher explain`: one page, saved or of the web, block by block, and what changed since another record.

Scrapy is loaded only for a page of the web, the templates only for one that is written.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from cleaners import Favor
from cleaners.article import Article, BlockType, Page, Rejection
from thresher import __version__
from thresher.exits import EXIT_INTERRUPTED, EXIT_REJECTS, complain, failure, usage_error
from thresher.options import FavorOption, PhrasesOption

if TYPE_CHECKING:
    from audit.explained.difference import Difference
    from audit.explained.record import ArticleRecord

_Source = Annotated[
    str,
    typer.Argument(metavar="FILE|URL|-", help="A saved page, one of the web, or - for standard input."),
]
_Types = Annotated[
    list[BlockType] | None,
    typer.Option("--type", "-t", help="Show blocks of this type only; may be repeated."),
]
_Full = Annotated[bool, typer.Option("--full", help="Show long blocks whole.")]
_Url = Annotated[str | None, typer.Option(help="Address that a saved page came from.")]
_Json = Annotated[
    bool, typer.Option("--json", help="Print the documented JSON record, or with --diff the difference.")
]
_Html = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="Write a page to look at in a browser, with filters."),
]
_Diff = Annotated[
    Path | None,
    typer.Option(
        "--diff",
        metavar="FILE",
        help="Show what changed since this record of the page, which --json printed with another version "
        "or other options. Of JSON lines, the record of the same address.",
    ),
]
_Contact = Annotated[
    str | None,
    typer.Option(
        envvar="THRESHER_CONTACT", help="Address or URL where a webmaster reaches you; sent with a request."
    ),
]
_AllowNetwork = Annotated[
    list[str] | None,
    typer.Option(metavar="CIDR", help="Private network that may be asked; may be repeated."),
]


def explain(
    source: _Source,
    types: _Types = None,
    full: _Full = False,
    url: _Url = None,
    as_json: _Json = False,
    html: _Html = None,
    diff: _Diff = None,
    contact: _Contact = None,
    allow_network: _AllowNetwork = None,
    favor: FavorOption = Favor.BALANCED,
    phrases: PhrasesOption = None,
) -> None:
    """Show every block of one page in its type's colour, with the confidence and the reason.

    A page of the web is asked for as in a crawl: robots.txt is obeyed, private addresses are not asked.
    """
    from pipelines.cleaner import Cleaner

    of_the_web = source.lower().startswith(("http://", "https://"))
    if html is not None and (as_json or types or full):
        raise usage_error("--html shows all there is; it does not go with --json, --type and --full")
    if of_the_web and url is not None:
        raise usage_error("--url is the address of a saved page; this one has its own")
    if allow_network and not of_the_web:
        raise usage_error("--allow-network goes with a page of the web only")
    try:
        cleaner = Cleaner(favor, tuple(phrases or ()))
    except (FileNotFoundError, ValueError) as error:
        raise usage_error(str(error)) from error
    page = _fetched(source, contact, allow_network or []) if of_the_web else _saved(source, url)
    article = cleaner(page)
    record = _record(article) if html or diff else None
    difference = _difference(diff, record) if diff and record else None
    if html and record:
        _write(html, record, difference)
    elif as_json:
        data = difference.model_dump(mode="json") if difference else article.to_record()
        typer.echo(json.dumps(data, ensure_ascii=True, indent=2))
    else:
        _print(article, difference, frozenset(types) if types else None, full=full)
    raise typer.Exit(0 if article.blocks else EXIT_REJECTS)


def _saved(path: str, url: str | None) -> Page:
    from spiders.documents import read_page, read_stream

    page = read_stream(sys.stdin.buffer, url) if path == "-" else read_page(Path(path), url=url)
    if isinstance(page, Rejection):
        raise usage_error(page.detail if path == "-" else f"{path}: {page.detail}")
    return page


def _fetched(url: str, contact: str | None, allowed: list[str]) -> Page:
    from thresher.fetching import InterruptedFetchError, fetch_page

    settings: dict[str, Any] = {"THRESHER_ALLOWED_NETWORKS": allowed} if allowed else {}
    if contact:
        settings["THRESHER_CONTACT"] = contact
    else:
        complain("No --contact and no THRESHER_CONTACT: the webmaster cannot tell who asks", "yellow")
    try:
        page = fetch_page(url, settings)
    except ValueError as error:
        raise usage_error(f"{url}: {error}") from error
    except InterruptedFetchError as error:
        raise failure(str(error), EXIT_INTERRUPTED) from error
    if isinstance(page, Rejection):
        raise failure(f"{url}: {page.detail} [{page.reason}]")
    return page


def _record(article: Article) -> ArticleRecord:
    from audit.explained.record import ArticleRecord

    return ArticleRecord.of(article.to_record())


def _difference(path: Path, record: ArticleRecord) -> Difference:
    from audit.explained.difference import compare
    from audit.explained.record import read_record

    try:
        return compare(read_record(path, record.url), record)
    except OSError as error:
        raise usage_error(f"{path}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise usage_error(str(error)) from error


def _write(path: Path, record: ArticleRecord, difference: Difference | None) -> None:
    from audit.explained.view import explanation_page

    text = explanation_page(record, difference, __version__)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise failure(f"{path}: cannot be written: {error.strerror or error}") from error


def _print(
    article: Article, difference: Difference | None, types: frozenset[BlockType] | None, *, full: bool
) -> None:
    from thresher.explain import print_difference, print_explanation

    if difference:
        print_difference(difference, Console(), types=types, full=full)
    else:
        print_explanation(article, Console(), types=types, full=full)
