"""The report live from the database, for a browser on this machine: read only, nothing but GET.

A page of another site that a browser shows must not read it: the Host header has to name an address that we
answer for (else a name that an attacker turns to 127.0.0.1 would do), and no answer allows another origin.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from audit.auditing import audit
from audit.comparison import Comparisons
from audit.findings.model import Findings
from audit.findings.reading import sizes_of
from audit.report.data import compact, story_record
from audit.report.page import live_page
from audit.search import search
from pipelines.store import Store

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
"""Names that the machine itself has for itself, always answered for."""

FRESH_SECONDS: Final = 60.0
"""How long findings are shown again before they are taken from the database anew: that takes seconds."""

LARGEST_NUMBER: Final = 2**31 - 1
"""What databases can number a story with: PostgreSQL's integers end here."""

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def application(store: Store, sites: Collection[str] | None = None, names: Sequence[str] = ()) -> Starlette:
    """The report of a database (or of some `sites`) as an ASGI application.

    It answers requests whose Host header has one of `LOOPBACK` or of `names`, and no others. Raises
    `LookupError` for a site that the database has no article of.
    """
    with store.snapshot() as session:
        sizes_of(session, sites)
    report = _Report(store, sites)
    bracketed = (f"[{name}]" if ":" in name else name for name in (*LOOPBACK, *names))
    routes = [
        Route("/", report.page),
        Route("/data/findings", report.findings),
        Route("/data/story/{story:int}", report.story),
        Route("/search", report.search),
    ]
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(_SecureHeaders),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(bracketed), www_redirect=False),
            Middleware(GZipMiddleware, minimum_size=2_000),
        ],
        exception_handlers={HTTPException: _problem},
    )


class _Report:
    """What the addresses answer."""

    def __init__(self, store: Store, sites: Collection[str] | None) -> None:
        self._store = store
        self._sites = sites
        self._page = live_page()
        self._lock = threading.Lock()
        self._found: tuple[float, bytes] | None = None

    def page(self, _request: Request) -> Response:
        """The page, which asks for the rest."""
        return HTMLResponse(self._page.html, headers={"Content-Security-Policy": self._page.policy})

    def findings(self, _request: Request) -> Response:
        """The findings as the page reads them."""
        with self._lock:  # who asks meanwhile gets the same
            now = time.monotonic()
            if self._found is None or now - self._found[0] > FRESH_SECONDS:
                self._found = now, bytes(JSONResponse(compact(self._find())).body)
            return Response(self._found[1], media_type="application/json")

    def _find(self) -> Findings:
        with self._store.snapshot() as session:
            return audit(session, self._sites)

    def story(self, request: Request) -> Response:
        """The texts of a story, side by side."""
        number = request.path_params["story"]
        with self._store.snapshot() as session:
            found = Comparisons(session).of(number) if number <= LARGEST_NUMBER else None
        if found is None:
            raise HTTPException(404, "no such story")
        return JSONResponse(story_record(found))

    def search(self, request: Request) -> Response:
        """The articles that hold all words of the query `q`."""
        with self._store.snapshot() as session:
            results = search(session, request.query_params.get("q", ""), self._sites)
        return JSONResponse({"total": results.total, "hits": [hit.to_record() for hit in results.hits]})


class _SecureHeaders:
    """Adds to every answer what keeps other sites away from it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                held = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(
                        (name.lower().encode(), value.encode())
                        for name, value in _HEADERS.items()
                        if name.lower().encode() not in held
                    ),
                ]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return PlainTextResponse(f"{error.detail}\n", error.status_code)


def run(app: Starlette, host: str, port: int, started: Callable[[str], object]) -> None:
    """Serve an application until Ctrl-C or SIGTERM; `started` is told its address when it listens.

    `port` 0 takes a free one. Raises `OSError` where the address cannot be listened at.
    """
    import uvicorn  # noqa: PLC0415 - with its event loop a quarter of a second that only serving needs

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening:
        shown = f"[{host}]" if ":" in host else host
        started(f"http://{shown}:{listening.getsockname()[1]}/")
        config = uvicorn.Config(app, log_level="warning", server_header=False, proxy_headers=False)
        with suppress(KeyboardInterrupt):  # it ends in order, and then raises the signal again
            uvicorn.Server(config).run(sockets=[listening])
