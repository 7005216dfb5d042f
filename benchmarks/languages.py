"""Which language a benchmark page is in."""

from __future__ import annotations

import re
from typing import Final

from cleaners.language import detect_language

UNKNOWN: Final = "unknown"
"""Stands for the language of a page that neither declares one nor has the words to tell."""

CJK: Final = frozenset({"ja", "ko", "zh"})
"""Languages in which word counts and stop words say little."""

TELLING_CHARS: Final = 200
"""Characters of a text from which its own words say more than what the page declares."""

_LANG: Final = re.compile(r"""<html[^>]{0,2000}?\slang\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z]{2,3})\b""", re.I)


def declared_language(html: str) -> str | None:
    """The language of the `lang` attribute of a page's root, ISO 639-1 in lower case."""
    found = _LANG.search(html, 0, 100_000)
    return found.group(1).lower() if found else None


def page_language(html: str, truth: str) -> str:
    """The language of a page's true text, else the declared one.

    Templates declare English over pages in any language, so the words decide where there are enough.
    """
    detected = detect_language(truth)
    if detected and len(truth) >= TELLING_CHARS:
        return detected
    return declared_language(html) or detected or UNKNOWN
