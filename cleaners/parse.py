"""Bytes or text -> an lxml tree, whatever the page: wrong charsets, NUL bytes, 100,000 open elements.

libxml2 stops reading at 2,048 open elements (a fixed limit of its tree builder) and silently drops
what follows. Its event interface has no such limit, so a page that deep is read again by events and
built into a tree whose deepest levels are flattened: no text is lost.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import Final

from lxml import etree
from lxml.html import HtmlElement, HtmlElementClassLookup
from w3lib.encoding import http_content_type_encoding, read_bom, resolve_encoding

from cleaners.limits import MAX_SOURCE_CHARS, MAX_TREE_DEPTH
from cleaners.strings import repair

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
    """A page's text, decoded, with what had to be assumed on the way."""

    text: str
    warnings: list[str] = field(default_factory=list)


def decode(body: bytes | str, content_type: str | None = None) -> Source:
    """Give the text of `body`, which `content_type` may name a charset for.

    Text that decodes strictly as UTF-8 is UTF-8 whatever the page says of itself: the chance that
    another charset looks like it is negligible, and wrong declarations are common. NUL characters are
    dropped, as browsers do, and so is a byte order mark; lone surrogates become U+FFFD. Never raises.
    """
    warnings: list[str] = []
    text = body if isinstance(body, str) else _decode_bytes(body, content_type, warnings)
    if len(text) > MAX_SOURCE_CHARS:
        warnings.append(f"page cut at {MAX_SOURCE_CHARS:,} of {len(text):,} characters")
        text = text[:MAX_SOURCE_CHARS]
    return Source(repair(text.removeprefix("\ufeff")), warnings)


def _decode_bytes(body: bytes, content_type: str | None, warnings: list[str]) -> str:
    bom_encoding, bom = read_bom(body)
    encoding = bom_encoding or _utf_16_without_bom(body) or _iso_2022(body, content_type)
    if encoding:
        return body[len(bom or b"") :].decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_damaged(body, _declared_encoding(body, content_type), warnings)


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


def _utf_16_without_bom(body: bytes) -> str | None:
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


def parse_html(text: str) -> HtmlElement | None:
    """Parse `text` into a tree; `None` where there is no element and no text at all.

    The whole text of the page is in the tree at any depth of nesting.
    """
    raw = text.encode("utf-8")
    parser = _tree_parser()
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError:  # nothing but white space, comments or processing instructions
        return None
    if any(entry.type == _RESOURCE_LIMIT for entry in parser.error_log):
        return _parse_deep(raw)
    return root


def _parse_deep(raw: bytes) -> HtmlElement:
    target = _FlatteningBuilder()
    # The stubs ask for all methods that a target may have; lxml asks for those below.
    events = etree.HTMLParser(encoding="utf-8", huge_tree=True, target=target)  # type: ignore[call-overload]
    root = etree.fromstring(raw, events)
    assert isinstance(root, HtmlElement)
    return root


def _tree_parser() -> etree.HTMLParser[HtmlElement]:
    parser: etree.HTMLParser[HtmlElement] = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    parser.set_element_class_lookup(HtmlElementClassLookup())
    return parser


class _FlatteningBuilder:
    """Parser target that builds a tree of at most `MAX_TREE_DEPTH` levels.

    An element beyond that depth becomes an empty sibling, which still parts the text around it.
    """

    def __init__(self) -> None:
        self._builder = etree.TreeBuilder(element_factory=_tree_parser().makeelement)
        self._depth = 0
        self._skipping = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth <= MAX_TREE_DEPTH:
            self._builder.start(tag, attributes)
            return
        if tag in SKIPPED_TAGS:
            self._skipping += 1
            return
        self._builder.start(tag, attributes)
        self._builder.end(tag)

    def end(self, tag: str) -> None:
        if self._depth <= MAX_TREE_DEPTH:
            self._builder.end(tag)
        elif tag in SKIPPED_TAGS:
            self._skipping -= 1
        self._depth -= 1

    def data(self, data: str) -> None:
        if not self._skipping:
            self._builder.data(data)

    def close(self) -> etree._Element:
        return self._builder.close()
