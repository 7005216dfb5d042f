"""What `relate` and the corpus make of republished stories: what the scorer of stories calls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pipelines.reuse.reading import Reading, Story, read
from pipelines.reuse.relation import relate


def pairs(later: dict[str, Any], earlier: dict[str, Any]) -> str:
    """The relation of a later document to an earlier one."""
    return relate(_reading(later), _reading(earlier)).kind


def _reading(document: dict[str, Any]) -> Reading:
    return read(
        Story(
            paragraphs=tuple(document["paragraphs"]),
            language=document["language"],
            title=document["title"],
            published=datetime.fromisoformat(document["published"]),
        )
    )
