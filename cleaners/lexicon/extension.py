"""Files with which users add phrases to the built-in ones, or take some away.

Such a file is written as the built-in ones are, with a third part: `{"language": …, "phrases": {group:
[phrase, …]}, "remove": {group: [phrase, …]}}`. Either of the last two may be left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources.abc import Traversable
from typing import Final

from cleaners.lexicon.groups import ALLOWED, TYPED_GROUPS, WORD_GROUPS
from cleaners.lexicon.tokens import join_tokens, longest_allowed, tokenize

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
_KEYS: Final = frozenset({"language", "phrases", "remove"})


class LexiconError(ValueError):
    """A file of phrases cannot be used; the message names the file and what is wrong in it."""


@dataclass(frozen=True, slots=True)
class Extension:
    """What one file adds to a language and takes from it: phrases by group, as the tokenizer reads them."""

    file: str
    language: str
    phrases: dict[str, list[str]]
    remove: dict[str, list[str]]

    def apply(self, groups: dict[str, list[str]]) -> None:
        """Change the phrases of the language: take some away, then add; what is added leaves other groups."""
        for group, phrases in self.remove.items():
            for phrase in phrases:
                if phrase not in groups.get(group, ()):
                    raise LexiconError(self._nothing_to_remove(group, phrase, groups))
                groups[group].remove(phrase)
        added = {phrase for phrases in self.phrases.values() for phrase in phrases}
        for group, phrases in groups.items():
            groups[group] = [phrase for phrase in phrases if phrase not in added]
        for group, phrases in self.phrases.items():
            groups.setdefault(group, []).extend(phrases)

    def _nothing_to_remove(self, group: str, phrase: str, groups: dict[str, list[str]]) -> str:
        where = [name for name, phrases in groups.items() if phrase in phrases]
        hint = f"; it stands in {', '.join(where)}" if where else ""
        return f"{self.file}: remove, group {group}: {self.language} has no phrase “{phrase}” there{hint}"


def read_extensions(paths: Iterable[Traversable]) -> list[Extension]:
    """Read files, and the JSON files of folders by name; what comes later wins over what came before."""
    return [_Reader(str(file)).read(file) for path in paths for file in _files(path)]


def _files(path: Traversable) -> Iterator[Traversable]:
    if not path.is_dir():
        yield path
        return
    files = sorted((entry for entry in path.iterdir() if entry.name.endswith(".json")), key=lambda e: e.name)
    if not files:
        raise LexiconError(f"{path}: the folder holds no .json file of phrases")
    yield from files


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one file; all errors begin with its name."""

    file: str

    def read(self, source: Traversable) -> Extension:
        record = self._load(source)
        if not isinstance(record, dict) or not record.keys() <= _KEYS or "language" not in record:
            raise self._error('expected {"language": …, "phrases": {…}, "remove": {…}}')
        language = record["language"]
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            raise self._error(
                f"language {language!r}: expected a code in lower case, such as “sv” or “pt-br”"
            )
        if not record.get("phrases") and not record.get("remove"):
            raise self._error("holds no phrases, neither to add nor to remove")
        phrases = self._groups(record, "phrases")
        self._once(phrases)
        return Extension(self.file, language, phrases, self._groups(record, "remove"))

    def _load(self, source: Traversable) -> object:
        try:
            record: object = json.loads(
                source.read_bytes().decode("utf-8-sig"), object_pairs_hook=self._without_repeats
            )
        except OSError as error:
            raise self._error(f"cannot be read: {error.strerror or error}") from error
        except ValueError as error:
            if isinstance(error, LexiconError):
                raise
            raise self._error(f"is not JSON in UTF-8: {error}") from error
        return record

    def _without_repeats(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        record = dict(pairs)
        if len(record) < len(pairs):
            names = [name for name, _ in pairs]
            repeated = next(name for name in names if names.count(name) > 1)
            raise self._error(f"“{repeated}” stands there twice")
        return record

    def _groups(self, record: dict[str, object], part: str) -> dict[str, list[str]]:
        groups = record.get(part, {})
        if not isinstance(groups, dict):
            raise self._error(f"{part}: expected {{group: [phrase, …]}}")
        return {group: self._phrases(part, group, phrases) for group, phrases in groups.items()}

    def _phrases(self, part: str, group: str, phrases: object) -> list[str]:
        where = f"{part}, group {group}"
        if group not in TYPED_GROUPS | WORD_GROUPS:
            near = get_close_matches(group, sorted(TYPED_GROUPS | WORD_GROUPS), 1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise self._error(f"{where}: no such group{hint}; a group is {ALLOWED}")
        if not isinstance(phrases, list):
            raise self._error(f"{where}: expected a list of phrases")
        return list(dict.fromkeys(self._phrase(where, phrase) for phrase in phrases))

    def _phrase(self, where: str, phrase: object) -> str:
        if not isinstance(phrase, str):
            raise self._error(f"{where}: {phrase!r} is no phrase; a phrase is text")
        tokens = tokenize(phrase)
        if not tokens:
            raise self._error(f"{where}: “{phrase}” has no words; a phrase needs a letter or a figure")
        if len(tokens) > longest_allowed(tokens):
            raise self._error(
                f"{where}: “{phrase}” has {len(tokens)} words; at most {longest_allowed(tokens)} are allowed"
            )
        return join_tokens(tokens)

    def _once(self, groups: dict[str, list[str]]) -> None:
        seen: dict[str, str] = {}
        for group, phrases in groups.items():
            for phrase in phrases:
                if phrase in seen:
                    raise self._error(
                        f"phrases, group {group}: “{phrase}” stands in {seen[phrase]} too; "
                        "a phrase stands in one group of a language only"
                    )
                seen[phrase] = group

    def _error(self, problem: str) -> LexiconError:
        return LexiconError(f"{self.file}: {problem}")
