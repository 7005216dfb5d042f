"""The loopback web server of the demonstration: every site of the press on one port.

The `Host` header decides which site answers, as on any shared host, so that a crawler meets real host
names, each with its own robots.txt and its own politeness.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from types import TracebackType
from typing import Final, Self, cast

from thresher.demo.press import Press, load_press
from thresher.demo.render import Renderer


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One request that the server got. `at` is in seconds on a clock that never goes back."""

    host: str
    path: str
    user_agent: str
    at: float
    status: int


_IDLE_SECONDS: Final = 10
"""A client that connects and says nothing is dropped, so that it cannot hold a thread."""


class PressServer:
    """Serves the press on a free port of the loopback interface for as long as its context lasts."""

    def __init__(self, press: Press | None = None) -> None:
        """Serve `press`, or the press that comes with the package."""
        self.press = press or load_press()
        self._recorded: list[RecordedRequest] = []
        self._server: _HttpServer | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Bind the port and start to answer."""
        renderer = Renderer(self.press, lambda host: self.url(host, ""))
        self._server = _HttpServer(renderer, self._recorded)
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name="press-server",
            daemon=True,
        )
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop answering and give the port back."""
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
        self._server = self._thread = None

    @property
    def port(self) -> int:
        """The port that the server listens on."""
        if self._server is None:
            raise RuntimeError("the press server has a port only inside its with block")
        return self._server.server_port

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """The requests answered so far, in order."""
        return tuple(self._recorded)

    def url(self, host: str, path: str = "/") -> str:
        """The address of `path` on one of the sites, as a crawler sees it."""
        return f"http://{host}:{self.port}{path}"


class _HttpServer(ThreadingHTTPServer):
    def __init__(self, renderer: Renderer, recorded: list[RecordedRequest]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.renderer = renderer
        self.recorded = recorded

    def server_bind(self) -> None:
        # HTTPServer's own asks the machine's resolver for the host's name, which can take seconds.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]


class _Handler(BaseHTTPRequestHandler):
    timeout = _IDLE_SECONDS

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").partition(":")[0]
        server = cast(_HttpServer, self.server)
        response = server.renderer.respond(host, self.path)
        agent = self.headers.get("User-Agent", "")
        server.recorded.append(RecordedRequest(host, self.path, agent, time.monotonic(), response.status))
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    do_HEAD = do_GET  # noqa: N815 (likewise)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Say nothing: the terminal belongs to the crawl's progress."""
