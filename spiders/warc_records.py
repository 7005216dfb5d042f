"""WARC archives -> records, one at a time, with what is damaged said and passed over (ISO 28500, WARC 1.1).

The headers are read by warcio. Its own iterator is not used: it takes damage for the end of the archive and
says so on standard error only, reads lines of any length, and refuses files whose records are not packed one
by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO, Final

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from spiders.packing import DamagedError
from spiders.unpacking import PlainStream

OPENING: Final = b"WARC/"
"""How every record begins, and so every archive, unpacked."""

_VERSIONS: Final = ["WARC/1.1", "WARC/1.0", "WARC/0.18", "WARC/0.17"]
_MAX_HEADER: Final = 256 * 1024  # bytes; the longest part is an address, and those end at some 8 KiB
_MAX_SKIPPED: Final = 16 << 30  # bytes of a record that is passed over: more than archives' largest videos
_LINE: Final = 64 * 1024  # bytes of what is no record, looked through at a time
_PIECE: Final = 1024 * 1024  # bytes of a record that is passed over, read at a time
_BEHIND: Final = 5  # bytes: the two ends of lines behind a record, and beyond, where a checksum may be wrong
_MAX_DIGITS: Final = 18  # of a length; more stand for no number of bytes


@dataclass(frozen=True, slots=True)
class Damage:
    """A part of an archive that cannot be read ("truncated", "damaged-record"), where, and what is wrong."""

    reason: str
    detail: str
    offset: int
    url: str | None = None


@dataclass(slots=True)
class Record:
    """One record. Its block is read when asked for, which is possible until the next record is asked for.

    `offset` is the record's place in the archive: of its member where it is packed.
    """

    kind: str
    fields: StatusAndHeaders
    length: int
    offset: int
    _stream: PlainStream = field(repr=False)
    _left: int = 0
    _short: str | None = None
    _damage: DamagedError | None = None

    def get(self, name: str) -> str | None:
        """A field of the header; `None` where it is not there."""
        value: str | None = self.fields.get_header(name)
        return value

    @property
    def url(self) -> str | None:
        """The address that the record is about; old writers set it in angle brackets."""
        uri = self.get("WARC-Target-URI")
        return uri[1:-1] if uri and uri.startswith("<") and uri.endswith(">") else uri

    @property
    def whole(self) -> bool:
        """Whether everything that was read of the block was there."""
        return self._short is None and self._damage is None

    def read(self, size: int) -> bytes:
        """The next bytes of the block, fewer than `size` at its end; see `whole`."""
        wanted = min(size, self._left)
        try:
            data = self._stream.read(wanted)
            behind = self._stream.peek(_BEHIND).lstrip(b"\r\n") if wanted == self._left else b""
        except DamagedError as error:
            self._damage, self._left = error, 0
            return b""
        self._left -= len(data)
        same_member = self._stream.packed and self._stream.offset == self.offset
        if same_member and behind and not behind.startswith(OPENING[: len(behind)]):
            # A packed record that is cut off may go on as the noise that the next one's bytes unpack to.
            self._damage = DamagedError("the record ends in noise", cut=True)
        if len(data) < wanted:
            there = self.length - self._left
            self._short = f"the record announces {self.length} bytes, of which {there} are there"
            self._left = 0
        return data

    def finish(self) -> Damage | None:
        """Pass over what was not read; what is wrong with the record, if anything.

        Raises `DamagedError` where the archive cannot be read on.
        """
        if self._left > _MAX_SKIPPED:
            raise DamagedError(f"the record announces {self.length} bytes, too many to pass over")
        while self._left:
            self.read(_PIECE)
        if self._damage:
            raise self._damage
        return Damage("truncated", self._short, self.offset, self.url) if self._short else None


def read_records(raw: BinaryIO) -> Iterator[Record | Damage]:
    """The records of an archive, plain or packed with gzip or zstd, and its damaged parts, in order.

    Raises `OSError` where the stream cannot be read.
    """
    try:
        stream = PlainStream(raw, opening=OPENING)
    except DamagedError as error:
        yield _broken(error, 0)
        return
    while True:
        found = None
        try:
            found = _next_record(stream)
            if found is not None:
                yield found
            damage = found.finish() if isinstance(found, Record) else None
            if damage:
                yield damage
            if found is None and not stream.go_on():
                return
        except DamagedError as error:
            at_fault = found if isinstance(found, Record) else None
            yield _broken(error, at_fault.offset if at_fault else stream.offset, at_fault)
            if not stream.resync():
                return


def _broken(error: DamagedError, offset: int, record: Record | None = None) -> Damage:
    reason = "truncated" if error.cut else "damaged-record"
    return Damage(reason, str(error), offset, record.url if record else None)


def _next_record(stream: PlainStream) -> Record | Damage | None:
    """The next record, or what stands in its place; `None` before a stop and at the end."""
    line = b"\n"
    while line and not line.strip():
        offset = stream.offset
        line = stream.readline(_LINE)
    if not line:
        return None
    if not line.startswith(OPENING):
        return _pass_over(stream, line, offset)
    lines, size = [], 0
    while line.strip():
        lines.append(line)
        size += len(line)
        line = stream.readline(_MAX_HEADER - size)
    if not line:
        if size < _MAX_HEADER:
            return Damage("truncated", "the header of a record ends too early", offset)
        return Damage("damaged-record", f"the header of a record is longer than {_MAX_HEADER} bytes", offset)
    return _record(b"".join(lines), offset, stream)


def _record(header: bytes, offset: int, stream: PlainStream) -> Record | Damage:
    try:
        fields = StatusAndHeadersParser(_VERSIONS).parse(BytesIO(header))
    except StatusAndHeadersParserException as error:
        return Damage("damaged-record", str(error), offset)
    length = (fields.get_header("Content-Length") or "").strip()
    if not (length.isascii() and length.isdigit() and len(length) <= _MAX_DIGITS):
        return Damage("damaged-record", f"a record gives its length as {length!r}", offset)
    kind = (fields.get_header("WARC-Type") or "").strip().lower()
    return Record(kind, fields, int(length), offset, stream, int(length))


def _pass_over(stream: PlainStream, line: bytes, offset: int) -> Damage:
    """Leave everything before the next record that may be read."""
    passed = 0
    while line and not line.startswith(OPENING):
        passed += len(line)
        line = stream.readline(_LINE)
    stream.unread(line)
    return Damage("damaged-record", f"{passed} bytes that belong to no record were passed over", offset)
