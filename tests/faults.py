"""Routes of the loopback server that misbehave: on the wire, in their headers, in how bodies are packed.

Most write to the wire what no server's library would send.
"""

from __future__ import annotations

import gzip
import itertools
import socket
import struct
import zlib
from collections.abc import Callable
from typing import Final

import brotli
import zstandard

from tests.mockserver import Handler, Query, Route, page, redirect

HTML: Final = "text/html; charset=utf-8"
_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER of no time: closing sends RST in place of FIN
_ZEROS: Final = bytes(1 << 16)


def message(
    body: bytes | str = b"",
    *headers: tuple[str, str],
    status: str = "200 OK",
    version: str = "HTTP/1.1",
    length: int | None = -1,
    kind: str | None = HTML,
) -> bytes:
    """An answer as bytes; `length` is what it says of its length, `None` nothing, -1 the truth."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"{version} {status}"]
    lines += [f"Content-Type: {kind}"] if kind else []
    lines += [] if length is None else [f"Content-Length: {len(data) if length == -1 else length}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode() + data


def wire(data: bytes, *, keep: bool = False) -> Route:
    """Send just these bytes, then close the connection, unless it is to be kept."""

    def route(handler: Handler, _query: Query) -> None:
        handler.wfile.write(data)
        handler.close_connection = not keep

    return route


def reset(before: bytes = b"") -> Route:
    """Send some bytes, then a TCP reset."""

    def route(handler: Handler, _query: Query) -> None:
        handler.wfile.write(before)
        handler.close_connection = True
        connection: socket.socket = handler.connection
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        connection.close()

    return route


def stalling(before: bytes) -> Route:
    """Send some bytes, then nothing for ever."""

    def route(handler: Handler, _query: Query) -> None:
        handler.wfile.write(before)
        handler.server.closing.wait(60)
        handler.close_connection = True

    return route


def dripping(data: bytes, *, pieces: int, seconds: float) -> Route:
    """Send an answer piece by piece, `seconds` in all."""
    size = -(-len(data) // pieces)

    def route(handler: Handler, _query: Query) -> None:
        for start in range(0, len(data), size):
            handler.wfile.write(data[start : start + size])
            if handler.server.closing.wait(seconds / pieces):
                return

    return route


def first(times: int, fault: Route, then: Route) -> Route:
    """One route for the first requests, another for those after them."""
    asked = itertools.count()

    def route(handler: Handler, query: Query) -> None:
        chosen = fault if next(asked) < times else then
        chosen(handler, query)

    return route


def chain(path: str, hops: int, end: Route) -> dict[str, Route]:
    """Redirects from `path` over so many addresses to one with the route `end`."""
    places = [path, *(f"{path}-{number}" for number in range(1, hops + 1))]
    return {**{here: redirect(there) for here, there in itertools.pairwise(places)}, places[-1]: end}


def refreshing(body: str, target: str, *, seconds: int = 0) -> Route:
    """A page whose head asks for another after some seconds."""
    tag = f'<meta http-equiv="refresh" content="{seconds};url={target}">'
    return page(body.replace("</head>", f"{tag}</head>", 1))


# Bodies that are packed, or said to be


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj()
    return packer.compress(data) + packer.flush()


PACKERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "gzip": gzip.compress,
    "deflate": _deflated,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


def packed(body: str, *encodings: str) -> Route:
    """A page packed by each of the encodings, one after the other (RFC 9110, section 8.4)."""
    data = body.encode()
    for encoding in encodings:
        data = PACKERS[encoding](data)
    return wire(message(data, ("Content-Encoding", ", ".join(encodings))), keep=True)


def bomb(encoding: str, size: int) -> Route:
    """A page that unpacks to `size` bytes of nothing."""
    data = PACKERS[encoding](_ZEROS * (size // len(_ZEROS)))
    assert len(data) < size // 100
    return wire(message(data, ("Content-Encoding", encoding)), keep=True)


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    """An answer in chunks (RFC 9112, section 7.1), with another end if it is to be a broken one."""
    sent = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return message(b"", ("Transfer-Encoding", "chunked"), length=None) + sent + end


def halves(body: str) -> tuple[bytes, bytes]:
    """A body cut in two."""
    data = body.encode()
    return data[: len(data) // 2], data[len(data) // 2 :]
