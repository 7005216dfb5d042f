"""Which language a text is in: langdetect's profiles and method, its answers, a fifth of its time.

The method draws n-grams of the text at random and multiplies what each language's profile says of them. Here
every draw starts from one fixed seed, with profiles loaded in one order, so that the answer depends on the
text alone; n-grams are looked up in the profiles when a text first has them, not all put into one table of
50 MB; and trials end as soon as no further one can change the answer. With `langdetect_rs` (the
extra `fast`) its Rust core answers, the same.
"""

from __future__ import annotations

import functools
import importlib
import json
import re
from collections.abc import Sequence
from importlib import resources
from typing import Any, Final

import numpy as np
from langdetect.detector import Detector
from langdetect.utils.ngram import NGram
from numpy.typing import NDArray

from cleaners.draws import SEED, Draws

_Row = NDArray[np.float64]
"""How likely an n-gram is in each language, or each language."""

MAX_CHARACTERS: Final = 1_000
"""Characters that are looked at; more change the answer on almost no page and cost time."""

MIN_LETTERS: Final = 40
"""Letters below which the answer is a guess."""

MIN_DENSE_LETTERS: Final = 10
"""The same for scripts in which one letter carries a syllable or a word."""

MAX_REMEMBERED: Final = 24
"""Letters of a word whose n-grams are remembered for the next text; longer ones seldom come again."""

TRIALS: Final = 7
"""Draws that are averaged, langdetect's `n_trial`."""

CHECKED_DRAWS: Final = 5
"""Draws of a trial from one look at the probabilities to the next, as in langdetect."""

BATCH: Final = 40
"""Draws that are made at once: most trials end before. The product of so many stays a number."""

MIN_PROBABILITY: Final = 0.5
"""Share of the most likely language below which the text is in none, or in several."""

try:
    _native: Any = importlib.import_module("langdetect_rs")
except ImportError:
    _native = None

_LATIN: Final = re.compile("[A-z]+")
_BEYOND_LATIN: Final = re.compile("[\u0300-\u1dff\u1f00-\U0010ffff]+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_NO_LETTERS: Final = bytes(code for code in range(128) if not chr(code).isalpha())
_HAN: Final = re.compile(r"[㐀-鿿]+")
_HANGUL: Final = re.compile(r"[가-힣]+")
_KANA: Final = re.compile(r"[぀-ヿ]+")


def detect_language(text: str) -> str | None:
    """The ISO 639-1 code of a text's language, judged on its first 1,000 characters.

    `None` when the text is too short, has no letters, or is in no one language. Chinese is "zh"
    whichever way it is written.
    """
    sample = " ".join(text[: 4 * MAX_CHARACTERS].split())[:MAX_CHARACTERS]
    if sample.isascii():
        letters = len(sample.encode("ascii").translate(None, _NO_LETTERS))
    else:
        letters = _size(_LETTERS, sample)
        kana, hangul, han = (_size(script, sample) for script in (_KANA, _HANGUL, _HAN))
        dense = kana + hangul + han
        if dense >= MIN_DENSE_LETTERS and 2 * dense > letters:
            return _by_script(kana, hangul, han)
    if letters < MIN_LETTERS:
        return None
    return _detect(sample) if _native is None else _detect_natively(sample)


def _detect_natively(sample: str) -> str | None:
    detector = _native_factory().create()
    detector.append(sample)
    try:
        ranking = detector.get_probabilities()
    except _native.LangDetectException:  # no n-gram of any profile in the text
        return None
    return _code(ranking[0].lang) if ranking and ranking[0].prob >= MIN_PROBABILITY else None


def _detect(sample: str) -> str | None:
    ngrams = _ngrams_in(_without_addresses(sample))
    if not ngrams:
        return None
    languages, draws = _profiles().languages, Draws(len(ngrams))
    total = np.zeros(len(languages))
    for _ in range(TRIALS):
        total += _trial(ngrams, len(languages), draws) / TRIALS
        likeliest = int(total.argmax())
        if total[likeliest] >= MIN_PROBABILITY:  # whatever further trials say
            return _code(languages[likeliest])
    return None


def _without_addresses(sample: str) -> str:
    """The text without addresses, and without Latin letters where others are twice as many."""
    text = Detector.URL_RE.sub(" ", sample) if "://" in sample else sample
    text = Detector.MAIL_RE.sub(" ", text) if "@" in text else text
    if text.isascii():
        return text
    text = NGram.normalize_vi(text)
    beyond = _size(_BEYOND_LATIN, text)
    return _LATIN.sub("", text) if beyond and 2 * _size(_LATIN, text) < beyond else text


def _trial(ngrams: Sequence[_Row], languages: int, draws: Draws) -> _Row:
    """The probability of each language by n-grams drawn until one is certain."""
    weight = (Detector.ALPHA_DEFAULT + draws.gauss() * Detector.ALPHA_WIDTH) / Detector.BASE_FREQ
    probabilities, number = np.full(languages, 1.0 / languages), 1 + BATCH
    for _ in range(Detector.ITERATION_LIMIT // BATCH):
        factors = np.array([ngrams[place] for place in draws.look(number)])
        factors += weight
        factors[0] *= probabilities
        start = (number - 1) % CHECKED_DRAWS
        looks = np.multiply.accumulate(factors)[start::CHECKED_DRAWS]
        looks /= looks.sum(axis=1, keepdims=True)
        certain = (looks.max(axis=1) > Detector.CONV_THRESHOLD).nonzero()[0]
        look = int(certain[0]) if len(certain) else len(looks) - 1
        draws.draw(start + CHECKED_DRAWS * look + 1)
        probabilities, number = looks[look], BATCH
        if len(certain):
            break
    return probabilities


class _Normal(dict[int, str]):
    """langdetect's form of each character, looked up once: signs are spaces, rare letters their class's."""

    def __missing__(self, code: int) -> str:
        self[code] = normal = str(NGram.normalize(chr(code)))
        return normal


_NORMAL: Final = _Normal()


def _ngrams_in(text: str) -> list[_Row]:
    """What the profiles say of each known n-gram of a text, in order."""
    *words, last = text.split(" ")
    found: list[_Row] = []
    for word in words:
        found += _ngrams_of_word(word) if len(word) <= MAX_REMEMBERED else _ngrams_of(f"{word} ")
    return found + _ngrams_of(last)


@functools.lru_cache(maxsize=20_000)
def _ngrams_of_word(word: str) -> list[_Row]:
    return _ngrams_of(f"{word} ")


def _ngrams_of(word: str) -> list[_Row]:
    """The same of a word, with the space after it if any; letters in a run of capitals say nothing."""
    row = _profiles().row
    found: list[_Row | None] = []
    before = " "
    for letter in word.translate(_NORMAL):
        if letter == before == " ":
            continue
        grams = before + letter
        before = grams[-2:]
        if letter.isupper() and before[0].isupper():
            continue
        ngrams = (letter, before, grams) if len(grams) == NGram.N_GRAM else (letter, before)
        found += [row(ngram) for ngram in ngrams if ngram != " "]
        if letter == " ":  # a sign within the word
            before = " "
    return [known for known in found if known is not None]


def _size(runs: re.Pattern[str], text: str) -> int:
    """How many characters of a text are in such runs."""
    return sum(map(len, runs.findall(text)))


def _by_script(kana: int, hangul: int, han: int) -> str:
    """Chinese, Japanese or Korean, from the letters alone.

    langdetect takes short Chinese for Korean, whose profile has learnt Chinese characters; the
    scripts leave no doubt. Japanese mixes kana into characters, Chinese has next to none.
    """
    if hangul >= kana + han:
        return "ko"
    return "ja" if 20 * kana > han else "zh"


def _code(language: str) -> str:
    return language.partition("-")[0]


class _Profiles:
    """How often each language has each n-gram. `languages` are in the order of rows.

    A row is kept from the first time on that it is asked for, half a kilobyte; there are 87,598 n-grams.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        """Take langdetect's profiles, in their JSON."""
        profiles = [json.loads(text) for text in texts]
        self.languages: list[str] = [profile["name"] for profile in profiles]
        self._counts: list[dict[str, int]] = [profile["freq"] for profile in profiles]
        self._totals = [[profile["n_words"][size] for profile in profiles] for size in range(NGram.N_GRAM)]
        self._rows: dict[str, _Row] = {}

    def row(self, ngram: str) -> _Row | None:
        """An n-gram's share of all of its length in each language, `None` where no language has it."""
        row = self._rows.get(ngram)
        if row is not None:
            return row
        counts = [known.get(ngram, 0) for known in self._counts]
        if not any(counts):
            return None
        row = self._rows[ngram] = np.array(
            [count / total for count, total in zip(counts, self._totals[len(ngram) - 1], strict=True)]
        )
        return row


@functools.cache
def _profiles() -> _Profiles:
    return _Profiles(profile_texts())


def profile_texts() -> list[str]:
    """langdetect's profiles in alphabetical order: the order of a folder differs by machine."""
    folder = resources.files("langdetect") / "profiles"
    names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith((".", "_")))
    return [(folder / name).read_text(encoding="utf-8") for name in names]


@functools.cache
def _native_factory() -> Any:
    factory = _native.DetectorFactory()
    factory.load_json_profile(profile_texts())
    factory.set_seed(SEED)
    return factory
