from __future__ import annotations

import numpy as np
import pytest

from cleaners.article import BlockType
from training.examples import Bags, Example, Form
from training.labels import TYPES
from training.measure import Predicted, by_group, calibrate, mean_f1, overlap, type_figures

BODY, NAVIGATION = TYPES.index(BlockType.BODY), TYPES.index(BlockType.NAVIGATION)
NO_BAGS = Bags.of([])
NOTHING = np.zeros(0, np.int64)


def example(
    *, types: list[int] | None = None, main: list[float] | None = None, words: int = 10, kind: str = "article"
) -> Example:
    rows = len(types if types is not None else main or [])
    labels = None
    if types is not None:
        labels = np.zeros((rows, len(TYPES)), np.float32)
        labels[np.arange(rows), types] = words
    return Example(
        name="page",
        site="example.org",
        fold=0,
        form=Form.HTML,
        kind=kind,
        names=[],
        matrix=np.zeros((rows, 0), np.float32),
        words=np.full(rows, words, np.float32),
        elements=[],
        own=NOTHING,
        inline=NOTHING,
        near=NOTHING,
        chains=NO_BAGS,
        far=NOTHING,
        texts=[],
        links=[],
        heading_before=NOTHING,
        first=NOTHING,
        last=NOTHING,
        path=NOTHING,
        total=np.full(rows, words, np.float32),
        types=labels,
        main=np.array(main, np.float32) if main is not None else None,
    )


def chances(*body: float) -> np.ndarray:
    """Blocks that are body with these chances, else navigation."""
    rows = np.zeros((len(body), len(TYPES)), np.float32)
    rows[:, BODY], rows[:, NAVIGATION] = body, 1 - np.array(body)
    return rows


def test_types_are_counted_by_block() -> None:
    page = Predicted(example(types=[BODY, BODY, NAVIGATION, NAVIGATION]), chances(0.9, 0.2, 0.1, 0.1))
    figures = type_figures([page])
    assert figures.f1 == {"body": 0.667, "navigation": 0.8}
    assert figures.macro == pytest.approx((2 / 3 + 0.8) / 2, abs=1e-4)
    assert (figures.accuracy, figures.blocks) == (0.75, 4)
    assert figures.kept == pytest.approx(2 * 10 / (10 + 20), abs=1e-4)


def test_main_content_is_compared_by_words() -> None:
    page = Predicted(example(main=[1.0, 0.5, 0.0]), chances(0.9, 0.6, 0.1))
    assert overlap(page, 0.5) == (0.75, 1.0)
    assert overlap(page, 0.8) == pytest.approx((1.0, 2 / 3))
    assert mean_f1([page], 0.8) == pytest.approx(0.8)
    assert overlap(Predicted(example(types=[BODY, NAVIGATION]), chances(0.9, 0.8)), 0.5) == (0.5, 1.0)
    with pytest.raises(ValueError, match="no labels"):
        overlap(Predicted(example(), chances()), 0.5)


def test_the_dial_goes_from_precision_to_recall_and_confidences_rise() -> None:
    pages = [
        Predicted(example(main=[1.0, 1.0, 0.0, 0.0]), chances(0.9, 0.3, 0.5, 0.1)),
        Predicted(example(types=[BODY] * 20 + [NAVIGATION] * 20), chances(*np.linspace(0.99, 0.01, 40))),
    ]
    calibration = calibrate(pages)
    thresholds = calibration["thresholds"]
    assert thresholds["precision"] > thresholds["recall"]
    right = calibration["calibration"]["right"]
    assert right == sorted(right)
    assert len(right) == len(calibration["calibration"]["chance"])


def test_pages_are_grouped_in_alphabetical_order() -> None:
    pages = [
        Predicted(example(main=[1.0], kind=kind), chances(1.0)) for kind in ("forum", "article", "forum")
    ]
    groups = by_group(pages, lambda page: page.kind)
    assert [(name, len(found)) for name, found in groups.items()] == [("article", 1), ("forum", 2)]
