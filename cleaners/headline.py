"""Which of the strings that a page offers as its title is the article's headline."""

from __future__ import annotations

import re
from typing import Final

from cleaners.strings import squash, unique

_WORD: Final = re.compile(r"\w+")
_SEPARATOR: Final = re.compile(r"\s+(?:[|–—·•»«]|-{1,2}|::|:)\s+|\s?[|»]\s?")


def find_titles(
    declared: list[str], headings: list[str], site_name: str | None, label: str | None
) -> tuple[str | None, list[str]]:
    """The headline, and every string that the page offers as one.

    `declared` are the titles in the page's metadata, `headings` its first-level headings, `label` the
    site's own part of its domain. The visible first-level heading wins where another source confirms it,
    since the others are often shortened or written for search engines.
    """
    stripped = [_without_site(title, site_name, label, headings) for title in declared]
    titles = unique([*stripped, *headings, *declared])
    known = [squash(title) for title in stripped]
    for heading in headings:
        key = squash(heading)
        if len(key) > 3 and (key in known or any(_same_subject(heading, title) for title in stripped)):
            return heading, titles
    own_names = {squash(site_name or ""), squash(label or ""), ""}
    candidates = [*stripped, *headings, *declared]
    return next((title for title in candidates if squash(title) not in own_names), None), titles


def _same_subject(heading: str, title: str) -> bool:
    """Whether two strings share half of the shorter one's words, three at least."""
    one, other = set(_WORD.findall(heading.casefold())), set(_WORD.findall(title.casefold()))
    shared = len(one & other)
    return shared >= 3 and 2 * shared >= min(len(one), len(other))


def _without_site(title: str, site_name: str | None, label: str | None, headings: list[str]) -> str:
    """The title without the site's and the section's name at its end, or the site's at its start."""
    own = {squash(name) for name in (site_name, label) if name} - {""}
    shown = {squash(heading) for heading in headings}
    cuts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(title)][:10]
    for start, _ in cuts:
        if squash(title[:start]) in shown:
            return title[:start]
    for start, end in cuts:
        rest = squash(title[end:])
        if rest in own or (label and rest.startswith(label) and len(rest) < len(label) + 8):
            return title[:start] or title
    if cuts and squash(title[: cuts[0][0]]) in own:
        return title[cuts[0][1] :] or title
    if cuts and "|" in title[cuts[-1][0] : cuts[-1][1]] and len(title[: cuts[-1][0]].split()) >= 4:
        return title[: cuts[-1][0]]
    return title
