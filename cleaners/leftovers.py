"""The site that copied paragraphs still carry in their attributes, from the system they were written in."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from lxml import etree

from cleaners.urls import site_of

MAX_MARKS: Final = 300
"""Marked elements whose attributes are read; leftovers stand in every paragraph of the text."""

MAX_ELEMENTS: Final = 5_000
"""Elements whose attribute names are looked at."""

MAX_VALUE: Final = 1_000
"""Characters of an attribute that are read."""

# In a paragraph any attribute of these words tells where the text came from. Boxes carry addresses of
# players, pictures and services as well, so theirs has to be the text's own in so many words.
_MARK_WORDS: Final = frozenset({"canonical", "origin", "original", "source", "uri", "url"})
_TEXT_WORDS: Final = frozenset(
    {"article", "canonical", "content", "original", "origin", "post", "source", "story"}
)
_MEDIA_SUFFIX: Final = re.compile(
    r"\.(?:avif|css|gif|jpe?g|js|json|m3u8|mp[34]|png|svg|webm|webp)(?:[?#@]|$)", re.I
)
_ADDRESS: Final = re.compile(r"(?:https?:)?(?://)?[\w.-]{1,250}\.\w{2,24}(?::\d{1,5})?(?:[/?#]|$)")


def leftover_site(root: etree._Element) -> tuple[str, str] | None:
    """The site that more than half of the marked paragraphs name, with one of the marks; else `None`."""
    votes: Counter[str] = Counter()
    evidence: dict[str, str] = {}
    for name, value in itertools.islice(_marks(root), MAX_MARKS):
        site = site_of(value if "//" in value else f"//{value}")
        if site:
            votes[site] += 1
            evidence.setdefault(site, f'{name}="{value[:200]}"')
    for site, count in votes.most_common(1):
        if 2 * count > votes.total():
            return site, evidence[site]
    return None


def _marks(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Attributes in which a content system notes where a paragraph or box is from."""
    telling: dict[tuple[str, bool], bool] = {}
    elements = root.iter("p", "div", "figure", "article", "section")
    for element in itertools.islice(elements, MAX_ELEMENTS):
        for name in element.keys():  # noqa: SIM118 - an element is a sequence of its children
            if name[:5] != "data-":
                continue
            key = str(name), element.tag == "p"
            if key not in telling:
                telling[key] = _tells_origin(key[0][5:].lower(), in_paragraph=key[1])
            if telling[key]:
                address = (element.get(name) or "").strip()[:MAX_VALUE]
                if _ADDRESS.match(address) and not _MEDIA_SUFFIX.search(address):
                    yield key[0], address


def _tells_origin(name: str, *, in_paragraph: bool) -> bool:
    words = name.split("-")
    if _MARK_WORDS.isdisjoint(words):
        return False
    if in_paragraph or words == ["uri"]:
        return True
    return all(word in _TEXT_WORDS or word in _MARK_WORDS for word in words) and words != ["url"]
