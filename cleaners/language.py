"""Which language a text is in, by langdetect's profiles.

langdetect draws n-grams at random. Every call here starts from one fixed seed on a factory of our
own, with profiles loaded in one order, so that the answer depends on the text alone.
"""

from __future__ import annotations

import functools
import re
from importlib import resources
from typing import Any, Final

from langdetect.detector_factory import DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

MAX_CHARACTERS: Final = 1_000
"""Characters that are looked at; more change the answer on almost no page and cost time."""

MIN_LETTERS: Final = 40
"""Letters below which the answer is a guess."""

MIN_DENSE_LETTERS: Final = 10
"""The same for scripts in which one letter carries a syllable or a word."""

MIN_PROBABILITY: Final = 0.5
"""Share of the most likely language below which the text is in none, or in several."""

_SEED: Final = 0
_SPACE: Final = re.compile(r"\s+")
_LETTER: Final = re.compile(r"[^\W\d_]")
_HAN: Final = re.compile(r"[㐀-鿿]")
_HANGUL: Final = re.compile(r"[가-힣]")
_KANA: Final = re.compile(r"[぀-ヿ]")


def detect_language(text: str) -> str | None:
    """The ISO 639-1 code of a text's language, judged on its first 1,000 characters.

    `None` when the text is too short, has no letters, or is in no one language. Chinese is "zh"
    whichever way it is written.
    """
    sample = _SPACE.sub(" ", text[: 4 * MAX_CHARACTERS]).strip()[:MAX_CHARACTERS]
    letters = len(_LETTER.findall(sample))
    kana, hangul, han = (len(script.findall(sample)) for script in (_KANA, _HANGUL, _HAN))
    dense = kana + hangul + han
    if dense >= MIN_DENSE_LETTERS and 2 * dense > letters:
        return _by_script(kana, hangul, han)
    if letters < MIN_LETTERS:
        return None
    detector = _factory().create()
    try:
        detector.append(sample)
        ranking = detector.get_probabilities()
    except LangDetectException:  # no n-gram of any profile in the text
        return None
    if not ranking or ranking[0].prob < MIN_PROBABILITY:
        return None
    return str(ranking[0].lang).partition("-")[0]


def _by_script(kana: int, hangul: int, han: int) -> str:
    """Chinese, Japanese or Korean, from the letters alone.

    langdetect takes short Chinese for Korean, whose profile has learnt Chinese characters; the
    scripts leave no doubt. Japanese mixes kana into characters, Chinese has next to none.
    """
    if hangul >= kana + han:
        return "ko"
    return "ja" if 20 * kana > han else "zh"


@functools.cache
def _factory() -> Any:
    """A factory with all profiles in alphabetical order: the order of a folder differs by machine."""
    folder = resources.files("langdetect") / "profiles"
    names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith((".", "_")))
    factory = DetectorFactory()
    factory.load_json_profile([(folder / name).read_text(encoding="utf-8") for name in names])
    factory.set_seed(_SEED)
    return factory
