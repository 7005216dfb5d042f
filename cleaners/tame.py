"""What the parser is spared, so that no page costs minutes or loses its text there.

libxml2 takes time by the square of one element's attributes and by the product of open elements and stray
end tags, and it stops at 2,048 open elements, dropping what follows. Pages that people read come nowhere
near any of this; in the others tags and attributes go, and the text stays.
"""

from __future__ import annotations

import re
from typing import Final

from cleaners.limits import MAX_ATTRIBUTES, MAX_TAGS, MAX_TREE_DEPTH

UNCROWDED_BYTES: Final = 16_384
"""A run of this many bytes without a tag's end is looked at: it may be a tag with a crowd of attributes."""

CROWDED_TOKENS: Final = 512
"""Words, quoted values and slashes in such a run below which it holds no crowd: packed data or scripts."""

SMALL_BYTES: Final = 512_000
"""Up to this size a page is looked at in places; in a larger one crowds too small for that add up."""

# All of these are possessive or have one way to match: no page can make them try a place twice.
_VALUE: Final = rb"""(?:\s*+(?:"[^"]*+"|'[^']*+'))"""
_TAG_END: Final = re.compile(rb"(?:[^>=]++|=" + _VALUE + rb"?+)*+(?:>|\Z)")
_TAG_END_SOON: Final = re.compile(rb"(?:[^>=]++|=" + _VALUE + rb"?+)*+>")
_COMMENT: Final = rb"!--(?!-?>)[^-]*+(?:-(?!-!?>)[^-]*+)*+"
_RAW: Final = rb"[^<]*+(?:<(?!/(?:script|style))[^<]*+)*+"

# A page up to the first tag that is long or has many attributes. A tag is short where it has at most 40
# values and at most 250 bytes between them.
_SHORT: Final = rb"(?:[^>=]{0,250}+=" + _VALUE + rb"?+){0,40}+[^>=]{0,250}+>"
_ORDINARY: Final = re.compile(
    rb"(?:[^<]++|<(?:[a-rt-z]%(short)b|/[^>]*+|s(?:(?:cript|tyle)\b%(short)b%(raw)b|%(short)b)"
    rb"|%(comment)b|[!?][^>]*+|(?![a-z/!?])))*+" % {b"short": _SHORT, b"raw": _RAW, b"comment": _COMMENT},
    re.IGNORECASE,
)
_FIRST_ATTRIBUTES: Final = re.compile(
    rb"""<[^\s/>]*+(?:[\s/]*+(?:=[^\s/>=]*+|[^\s/>=]++)"""
    rb"""(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+){0,%d}+""" % MAX_ATTRIBUTES
)

# Tags, and what is skipped with its content. An unclosed one runs to the page's end.
_TAG: Final = re.compile(
    rb"<(?=[a-z/!?])(?:%(comment)b(?:--!?>)?+|[!?][^>]*+>?+"
    rb"|(?P<skipped>script|style|svg)\b[^<]*+(?:<(?!/(?P=skipped))[^<]*+)*+(?:</[^>]*+>?+)?+"
    rb"|(?P<end>/)?+(?P<name>[a-z][^\s/>]*+)(?:[^>=]++|=%(value)b?+)*+>?+)"
    % {b"comment": _COMMENT, b"value": _VALUE},
    re.IGNORECASE,
)

_INLINE: Final = frozenset(
    b"a abbr b bdo big cite code del em font i ins kbd s small span strike strong u".split()
)
_VOID: Final = frozenset(
    b"area base basefont br col embed frame hr img input link meta param source track wbr".split()
)
_UNCLOSED: Final = frozenset(b"dd dt li option p td th tr".split())
"""Elements that most authors leave open: the next of its kind ends one."""


def tame(raw: bytes, warnings: list[str]) -> bytes:
    """`raw`, UTF-8 HTML, without the tags after `MAX_TAGS` and the attributes after `MAX_ATTRIBUTES`."""
    if len(raw) > MAX_TAGS and raw.count(b"<") > MAX_TAGS:
        warnings.append(f"more than {MAX_TAGS:,} tags: of what follows only the text was kept")
        late = len(raw) - len(raw.split(b"<", MAX_TAGS)[-1]) - 1
        raw = raw[:late] + b"<hr>" + untagged(raw[late:])
    if _may_be_crowded(raw):
        thin = _thinned(raw)
        if len(thin) < len(raw):
            warnings.append(f"attributes after the first {MAX_ATTRIBUTES:,} of an element were dropped")
            raw = thin
    return raw


def flattened(raw: bytes) -> bytes:
    """`raw` with at most about `MAX_TREE_DEPTH` elements open at once; those beyond only part the text.

    An end tag counts where it ends the innermost element, so the parser, which closes more by itself,
    never has more elements open than are counted here.
    """
    stack: list[bytes] = []

    def place(match: re.Match[bytes]) -> bytes:
        tag, name = match[0], (match["name"] or b"").lower()
        if not name:
            skipped = (match["skipped"] or b"").lower()
            return b"" if skipped == b"svg" or (skipped and len(stack) >= MAX_TREE_DEPTH) else tag
        if match["end"]:
            if stack and stack[-1] == name:
                stack.pop()
            return tag
        if name in _VOID or (name in _UNCLOSED and stack and stack[-1] == name):
            return tag
        if len(stack) >= MAX_TREE_DEPTH:
            return b"" if name in _INLINE else b"<hr>"
        stack.append(name)
        return tag

    return _TAG.sub(place, raw)


def untagged(raw: bytes) -> bytes:
    """`raw` without any tags, comments, scripts, styles and drawings: the last resort."""
    return _TAG.sub(b" ", raw)


def _may_be_crowded(raw: bytes) -> bool:
    """Whether an element may have a crowd of attributes. May be wrong in saying so: scripts look alike."""
    if len(raw) > SMALL_BYTES:
        return True
    for start in range(UNCROWDED_BYTES, len(raw), UNCROWDED_BYTES):
        end = start + UNCROWDED_BYTES
        if not _TAG_END_SOON.match(raw, start, end):
            run = raw[start:end]
            values = run.count(b'="') + run.count(b"='") + run.count(b"/")
            if values + len(run.split(None, CROWDED_TOKENS)) > CROWDED_TOKENS:
                return True
    return False


def _thinned(raw: bytes) -> bytes:
    """`raw` with the first `MAX_ATTRIBUTES` attributes of every element."""
    pieces: list[bytes] = []
    kept = place = 0
    while True:
        matched = _ORDINARY.match(raw, place)
        start = matched.end() if matched else len(raw)
        first = _FIRST_ATTRIBUTES.match(raw, start)
        if first is None:
            pieces.append(raw[kept:])
            return b"".join(pieces)
        ended = _TAG_END.match(raw, first.end())
        place = ended.end() if ended else len(raw)
        if raw[first.end() : place].strip(b" \t\r\n\f/>"):
            pieces.append(raw[kept : first.end()])
            kept = place - 1 if raw[place - 1 : place] == b">" else place
