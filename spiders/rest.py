"""The WordPress REST API of one site: its addresses, and the names that posts refer to by number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_FIELDS: Final = ",".join(
    (
        "id", "link", "slug", "date", "date_gmt", "modified", "modified_gmt", "title", "content", "excerpt",
        "author", "categories", "lang", "yoast_head_json.canonical", "yoast_head_json.author",
        "yoast_head_json.og_locale", "_links", "_embedded",
    )
)  # fmt: skip
_LESS: Final = (50, 20, 10)  # what is asked for when a site refuses the number before
MAX_POSTS_A_REQUEST: Final = 100
"""The most posts or names that WordPress gives at once."""

_USERS: Final = "users"
_CATEGORIES: Final = "categories"


def candidate_roots(url: str, named: str | None) -> list[str]:
    """Where a site's API may be, the likeliest first: as its front page says, else the usual places."""
    if named:
        return [named]
    parts = urlsplit(url)
    folder, _, last = parts.path.rpartition("/")
    if last and "." not in last:  # a folder written without its slash
        folder = f"{folder}/{last}"
    base = f"{parts.scheme}://{parts.netloc}{folder}"
    return [f"{base}/wp-json/", f"{base}/?rest_route=/"]


def read_json(body: bytes) -> Any:
    """The data in `body`, or `None` if it is no JSON."""
    try:
        return json.loads(body, strict=False)
    except (ValueError, RecursionError):
        return None


@dataclass(slots=True)
class RestApi:
    """One site's API. `home` is the site, `root` where the API is, `roots_left` where else it may be.

    `pages` is the number of pages of posts, as far as it is known by now.
    """

    home: str
    root: str
    per_page: int
    pages: int = 1
    roots_left: list[str] = field(default_factory=list)
    names: dict[str, dict[int, str]] = field(default_factory=lambda: {_USERS: {}, _CATEGORIES: {}})
    closed_routes: set[str] = field(default_factory=set)

    def url(self, route: str, query: dict[str, str]) -> str:
        """The address of a route ("wp/v2/posts"), with or without pretty permalinks."""
        parts = urlsplit(self.root)
        old = dict(parse_qsl(parts.query))
        path = parts.path
        if "rest_route" in old:
            old["rest_route"] = f"{old['rest_route'].rstrip('/')}/{route}"
        else:
            path = f"{path.rstrip('/')}/{route}"
        return urlunsplit((parts.scheme, parts.netloc, path, urlencode({**old, **query}, safe=",:/"), ""))

    def posts_url(self, number: int, **bounds: str) -> str:
        """The address of a page of posts, counted from 1, the latest modified first.

        `bounds` are `modified_after` and `modified_before`, each a time in UTC with its zone (WordPress 5.7).
        """
        query = {"per_page": str(self.per_page), "page": str(number), "_embed": "author,wp:term"}
        order = {"orderby": "modified", "order": "desc"}
        return self.url("wp/v2/posts", {**query, **order, **bounds, "_fields": _FIELDS})

    def ids_url(self, number: int) -> str:
        """The address of a page of the numbers and addresses of all posts, the latest first, from 1."""
        query = {"per_page": str(MAX_POSTS_A_REQUEST), "page": str(number), "orderby": "id", "order": "desc"}
        return self.url("wp/v2/posts", {**query, "_fields": "id,link"})

    def chosen_url(self, ids: Iterable[int]) -> str:
        """The address of the posts with the given numbers, at most a hundred."""
        query = {"include": ",".join(map(str, ids)), "per_page": str(MAX_POSTS_A_REQUEST)}
        return self.url("wp/v2/posts", {**query, "_embed": "author,wp:term", "_fields": _FIELDS})

    def names_url(self, route: str, ids: Iterable[int]) -> str:
        """The address of the names of the given users or categories."""
        include = ",".join(map(str, ids))
        query = {"include": include, "per_page": str(MAX_POSTS_A_REQUEST), "_fields": "id,name"}
        return self.url(f"wp/v2/{route}", query)

    def at_next_root(self) -> RestApi:
        """The same API looked for at the next place."""
        return replace(self, root=self.roots_left[0], roots_left=self.roots_left[1:])

    def ask_for_less(self) -> bool:
        """Lower the posts a page; false when they cannot be lowered further."""
        smaller = [number for number in _LESS if number < self.per_page]
        if smaller:
            self.per_page = smaller[0]
        return bool(smaller)

    def learn_pages(self, total: str, posts: int, number: int) -> None:
        """Take the number of pages from the header, or guess that a full page is followed by another."""
        if total.isdigit():
            self.pages = int(total)
        elif posts >= self.per_page:
            self.pages = number + 1

    def close_route(self, route: str) -> None:
        """Ask for no more names of this kind."""
        self.closed_routes.add(route)

    def learn(self, route: str, answer: Any) -> bool:
        """Remember the names in an answer; false, and the route is closed, if it holds none."""
        if not isinstance(answer, list):
            self.close_route(route)
            return False
        self.names[route].update(_id_names(answer))
        return True

    def unknown_names(self, posts: Iterable[Any]) -> dict[str, list[int]]:
        """The numbers of users and categories whose names no post brought along and no answer gave."""
        wanted: dict[str, dict[int, None]] = {_USERS: {}, _CATEGORIES: {}}
        for post in posts:
            if not isinstance(post, dict):
                continue
            for route, ids in _references(post).items():
                self.names[route].update(_id_names(_embedded(post, route)))
                wanted[route].update(dict.fromkeys(ids))
        return {
            route: missing[:MAX_POSTS_A_REQUEST]
            for route, ids in wanted.items()
            if (missing := [number for number in ids if number not in self.names[route]])
            and route not in self.closed_routes
        }

    def names_of(self, post: dict[str, Any]) -> dict[str, list[str]]:
        """The names of a post's authors and categories, as far as they are known."""
        ids = _references(post)
        return {
            "authors": [self.names[_USERS][n] for n in ids[_USERS] if n in self.names[_USERS]],
            "categories": [
                self.names[_CATEGORIES][n] for n in ids[_CATEGORIES] if n in self.names[_CATEGORIES]
            ],
        }


def _references(post: dict[str, Any]) -> dict[str, list[int]]:
    categories = post.get("categories")
    return {
        _USERS: _numbers([post.get("author")]),
        _CATEGORIES: _numbers(categories if isinstance(categories, list) else []),
    }


def _numbers(values: list[Any]) -> list[int]:
    return [value for value in values if isinstance(value, int) and value > 0]


def _embedded(post: dict[str, Any], route: str) -> list[Any]:
    embedded = post.get("_embedded")
    if not isinstance(embedded, dict):
        return []
    if route == _USERS:
        authors = embedded.get("author")
        return authors if isinstance(authors, list) else []
    groups = embedded.get("wp:term")
    terms = (
        (term for group in groups if isinstance(group, list) for term in group)
        if isinstance(groups, list)
        else ()
    )
    return [term for term in terms if isinstance(term, dict) and term.get("taxonomy") == "category"]


def _id_names(entries: Iterable[Any]) -> Iterator[tuple[int, str]]:
    for entry in entries:
        if (
            isinstance(entry, dict)
            and isinstance(entry.get("id"), int)
            and isinstance(entry.get("name"), str)
        ):
            yield entry["id"], entry["name"]
