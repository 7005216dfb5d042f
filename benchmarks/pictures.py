"""Pictures of results, by matplotlib, which is part of the extra `bench`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.comparison import OURS

DPI: Final = 150
"""Resolution of the pictures."""

MARKERS: Final = "osD^vPX"
"""Shapes that tell contestants apart where colours repeat."""


def draw_curve(record: Mapping[str, Any], path: Path) -> None:
    """Precision against recall: the points of a dial joined, lines where F1 is the same."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 6), dpi=DPI, layout="constrained")
    axes = figure.add_subplot(xlabel="recall", ylabel="precision")
    axes.set_title(f"Mean precision and recall, {record['pages']:,} pages")
    points = {name: (one["recall"], one["precision"]) for name, one in record["contestants"].items()}
    for dial in (OURS, "trafilatura"):
        curve = sorted(point for name, point in points.items() if name.startswith(dial))
        if curve:
            axes.plot(*zip(*curve, strict=True), "-", alpha=0.5)
    for name, point in points.items():
        marker = MARKERS[len(axes.lines) % len(MARKERS)]
        axes.plot(*point, "*" if name.startswith(OURS) else marker, markersize=9, linestyle="", label=name)
    figure.legend(loc="outside right upper")
    low = max(0.0, min((min(point) for point in points.values()), default=0.0) - 0.05)
    axes.set(xlim=(low, 1), ylim=(low, 1))
    _draw_levels(axes, low)
    figure.savefig(path)


def _draw_levels(axes: Any, low: float) -> None:
    """Faint lines on which F1 is the same."""
    for tenths in range(3, 10):
        f1 = tenths / 10
        recalls = [low + (1 - low) * step / 200 for step in range(1, 201)]
        line = [
            (r, f1 * r / (2 * r - f1)) for r in recalls if 2 * r > f1 and low <= f1 * r / (2 * r - f1) <= 1
        ]
        if line:
            axes.plot(*zip(*line, strict=True), color="0.8", linewidth=0.8, zorder=0)
            axes.annotate(f"F1 {f1:.1f}", line[-1], fontsize=7, color="0.5", ha="right")


def draw_types(
    types: Sequence[str],
    confusion: Sequence[Sequence[int]],
    bins: Sequence[Mapping[str, float]],
    path: Path,
) -> None:
    """The confusion of the types, rows as shares of the true type, beside the reliability of confidences."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(16, 9), dpi=DPI, layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    shares = [[count / max(1, sum(row)) for count in row] for row in confusion]
    left.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    columns = [*types, "missing"]
    left.set_xticks(range(len(columns)), columns, rotation=60, ha="right")
    left.set_yticks(range(len(types)), types)
    left.set(xlabel="given", ylabel="true", title="Blocks by true and given type")
    for row, counts in enumerate(confusion):
        for column, count in enumerate(counts):
            if count:
                colour = "white" if shares[row][column] > 0.5 else "black"
                left.text(column, row, f"{count:,}", ha="center", va="center", fontsize=6, color=colour)
    right.plot((0, 1), (0, 1), "--", color="0.7")
    right.plot([one["confidence"] for one in bins], [one["right"] for one in bins], "o-")
    right.set(xlim=(0, 1), ylim=(0, 1), xlabel="mean confidence", ylabel="share right", title="Reliability")
    right.set_aspect("equal")
    figure.savefig(path)
