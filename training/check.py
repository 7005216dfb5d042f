"""Whether the product computes what was trained: NumPy and 8-bit vectors beside PyTorch and 32 bits."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.data import typed_pages
from cleaners.article import Page
from cleaners.assemble import read_document
from cleaners.model import TrainedClassifier
from training.examples import typed_examples
from training.fit import Fitted

PAGES: Final = 40

MIN_AGREEMENT: Final = 0.985
"""Share of blocks whose likeliest type must be the same; what rounding to 8 bits may change."""


def check_parity(fitted: Fitted, weights: Path) -> float:
    """The share of blocks on which the written weights and the fitted model agree.

    Raises `RuntimeError` when it is too low: then the two networks are not the same.
    """
    classifier = TrainedClassifier.load(weights)
    same = total = 0
    for page in islice(typed_pages(), PAGES):
        document = read_document(Page(url=page.url, body=page.html, content_type="text/html"))
        ours = classifier.chances(document).argmax(axis=1)
        theirs = fitted.predict([fitted.prepare(typed_examples(page)[0])])[0].argmax(axis=1)
        same += int(np.count_nonzero(ours == theirs))
        total += len(ours)
    agreement = same / total
    if agreement < MIN_AGREEMENT:
        raise RuntimeError(f"the product agrees with the trained model on {agreement:.1%} of blocks only")
    return agreement
