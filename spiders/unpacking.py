"""Packed streams -> plain bytes, member by member, with a way on past members that are damaged."""

from __future__ import annotations

from typing import Final, Protocol

from spiders.packing import DamagedError, Packing, head_size, packing_of

_CHUNK: Final = 64 * 1024  # bytes read of the stream at a time
_KEPT: Final = 4 * 1024 * 1024  # bytes of a member in which the next one is looked for if it is damaged
_PROBE: Final = 160 * 1024  # bytes unpacked of what may be a member; a whole block of zstd is among them
_MAX_PROBES: Final = 1_000  # by chance, three bytes stand once in 16 MB; only made-up files have so many


class Readable(Protocol):
    """What bytes are read from: a file, standard input."""

    def read(self, size: int, /) -> bytes:
        """At most `size` of the next bytes; none at the end."""


class Unpacker:
    """The plain bytes of a stream that is gzip, zstd or neither, which is told by its first bytes.

    It is read member by member: gzip members, zstd frames, or all of it where it is not packed. Holds a few
    megabytes, whatever the stream claims.
    """

    def __init__(self, raw: Readable) -> None:
        """Look at the first bytes. Raises `DamagedError` for a zstd dictionary that cannot be used."""
        self._raw = raw
        self._kept = bytearray()
        self._base = 0  # where in the stream the kept bytes begin
        self._at = 0  # how many of them were unpacked
        self.offset = 0
        """Where the member at hand begins in the stream."""
        while len(self._kept) < head_size(self._kept) and self._read_on():
            pass
        self._packing = packing_of(self._kept)

    @property
    def packed(self) -> bool:
        """Whether the stream is gzip or zstd."""
        return self._packing is not None

    def piece(self) -> bytes:
        """Some more of the member; empty at its end. Raises `DamagedError`."""
        if self._packing is None:
            return self._plain_piece()
        while not self._packing.at_end:
            data = bytes(self._kept[self._at : self._at + self._packing.step])
            if not data and self._read_on():
                continue
            plain, used = self._packing.unpack(data)
            self._at += used
            if plain:
                return plain
            if not data and not self._packing.at_end:
                raise DamagedError(f"the {self._packing.name} file ends too early", cut=True)
        return b""

    def next_member(self) -> bool:
        """Go on to the member after the one that was read to its end; false where there is none."""
        if self._packing is None:
            return False
        self._leave(self._at)
        # Some writers pad the file behind the last member with zeros.
        while not self._kept.strip(b"\0"):
            self._leave(len(self._kept))
            if not self._read_on():
                return False
        self._leave(len(self._kept) - len(self._kept.lstrip(b"\0")))
        self._begin_member(self._packing)
        return True

    def resync(self, opening: bytes) -> bool:
        """Leave a damaged member for the next one that unpacks to what begins like `opening`.

        False if none is found. Looks in what is kept of the damaged member too, as one that was cut short
        hides the beginning of the next.
        """
        if self._packing is None:
            return False
        self._at = 0
        self._leave(1 if self._base == self.offset else 0)
        for _ in range(_MAX_PROBES):
            if not self._find(self._packing.magic):
                break
            if self._opens(self._packing, opening):
                self._begin_member(self._packing)
                return True
            self._leave(1)
        self._leave(len(self._kept))
        return False

    def _plain_piece(self) -> bytes:
        self._leave(self._at)
        if not self._kept:
            self._read_on()
        self._at = len(self._kept)
        return bytes(self._kept)

    def _begin_member(self, packing: Packing) -> None:
        self.offset = self._base
        self._at = 0
        packing.begin()

    def _read_on(self) -> bool:
        """Keep some more bytes; false at the end of the stream."""
        if len(self._kept) > _KEPT:
            self._leave(self._at)
        chunk = self._raw.read(_CHUNK)
        self._kept += chunk
        return bool(chunk)

    def _leave(self, number: int) -> None:
        """Keep the first bytes no longer."""
        del self._kept[:number]
        self._base += number
        self._at = max(self._at - number, 0)

    def _find(self, magic: bytes) -> bool:
        """Leave everything before the next magic number; false where there is none."""
        while (found := self._kept.find(magic)) < 0:
            self._leave(max(len(self._kept) - len(magic) + 1, 0))
            if not self._read_on():
                return False
        self._leave(found)
        return True

    def _opens(self, packing: Packing, opening: bytes) -> bool:
        """Whether the kept bytes are a member that begins like `opening`."""
        while len(self._kept) < _PROBE and self._read_on():
            pass
        packing.begin()
        plain = b""
        try:
            for start in range(0, min(_PROBE, len(self._kept)), packing.step):
                if len(plain) >= len(opening) or packing.at_end:
                    break
                plain += packing.unpack(bytes(self._kept[start : start + packing.step]))[0]
        except DamagedError:
            return False
        return plain.startswith(opening)


class PlainStream:
    """The plain bytes of a stream as one, to be read by lines and by sizes.

    With `opening` it stops where a member begins with these bytes, which is where a record does in an archive
    of packed records, and goes on when told: whatever a record claims of its size, it does not reach into
    the next. `DamagedError` is raised when all that stands before the damage has been read.
    """

    def __init__(self, raw: Readable, *, opening: bytes | None = None) -> None:
        """Look at the first bytes. Raises `DamagedError` for a zstd dictionary that cannot be used."""
        self._unpacker = Unpacker(raw)
        self._opening = opening
        self._buffer = b""
        self._at = 0
        self._passed = 0  # plain bytes before the buffer
        self._next: bytes | None = None  # how the member begins before which the stream stops
        self._damage: DamagedError | None = None

    @property
    def packed(self) -> bool:
        """Whether what is read now was packed."""
        return self._unpacker.packed

    @property
    def offset(self) -> int:
        """Where the next bytes stand: their member's place in a packed file, else their own."""
        return self._unpacker.offset if self._unpacker.packed else self._passed + self._at

    def peek(self, size: int) -> bytes:
        """The next bytes, which stay to be read; fewer than `size` only before a stop or the end."""
        while len(self._buffer) - self._at < size and self._fill():
            pass
        return self._buffer[self._at : self._at + size]

    def read(self, size: int) -> bytes:
        """The next bytes; fewer than `size` only before a stop or the end."""
        pieces: list[bytes] = []
        while size > 0 and (self._at < len(self._buffer) or self._fill()):
            piece = self._buffer[self._at : self._at + size]
            self._at += len(piece)
            size -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def readline(self, limit: int) -> bytes:
        """The next line with its end, or its first `limit` bytes; empty before a stop and at the end."""
        pieces: list[bytes] = []
        while limit > 0 and (self._at < len(self._buffer) or self._fill()):
            end = self._buffer.find(b"\n", self._at, self._at + limit) + 1
            piece = self._buffer[self._at : end or self._at + limit]
            self._at += len(piece)
            limit -= len(piece)
            pieces.append(piece)
            if end:
                break
        return b"".join(pieces)

    def unread(self, data: bytes) -> None:
        """Put back what was read last."""
        self._buffer = data + self._buffer[self._at :]
        self._passed += self._at - len(data)
        self._at = 0

    def go_on(self) -> bool:
        """Go on behind a stop; false at the end. Raises `DamagedError` for a damaged member there."""
        damage, self._damage = self._damage, None
        if damage:
            raise damage
        if self._next is None:
            return False
        self._take(self._next)
        self._next = None
        return True

    def resync(self) -> bool:
        """After damage, go on where the next member begins with a record; false if none is found."""
        self._take(b"")
        self._next = self._damage = None
        return self._opening is not None and self._unpacker.resync(self._opening)

    def _take(self, piece: bytes) -> None:
        self._passed += len(self._buffer)
        self._buffer, self._at = piece, 0

    def _fill(self) -> bool:
        """Have more to read; false before a stop and at the end."""
        if self._next is not None or self._damage:
            return False
        piece = self._unpacker.piece()
        while not piece and self._unpacker.next_member():
            piece = self._first_piece()
            if self._next is not None or self._damage:
                return False
        if self._at == len(self._buffer):
            self._take(piece)
        else:
            rest = self._buffer[self._at :]
            self._passed += self._at
            self._buffer, self._at = rest + piece, 0
        return bool(piece)

    def _first_piece(self) -> bytes:
        """How the member that has just begun opens; a record's opening is kept for later, as is damage."""
        if self._opening is None:
            return self._unpacker.piece()
        start = b""
        try:
            while len(start) < len(self._opening) and (piece := self._unpacker.piece()):
                start += piece
        except DamagedError as error:
            self._damage = error
            return b""
        if start.startswith(self._opening):
            self._next = start
            return b""
        return start
