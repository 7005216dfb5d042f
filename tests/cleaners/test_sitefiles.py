"""Favicons: the hashes that tell two of them alike, and what is no image."""

from __future__ import annotations

import base64
import hashlib

import pytest

from cleaners.article import Fingerprint
from cleaners.sitefiles import MAX_ICON_BYTES, SiteFileKind, icon_signs, signs_in

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def murmur3(data: bytes) -> int:
    """MurmurHash3, x86, 32 bits, seed 0, signed: written out from its definition."""

    def rotated(value: int, by: int) -> int:
        return (value << by | value >> (32 - by)) & 0xFFFFFFFF

    def mixed(value: int) -> int:
        return rotated(value * 0xCC9E2D51 & 0xFFFFFFFF, 15) * 0x1B873593 & 0xFFFFFFFF

    state, whole = 0, len(data) - len(data) % 4
    for start in range(0, whole, 4):
        state ^= mixed(int.from_bytes(data[start : start + 4], "little"))
        state = (rotated(state, 13) * 5 + 0xE6546B64) & 0xFFFFFFFF
    state ^= mixed(int.from_bytes(data[whole:], "little"))
    state ^= len(data)
    state = (state ^ state >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    state = (state ^ state >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    state ^= state >> 16
    return state - (1 << 32) if state >> 31 else state


def test_the_hashes_of_an_icon() -> None:
    lines = base64.b64encode(PNG).decode()
    indexed = "".join(f"{lines[start : start + 76]}\n" for start in range(0, len(lines), 76))
    assert icon_signs(PNG) == (
        Fingerprint("favicon", hashlib.sha256(PNG).hexdigest()),
        Fingerprint("favicon-mmh3", str(murmur3(indexed.encode()))),
    )


@pytest.mark.parametrize(
    "beginning",
    [
        b"GIF89a", b"\xff\xd8\xff\xe0", b"\x00\x00\x01\x00\x01\x00", b"RIFF\x10\x00\x00\x00WEBPVP8 ", b"BM",
        b"\x00\x00\x00\x20ftypavif", b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"<?xml version='1.0'?>\n<!-- drawn by hand -->\n<svg ",
    ],
)  # fmt: skip
def test_what_is_an_image(beginning: bytes) -> None:
    assert [sign.kind for sign in icon_signs(beginning + bytes(20))] == ["favicon", "favicon-mmh3"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<!DOCTYPE html><p>Not found</p>", b"Not found", b'{"error": 404}', b"<p><svg ></p>",
        b"<?xml version='1.0'?><rss>", PNG + bytes(MAX_ICON_BYTES),
    ],
)  # fmt: skip
def test_what_is_none(body: bytes) -> None:
    assert icon_signs(body) == ()


def test_the_signs_of_each_kind() -> None:
    assert signs_in(SiteFileKind.FAVICON, PNG) == icon_signs(PNG)
    line = b"exchange.example, 4711, DIRECT"
    assert signs_in(SiteFileKind.ADS_TXT, line) == (Fingerprint("ads-txt-direct", "exchange.example, 4711"),)
    assert signs_in(SiteFileKind.ADS_TXT, b"<html>" + line) == ()
