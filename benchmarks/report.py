"""The worst pages as one HTML file: nothing in it is fetched or run, and no page's markup is in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from audit.assets import Inlined
from benchmarks.mistakes import Mistakes, Shown, Truth
from cleaners.article import BlockType
from thresher.terminal import printable

Piece = TypeVar("Piece", Shown, Truth)

TEMPLATES: Final = Path(__file__).resolve().parent / "templates"

HUES: Final = {
    BlockType.TITLE: 130,
    BlockType.BYLINE: 160,
    BlockType.CAPTION: 100,
    BlockType.BODY: 145,
    BlockType.NAVIGATION: 220,
    BlockType.RELATED: 240,
    BlockType.NEWSLETTER: 300,
    BlockType.DONATION: 320,
    BlockType.PAYWALL: 0,
    BlockType.ADVERTISEMENT: 45,
    BlockType.SHARING: 200,
    BlockType.COMMENTS: 60,
    BlockType.CONSENT: 25,
    BlockType.DISCLAIMER: 12,
    BlockType.COPYRIGHT: 270,
    BlockType.ATTRIBUTION: 35,
    BlockType.AUTHOR_BIO: 180,
    BlockType.MEDIA: 340,
    BlockType.OTHER: 80,
}
"""The colour of each type, as a hue."""


LONG_RUN: Final = 4
"""From so many right pieces in a row they are folded up, so that the wrong ones are found."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some pages under a heading, worst first, out of so many."""

    heading: str
    explanation: str
    looked_at: int
    pages: Sequence[Mistakes]


def runs(pieces: Sequence[Piece]) -> Iterator[tuple[bool, list[Piece]]]:
    """The pieces in runs of right and of wrong ones, each with whether it is to be folded up."""
    for wrong, run in groupby(pieces, key=lambda piece: bool(piece.fault)):
        found = list(run)
        yield not wrong and len(found) >= LONG_RUN, found


def render(parts: Sequence[Part]) -> str:
    """The report. Its policy lets it apply its own style sheet, by its hash, and nothing else."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"printable": printable, "runs": runs}
    inlined = Inlined([environment.get_template("errors.css").render(hues=HUES)], [])
    return environment.get_template("errors.html").render(
        parts=parts, types=list(BlockType), style=inlined.styles, policy=inlined.policy()
    )
