"""What is shown on a terminal: text of strangers, never obeyed, and the lines of what keeps running."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from typing import Final

from rich.console import Console
from rich.text import Text

_UNSAFE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """`text` with control characters and direction overrides replaced by U+FFFD.

    An escape sequence in a page's text could otherwise move the cursor, retitle the window or hide a line.
    Line feeds and tabs stay.
    """
    return _UNSAFE.sub("\ufffd", text)


def print_event(console: Console, zone: tzinfo, what: str, detail: str = "", *, style: str = "") -> None:
    """Print one line, with the time; what a crawl said of itself stands indented below."""
    now = datetime.now(zone)
    lines = [f"{now:%Y-%m-%d %H:%M:%S} {what}", *(f"    {line}" for line in detail.splitlines())]
    console.print(Text(printable("\n".join(lines)), style), soft_wrap=True, highlight=False)
