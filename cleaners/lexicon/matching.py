"""Finding phrases in a sequence of tokens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from cleaners.lexicon.tokens import first_token, split_phrase


class Match(NamedTuple):
    """A phrase found in a token sequence: `tokens[start : start + length]` is the phrase."""

    group: str
    phrase: str
    language: str
    start: int
    length: int


_Entries: TypeAlias = list[str]
"""Phrases that share their first word: group, language and phrase in turn. One flat list of what is there
already keeps the garbage collector, which counts containers, out of the loading."""

_new_tuple: Final = tuple.__new__


class _Node:
    """One token of the phrase trie: the tokens that may follow, and the phrases that end here or before.

    `found` holds group, phrase, language and length of these, the longest first.
    """

    __slots__ = ("found", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.found: tuple[tuple[str, str, str, int], ...] = ()

    def add(self, group: str, language: str, phrase: str) -> None:
        """Take a phrase whose first token this node stands for."""
        node = self
        tokens = split_phrase(phrase)
        for token in tokens[1:]:
            node = node.next.setdefault(token, _Node())
        if all(known != group for known, *_ in node.found):
            node.found = (*node.found, (group, phrase, language, len(tokens)))

    def finish(self) -> None:
        """Let each node know the phrases that end before it too."""
        open_nodes = [self]
        while open_nodes:
            node = open_nodes.pop()
            for follower in node.next.values():
                follower.found += node.found
                open_nodes.append(follower)


class Lexicon:
    """The phrases of some languages, ready for matching. It does not change once made.

    Most first words of phrases stand in no page, so a word's part of the trie is built when a text first
    has the word. Threads may do so at the same time: they build the same.
    """

    __slots__ = ("_entries", "_roots", "languages")

    def __init__(self, phrases: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
        """Take phrases by language and group; earlier languages are credited with shared phrases."""
        self.languages: tuple[str, ...] = tuple(phrases)
        self._roots: dict[str, _Node] = {}
        self._entries: dict[str, _Entries] = {}
        index = self._entries
        for language, groups in phrases.items():
            for group, members in groups.items():
                for phrase in members:
                    first = phrase.partition(" ")[0]
                    entries = index.get(first)
                    if entries is None:
                        entries = index.setdefault(first if first.isascii() else first_token(first), [])
                    entries += group, language, phrase

    def match(self, tokens: Sequence[str]) -> list[Match]:
        """All phrases in `tokens`, by position, the longest first at each.

        Matches may overlap. A phrase that stands in different groups in different languages gives a
        match for each group; one that stands in the same group of several languages gives one match,
        credited to the first of them.
        """
        matches: list[Match] = []
        followers = (*tokens, "")  # no token is empty
        for start, root in enumerate(map(self._roots.get, tokens)):
            if root is None and tokens[start] not in self._entries:
                continue
            node = root or self._build(tokens[start])
            position = start + 1
            while (follower := node.next.get(followers[position])) is not None:
                node = follower
                position += 1
            if node.found:
                for group, phrase, language, length in node.found:
                    matches.append(_new_tuple(Match, (group, phrase, language, start, length)))
        return matches

    def _build(self, first: str) -> _Node:
        """The part of the trie that begins with a word."""
        entries = self._entries[first]
        node = _Node()
        for group, language, phrase in zip(entries[::3], entries[1::3], entries[2::3], strict=True):
            node.add(group, language, phrase)
        node.finish()
        self._roots[first] = node
        return node
