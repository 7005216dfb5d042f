"""Text as a sequence of words, the way in which phrases are written and found."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_PHRASE_TOKENS: Final = 7
"""The longest phrase allowed in the data."""

MAX_UNSPACED_TOKENS: Final = 16
"""The same for phrases with characters of the scripts that write no spaces: each of these is a token."""

_HAN: Final = (
    "\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_KANA: Final = (
    "\u3031-\u3035\u303c\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
)
_UNSPACED: Final = _HAN + _KANA
_DEVANAGARI_SIGNS: Final = "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"

_ASCII_TOKEN: Final = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")
_ASCII_WORDS: Final = "".join(chr(code) if chr(code).isalnum() else " " for code in range(128))
_TOKEN: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_LETTERS: Final = rf"[^\W_{_UNSPACED}]+(?:[{_DEVANAGARI_SIGNS}]+[^\W_{_UNSPACED}]*)*"
_ANY_TOKEN: Final = re.compile(rf"[{_UNSPACED}]|{_LETTERS}(?:'{_LETTERS})*")
"""A character of a script without spaces, or a word. In Devanagari vowels are signs on a consonant, which
regular expressions do not count as letters."""

_NEEDS_CARE: Final = re.compile(
    "[\u0591-\u0670\u0900-\u0963\u3005-\u30ff\u31f0-\u9fff\uf900-\ufaff\uff66-\U0003ffff]"
)
"""A quick look for the scripts that the plain pattern does not read."""

_HAS_UNSPACED: Final = re.compile(f"[{_UNSPACED}]")
_OPTIONAL: Final = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u0652\u0670]|(?<=\u094d)[\u200c\u200d]"
)
"""What may be written or left out within a word: points of Hebrew, vowel marks and stretching of Arabic,
joiners of Devanagari."""

_APOSTROPHES: Final = "\u2018\u2019\u02bc\u2032\uff07\u0060\u00b4"
_SOFT_HYPHEN: Final = "\u00ad"
_CAPITAL_DOTTED_I: Final = "\u0130"
"""Turkish; Python's lower case of it is two characters, of which the second would end the word."""


def tokenize(text: str) -> list[str]:
    """The words of `text` as the phrases write them: lower case, composed, with plain apostrophes.

    Han characters and kana are tokens of their own, since no spaces part words there. Vowel points of
    Hebrew and Arabic, which few texts write, are left out.
    """
    if text.isascii():
        text = text.lower()
        return _ASCII_TOKEN.findall(text) if "'" in text else text.translate(_ASCII_WORDS).split()
    text = unicodedata.normalize("NFC", text.replace(_SOFT_HYPHEN, ""))
    for apostrophe in _APOSTROPHES:
        text = text.replace(apostrophe, "'")
    text = text.replace(_CAPITAL_DOTTED_I, "i").lower()
    if _NEEDS_CARE.search(text) is None:
        return _TOKEN.findall(text)
    return _ANY_TOKEN.findall(_OPTIONAL.sub("", text))


def first_token(phrase: str) -> str:
    """The first token of a phrase of the data, which is in lower case and composed already."""
    match = _ANY_TOKEN.match(phrase)
    return match.group() if match else phrase


def split_phrase(phrase: str) -> list[str]:
    """All tokens of such a phrase."""
    return phrase.split(" ") if phrase.isascii() else tokenize(phrase)


def join_tokens(tokens: list[str]) -> str:
    """Tokens as a phrase writes them: with spaces, but none beside characters that stand without."""
    parts: list[str] = []
    for token in tokens:
        if parts and not (is_unspaced(parts[-1]) or is_unspaced(token)):
            parts.append(" ")
        parts.append(token)
    return "".join(parts)


def is_unspaced(token: str) -> bool:
    """Whether a token is a character of a script that writes no spaces."""
    return _HAS_UNSPACED.match(token) is not None


def longest_allowed(tokens: list[str]) -> int:
    """How many tokens a phrase like this one may have."""
    return MAX_UNSPACED_TOKENS if any(map(is_unspaced, tokens)) else MAX_PHRASE_TOKENS
