"""A loopback web server for tests: many hosts on one port, well-behaved and otherwise.

Hosts are told by the Host header; `LoopbackResolver` sends every name to this machine. A route is a
function that gets the request's handler and writes what it likes to the wire.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer
from twisted.internet.error import DNSLookupError

Query = dict[str, str]
VALIDATORS = ("If-None-Match", "If-Modified-Since")
ANY = "*"  # the path of a route for all others, and the name of a host ("*.press.example") for all below it
Route = Callable[["Handler", Query], None]


class LoopbackResolver(CachingThreadedResolver):
    """Resolves every host name to this machine, but for those under `.invalid`."""

    def getHostByName(self, name: str, timeout: Any = ()) -> defer.Deferred[str]:  # noqa: ARG002, N802
        if name.endswith(".invalid"):
            return defer.fail(DNSLookupError(f"no host {name}"))
        return defer.succeed("127.0.0.1")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        host = (self.headers["Host"] or "").partition(":")[0]
        parts = urlsplit(self.path)
        self.server.log.append(f"{host}{self.path}")
        self.server.times.append((f"{host}{self.path}", time.monotonic()))
        self.server.agents.append((host, self.headers.get("User-Agent", "")))
        if any(name in self.headers for name in VALIDATORS):
            self.server.conditional.append(f"{host}{self.path}")
        routes = self.server.routes_of(host)
        route = routes.get(parts.path) or routes.get(ANY)
        if route is None:
            self.reply(b"<html><body><p>Nothing here.</p></body></html>", status=404)
            return
        try:
            route(self, dict(parse_qsl(parts.query)))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def reply(
        self,
        body: bytes,
        *,
        status: int = 200,
        content_type: str = "text/html; charset=utf-8",
        headers: Mapping[str, str] | None = None,
        length: int | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        if length is not None:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Tests read `Server.log` instead."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.hosts: dict[str, dict[str, Route]] = {}
        self.log: list[str] = []
        self.times: list[tuple[str, float]] = []
        self.agents: list[tuple[str, str]] = []
        self.conditional: list[str] = []
        self.closing = threading.Event()

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are what some tests are about."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, host: str, path: str = "/") -> str:
        return f"http://{host}:{self.port}{path}"

    def routes_of(self, host: str) -> dict[str, Route]:
        return self.hosts.get(host) or self.hosts.get(f"{ANY}.{host.partition('.')[2]}", {})

    def asked(self, host: str) -> list[str]:
        return [entry.removeprefix(host) for entry in self.log if entry.startswith(f"{host}/")]

    def asked_conditionally(self, host: str) -> list[str]:
        return [entry.removeprefix(host) for entry in self.conditional if entry.startswith(f"{host}/")]

    def forget(self) -> None:
        """Empty the logs."""
        for log in (self.log, self.times, self.agents, self.conditional):
            log.clear()

    def gaps(self, host: str) -> list[float]:
        """Seconds between the requests to a host."""
        times = [moment for entry, moment in self.times if entry.startswith(f"{host}/")]
        return [after - before for before, after in pairwise(times)]


@contextmanager
def serve() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


# Routes


def page(body: str | bytes, **options: Any) -> Route:
    """Always the same answer."""
    data = body.encode() if isinstance(body, str) else body
    return lambda handler, _query: handler.reply(data, **options)


def validated(
    body: str, *, etag: str | None = None, last_modified: str | None = None, **options: Any
) -> Route:
    """An answer with validators; to a request that has them, 304."""
    headers = {"ETag": etag, "Last-Modified": last_modified}
    given = {name: value for name, value in headers.items() if value}

    def route(handler: Handler, _query: Query) -> None:
        known = handler.headers.get("If-None-Match"), handler.headers.get("If-Modified-Since")
        if known == (etag, last_modified) and any(known):
            handler.reply(b"", status=304, headers=given)
        else:
            handler.reply(body.encode(), headers=given, **options)

    return route


def robots(text: str) -> Route:
    """A robots.txt with rules for all."""
    return page(f"User-agent: *\n{text}\n", content_type="text/plain")


def redirect(target: str, status: int = 302) -> Route:
    return lambda handler, _query: handler.reply(b"", status=status, headers={"Location": target})


def hang(handler: Handler, _query: Query) -> None:
    """Accept the request and say nothing."""
    handler.server.closing.wait(60)
    handler.close_connection = True


def endless(handler: Handler, _query: Query) -> None:
    """Send bytes until the client hangs up."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    while not handler.server.closing.is_set():
        handler.wfile.write(b"<p>more and more and more</p>\n" * 1_000)


def cut_short(body: str) -> Route:
    """Announce twice as many bytes as are sent."""
    return lambda handler, _query: handler.reply(body.encode(), length=2 * len(body.encode()))


# Documents


def article_html(title: str, *paragraphs: str, head: str = "") -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>{head}</head>"
        f"<body><nav><a href='/'>Home</a> <a href='/news/'>News</a></nav>"
        f"<main><article><h1>{title}</h1>{body}</article></main>"
        f"<footer><p>Copyright 2024 The Test Press. All rights reserved.</p></footer></body></html>"
    )


def links_html(*urls: str, head: str = "") -> str:
    items = "".join(f"<li><a href='{url}'>Read this one</a></li>" for url in urls)
    return f"<!DOCTYPE html><html><head><title>Front</title>{head}</head><body><ul>{items}</ul></body></html>"


PARAGRAPHS = (
    "The harbour master said on Tuesday that the new breakwater had held through the first storm of the "
    "season, and that repairs to the old pier would begin as soon as the weather allowed it.",
    "Fishermen who had moored their boats inside the basin overnight reported no damage, although several "
    "nets were torn and one mooring line had parted during the worst of the wind.",
    "The town council will meet next week to decide how the remaining money should be spent, and residents "
    "have been invited to send their proposals in writing before the end of the month.",
)


@dataclass
class WordPressApi:
    """Just enough of the REST API: posts by page, users and categories by number."""

    posts: list[dict[str, Any]]
    users: dict[int, str] | None = None  # None: the list of users is closed
    categories: dict[int, str] = field(default_factory=dict)
    max_per_page: int = 100

    def routes(self, root: str = "/wp-json") -> dict[str, Route]:
        return {
            f"{root}/wp/v2/posts": self._posts,
            f"{root}/wp/v2/users": lambda handler, query: self._names(handler, query, self.users),
            f"{root}/wp/v2/categories": lambda handler, query: self._names(handler, query, self.categories),
        }

    def plain_route(self, handler: Handler, query: Query) -> None:
        """The API without pretty permalinks, at `/?rest_route=…`; anything else is the front page."""
        route = self.routes("").get(query.get("rest_route", ""))
        if route:
            route(handler, query)
        else:
            handler.reply(links_html().encode())

    def _posts(self, handler: Handler, query: Query) -> None:
        size, number = int(query.get("per_page", "10")), int(query.get("page", "1"))
        if size > self.max_per_page:
            self._json(handler, {"code": "rest_invalid_param", "message": "per_page"}, status=400)
            return
        pages = -(-len(self.posts) // size)
        if number > max(pages, 1):
            self._json(handler, {"code": "rest_post_invalid_page_number"}, status=400)
            return
        found = self.posts[(number - 1) * size : number * size]
        headers = {"X-WP-Total": str(len(self.posts)), "X-WP-TotalPages": str(pages)}
        self._json(handler, found, headers=headers)

    def _names(self, handler: Handler, query: Query, names: dict[int, str] | None) -> None:
        if names is None:
            self._json(handler, {"code": "rest_user_cannot_view"}, status=401)
            return
        wanted = [int(number) for number in query["include"].split(",")]
        self._json(handler, [{"id": n, "name": names[n]} for n in wanted if n in names])

    def _json(self, handler: Handler, data: Any, **options: Any) -> None:
        handler.reply(json.dumps(data).encode(), content_type="application/json; charset=UTF-8", **options)


def wp_post(number: int, base: str, *, title: str | None = None, **more: Any) -> dict[str, Any]:
    content = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return {
        "id": number,
        "link": f"{base}/2024/05/post-number-{number}/",
        "date_gmt": "2024-05-01T10:00:00",
        "modified_gmt": "2024-05-02T11:30:00",
        "title": {"rendered": title or f"Post number {number} about the harbour"},
        "content": {"rendered": content, "protected": False},
        "author": 7,
        "categories": [3, 4],
        **more,
    }
