"""The source that a page names to machines: meta elements for news search, pixels that count republications.

`syndication-source` and `original-source` were Google News' (2010); publishers and their systems still write
them. A publisher that lets others republish has them embed a pixel of its own, to count the readers.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

MAX_ELEMENTS: Final = 2_000
"""Meta elements, images and scripts that are looked at."""

MAX_VALUE: Final = 1_000
"""Characters of an address that are read."""

_META: Final = frozenset({"syndication-source", "original-source"})
_PIXEL: Final = re.compile(
    # The Republication Tracker Tool's, counters of lightboxes with the text to copy, and a script of a host
    # that is there for nothing else.
    r"[?&]republication-pixel=|[?&]distributor=republish|^(?:https?:)?//pixel\.[^/?#]{1,100}/pixel\.js(?:[?#]|$)",
    re.IGNORECASE,
)


def source_meta(root: etree._Element) -> Iterator[tuple[str, str]]:
    """The addresses of meta elements that name the source, each with the element as evidence."""
    for element in itertools.islice(root.iter("meta"), MAX_ELEMENTS):
        name = (element.get("name") or "").strip().lower()
        address = (element.get("content") or "").strip()[:MAX_VALUE]
        if name in _META and address:
            yield address, f'<meta name="{name}" content="{address[:200]}">'


def republication_pixels(root: etree._Element) -> Iterator[tuple[str, str]]:
    """The addresses of pixels that count republications, which are their publishers', as evidence too."""
    for element in itertools.islice(root.iter("img", "script"), MAX_ELEMENTS):
        address = (element.get("src") or "").strip()[:MAX_VALUE]
        if address and _PIXEL.search(address):
            yield address, address[:200]
