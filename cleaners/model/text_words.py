"""Which rows of the table of text vectors the words of texts have, found without writing down the words.

`features.words.text_words` says what the words of a text are, each with its mark. Looking tokens up in a
table for each mark gives the same rows in a third of the time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, repeat

import numpy as np

from cleaners.arrays import Integers, integers
from cleaners.features.words import CLOSING_WORDS, EXACT_WORDS, OPENING_WORDS


class TextWords:
    """The rows of words by their marks. `addresses` has those of `features.words.address_words`."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        """Part a vocabulary by marks; words without one of texts' or addresses' are left out."""
        self.addresses: dict[str, int] = {}
        self._tokens: dict[str, int] = {}
        self._closing: dict[str, int] = {}
        self._exact: dict[str, int] = {}
        self._pairs: dict[str, dict[str, int]] = {}
        tables = {"a:": self.addresses, "t:": self._tokens, "$:": self._closing, "=:": self._exact}
        for word, row in vocabulary.items():
            mark, unmarked = word[:2], word[2:]
            if mark in tables:
                tables[mark][unmarked] = row
            elif mark == "2:":
                first, _, second = unmarked.partition(" ")
                self._pairs.setdefault(first, {})[second] = row

    def rows(self, texts: Sequence[Sequence[str]]) -> tuple[Integers, Integers]:
        """The rows of the texts' words, one text's after the other's, and how many each text has."""
        openings = [dict.fromkeys(tokens[:OPENING_WORDS]) for tokens in texts]
        text = np.arange(len(texts)).repeat(list(map(len, openings)))
        found = map(self._tokens.get, chain.from_iterable(openings), repeat(-1))
        row = np.fromiter(found, np.int64, len(text))
        other_text, other_row = self._others(texts)
        text, row = np.concatenate([text, other_text]), np.concatenate([row, other_row])
        known = row >= 0
        text, row = text[known], row[known]
        return row[text.argsort(kind="stable")], np.bincount(text, minlength=len(texts))

    def _others(self, texts: Sequence[Sequence[str]]) -> tuple[Integers, Integers]:
        """Text and row of texts as a whole, of their last words and of their first two; row -1 for none."""
        exact, closing, pairs = self._exact.get, self._closing.get, self._pairs.get
        texts_found: list[int] = []
        rows: list[int] = []
        for text, tokens in enumerate(texts):
            if len(tokens) <= EXACT_WORDS:
                texts_found.append(text)
                rows.append(exact(" ".join(tokens), -1))
            elif len(tokens) > OPENING_WORDS:
                texts_found += repeat(text, CLOSING_WORDS)
                rows += [closing(token, -1) for token in tokens[-CLOSING_WORDS:]]
            if len(tokens) >= 2 and (following := pairs(tokens[0])):
                texts_found.append(text)
                rows.append(following.get(tokens[1], -1))
        return integers(texts_found), integers(rows)
