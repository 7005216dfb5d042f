"""An audit of 50 sites with 20,000 articles: how long it takes, how large the report is, how fast it opens.

    python -m benchmarks.audit [--articles 20000] [--sites 50] [--database FILE] [--out DIR]

The articles are made up (`benchmarks.stories`): a tenth of the sites write their own, the others take most
of theirs from these, word for word, edited or in part, and each page has its site's menus, boxes and
disclaimer; some sites share an operator. The report is opened in Chromium (package `chromium`), driven by
Playwright, five times; the median counts. Filling the database is not timed; one that is there already is
used as it is.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from audit.comparison import Comparisons
from audit.findings import find
from audit.network import find_network
from audit.report import write_report
from benchmarks.stories import StoryMaker
from cleaners.article import Article, Block, BlockType, ClaimedSource, Fingerprint
from pipelines.deduplicate import deduplicate
from pipelines.store import Store
from pipelines.store.together import Save, save_together

BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)
WORDS: Final = 400
OUTLET_SHARE: Final = 0.1
COPIED_SHARE: Final = 0.6
SITES_OF_A_STORY: Final = 4
"""Sites on average that take a story once any does."""

OPENED: Final = 5
_BATCH: Final = 200


class Press:
    """Made-up articles of made-up sites, by their numbers."""

    def __init__(self, sites: int) -> None:
        """Name the sites."""
        self._maker = StoryMaker(WORDS)
        outlets = max(int(sites * OUTLET_SHARE), 1)
        self._outlets = [f"outlet{number}.example" for number in range(outlets)]
        self._farms = [f"farm{number}.example" for number in range(sites - outlets)]
        self._stories: list[tuple[int, str, datetime]] = []

    def article(self, number: int) -> Article:
        """An article: a new one, or a copy of one before."""
        draw = random.Random(number)  # noqa: S311 - which is copied is no secret
        published = BEGINNING + timedelta(minutes=3 * number)
        if self._stories and draw.random() < COPIED_SHARE:
            latest = max(len(self._stories) // SITES_OF_A_STORY - 1, 0)
            told, origin, at = self._stories[draw.randint(latest, len(self._stories) - 1)]
            text = _changed(self._maker.story(told), draw)
            claim = ClaimedSource(origin, None, "attribution line", f"This post appeared first on {origin}")
            later = at + timedelta(hours=draw.expovariate(1 / 12))
            return self._page(draw.choice(self._farms), number, text, later, draw, claim)
        site = draw.choice(self._outlets if draw.random() < 0.5 else self._farms)
        told = number * 10 + 1  # every tenth story of the maker is a copy of its own
        if site in self._outlets:
            self._stories.append((told, site, published))
        return self._page(site, number, self._maker.story(told), published, draw, None)

    def _page(
        self, site: str, number: int, text: str, published: datetime, draw: random.Random, claim: Any
    ) -> Article:
        operator = operator_of(site)
        return Article(
            url=f"https://{site}/{published:%Y/%m/%d}/story-{number}/",
            site=site,
            title=" ".join(text.split()[:9]),
            authors=[draw.choice(["admin", "Ada Quill", "Ben Marsh", "Staff"])],
            published=published,
            language="en",
            text=text,
            blocks=[*_blocks(site, operator, draw), *_body(text)],
            claimed_source=claim,
            fingerprints=[Fingerprint("adsense", f"pub-{4471093826150000 + operator}")]
            if operator is not None
            else [],
            fetched_at=BEGINNING + timedelta(days=90),
        )


def operator_of(site: str) -> int | None:
    """Who runs a site together with others: half of the farms have one of six operators."""
    number = int(site.strip("abcdefghijklmnopqrstuvwxyz."))
    return number % 6 if site.startswith("farm") and number % 12 < 6 else None


def _changed(text: str, draw: random.Random) -> str:
    kind = draw.random()
    paragraphs = [paragraph for paragraph in text.split("\n\n") if paragraph]
    if kind < 0.2:
        return "\n\n".join(paragraphs[: max(len(paragraphs) // 2, 1)])
    if kind < 0.45:
        words = paragraphs[0].split()
        paragraphs[0] = " ".join(word for word in words if draw.random() > 0.05)
    return "\n\n".join(paragraphs)


def _body(text: str) -> Iterator[Block]:
    for paragraph in text.split("\n\n"):
        if paragraph:
            yield Block(paragraph, BlockType.BODY, 0.98, "inside the content root, 80 words, no links")


def _blocks(site: str, operator: int | None, draw: random.Random) -> Iterator[Block]:
    for number in range(30):
        yield Block(f"Section {number} of {site}", BlockType.NAVIGATION, 0.99, "inside a nav element", "li")
    for _ in range(8):
        yield Block(f"Related story {draw.randrange(2_000)}", BlockType.RELATED, 0.97, "related box", "h4")
    yield Block(f"Sign up for the letter of {site}", BlockType.NEWSLETTER, 0.99, "phrase: sign up for")
    yield Block(
        f"{site} and its agents give no warranty for anything described on these pages, which are for "
        "general information and are not investment advice; speak to a qualified adviser before you invest, "
        f"and write to office {site if operator is None else operator} with questions.",
        BlockType.DISCLAIMER,
        0.99,
        "phrase: not investment advice",
    )
    yield Block(f"Copyright 2026 {site}", BlockType.COPYRIGHT, 0.99, "copyright mark")


def fill(store: Store, articles: int, sites: int) -> None:
    """Store made-up articles and compare them."""
    press = Press(sites)
    for start in range(0, articles, _BATCH):
        with store.write() as session:
            numbers = range(start, min(start + _BATCH, articles))
            save_together(session, [Save(press.article(number), None) for number in numbers])
    deduplicate(store)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark and print what it measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--sites", type=int, default=50)
    parser.add_argument("--database", type=Path, help="SQLite file (default: one in a temporary folder)")
    parser.add_argument("--out", type=Path, help="folder of the report (default: a temporary one)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        database = options.database or Path(folder) / "audit.db"
        filled = database.exists()
        with Store(f"sqlite:///{database.absolute()}") as store:
            if not filled:
                fill(store, options.articles, options.sites)
            measure(store, options.out or Path(folder) / "report", Console())


def measure(store: Store, out: Path, console: Console) -> None:
    """Audit a database and say what each part took."""
    with store.snapshot() as session:
        with _timed(console, "network"):
            network = find_network(session)
        with _timed(console, "findings"):
            findings = find(session, network=network)
        with _timed(console, "report"):
            page = write_report(findings, Comparisons(session).of, out)
    totals = findings.totals
    console.print(f"{totals.articles:,} articles of {totals.sites} sites, {totals.stories:,} stories")
    console.print(f"page       {page.stat().st_size / 1e6:6.2f} MB")
    seconds = opening_seconds(page)
    spread = f"of {OPENED}: {min(seconds):.2f} to {max(seconds):.2f}"
    console.print(f"opens in   {statistics.median(seconds):6.2f} s ({spread})")


@contextmanager
def _timed(console: Console, name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    console.print(f"{name:10} {time.perf_counter() - began:6.1f} s")


def opening_seconds(page: Path) -> list[float]:
    """Seconds from asking for the page until its table of articles stands there, each in a new profile."""
    from playwright.sync_api import sync_playwright  # an extra, imported when it runs

    program = shutil.which("chromium")
    if program is None:
        sys.exit("no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        found = [_open_once(browser.new_context, page) for _ in range(OPENED)]
        browser.close()
    return found


def _open_once(new_context: Callable[[], Any], page: Path) -> float:
    context = new_context()
    view = context.new_page()
    began = time.perf_counter()
    view.goto(f"{page.absolute().as_uri()}#articles")
    view.wait_for_selector("#articles tbody tr")
    seconds = time.perf_counter() - began
    context.close()
    return seconds


if __name__ == "__main__":
    main()
