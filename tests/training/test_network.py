"""What is trained and what the product computes are the same network; what words of names are evidence of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.data import BenchmarkPage
from cleaners.article import Page
from cleaners.assemble import read_document
from cleaners.features import extract
from cleaners.features.columns import Floats
from cleaners.model.network import Network
from cleaners.model.weights import read_weights
from tests.shared_data import shared
from tests.training.test_examples import HTML, page
from tests.training.test_measure import BODY, NAVIGATION
from tests.training.test_measure import example as unread_example
from training.examples import Example, benchmark_examples, typed_examples
from training.export import EVIDENCE_SITES, export, name_evidence
from training.fit import Fitted, fit
from training.labels import TYPES
from training.network import Parameters
from training.recipe import Recipe
from training.vocabulary import Vocabulary

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


def site_with(number: int, blocks: list[tuple[str, int]]) -> Example:
    """A site with one page: each block's words of the element around it, and its type."""
    rows = np.arange(len(blocks))
    return replace(
        unread_example(types=[kind for _, kind in blocks]),
        site=f"{number}.example",
        elements=[tuple(words.split()) for words, _ in blocks],
        own=rows,
        inline=rows,
        near=np.full((len(blocks), 2), -1),
    )


def evidence_of(sites: list[Example], *words: str) -> Floats:
    vocabulary = Vocabulary({word: row for row, word in enumerate(words)}, {})
    nothing = np.zeros(0, np.float32)
    return name_evidence(sites, Fitted(Parameters({}), vocabulary, nothing, nothing, [], SMALL))


def test_evidence_is_how_much_likelier_a_type_is_with_a_word() -> None:
    sites = [site_with(number, [("menu", NAVIGATION), ("story", BODY)]) for number in range(4)]
    menu, story = evidence_of(sites, "menu", "story")
    prior = (2 + 0.1) / (4 + 0.1 * len(TYPES))
    likely = (4 + EVIDENCE_SITES * prior) / (4 + EVIDENCE_SITES)
    assert menu[NAVIGATION] == story[BODY] == pytest.approx(np.log(likely / prior))
    assert not np.delete(menu, NAVIGATION).any()


def test_a_word_of_few_sites_is_no_evidence() -> None:
    """Of three sites that use "menu" for menus, one has "kiosk" there too, two "bar" and one a story."""
    sites = [
        site_with(0, [("menu bar kiosk", NAVIGATION), ("menu", BODY)]),
        site_with(1, [("menu bar", NAVIGATION), ("story", BODY)]),
        site_with(2, [("menu", NAVIGATION), ("story", BODY)]),
        *(site_with(number, [("story", BODY)]) for number in range(3, 20)),
    ]
    menu, bar, kiosk = evidence_of(sites, "menu", "bar", "kiosk")
    assert menu[NAVIGATION] > 0
    assert menu[BODY] == 0
    assert not bar.any()
    assert not kiosk.any()
