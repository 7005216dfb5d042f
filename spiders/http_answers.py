"""An HTTP answer as an archive holds it -> its status, its headers and the document that it carries."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from gzip import GzipFile
from io import BytesIO
from typing import Final

import brotli

from spiders.packing import DamagedError
from spiders.unpacking import PlainStream

MAX_HEAD: Final = 256 * 1024
"""Bytes of an answer's status line and headers; servers and browsers bound them at less."""

_PIECE: Final = 64 * 1024  # bytes unpacked at a time
_MAX_CHUNK_LINE: Final = 8 * 1024  # bytes of the line before a chunk: its length, seldom with parameters
_MAX_DIGITS: Final = 18  # of a length in bytes
_BLANK: Final = " \t\r\n\v\f"
_HEX: Final = frozenset(b"0123456789abcdefABCDEF")


class TooLargeError(Exception):
    """A document that unpacks to more than is read."""


@dataclass(frozen=True, slots=True)
class HttpHead:
    """The status line and the headers of an answer, headers decoded as Latin-1 (RFC 9110, 5.5)."""

    status: int
    headers: tuple[tuple[str, str], ...]

    def all(self, name: str) -> list[str]:
        """The values of a header, in order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def get(self, name: str) -> str | None:
        """The last value of a header."""
        return next(reversed(self.all(name)), None)

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case; empty where there is none."""
        return (self.get("Content-Type") or "").partition(";")[0].strip().lower()


def read_head(data: bytes) -> tuple[HttpHead, int] | None:
    """The head that `data` begins with, and where the body begins; `None` where there is no complete one."""
    end = min((at + len(gap) for gap in (b"\r\n\r\n", b"\n\n") if (at := data.find(gap)) >= 0), default=0)
    lines = data[:end].split(b"\n")
    status = lines[0].split(None, 2)[1:2]
    if not lines[0].startswith(b"HTTP/") or not status or not status[0].isdigit():
        return None
    headers: list[tuple[str, str]] = []
    for line in lines[1:]:
        name, colon, value = line.decode("latin-1").partition(":")
        if line[:1] in (b" ", b"\t") and headers:  # a line that goes on, as old servers wrote (RFC 9112, 5.2)
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {line.decode('latin-1').strip(_BLANK)}")
        elif colon:
            headers.append((name.strip(_BLANK), value.strip(_BLANK)))
    return HttpHead(int(status[0][:3]), tuple(headers)), end


def read_document(head: HttpHead, body: bytes, max_size: int) -> tuple[bytes, bool]:
    """The document that a body carries, its codings undone, and whether all of it is there.

    A body that is not coded as its headers say is taken as it is: many archives hold bodies decoded, under
    the headers that the server sent. Raises `TooLargeError` beyond `max_size` bytes.
    """
    whole = True
    if "chunked" in (head.get("Transfer-Encoding") or "").lower():
        body, whole = _join_chunks(body)
    elif (length := (head.get("Content-Length") or "").encode()).isdigit() and len(length) <= _MAX_DIGITS:
        whole = len(body) >= int(length)
    codings = [part.strip().lower() for value in head.all("Content-Encoding") for part in value.split(",")]
    while codings and codings[-1] in _DECODERS:
        decoded, complete = _DECODERS[codings.pop()](body, max_size)
        body, whole = decoded, whole and complete
    if len(body) > max_size:
        raise TooLargeError
    return body, whole


def _join_chunks(body: bytes) -> tuple[bytes, bool]:
    """The body whose chunks these are (RFC 9112, 7.1); all of it where they are none."""
    chunks: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + _MAX_CHUNK_LINE)
        size = body[at:end].partition(b";")[0].strip() if end >= 0 else b""
        if not size or len(size) > _MAX_DIGITS or not _HEX.issuperset(size):
            return (b"".join(chunks), False) if chunks else (body, True)
        number = int(size, 16)
        if number == 0:
            return b"".join(chunks), True
        chunks.append(body[end + 2 : end + 2 + number])
        if len(chunks[-1]) < number:
            return b"".join(chunks), False
        at = end + 2 + number + 2


class _Pieces:
    """What is unpacked, up to a bound."""

    def __init__(self, max_size: int) -> None:
        self._pieces: list[bytes] = []
        self._left = max_size

    def add(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._left -= len(piece)
        if self._left < 0:
            raise TooLargeError

    def joined(self) -> bytes:
        return b"".join(self._pieces)

    def __bool__(self) -> bool:
        return any(self._pieces)


def _gunzip(body: bytes, max_size: int) -> tuple[bytes, bool]:
    pieces = _Pieces(max_size)
    try:
        with GzipFile(fileobj=BytesIO(body)) as stream:
            while piece := stream.read1(_PIECE):
                pieces.add(piece)
    except (EOFError, zlib.error):
        return pieces.joined(), False
    except OSError:  # no gzip at all; or a wrong checksum, or junk behind it, which cost nothing of the page
        return (pieces.joined() if pieces else body), True
    return pieces.joined(), True


def _inflate(body: bytes, max_size: int) -> tuple[bytes, bool]:
    # Servers send it with zlib's header, as the standard says, or without.
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        pieces = _Pieces(max_size)
        member = zlib.decompressobj(bits)
        rest = body
        try:
            while not member.eof and (piece := member.decompress(rest, _PIECE)):
                pieces.add(piece)
                rest = member.unconsumed_tail
        except zlib.error:
            if not pieces:
                continue
        return pieces.joined(), member.eof
    return body, True


def _unbrotli(body: bytes, max_size: int) -> tuple[bytes, bool]:
    pieces = _Pieces(max_size)
    stream = brotli.Decompressor()
    rest = body
    try:
        while not stream.is_finished() and (piece := stream.process(rest, output_buffer_limit=_PIECE)):
            pieces.add(piece)
            rest = b""
    except brotli.error:
        return (pieces.joined(), False) if pieces else (body, True)
    return pieces.joined(), bool(stream.is_finished())


def _unzstd(body: bytes, max_size: int) -> tuple[bytes, bool]:
    pieces = _Pieces(max_size)
    try:
        stream = PlainStream(BytesIO(body))
        while piece := stream.read(_PIECE):
            pieces.add(piece)
    except DamagedError:
        return pieces.joined(), False
    return pieces.joined(), True


_DECODERS: Final = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
