"""Records of articles for tests of how they are explained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from audit.explained.record import ArticleRecord

Said = tuple[str, str, float]

PAGE: list[Said] = [
    ("Home", "navigation", 0.96),
    ("Crane falls at Velm", "title", 0.99),
    ("The harbour at Velm was closed on Tuesday after a crane fell.", "body", 0.99),
    ("Nobody was hurt, the harbour master said.", "body", 0.55),
    ("Subscribe to our newsletter", "newsletter", 0.98),
    ("© 2025 The Velm Post", "copyright", 0.97),
]
"""A page's blocks: text, type, confidence."""


def block(text: str, kind: str, confidence: float, **more: Any) -> dict[str, Any]:
    return {
        "text": text,
        "type": kind,
        "confidence": confidence,
        "reason": f"rule for {kind}",
        "markup": "p",
        "path": f"body > div.{kind} > p",
        "hidden_in": None,
        "repeats": None,
        "kept": kind in {"title", "byline", "caption", "body"},
        **more,
    }


def record(blocks: Sequence[dict[str, Any]] | Sequence[Said] | None = None, **more: Any) -> dict[str, Any]:
    """The JSON record of a page with these blocks."""
    given = [one if isinstance(one, dict) else block(*one) for one in (PAGE if blocks is None else blocks)]
    return {
        "schema_version": 1,
        "url": "https://velm.example/crane",
        "canonical_url": None,
        "site": "velm.example",
        "title": "Crane falls at Velm",
        "authors": ["Ada Quill"],
        "published": "2025-03-04T00:00:00",
        "modified": None,
        "language": "en",
        "text": "\n\n".join(one["text"] for one in given if one["type"] == "body"),
        "markdown": "",
        "categories": [],
        "claimed_source": None,
        "boilerplate": {},
        "blocks": given,
        "warnings": [],
        "fingerprints": [{"kind": "adsense", "value": "pub-1234567890123456"}],
        "fetched_at": None,
        "discovered_by": "file",
        "lastmod": None,
        "revision": 1,
        **more,
    }


def article(blocks: Sequence[dict[str, Any]] | Sequence[Said] | None = None, **more: Any) -> ArticleRecord:
    return ArticleRecord.of(record(blocks, **more))
