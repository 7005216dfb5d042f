"""The weights of a trained model: arrays and a vocabulary in one file of at most 3 MB."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final

import numpy as np

from cleaners.features.columns import Floats

FORMAT: Final = 1
"""Raised whenever the meaning of a weight changes; a file of another format is refused."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Arrays by name, the row of each word in the tables of word vectors, and what training wrote down.

    Of a word the element tables ("own", "near", "far") or the text table ("text") have a row: names come
    first in the vocabulary, so one number serves both. `facts` holds the columns' names, the calibration
    and the thresholds of the dial.
    """

    arrays: Mapping[str, Floats]
    vocabulary: Mapping[str, int]
    facts: Mapping[str, Any]


def read_weights(file: Traversable | None = None) -> Weights:
    """The weights in a file (`pathlib.Path` or package resource), by default those of the package.

    Word vectors are stored in 8 bits with a step a word, matrices in 16 bits. Raises `ValueError` when
    the file is none of ours.
    """
    file = file or resources.files("cleaners.model").joinpath("weights.npz")
    with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as stored:
        if "facts" not in stored.files:
            raise ValueError(f"{file.name} holds no weights of Thresher's")
        facts = json.loads(stored["facts"].tobytes())
        if facts["format"] != FORMAT:
            raise ValueError(f"{file.name} is of format {facts['format']}, this version reads {FORMAT}")
        words = stored["words"].tobytes().decode("utf-8").split("\n")
        arrays = {name: _widened(stored, name) for name in stored.files if "/" not in name}
    names = facts["name_words"]
    vocabulary = {word: row if row < names else row - names for row, word in enumerate(words)}
    return Weights(arrays, vocabulary, facts)


def _widened(stored: Any, name: str) -> Floats:
    values = stored[name]
    if name in ("facts", "words"):
        return np.zeros(0, np.float32)
    if values.dtype == np.int8:
        widened: Floats = values.astype(np.float32) * stored[f"{name}/step"].astype(np.float32)
        return widened
    result: Floats = values.astype(np.float32)
    return result
