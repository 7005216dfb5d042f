"""What of a story survives rewording and translation: names and numbers, and where they stand.

A rewrite keeps hardly any sequence of words, a translation hardly any word. Both keep who, how much and when,
in the order of the original, and mostly how long each paragraph is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple

from cleaners.article import Article
from pipelines.reuse.days import calendar_words
from pipelines.reuse.shingles import words_of
from pipelines.reuse.sounds import sound_key

MAX_CHARACTERS: Final = 60_000
"""Characters of a story that are read for names and numbers; ten thousand words are more than any report."""

MAX_WORDS: Final = 50_000
"""Words whose sequences are compared, from the start: a book's."""

MAX_SENTENCES: Final = 400
"""Sentences that are aligned: 400 by 400 take a tenth of a second."""

STEM: Final = 5
"""Letters that a word keeps through most of its forms."""

SHORTEST_WORD: Final = 4
"""Letters of the shortest word that says more than grammar does."""

NAMES_AT_MOST: Final = 0.25
"""Share of capitalised words inside sentences above which capitals tell no names, as in German, where it is
0.3 to 0.4; in languages that write names alone so, newspapers stay below 0.2."""

SHORTEST_NAME: Final = 3
"""Letters of the shortest word that could be a name where capitals do not tell."""

_MARK: Final = r"(?![\w।॥])[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0dff]"
"""A sign on a letter that is none itself: accents, points, the vowels of the scripts of India."""

_LETTERS: Final = rf"[^\W\d_]+(?:(?:{_MARK})+[^\W\d_]*)*"
_MYRIADS: Final = re.compile("[万萬만億亿억兆조]")
_NUMBER: Final = (
    r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:,\d+)?|"  # thousands set apart by spaces, as in ISO 80000-1
    rf"\d+(?:{_MYRIADS.pattern}(?:\d,\d{{3}}|\d{{1,4}}))+|"  # 6万1500, by powers of ten thousand
    r"\d+(?:[.,:'’٫٬]\d+)*"
)

_TOKEN: Final = re.compile(
    rf"{_NUMBER}|[ァ-ヺー]{{3,}}|[\u2e80-\u9fff\u0e00-\u0e7f]|{_LETTERS}(?:[’'\-]{_LETTERS})*"
)
_UNSPACED: Final = re.compile(r"[\u2e80-\u9fff\u0e00-\u0e7f]")
_SENTENCE_END: Final = re.compile(
    r"(?<=[.!?…؟।۔])[\"'”»’)\]]{0,3}\s+(?=[\"'“«„‘(\[¿¡]{0,3}[^\W_a-zа-яёα-ω])|(?<=[。！？])[”」』）]{0,3}"
)
_POSSESSIVE: Final = re.compile(r"['’]s?$")


class AnchorKind(StrEnum):
    """What survives: a number, a name, or (within one language) a word."""

    NUMBER = "number"
    NAME = "name"
    WORD = "word"


class Anchor(NamedTuple):
    """Something that a sentence holds and that a sentence made from it should hold: `key` is its canonical
    form, a number's mantissa, a name's sound, a word's stem."""

    kind: AnchorKind
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is compared of an article: the paragraphs of its body, their language, and its date."""

    paragraphs: tuple[str, ...]
    language: str | None = None
    published: datetime | None = None

    @classmethod
    def of(cls, article: Article) -> Story:
        """The story that an article tells."""
        return cls(
            paragraphs=tuple(article.text.split("\n\n")),
            language=article.language,
            published=article.published or article.fetched_at,
        )


@dataclass(frozen=True)
class Reading:
    """A story, read once for all comparisons.

    `words` are its words, `sentences` its sentences, `tokens` the words and numbers of each of them,
    `lengths` the paragraphs' characters. `names` are the anchors of those tokens that are names.
    `tells_names` is false where the script or the language writes names like other words; every word that
    could be one is then a name too.
    """

    story: Story
    language: str
    words: tuple[str, ...]
    sentences: tuple[str, ...]
    tokens: tuple[tuple[str, ...], ...]
    names: Mapping[str, Anchor]
    lengths: tuple[int, ...]
    tells_names: bool

    @property
    def published(self) -> datetime | None:
        """When the story was published; a time without a zone is taken as UTC, as the database does."""
        published = self.story.published
        return published.replace(tzinfo=UTC) if published and published.tzinfo is None else published

    @cached_property
    def facts(self) -> tuple[tuple[Anchor, ...], ...]:
        """The names and numbers of each sentence."""
        return tuple(
            tuple(anchor for token in row if (anchor := _fact(token, self.names)) is not None)
            for row in self.tokens
        )

    @cached_property
    def anchors(self) -> tuple[tuple[Anchor, ...], ...]:
        """The names, numbers and words of each sentence."""
        return tuple(tuple(anchor for anchor, _ in row) for row in self._written)

    @cached_property
    def surface(self) -> Mapping[Anchor, str]:
        """How the text first writes each anchor."""
        surface: dict[Anchor, str] = {}
        for row in self._written:
            for anchor, token in row:
                surface.setdefault(anchor, token)
        return surface

    @cached_property
    def _written(self) -> list[list[tuple[Anchor, str]]]:
        rows = []
        for row in self.tokens:
            found = []
            for token, following in zip(row, (*row[1:], ""), strict=False):
                fact = _fact(token, self.names)
                if fact is not None:
                    found.append((fact, token))
                word = _word(token, following) if fact is None or not self.tells_names else None
                if word is not None:
                    found.append((word, token))
            rows.append(found)
        return rows


def read(story: Story) -> Reading:
    """Read a story for names, numbers and words."""
    language = (story.language or "").partition("-")[0].lower()
    paragraphs = _bounded(story.paragraphs)
    sentences = [sentence for text in paragraphs for sentence in split_sentences(text)][:MAX_SENTENCES]
    tokens = [tuple(_TOKEN.findall(sentence)) for sentence in sentences]
    names, tells_names = _names(tokens, sentences, language)
    keys = {name: sound_key(_POSSESSIVE.sub("", name)) for name in sorted(names)}
    return Reading(
        story,
        language,
        tuple(words_of("\n".join(story.paragraphs))[:MAX_WORDS]),
        tuple(sentences),
        tuple(tokens),
        {name: Anchor(AnchorKind.NAME, key) for name, key in keys.items() if len(key) > 1},
        tuple(map(len, paragraphs)),
        tells_names,
    )


def split_sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph, as well as punctuation and capitals tell."""
    return [sentence.strip() for sentence in _SENTENCE_END.split(paragraph) if sentence.strip()]


def mantissa(written: str) -> str:
    """The digits of a number without separators, and without zeros around them.

    "40,000", "40 000" and "40 thousand" have one mantissa, and so have "386 million" and "3.86亿", and
    "61,500" and "6万1500".
    """
    first, *others = _MYRIADS.split(written)
    digits = _digits(first) + "".join(_digits(part).zfill(4) for part in others)
    return digits.strip("0") or "0"


def _digits(written: str) -> str:
    return "".join(str(int(character)) for character in written if character.isdecimal())


def _bounded(paragraphs: Sequence[str]) -> list[str]:
    left, bounded = MAX_CHARACTERS, []
    for paragraph in paragraphs:
        if left <= 0:
            break
        bounded.append(paragraph[:left])
        left -= len(paragraph)
    return bounded


def _capitalised(tokens: Sequence[Sequence[str]], sentences: Sequence[str]) -> list[list[str]]:
    """The capitalised words inside each sentence; none of headings, which may capitalise all words."""
    return [
        []
        if _is_heading(sentence, row)
        else [token for token in row[1:] if token[:1].isupper() and len(token) > 1]
        for sentence, row in zip(sentences, tokens, strict=True)
    ]


def _is_heading(sentence: str, row: Sequence[str]) -> bool:
    capitals = sum(token[:1].isupper() for token in row)
    return sentence[-1:].isalnum() and capitals * 2 > len(row)


def _names(tokens: Sequence[Sequence[str]], sentences: Sequence[str], language: str) -> tuple[set[str], bool]:
    """The tokens that are names, and whether names are told from other words."""
    capitalised = _capitalised(tokens, sentences)
    tells = 0 < sum(map(len, capitalised)) <= NAMES_AT_MOST * sum(map(len, tokens))
    lower = {token for row in tokens for token in row if token.islower()} | calendar_words(language)
    names = {name for row in capitalised for name in row if name.lower() not in lower}
    if not tells:
        names |= {token for row in tokens for token in row if _may_be_name(token)}
    return names, tells


def _may_be_name(token: str) -> bool:
    """Whether a word of a script without capitals, or in katakana, could be a name."""
    return token[0].isalpha() and token.lower() == token.upper() and len(token) >= SHORTEST_NAME


def _fact(token: str, names: Mapping[str, Anchor]) -> Anchor | None:
    return Anchor(AnchorKind.NUMBER, mantissa(token)) if token[0].isdecimal() else names.get(token)


def _word(token: str, following: str) -> Anchor | None:
    if token[0].isdecimal():
        return None
    if _UNSPACED.match(token):
        return Anchor(AnchorKind.WORD, token + following) if _UNSPACED.match(following) else None
    return Anchor(AnchorKind.WORD, token.lower()[:STEM]) if len(token) >= SHORTEST_WORD else None
