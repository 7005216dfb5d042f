"""WARC archives for tests, made with warcio as other crawlers make them."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Iterable
from io import BytesIO

import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

DATE = "2024-05-17T10:30:00Z"
HTML = {"Content-Type": "text/html; charset=utf-8"}


def record(kind: str, url: str, block: bytes, **fields: str) -> bytes:
    """A plain record; fields are those of its header (`WARC_Truncated="length"`)."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=False)
    content_type = fields.pop("Content_Type", "")
    headers = {"WARC-Date": DATE, **{name.replace("_", "-"): value for name, value in fields.items()}}
    made = writer.create_warc_record(
        url, kind, BytesIO(block), len(block), warc_content_type=content_type, warc_headers_dict=headers
    )
    writer.write_record(made)
    return out.getvalue()


def response(
    url: str, body: bytes, headers: dict[str, str] | None = None, status: str = "200 OK", **fields: str
) -> bytes:
    """A plain response record of an answer."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=False)
    http = StatusAndHeaders(status, list((HTML if headers is None else headers).items()), protocol="HTTP/1.1")
    names = {"WARC-Date": DATE, **{name.replace("_", "-"): value for name, value in fields.items()}}
    made = writer.create_warc_record(
        url, "response", BytesIO(body), len(body), http_headers=http, warc_headers_dict=names
    )
    writer.write_record(made)
    return out.getvalue()


def info(**facts: str) -> bytes:
    """A plain first record."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=False)
    writer.write_record(writer.create_warcinfo_record("test.warc", {"software": "a crawler/1.0", **facts}))
    return out.getvalue()


def page(number: int) -> bytes:
    """The body of a page, long enough to be told from others."""
    return f"<html><title>Page {number}</title><p>{f'Sentence {number}. ' * 40}</p></html>".encode()


def news(count: int = 3, host: str = "news.example") -> list[bytes]:
    """The records of an archive of news as Common Crawl makes it: request, response, metadata."""
    records = [info()]
    for number in range(count):
        url = f"https://{host}/{number}"
        asked = f"GET /{number} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        records.append(record("request", url, asked, Content_Type="application/http; msgtype=request"))
        records.append(response(url, page(number)))
        records.append(
            record("metadata", url, b"fetchTimeMs: 12\r\n", Content_Type="application/warc-fields")
        )
    return records


def gzipped(records: Iterable[bytes]) -> bytes:
    """An archive packed record by record."""
    return b"".join(map(gzip.compress, records))


def zstandard_dictionary(records: list[bytes]) -> zstandard.ZstdCompressionDict:
    """A dictionary for records."""
    samples: list[bytes | bytearray | memoryview[int]] = [*records * 20]
    return zstandard.train_dictionary(2_000, samples)


def zstandard_packed(
    records: Iterable[bytes], dictionary: zstandard.ZstdCompressionDict | None = None
) -> bytes:
    """An archive packed record by record."""
    compressor = zstandard.ZstdCompressor(dict_data=dictionary, write_checksum=True)
    return b"".join(map(compressor.compress, records))


def skippable(data: bytes, magic: int = 0x184D2A5D) -> bytes:
    """A frame of zstd that holds no data of the file's."""
    return struct.pack("<II", magic, len(data)) + data
