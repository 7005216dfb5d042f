"""How members of gzip and zstd files are unpacked, a piece at a time, with a bound on what a piece holds."""

from __future__ import annotations

import struct
import zlib
from typing import Final, Protocol

import zstandard

_GZIP_MAGIC: Final = b"\x1f\x8b"
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_GZIP_STEP: Final = 16 * 1024  # bytes unpacked at a time
_GZIP_PIECE: Final = 1024 * 1024  # bytes that a step may unpack to; what is beyond waits for the next
_ZSTD_STEP: Final = 1024  # bytes; a block of four bytes may unpack to 128 KiB, so a step to 32 MiB

# Zstandard's frames without data (RFC 8878, 3.1.2); with this magic number the first one of a WARC file holds
# a dictionary (IIPC, "Zstandard Compression for WARC Files 1.0").
_SKIPPABLE: Final = range(0x184D2A50, 0x184D2A60)
_DICTIONARY_FRAME: Final = b"\x5d\x2a\x4d\x18"
_DICTIONARY_MAGIC: Final = b"\x37\xa4\x30\xec"

HEAD_BYTES: Final = 8
"""Bytes that `head_size` and `packing_of` look at first."""

MAX_DICTIONARY: Final = 8 * 1024 * 1024
"""Bytes of a dictionary, packed or not: what the specification asks of readers, and no more."""


class DamagedError(Exception):
    """Data that cannot be read on; `cut` says that it only ends too early."""

    def __init__(self, message: str, *, cut: bool = False) -> None:
        """Take the sentence to read."""
        super().__init__(message)
        self.cut = cut


class Packing(Protocol):
    """How members of one format begin and are unpacked."""

    name: str
    magic: bytes
    step: int

    def begin(self) -> None:
        """Be ready for the first byte of a member."""

    def unpack(self, data: bytes) -> tuple[bytes, int]:
        """What bytes of the member unpack to, and how many of them were used. Raises `DamagedError`.

        Without any bytes it gives what is left to give of those before.
        """

    @property
    def at_end(self) -> bool:
        """Whether the member is complete."""


class _Gzip:
    name = "gzip"
    magic = _GZIP_MAGIC + b"\x08"
    step = _GZIP_STEP

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self._member = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)

    def unpack(self, data: bytes) -> tuple[bytes, int]:
        try:
            plain = self._member.decompress(data, _GZIP_PIECE)
        except zlib.error as error:
            raise DamagedError(f"the gzip file is damaged: {error}") from error
        # At the end both may hold what is left.
        left = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        return plain, len(data) - len(left)

    @property
    def at_end(self) -> bool:
        return self._member.eof


class _Zstd:
    name = "zstd"
    magic = _ZSTD_MAGIC
    step = _ZSTD_STEP

    def __init__(self, dictionary: bytes | None) -> None:
        try:
            known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
            self._frames = zstandard.ZstdDecompressor(dict_data=known)
        except zstandard.ZstdError as error:
            raise DamagedError(f"the zstd file's dictionary is damaged: {error}") from error
        self.begin()

    def begin(self) -> None:
        self._frame = self._frames.decompressobj()

    def unpack(self, data: bytes) -> tuple[bytes, int]:
        if not data:
            return b"", 0
        try:
            plain = self._frame.decompress(data)
        except zstandard.ZstdError as error:
            raise DamagedError(f"the zstd file is damaged: {error}") from error
        return plain, len(data) - len(self._frame.unused_data)

    @property
    def at_end(self) -> bool:
        return self._frame.eof


def head_size(head: bytes | bytearray) -> int:
    """Bytes at the start of a file that `packing_of` needs: more than a few where there is a dictionary."""
    if not head.startswith(_DICTIONARY_FRAME) or len(head) < HEAD_BYTES:
        return HEAD_BYTES
    size: int = struct.unpack_from("<I", head, 4)[0]
    return HEAD_BYTES + min(size, MAX_DICTIONARY + 1)


def packing_of(head: bytes | bytearray) -> Packing | None:
    """The packing of a file that starts like this, `None` for none.

    Raises `DamagedError` for a dictionary that cannot be used.
    """
    if head.startswith(_GZIP_MAGIC):
        return _Gzip()
    if head.startswith(_DICTIONARY_FRAME):
        return _Zstd(_dictionary(bytes(head[HEAD_BYTES : head_size(head)])))
    skippable = int.from_bytes(head[:4], "little") in _SKIPPABLE
    return _Zstd(None) if head.startswith(_ZSTD_MAGIC) or skippable else None


def _dictionary(data: bytes) -> bytes | None:
    """The dictionary that a frame holds, packed or not; `None` where it holds something else."""
    if data.startswith(_ZSTD_MAGIC):
        data = _unpacked(data)
    if len(data) > MAX_DICTIONARY:
        raise DamagedError(f"the zstd file's dictionary is larger than {MAX_DICTIONARY >> 20} MiB")
    return data if data.startswith(_DICTIONARY_MAGIC) else None


def _unpacked(data: bytes) -> bytes:
    frame = _Zstd(None)
    plain = b""
    for start in range(0, len(data), _ZSTD_STEP):
        if frame.at_end or len(plain) > MAX_DICTIONARY:
            break
        plain += frame.unpack(data[start : start + _ZSTD_STEP])[0]
    return plain
