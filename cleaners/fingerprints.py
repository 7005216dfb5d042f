"""Operator fingerprints: ids in a page's markup that several sites share when one hand runs them.

Accounts of advertising and statistics, proofs of ownership, the parts that a site is built of. They are read
from attributes and inline scripts, which are searched and never run. Neither the page's text is searched nor
data that carries it: an article that names an id is not run by its owner. An id must have its service's form,
and stand alone in quotes or in an address.
"""

from __future__ import annotations

import re
from itertools import islice
from string import ascii_letters, digits
from typing import Final

from lxml import etree

from cleaners.article import Fingerprint
from cleaners.fingerprint_signs import META_SIGNS, PARTS, SIGNS, is_sample

MAX_ELEMENTS: Final = 5_000
"""Elements (scripts, links, meta elements, frames, places of advertisements) that are looked at; pages have
about 270."""

MAX_SCRIPT_CHARS: Final = 10_000
"""Characters of one inline script that are searched: the snippets of trackers are shorter than 2,000, and
what is longer is a program or its data."""

MAX_CODE_CHARS: Final = 200_000
"""Characters of all inline scripts and attributes that are searched; pages have about 25,000."""

MAX_VALUE_CHARS: Final = 2_000
"""Characters of one element's attributes that are searched: as many as a crawl's addresses may have."""

MAX_WIDGETS: Final = 100
"""Places of a page's recommendations whose owner is looked at."""

MAX_USERS: Final = 20
"""Authors' pages that a page links to; lists of all authors name hundreds, and none of them wrote it."""

MAX_FINGERPRINTS: Final = 200
"""Fingerprints of one page; a site built of a hundred plugins has about 120."""

_WORD: Final = f"{ascii_letters}{digits}-_."
_ELEMENTS: Final = ("script", "link", "a", "meta", "iframe", "ins", "amp-ad", "amp-auto-ads")
_SHOP_TAG: Final = re.compile(
    r"https?://(?:[\w-]{1,20}\.){0,2}amazon\.[a-z.]{2,6}/[^#]{0,1900}?[?&]tag=([\w-]{1,60}-2\d)(?![\w-])",
    re.ASCII | re.IGNORECASE,
)
_AUTHOR_PAGE: Final = re.compile(r"/author/([\w.%-]{1,200})/?(?:[?#]|\Z)", re.ASCII)
_WIDGETS: Final = etree.XPath("//@data-ob-installation-key | //@data-ob-template")
_WIDGET_NAME: Final = re.compile(r"[\w-]{2,60}", re.ASCII)


def find_fingerprints(root: etree._Element) -> list[Fingerprint]:
    """The fingerprints of a parsed page, sorted, each once."""
    found: set[Fingerprint] = set()
    users: dict[str, None] = {}
    code = _code_of(root, found, users)
    for hint, signs in SIGNS.items():
        if hint in code:
            for sign in signs:
                found.update(sign.find(code))
    if "/wp-content/" in code:
        found.update(Fingerprint(f"wordpress-{match[1]}", match[2].lower()) for match in PARTS.finditer(code))
    if users and ("/wp-" in code or "api.w.org" in code):
        found.update(Fingerprint("wordpress-user", slug) for slug in islice(users, MAX_USERS))
    if "outbrain" in code:
        names = (_WIDGET_NAME.fullmatch(name) for name in islice(_WIDGETS(root), MAX_WIDGETS))
        found.update(Fingerprint("outbrain", name[0]) for name in names if name)
    return sorted(found)[:MAX_FINGERPRINTS]


def _code_of(root: etree._Element, found: set[Fingerprint], users: dict[str, None]) -> str:
    """All attributes and scripts that may hold ids, parted by quotes; what metas and links tell goes into
    `found`, whose pages of authors are linked to into `users`."""
    parts: list[str] = []
    left = MAX_CODE_CHARS
    for element in islice(root.iter(*_ELEMENTS), MAX_ELEMENTS):
        tag = element.tag
        if tag == "a":
            href = element.get("href")
            if not href:
                continue
            if "tag=" in href and (shop := _SHOP_TAG.match(href)):
                found.add(Fingerprint("amazon-associate", shop[1].lower()))
            if "/author/" in href and (page := _AUTHOR_PAGE.search(href[:MAX_VALUE_CHARS])):
                users[page[1].lower()] = None
        elif tag == "meta":
            if fingerprint := _of_meta(element):
                found.add(fingerprint)
        elif left > 0:
            part = (element.get("href") or "") if tag == "link" else _code_in(element)
            parts.append(_cut(part, left))
            left -= len(part)
    return '"{}"'.format('"'.join(parts))


def _code_in(element: etree._Element) -> str:
    """The attributes, and of a script the text."""
    values = '"'.join([str(value) for value in element.values()])
    values = _cut(values, MAX_VALUE_CHARS)
    text = element.text
    if not text or element.tag != "script":
        return values
    if "json" in values and not _is_of_amp(element):
        return values  # the page's own data, its text among it
    return f'{values}"{_cut(text, MAX_SCRIPT_CHARS)}'


def _cut(code: str, size: int) -> str:
    """`code`, or its beginning without the word that the cut goes through: half an id looks like one."""
    return code if len(code) <= size else code[:size].rstrip(_WORD)


def _is_of_amp(script: etree._Element) -> bool:
    parent = script.getparent()
    return parent is not None and str(parent.tag).startswith("amp-")


def _of_meta(element: etree._Element) -> Fingerprint | None:
    name = element.get("name") or element.get("property")
    kind, form = META_SIGNS.get(name.strip().lower(), (None, None)) if name else (None, None)
    if kind is None or form is None:
        return None
    value = " ".join((element.get("content") or "")[:MAX_VALUE_CHARS].split())
    if not form.fullmatch(value) or is_sample(value):
        return None
    return Fingerprint(kind, value.upper() if kind == "bing-site-verification" else value)
