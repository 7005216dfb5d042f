"""How well every block's type is told, on the annotated pages.

    python -m benchmarks.types [--text] [--folds DIR] [--picture out.png]

By block: precision, recall and F1 of each type, the mean of F1 over types (macro), accuracy, the F1 of the
words that are kept, the share of words in no block; the same by language and by kind of page; which types
are taken for which; and whether confidences are as high as the share that is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from benchmarks.data import TypedPage, count_typed, typed_checksum, typed_pages
from benchmarks.ours import Thresher
from benchmarks.output import Folds, JsonFile, Pages, console, number, progress, table, write_json, wrong_call
from benchmarks.typed import MISSING, TypedResult, compare, confusion, figures, grouped, reliability
from cleaners.article import Article, BlockType

AsText = Annotated[bool, typer.Option("--text", help="Clean the pages as already extracted plain text.")]
Picture = Annotated[Path | None, typer.Option(help="Draw confusion and reliability into this PNG.")]


def main(
    text: AsText = False,
    folds: Folds = None,
    pages: Pages = None,
    picture: Picture = None,
    json: JsonFile = None,
) -> None:
    """Measure the types on the annotated pages and print tables."""
    try:
        thresher = Thresher.load(folds)
        checksum = typed_checksum()
    except FileNotFoundError as error:
        raise wrong_call(error) from error
    found = progress(typed_pages(pages), count_typed(pages), "Pages")
    results = [compare(page, clean_page(thresher, page, as_text=text)) for page in found]
    record = {
        "data": checksum,
        "source": "text" if text else "html",
        "out_of_fold": bool(thresher.folds),
        **record_of(results),
    }
    show(record)
    write_json(json, record)
    if picture is not None:
        from benchmarks.pictures import draw_types

        types = list(record["types"])
        draw_types(types, _matrix(record, types), record["reliability"]["bins"], picture)


def clean_page(thresher: Thresher, page: TypedPage, *, as_text: bool = False) -> Article:
    """Clean an annotated page, or the text of its blocks, as extracted text comes: a line each."""
    source = "\n".join(text for text, _ in page.blocks) if as_text else page.html
    content_type = "text/plain" if as_text else "text/html"
    return thresher.clean(source, url=page.url, name=page.name, content_type=content_type)


def record_of(results: Sequence[TypedResult]) -> dict[str, Any]:
    """All figures, the confusion, the reliability, and the figures of the groups."""
    counts = confusion(results)
    true_types = [kind.value for kind in BlockType]
    return {
        **figures(results),
        "confusion": {
            true: {given: counts[true, given] for given in (*true_types, MISSING) if counts[true, given]}
            for true in true_types
        },
        "reliability": reliability(results),
        "by_language": grouped(results, "language"),
        "by_kind": grouped(results, "kind"),
    }


def show(record: Mapping[str, Any]) -> None:
    """Print what a record holds."""
    out = console()
    out.print(_types(record))
    out.print(_groups("By language", record["by_language"]))
    out.print(_groups("By kind of page", record["by_kind"]))
    out.print(_confusion(record))
    out.print(_reliability(record["reliability"]))


def _types(record: Mapping[str, Any]) -> Table:
    rows = [
        [kind, *(number(found[key]) for key in ("precision", "recall", "f1")), f"{found['support']:,}"]
        for kind, found in record["types"].items()
    ]
    made = table(
        f"Types by block, {record['pages']:,} pages as {record['source']}",
        ["", "precision", "recall", "F1", "blocks"],
        rows,
    )
    made.caption = (
        f"macro F1 {number(record['macro_f1'])}, accuracy {number(record['accuracy'])}, "
        f"kept-text F1 {number(record['kept_f1'])}, words without a block {100 * record['missing']:.2f} %"
    )
    return made


def _groups(title: str, groups: Mapping[str, Mapping[str, Any]]) -> Table:
    columns = ["", "pages", "blocks", "macro F1", "accuracy", "kept-text F1", "words without a block"]
    rows = []
    for name, found in groups.items():
        means = [number(found[key]) for key in ("macro_f1", "accuracy", "kept_f1")]
        sizes = [f"{found['pages']:,}", f"{found['blocks']:,}"]
        rows.append([name, *sizes, *means, f"{100 * found['missing']:.2f} %"])
    return table(title, columns, rows)


def _confusion(record: Mapping[str, Any]) -> Table:
    types = list(record["types"])
    rows = [
        [kind, *(str(count or "") for count in counts)]
        for kind, counts in zip(types, _matrix(record, types), strict=True)
    ]
    columns = ["true \\ given", *(kind[:4] for kind in (*types, MISSING))]
    return table("Blocks by true type (rows) and given type (columns)", columns, rows)


def _matrix(record: Mapping[str, Any], types: Sequence[str]) -> list[list[int]]:
    return [[record["confusion"][true].get(given, 0) for given in (*types, MISSING)] for true in types]


def _reliability(found: Mapping[str, Any]) -> Table:
    rows = [
        [
            f"{row['from']:.1f}",
            f"{row['blocks']:,}",
            number(row["confidence"]),
            number(row["right"]),
            f"{row['right'] - row['confidence']:+.3f}",
        ]
        for row in found["bins"]
    ]
    made = table("Confidences", ["from", "blocks", "mean confidence", "share right", "gap"], rows)
    made.caption = f"expected calibration error {number(found['expected_calibration_error'])}"
    return made


if __name__ == "__main__":
    typer.run(main)
