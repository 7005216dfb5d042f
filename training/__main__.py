"""`make train`: reads the annotated pages, fits, measures on pages held back, writes weights and card.

    python -m training [--out FOLDER] [--folds FOLDER]

Reads the data that `benchmarks.data` finds. Five models, each without the sites of one fold, are measured
on that fold, give the calibration, and are kept beside (`--folds`) for the benchmarks; then one model is
fitted to all pages. The same data gives the same weights on the same machine.
"""

from __future__ import annotations

import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.data import FOLDS
from training.card import write_card
from training.check import check_parity
from training.export import export
from training.folds import fit_without, gather
from training.measure import calibrate
from training.recipe import Recipe

MODEL = Path(__file__).resolve().parents[1] / "cleaners" / "model"

PROCESSES = 2
"""Fits at a time; each takes one core and 4 GB."""


def main(
    out: Annotated[Path, typer.Option(help="Folder for weights.npz and MODEL_CARD.md.")] = MODEL,
    folds: Annotated[Path, typer.Option(help="Folder for the models of the folds.")] = Path("out/folds"),
) -> None:
    """Train the classifier of block types."""
    console = Console()
    folds.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    examples = gather(PROCESSES, console)
    cache, recipe = folds / "examples.pickle", Recipe()
    cache.write_bytes(pickle.dumps(examples))
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        whole = pool.submit(fit_without, cache, None, recipe)
        held_back = list(pool.map(partial(fit_without, cache, recipe=recipe), range(FOLDS)))
        fitted, _ = whole.result()
    cache.unlink()
    predicted = [page for _, pages in held_back for page in pages]
    calibration = calibrate(predicted)
    for fold, (model, _) in enumerate(held_back):
        seen = [example for example in examples if example.fold != fold]
        export(model, seen, calibration, folds / f"fold-{fold}.npz")
    weights = out / "weights.npz"
    export(fitted, examples, calibration, weights)
    agreement = check_parity(fitted, weights)
    write_card(out / "MODEL_CARD.md", predicted, fitted, calibration, weights)
    console.print(
        f"{weights}: {weights.stat().st_size / 1e6:.2f} MB; the product agrees with the trained model on "
        f"{agreement:.2%} of blocks"
    )


if __name__ == "__main__":
    typer.run(main)
