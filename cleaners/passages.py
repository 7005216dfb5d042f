"""The texts of an article as they are counted over a site: alike in every letter, or another text."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleaners.article import KEPT_TYPES, Article, Block, BlockType
from cleaners.counting import count_spaced, count_units

MIN_WORDS: Final = 8
"""Words of a text that is counted. Shorter ones recur for good reason: answers, names of speakers, headings,
ingredients."""

_STEM: Final = 6  # letters that tell a word: "Ukraine" and "Ukrainian" are one subject, in any language
_MIN_LETTERS: Final = 4  # shorter words are articles, prepositions, auxiliaries in most languages
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_UNSPACED: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")

_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")

WordSet = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of a page: its key, and what the cleaner calls it."""

    key: int
    type: BlockType


def text_key(text: str) -> int:
    """A text as a signed number of 64 bits; case, width and white space make no other text.

    Figures do: "rose by 3 %" and "rose by 4 %" are news, each of its day.
    """
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return _number(folded)


def page_key(article: Article) -> int:
    """A page as a number, by its address, or by its text where it has none."""
    return page_number(article.url, article.title, article.text)


def page_number(url: str | None, title: str | None, text: str) -> int:
    """The same of what is known of a page."""
    return _number(url or f"{title}\n{text}")


def _number(text: str) -> int:
    if "\0" in text or not text.isascii():
        text = _UNSTORABLE.sub("\ufffd", text)  # a text is the same before and after it was stored
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def is_long(text: str) -> bool:
    """Whether a text has the words that it takes to be counted."""
    return count_units(text, count_spaced(text)) >= MIN_WORDS


def is_counted(block: Block) -> bool:
    """Whether a block is counted: body or boilerplate. Titles, bylines and captions recur for good reason."""
    return (block.type is BlockType.BODY or block.type not in KEPT_TYPES) and is_long(block.text)


def passages_of(blocks: Iterable[Block]) -> list[Passage]:
    """The texts of a page that are counted, each once; where the cleaner calls one of them body and
    something else, body."""
    found: dict[int, Passage] = {}
    for block in blocks:
        if is_counted(block):
            key = text_key(block.text)
            if key not in found or block.type is BlockType.BODY:
                found[key] = Passage(key, block.type)
    return list(found.values())


def subject_words(*texts: str) -> WordSet:
    """The words that tell what texts are about, as sorted numbers; letters by twos in scripts without spaces.

    Only the beginnings of words count, so that their endings do not part them.
    """
    words: set[str] = set()
    for text in texts:
        for run in _LETTERS.findall(unicodedata.normalize("NFKC", text).casefold()):
            if _UNSPACED.match(run):
                words.update(run[place : place + 2] for place in range(len(run) - 1))
            elif len(run) >= _MIN_LETTERS:
                words.add(run[:_STEM])
    return np.array(sorted({zlib.crc32(word.encode("utf-8", "replace")) for word in words}), np.uint32)
