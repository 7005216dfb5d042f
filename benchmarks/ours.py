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


def has_dial() -> bool:
    """Whether this version of `clean` has the dial."""
    return "favor" in inspect.signature(clean).parameters


@dataclass(frozen=True, slots=True)
class Thresher:
    """`clean` with the settings of one contestant.

    `folds` are the models of the folds, in order; without any, `clean` decides with what it has.
    """

    folds: tuple[Classifier, ...] = ()
    favor: Favor | None = None

    def clean(
        self, source: bytes | str, *, url: str | None, name: str, content_type: str | None = None
    ) -> Article:
        """Clean a page of the data; its address, or else its name, says which fold's model may see it."""
        options: dict[str, Any] = {}
        if self.folds:
            options["classifier"] = self.folds[fold_of(url, name)]
        if self.favor is not None:
            options["favor"] = self.favor.value
        return clean(source, url=url, content_type=content_type, **options)


def load_folds(folder: Path | None) -> tuple[Classifier, ...]:
    """The models `fold-0.npz` to `fold-4.npz` of a folder; none where no folder is given.

    Raises `FileNotFoundError` where one is missing, `ImportError` where this version has no such models.
    """
    if folder is None:
        return ()
    paths = [folder / f"fold-{number}.npz" for number in range(FOLDS)]
    for path in paths:
        if not path.is_file():
            raise FileNotFoundError(f"no model of a fold at {path}")
    model = importlib.import_module("cleaners.model")
    return tuple(model.TrainedClassifier.load(path) for path in paths)
