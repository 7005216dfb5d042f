"""jusText's classification, run on our own blocks, as one signal.

Method: J. Pomikálek, "Removing Boilerplate and Duplicate Content from Web Corpora", 2011. Only its two
functions and stop lists are used; its parser would read the page a second time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from justext import get_stoplist
from justext.core import classify_paragraphs, revise_paragraph_classification

from cleaners.classifier import Document
from cleaners.segment import HEADING_TAGS, Segments

_STOPLIST_NAMES: Final = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "pl": "Polish", "it": "Italian",
    "pt": "Portuguese", "nl": "Dutch", "ru": "Russian", "uk": "Ukrainian", "cs": "Czech", "sv": "Swedish",
    "no": "Norwegian_Bokmal", "nb": "Norwegian_Bokmal", "da": "Danish", "fi": "Finnish", "tr": "Turkish",
    "ro": "Romanian", "hu": "Hungarian", "el": "Greek", "ar": "Arabic", "hi": "Hindi", "id": "Indonesian",
    "vi": "Vietnamese", "bg": "Bulgarian", "hr": "Croatian", "sr": "Serbian", "sk": "Slovak",
    "sl": "Slovenian", "ca": "Catalan", "et": "Estonian", "lv": "Latvian", "lt": "Lithuanian",
}  # fmt: skip


MAX_JUSTEXT_BLOCKS: Final = 3_000
"""jusText looks at the neighbours of each short block, which is quadratic on a page of short blocks only;
the largest benchmark page has 2,641 blocks."""


class _Paragraph:
    """A block as jusText's two functions see a paragraph."""

    __slots__ = (
        "cf_class",
        "chars_count_in_links",
        "class_type",
        "dom_path",
        "heading",
        "is_heading",
        "text",
    )

    def __init__(self, text: str, link_chars: int, tag: str) -> None:
        self.text = text
        self.chars_count_in_links = link_chars
        self.dom_path = tag
        self.is_heading = tag in HEADING_TAGS
        self.heading = False
        self.cf_class = ""
        self.class_type = ""

    def __len__(self) -> int:
        return len(self.text)

    def stopwords_density(self, stoplist: frozenset[str]) -> float:
        words = self.text.lower().split()
        return sum(word in stoplist for word in words) / len(words) if words else 0.0

    def links_density(self) -> float:
        return self.chars_count_in_links / len(self.text) if self.text else 0.0


def justext_good(document: Document, prose: list[bool]) -> list[bool]:
    """Whether jusText takes each block for main content.

    Where it has no stop list for the page's language, or the page is huge, `prose` is the answer.
    """
    stoplist = _stoplist(document.language)
    if stoplist is None or len(prose) > MAX_JUSTEXT_BLOCKS:
        return list(prose)
    paragraphs = _paragraphs(document.segments)
    classify_paragraphs(paragraphs, stoplist)
    revise_paragraph_classification(paragraphs)
    return [paragraph.class_type == "good" for paragraph in paragraphs]


def _paragraphs(segments: Segments) -> list[_Paragraph]:
    return [
        _Paragraph(text, chars, segments.nodes.tag[node])
        for text, chars, node in zip(segments.text, segments.link_chars, segments.node, strict=True)
    ]


@lru_cache(maxsize=64)
def _stoplist(language: str | None) -> frozenset[str] | None:
    name = _STOPLIST_NAMES.get((language or "")[:2].lower())
    return frozenset(word.lower() for word in get_stoplist(name)) if name else None
