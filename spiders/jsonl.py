"""JSON lines, the form of text collections -> pages, one a line, however long the file is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import PurePath
from typing import Any, Final

from dateutil.parser import isoparse

from cleaners.article import Page, Rejection
from cleaners.wordpress import parse_post
from spiders.unpacking import PlainStream

BY: Final = "file"
"""What `discovered_by` says of pages from files."""

_NAMES: Final = tuple(f".{kind}{packed}" for kind in ("jsonl", "ndjson") for packed in ("", ".gz", ".zst"))
_CONTENTS: Final = ("html", "text")  # the page itself tells more than text that was extracted from it
_ADDRESSES: Final = ("url", "source", "link")
_BOM: Final = b"\xef\xbb\xbf"
_DOCUMENT: Final = re.compile(r"<(?:!doctype|html|head|title)\b", re.IGNORECASE)
_HEAD_WINDOW: Final = 4_000  # characters in which a document shows that it is whole, or says its title


def is_named_lines(path: PurePath) -> bool:
    """Whether a file's name says that it holds JSON lines."""
    return path.name.lower().endswith(_NAMES)


def are_lines(first: bytes) -> bool:
    """Whether a file with this first line holds JSON lines: the line is an object with a text or a page."""
    line = first.removeprefix(_BOM)
    if not line.startswith(b"{") or not any(f'"{name}"'.encode() in line for name in _CONTENTS):
        return False
    return _content(_load(line)) is not None


def read_lines(first: bytes, stream: PlainStream, address: str, max_size: int) -> Iterator[Page | Rejection]:
    """A page a line, of `first` and of what follows it; empty lines are left out.

    A line's page has its own address, else the file's with the number of the line. A line that gives no page
    is a rejection with that number: "damaged-line", or "too-large" beyond `max_size` bytes.
    Raises `DamagedError` where the stream cannot be read on.
    """
    number, line = 0, first.removeprefix(_BOM)
    while line:
        number += 1
        if len(line) > max_size:
            detail = f"line {number} holds more than {max_size >> 20} MiB"
            yield _refused(address, number, "too-large", detail)
            while line and not line.endswith(b"\n"):
                line = stream.readline(max_size)
        elif line.strip():
            yield _page(line, number, address)
        line = stream.readline(max_size + 1)


def _page(line: bytes, number: int, address: str) -> Page | Rejection:
    entry = _load(line)
    if not isinstance(entry, dict):
        return _refused(address, number, "damaged-line", f"line {number} is no JSON object")
    url = next((url for name in _ADDRESSES if isinstance(url := entry.get(name), str) and "://" in url), None)
    where = url or f"{address}#{number}"
    found = _content(entry)
    moment = _moment(entry.get("date"))
    if found is None:
        if parse_post(entry):
            return Page(url=where, body=json.dumps(entry), content_type="application/json", discovered_by=BY)
        detail = f"line {number} has neither a text nor an HTML page (a field {' or '.join(_CONTENTS)})"
        return _refused(address, number, "damaged-line", detail)
    kind, content = found
    title = entry.get("title")
    title = title.strip() if isinstance(title, str) else ""
    body = _with_head(content, title, moment) if kind == "html" else _with_title(content, title)
    content_type = "text/html" if kind == "html" else "text/plain"
    return Page(url=where, body=body, content_type=content_type, discovered_by=BY, lastmod=moment)


def _content(entry: Any) -> tuple[str, str] | None:
    """What a line holds, and in which form."""
    if not isinstance(entry, dict):
        return None
    return next(
        ((name, value) for name in _CONTENTS if isinstance(value := entry.get(name), str) and value), None
    )


def _with_title(text: str, title: str) -> str:
    """The text under its title, unless it begins with it."""
    return text if not title or title.casefold() in text[:_HEAD_WINDOW].casefold() else f"{title}\n\n{text}"


def _with_head(html: str, title: str, date: datetime | None) -> str:
    """A part of a page with what the line says of it in its head; a whole page says it itself."""
    if _DOCUMENT.search(html[:_HEAD_WINDOW]):
        return html
    named = f"<title>{escape(title)}</title>" if title else ""
    dated = f'<meta property="article:published_time" content="{date.isoformat()}">' if date else ""
    return named + dated + html


def _load(line: bytes) -> Any:
    try:
        return json.loads(line, strict=False)
    except (ValueError, RecursionError):
        return None


def _moment(value: Any) -> datetime | None:
    try:
        moment = isoparse(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def _refused(address: str, number: int, reason: str, detail: str) -> Rejection:
    return Rejection(url=f"{address}#{number}", reason=reason, detail=detail, discovered_by=BY)
