"""The texts of a page's blocks, read once for rules and features: their words, and the phrases in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from cleaners.arrays import Integers, integers, table
from cleaners.article import BlockType
from cleaners.counting import count_spaced, count_units
from cleaners.lexicon import STRENGTHS, WORD_GROUPS, Lexicon, Match, load_lexicon, tokenize
from cleaners.strings import squash

MAX_READ_CHARS: Final = 400
"""Characters of a block that are read for words: what gives a long block away stands at its start."""

MAX_READ_TOKENS: Final = 48
"""Words of a block that are read."""

OPENING_LETTERS: Final = 3
OPENING_CHARS: Final = 24
"""Letters, and characters where other characters are among them, by which a text that may repeat a title is
told from one that cannot; no title has fewer letters."""

DENSE_CHARS: Final = 8
"""With more characters a word than this on average, words may stand without spaces between them."""

PHRASE_TYPES: Final = tuple(kind for kind in BlockType if kind not in (BlockType.TITLE, BlockType.BODY))
GROUPS: Final = (
    *(f"{kind.value}{strength}" for kind in PHRASE_TYPES for strength in STRENGTHS),
    *sorted(WORD_GROUPS),
)
"""The lexicon's groups of phrases; a group's place is its bit in `Reading.groups`."""

RANK_OF_GROUP: Final = {group: rank for rank, group in enumerate(GROUPS)}
_BITS: Final = {group: 1 << rank for rank, group in enumerate(GROUPS)}


def group_mask(*groups: str) -> int:
    """The bits of some groups."""
    return sum(1 << RANK_OF_GROUP[group] for group in groups)


@dataclass(frozen=True, slots=True)
class Reading:
    """Lists with one entry a block.

    `heads` are the first `MAX_READ_CHARS` characters, `tokens` the first words in them, `matches` the
    phrases found in these, `groups` the bits of the phrases' groups. `chars` counts characters, `spaced`
    words that white space parts, `words` the same but half the characters in scripts without spaces.

    Blocks with the same head share its tokens and matches: `rank` numbers the different heads, `firsts` are
    the blocks where each of them stands first.
    """

    rank: Integers
    firsts: list[int]
    heads: list[str]
    tokens: list[Sequence[str]]
    matches: list[Sequence[Match]]
    groups: list[int]
    chars: Integers
    spaced: Integers
    words: list[int]

    def opening_like(self, keys: Collection[str]) -> list[int]:
        """The blocks that may begin with one of `keys`, which are squashed (`strings.squash`).

        First letters tell most blocks apart: to squash a whole page takes as long as to find its phrases.
        """
        initials, starts = {key[0] for key in keys}, {key[:OPENING_LETTERS] for key in keys}
        likely = []
        for block, head in enumerate(self.heads):
            start = head[:OPENING_LETTERS]
            if start.isascii() and start.isalnum():
                if start.lower() in starts:
                    likely.append(block)
            elif not start[0].isalnum() or start[0].casefold()[0] in initials:
                opening = squash(head[:OPENING_CHARS])
                if any(key.startswith(opening) for key in keys):
                    likely.append(block)
        return likely

    def find_repeats(self, texts: Sequence[str], keys: Collection[str]) -> list[int]:
        """The blocks whose squashed text is one of `keys`; `texts` are those that were read."""
        return [block for block in self.opening_like(keys) if squash(texts[block]) in keys] if keys else []


def read_texts(texts: Sequence[str], lexicon: Lexicon | None = None) -> Reading:
    """Read every text, its beginning with the phrases of all languages unless told otherwise.

    A text that stands on the page several times is read once. All are split into words before the first is
    searched for phrases: the code and data of one step stay in the processor's caches.
    """
    heads = [text[:MAX_READ_CHARS] for text in texts]
    different = list(dict.fromkeys(heads))
    split = [tokenize(head)[:MAX_READ_TOKENS] for head in different]
    found = list(map((lexicon or load_lexicon()).match, split))
    ranks = dict(zip(different, range(len(different)), strict=True))
    rank = [ranks[head] for head in heads]
    firsts = dict(zip(reversed(rank), range(len(rank) - 1, -1, -1), strict=True))
    groups = list(map(_groups_of, found))
    chars, spaced, words = _count_words(texts)
    return Reading(
        rank=integers(rank),
        firsts=[firsts[place] for place in range(len(different))],
        heads=heads,
        tokens=[split[place] for place in rank],
        matches=[found[place] for place in rank],
        groups=[groups[place] for place in rank],
        chars=chars,
        spaced=spaced,
        words=words,
    )


def _groups_of(matches: Sequence[Match]) -> int:
    bits = 0
    for match in matches:
        bits |= _BITS[match[0]]
    return bits


def _count_words(texts: Sequence[str]) -> tuple[Integers, Integers, list[int]]:
    """Characters, words that white space parts, and words in any script, of each text."""
    words = list(map(count_spaced, texts))
    chars, spaced = table(list(map(len, texts)), words)
    for block in (spaced * DENSE_CHARS <= chars).nonzero()[0].tolist():
        words[block] = count_units(texts[block], words[block])
    return chars, spaced, words
