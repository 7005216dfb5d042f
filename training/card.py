"""The model card: what the weights were made from, how good they are on pages held back, and their limits.

After Mitchell et al., "Model Cards for Model Reporting", 2019.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from benchmarks.data import benchmark_checksum, typed_checksum
from training.examples import Form
from training.fit import Fitted
from training.measure import Predicted, by_group, mean_f1, type_figures

MIN_PAGES = 3
"""Annotated pages of a language, below which it gets no row of its own."""


def write_card(
    path: Path, predicted: Sequence[Predicted], fitted: Fitted, calibration: dict[str, Any], weights: Path
) -> None:
    """Write the card beside the weights."""
    typed = [page for page in predicted if page.example.types is not None]
    html = [page for page in typed if page.example.form is Form.HTML]
    benchmark = [page for page in predicted if page.example.main is not None]
    balanced = calibration["thresholds"]["balanced"]
    template = resources.files("training").joinpath("card.md.jinja").read_text(encoding="utf-8")
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, autoescape=False)  # noqa: S701  # Markdown
    path.write_text(
        environment.from_string(template).render(
            typed_pages=len(html),
            benchmark_pages=len(benchmark),
            typed_checksum=typed_checksum(),
            benchmark_checksum=benchmark_checksum(),
            megabytes=weights.stat().st_size / 1e6,
            names=len(fitted.vocabulary.names),
            texts=len(fitted.vocabulary.texts),
            columns=len(fitted.columns),
            recipe=fitted.recipe,
            calibration=calibration,
            forms={form.value: type_figures(_of(typed, form)) for form in Form},
            languages={
                name: (len(pages), type_figures(pages))
                for name, pages in by_group(html, lambda example: example.language or "unknown").items()
                if len(pages) >= MIN_PAGES
            },
            typed_kinds={name: (len(pages), type_figures(pages)) for name, pages in _kinds(html).items()},
            kinds={name: (len(pages), mean_f1(pages, balanced)) for name, pages in _kinds(benchmark).items()},
            overall=mean_f1(benchmark, balanced),
            zip=zip,
        ),
        encoding="utf-8",
    )


def _of(pages: Iterable[Predicted], form: Form) -> list[Predicted]:
    return [page for page in pages if page.example.form is form]


def _kinds(pages: Sequence[Predicted]) -> dict[str, list[Predicted]]:
    return by_group(pages, lambda example: example.kind)
