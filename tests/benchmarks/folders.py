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

TRUTH = (
    "The town council of Aldermoor voted on Monday to keep the swimming pool open for two more years.\n\n"
    "Twelve of the nineteen members supported the plan, which will cost about 300,000 crowns a year."
)


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
