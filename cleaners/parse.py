"""Bytes or text -> an lxml tree, whatever the page: wrong charsets, NUL bytes, 100,000 open elements.

libxml2 stops reading at 2,048 open elements (a fixed limit of its tree builder) and silently drops
what follows. A page that deep is flattened (`tame.py`) and read again: no text is lost.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import Final, cast

from lxml import etree
from w3lib.encoding import http_content_type_encoding, read_bom, resolve_encoding

from cleaners.limits import MAX_SOURCE_CHARS, MAX_TREE_DEPTH
from cleaners.strings import repair
from cleaners.tame import flattened, tame, untagged

SKIPPED_TAGS: Final = frozenset({"script", "style", "svg"})
"""Elements whose text no reader is shown, and which is none of the page's."""

META_CHARSET_WINDOW: Final = 4_096
"""Bytes in which a `<meta charset>` is looked for; four times what the HTML standard asks of browsers."""

MOSTLY_VALID_SHARE: Final = 0.05
"""A text that calls itself UTF-8, or nothing, is UTF-8 with damage when at most this share of its
non-ASCII bytes is invalid, else windows-1252, as browsers assume of undeclared Western pages."""

MIN_WIDE_BYTES: Final = 16
"""Fewer bytes say nothing about where their zeros stand."""

_NO_CHARSETS: Final = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
"""Codecs of Python's between texts, which no page is written in."""

_META_CHARSET: Final = re.compile(
    rb"""<meta[^>]{0,400}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_:-]{2,40})""", re.I
)
_RESOURCE_LIMIT: Final = etree.ErrorTypes.ERR_RESOURCE_LIMIT


@dataclass(slots=True)
class Source:
    """A page's text, decoded, with what had to be assumed on the way.

    `utf8` is the text in UTF-8, as the parser wants it, where the page came so and nothing was changed.
    """

    text: str
    warnings: list[str] = field(default_factory=list)
    utf8: bytes | None = None


def decode(body: bytes | str, content_type: str | None = None) -> Source:
    """Give the text of `body`, which `content_type` may name a charset for.

    Text that decodes strictly as UTF-8 is UTF-8 whatever the page says of itself: the chance that
    another charset looks like it is negligible, and wrong declarations are common. NUL characters are
    dropped, as browsers do, and so is a byte order mark; lone surrogates become U+FFFD. Never raises.
    """
    source = Source(body) if isinstance(body, str) else _decode_bytes(body, content_type)
    if len(source.text) > MAX_SOURCE_CHARS:
        source.warnings.append(f"page cut at {MAX_SOURCE_CHARS:,} of {len(source.text):,} characters")
        source.text = source.text[:MAX_SOURCE_CHARS]
        source.utf8 = None
    if source.utf8 is None:
        source.text = repair(source.text.removeprefix("\ufeff"))
    return source


def _decode_bytes(body: bytes, content_type: str | None) -> Source:
    bom_encoding, bom = read_bom(body)
    encoding = bom_encoding or utf_16_without_bom(body) or _iso_2022(body, content_type)
    if encoding:
        return Source(body[len(bom or b"") :].decode(encoding, "replace"))
    try:
        return Source(body.decode("utf-8"), utf8=None if b"\0" in body else body)
    except UnicodeDecodeError:
        warnings: list[str] = []
        return Source(_decode_damaged(body, _declared_encoding(body, content_type), warnings), warnings)


def _decode_damaged(body: bytes, declared: str | None, warnings: list[str]) -> str:
    """The text of bytes that are not UTF-8 throughout."""
    if declared and declared != "utf-8":
        text = body.decode(declared, "replace")
        if "\ufffd" in text:
            warnings.append(f"bytes that are not {declared}, as the page declares, were replaced")
        return text
    text = body.decode("utf-8", "replace")
    non_ascii = sum(1 for byte in body if byte > 127) if len(body) < 1_000_000 else len(body) // 10
    if text.count("\ufffd") <= MOSTLY_VALID_SHARE * non_ascii:
        warnings.append("bytes that are not UTF-8 were replaced")
        return text
    warnings.append("the charset is not declared truly; windows-1252 assumed")
    return body.decode("cp1252", "replace")


def _iso_2022(body: bytes, content_type: str | None) -> str | None:
    """A declared ISO-2022 charset: all its bytes are ASCII, escapes switch between sets of characters."""
    declared = _declared_encoding(body, content_type) if b"\x1b" in body else None
    return declared if declared and declared.startswith("iso2022") else None


def utf_16_without_bom(body: bytes) -> str | None:
    """The byte order of UTF-16 without a mark: every second byte of its markup is NUL, the others are not."""
    start = body[:META_CHARSET_WINDOW]
    high, low = start[::2].count(0), start[1::2].count(0)
    if (
        len(start) < MIN_WIDE_BYTES
        or max(high, low) * 4 <= len(start)
        or min(high, low) * 20 > max(high, low)
    ):
        return None
    return "utf-16-be" if high > low else "utf-16-le"


def _declared_encoding(body: bytes, content_type: str | None) -> str | None:
    """The charset that the HTTP header or the page's head names, as a Python codec's name."""
    named = http_content_type_encoding(content_type)
    if not named:
        match = _META_CHARSET.search(body, 0, META_CHARSET_WINDOW)
        named = resolve_encoding(match.group(1).decode("ascii")) if match else None
    if not named:
        return None
    try:
        b"a\xff\xff".decode(named, "replace")  # refuses codecs from bytes to bytes, such as hex
        name = codecs.lookup(named).name
    except (LookupError, ValueError):
        return None
    return None if name in _NO_CHARSETS else name


def parse_html(document: str | bytes, warnings: list[str] | None = None) -> etree._Element | None:
    """Parse `document`, bytes being UTF-8, into a tree; `None` where there is no element and no text at all.

    The whole text of the page is in the tree at any depth of nesting. What was dropped of its markup is said
    in `warnings`.
    """
    said: list[str] = [] if warnings is None else warnings
    raw = tame(document.encode("utf-8") if isinstance(document, str) else document, said)
    root, too_deep = _tree(raw)
    if too_deep:
        said.append(f"elements nested deeper than {MAX_TREE_DEPTH:,} were flattened")
        root, too_deep = _tree(flattened(raw))
    return _tree(untagged(raw))[0] if too_deep else root


def _tree(raw: bytes) -> tuple[etree._Element | None, bool]:
    """The tree of a page, and whether it lacks the end of the page for its depth."""
    parser = _tree_parser()
    try:
        root = cast("etree._Element | None", etree.fromstring(raw, parser))
    except etree.XMLSyntaxError:
        return None, False
    if root is None:  # nothing but white space, comments or processing instructions
        return None, False
    while (sibling := root.getnext()) is not None:  # what stands after </html>
        root.append(sibling)
    return root, any(entry.type == _RESOURCE_LIMIT for entry in parser.error_log)


def _tree_parser() -> etree.HTMLParser[etree._Element]:
    parser: etree.HTMLParser[etree._Element] = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    return parser
