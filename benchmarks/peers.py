"""The peers: other extractors, each called as its documentation recommends.

They are the extra `bench`, imported when they run. All get a page's decoded text and its address, none
may fetch anything. A peer that gives HTML has its text taken from that, block by block.
"""

from __future__ import annotations

import functools
import logging
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Final

from benchmarks.languages import declared_language
from cleaners.parse import parse_html

Extract = Callable[[str, str | None], str]
"""From a page's HTML and its address, if known, to the text that a peer extracts."""

NO_ADDRESS: Final = "https://unknown.example/"
"""Given to peers that ask for an address where a page has none."""


_INLINE: Final = """
a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q s samp small span
strike strong sub sup time tt u var wbr
"""
INLINE_TAGS: Final = frozenset(_INLINE.split())
"""Elements that part no words."""


@dataclass(frozen=True, slots=True)
class Peer:
    """An extractor: its name here, the package it comes in, and how it is made ready.

    `load` raises `ImportError` where the package is missing; `note` says where it can be installed.
    """

    name: str
    package: str
    load: Callable[[], Extract]
    note: str = ""


def _trafilatura(*, favor_precision: bool = False, favor_recall: bool = False) -> Extract:
    import trafilatura

    def extract(html: str, url: str | None) -> str:
        text = trafilatura.extract(html, url=url, favor_precision=favor_precision, favor_recall=favor_recall)
        return text or ""

    return extract


def _rs_trafilatura() -> Extract:
    import rs_trafilatura

    return lambda html, url: rs_trafilatura.extract(html, url=url).main_content or ""


def _resiliparse() -> Extract:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda html, _: extract_plain_text(html, main_content=True)


def _readability() -> Extract:
    from readability import Document

    return lambda html, url: text_of_markup(Document(html, url=url).summary())


def _newspaper() -> Extract:
    import newspaper

    return lambda html, url: newspaper.article(url or NO_ADDRESS, input_html=html, fetch_images=False).text


def _justext() -> Extract:
    import justext

    def extract(html: str, _: str | None) -> str:
        language = declared_language(html) or "en"
        if language in NO_STOPLIST:  # its documented way to work without a language
            paragraphs = justext.justext(html, frozenset(), stopwords_low=0, stopwords_high=0)
        else:
            paragraphs = justext.justext(html, _stoplist(STOPLISTS.get(language, "English")))
        return "\n".join(p.text for p in paragraphs if not p.is_boilerplate)

    return extract


@functools.cache
def _stoplist(name: str) -> frozenset[str]:
    import justext

    return frozenset(justext.get_stoplist(name))


NO_STOPLIST: Final = frozenset({"ja", "th", "zh"})
"""Languages that jusText has no words of, and whose letters are in no list it has."""

STOPLISTS: Final = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ko": "Korean",
    "lt": "Lithuanian",
    "nb": "Norwegian_Bokmal",
    "nl": "Dutch",
    "no": "Norwegian_Bokmal",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
}
"""jusText's name for the stop words of a language."""


def _goose() -> Extract:
    from goose3 import Goose

    goose = Goose({"enable_image_fetching": False})
    return lambda html, _: goose.extract(raw_html=html).cleaned_text or ""


def _boilerpy() -> Extract:
    from boilerpy3.extractors import ArticleExtractor

    extractor = ArticleExtractor()
    return lambda html, _: extractor.get_content(html)


def _magic_html() -> Extract:
    from magic_html import GeneralExtractor

    extractor = GeneralExtractor()
    return lambda html, url: text_of_markup(extractor.extract(html, base_url=url or "").get("html") or "")


PEERS: Final = (
    Peer("trafilatura", "trafilatura", _trafilatura),
    Peer("trafilatura-precision", "trafilatura", functools.partial(_trafilatura, favor_precision=True)),
    Peer("trafilatura-recall", "trafilatura", functools.partial(_trafilatura, favor_recall=True)),
    Peer(
        "rs-trafilatura",
        "rs-trafilatura",
        _rs_trafilatura,
        "its only wheel is for CPython 3.12 on Linux x86-64; elsewhere pip builds it with a Rust toolchain",
    ),
    Peer("resiliparse", "resiliparse", _resiliparse),
    Peer("readability-lxml", "readability-lxml", _readability),
    Peer("newspaper4k", "newspaper4k", _newspaper),
    Peer("justext", "justext", _justext),
    Peer("goose3", "goose3", _goose),
    Peer("boilerpy3", "boilerpy3", _boilerpy),
    Peer("magic-html", "magic-html", _magic_html, "it needs Python 3.12 or newer"),
)
"""All peers, in the order of the tables."""


def choose(names: str | None) -> tuple[Peer, ...]:
    """The peers of a comma-separated list; all for `None`, none for "none".

    Raises `ValueError` for a name that no peer has.
    """
    if names is None:
        return PEERS
    wanted = {name.strip() for name in names.split(",")} - {"", "none"}
    if unknown := wanted - {peer.name for peer in PEERS}:
        known = ", ".join(peer.name for peer in PEERS)
        raise ValueError(f"no peer is called {', '.join(sorted(unknown))}; there are {known}")
    return tuple(peer for peer in PEERS if peer.name in wanted)


def load(peers: Sequence[Peer]) -> tuple[dict[str, Extract], dict[str, str]]:
    """The peers that are installed, ready to run, and why each of the others is not there.

    Their log lines and warnings are switched off for the rest of the process: tables are printed.
    """
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    ready: dict[str, Extract] = {}
    missing: dict[str, str] = {}
    for peer in peers:
        try:
            ready[peer.name] = peer.load()
        except ImportError:
            missing[peer.name] = f"not installed ({peer.note})" if peer.note else "not installed"
    return ready, missing


def versions(peers: Iterable[Peer]) -> dict[str, str]:
    """The installed version of each package."""
    return {peer.package: metadata.version(peer.package) for peer in peers}


def text_of_markup(markup: str) -> str:
    """The text of a piece of HTML, block elements parted by line breaks."""
    root = parse_html(markup)
    if root is None:
        return ""
    for element in root.iter():
        if element.tag in ("script", "style"):
            element.text = None
        elif element.tag not in INLINE_TAGS:
            element.text = f"\n{element.text or ''}"
            element.tail = f"\n{element.tail or ''}"
    return "".join(map(str, root.itertext()))
