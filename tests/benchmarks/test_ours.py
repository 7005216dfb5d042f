from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks.data import FOLDS, fold_of
from benchmarks.ours import Thresher, load_folds
from cleaners.article import BlockType
from cleaners.classifier import Document, Verdict
from tests.benchmarks.folders import ARTICLE


class Marked:
    """A classifier that gives away which fold's model it is."""

    def __init__(self, number: int) -> None:
        self.number = number

    def classify(self, document: Document) -> list[Verdict]:
        return [Verdict(BlockType.BODY, 0.5, f"fold {self.number}")] * len(document.segments.text)


def test_a_page_is_cleaned_by_the_model_that_did_not_see_its_site() -> None:
    folds = Thresher(folds=tuple(Marked(number) for number in range(FOLDS)))
    for url, name in ((None, "0001"), ("https://moorherald.example/pool", "0002")):
        article = folds.clean(ARTICLE, url=url, name=name)
        assert {block.reason for block in article.blocks} == {f"fold {fold_of(url, name)}"}


def test_without_folds_the_default_decides() -> None:
    assert load_folds(None) == ()
    assert "Twelve of the nineteen" in Thresher().clean(ARTICLE, url=None, name="0001").text


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    for number in (0, 1, 2, 4):
        (tmp_path / f"fold-{number}.npz").touch()
    with pytest.raises(FileNotFoundError, match=r"fold-3\.npz"):
        load_folds(tmp_path)


def test_models_are_loaded_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class TrainedClassifier:
        @staticmethod
        def load(path: Path) -> Marked:
            return Marked(int(path.stem[-1]))

    module = ModuleType("cleaners.model")
    module.TrainedClassifier = TrainedClassifier  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "cleaners.model", module)
    for number in range(FOLDS):
        (tmp_path / f"fold-{number}.npz").touch()
    folds = load_folds(tmp_path)
    assert [fold.number for fold in folds if isinstance(fold, Marked)] == [0, 1, 2, 3, 4]
