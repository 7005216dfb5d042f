"""Which language a tag such as "en-US" or "fil_PH" names."""

from __future__ import annotations

import re
from typing import Final

_TWO_LETTERS: Final = re.compile(r"[a-z]{2}")
_SUBTAG: Final = re.compile("[-_]")

_TWO_LETTERS_OF: Final = {
    "eng": "en", "deu": "de", "ger": "de", "spa": "es", "fra": "fr", "fre": "fr", "ita": "it", "nld": "nl",
    "dut": "nl", "pol": "pl", "por": "pt", "rus": "ru", "ukr": "uk", "ara": "ar", "arb": "ar", "ces": "cs",
    "cze": "cs", "dan": "da", "ell": "el", "gre": "el", "fin": "fi", "heb": "he", "hin": "hi", "hun": "hu",
    "ind": "id", "jpn": "ja", "kor": "ko", "nor": "no", "nob": "no", "ron": "ro", "rum": "ro", "swe": "sv",
    "tur": "tr", "vie": "vi", "zho": "zh", "chi": "zh", "cmn": "zh",
}  # fmt: skip
"""ISO 639-1 codes of the lexicon's languages by their codes of ISO 639-2 and 639-3."""


def language_of(tag: str | None) -> str | None:
    """The ISO 639-1 code of the language that a tag names, in lower case.

    `None` for a language of three letters that the lexicon does not have, and for what is no tag: a code
    that is cut short is another language's ("fil" is not Finnish, "est" not Spanish).
    """
    language = _SUBTAG.split(tag or "", maxsplit=1)[0].strip().lower()
    return language if _TWO_LETTERS.fullmatch(language) else _TWO_LETTERS_OF.get(language)
