"""The web that a fleet crawls: many small sites, every article of which has a text of its own.

Two of three sites name their articles in a sitemap, each third only on its front page. Everything follows
from a site's number, so the server and the checks know the same web without telling each other.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

_VERBS: Final = ("repaired", "described", "measured", "visited", "painted", "opened", "closed", "inspected")
_TIMES: Final = ("on Monday", "in the spring", "before the storm", "last winter", "at dawn", "two years ago")
_SYLLABLES: Final = tuple(
    part.split()
    for part in (
        "al bren cor dun el far gil hol ken mar nor pel quin ros sal tam ul ver wen yar",
        "a e i o u ai ea ou",
        "der den lin mor wick tor nas pel sun gar",
        "ton ham by ford ley stead mere gate well field",
    )
)
_WORDS: Final = 60  # of an article's own: others hardly have them, so that none is taken for a copy
_LONG: Final = 3  # each so many articles one is long
_PARAGRAPHS: Final = (4, 20)  # of the others, of a long one
_ARTICLES: Final = (5, 7)  # of a site


@dataclass(frozen=True)
class Site:
    """A site by its number."""

    number: int

    @property
    def host(self) -> str:
        """Its name in the network, and in the configuration."""
        return f"town{self.number:02}.example"

    @property
    def url(self) -> str:
        """Where a crawl of it begins."""
        return f"http://{self.host}/"

    @property
    def has_sitemap(self) -> bool:
        """Whether robots.txt names a sitemap; else the front page names all articles."""
        return self.number % 3 != 2

    @property
    def paths(self) -> list[str]:
        """The paths of its articles."""
        least, most = _ARTICLES
        amount = least + self.number % (most - least + 1)
        return [f"/2026/03/{n + 1:02}/story-{n}-of-town-{self.number:02}" for n in range(amount)]

    @property
    def articles(self) -> set[str]:
        """The addresses of its articles."""
        return {f"http://{self.host}{path}" for path in self.paths}

    def paragraphs(self, path: str) -> list[str]:
        """The text of an article."""
        chance = random.Random(f"{self.host}{path}")
        words = ["".join(chance.choice(part) for part in _SYLLABLES) for _ in range(_WORDS)]
        amount = _PARAGRAPHS[self.paths.index(path) % _LONG == 0]
        return [" ".join(_sentence(chance, words) for _ in range(3)) for _ in range(amount)]

    def answer(self, path: str) -> tuple[int, str, str]:
        """Status, content type and body of the answer to a request."""
        if path == "/robots.txt":
            sitemap = f"Sitemap: {self.url}map.xml\n" if self.has_sitemap else ""
            return 200, "text/plain", f"User-agent: *\nDisallow: /private/\n{sitemap}"
        if path == "/map.xml" and self.has_sitemap:
            places = "".join(f"<url><loc>{url}</loc></url>" for url in sorted(self.articles))
            namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
            return 200, "application/xml", f"<urlset xmlns='{namespace}'>{places}</urlset>"
        if path == "/":
            return 200, "text/html; charset=utf-8", self._front()
        if path in self.paths:
            return 200, "text/html; charset=utf-8", self._article(path)
        return 404, "text/html; charset=utf-8", "<html><body><p>Nothing here.</p></body></html>"

    def _front(self) -> str:
        links = (
            ""
            if self.has_sitemap
            else "".join(f"<li><a href='{path}'>{_headline(path)}</a></li>" for path in self.paths)
        )
        return (
            f"<!DOCTYPE html><html lang='en'><head><title>Town {self.number}</title></head>"
            f"<body><h1>Town {self.number}</h1><ul>{links}</ul></body></html>"
        )

    def _article(self, path: str) -> str:
        body = "".join(f"<p>{paragraph}</p>" for paragraph in self.paragraphs(path))
        return (
            "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>"
            f"<title>{_headline(path)}</title></head><body><nav><a href='/'>Home</a></nav>"
            f"<main><article><h1>{_headline(path)}</h1>{body}</article></main></body></html>"
        )


def press(amount: int) -> list[Site]:
    """So many sites."""
    return [Site(number) for number in range(amount)]


def _headline(path: str) -> str:
    return path.rpartition("/")[2].replace("-", " ").capitalize()


def _sentence(chance: random.Random, words: list[str]) -> str:
    one, two, three, four, five = chance.sample(words, 5)
    return (
        f"The {one} of the {two} {chance.choice(_VERBS)} their {three} beside the {four} "
        f"{chance.choice(_TIMES)}, and {five.title()} was glad of it."
    )
