"""What a page's JSON-LD says of the page itself: which entry is the article, its people and dates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from cleaners.strings import clean_string

MAX_JSON_LENGTH: Final = 300_000
"""Characters of JSON-LD that are read of one page; the article's own entry stands in the first few."""

MAX_JSON_NODES: Final = 2_000
"""Objects of the JSON-LD that are looked at."""

MAX_DATED: Final = 200
"""Objects whose dates are looked at when the article's own entry has none."""

MAX_STRINGS: Final = 100
"""Entries of one list (headlines, authors, types) that are read."""

_WRAPPING: Final = ("<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[", "-->", "//]]>", "/*]]>*/", "]]>")
_ARTICLE_TYPE: Final = re.compile(r"(?:\w{0,40}Article|\w{0,40}Posting|Report|Review|Recipe)")
_PAGE_TYPES: Final = frozenset({"WebPage", "ItemPage", "AboutPage", "FAQPage", "QAPage"})


def read_json_ld(scripts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD that speak of the page itself, in order."""
    budget, nodes = MAX_JSON_LENGTH, 0
    for script in scripts:
        budget -= len(script)
        if budget < 0:
            return
        stack = [_loads(script)]
        while stack and nodes < MAX_JSON_NODES:
            value = stack.pop()
            if isinstance(value, list):
                stack.extend(reversed(value[:MAX_JSON_NODES]))
            elif isinstance(value, dict):
                nodes += 1
                yield value
                stack.extend(value[key] for key in ("mainEntity", "@graph") if key in value)


def _loads(script: str) -> Any:
    text = script.strip()
    for _ in range(2):  # comments may wrap CDATA or the other way round
        for wrapping in _WRAPPING:
            text = text.removeprefix(wrapping).removesuffix(wrapping).strip()
    try:
        return json.loads(text.removesuffix(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def main_entry(graph: list[dict[str, Any]]) -> dict[str, Any]:
    """The entry that describes the article: the first of an article's type, else one with a headline."""
    for node in graph:
        if any(_ARTICLE_TYPE.fullmatch(kind) for kind in strings_of(node.get("@type"))):
            return node
    for node in graph:
        if strings_of(node.get("headline")) or not _PAGE_TYPES.isdisjoint(strings_of(node.get("@type"))):
            return node
    return {}


def publisher_of(main: dict[str, Any]) -> str | None:
    """The publisher's name in an entry."""
    publisher = main.get("publisher")
    return next(iter(strings_of(publisher.get("name"))), None) if isinstance(publisher, dict) else None


def dates_of(graph: list[dict[str, Any]], main: dict[str, Any], name: str) -> list[Any]:
    """The values of a date field, the main entry's first."""
    return [main.get(name), *(node.get(name) for node in graph[:MAX_DATED])]


def strings_of(value: Any) -> list[str]:
    """The first strings of a value that may be one or a list."""
    values = value[:MAX_STRINGS] if isinstance(value, list) else [value]
    return [text for item in values if isinstance(item, str) and (text := clean_string(item))]


def authors_of(main: dict[str, Any], graph: list[dict[str, Any]]) -> list[str]:
    """The author names of the main entry, entries that it refers to looked up."""
    named = {node["@id"]: node for node in graph if isinstance(node.get("@id"), str)}
    authors = main.get("author") or main.get("creator")
    found: list[str] = []
    for author in authors[:MAX_STRINGS] if isinstance(authors, list) else [authors]:
        person = author
        if isinstance(person, dict) and "name" not in person and isinstance(person.get("@id"), str):
            person = named.get(person["@id"], person)
        found.extend(strings_of(person.get("name") if isinstance(person, dict) else person))
    return found
