"""Size of the report of 20,000 articles and 50 sites, and how long a browser takes to open it.

`python -m benchmarks.report_page [ARTICLES] [--keep FOLDER]`; needs Chromium.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from audit.findings.model import (
    Attribution,
    AuditedArticle,
    Claim,
    Findings,
    Link,
    Network,
    SharedPages,
    SharedSign,
    SiteGroup,
    Status,
    Tier,
)
from audit.report import write_report
from tests.audit.sample import article, copy, findings_of
from tests.browser import opened, running_browser

SITES: Final = 50
PAPERS: Final = 18
"""Sites that write; the others take."""

COPIES: Final = (0, 0, 0, 1, 1, 1, 2, 2, 3, 5, 9, 20)
"""How often a story is taken, each as likely."""

KINDS: Final = (
    Status.VERBATIM,
    Status.VERBATIM,
    Status.EDITED,
    Status.EXCERPT,
    Status.REWRITTEN,
    Status.TRANSLATED,
)
ATTRIBUTIONS: Final = (Attribution.TRUE, Attribution.NONE, Attribution.NONE, Attribution.WRONG)


CHANGE: Final = """async to => {
    const start = performance.now();
    const done = new Promise(end =>
        addEventListener("hashchange", () => requestAnimationFrame(() => setTimeout(end))));
    location.hash = to;
    await done;
    return performance.now() - start;
}"""
"""Milliseconds until the table shows what another address says."""


class Made:
    """An audit of made-up sites, drawn by a seed."""

    def __init__(self, articles: int, seed: int = 7) -> None:
        """Make so many articles."""
        self._draw = random.Random(seed)  # noqa: S311 - not for secrets
        self._words = [
            "".join(self._draw.choices("aeioulnrstdmk", k=self._draw.randint(2, 9))) for _ in range(6000)
        ]
        self._weights = [1 / (rank + 3) for rank in range(len(self._words))]
        self.sites = [f"{self._words[100 + place]}-{self._words[place]}.example" for place in range(SITES)]
        self.articles: list[AuditedArticle] = []
        story = 0
        while len(self.articles) < articles:
            story += 1
            self._tell(story)
        del self.articles[articles:]
        self.findings: Findings = findings_of(self.articles, self._network())
        self._stories = {one.id: one.articles for one in self.findings.stories}
        self._by_id = {one.id: one for one in self.articles}

    def _text(self, words: int) -> str:
        return " ".join(self._draw.choices(self._words, self._weights, k=words)).capitalize()

    def _tell(self, story: int) -> None:
        draw = self._draw
        times = draw.choice(COPIES)
        paper = draw.randrange(PAPERS)
        first = article(
            len(self.articles) + 1,
            self.sites[paper],
            title=self._text(9),
            url=f"https://{self.sites[paper]}/2025/{self._text(6).lower().replace(' ', '-')}",
            authors=(self._text(2).title(),) if draw.random() < 0.8 else ("admin",),
            published=None if draw.random() < 0.02 else article(draw.randrange(8000), "").published,
            status=Status.ORIGINAL if times else Status.UNMATCHED,
            story=story if times else None,
            words=draw.randint(150, 900),
            boilerplate_words=draw.randint(50, 500),
        )
        self.articles.append(first)
        for _ in range(times if first.published else 0):
            self._take(first, PAPERS + (paper * 3 + int(draw.expovariate(0.3))) % (SITES - PAPERS))

    def _take(self, first: AuditedArticle, taker: int) -> None:
        draw = self._draw
        attribution = draw.choice(ATTRIBUTIONS)
        claimed = {Attribution.TRUE: first.site, Attribution.WRONG: self.sites[0]}.get(attribution)
        claim = claimed and Claim(
            domain=claimed,
            name=None,
            kind="attribution line",
            evidence=f"This post appeared first on {claimed}",
        )
        url = f"https://{self.sites[taker]}/{(first.url or '').rpartition('/')[2]}-{len(self.articles)}/"
        fields: dict[str, Any] = {
            "claim": claim,
            "attribution": attribution,
            "url": url,
            "authors": ("admin",),
            "words": first.words,
            "boilerplate_words": draw.randint(50, 400),
        }
        number, hours = len(self.articles) + 1, draw.expovariate(1 / 20)
        self.articles.append(copy(number, self.sites[taker], first, draw.choice(KINDS), hours, **fields))

    def _network(self) -> Network:
        groups = [self.sites[start : start + 6] for start in range(PAPERS, SITES - 6, 8)]
        pairs = [(Tier.CONCLUSIVE, group) for group in groups]
        pairs += [
            (Tier.ASSOCIATIVE, [self.sites[place], self.sites[place + 7]])
            for place in range(PAPERS, SITES - 7, 3)
        ]
        signs, links = [], []
        for place, (tier, sites) in enumerate(pairs):
            shown = [SharedPages(site=site, pages=40, shown_by=(f"https://{site}/about",)) for site in sites]
            kind = "adsense" if tier is Tier.CONCLUSIVE else "theme and plugins"
            signs.append(
                SharedSign(kind=kind, value=f"pub-{place:016}", tier=tier, why="made up", sites=tuple(shown))
            )
            for one, other in pairwise(sites):
                links.append(Link(one=min(one, other), other=max(one, other), tier=tier, signs=(place,)))
        found = tuple(
            SiteGroup(sites=tuple(sorted(group)), signs=(place,)) for place, group in enumerate(groups)
        )
        return Network(signs=tuple(signs), links=tuple(links), groups=found)

    def story(self, number: int) -> Mapping[str, Any] | None:
        """The texts of a story: copies word for word share one, the others change every third sentence."""
        numbers = self._stories[number]
        origin = next((one for one in numbers if self._by_id[one].status is Status.ORIGINAL), numbers[0])
        sentences = [self._text(20) + "." for _ in range(max(4, self._by_id[origin].words // 20))]
        texts: dict[str, Any] = {
            str(origin): {"sentences": sentences, "paragraphs": [*range(0, len(sentences), 3)]}
        }
        articles: dict[str, Any] = {str(origin): {"text": origin, "against": None, "pairs": []}}
        for one in numbers:
            if one == origin:
                continue
            text, kinds = origin, ["same"] * len(sentences)
            if self._by_id[one].status is not Status.VERBATIM:
                text = one
                changed = [
                    self._text(20) + "." if place % 3 else kept for place, kept in enumerate(sentences)
                ]
                texts[str(one)] = {"sentences": changed, "paragraphs": [*range(0, len(sentences), 3)]}
                kinds = ["changed" if place % 3 else "same" for place in range(len(sentences))]
            pairs = [[place, place, kind] for place, kind in enumerate(kinds)]
            articles[str(one)] = {"text": text, "against": origin, "pairs": pairs}
        return {"texts": texts, "articles": articles}


def measure(articles: int, folder: Path) -> None:
    """Write the report of so many articles into `folder`, open it, and print what that took."""
    made = Made(articles)
    started = time.perf_counter()
    path = write_report(made.findings, made.story, folder)
    print(f"articles {articles:,}, sites {SITES}, stories {len(made.findings.stories):,}")
    print(f"written  {time.perf_counter() - started:.1f} s, {path.stat().st_size / 1e6:.1f} MB")
    with running_browser() as browser:
        for view, shown in (
            ("", "#view-overview .figures"),
            ("#articles", ".articles tbody tr"),
            ("#sites", ".card[open] .card-body > *"),
            ("#copies", ".heat tbody tr"),
            ("#network", ".network .node"),
            ("#stories", ".timeline"),
            (f"#article={_largest(made)}", ".pairs tbody tr"),
        ):
            started = time.perf_counter()
            with opened(browser, path.absolute().as_uri() + view) as found:
                found.page.wait_for_selector(f"html[data-ready] {shown}")
                taken = time.perf_counter() - started
                print(f"opened   {taken:.2f} s {view or '#overview'} {' '.join(found.problems)}")
                if view == "#articles":
                    for to in (
                        "articles?sort=title",
                        "articles?text=story&sort=site",
                        "articles?status=republished",
                    ):
                        print(f"shown    {found.page.evaluate(CHANGE, to):.0f} ms #{to}")
                found.page.screenshot(
                    path=folder / f"{view.strip('#').partition('=')[0] or 'overview'}.png", full_page=True
                )


def _largest(made: Made) -> int:
    """A copy of the story of the most sites."""
    return next(one for one in made.findings.stories[0].articles if one != made.findings.stories[0].origin)


def main() -> None:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int, nargs="?", default=20_000)
    parser.add_argument("--keep", type=Path, help="folder for the page and its pictures")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(given.articles, given.keep or Path(folder))


if __name__ == "__main__":
    main()
