"""A fitted model -> the weights file that the product reads."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleaners.features.columns import Floats
from cleaners.model.weights import FORMAT
from training.examples import Example, Form
from training.fit import Fitted
from training.labels import TYPES

UNUSED: Final = frozenset({"words.bias", "kind.weight", "kind.bias"})
"""What the product does not compute: pages' kinds are only learned along."""

MAX_EVIDENCE: Final = 8.0

EVIDENCE_SITES: Final = 3
"""Annotated sites that must have a word with a type, for it to speak for the type: what fewer have are their
makers' own names. As many sites of average mix are added to each word's, so that few sites say little."""

SMALLEST_STEP: Final = 1e-6
"""Of a vector of zeros; 16 bits hold nothing much smaller."""


def export(fitted: Fitted, examples: Sequence[Example], calibration: dict[str, Any], path: Path) -> None:
    """Write the weights of a model trained on `examples`.

    `calibration` holds "thresholds" by favor and "calibration", the share of right decisions by chance.
    """
    arrays: dict[str, Floats] = {
        name: tensor.detach().numpy()
        for name, tensor in fitted.parameters.tensors.items()
        if name not in UNUSED
    }
    arrays |= {"mean": fitted.mean, "scale": fitted.scale, "evidence": name_evidence(examples, fitted)}
    facts = {
        "format": FORMAT,
        "columns": fitted.columns,
        "name_words": len(fitted.vocabulary.names),
        **calibration,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    write_weights(path, arrays, fitted.vocabulary.words(), facts)


def write_weights(path: Path, arrays: Mapping[str, Floats], words: Sequence[str], facts: Any) -> None:
    """Write a file that `cleaners.model.weights.read_weights` reads; the same weights give the same bytes."""
    stored: dict[str, NDArray[Any]] = {
        "facts": _bytes(json.dumps(facts, ensure_ascii=False, sort_keys=True)),
        "words": _bytes("\n".join(words)),
    }
    for name, values in arrays.items():
        if name.endswith(".vectors"):
            step = np.maximum(np.abs(values).max(axis=1, keepdims=True) / 127, SMALLEST_STEP).astype(
                np.float16
            )
            stored[f"{name}/step"] = step
            stored[name] = np.round(values / step.astype(np.float32)).clip(-127, 127).astype(np.int8)
        else:
            stored[name] = values.astype(np.float16 if values.ndim == 2 else np.float32)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(stored):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, stored[name], allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, buffer.getvalue(), zipfile.ZIP_DEFLATED)


def _bytes(text: str) -> NDArray[Any]:
    return np.frombuffer(text.encode("utf-8"), np.uint8)


def name_evidence(examples: Sequence[Example], fitted: Fitted) -> Floats:
    """How much likelier each type is under elements with each word, natural logarithms, [words x types].

    Counted by sites, a site's blocks together counting one, and smoothed with `EVIDENCE_SITES` sites of
    average mix; 0 for a type with which fewer sites have the word.
    """
    rows = fitted.vocabulary.names
    by_site: dict[str, dict[int, Floats]] = {}
    for example in examples:
        if example.types is None or example.form is not Form.HTML:
            continue
        site = by_site.setdefault(example.site, {})
        labels = example.types / np.maximum(1e-9, example.types.sum(axis=1, keepdims=True))
        for block, label in enumerate(labels):
            bags = {int(example.own[block]), int(example.inline[block]), *map(int, example.near[block])}
            words = {rows[word] for bag in bags if bag >= 0 for word in example.elements[bag] if word in rows}
            for row in words:
                site[row] = site.get(row, np.zeros(len(TYPES), np.float32)) + label
    total = np.zeros(len(TYPES), np.float64)
    counts = np.zeros((len(rows), len(TYPES)), np.float64)
    sites_with = np.zeros((len(rows), len(TYPES)), np.int64)
    for site in by_site.values():
        for row, labels in site.items():
            counts[row] += labels / max(1e-9, labels.sum())
            sites_with[row] += labels > 0
        mix = np.sum(list(site.values()), axis=0) if site else np.zeros(len(TYPES))
        total += mix / max(1e-9, mix.sum())
    prior = (total + 0.1) / (total.sum() + 0.1 * len(TYPES))
    likely = (counts + EVIDENCE_SITES * prior) / (counts.sum(axis=1, keepdims=True) + EVIDENCE_SITES)
    logarithms = np.clip(np.log(likely / prior), -MAX_EVIDENCE, MAX_EVIDENCE)
    evidence: Floats = np.where(sites_with >= EVIDENCE_SITES, logarithms, 0).astype(np.float32)
    return evidence
