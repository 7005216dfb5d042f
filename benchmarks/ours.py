"""Thresher as a contestant: its own default, or models that did not see the page they are measured on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import FOLDS, fold_of
from cleaners import Article, Favor, clean
from cleaners.classifier import Classifier
from cleaners.model import TrainedClassifier


@dataclass(frozen=True, slots=True)
class Thresher:
    """`clean` with the settings of one contestant.

    `folds` are the models of the folds, in order, each at its point of the dial; without any, the model
    of the package decides, at the point `favor`.
    """

    folds: tuple[Classifier, ...] = ()
    favor: Favor = Favor.BALANCED

    @classmethod
    def load(cls, folds: Path | None, favor: Favor = Favor.BALANCED) -> Thresher:
        """With the models `fold-0.npz` to `fold-4.npz` of a folder, or with that of the package.

        Raises `FileNotFoundError` where one is missing.
        """
        if folds is None:
            return cls(favor=favor)
        paths = [folds / f"fold-{number}.npz" for number in range(FOLDS)]
        for path in paths:
            if not path.is_file():
                raise FileNotFoundError(f"no model of a fold at {path}")
        return cls(tuple(TrainedClassifier.load(path, favor) for path in paths), favor)

    def clean(
        self, source: bytes | str, *, url: str | None, name: str, content_type: str | None = None
    ) -> Article:
        """Clean a page of the data; its address, or else its name, says which fold's model may see it."""
        classifier = self.folds[fold_of(url, name)] if self.folds else None
        return clean(source, url=url, content_type=content_type, favor=self.favor, classifier=classifier)
