"""Files that tell of a site as a whole and of no page of it: `ads.txt`, and the favicon."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import mmh3

from cleaners.adstxt import parse_ads_txt
from cleaners.article import Fingerprint

MAX_ICON_BYTES: Final = 200_000
"""Bytes of a favicon; most have less than 20,000."""

_IMAGE: Final = re.compile(
    rb"\x89PNG\r\n\x1a\n|GIF8[79]a|\xff\xd8\xff|\x00\x00[\x01\x02]\x00[\x01-\xff]|RIFF....WEBP|BM|"
    rb"....ftypavi[fs]|\s{0,99}(?:<\?xml[^>]{0,200}>)?(?:\s{0,99}<!--(?:(?!-->).){0,1000}-->){0,3}\s{0,99}<svg[\s>]",
    re.DOTALL | re.IGNORECASE,
)
"""How images begin, those kinds that browsers take for favicons."""


class SiteFileKind(StrEnum):
    """Which file of a site."""

    ADS_TXT = "ads.txt"
    FAVICON = "favicon"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFile:
    """A file of a site, as it was when it was asked for, and what it tells; no signs where there is none.

    `site` is the registrable domain, `url` where the file was, behind redirects.
    """

    site: str
    kind: SiteFileKind
    url: str
    fetched_at: datetime
    status: int
    signs: tuple[Fingerprint, ...] = ()


def signs_in(kind: SiteFileKind, body: bytes) -> tuple[Fingerprint, ...]:
    """What a file tells; nothing where the body is no such file, a page of the site for one."""
    if kind is SiteFileKind.ADS_TXT:
        parsed = parse_ads_txt(body)
        return parsed.signs if parsed else ()
    return icon_signs(body)


def icon_signs(body: bytes) -> tuple[Fingerprint, ...]:
    """The hashes of an image: SHA-256, and the one that search engines of hosts (Shodan, Censys, FOFA) index.

    That is MurmurHash3 (x86, 32 bits, signed) of the image in base64 with line breaks, as Python's
    `base64.encodebytes` writes it.
    """
    if len(body) > MAX_ICON_BYTES or not _IMAGE.match(body):
        return ()
    indexed = mmh3.hash(base64.encodebytes(body))
    return (
        Fingerprint("favicon", hashlib.sha256(body).hexdigest()),
        Fingerprint("favicon-mmh3", str(indexed)),
    )
