"""Made-up data folders in the formats that the benchmarks read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

ARTICLE = """<html lang="en"><head><title>The pool stays open</title></head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>The pool stays open</h1>
<p>The town council of Aldermoor voted on Monday to keep the swimming pool open for two more years.</p>
<p>Twelve of the nineteen members supported the plan, which will cost about 300,000 crowns a year.</p>
</article><footer><p>Copyright 2025 Moor Herald. All rights reserved.</p></footer></body></html>"""

PARAGRAPHS = (
    "The town council of Aldermoor voted on Monday to keep the swimming pool open for two more years.",
    "Twelve of the nineteen members supported the plan, which will cost about 300,000 crowns a year.",
)
TRUTH = "\n\n".join(PARAGRAPHS)


def write_page(
    folder: Path,
    name: str,
    *,
    html: str = ARTICLE,
    truth: str | None = TRUTH,
    url: str | None = None,
    kind: str = "article",
) -> None:
    """Add a page to a folder in the public benchmark's format; with `truth` None, without a record."""
    (folder / "html").mkdir(parents=True, exist_ok=True)
    (folder / "ground-truth").mkdir(exist_ok=True)
    (folder / "html" / f"{name}.html.gz").write_bytes(gzip.compress(html.encode("utf-8")))
    if truth is None:
        return
    record: dict[str, Any] = {
        "_internal": {"page_type": {"primary": kind}},
        "ground_truth": {"main_content": truth, "with": [truth[:20]], "without": ["Sport"]},
    }
    if url is not None:
        record["url"] = url
    (folder / "ground-truth" / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")


SCORER = '''"""A stand-in for the data folder's scorer, for pages of few words."""

import re
from difflib import SequenceMatcher


def words(blocks):
    found = [(word, (kind, number)) for number, (text, kind) in enumerate(blocks) for word in split(text)]
    return [word for word, _ in found], [label for _, label in found]


def split(text):
    return re.findall(r"[^\\W_]+", text.lower())


def align(ours, theirs):
    twins = [None] * len(ours)
    for match in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks():
        for step in range(match.size):
            twins[match.a + step] = match.b + step
    return twins
'''

BLOCKS = [
    ("Home", "navigation"),
    ("Sport", "navigation"),
    ("The pool stays open", "title"),
    (PARAGRAPHS[0], "body"),
    (PARAGRAPHS[1], "body"),
    ("Copyright 2025 Moor Herald. All rights reserved.", "copyright"),
]


def write_typed(
    shared: Path, name: str, *, html: str = ARTICLE, blocks: list[tuple[str, str]] = BLOCKS, **fields: str
) -> None:
    """Add an annotated page to a folder of shared data, with the scorer that reads it."""
    (shared / "tools").mkdir(parents=True, exist_ok=True)
    (shared / "tools" / "typedscore.py").write_text(SCORER, encoding="utf-8")
    folder = shared / "gold" / "typed"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.html.gz").write_bytes(gzip.compress(html.encode("utf-8")))
    record = {"id": name, "url": None, "kind": "article", "blocks": blocks} | fields
    (folder / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")
