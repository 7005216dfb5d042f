"""What the ids of the web's common services look like in markup, service by service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cleaners.article import Fingerprint

_BEFORE: Final = frozenset("'\"`=/")
_AFTER: Final = frozenset("'\"`&/?#|\\")
_COUNTING: Final = "12345678901234567890"


def is_sample(value: str) -> bool:
    """Whether an id is one that manuals print in the place of one's own: all alike, or counting."""
    tail = (value.partition("-")[2] or value).partition("-")[0]
    return len(set(tail)) == 1 or _COUNTING.startswith(tail)


@dataclass(frozen=True, slots=True)
class Sign:
    """How the ids of one service look.

    Each group of `pattern` is an id of the kind with its number. An id that is told by nothing but its own
    form must stand `alone`.
    """

    pattern: re.Pattern[str]
    kinds: tuple[str, ...]
    alone: bool = False

    def find(self, code: str) -> Iterator[Fingerprint]:
        """The ids in `code`: attributes and scripts, with quotes around each."""
        for match in self.pattern.finditer(code):
            if self.alone and not _stands_alone(code, match):
                continue
            for kind, value in zip(self.kinds, match.groups(), strict=True):
                if not is_sample(value):
                    yield Fingerprint(kind, value)


def _stands_alone(code: str, match: re.Match[str]) -> bool:
    return code[match.start() - 1] in _BEFORE and code[match.end() : match.end() + 1] in _AFTER


def _form(pattern: str, *kinds: str) -> Sign:
    return Sign(re.compile(pattern, re.ASCII), kinds, alone=True)


def _call(pattern: str, kind: str) -> Sign:
    return Sign(re.compile(pattern, re.ASCII), (kind,))


_SERVER: Final = r"//((?:[\w-]{1,63}\.){1,5}\w{2,24}/(?:[\w-]{1,40}/){0,5})"
_YANDEX: Final = "yandex-metrica"

SIGNS: Final = {
    "pub-": (_form(r"(?:ca-(?:mb-|video-|games-)?)?(pub-\d{16})", "adsense"),),
    "UA-": (_form(r"((UA-\d{4,10})-\d{1,4})", "google-analytics-property", "google-analytics"),),
    "GTM-": (_form(r"(GTM-[A-Z0-9]{4,9})", "google-tag-manager"),),
    "gtag": (
        _form(r"(G-[A-Z0-9]{8,12})", "google-analytics-4"),
        _form(r"(AW-\d{9,11})", "google-ads"),
    ),
    "yandex": (
        _call(r"ym\(\s{0,9}(\d{5,10})\s{0,9},", _YANDEX),
        _call(r"Metrika2?\(\s{0,9}\{\s{0,9}id\s{0,9}:\s{0,9}(\d{5,10})\b", _YANDEX),
        _call(r"mc\.yandex\.\w{2,3}/watch/(\d{5,10})\b", _YANDEX),
    ),
    "facebook": (
        _call(r"""fbq\(\s{0,9}['"]init['"]\s{0,9},\s{0,9}['"](\d{14,17})['"]""", "facebook-pixel"),
        _call(r"facebook\.com/tr\?id=(\d{14,17})\b", "facebook-pixel"),
        _call(r"""appId['"]?\s{0,9}:\s{0,9}['"](\d{14,17})['"]""", "facebook-app"),
        _call(r"appId=(\d{14,17})\b", "facebook-app"),
    ),
    # The server that a site reports to: its own, or that of whoever watches over it.
    "matomo.": (_call(_SERVER + r"matomo\.(?:js|php)\b", "matomo"),),
    "piwik.": (_call(_SERVER + r"piwik\.(?:js|php)\b", "matomo"),),
    "setTrackerUrl": (_call(rf"""var u\s{{0,9}}=[^;'"]{{0,80}}['"](?:https?:)?{_SERVER}['"]""", "matomo"),),
    "taboola.com/libtrc/": (_call(r"taboola\.com/libtrc/([\w-]{2,60})/loader\.js", "taboola"),),
    "jsc.mgid.com/": (
        _call(r"jsc\.mgid\.com/(?:[\w-]{1,10}/){1,3}(?:[\w-]{1,63}\.){0,5}(\d{3,9})\.js", "mgid"),
    ),
    "clarity": (
        _call(r"clarity\.ms/tag/([a-z0-9]{8,12})\b", "clarity"),
        _call(r"""['"]clarity['"],\s{0,9}['"]script['"],\s{0,9}['"]([a-z0-9]{8,12})['"]""", "clarity"),
    ),
}
"""Signs in attributes and inline scripts, by a text that a page with such ids always has in them: to look for
that is far cheaper than to match."""

META_SIGNS: Final = {
    "generator": ("generator", re.compile(r".{1,200}")),
    "fb:app_id": ("facebook-app", re.compile(r"\d{9,17}", re.ASCII)),
    "google-site-verification": ("google-site-verification", re.compile(r"[\w-]{20,80}", re.ASCII)),
    "msvalidate.01": ("bing-site-verification", re.compile(r"[0-9A-Fa-f]{32}")),
    "yandex-verification": ("yandex-verification", re.compile(r"[0-9a-f]{10,40}")),
    "facebook-domain-verification": ("facebook-domain-verification", re.compile(r"[a-z0-9]{20,40}")),
    "p:domain_verify": ("pinterest-verification", re.compile(r"[0-9a-f]{32}")),
}
"""Signs in meta elements by their lower-case names; a value must match as a whole."""

PARTS: Final = re.compile(r"/wp-content/(theme|plugin)s/([A-Za-z0-9][\w.-]{0,80})/", re.ASCII)
"""Where WordPress keeps the files of themes and plugins."""
