"""Addresses: which site one belongs to, which domain a phrase names, how a link is completed.

A site is a registrable domain by the public suffix list that publicsuffixlist carries with it, its private
section included (two blogs under one host of blogs are two sites). The list is never fetched.
"""

from __future__ import annotations

import functools
import ipaddress
import re
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from publicsuffixlist import PublicSuffixList

MAX_URL_LENGTH: Final = 8_000
"""Characters; longer addresses are data in disguise and count as none."""

MAX_PHRASE_LENGTH: Final = 2_000
"""Characters of a phrase that `domain_in` looks at."""

RESERVED_TLDS: Final = frozenset({"example", "invalid", "localhost", "test"})
"""Top-level names that RFC 2606 sets aside; no suffix list holds them, examples and tests need them."""

_WEB_SCHEMES: Final = frozenset({"http", "https"})
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:(?!\d)")
_HOST: Final = re.compile(r"[^\W_](?:[\w.-]{0,251}[^\W_])?\.?")

_USUAL: Final = re.compile(
    r"(?:(https?)://([A-Za-z0-9._:@-]*)(?=[/?#]|\Z)|(?=/(?!/)))((?:/[^?#\t\r\n]*)?)(?:[?#]|\Z)"
)
"""An address on the web, or a path from a site's root: scheme, host and path."""

_NAMED: Final = re.compile(
    r"(?<![\w@.-])(?P<lead>https?://(?:www\.)?|www\.)?"
    r"(?P<host>[^\W_][\w-]{0,62}(?:\.[^\W_][\w-]{0,62}){1,5})(?P<after>[/@]?)",
    re.IGNORECASE,
)
# These suffixes are top-level domains as well, but on a bare two-part name a file is far likelier.
_FILE_SUFFIXES: Final = frozenset({"mov", "py", "sh", "zip"})
# Here the country is as likely as the file, so the file needs a name that only files have.
_SHARED_SUFFIXES: Final = frozenset({"md", "pl", "rs", "ps"})
_FILE_STEMS: Final = frozenset(
    {"changelog", "contributing", "index", "lib", "license", "main", "mod", "readme"}
)
_SHORT_NAME_SUFFIXES: Final = frozenset({"co", "com", "net", "org"})


@functools.cache
def _suffixes(*, private: bool = True) -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, only_icann=not private)


def _is_private(suffix: str) -> bool:
    """Whether a suffix is a company's, such as a host of blogs, rather than a registry's."""
    return bool(_suffixes(private=False).publicsuffix(suffix) != suffix)


def site_of(url: str | None) -> str | None:
    """The registrable domain of an address ("https://edition.cnn.com/x" gives "cnn.com").

    IP addresses and names of one part give the host; names under a reserved or unknown top level
    their last two parts. International names come back in ASCII (`xn--`). An address without scheme
    counts when its host has a known suffix. `None` for everything that is no web address.
    """
    return _site_of(url) if url and len(url) <= MAX_URL_LENGTH else None


@functools.lru_cache(maxsize=64)  # a page asks for the same few again and again
def _site_of(url: str) -> str | None:
    url = url.strip()
    schemed = _SCHEME.match(url) is not None
    try:
        parts = urlsplit(url if schemed or url.startswith("//") else f"//{url}")
        host = parts.hostname
    except ValueError:
        return None
    if not host or (schemed and parts.scheme not in _WEB_SCHEMES):
        return None
    return _site_of_host(host, trusted=schemed)


@functools.lru_cache(maxsize=1024)
def _site_of_host(host: str, *, trusted: bool) -> str | None:
    if _is_ip(host):
        return host
    if not _HOST.fullmatch(host) or ".." in host:
        return None
    host = _ascii(host.rstrip("."))
    labels = host.split(".")
    if labels[-1] in RESERVED_TLDS:
        return ".".join(labels[-2:])
    site = _suffixes().privatesuffix(host)
    if site and not (site.startswith("www.") and _is_private(site.removeprefix("www."))):
        return site
    suffix = _suffixes().publicsuffix(host)
    if suffix and len(labels) > 1:  # the host is itself a private suffix, such as a host of blogs
        return suffix if _is_private(suffix) else None
    return ".".join(labels[-2:]) if trusted else None


def domain_label(url: str | None) -> str | None:
    """The part of an address's site that names its owner ("https://www.bbc.co.uk" gives "bbc")."""
    site = site_of(url)
    return None if site is None else _label_of(site)


@functools.lru_cache(maxsize=256)
def _label_of(site: str) -> str:
    return site if _is_ip(site) else site.partition(".")[0]


def domain_in(text: str) -> str | None:
    """The first domain that a phrase names, as a site ("appeared first on cnn.com" gives "cnn.com").

    The name needs a known suffix (or `.example`). File names, mail addresses and sentences that
    lack a space after their full stop ("the end.In June") are passed over.
    """
    for match in _NAMED.finditer(text[:MAX_PHRASE_LENGTH]):
        host, marked = match["host"], bool(match["lead"]) or match["after"] == "/"
        if match["after"] == "@" or not (marked or _looks_like_domain(host)):
            continue
        if host.lower().endswith((".test", ".localhost", ".invalid")) and not marked:
            continue
        site = _site_of_host(host.lower(), trusted=False)
        if site and "." in site:
            return site
    return None


def _looks_like_domain(host: str) -> bool:
    labels = host.split(".")
    name, suffix = labels[-2], labels[-1]
    known = suffix.lower() in _SHORT_NAME_SUFFIXES
    if suffix.istitle() and not known:  # the first word of the next sentence
        return False
    if (len(name) == 1 or name.isdigit()) and not known:  # "3.am", abbreviations
        return False
    if len(labels) > 2:
        return True
    if suffix.lower() in _FILE_SUFFIXES:
        return False
    return not (suffix.lower() in _SHARED_SUFFIXES and name.lower() in _FILE_STEMS)


class UrlParts(NamedTuple):
    """Parts of an address, empty where it has none."""

    scheme: str = ""
    host: str = ""
    path: str = ""


def parts_of(url: str | None) -> UrlParts:
    """The parts of an address, absolute or not; all empty where it is none ("http://[").

    The usual forms are told by one pattern, four times as fast as the general way.
    """
    usual = _USUAL.match(url) if url else None
    if usual:
        return UrlParts._make(usual.groups(""))
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return UrlParts()
    return UrlParts(parts.scheme, parts.netloc, parts.path)


def absolute(url: str | None, base: str | None) -> str | None:
    """`url` completed with `base`, or `None` when that gives no web address."""
    url = (url or "").strip()
    if not url or len(url) > MAX_URL_LENGTH:
        return None
    try:
        joined = urljoin((base or "").strip(), url)
        parts = urlsplit(joined)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in _WEB_SCHEMES or not host or any(c.isspace() for c in parts.netloc):
        return None
    return joined


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.lower()
