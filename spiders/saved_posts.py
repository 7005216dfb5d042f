"""A saved answer of the WordPress REST API -> one page a post."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from cleaners.article import Page
from cleaners.wordpress import entries_in


def posts_in(page: Page) -> list[Page]:
    """A page for each entry of the list of posts that `page` holds; none where it holds no such list.

    The address of each is the post's own, else the answer's with the number of the entry.
    """
    if not _may_be_list(page.body):
        return []
    return [_entry_page(entry, number, page) for number, entry in enumerate(entries_in(page.body), 1)]


def _may_be_list(body: bytes | str) -> bool:
    start = body[:64].lstrip()
    return start.startswith(b"[") if isinstance(start, bytes) else start.startswith("[")


def _entry_page(entry: Any, number: int, answer: Page) -> Page:
    link = entry.get("link") if isinstance(entry, dict) else None
    url = link if isinstance(link, str) and link else f"{answer.url}#{number}"
    return replace(answer, url=url, body=json.dumps(entry), content_type="application/json", headers={})
