from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.comparison import OURS, contestants
from benchmarks.data import FOLDS, BenchmarkPage, fold_of
from benchmarks.ours import Thresher
from cleaners import Favor, clean
from cleaners.article import BlockType
from cleaners.classifier import Document, Verdict
from cleaners.model import TrainedClassifier
from tests.benchmarks.folders import ARTICLE


class Marked:
    """A classifier that gives away which fold's model it is."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def classify(self, document: Document) -> list[Verdict]:
        return [Verdict(BlockType.BODY, 0.5, self.mark)] * len(document.segments.text)


def test_a_page_is_cleaned_by_the_model_that_did_not_see_its_site() -> None:
    folds = Thresher(folds=tuple(Marked(f"fold {number}") for number in range(FOLDS)))
    for url, name in ((None, "0001"), ("https://moorherald.example/pool", "0002")):
        article = folds.clean(ARTICLE, url=url, name=name)
        assert {block.reason for block in article.blocks} == {f"fold {fold_of(url, name)}"}


def test_without_folds_the_default_decides() -> None:
    assert Thresher.load(None) == Thresher()
    assert "Twelve of the nineteen" in Thresher().clean(ARTICLE, url=None, name="0001").text


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    for number in (0, 1, 2, 4):
        (tmp_path / f"fold-{number}.npz").touch()
    with pytest.raises(FileNotFoundError, match=r"fold-3\.npz"):
        Thresher.load(tmp_path)


def test_the_point_of_the_dial_reaches_the_default() -> None:
    seen = [Thresher.load(None, favor).clean(ARTICLE, url=None, name="0001") for favor in Favor]
    assert seen == [clean(ARTICLE, favor=favor) for favor in Favor]


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(TrainedClassifier, "load", lambda path, favor: Marked(f"{path.stem} {favor}"))
    for number in range(FOLDS):
        (tmp_path / f"fold-{number}.npz").touch()
    return tmp_path


def marks(thresher: Thresher) -> list[str]:
    return [fold.mark for fold in thresher.folds if isinstance(fold, Marked)]


def test_models_are_loaded_in_order_and_at_their_point_of_the_dial(models: Path) -> None:
    assert marks(Thresher.load(models)) == [f"fold-{number} balanced" for number in range(FOLDS)]
    assert marks(Thresher.load(models, Favor.RECALL))[4] == "fold-4 recall"


def test_all_points_of_the_dial_take_part_out_of_fold(models: Path) -> None:
    assert list(contestants({}, models)) == [OURS, f"{OURS}-precision", f"{OURS}-recall"]
    assert list(contestants({}, models, Favor.RECALL)) == [OURS, f"{OURS}-precision", f"{OURS}-balanced"]
    page = BenchmarkPage("0001", None, "article", ARTICLE.encode(), "")
    assert all("Copyright" in run(page) for run in contestants({}, models).values())
