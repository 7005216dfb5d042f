"""`thresher relate`: compare what a database holds, and say who took what from whom, and what says so."""

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
    from pipelines.reuse.account import Account
    from pipelines.reuse.summary import Summary

_SITES_SHOWN: Final = 20

_Show = Annotated[
    str | None,
    typer.Option("--show", metavar="URL", help="Say of one article where it came from, and what says so."),
]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors.")]


def relate(database: DatabaseArgument = "out/thresher.db", show: _Show = None, quiet: _Quiet = False) -> None:
    """Compare a database's articles with each other, and find where copies came from.

    Crawls do this by themselves; a database that was filled in another way, or by an older Thresher, is
    compared here. Can be stopped with Ctrl-C, and goes on where it was.
    """
    from pipelines.deduplicate import deduplicate, waiting
    from pipelines.reuse.account import account_of
    from pipelines.reuse.summary import summarise
    from pipelines.store import Store

    with problems_said(), Store(existing_database(database)) as store:
        with store.session() as session:
            articles = waiting(session)
        try:
            with _progress(articles, quiet=quiet) as advance:
                deduplicate(store, advance)
        except KeyboardInterrupt:
            raise failure("stopped; the next call goes on", EXIT_INTERRUPTED) from None
        with store.session() as session:
            try:
                lines = (
                    _account(account_of(session, show)) if show else _summary(summarise(session), articles)
                )
            except LookupError as error:
                raise failure(str(error)) from None
        if show or not quiet:
            text = printable("\n".join(lines))
            Console().print(text, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def _progress(articles: int, *, quiet: bool) -> Iterator[Callable[[str, int], object]]:
    """Shows how far it is, where there is a terminal to show it on."""
    with progress_bars(quiet=quiet) as bars:
        if bars is None:
            yield lambda _what, _done: None
            return
        tasks = {
            "articles": bars.add_task("Comparing", total=articles),
            "clusters": bars.add_task("Finding origins", total=None),
            "events": bars.add_task("Finding other reports", total=None),
        }
        yield lambda what, done: bars.update(tasks[what], advance=done)


def _summary(summary: Summary, compared: int) -> list[str]:
    """What was found, in lines."""
    relations = ", ".join(f"{name} {count:,}" for name, count in summary.relations.items())
    lines = [
        f"Compared   {compared:,} articles; {summary.articles:,} in all",
        f"Clusters   {summary.clusters:,}, {summary.undecided:,} of them of unknown origin",
        f"Relations  {relations or 'none'}",
    ]
    lines += [
        f"{'' if number else 'Sources':9}  {copy.site} took {copy.articles:,} from {copy.origin}"
        for number, copy in enumerate(summary.copies[:_SITES_SHOWN])
    ]
    if len(summary.copies) > _SITES_SHOWN:
        lines.append(f"{'':9}  and {len(summary.copies) - _SITES_SHOWN:,} pairs of sites more")
    return lines


def _account(account: Account) -> list[str]:
    """What is known of an article, in lines."""
    lines = [f"Article    {account.url}", f"Relation   {account.relation or 'no copies are known'}"]
    named = {"Origin": account.origin, "Or": account.rival, "Site": account.origin_site}
    lines += [f"{name:9}  {value}" for name, value in named.items() if value]
    lines += [
        f"{'' if number else 'Evidence':9}  {finding['tier']}: {finding['detail']} ({finding['shown_by']})"
        for number, finding in enumerate(account.evidence)
    ]
    lines += [f"{'' if number else 'Figures':9}  {line}" for number, line in enumerate(_figures(account))]
    for title, articles in (("Cluster", account.cluster), ("Event", account.event)):
        lines += [
            f"{'' if number else title:9}  {relation}: {url}"
            for number, (url, relation) in enumerate(articles)
        ]
    return lines


def _figures(account: Account) -> list[str]:
    """The figures, a line each; sentence pairs by their numbers from 1, as the two texts have them."""
    lines = []
    for name, value in account.figures.items():
        if name == "reason":
            continue  # it stands among the evidence
        if name == "pairs":
            said = ", ".join(f"{later + 1}–{earlier + 1}" for later, earlier, _ in value)
        else:
            said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        lines.append(f"{name.replace('_', ' ')}: {said}")
    return lines
