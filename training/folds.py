"""The work that `make train` gives to processes: reading pages, and fitting without one fold."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from benchmarks.data import benchmark_truths, typed_pages
from training.examples import Example, benchmark_examples, typed_examples
from training.fit import Fitted, fit
from training.measure import Predicted
from training.recipe import Recipe


def gather(processes: int, console: Console) -> list[Example]:
    """All examples, in the order of the data."""
    with ProcessPoolExecutor(processes) as pool:
        return [
            *_mapped(pool, typed_examples, list(typed_pages()), "annotated pages", console),
            *_mapped(pool, benchmark_examples, list(benchmark_truths()), "benchmark pages", console),
        ]


def _mapped(
    pool: ProcessPoolExecutor,
    read: Callable[[Any], list[Example]],
    pages: list[Any],
    what: str,
    console: Console,
) -> Iterable[Example]:
    for examples in track(pool.map(read, pages, chunksize=4), what, len(pages), console=console):
        yield from examples


def fit_without(cache: Path, fold: int | None, recipe: Recipe) -> tuple[Fitted, list[Predicted]]:
    """A model fitted to all folds but one, and what it says of that one's pages."""
    examples: list[Example] = pickle.loads(cache.read_bytes())  # noqa: S301  # our own file of a moment ago
    name = "all pages" if fold is None else f"without fold {fold}"
    seen = [example for example in examples if example.fold != fold]
    fitted = fit(seen, recipe, lambda line: print(f"{name}: {line}", flush=True))
    unseen = [example for example in examples if example.fold == fold]
    chances = fitted.predict([fitted.prepare(example) for example in unseen])
    return fitted, [Predicted(example, chance) for example, chance in zip(unseen, chances, strict=True)]
