"""What kind of document a source is, told by its content first and by its label second."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import Final

from cleaners.parse import utf_16_without_bom

SNIFFED_CHARS: Final = 4_096
"""Characters that are looked at; the first tag of a page that has any stands before that."""

MAX_CONTROL_SHARE: Final = 0.04
"""A document with a larger share of control characters is no text: chance bytes hold a tenth."""

_MAGIC: Final = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x7fELF", "program"),
    (b"MZ\x90", "program"),
    (b"RIFF", "RIFF"),
    (b"OggS", "Ogg"),
    (b"ID3", "MP3"),
    (b"wOF", "font"),
    (b"\x00\x00\x00\x18ftyp", "MP4"),
    (b"\x00\x00\x00\x20ftyp", "MP4"),
)
_MAGIC_BYTES: Final = tuple(magic for magic, _ in _MAGIC)
# NUL does not count: UTF-16 is half NULs, and pages that are otherwise fine contain some. Escape switches
# character sets in ISO-2022.
_CONTROL_BYTES: Final = bytes(set(range(1, 32)) - set(b"\t\n\r\f\v\x1b")) + b"\x7f"
_UNPRINTABLE: Final = _CONTROL_BYTES + b"\0"
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
"""Byte order marks of UTF-16 and UTF-32, whose single bytes say nothing; the text is looked at later."""

_CONTROL: Final = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_LEADING: Final = "\ufeff \t\r\n\f\v"
"""A byte order mark and white space, of which some pages have screens before their first tag."""

# Atomic groups: comments that could be cut in several ways must not be tried in all of them.
_HTML_OPENING: Final = re.compile(
    r"(?:<\?xml[^>]{0,200}>\s*)?(?><!--.*?-->\s*)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_TELLING: Final = (
    "p|div|span|a|br|hr|h[1-6]|ul|ol|li|dl|table|tr|td|section|article|main|nav|img|b|i|em|strong|body|html|head"
    "|meta|title|script|iframe|noscript|blockquote|figure|figcaption"
)
"""Names that hardly anything but a tag has."""

_WORDS: Final = (
    "abbr|address|aside|audio|base|button|caption|center|cite|code|dd|del|details|dt|fieldset|font|footer|form"
    "|header|input|ins|kbd|label|legend|link|mark|nobr|object|option|picture|pre|q|s|select|small|source|strike"
    "|style|sub|summary|sup|svg|tbody|template|textarea|tfoot|th|thead|time|u|video"
)
"""Names that stand in angle brackets in plain text too ("usage: sort <input>"): alone they tell only where
they open a document."""

_ATTRIBUTE: Final = r"\s+[a-z][\w:.-]{0,60}="
_TAG: Final = re.compile(
    rf"</?(?:{_TELLING})(?:{_ATTRIBUTE}|\s*/?>)|<(?:{_WORDS}){_ATTRIBUTE}|</(?:{_WORDS})\s*>", re.IGNORECASE
)
_MARKUP_OPENING: Final = re.compile(
    rf"<\?xml|<!--|<(?:rss|feed|urlset|sitemapindex|style|script)\b|<(?:{_WORDS})\s*/?>", re.IGNORECASE
)
_JSON_OPENING: Final = re.compile(r'\{\s*["}]|\[\s*[{["\]]')


class SourceKind(StrEnum):
    """How a source is read."""

    HTML = "html"
    JSON = "json"
    TEXT = "text"
    BINARY = "binary"


def binary_format(body: bytes) -> str | None:
    """The name of the binary format that `body` starts like, "binary" for an unknown one, `None` for text."""
    sample = body[:SNIFFED_CHARS]
    known = None
    if body.startswith(_MAGIC_BYTES):
        known = next(found for found in _MAGIC if body.startswith(found[0]))
    if known and not _may_be_text(known[0], sample):
        return known[1]
    if body.startswith(_WIDE_MARKS) or utf_16_without_bom(body):  # Cyrillic, for one, looks like controls
        return None
    controls = len(sample) - len(sample.translate(None, _CONTROL_BYTES))
    return "binary" if controls > MAX_CONTROL_SHARE * len(sample) else None


def _may_be_text(magic: bytes, sample: bytes) -> bool:
    """Whether what starts with a magic number may be text all the same ("RIFF is short for …")."""
    printable = len(sample) == len(sample.translate(None, _UNPRINTABLE))
    return magic.isalnum() and printable and len(sample.split(None, 1)) > 1


def sniff(text: str, content_type: str | None) -> SourceKind:
    """The kind of a decoded source.

    A document that opens as HTML is HTML and one that opens as a JSON object or array is JSON, whatever
    it is labelled; otherwise the label counts; without one, tags make HTML.
    """
    text = text.lstrip(_LEADING)
    start = text[:SNIFFED_CHARS]
    if len(_CONTROL.findall(start)) > MAX_CONTROL_SHARE * max(1, len(start)):
        return SourceKind.BINARY
    label = (content_type or "").partition(";")[0].strip().lower()
    if _HTML_OPENING.match(start):
        return SourceKind.HTML
    if start[:1] in ("{", "[") and (label.endswith("json") or _is_json(text)):
        return SourceKind.JSON
    if label in ("text/html", "application/xhtml+xml", "application/xml", "text/xml"):
        return SourceKind.HTML
    if label == "text/plain":
        return SourceKind.TEXT
    return SourceKind.HTML if _TAG.search(start) or _MARKUP_OPENING.match(start) else SourceKind.TEXT


def _is_json(text: str) -> bool:
    """Whether text that starts with a bracket is JSON from end to end, rather than "[Update] …"."""
    if not _JSON_OPENING.match(text):
        return False
    try:
        json.loads(text, strict=False)
    except RecursionError:  # far too deep for any text
        return True
    except ValueError:
        return False
    return True
