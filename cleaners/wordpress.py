"""A WordPress REST API post (`/wp-json/wp/v2/posts`) read into what the cleaner needs.

Only the reading of the JSON stands here: the post's HTML goes on to the segmenter like any page's.
Besides the API's own fields it knows those of the Yoast plug-in (`yoast_head_json`) and of our spider
(`_thresher`, which holds names that were asked for separately).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from cleaners.strings import repair, unescape
from cleaners.urls import absolute

MAX_NAME_LENGTH: Final = 200
"""Characters of an author or category; longer ones are no names."""

_TAG: Final = re.compile(r"<[^<>]{0,2000}>")
_SPACE: Final = re.compile(r"\s+")
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2,3})(?:[-_].{0,20})?")
_SLUG: Final = re.compile(r"[\w.%-]{1,200}", re.ASCII)
_POST_FIELDS: Final = frozenset({"date", "date_gmt", "excerpt", "guid", "link", "slug"})


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPressPost:
    """One post. `title` is plain text, `content_html` is as the API gave it.

    The page's text is the title and the content; the excerpt repeats the content and is no part of
    it. Times are in UTC. `users` are the authors as their pages' addresses name them. `protected` says that
    the content is behind a password.
    """

    link: str | None
    title: str | None
    content_html: str
    published: datetime | None = None
    modified: datetime | None = None
    authors: list[str] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    language: str | None = None
    canonical: str | None = None
    protected: bool = False


def entries_in(data: bytes | str) -> list[Any]:
    """The entries of an answer of the API, a JSON list with posts in it; empty for anything else."""
    answer = _load(data)
    if not isinstance(answer, list):
        return []
    return answer if any(isinstance(entry, dict) and parse_post(entry) for entry in answer) else []


def parse_post(data: bytes | str | dict[str, Any]) -> WordPressPost | None:
    """The post that `data` holds, or `None` when it holds no post, or several.

    A list of exactly one post counts as that post.
    """
    post = _load(data)
    if isinstance(post, list) and len(post) == 1:
        post = post[0]
    if not isinstance(post, dict):
        return None
    content = _rendered(post.get("content"))
    if content is None or "title" not in post or _POST_FIELDS.isdisjoint(post):
        return None
    yoast = _dict(post.get("yoast_head_json"))
    link = absolute(_text(post.get("link")), None)
    return WordPressPost(
        link=link,
        title=_plain(_rendered(post.get("title"))),
        content_html=content,
        published=_utc(post, "date"),
        modified=_utc(post, "modified"),
        authors=_authors(post, yoast),
        users=_users(post),
        categories=_categories(post),
        language=_language(post, yoast),
        canonical=absolute(_text(yoast.get("canonical")), link),
        protected=_dict(post.get("content")).get("protected") is True,
    )


def _load(data: bytes | str | dict[str, Any]) -> Any:
    if isinstance(data, dict):
        return data
    try:
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
        return json.loads(text.removeprefix("\ufeff"), strict=False)
    except (ValueError, RecursionError):
        return None


def _authors(post: dict[str, Any], yoast: dict[str, Any]) -> list[str]:
    embedded = _dict(post.get("_embedded")).get("author")
    ours = _dict(post.get("_thresher")).get("authors")
    return _names(embedded) or _names(ours) or _names([yoast.get("author")])


def _users(post: dict[str, Any]) -> list[str]:
    embedded = _list(_dict(post.get("_embedded")).get("author"))
    slugs = (_text(_dict(author).get("slug")) for author in embedded)
    return list(dict.fromkeys(slug.lower() for slug in slugs if slug and _SLUG.fullmatch(slug)))


def _categories(post: dict[str, Any]) -> list[str]:
    groups = _list(_dict(post.get("_embedded")).get("wp:term"))
    terms = [term for group in groups for term in _list(group)]
    embedded = _names(term for term in terms if _dict(term).get("taxonomy") == "category")
    return embedded or _names(_dict(post.get("_thresher")).get("categories"))


def _names(values: Any) -> list[str]:
    """Names of the given strings or `{"name": …}` objects, each once, in order."""
    if not isinstance(values, Iterable) or isinstance(values, (str, dict)):
        return []
    found: dict[str, str] = {}
    for value in values:
        name = _plain(_text(value.get("name") if isinstance(value, dict) else value))
        if name and len(name) <= MAX_NAME_LENGTH:
            found.setdefault(name.casefold(), name)
    return list(found.values())


def _language(post: dict[str, Any], yoast: dict[str, Any]) -> str | None:
    for value in (post.get("lang"), yoast.get("og_locale")):
        match = _LANGUAGE.fullmatch(_text(value) or "")
        if match:
            return match[1].lower()
    return None


def _utc(post: dict[str, Any], name: str) -> datetime | None:
    """The time in UTC; the local time stands in for it only where the API leaves UTC out."""
    for value in (post.get(f"{name}_gmt"), post.get(name)):
        try:
            moment = datetime.fromisoformat(_text(value) or "")
            # A draft's date is all zeros, and some sites give year 1 for "never".
            if moment.year > 1:
                return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            continue
    return None


def _rendered(value: Any) -> str | None:
    return _text(value.get("rendered")) if isinstance(value, dict) else _text(value)


def _plain(markup: str | None) -> str | None:
    if markup is None:
        return None
    return _SPACE.sub(" ", unescape(_TAG.sub("", markup))).strip() or None


def _text(value: Any) -> str | None:
    return repair(value) if isinstance(value, str) else None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
