"""Real pages, damaged at random. A damaged page is known by its number, and can be had again by it:

    python -m tests.fuzz.mutate 417           # checks page 417 and writes it to mutated-417
    python -m tests.fuzz.mutate 1000 5000     # checks pages 1000 to 4999 and names those that fail

Pages with odd numbers come from the benchmark where its data is there, all others from the demonstration.
"""

from __future__ import annotations

import functools
import gzip
import random
import re
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import shared_folder
from tests.fuzz.invariants import assert_in_order
from thresher.demo.press import load_press
from thresher.demo.render import Renderer

REAL_PAGES = 60
MAX_REAL_BYTES = 100_000
"""Real pages larger than this are left out: a case is to take tens of milliseconds."""

_TAG = re.compile(rb"<[^<>]{1,400}>")
_WORD = re.compile(rb"[A-Za-z]{3,}")

Mutation = Callable[[random.Random, bytes, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Mutated:
    """One damaged page, and what its server says of it."""

    body: bytes | str
    content_type: str | None
    url: str | None


@functools.cache
def demo_pages() -> tuple[bytes, ...]:
    """Every story of the demonstration, its fronts, and its API's answers."""
    press = load_press()
    renderer = Renderer(press, lambda host: f"http://{host}")
    paths = [(story.host, story.path) for story in press.stories()]
    fronts = [(host, "/") for host in sorted({host for host, _ in paths})]
    return tuple(renderer.respond(host, path).body for host, path in [*paths, *fronts])


@functools.cache
def real_pages() -> tuple[bytes, ...]:
    """Pages of the benchmark, evenly from all of it; none where its data is not there."""
    try:
        files = sorted((shared_folder() / "wcxb" / "dev" / "html").glob("*.html.gz"))
    except FileNotFoundError:
        return ()
    pages = (gzip.decompress(file.read_bytes()) for file in files[:: max(1, len(files) // (4 * REAL_PAGES))])
    return tuple(page for page in pages if len(page) <= MAX_REAL_BYTES)[:REAL_PAGES]


def mutated(number: int) -> Mutated:
    """The damaged page of this number."""
    rng = random.Random(number)
    pages = (real_pages() if number % 2 else ()) or demo_pages()
    page = rng.choice(pages)
    for mutation in rng.choices(MUTATIONS, k=rng.randint(1, 6)):
        page = mutation(rng, page, rng.choice(pages))[: 3 * MAX_REAL_BYTES]
    body = page.decode("utf-8", "surrogateescape") if rng.random() < 0.15 else page
    return Mutated(body, rng.choice(CONTENT_TYPES), rng.choice(URLS))


CONTENT_TYPES = (
    *(None, "text/html", "text/html", "text/html; charset=utf-8", "text/html; charset=iso-8859-1"),
    *("text/html; charset=utf-16", "text/html; charset=nonsense", "text/plain", "application/json", "a/b;c"),
)
URLS = (
    None,
    "https://example.org/a/story",
    "//",
    "http://[::1",
    "ftp://x.y/z",
    "https://ex\x00ample.org/ü",
    "a b",
)

# --- Ways to damage a page ------------------------------------------------------------------------------

NESTABLE = (
    b"div b a span font table td ul li p blockquote select svg noscript template pre h1 form button".split()
)
ENTITIES = (
    b"&lt; &amp;lt; &#0; &#xD800; &#x110000; &nosuch; &copy &#128512; &lt;script&gt; &#x81; &nbsp; &".split()
)
CHARSETS = (
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "cp1251",
    "shift_jis",
    "gb18030",
    "iso-8859-2",
    "utf-7",
)
SNIPPETS = (
    *(b"<script>", b"</script>", b"<style>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<svg>", b"</svg>"),
    *(
        b"<textarea placeholder='x'>",
        b"<title>",
        b"<plaintext>",
        b"<template>",
        b"</html>",
        b"</body>",
        b"<html>",
    ),
    *(
        b"<base href='//['>",
        b"<meta charset=utf-16>",
        b"<?xml version='1.0' encoding='utf-16'?>",
        b"<br><br>",
    ),
    *(
        b"<noscript>",
        b"<iframe>",
        b"<select><option>a",
        b"<table><tr><td>a<td>b",
        b"<input placeholder=' a '>",
    ),
    *(b'<script type="application/ld+json">{"@type": ["Article", 1], "author": {"name": [null]}}</script>',),
    *(b'<script type="application/ld+json">[{"@graph": {"@graph": []}, "datePublished": 1e999}]</script>',),
    *(
        b"<meta property=article:published_time content='99999999999999'>",
        b"<link rel=canonical href='http://\xff'>",
    ),
    *(
        b"<h1 itemprop=headline>",
        b"<time datetime='0000-00-00'>",
        b"<div hidden style='display:none'>",
        b"\x00" * 9,
    ),
    *(
        "<p>\u202e\u200d\ufeff\u2028\u0301</p>".encode(),
        b"<p>This post appeared first on <a href='//a.b'>c</a>",
    ),
    *(
        b"Source: ",
        b"By  and  and ",
        b'{"a": 1}',
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"\x1b$B",
        b"<a href='//x.y'>",
    ),
)


def _slice(rng: random.Random, page: bytes, longest: int = 5_000) -> tuple[int, int]:
    start = rng.randrange(len(page) + 1)
    return start, min(len(page), start + rng.randrange(longest))


def _tag(rng: random.Random, page: bytes) -> tuple[int, int]:
    """A tag at random; nothing at the page's start where it has none."""
    match = _TAG.search(page, rng.randrange(len(page) + 1)) or _TAG.search(page)
    return match.span() if match else (0, 0)


def flip_bytes(rng: random.Random, page: bytes, _: bytes) -> bytes:
    changed = bytearray(page)
    for _place in range(rng.choice((1, 10, 100)) if page else 0):
        changed[rng.randrange(len(page))] = rng.randrange(256)
    return bytes(changed)


def delete_slice(rng: random.Random, page: bytes, _: bytes) -> bytes:
    start, end = _slice(rng, page)
    return page[:start] + page[end:]


def repeat_slice(rng: random.Random, page: bytes, _: bytes) -> bytes:
    start, end = _slice(rng, page, 500)
    return page[:end] + page[start:end] * rng.choice((1, 5, 100)) + page[end:]


def splice(rng: random.Random, page: bytes, other: bytes) -> bytes:
    return page[: rng.randrange(len(page) + 1)] + other[rng.randrange(len(other) + 1) :]


def truncate(rng: random.Random, page: bytes, _: bytes) -> bytes:
    return page[: rng.randrange(len(page) + 1)]


def repeat_tag(rng: random.Random, page: bytes, _: bytes) -> bytes:
    start, end = _tag(rng, page)
    return page[:start] + page[start:end] * rng.choice((2, 20, 3_000)) + page[end:]


def delete_tags(rng: random.Random, page: bytes, _: bytes) -> bytes:
    share = rng.choice((0.02, 0.2, 0.9))
    return _TAG.sub(lambda match: b"" if rng.random() < share else match[0], page)


def swap_tags(rng: random.Random, page: bytes, _: bytes) -> bytes:
    (start, end), (later, last) = sorted((_tag(rng, page), _tag(rng, page)))
    if later < end:
        return page
    return page[:start] + page[later:last] + page[end:later] + page[start:end] + page[last:]


def change_case(rng: random.Random, page: bytes, _: bytes) -> bytes:
    return _TAG.sub(lambda match: match[0].upper() if rng.random() < 0.5 else match[0], page)


def add_attributes(rng: random.Random, page: bytes, _: bytes) -> bytes:
    end = _tag(rng, page)[1]
    form = rng.choice((" a%d", " a%d=b", " a%d='<>'", ' a%d="', " class=c%d", " data-x%d='http://a.b/%%'"))
    added = "".join(form.replace("%d", str(number)) for number in range(rng.choice((1, 30, 5_000))))
    return page[: max(0, end - 1)] + added.encode() + page[max(0, end - 1) :]


def change_quotes(rng: random.Random, page: bytes, _: bytes) -> bytes:
    before, after = rng.sample((b'"', b"'", b"", b"=", b">", b"`"), 2)
    return page.replace(before, after, rng.choice((1, 50, -1))) if before else page


def add_entities(rng: random.Random, page: bytes, _: bytes) -> bytes:
    place = rng.randrange(len(page) + 1)
    added = b"".join(rng.choices(ENTITIES, k=rng.choice((1, 20, 5_000))))
    return page[:place] + added + page[place:]


def change_charset(rng: random.Random, page: bytes, _: bytes) -> bytes:
    return page.decode("utf-8", "replace").encode(rng.choice(CHARSETS), "replace")


def nest(rng: random.Random, page: bytes, _: bytes) -> bytes:
    start, end = _slice(rng, page)
    tag, depth = rng.choice(NESTABLE), rng.choice((3, 100, 4_000))
    closing = b"</%b>" % tag * depth if rng.random() < 0.5 else b""
    return page[:start] + b"<%b>" % tag * depth + page[start:end] + closing + page[end:]


def add_snippets(rng: random.Random, page: bytes, _: bytes) -> bytes:
    for snippet in rng.choices(SNIPPETS, k=rng.choice((1, 4, 30))):
        place = rng.randrange(len(page) + 1)
        page = page[:place] + snippet + page[place:]
    return page


def add_controls(rng: random.Random, page: bytes, _: bytes) -> bytes:
    place = rng.randrange(len(page) + 1)
    return page[:place] + bytes(rng.choices(range(0x20), k=rng.choice((1, 20)))) + page[place:]


def lengthen_word(rng: random.Random, page: bytes, _: bytes) -> bytes:
    match = _WORD.search(page, rng.randrange(len(page) + 1))
    if match is None:
        return page
    return page[: match.end()] + match[0][:30] * rng.choice((10, 20_000)) + page[match.end() :]


MUTATIONS: tuple[Mutation, ...] = (
    *(
        flip_bytes,
        delete_slice,
        repeat_slice,
        splice,
        truncate,
        repeat_tag,
        delete_tags,
        swap_tags,
        change_case,
    ),
    *(add_attributes, change_quotes, add_entities, change_charset, nest, add_snippets, add_controls),
    *(lengthen_word, add_snippets, nest),
)


def main() -> None:
    """Check the pages of the numbers given and name those that fail."""
    first, *end = map(int, sys.argv[1:3])
    numbers = range(first, end[0] if end else first + 1)
    failed = []
    for number in numbers:
        page = mutated(number)
        try:
            assert_in_order(page.body, page.content_type, page.url)
        except Exception:
            failed.append(number)
            sys.stdout.write(f"page {number}: {traceback.format_exc(limit=-3)}\n")
    if len(numbers) == 1:
        body = page.body if isinstance(page.body, bytes) else page.body.encode("utf-8", "surrogatepass")
        Path(f"mutated-{first}").write_bytes(body)
    sys.exit(f"failed: {failed}" if failed else 0)


if __name__ == "__main__":
    main()
