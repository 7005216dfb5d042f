"""Authors and dates that are marked where they stand: `itemprop` and `rel="author"`."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from cleaners.strings import text_of

MAX_MARKED: Final = 200
"""Elements with microdata that are looked at, from the page's start."""

MAX_INSIDE: Final = 500
"""Elements inside an author's that are looked at for the name."""


@dataclass(slots=True)
class Microdata:
    """The raw strings of a page's microdata on its article."""

    authors: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)


_WITH_ITEMPROP: Final = etree.XPath(f"(/descendant::*[@itemprop])[position() <= {MAX_MARKED}]")
_WITH_REL_AUTHOR: Final = etree.XPath(f'(/descendant::a[@rel="author"])[position() <= {MAX_MARKED}]')


def microdata(root: etree._Element) -> Microdata:
    """What elements with `itemprop` say of authors and dates."""
    found = Microdata()
    first_parent = None
    for element in _elements(_WITH_ITEMPROP(root)):
        kind = element.get("itemprop")
        if kind == "author":
            # Further authors stand beside the first; those elsewhere wrote comments or other articles.
            if first_parent is None or element.getparent() is first_parent:
                first_parent = element.getparent()
                found.authors.append(_author_of(element))
        elif kind in {"datePublished", "dateModified"}:
            value = element.get("datetime") or element.get("content") or text_of(element) or ""
            (found.published if kind == "datePublished" else found.modified).append(value)
    return found


def _author_of(element: etree._Element) -> str:
    inside = itertools.islice(element.iter(), 1, MAX_INSIDE)
    holder = next((inner for inner in inside if inner.get("itemprop") == "name"), element)
    return holder.get("content") or text_of(holder) or ""


def rel_authors(root: etree._Element) -> list[str]:
    """The texts of the page's first links with `rel="author"` that stand side by side."""
    linked = _elements(_WITH_REL_AUTHOR(root))
    return [text_of(element) or "" for element in linked if element.getparent() is linked[0].getparent()]


def _elements(result: object) -> list[etree._Element]:
    found = result if isinstance(result, list) else []
    return [element for element in found if isinstance(element, etree._Element)]
