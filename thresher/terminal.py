"""Text of strangers on a terminal: shown, never obeyed."""

from __future__ import annotations

import re
from typing import Final

_UNSAFE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """`text` with control characters and direction overrides replaced by U+FFFD.

    An escape sequence in a page's text could otherwise move the cursor, retitle the window or hide a line.
    Line feeds and tabs stay.
    """
    return _UNSAFE.sub("\ufffd", text)
