"""`make train`: reads the annotated pages, fits, measures on pages held back, writes weights and card.

    python -m training [--out FOLDER] [--folds FOLDER]

Reads the data that `benchmarks.data` finds. Five models, each without the sites of one fold, are measured
on that fold, give the calibration, and are kept beside (`--folds`) for the benchmarks; then one model is
fitted to all pages. The same data gives the same weights on the same machine.
"""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track

from benchmarks.data import FOLDS, benchmark_truths, typed_pages
from training.card import write_card
from training.check import check_parity
from training.examples import Example, benchmark_examples, typed_examples
from training.export import export
from training.fit import Fitted, fit
from training.measure import Predicted, calibrate
from training.recipe import Recipe

MODEL = Path(__file__).resolve().parents[1] / "cleaners" / "model"
PROCESSES = 2

console = Console()


def main(
    out: Annotated[Path, typer.Option(help="Folder for weights.npz and MODEL_CARD.md.")] = MODEL,
    folds: Annotated[Path, typer.Option(help="Folder for the models of the folds.")] = Path("out/folds"),
) -> None:
    """Train the classifier of block types."""
    folds.mkdir(parents=True, exist_ok=True)
    cache = folds / "examples.pickle"
    examples = gather()
    cache.write_bytes(pickle.dumps(examples))
    recipe = Recipe()
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        whole = pool.submit(fit_without, cache, None, recipe)
        held_back = list(pool.map(partial(fit_without, cache, recipe=recipe), range(FOLDS)))
        fitted = whole.result()[0]
    cache.unlink()
    predicted = [page for _, pages in held_back for page in pages]
    calibration = calibrate(predicted)
    for fold, (model, _) in enumerate(held_back):
        export(model, [e for e in examples if e.fold != fold], calibration, folds / f"fold-{fold}.npz")
    export(fitted, examples, calibration, out / "weights.npz")
    agreement = check_parity(fitted, out / "weights.npz")
    console.print(f"the product agrees with the trained model on {agreement:.2%} of blocks")
    write_card(out / "MODEL_CARD.md", predicted, fitted, calibration, out / "weights.npz")
    console.print(f"wrote {out / 'weights.npz'} ({(out / 'weights.npz').stat().st_size / 1e6:.2f} MB)")


def gather() -> list[Example]:
    """All examples, in the order of the data."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        return [
            *_mapped(pool, typed_examples, list(typed_pages()), "annotated pages"),
            *_mapped(pool, benchmark_examples, list(benchmark_truths()), "benchmark pages"),
        ]


def _mapped(
    pool: ProcessPoolExecutor, read: Callable[[Any], list[Example]], pages: list[Any], what: str
) -> Iterable[Example]:
    for examples in track(pool.map(read, pages, chunksize=4), what, len(pages), console=console):
        yield from examples


def fit_without(cache: Path, fold: int | None, recipe: Recipe) -> tuple[Fitted, list[Predicted]]:
    """A model fitted to all folds but one, and what it says of that one's pages."""
    examples: list[Example] = pickle.loads(cache.read_bytes())  # noqa: S301  # our own file of a moment ago
    name = "all pages" if fold is None else f"without fold {fold}"
    seen = [example for example in examples if example.fold != fold]
    fitted = fit(seen, recipe, lambda line: console.print(f"{name}: {line}"))
    unseen = [example for example in examples if example.fold == fold]
    chances = fitted.predict([fitted.prepare(example) for example in unseen])
    return fitted, [Predicted(example, chance) for example, chance in zip(unseen, chances, strict=True)]


if __name__ == "__main__":
    typer.run(main)
