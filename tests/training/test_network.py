"""What is trained and what the product computes are the same network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.data import BenchmarkPage
from cleaners.article import Page
from cleaners.assemble import read_document
from cleaners.features import extract
from cleaners.model.network import Network
from cleaners.model.weights import read_weights
from tests.shared_data import shared
from tests.training.test_examples import HTML, page
from training.examples import Example, benchmark_examples, typed_examples
from training.export import export
from training.fit import fit
from training.recipe import Recipe

SMALL = Recipe(hidden=12, seen=6, vector=4, epochs=2, batch_blocks=30)
CALIBRATION = {"thresholds": {"balanced": 0.5}, "calibration": {"chance": [0, 1], "right": [0, 1]}}


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    """Ten sites with the same page, so that its words get vectors, and one page of which little is known."""
    shared("tools", "typedscore.py")
    found = []
    for number in range(10):
        for example in typed_examples(page()):
            example.site = f"{number}.example"
            found.append(example)
    truth = BenchmarkPage("0001", None, "forum", HTML.encode(), "The council voted on Tuesday")
    return [*found, *benchmark_examples(truth)]


def test_the_written_weights_give_the_scores_that_were_trained(
    examples: list[Example], tmp_path: Path
) -> None:
    model = fit(examples, SMALL, lambda _: None)
    export(model, examples, CALIBRATION, tmp_path / "weights.npz")
    document = read_document(Page(url="https://example.org/news/bridge", body=HTML))
    scores = Network(read_weights(tmp_path / "weights.npz")).scores(extract(document))
    ours = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    theirs = model.predict([model.prepare(examples[0])])[0]
    assert np.abs(ours - theirs).max() < 0.01  # vectors have 8 bits, matrices 16


def test_the_same_examples_give_the_same_weights(examples: list[Example], tmp_path: Path) -> None:
    for name in ("once.npz", "twice.npz"):
        export(fit(examples, SMALL, lambda _: None), examples, CALIBRATION, tmp_path / name)
    assert (tmp_path / "once.npz").read_bytes() == (tmp_path / "twice.npz").read_bytes()
