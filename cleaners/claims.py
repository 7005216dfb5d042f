"""The outlet that a page itself names as the origin of its text.

These say so, the strongest first: an attribution line, meta elements for news search, a pixel that counts
republications, markup that came along with the copied paragraphs, a canonical link to another site. The rules
are about wording and markup; no outlet is named in them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from typing import Final

from lxml import etree

from cleaners.article import Block, BlockType, ClaimedSource
from cleaners.claim_phrases import (
    AGENCIES,
    ARTICLE,
    BARE_LABEL,
    BIBLIOGRAPHY,
    FIRST,
    LABEL,
    NAME_END,
    QUOTES,
    VIA,
)
from cleaners.leftovers import leftover_site
from cleaners.republication import republication_pixels, source_meta
from cleaners.strings import squash, texts_in
from cleaners.urls import absolute, domain_in, domain_label, site_of

MAX_PAGE_LINKS: Final = 5_000
"""Links of a page that are looked at when an attribution line's own is searched."""

MAX_LINE: Final = 500
"""Characters of an attribution line that are read, from its end: the outlet is named last."""

MAX_LINES: Final = 20
"""Attribution lines that are read; a page has one or two."""

MAX_NAME_WORDS: Final = 8
MIN_LABEL: Final = 4
"""Letters of a site's name below which it is too short to be recognised inside a longer name."""

MAX_LINKS: Final = 40
"""Links with a text from the attribution lines whose surroundings are compared with them."""

MIN_LINK: Final = 2
"""Letters of a link below which its text occurs in any line."""

MAX_TEXT: Final = 1_000
"""Characters of any one string around a link that are compared with the line."""

_BY_LINE: Final = "attribution line"
LEFTOVER_MARKUP: Final = "leftover markup"
"""Kind of a claim that nobody meant to make: the source's own markup, left in the copy."""

_BY_LINK: Final = "canonical link"
_BY_META: Final = "source meta"
_BY_PIXEL: Final = "republication pixel"


def claimed_source(
    blocks: Sequence[Block],
    *,
    root: etree._Element | None = None,
    url: str | None = None,
    canonical_url: str | None = None,
) -> ClaimedSource | None:
    """The source that the page claims, with the text or markup that makes the claim; else `None`.

    The page's own site is never its source. Where `url` tells none (a file's, for one), it is the
    canonical address's.
    """
    known = site_of(url) is not None
    own = Outlet(url if known else canonical_url)
    claim = _by_attribution(blocks, root, own)
    if claim is None and root is not None:
        claim = (
            _by_address(source_meta(root), _BY_META, own)
            or _by_address(republication_pixels(root), _BY_PIXEL, own)
            or _by_leftovers(root, own)
        )
    return claim or (_by_canonical(own, canonical_url) if known else None)


class Outlet:
    """A site, in the ways in which a claim may name it; told by any address of it."""

    def __init__(self, url: str | None) -> None:
        """Take an address; without one, no claim names the site."""
        self.url = url
        self.site = site_of(url)
        self.label = squash(domain_label(url) or "")

    def is_domain(self, domain: str) -> bool:
        """Whether a domain is this site's, its twins under other suffixes (bbc.com, bbc.co.uk) included."""
        return domain == self.site or (bool(self.label) and squash(domain_label(domain) or "") == self.label)

    def is_elsewhere(self, url: str) -> bool:
        """Whether an address is this site's, moved or staged: one's host holds the other's label."""
        label = squash(domain_label(url) or "")
        return (len(self.label) >= MIN_LABEL and self.label in squash(_host(url))) or (
            len(label) >= MIN_LABEL and label in squash(_host(self.url or ""))
        )

    def is_name(self, name: str) -> bool:
        """Whether a name is this site's: "The Daily Bugle" on dailybugle.example, "Vox US" on vox.com."""
        squashed = {squash(name), squash(ARTICLE.sub("", name, count=1))}
        if not self.label or squashed & {self.label, squash(self.site or "")}:
            return bool(self.label)
        if len(self.label) < MIN_LABEL:
            return False
        return any(
            text.startswith(self.label) or (len(text) >= MIN_LABEL and self.label.startswith(text))
            for text in squashed
        )

    def is_named(self, domain: str | None, name: str | None) -> bool:
        """Whether a claim names this site, by a domain or by a name."""
        return bool((domain and self.is_domain(domain)) or (name and self.is_name(name)))


# --- The attribution line --------------------------------------------------------------------------


def _by_attribution(
    blocks: Sequence[Block], root: etree._Element | None, own: Outlet
) -> ClaimedSource | None:
    lines = _lines(blocks)
    if not lines:
        return None
    links = _links(root, lines)
    rest = lines
    for pattern in (FIRST, LABEL, VIA):
        matched = [(line, tail) for line in rest if (tail := _after(pattern, line)) is not None]
        rest = [line for line in rest if pattern.search(line) is None]
        claims = [claim for line, tail in matched if (claim := _claim(line, tail, links, own))]
        # Labels that disagree are the sources of figures and quotations, not of the page.
        if claims and (pattern is FIRST or len({(claim.domain, claim.name) for claim in claims}) == 1):
            return claims[0]
    for line in rest:
        if not BIBLIOGRAPHY.search(line):
            claim = _claim(line, line if AGENCIES.fullmatch(line) else "", links, own)
            if claim:
                return claim
    return None


def _lines(blocks: Sequence[Block]) -> list[str]:
    """The attribution lines; a bare "Source:" is joined with the block after it, which names it."""
    lines: list[str] = []
    label = ""
    for block in blocks:
        if block.type is not BlockType.ATTRIBUTION:
            label = ""
            continue
        text = " ".join(block.text[-2 * MAX_LINE :].split())[-MAX_LINE:]
        if BARE_LABEL.fullmatch(text):
            label = text.strip(" :") + ": "
            continue
        lines.append(label + text)
        label = ""
    return lines[:MAX_LINES]


def _after(pattern: re.Pattern[str], line: str) -> str | None:
    """What stands behind the last match, or `None` without one: the headline before it may have any words."""
    end = None
    for match in pattern.finditer(line):
        end = match.end()
    return None if end is None else line[end:]


def _claim(line: str, tail: str, links: list[_Link], own: Outlet) -> ClaimedSource | None:
    """The claim of one line, whose outlet is named at the start of `tail`."""
    name = _name(tail)
    domain = domain_in(name or "") or _linked_domain(line, tail, links, own) or domain_in(tail or line)
    if domain and own.is_domain(domain):
        return None
    if name and (own.is_name(name) or site_of(name)):
        name = None
    if not domain and not name:
        return None
    return ClaimedSource(domain, name, _BY_LINE, line)


def _name(tail: str) -> str | None:
    """The outlet's name as printed, without what is said about it."""
    text = tail.lstrip(QUOTES)
    if re.match(r"https?:|www\.", text):
        return text.split()[0].rstrip(QUOTES)
    end = NAME_END.search(text)
    name = (text[: end.start()] if end else text).strip(QUOTES)
    if "(" in name and ")" not in name:
        name += ")"
    return name if name and len(name.split()) <= MAX_NAME_WORDS else None


_Link = tuple[etree._Element, str]
"""A link and its text, bare of spaces and punctuation."""


def _links(root: etree._Element | None, lines: list[str]) -> list[_Link]:
    """The page's links whose text occurs in one of the lines."""
    if root is None:
        return []
    wanted = "\n".join(map(squash, lines))
    links = ((link, _text_in(link, 20)) for link in itertools.islice(root.iter("a"), MAX_PAGE_LINKS))
    fitting = ((link, text) for link, text in links if len(text) >= MIN_LINK and text in wanted)
    return list(itertools.islice(fitting, MAX_LINKS))


def _linked_domain(line: str, tail: str, links: list[_Link], own: Outlet) -> str | None:
    """The site that the line's own link leads to: the link on the outlet's name, else the first."""
    wanted, start = squash(line), squash(tail)
    found = None
    for link, text in links:
        if text not in wanted or not _stands_in(link, wanted):
            continue
        address = absolute(link.get("href"), own.url)
        site = site_of(address)
        if not address or not site or "license" in (link.get("rel") or ""):
            continue
        is_own = own.is_domain(site)
        # Names link to the own front page where the line is about itself, else to a page of the topic.
        if start.startswith(text) and (not is_own or not _path(address)):
            return site
        if not is_own:
            found = found or site
    return found


def _stands_in(link: etree._Element, line: str) -> bool:
    """Whether one of the elements around a link has the line's text (or most of it), and not much else."""
    parent = link.getparent()
    for _ in range(3):
        if parent is None:
            return False
        text = _text_in(parent, 60)
        if line in text or (text in line and 2 * len(text) > len(line)):
            return len(text) < 2 * len(line) + 80
        if text not in line:  # the link stands in another text, beside the line
            return False
        parent = parent.getparent()
    return False


# --- Markup, the canonical link ---------------------------------------------------------------------


def _by_address(found: Iterable[tuple[str, str]], kind: str, own: Outlet) -> ClaimedSource | None:
    """The claim of the first address of another site, given with its evidence."""
    for address, evidence in found:
        site = site_of(absolute(address, own.url))
        if site and not own.is_domain(site):
            return ClaimedSource(site, None, kind, evidence)
    return None


def _by_leftovers(root: etree._Element, own: Outlet) -> ClaimedSource | None:
    site, evidence = leftover_site(root) or (None, "")
    return (
        None if site is None or own.is_domain(site) else ClaimedSource(site, None, LEFTOVER_MARKUP, evidence)
    )


def _by_canonical(own: Outlet, canonical_url: str | None) -> ClaimedSource | None:
    site = site_of(canonical_url)
    if not canonical_url or not site or own.is_domain(site):
        return None
    if "." not in site or own.is_elsewhere(canonical_url):  # a host of one part is a template's mistake
        return None
    return ClaimedSource(site, None, _BY_LINK, canonical_url)


def _host(url: str) -> str:
    return url.partition("//")[2].partition("/")[0]


def _path(url: str) -> str:
    return url.partition("//")[2].partition("/")[2]


def _text_in(element: etree._Element, pieces: int) -> str:
    texts = itertools.islice(texts_in(element), pieces)
    return squash("".join(text[:MAX_TEXT] for text in texts))
