"""`thresher relate`: compare what a database holds, and say which sites took how much from which."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console

from thresher.bars import progress_bars
from thresher.databases import DatabaseArgument, existing_database
from thresher.exits import EXIT_INTERRUPTED, failure, problems_said
from thresher.terminal import printable

if TYPE_CHECKING:
    from pipelines.reuse.summary import Summary

_SITES_SHOWN: Final = 20

_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors.")]


def relate(database: DatabaseArgument = "out/thresher.db", quiet: _Quiet = False) -> None:
    """Compare a database's articles with each other, and find where copies came from.

    Crawls do this by themselves; a database that was filled in another way, or by an older Thresher, is
    compared here. Can be stopped with Ctrl-C, and goes on where it was.
    """
    from pipelines.deduplicate import deduplicate, unsettled, waiting
    from pipelines.reuse.summary import summarise
    from pipelines.store import Store

    with problems_said(), Store(existing_database(database)) as store:
        with store.session() as session:
            articles, clusters = waiting(session), unsettled(session)
        try:
            with _progress(articles, clusters, quiet=quiet) as advance:
                deduplicate(store, advance)
        except KeyboardInterrupt:
            raise failure("stopped; the next call goes on", EXIT_INTERRUPTED) from None
        if not quiet:
            with store.session() as session:
                _say(summarise(session), articles)


@contextmanager
def _progress(articles: int, clusters: int, *, quiet: bool) -> Iterator[Callable[[str, int], object]]:
    """Shows how far it is, where there is a terminal to show it on."""
    with progress_bars(quiet=quiet) as bars:
        if bars is None:
            yield lambda _what, _done: None
            return
        tasks = {
            "articles": bars.add_task("Comparing", total=articles),
            "clusters": bars.add_task("Finding origins", total=clusters or None),
        }
        yield lambda what, done: bars.update(tasks[what], advance=done)


def _say(summary: Summary, compared: int) -> None:
    """Say what was found."""
    console = Console()
    relations = ", ".join(f"{name} {count:,}" for name, count in summary.relations.items())
    lines = [
        f"Compared   {compared:,} articles; {summary.articles:,} in all",
        f"Clusters   {summary.clusters:,}, {summary.undecided:,} of them of unknown origin",
        f"Relations  {relations or 'none'}",
    ]
    lines += [
        f"{'Sources' if not number else '':9}  {copy.site} took {copy.articles:,} from {copy.origin}"
        for number, copy in enumerate(summary.copies[:_SITES_SHOWN])
    ]
    if len(summary.copies) > _SITES_SHOWN:
        lines.append(f"{'':9}  and {len(summary.copies) - _SITES_SHOWN:,} pairs of sites more")
    console.print(printable("\n".join(lines)), markup=False, highlight=False, soft_wrap=True)
