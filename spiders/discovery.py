"""Addresses: how they are written, which of them are one page, and what one is by its shape alone.

Every verdict has a reason that can be shown. Nothing here fetches anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

from cleaners.urls import site_of

MAX_URL_LENGTH: Final = 2_000
"""Characters; longer addresses are traps or data in disguise (Scrapy drops them at 2,083 without a word)."""

MAX_PATH_PARTS: Final = 12
"""Parts of a path; news sites have up to 7, and what nests deeper than this mostly nests for ever."""

MAX_QUERY_PAIRS: Final = 10
"""Names in a query; addresses with more are a filtered list in one of its countless states."""

_MAX_SAME_PART: Final = 3  # a section may stand beside an article and a date of its own name, no more
_FEWEST_REPEATS: Final = 3  # "/a/b/a/b" occurs; a third time it is a relative link that leads to itself
_YEARS_AHEAD: Final = 1  # news is not dated further ahead; calendars go on for ever


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


# Names that well-kept lists (ClearURLs', AdGuard's, Firefox's query stripping) remove on all sites, and those
# of newsletters and feeds. Not "ref", "cid" and their like: on some sites they choose the page.
_TRACKING: Final = re.compile(
    r"(?:utm|mtm|matomo|piwik|pk|hsa|hmb|otm|itm|ga|vn|trk|sfmc)_\w+|utm|ml_subscriber(?:_hash)?|at_(?:medium|campaign|custom\d?|"
    r"link\w*|format|ptr\w*|bbc\w*)|ns_(?:mchannel|source|campaign|linkname|fee)|fb_(?:action_(?:ids|types)|"
    r"source|ref|comment_id)|action_(?:object|type|ref)_map|fbclid|fbadid|gclid|gclsrc|dclid|gad_\w+|gbraid|"
    r"wbraid|srsltid|msclkid|ttclid|twclid|li_fat_id|igshid|igsh|mibextid|epik|yclid|ymclid|ysclid|_openstat|"
    r"rb_clickid|wickedid|irclickid|s_kwcid|ef_id|sc_cid|s_cid|mkt_tok|mc_[ce]id|_hs(?:enc|mi)|__hs\w+|"
    r"hsctatracking|vero_(?:id|conv)|oly_(?:enc|anon)_id|elqtrack(?:id)?|_ga|_gl|_gac|_bta_(?:tid|c)|"
    r"_branch_match_id|_branch_referrer|guccounter|guce_referrer(?:_sig)?|soc_(?:src|trk)|wt_?z?mc|wtrid|cmpid|"
    r"intcmp|icid|ncid|ocid|ito|spm|smid|smtyp|xtor|xtref|sara_ecid|echobox|tracking_source|ref_?src|"
    r"traffic_source|__twitter_impression|amp_(?:gsa|js_v)|usqp"
)
_FEED_SOURCE: Final = re.compile(r"rss(?:-.*)?")  # "source=rss----1a2b3c---4" at the end of a feed's links
_SESSION: Final = re.compile(
    r"phpsessid|jsessionid|sessionid|session_id|sessid|aspsessionid\w*|cftoken|cfid|zenid|oscsid"
)
_SESSION_VALUE: Final = re.compile(r"[A-Za-z0-9]{16,}")  # a "sid" with less may be a story's number
_PATH_SESSION: Final = re.compile(
    r";(?:jsessionid|phpsessid|sid)=[^/;]*|/\((?:[A-Z]\([A-Za-z0-9]{16,64}\)){1,3}\)(?=[/;]|$)", re.IGNORECASE
)
# Canonical as it is but for the order of its query: the usual address, at half the cost of the general way.
_PLAIN: Final = re.compile(
    r"https?://[a-z0-9.:-]++(?:/(?!\.)(?:[\w.~-]|%[89A-F][0-9A-F])*+)*+"
    r"(?:\?[\w.~-]++=[\w.~-]*+(?:&[\w.~-]++=[\w.~-]*+)*+)?",
    re.ASCII,
)
_HOST: Final = re.compile(r"(?:[a-z0-9_-]++\.?)++|[0-9a-f.]*:[0-9a-f:.]+")  # in ASCII by now; or IPv6
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_FILES: Final = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|avif|bmp|tiff?|mp[34]|m4[av]|ogg|wav|webm|avi|mov|pdf|docx?|xlsx?|pptx?|"
    r"zip|gz|rar|7z|exe|dmg|apk|css|js|mjs|json|xml|rss|atom|txt|ics|woff2?|ttf|eot|epub|csv)$",
    re.IGNORECASE,
)
_SKIPPED_PARTS: Final = frozenset({
    "wp-json", "wp-admin", "wp-login.php", "wp-content", "wp-includes", "xmlrpc.php", "feed", "feeds",
    "rss", "atom", "login", "log-in", "signin", "sign-in", "logout", "register", "signup", "sign-up",
    "subscribe", "cart", "checkout", "account", "my-account", "search", "trackback", "embed", "cdn-cgi",
    "api", "share",
})  # fmt: skip
_SKIPPED_QUERY: Final = frozenset({
    "replytocom", "share", "s", "q", "search", "rest_route", "feed", "add-to-cart",
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

_VARIANT_HINT: Final = re.compile(r"(?<![a-z])amp(?![a-z])|print|druck|imprim|drukuj", re.IGNORECASE)
_PRINT_PARTS: Final = (
    "print|printable|print-?view|print-?version|printer-?friendly|drucken|druckansicht|druckversion|imprimir|"
    "imprimer|drukuj"
)
_VARIANT_END: Final = re.compile(rf"(?:/++(?:amp|{_PRINT_PARTS}))+(/?)/*$", re.IGNORECASE)
_VARIANT_START: Final = re.compile(r"/(?:amp|print)(?=/.)", re.IGNORECASE)
_VARIANT_SUFFIX: Final = re.compile(r"\.amp(?=\.html?$|$)", re.IGNORECASE)
_VARIANT_QUERY: Final = re.compile(
    r"amp(?:=.*)?|printable(?:=.*)?|print(?:_?(?:page|view|version|er_?friendly))?(?:=(?:1|true|yes|y|on|print)?)?|"
    r"(?:output_?type|output|view|mode|format|layout|display)=(?:amp|print|printable|printer)",
    re.IGNORECASE,
)
_BARE_TEMPLATE: Final = "tmpl=component"  # stands beside "print=1" and leaves out the site around the article
_PRINT_PART: Final = re.compile(rf"(?:{_PRINT_PARTS})(?:\.(?:php|html?|aspx?|jsp))?")

_CALENDARS: Final = frozenset({
    "calendar", "calendar.php", "calendar.aspx", "event-calendar", "events-calendar", "kalender",
    "veranstaltungskalender", "calendario", "calendrier", "kalendarz",
})  # fmt: skip
_CALENDAR_VIEW: Final = re.compile(
    r"/(?:events?|agenda|whats-on|veranstaltung(?:en)?|termine?|eventos?|eventi|evenements?|wydarzenia)/(?:[^/]+/)*?"
    r"(?:(?:19|20)\d\d(?:[/-]\d{1,2}){0,2}|(?:19|20)\d\d-w\d\d|month|week|day|today|list|map|photo|summary)/?$"
)
_CALENDAR_QUERY: Final = frozenset({
    "tribe-bar-date", "tribe-bar-search", "tribe_event_display", "eventdisplay", "eventdate", "ical",
    "outlook-ical",
})  # fmt: skip
_MONTHS: Final = frozenset({"month", "mo"})
_YEARS: Final = frozenset({"year", "yr"})
_PATH_YEAR: Final = re.compile(r"/(2\d{3})[/-](?:0?[1-9]|1[0-2])(?:[/-](?:0?[1-9]|[12]\d|3[01]))?(?=/|$)")
_QUERY_YEAR: Final = re.compile(r"(2\d{3})-\d\d(?:-\d\d)?")
_MISMADE: Final = re.compile(
    r"/(?:https?|mailto|tel|sms|javascript|data|whatsapp):|\{\{|\}\}|<%|\$\{|\[object|/(?:undefined|null|nan)(?:/|$)",
    re.IGNORECASE,
)


def normalise(url: str) -> str | None:
    """The address as it is fetched: no fragment, no tracking parameters, no session, no empty query.

    `None` for what is no web address or is longer than `MAX_URL_LENGTH`.
    """
    try:
        parts = urlsplit(safe_url_string(url.strip()))
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host or not _HOST.fullmatch(host):
        return None
    path = _PATH_SESSION.sub("", parts.path) or "/"
    query = "&".join(pair for pair in parts.query.split("&") if pair.strip("=") and not _is_noise(pair))
    clean = urlunsplit((parts.scheme, parts.netloc, path, query, ""))
    return clean if len(clean) <= MAX_URL_LENGTH else None


def _is_noise(pair: str) -> bool:
    """Whether a pair of a query says who came from where, and nothing about the page."""
    name, _, value = pair.partition("=")
    # An address that was escaped once too often, or joined to another query, starts its names with these.
    name = unquote(name).lower().removeprefix("?").removeprefix("amp;")
    if name == "sid":
        return _SESSION_VALUE.fullmatch(value) is not None
    if name == "source":
        return _FEED_SOURCE.fullmatch(value) is not None
    return bool(_TRACKING.fullmatch(name) or _SESSION.fullmatch(name))


def identity(url: str) -> str:
    """The key under which addresses count as one: "a.example/b?x=2&y=1" for "https://www.a.example/b/?y=1&x=2".

    It is the normalised address, canonical as w3lib has it (query sorted, percent-encoding alike), without
    scheme, user, "www.", default port and last slash. What is no web address is its own key.
    """
    clean = normalise(url)
    if clean is None:
        return url.strip()
    plain = _PLAIN.fullmatch(clean) is not None
    parts = urlsplit(clean if plain else canonicalize_url(clean))
    pairs = parts.query.split("&")
    if plain and len(pairs) > 1:
        pairs.sort(key=lambda pair: pair.partition("="))
    host = (parts.hostname or "").rstrip(".")
    bare = host.removeprefix("www.")
    host = f"[{host}]" if ":" in host else bare if "." in bare else host
    port = "" if parts.port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{parts.port}"
    query = f"?{'&'.join(pairs)}" if parts.query else ""
    return f"{host}{port}{parts.path.rstrip('/') or '/'}{query}"


def variant_of(url: str) -> str | None:
    """The address of the plain page if this one is by its shape its AMP or print version, else `None`."""
    if not _VARIANT_HINT.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = _plain_path(parts.path)
    pairs = parts.query.split("&")
    kept = [pair for pair in pairs if not _VARIANT_QUERY.fullmatch(pair)]
    if len(kept) < len(pairs) and _BARE_TEMPLATE in kept:
        kept.remove(_BARE_TEMPLATE)
    netloc = parts.netloc.lower()
    bare = netloc.removeprefix("amp.")
    if bare != netloc and site_of(f"//{bare}") == site_of(f"//{netloc}"):
        netloc = bare
    plain = urlunsplit((parts.scheme, netloc, path, "&".join(kept), ""))
    changed = (path, len(kept), netloc) != (parts.path, len(pairs), parts.netloc.lower())
    return normalise(plain) if changed else None


def _plain_path(path: str) -> str:
    plain = _VARIANT_SUFFIX.sub("", _VARIANT_END.sub(r"\1", path))
    if plain in {"", "/"} and path.strip("/").lower() != "amp":  # a section of its own, such as "/print/"
        return path
    start = _VARIANT_START.match(plain)
    if start:
        rest = plain[start.end() :]
        parts = [part for part in unquote(rest).lower().split("/") if part]
        # "/print/123" names a print version by a number that the plain page's address need not have.
        told = parts and not parts[-1].isdigit() and _judge_path(unquote(rest), parts).kind is Kind.ARTICLE
        return rest if told else plain
    return plain or "/"


def judge(url: str) -> Verdict:
    """What an address is by its shape; that of an AMP or print version is judged by its plain page's."""
    try:
        split = urlsplit(variant_of(url) or url)
    except ValueError:
        return Verdict(Kind.SKIP, "no web address")
    path = unquote(split.path)
    parts = [part for part in path.lower().split("/") if part]
    query = {pair.partition("=")[0].lower(): pair.partition("=")[2] for pair in split.query.split("&")}
    if _FILES.search(path):
        return Verdict(Kind.SKIP, "a file, not a page")
    if _SKIPPED_PARTS.intersection(parts) or _SKIPPED_QUERY.intersection(query):
        return Verdict(Kind.SKIP, "a feed, an API, a form or an account page")
    refusal = _trap(path, parts, query) or _calendar(path.lower(), parts, query)
    if refusal:
        return Verdict(Kind.SKIP, refusal)
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


def _trap(path: str, parts: list[str], query: dict[str, str]) -> str | None:
    """Why an address leads nowhere, or to ever more of its own kind."""
    if len(parts) > MAX_PATH_PARTS:
        return f"more than {MAX_PATH_PARTS} parts in the path"
    if len(query) > MAX_QUERY_PAIRS:
        return f"more than {MAX_QUERY_PAIRS} names in the query"
    if _MISMADE.search(path):
        return "a link that a template or a script made wrongly"
    if len(parts) - len(set(parts)) >= _FEWEST_REPEATS - 1 and _repeats(parts):
        return "the path repeats itself"
    if any(_PRINT_PART.fullmatch(part) for part in parts) or "print" in query:
        return "a print version whose plain page is not told"
    return None


def _repeats(parts: list[str]) -> bool:
    """Whether a run of parts stands three times in a row, or one part too often."""
    if max(map(parts.count, parts)) > _MAX_SAME_PART:
        return True
    for length in range(1, len(parts) // _FEWEST_REPEATS + 1):
        for start in range(len(parts) - _FEWEST_REPEATS * length + 1):
            run = parts[start : start + length]
            if parts[start : start + _FEWEST_REPEATS * length] == run * _FEWEST_REPEATS:
                return True
    return False


def _calendar(path: str, parts: list[str], query: dict[str, str]) -> str | None:
    """Why an address is a view of a calendar, of which there is one for every day of all time."""
    named = any(
        part in _CALENDARS and (at == 0 or parts[at - 1] not in _SECTION_PARTS)
        for at, part in enumerate(parts)
    )
    if named or _CALENDAR_VIEW.search(path) or _CALENDAR_QUERY.intersection(query):
        return "a view of a calendar"
    by_month = any(query.get(name, "").isdigit() for name in _MONTHS)
    if by_month and any(query.get(name, "").isdigit() for name in _YEARS) and not _SECTION_PARTS & set(parts):
        return "a view of a calendar"
    years = _PATH_YEAR.findall(path) + [y for value in query.values() for y in _QUERY_YEAR.findall(value)]
    if years and max(map(int, years)) > datetime.now(UTC).year + _YEARS_AHEAD:
        return "a date in the far future"
    return None
