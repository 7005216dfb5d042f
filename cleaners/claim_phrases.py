"""The wording of attribution lines in ten languages: what says "first published at", and what ends a name.

These are patterns rather than lexicon phrases, since the words around them vary by gender and order, and
since what matters is where they end: the outlet's name follows.
"""

from __future__ import annotations

import itertools
import re
from typing import Final

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

FIRST: Final = re.compile(
    rf"(?<!\w)(?:{'|'.join(itertools.chain.from_iterable(_FIRST_AT.values()))})(?!\w)[\s:]*", re.IGNORECASE
)
LABEL: Final = re.compile(rf"(?<!\w)(?:{_SOURCE})\s?[:：]\s*", re.IGNORECASE)
BARE_LABEL: Final = re.compile(rf"\W*(?:{_SOURCE})\W*", re.IGNORECASE)
VIA: Final = re.compile(r"\((?:via|h/t)\s+", re.IGNORECASE)
BIBLIOGRAPHY: Final = re.compile(r"\b(?:doi|isbn|issn)\b", re.IGNORECASE)
AGENCIES: Final = re.compile(r"[(\[]?[A-ZА-ЯҐЄІЇ]{2,5}(?:\s?/\s?[A-Za-zА-Яа-я]{2,6}){0,3}[)\]]?")
"""A line of nothing but agency signs: "AFP", "(APA/dpa)"."""

NAME_END: Final = re.compile(
    r"\.(?=\s)(?<!\b\w\.)|[;|\n]|,\s|\s[–—-]\s|[)\]]"
    r"|\s(?:under|unter|sous|bajo|con licencia|sob|onder|with permission|and is|by|par|von|por|di)\s"
    r"|\s(?:on|am|le|el|il|em|op|dnia)\s(?=\d|[A-Z][a-z]{2,8}\s\d)",
    re.IGNORECASE,
)
ARTICLE: Final = re.compile(r"(?:the|der|die|das|dem|den|le|la|les|el|il|lo|o|de|het)\s+", re.IGNORECASE)
QUOTES: Final = " \t\"'“”„«»‘’‚.,:*()[]"
