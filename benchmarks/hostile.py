"""CPU time that pages made to hurt cost, and what becomes of their text.

    python -m benchmarks.hostile [WORD …]

The pages are those of `hostile_pages.py` at their worst size; with words, only those whose names hold one of
them. The table gives CPU seconds of one `clean`, the share of the page's text that is in blocks, and what the
article says was cut. Exit status 1 when a page takes longer than `MAX_SECONDS`, or when it lacks text and no
warning says so.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.coverage import visible_text
from benchmarks.hostile_pages import CASES, Case
from cleaners import clean
from cleaners.parse import decode
from cleaners.sniff import SourceKind, binary_format, sniff

MAX_SECONDS: Final = 2.0
"""CPU seconds that one page may cost."""


@dataclass(slots=True)
class Outcome:
    """What one case cost and gave.

    `coverage` is the share of the page's text that is in blocks, as far as they agree, `None` where the page
    is neither HTML nor text; `lost` are the words of the case that are in no block.
    """

    seconds: float
    blocks: int
    coverage: float | None
    warnings: list[str] = field(default_factory=list)
    lost: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the page took its time only, and all of its text is there or said to be cut."""
        return self.seconds <= MAX_SECONDS and self.accounted

    @property
    def accounted(self) -> bool:
        """Whether all words of the page are in blocks, or a warning says that some are not."""
        return not self.lost or bool(self.warnings)


def run(case: Case, size: float = 1.0) -> Outcome:
    """Clean one case's page."""
    page = case.make(size)
    start = time.process_time()
    article = clean(page, content_type=case.content_type)
    seconds = time.process_time() - start
    text = "\n".join(block.text for block in article.blocks)
    lost = tuple(word for word in case.words if word not in text)
    return Outcome(seconds, len(article.blocks), _coverage(page, case, text), article.warnings, lost)


def _coverage(page: bytes | str, case: Case, text: str) -> float | None:
    if isinstance(page, bytes) and binary_format(page):
        return None
    source = decode(page).text
    kind = sniff(source, case.content_type)
    if kind not in (SourceKind.HTML, SourceKind.TEXT):
        return None
    text_there = visible_text(source.encode("utf-8")) if kind is SourceKind.HTML else source
    expected = "".join(text_there.split())
    found = "".join(text.split())
    if found == expected:
        return 1.0
    pairs = enumerate(zip(found, expected, strict=False))
    same = next((place for place, (one, other) in pairs if one != other), min(len(found), len(expected)))
    return same / len(expected) if expected else 0.0


def main() -> None:
    """Clean the pages and print the table."""
    wanted = [word.lower() for word in sys.argv[1:]]
    cases = [case for case in CASES if not wanted or any(word in case.name.lower() for word in wanted)]
    table = Table(title=f"{len(cases)} hostile pages", title_justify="left")
    table.add_column("page")
    for column in ("CPU s", "blocks", "% text"):
        table.add_column(column, justify="right")
    table.add_column("warnings, words lost")
    failed = []
    for case in cases:
        outcome = run(case)
        if not outcome.holds:
            failed.append(case.name)
        seconds = f"{outcome.seconds:.2f}" + ("" if outcome.seconds <= MAX_SECONDS else " !")
        share = "" if outcome.coverage is None else f"{100 * outcome.coverage:.2f}"
        said = "; ".join([*outcome.warnings, *(f"lost: {word}" for word in outcome.lost)])
        table.add_row(case.name, seconds, f"{outcome.blocks:,}", share, said)
    Console().print(table)
    if failed:
        sys.exit(f"over {MAX_SECONDS} s, or text lost without a word: {', '.join(failed)}")


if __name__ == "__main__":
    main()
