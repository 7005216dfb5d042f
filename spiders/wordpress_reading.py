"""How far the reading of a WordPress REST API is, and what its answers say of posts and of their number."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from scrapy.http import Response

from cleaners.urls import site_of
from spiders.moments import parse_moment
from spiders.rest import RestApi

WORDPRESS_API: Final = "wordpress-api"
"""What led to a page that is a post of the API."""

UNKNOWN: Final = -1
"""The number of posts, where the API does not tell it."""


@dataclass(slots=True)
class Reading:
    """How far the reading of one API is.

    `cursor` is where it was left: `newest` is the time up to which changes are held, `reached` how far back
    the first reading has come if it did not end, `surplus` the posts that give no article. `queries` are the
    bounds of what is still to be read, the one under way first; `newest` is the latest time seen, `held` the
    keys of posts that were offered and may not have ended, `step` the cursor's next value once they have.
    `damaged` tells that a page of the list is missing, so that the cursor must stay. `total` is the number of
    posts, as far as the API tells it, `listed` holds the links of all posts by number.
    """

    api: RestApi
    probe: dict[str, Any]
    cursor: dict[str, Any] = field(default_factory=dict)
    queries: deque[dict[str, str]] = field(default_factory=deque)
    newest: datetime | None = None
    held: list[str] = field(default_factory=list)
    step: dict[str, Any] = field(default_factory=dict)
    open: bool = False
    complete: bool = False
    damaged: bool = False
    total: int | None = None
    listed: dict[int, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the cursor."""
        return f"wordpress {self.api.root}"

    @property
    def site(self) -> str:
        """The site of the API."""
        return site_of(self.api.home) or self.api.home

    @property
    def held_until(self) -> datetime | None:
        """The second of the newest change that is held. Others may have happened in it after it was read."""
        return parse_moment(self.cursor.get("newest"))


def header_of(response: Response, name: str) -> str:
    """A header of an answer, empty where it is missing."""
    return (response.headers.get(name) or b"").decode("latin-1")


def modified_of(post: Any) -> datetime | None:
    """When a post was last modified."""
    value = post.get("modified_gmt") if isinstance(post, dict) else None
    return parse_moment(value) if isinstance(value, str) else None


def stamp(moment: datetime) -> str:
    """A time as WordPress takes it; without its zone it would be taken for the site's own."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
