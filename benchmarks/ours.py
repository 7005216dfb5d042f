"""Thresher as a contestant: its own default, or models that did not see the page they are measured on."""

from __future__ import annotations

import importlib
import inspect
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from benchmarks.data import FOLDS, fold_of
from cleaners import Article, clean
from cleaners.classifier import Classifier


class Favor(StrEnum):
    """The points of the dial between clean text and whole text."""

    PRECISION = "precision"
    BALANCED = "balanced"
    RECALL = "recall"


def has_dial(folds: Path | None) -> bool:
    """Whether this version has the dial: of the models where a folder of them is given, else of `clean`."""
    dialled = clean if folds is None else _trained_classifier().load
    return "favor" in inspect.signature(dialled).parameters


@dataclass(frozen=True, slots=True)
class Thresher:
    """`clean` with the settings of one contestant.

    `folds` are the models of the folds, in order, each at its point of the dial; without any, `clean`
    decides with what it has, at the point `favor`.
    """

    folds: tuple[Classifier, ...] = ()
    favor: Favor | None = None

    @classmethod
    def load(cls, folds: Path | None, favor: Favor | None = None) -> Thresher:
        """With the models `fold-0.npz` to `fold-4.npz` of a folder, or with what `clean` has.

        Raises `FileNotFoundError` where one is missing, `ImportError` where this version has no models.
        """
        if folds is None:
            return cls(favor=favor)
        paths = [folds / f"fold-{number}.npz" for number in range(FOLDS)]
        for path in paths:
            if not path.is_file():
                raise FileNotFoundError(f"no model of a fold at {path}")
        options = {} if favor is None else {"favor": favor}
        return cls(tuple(_trained_classifier().load(path, **options) for path in paths))

    def clean(
        self, source: bytes | str, *, url: str | None, name: str, content_type: str | None = None
    ) -> Article:
        """Clean a page of the data; its address, or else its name, says which fold's model may see it."""
        options: dict[str, Any] = {}
        if self.folds:
            options["classifier"] = self.folds[fold_of(url, name)]
        elif self.favor is not None:
            options["favor"] = self.favor.value
        return clean(source, url=url, content_type=content_type, **options)


def _trained_classifier() -> Any:
    return importlib.import_module("cleaners.model").TrainedClassifier
