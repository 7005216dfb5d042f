"""The outlet that a page itself names as the origin of its text.

Three places say so, the strongest first: an attribution line, markup that came along with the copied
paragraphs, a canonical link to another site. The rules are about wording and markup; no outlet is
named in them.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from cleaners.article import Block, BlockType, ClaimedSource
from cleaners.urls import absolute, domain_in, domain_label, site_of

MAX_MARKS: Final = 300
"""Marked elements whose attributes are read; leftovers stand in every paragraph of the text."""

MAX_ELEMENTS: Final = 5_000
"""Elements whose attribute names are looked at, and links when an attribution's own is searched."""

MAX_LINE: Final = 500
"""Characters of an attribution line that are read, from its end: the outlet is named last."""

MAX_LINES: Final = 20
"""Attribution lines that are read; a page has one or two."""

MAX_NAME_WORDS: Final = 8
MIN_LABEL: Final = 4
"""Letters of a site's name below which it is too short to be recognised inside a longer name."""

MAX_TEXT: Final = 1_000
"""Characters of any one string around a link that are compared with the line."""

_BY_LINE: Final = "attribution line"
_BY_MARKUP: Final = "leftover markup"
_BY_LINK: Final = "canonical link"

# A phrase that says "this text stood first at", by language. What follows it is the outlet. Those of
# WordPress's feeds and of the usual licence lines are among them.
_FIRST_AT: Final = {
    "en": (
        r"(?:first|originally) (?:appeared|published|posted|featured|printed|ran|aired)"
        r"(?: (?:on|in|at|by|with))?",
        r"(?:appeared|published|posted|ran|run) (?:first|originally) (?:on|in|at|by|with)",
        r"(?:re-?published|re-?printed|re-?posted|syndicated|cross-?posted|adapted|excerpted)(?: here)?"
        r"(?: with (?:the )?(?:kind )?permission)? (?:from|of|by|on|at)",
        r"also (?:appeared|published) (?:on|in|at)",
    ),
    "de": (
        r"(?:erschien(?:en)?|veröffentlicht|publiziert) (?:ursprünglich|zuerst|zunächst|erstmals)"
        r" (?:auf|bei|in|im)",
        r"(?:zuerst|ursprünglich|zunächst|erstmals) (?:(?:erschienen|veröffentlicht|publiziert) )?"
        r"(?:auf|bei|in|im)",
    ),
    "fr": (
        r"(?:est )?apparu (?:en premier|d['’]abord) (?:sur|dans)",
        r"(?:initialement|d['’]abord|à l['’]origine) (?:publiée?|parue?) (?:sur|dans|par)",
        r"(?:publiée?|parue?) (?:initialement|d['’]abord|à l['’]origine|pour la première fois)"
        r" (?:sur|dans|par)",
        r"(?:est )?republiée? (?:à partir de|de)",
    ),
    "es": (
        r"(?:apareció|se publicó|fue publicad[oa]) (?:primero|originalmente|por primera vez) (?:en|por)",
        r"publicad[oa] (?:originalmente|originariamente|por primera vez) (?:en|por)",
    ),
    "pl": (
        r"pochodzi z(?: serwisu| portalu| witryny)?",
        r"(?:pierwotnie|po raz pierwszy|oryginalnie)"
        r" (?:ukazał[ao]? się|opublikowan[aoy]|pojawił[ao]? się) (?:we?|na|przez)(?: serwisie| portalu)?",
        r"(?:ukazał[ao]? się|opublikowan[aoy]|pojawił[ao]? się) (?:pierwotnie|po raz pierwszy|najpierw)"
        r" (?:we?|na|przez)(?: serwisie| portalu)?",
    ),
    "it": (
        r"(?:sembra essere il primo su|proviene da)",
        r"pubblicat[oa] (?:originariamente|originalmente|per la prima volta|in origine) (?:su|in|da)",
        r"(?:originariamente|originalmente) (?:pubblicat[oa]|apparso) (?:su|in|da)",
    ),
    "pt": (
        r"(?:apareceu|foi publicad[oa]) (?:primeiro|originalmente|pela primeira vez) (?:em|n[oa]|por)",
        r"publicad[oa] (?:originalmente|primeiro|pela primeira vez) (?:em|n[oa]|por|pel[oa])",
    ),
    "nl": (
        r"(?:verscheen|is verschenen) (?:eerst|eerder|oorspronkelijk|als eerste) (?:op|in|bij)",
        r"(?:oorspronkelijk|eerder|eerst) (?:verschenen|gepubliceerd|geplaatst) (?:op|in|bij|door)",
    ),
    "ru": (
        r"(?:впервые|сначала|первоначально) (?:появил(?:[ао]сь|ись|ся)|опубликован[аоы]?|вышл[аои]) (?:на|в)",
        r"(?:появил(?:[ао]сь|ись|ся)|опубликован[аоы]?) (?:впервые|сначала|первоначально) (?:на|в)",
    ),
    "uk": (
        r"(?:вперше|спершу|спочатку) (?:з['’ʼ]явив?л?[аои]?ся|опублікован[аоий]|вийшл[аои]) (?:на|в|у)",
        r"(?:з['’ʼ]явив?л?[аои]?ся|опублікован[аоий]) (?:вперше|спершу|спочатку) (?:на|в|у)",
    ),
}
# A label that only says "source"; weaker, since the sources of single figures carry it as well.
_SOURCE: Final = (
    r"sources?|original(?: (?:source|article|publication|post))?|quellen?|originalquelle|sources? originale"
    r"|fuentes?|źródł[oa]|fonti?|fontes?|bron(?:nen)?|источник(?:и|а)?|оригинал|джерел[оа]|першоджерело"
)

_FIRST: Final = re.compile(
    rf"(?<!\w)(?:{'|'.join(itertools.chain.from_iterable(_FIRST_AT.values()))})(?!\w)[\s:]*", re.IGNORECASE
)
_LABEL: Final = re.compile(rf"(?<!\w)(?:{_SOURCE})\s?[:：]\s*", re.IGNORECASE)
_BARE_LABEL: Final = re.compile(rf"\W*(?:{_SOURCE})\W*", re.IGNORECASE)
_VIA: Final = re.compile(r"\((?:via|h/t)\s+", re.IGNORECASE)
_BIBLIOGRAPHY: Final = re.compile(r"\b(?:doi|isbn|issn)\b", re.IGNORECASE)
_AGENCIES: Final = re.compile(r"[(\[]?[A-ZА-ЯҐЄІЇ]{2,5}(?:\s?/\s?[A-Za-zА-Яа-я]{2,6}){0,3}[)\]]?")
"""A line of nothing but agency signs: "AFP", "(APA/dpa)"."""

_NAME_END: Final = re.compile(
    r"\.(?=\s)(?<!\b\w\.)|[;|\n]|,\s|\s[–—-]\s|[)\]]"
    r"|\s(?:under|unter|sous|bajo|con licencia|sob|onder|with permission|and is|by|par|von|por|di)\s"
    r"|\s(?:on|am|le|el|il|em|op|dnia)\s(?=\d|[A-Z][a-z]{2,8}\s\d)",
    re.IGNORECASE,
)
_ARTICLE: Final = re.compile(r"(?:the|der|die|das|dem|den|le|la|les|el|il|lo|o|de|het)\s+", re.IGNORECASE)
_QUOTES: Final = " \t\"'“”„«»‘’‚.,:*()[]"


def claimed_source(
    blocks: Sequence[Block],
    *,
    root: HtmlElement | None = None,
    url: str | None = None,
    canonical_url: str | None = None,
) -> ClaimedSource | None:
    """The source that the page claims, with the text or markup that makes the claim; else `None`.

    The page's own site, told by `url`, else by `canonical_url`, is never its source.
    """
    own = _Own(url or canonical_url)
    claim = _by_attribution(blocks, root, own)
    if claim is None and root is not None:
        claim = _by_leftovers(root, own)
    return claim or _by_canonical(own, url, canonical_url)


class _Own:
    """The page's own site, in the ways in which a claim may name it."""

    def __init__(self, url: str | None) -> None:
        self.url = url
        self.site = site_of(url)
        self.label = _squash(domain_label(url) or "")

    def is_domain(self, domain: str) -> bool:
        """Whether a domain is this site's, its twins under other suffixes (bbc.com, bbc.co.uk) included."""
        return domain == self.site or (bool(self.label) and _squash(domain_label(domain) or "") == self.label)

    def is_elsewhere(self, url: str) -> bool:
        """Whether an address is this site's, moved or staged: one's host holds the other's label."""
        label = _squash(domain_label(url) or "")
        return (len(self.label) >= MIN_LABEL and self.label in _squash(_host(url))) or (
            len(label) >= MIN_LABEL and label in _squash(_host(self.url or ""))
        )

    def is_name(self, name: str) -> bool:
        """Whether a name is this site's: "The Daily Bugle" on dailybugle.example, "Vox US" on vox.com."""
        squashed = {_squash(name), _squash(_ARTICLE.sub("", name, count=1))}
        if not self.label or squashed & {self.label, _squash(self.site or "")}:
            return bool(self.label)
        if len(self.label) < MIN_LABEL:
            return False
        return any(
            text.startswith(self.label) or (len(text) >= MIN_LABEL and self.label.startswith(text))
            for text in squashed
        )


# --- The attribution line --------------------------------------------------------------------------


def _by_attribution(blocks: Sequence[Block], root: HtmlElement | None, own: _Own) -> ClaimedSource | None:
    lines = _lines(blocks)
    if not lines:
        return None
    links = _links(root, lines)
    rest = lines
    for pattern in (_FIRST, _LABEL, _VIA):
        matched = [(line, tail) for line in rest if (tail := _after(pattern, line)) is not None]
        rest = [line for line in rest if pattern.search(line) is None]
        claims = [claim for line, tail in matched if (claim := _claim(line, tail, links, own))]
        # Labels that disagree are the sources of figures and quotations, not of the page.
        if claims and (pattern is _FIRST or len({(claim.domain, claim.name) for claim in claims}) == 1):
            return claims[0]
    for line in rest:
        if not _BIBLIOGRAPHY.search(line):
            claim = _claim(line, line if _AGENCIES.fullmatch(line) else "", links, own)
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
        if _BARE_LABEL.fullmatch(text):
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


def _claim(line: str, tail: str, links: list[_Link], own: _Own) -> ClaimedSource | None:
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
    text = tail.lstrip(_QUOTES)
    if re.match(r"https?:|www\.", text):
        return text.split()[0].rstrip(_QUOTES)
    end = _NAME_END.search(text)
    name = (text[: end.start()] if end else text).strip(_QUOTES)
    if "(" in name and ")" not in name:
        name += ")"
    return name if name and len(name.split()) <= MAX_NAME_WORDS else None


_Link = tuple[etree._Element, str]
"""A link and its text, bare of spaces and punctuation."""


def _links(root: HtmlElement | None, lines: list[str]) -> list[_Link]:
    """The page's links whose text occurs in one of the lines."""
    if root is None:
        return []
    wanted = "\n".join(map(_squash, lines))
    links = ((link, _text_in(link, 20)) for link in itertools.islice(root.iter("a"), MAX_ELEMENTS))
    return [(link, text) for link, text in links if text and text in wanted]


def _linked_domain(line: str, tail: str, links: list[_Link], own: _Own) -> str | None:
    """The site that the line's own link leads to: the link on the outlet's name, else the first."""
    wanted, start = _squash(line), _squash(tail)
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


# --- Leftover markup -------------------------------------------------------------------------------

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


def _by_leftovers(root: HtmlElement, own: _Own) -> ClaimedSource | None:
    """The site that most marked paragraphs name, if more than half of them do."""
    votes: Counter[str] = Counter()
    evidence: dict[str, str] = {}
    for name, value in itertools.islice(_marks(root), MAX_MARKS):
        site = site_of(value if "//" in value else f"//{value}")
        if site:
            votes[site] += 1
            evidence.setdefault(site, f'{name}="{value[:200]}"')
    for site, count in votes.most_common(1):
        if not own.is_domain(site) and 2 * count > votes.total():
            return ClaimedSource(site, None, _BY_MARKUP, evidence[site])
    return None


def _marks(root: HtmlElement) -> Iterator[tuple[str, str]]:
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
                address = (element.get(name) or "").strip()[:MAX_TEXT]
                if _ADDRESS.match(address) and not _MEDIA_SUFFIX.search(address):
                    yield key[0], address


def _tells_origin(name: str, *, in_paragraph: bool) -> bool:
    words = name.split("-")
    if _MARK_WORDS.isdisjoint(words):
        return False
    if in_paragraph or words == ["uri"]:
        return True
    return all(word in _TEXT_WORDS or word in _MARK_WORDS for word in words) and words != ["url"]


# --- The canonical link ----------------------------------------------------------------------------


def _by_canonical(own: _Own, url: str | None, canonical_url: str | None) -> ClaimedSource | None:
    site = site_of(canonical_url)
    if not canonical_url or not site_of(url) or not site or own.is_domain(site):
        return None
    if "." not in site or own.is_elsewhere(canonical_url):  # a host of one part is a template's mistake
        return None
    return ClaimedSource(site, None, _BY_LINK, canonical_url)


def _host(url: str) -> str:
    return url.partition("//")[2].partition("/")[0]


def _path(url: str) -> str:
    return url.partition("//")[2].partition("/")[2]


def _text_in(element: etree._Element, pieces: int) -> str:
    texts = itertools.islice(element.itertext(), pieces)
    return _squash("".join(str(text)[:MAX_TEXT] for text in texts))


def _squash(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
