"""How many words a text has, in scripts that part words by spaces and in those that do not."""

from __future__ import annotations

import re
from typing import Final

_UNSPACED: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]+")


def count_spaced(text: str) -> int:
    """The words of a normalised text that white space parts."""
    return text.count(" ") + text.count("\t") + text.count("\n") + 1


def count_units(text: str, spaced: int) -> int:
    """The words of a text, `spaced` of them between spaces; half the characters of scripts without spaces."""
    return spaced if text.isascii() else max(spaced, sum(map(len, _UNSPACED.findall(text))) // 2)
