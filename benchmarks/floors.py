"""Measure the floors that a later change must not fall below, on a fixed sample of the data.

    python -m benchmarks.floors

Writes `tests/floors.json`, with the sample's checksum; `tests/test_floors.py` measures again and compares.
The weights that come with the package have seen these pages, so the figures say what is lost by a change,
not how good the cleaner is: that is in `cleaners/model/MODEL_CARD.md`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from benchmarks.data import BenchmarkPage, TypedPage, benchmark_truths, typed_pages
from benchmarks.typed import compare, figures
from benchmarks.words import mean_score, score
from cleaners import clean

FLOORS: Final = Path(__file__).resolve().parents[1] / "tests" / "floors.json"

BENCHMARK_SAMPLE: Final = 75
TYPED_SAMPLE: Final = 40
"""Pages of each set, spread evenly over it: enough to notice a loss, few enough for every CI run."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The pages that the floors are measured on."""

    benchmark: tuple[BenchmarkPage, ...]
    typed: tuple[TypedPage, ...]

    @classmethod
    def read(cls) -> Sample:
        """Read the sample from the data that `benchmarks.data` finds."""
        return cls(tuple(benchmark_truths(limit=BENCHMARK_SAMPLE)), tuple(typed_pages(TYPED_SAMPLE)))

    def checksum(self) -> str:
        """SHA-256 of the pages and their truth."""
        digest = hashlib.sha256()
        for page in self.benchmark:
            digest.update(page.html)
            digest.update(json.dumps([page.name, page.url, page.truth]).encode("ascii"))
        for typed in self.typed:
            digest.update(json.dumps([typed.name, typed.url, typed.html, typed.blocks]).encode("ascii"))
        return digest.hexdigest()

    def measure(self) -> Floors:
        """What `clean` reaches on the sample."""
        words = [
            score(clean(page.html, url=page.url, content_type="text/html").text, page.truth)
            for page in self.benchmark
        ]
        pages = [
            compare(page, clean(page.html, url=page.url, content_type="text/html")) for page in self.typed
        ]
        texts = [
            compare(
                page,
                clean("\n".join(text for text, _ in page.blocks), url=page.url, content_type="text/plain"),
            )
            for page in self.typed
        ]
        typed, text = figures(pages), figures(texts)
        return Floors(
            sample=self.checksum(),
            word_f1=round(mean_score(words).f1, 4),
            macro_f1=typed["macro_f1"],
            accuracy=typed["accuracy"],
            kept_f1=typed["kept_f1"],
            text_kept_f1=text["kept_f1"],
        )


@dataclass(frozen=True, slots=True)
class Floors:
    """Figures that were reached: word F1 on the benchmark; of types, macro F1, accuracy, kept-text F1."""

    sample: str
    word_f1: float
    macro_f1: float
    accuracy: float
    kept_f1: float
    text_kept_f1: float

    @classmethod
    def kept(cls) -> Floors:
        """The floors that the project holds."""
        return cls(**json.loads(FLOORS.read_text(encoding="utf-8")))


def main() -> None:
    """Measure and write."""
    floors = Sample.read().measure()
    FLOORS.write_text(json.dumps(asdict(floors), indent=1) + "\n", encoding="utf-8")
    print(json.dumps(asdict(floors), indent=1))


if __name__ == "__main__":
    main()
