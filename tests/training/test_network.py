"""What is trained and what the product computes are the same network; needs the extra `train`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cleaners.article import Page
from cleaners.assemble import read_document
from cleaners.features import extract
from cleaners.model.network import Network
from cleaners.model.weights import read_weights
from tests.shared_data import shared
from tests.training.test_examples import HTML, page
from training.recipe import Recipe

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")

SMALL = Recipe(
    hidden=12, seen=6, vector=4, epochs=2, batch_blocks=30, form_weight={"html": 1, "text": 1, "fragment": 1}
)


@pytest.fixture(scope="module")
def fitted() -> object:
    from training.examples import benchmark_examples, typed_examples
    from training.fit import fit
    from benchmarks.data import BenchmarkPage

    shared("tools", "typedscore.py")
    examples = typed_examples(page())
    for number in range(9):  # nine sites, so that words get vectors
        for example in typed_examples(page()):
            example.site = f"{number}.example"
            examples.append(example)
    truth = BenchmarkPage("0001", None, "forum", HTML.encode(), "The council voted on Tuesday")
    return fit([*examples, *benchmark_examples(truth)], SMALL, lambda _: None), examples


def test_the_written_weights_give_the_scores_that_were_trained(fitted, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    from training.export import export

    model, examples = fitted
    path = tmp_path / "weights.npz"
    calibration = {"thresholds": {"balanced": 0.5}, "calibration": {"chance": [0, 1], "right": [0, 1]}}
    export(model, examples, calibration, path)
    document = read_document(Page(url="https://example.org/news/bridge", body=HTML))
    ours = Network(read_weights(path)).scores(extract(document))
    theirs = np.log(model.predict([model.prepare(examples[0])])[0])
    ours = ours - np.log(np.exp(ours).sum(axis=1, keepdims=True))
    assert np.abs(ours - theirs).max() < 0.05  # vectors have 8 bits, matrices 16


def test_the_same_examples_give_the_same_weights(fitted, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    from training.export import export
    from training.fit import fit

    model, examples = fitted
    again = fit(examples, SMALL, lambda _: None)
    twice = fit(examples, SMALL, lambda _: None)
    for number, one in enumerate((again, twice)):
        export(one, examples, {"thresholds": {}, "calibration": {}}, tmp_path / f"{number}.npz")
    assert (tmp_path / "0.npz").read_bytes() == (tmp_path / "1.npz").read_bytes()
    assert model.columns == again.columns
