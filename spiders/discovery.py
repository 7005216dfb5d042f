"""Which addresses of a site are articles, and where a site lists them: sitemaps, feeds, links.

Every verdict has a reason that can be shown. Nothing here fetches anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

from w3lib.url import safe_url_string

MAX_URL_LENGTH: Final = 2_000
"""Characters; longer addresses are traps or data in disguise (Scrapy drops them at 2,083 without a word)."""


class Kind(StrEnum):
    """What an address is, judged by its shape alone."""

    ARTICLE = "article"
    SECTION = "section"
    UNKNOWN = "unknown"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement with the reason for it."""

    kind: Kind
    reason: str


_TRACKING: Final = re.compile(
    r"(?:utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|at_(?:medium|campaign|custom\d?)|fbclid|gclid|dclid|gbraid|wbraid|"
    r"msclkid|yclid|igshid|mc_[ce]id|_hs(?:enc|mi)|vero_id|oly_(?:enc|anon)_id|wt_?mc|wtmc|cmpid|icid|ocid|"
    r"ito|spm|smid|xtor|ref_?src|traffic_source|__twitter_impression)",
    re.IGNORECASE,
)
_FILES: Final = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|avif|bmp|tiff?|mp[34]|m4[av]|ogg|wav|webm|avi|mov|pdf|docx?|xlsx?|pptx?|"
    r"zip|gz|rar|7z|exe|dmg|apk|css|js|mjs|json|xml|rss|atom|txt|ics|woff2?|ttf|eot|epub|csv)$",
    re.IGNORECASE,
)
_SKIPPED_PARTS: Final = frozenset({
    "wp-json", "wp-admin", "wp-login.php", "wp-content", "wp-includes", "xmlrpc.php", "feed", "feeds",
    "rss", "atom", "login", "log-in", "signin", "sign-in", "logout", "register", "signup", "sign-up",
    "subscribe", "cart", "checkout", "account", "my-account", "search", "trackback", "embed", "cdn-cgi",
    "api", "print", "share",
})  # fmt: skip
_SKIPPED_QUERY: Final = frozenset({
    "replytocom", "share", "s", "q", "search", "print", "rest_route", "feed", "add-to-cart",
})  # fmt: skip
_SECTION_PARTS: Final = frozenset({
    "category", "categories", "tag", "tags", "topic", "topics", "section", "sections", "author",
    "authors", "archive", "archives", "page", "kategorie", "thema", "rubrik", "categorie", "rubrique",
    "categoria", "etiqueta", "kategoria",
})  # fmt: skip
_DATED: Final = re.compile(
    r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2])(?:[/-]?(?:0?[1-9]|[12]\d|3[01]))?(?=[/-]|$)"
)
_NUMBERED: Final = re.compile(r"(?:^|[^0-9])\d{5,}(?![0-9])")
_ID_QUERY: Final = frozenset({
    "p", "id", "aid", "nid", "newsid", "story", "story_id", "storyid", "article", "article_id",
    "articleid",
})  # fmt: skip
_MIN_SLUG_HYPHENS: Final = 3  # four words: headlines have them, names of sections hardly ever do


def normalise(url: str) -> str | None:
    """The address as it is fetched and compared: no fragment, no tracking parameters.

    `None` for what is no web address or is longer than `MAX_URL_LENGTH`.
    """
    try:
        parts = urlsplit(safe_url_string(url.strip()))
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    query = "&".join(
        pair
        for pair in parts.query.split("&")
        if pair and not _TRACKING.fullmatch(unquote(pair.partition("=")[0]))
    )
    clean = urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", query, ""))
    return clean if len(clean) <= MAX_URL_LENGTH else None


def judge(url: str) -> Verdict:
    """What an address is by its shape."""
    split = urlsplit(url)
    path = unquote(split.path)
    parts = [part for part in path.lower().split("/") if part]
    query = {pair.partition("=")[0].lower(): pair.partition("=")[2] for pair in split.query.split("&")}
    if _FILES.search(path):
        return Verdict(Kind.SKIP, "a file, not a page")
    if _SKIPPED_PARTS.intersection(parts) or _SKIPPED_QUERY.intersection(query):
        return Verdict(Kind.SKIP, "a feed, an API, a form or an account page")
    if any(name in _ID_QUERY and value.isdigit() for name, value in query.items()):
        return Verdict(Kind.ARTICLE, "the query names an article by number")
    if not parts:
        return Verdict(Kind.SECTION, "the front page")
    if _SECTION_PARTS.intersection(parts[:-1]) or parts[-1] in _SECTION_PARTS:
        return Verdict(Kind.SECTION, "a list by category, tag, author or page")
    return _judge_path(path, parts)


def _judge_path(path: str, parts: list[str]) -> Verdict:
    slug = parts[-1]
    dated = _DATED.search(path)
    if dated and not path[dated.end() :].strip("/-"):
        return Verdict(Kind.SECTION, "a list by date")
    if dated:
        return Verdict(Kind.ARTICLE, "a date in the path")
    if slug.count("-") >= _MIN_SLUG_HYPHENS or slug.count("_") >= _MIN_SLUG_HYPHENS:
        return Verdict(Kind.ARTICLE, "a headline in the path")
    if _NUMBERED.search(slug):
        return Verdict(Kind.ARTICLE, "an article number in the path")
    return Verdict(Kind.UNKNOWN, "the address does not tell")
