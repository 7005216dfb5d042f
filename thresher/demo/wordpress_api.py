"""The part of the WordPress REST API that a reader of posts meets, as a stock installation answers it.

Collections of posts, users and categories with `per_page`, `page`, `include`, `_fields` and `_embed`,
their total and page headers, single objects, the index, and the errors with WordPress's own codes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from thresher.demo.press import Section, Site, Story, User

_MAX_PER_PAGE: Final = 100
_DEFAULT_PER_PAGE: Final = 10
_NUMBER_ERRORS: Final = {"posts": "post", "users": "user", "categories": "term"}

Record = dict[str, Any]
ContentOf = Callable[[Site, Story], str]


@dataclass(frozen=True, slots=True)
class JsonAnswer:
    """One answer of the API."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApiRoute:
    """A request to the API: the route below `/wp-json` and its arguments."""

    path: str
    arguments: Mapping[str, str]


class _ApiError(Exception):
    """An error as WordPress reports it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def api_target(target: str) -> ApiRoute | None:
    """The API route that a request's target asks for, or `None` if it asks for a page."""
    parts = urlsplit(target)
    arguments = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    path = parts.path.removeprefix("/index.php")
    if path in {"", "/"} and "rest_route" in arguments:
        return ApiRoute(arguments.pop("rest_route").rstrip("/"), arguments)
    if path == "/wp-json" or path.startswith("/wp-json/"):
        return ApiRoute(path.removeprefix("/wp-json").rstrip("/"), arguments)
    return None


def answer_api(site: Site, route: ApiRoute, origin: str, content_of: ContentOf) -> JsonAnswer:
    """The API's answer to `route`. `content_of` renders a post's HTML."""
    try:
        if site.api == "closed":
            raise _ApiError(401, "rest_cannot_access", "Only authenticated users can access the REST API.")
        return _Api(site, origin, content_of).answer(route)
    except _ApiError as error:
        record = {"code": error.code, "message": str(error), "data": {"status": error.status}}
        return JsonAnswer(error.status, _encode(record))


class _Api:
    def __init__(self, site: Site, origin: str, content_of: ContentOf) -> None:
        self._site = site
        self._origin = origin
        self._content_of = content_of

    def answer(self, route: ApiRoute) -> JsonAnswer:
        if route.path in {"", "/"}:
            return JsonAnswer(200, _encode(self._index()))
        match = re.fullmatch(r"/wp/v2/(posts|users|categories)(?:/(\d+))?", route.path)
        if not match:
            raise _ApiError(404, "rest_no_route", "No route was found matching the URL and request method.")
        kind, number = match.groups()
        records = list(self._records(kind, "_embed" in route.arguments))
        fields = route.arguments.get("_fields")
        if number is None:
            return self._collection(kind, records, route.arguments, fields)
        for record in records:
            if record["id"] == int(number):
                return JsonAnswer(200, _encode(_select(record, fields)))
        noun = _NUMBER_ERRORS[kind]
        raise _ApiError(404, f"rest_{noun}_invalid_id", f"Invalid {noun} ID.")

    def _collection(
        self, kind: str, records: Sequence[Record], arguments: Mapping[str, str], fields: str | None
    ) -> JsonAnswer:
        if included := arguments.get("include"):
            records = [record for record in records if str(record["id"]) in included.split(",")]
        per_page = _whole_number(arguments, "per_page", _DEFAULT_PER_PAGE, _MAX_PER_PAGE)
        page = _whole_number(arguments, "page", 1, None)
        pages = -(-len(records) // per_page)
        if page > max(pages, 1) and kind == "posts":
            raise _ApiError(
                400,
                "rest_post_invalid_page_number",
                "The page number requested is larger than the number of pages available.",
            )
        chosen = records[(page - 1) * per_page : page * per_page]
        headers = {"X-WP-Total": str(len(records)), "X-WP-TotalPages": str(pages), "Allow": "GET"}
        links = [
            f'<{self._origin}/wp-json/wp/v2/{kind}?{urlencode({**arguments, "page": other})}>; rel="{name}"'
            for name, other in (("prev", page - 1), ("next", page + 1))
            if 1 <= other <= pages
        ]
        if links:
            headers["Link"] = ", ".join(links)
        return JsonAnswer(200, _encode([_select(record, fields) for record in chosen]), headers)

    def _index(self) -> Record:
        return {
            "name": self._site.name,
            "description": self._site.tagline,
            "url": self._origin,
            "home": self._origin,
            "gmt_offset": "0",
            "namespaces": ["oembed/1.0", "wp/v2"],
            "routes": {f"/wp/v2/{kind}": {"methods": ["GET"]} for kind in _NUMBER_ERRORS},
        }

    def _records(self, kind: str, embed: bool) -> Iterator[Record]:
        if kind == "posts":
            for story in sorted(self._site.stories, key=lambda story: story.published, reverse=True):
                yield self._post(story, embed)
        elif kind == "users":
            yield from (self._user(user) for user in self._site.users)
        else:
            yield from (self._category(section) for section in self._site.sections)

    def _post(self, story: Story, embed: bool) -> Record:
        section = self._site.section(story.section)
        user = next(user for user in self._site.users if user.name == story.authors[0])
        link = self._origin + story.path
        record: Record = {
            "id": story.number,
            "date": f"{story.published:%Y-%m-%dT%H:%M:%S}",
            "date_gmt": f"{story.published:%Y-%m-%dT%H:%M:%S}",
            "guid": {"rendered": f"{self._origin}/?p={story.number}"},
            "modified": f"{story.modified:%Y-%m-%dT%H:%M:%S}",
            "modified_gmt": f"{story.modified:%Y-%m-%dT%H:%M:%S}",
            "slug": story.slug,
            "status": "publish",
            "type": "post",
            "link": link,
            "title": {"rendered": _texturize(story.title)},
            "content": {"rendered": self._content_of(self._site, story), "protected": False},
            "excerpt": {
                "rendered": f"<p>{_texturize(story.body[0][:120])}&hellip;</p>\n",
                "protected": False,
            },
            "author": user.number,
            "featured_media": 0,
            "comment_status": "closed",
            "ping_status": "closed",
            "sticky": False,
            "format": "standard",
            "meta": {"footnotes": ""},
            "categories": [section.number],
            "tags": [],
            "_links": {"self": [{"href": f"{self._origin}/wp-json/wp/v2/posts/{story.number}"}]},
        }
        if embed:
            record["_embedded"] = {"author": [self._user(user)], "wp:term": [[self._category(section)], []]}
        return record

    def _user(self, user: User) -> Record:
        link = f"{self._origin}/index.php/author/{user.slug}/"
        return {
            "id": user.number,
            "name": user.name,
            "url": "",
            "description": "",
            "link": link,
            "slug": user.slug,
        }

    def _category(self, section: Section) -> Record:
        return {
            "id": section.number,
            "count": sum(1 for story in self._site.stories if story.section == section.slug),
            "description": "",
            "link": self._origin + section.path,
            "name": _texturize(section.name),
            "slug": section.slug,
            "taxonomy": "category",
            "parent": 0,
        }


def _whole_number(arguments: Mapping[str, str], name: str, default: int, most: int | None) -> int:
    text = arguments.get(name, str(default))
    if not text.isdecimal() or int(text) < 1 or (most is not None and int(text) > most):
        raise _ApiError(400, "rest_invalid_param", f"Invalid parameter(s): {name}")
    return int(text)


def _select(record: Record, fields: str | None) -> Record:
    """The record cut down to `_fields`: names parted by commas, inner ones as `title.rendered`."""
    if not fields:
        return record
    chosen: Record = {}
    for path in fields.split(","):
        outer, _, inner = path.strip().partition(".")
        if outer not in record:
            continue
        if not inner:
            chosen[outer] = record[outer]
        elif isinstance(record[outer], dict) and inner in record[outer]:
            chosen.setdefault(outer, {})[inner] = record[outer][inner]
    return chosen


def _texturize(text: str) -> str:
    """Plain text as WordPress prints it in titles and names: entities for what HTML or typography needs."""
    for character, entity in (
        ("&", "&#038;"), ("<", "&lt;"), (">", "&gt;"), ("’", "&#8217;"), ("“", "&#8220;"), ("”", "&#8221;")
    ):  # fmt: skip
        text = text.replace(character, entity)
    return text


def _encode(record: Record | Sequence[Record]) -> bytes:
    # PHP escapes slashes, which stand in strings only.
    return json.dumps(record, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode()
