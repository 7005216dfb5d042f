"""One pass over the few elements that can hold metadata: meta, link, title, script, h1, time, base."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from cleaners.strings import clean_string, text_of

MAX_HEADINGS: Final = 5
"""First-level headings that are kept; a page with more has no headline among them."""

MAX_ELEMENTS: Final = 3_000
"""Elements of the one pass (meta, link, title, script, h1, time) that are looked at."""


@dataclass(slots=True)
class Head:
    """The raw strings of the elements that can hold metadata, the first or first few of each.

    `early_times` are the times above the first heading, `times` those below.
    """

    meta: dict[str, list[str]] = field(default_factory=dict)
    canonical: str | None = None
    base: str | None = None
    title: str | None = None
    headings: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    early_times: list[str] = field(default_factory=list)

    def first(self, *names: str) -> str | None:
        """The first value of the first meta element among `names` that the page has."""
        return next((self.meta[name][0] for name in names if name in self.meta), None)

    def all(self, names: Iterable[str]) -> list[str]:
        """The values of all meta elements of these names, in the order of the names."""
        return [value for name in names for value in self.meta.get(name, ())]

    def _add_meta(self, element: etree._Element) -> None:
        content = clean_string(element.get("content"))
        name = element.get("property") or element.get("name") or element.get("http-equiv")
        for key in (name, element.get("itemprop")):
            if key and content:
                self.meta.setdefault(key.strip().lower(), []).append(content)

    def _add_link(self, element: etree._Element) -> None:
        if self.canonical is None and "canonical" in (element.get("rel") or "").lower().split():
            self.canonical = element.get("href")

    def _add_script(self, element: etree._Element) -> None:
        if element.text and "ld+json" in (element.get("type") or "").lower():
            self.scripts.append(element.text)

    def _add_title(self, element: etree._Element) -> None:
        parent = element.getparent()
        # Drawings (svg) have titles of their own.
        if self.title is None and (parent is None or parent.tag in {"head", "html", "body"}):
            self.title = clean_string(element.text)

    def _add_heading(self, element: etree._Element) -> None:
        if len(self.headings) < MAX_HEADINGS and (text := text_of(element)):
            self.headings.append(text)

    def _add_time(self, element: etree._Element) -> None:
        value = element.get("datetime") or text_of(element)
        if value:
            (self.times if self.headings else self.early_times).append(value)

    def likely_time(self) -> list[str]:
        """The first time below the headline, else the only one above it: several are a ticker's."""
        return self.times[:1] or (self.early_times if len(self.early_times) == 1 else [])

    def _add_base(self, element: etree._Element) -> None:
        if self.base is None:
            self.base = element.get("href")


_COLLECTORS: Final = {
    "meta": Head._add_meta,
    "link": Head._add_link,
    "script": Head._add_script,
    "title": Head._add_title,
    "h1": Head._add_heading,
    "time": Head._add_time,
    "base": Head._add_base,
}


def collect(root: etree._Element) -> Head:
    """The page's raw metadata strings."""
    head = Head()
    for element in itertools.islice(root.iter(*_COLLECTORS), MAX_ELEMENTS):
        _COLLECTORS[str(element.tag)](head, element)
    return head


def language_hint(root: etree._Element, head: Head) -> str | None:
    """The language tag that the page declares ("en-GB"), or `None`."""
    tree_root = root.getroottree().getroot()
    declared = tree_root.get("lang") or tree_root.get("xml:lang") or root.get("lang")
    value = clean_string(declared) or head.first("content-language", "og:locale") or ""
    tag = value.partition(",")[0].strip().replace("_", "-")
    return tag if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}", tag) else None
