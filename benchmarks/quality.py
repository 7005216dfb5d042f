"""Word-level F1 of the extracted text on the public benchmark, ours beside the peers'.

    python -m benchmarks.quality [--folds DIR] [--peers trafilatura,resiliparse] [--curve out.png]

Each page goes through all contestants in one process before the next one does. What is measured is each
one's default text against the page's true main content: multisets of lower-cased words, F1 by page, then
the mean over pages. Intervals are by bootstrap over pages, from a fixed seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from benchmarks import peers as peers_module
from benchmarks.comparison import DIGITS, OURS, PageResult, contestants, measure, summary
from benchmarks.data import benchmark_truths, count_truths
from benchmarks.output import (
    Data,
    Folds,
    JsonFile,
    Pages,
    Peers,
    console,
    number,
    progress,
    table,
    write_json,
    wrong_call,
)
from cleaners import Favor

SHOWN_LANGUAGES: Final = 8
"""Languages that have a column; the record holds all."""

FavorOption = Annotated[Favor, typer.Option(help="The point of the dial that “thresher” stands for.")]
Curve = Annotated[Path | None, typer.Option(help="Draw precision against recall into this PNG.")]


def main(
    data: Data = None,
    folds: Folds = None,
    pages: Pages = None,
    peers: Peers = None,
    favor: FavorOption = Favor.BALANCED,
    curve: Curve = None,
    json: JsonFile = None,
) -> None:
    """Measure all contestants and print tables."""
    try:
        chosen = peers_module.choose(peers)
        total = count_truths(data, pages)
        ready, missing = peers_module.load(chosen)
        runners = contestants(ready, folds, favor)
    except (ValueError, FileNotFoundError) as error:
        raise wrong_call(error) from error
    found = progress(benchmark_truths(data, pages), total, "Pages")
    record = {
        "data": str(data or "wcxb/dev"),
        "out_of_fold": folds is not None,
        "versions": peers_module.versions(peer for peer in chosen if peer.name in ready),
        "not_installed": missing,
        **whole_record([measure(page, runners) for page in found]),
    }
    show(record)
    write_json(json, record)
    if curve is not None:
        from benchmarks.pictures import draw_curve

        draw_curve(record, curve)


def whole_record(results: Sequence[PageResult]) -> dict[str, Any]:
    """The means, and each page's F1 by contestant for those who look closer."""
    pages = [
        {
            "name": result.name,
            "kind": result.kind,
            "language": result.language,
            "f1": {name: round(score.f1, DIGITS) for name, score in result.scores.items()},
        }
        for result in results
    ]
    return {**summary(results), "by_page": pages}


def show(record: Mapping[str, Any]) -> None:
    """Print what a record holds, and which peers are not in it."""
    out = console()
    for made in (_by_kind(record), _overall(record), _dial(record), _by_language(record)):
        out.print(made)
    for name, reason in record["not_installed"].items():
        out.print(f"{name}: {reason}", highlight=False)


def _by_kind(record: Mapping[str, Any]) -> Table:
    kinds = record["kinds"]
    title = f"Word F1 by kind of page, {record['pages']:,} pages"
    columns = ["", *(f"{kind} ({pages})" for kind, pages in kinds.items()), "all"]
    rows = [
        [name, *(number(figures["f1_by_kind"].get(kind)) for kind in kinds), number(figures["f1"])]
        for name, figures in record["contestants"].items()
    ]
    return table(title, columns, [*rows, *_absent(record, len(columns))])


def _overall(record: Mapping[str, Any]) -> Table:
    columns = ["", "precision", "recall", "F1", "ours ahead by", "95 % interval"]
    columns += ["snippets held", "snippets kept out", "failed"]
    rows = []
    for name, figures in record["contestants"].items():
        ahead = record["ours_ahead"].get(name)
        between = f"{ahead['low']:+.3f} … {ahead['high']:+.3f}" if ahead else "–"
        measured = [number(figures[key]) for key in ("precision", "recall", "f1")]
        snippets = [number(figures[key]) for key in ("snippets_held", "snippets_kept_out")]
        gap = f"{ahead['mean']:+.3f}" if ahead else "–"
        rows.append([name, *measured, gap, between, *snippets, str(figures["failed"])])
    return table("Over all pages", columns, [*rows, *_absent(record, len(columns))])


def _dial(record: Mapping[str, Any]) -> Table:
    rows = [
        [name, *(number(figures[key]) for key in ("precision", "recall", "f1"))]
        for name, figures in record["contestants"].items()
        if is_on_dial(name)
    ]
    return table("Precision and recall along the dial", ["", "precision", "recall", "F1"], rows)


def is_on_dial(name: str) -> bool:
    """Whether a contestant is a point of a dial between precision and recall."""
    return name.startswith((OURS, "trafilatura"))


def _by_language(record: Mapping[str, Any]) -> Table:
    languages = list(record["languages"].items())[:SHOWN_LANGUAGES]
    columns = ["", *(f"{language} ({pages})" for language, pages in languages)]
    columns += ["articles, CJK", "CJK by character", "other articles"]
    rows = [
        [
            name,
            *(number(figures["f1_by_language"].get(language)) for language, _ in languages),
            number(figures["f1_of_articles"].get("cjk")),
            number(figures["f1_by_character_of_cjk_articles"]),
            number(figures["f1_of_articles"].get("rest")),
        ]
        for name, figures in record["contestants"].items()
    ]
    return table("Word F1 by language", columns, rows)


def _absent(record: Mapping[str, Any], width: int) -> Iterator[list[str]]:
    for name in record["not_installed"]:
        yield [name, "not installed", *[""] * (width - 2)]


if __name__ == "__main__":
    typer.run(main)
