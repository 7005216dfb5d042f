"""Exchanges with servers, and pages for the cleaner -> WARC records (ISO 28500, WARC 1.1)."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders

from cleaners.article import Page

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

_VERSION: Final = "WARC/1.1"
_FIELDS_TYPE: Final = "application/warc-fields"
_SECRETS: Final = frozenset({b"authorization", b"proxy-authorization", b"cookie"})
_URI_CHARACTERS: Final = "".join(map(chr, range(0x21, 0x7F))).translate(str.maketrans("", "", '<>"\\^`{|}'))
_CUTS: Final = {"dataloss": "disconnect", "download_stopped": "unspecified"}  # Scrapy's flags, WARC's words


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its answer as they went over the wire, before anything is unpacked.

    What the downloader undid already is the transfer coding. Headers of requests that hold secrets
    (Authorization, Cookie) are left out: archives are made to be passed on.
    """

    record_id: str
    url: str
    moment: datetime
    request: bytes
    head: bytes
    body: bytes
    ip_address: str | None = None
    cut: str | None = None

    @property
    def size(self) -> int:
        """Bytes that it holds."""
        return len(self.request) + len(self.head) + len(self.body)


def take_down(request: Request, response: Response) -> Exchange:
    """The exchange, with all that later steps of Scrapy may change copied."""
    through_proxy = bool(request.meta.get("proxy"))  # whose address would be taken for the server's
    return Exchange(
        record_id=new_id(),
        url=response.url,
        moment=datetime.now(UTC),
        request=_request_block(request),
        head=_response_head(response),
        body=response.body,
        ip_address=str(response.ip_address) if response.ip_address and not through_proxy else None,
        cut=next((_CUTS[flag] for flag in response.flags if flag in _CUTS), None),
    )


def new_id() -> str:
    """A name for a record that no other has."""
    return f"<urn:uuid:{uuid.uuid4()}>"


def warcinfo(record_id: str, filename: str, facts: Mapping[str, str]) -> ArcWarcRecord:
    """The first record of an archive: who wrote it, with what and how."""
    block = _fields((name, value) for name, value in facts.items() if value)
    return _record("warcinfo", record_id, block, _FIELDS_TYPE, datetime.now(UTC), {"WARC-Filename": filename})


def exchange_records(exchange: Exchange, info_id: str) -> tuple[ArcWarcRecord, ArcWarcRecord]:
    """The records of the request and of the answer."""
    common = {"WARC-Target-URI": _uri(exchange.url), "WARC-Warcinfo-ID": info_id}
    if exchange.ip_address:
        common["WARC-IP-Address"] = exchange.ip_address
    digest = {"WARC-Payload-Digest": _digest(exchange.body)}
    cut = {"WARC-Truncated": exchange.cut} if exchange.cut else {}
    response = _record(
        "response",
        exchange.record_id,
        exchange.head + exchange.body,
        "application/http; msgtype=response",
        exchange.moment,
        {**common, **digest, **cut},
    )
    _, _, payload = exchange.request.partition(b"\r\n\r\n")
    request = _record(
        "request",
        new_id(),
        exchange.request,
        "application/http; msgtype=request",
        exchange.moment,
        {**common, "WARC-Concurrent-To": exchange.record_id, "WARC-Payload-Digest": _digest(payload)},
    )
    return request, response


def role_record(page: Page, refers_to: str, info_id: str) -> ArcWarcRecord:
    """The record which says that another one holds the body of a page that went to the cleaner.

    It tells all the rest of the page, so that the same page can be read from the archive.
    """
    fields = {
        "WARC-Target-URI": _uri(page.url or ""),
        "WARC-Warcinfo-ID": info_id,
        "WARC-Refers-To": refers_to,
    }
    block = _fields(_facts(page))
    return _record("metadata", new_id(), block, _FIELDS_TYPE, datetime.now(UTC), fields)


def conversion_record(page: Page, record_id: str, refers_to: str | None, info_id: str) -> ArcWarcRecord:
    """The record of a page's body that no answer holds by itself: a post out of an answer of an API."""
    body = page.body.encode("utf-8", "surrogatepass") if isinstance(page.body, str) else page.body
    fields = {"WARC-Target-URI": _uri(page.url or ""), "WARC-Warcinfo-ID": info_id}
    if refers_to:
        fields["WARC-Refers-To"] = refers_to
    media_type = (page.content_type or "").partition(";")[0].strip()
    kind = media_type if media_type.isascii() and media_type.isprintable() else ""
    moment = page.fetched_at or datetime.now(UTC)
    return _record("conversion", record_id, body, kind or "application/octet-stream", moment, fields)


def _record(
    kind: str, record_id: str, block: bytes, content_type: str, moment: datetime, fields: Mapping[str, str]
) -> ArcWarcRecord:
    headers = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", record_id),
        ("WARC-Date", moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")),
        *fields.items(),
        ("WARC-Block-Digest", _digest(block)),
    ]
    # The block is handed over whole: warcio would rewrite headers of HTTP that are not ASCII.
    header = StatusAndHeaders("", headers, protocol=_VERSION)
    return ArcWarcRecord("warc", kind, header, BytesIO(block), None, content_type, len(block))


def _digest(data: bytes) -> str:
    # SHA-1 in base 32 is what all tools of WARC files write and check; it guards against damage only.
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode("ascii")


def _facts(page: Page) -> Iterable[tuple[str, str]]:
    moments = {"fetched-at": page.fetched_at, "lastmod": page.lastmod}
    texts = {
        "role": "article",
        "url": page.url,
        "content-type": page.content_type,
        "status": None if page.status is None else str(page.status),
        "discovered-by": page.discovered_by,
        "body": "text" if isinstance(page.body, str) else "bytes",
        **{name: moment.isoformat() for name, moment in moments.items() if moment},
    }
    yield from ((f"thresher-{name}", text) for name, text in texts.items() if text is not None)
    yield from (("thresher-header", f"{name}: {value}") for name, value in page.headers.items())


def _fields(facts: Iterable[tuple[str, str]]) -> bytes:
    lines = (f"{name}: {_value(value)}\r\n" for name, value in facts)
    return "".join(lines).encode("utf-8")


def _value(text: str) -> str:
    """A value as it is, or as a JSON string where a line could not hold it or would be read otherwise."""
    plain = text.isprintable() and text == text.strip() and text and not text.startswith('"')
    return text if plain else json.dumps(text)


def _uri(url: str) -> str:
    """An address that a line of a record's header can hold, whatever a page gave for one."""
    return quote(url, safe=_URI_CHARACTERS, errors="replace")


def _request_block(request: Request) -> bytes:
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = [(name, value) for name, values in request.headers.items() for value in values]
    if not any(name.lower() == b"host" for name, _ in headers):
        headers.insert(0, (b"Host", parts.netloc.rpartition("@")[2].encode("latin-1", "replace")))
    told = [(name, value) for name, value in headers if name.lower() not in _SECRETS]
    return _head(f"{request.method} {target} HTTP/1.1", told) + request.body


def _response_head(response: Response) -> bytes:
    """The status line and headers, with those put right that describe the body as it was transferred."""
    protocol = response.protocol or ""
    phrase = HTTPStatus(response.status).phrase if response.status in _STATUSES else ""
    length = str(len(response.body)).encode("ascii")
    headers = [(name, value) for name, values in response.headers.items() for value in values]
    told = []
    for name, value in headers:
        if name.lower() == b"transfer-encoding":
            told.append((b"X-Crawler-Transfer-Encoding", value))
        elif name.lower() != b"content-length":
            told.append((name, value))
        elif value != length:
            told.append((b"X-Crawler-Content-Length", value))
    version = protocol if protocol.startswith("HTTP/1.") else "HTTP/1.1"
    return _head(f"{version} {response.status} {phrase}", [*told, (b"Content-Length", length)])


_STATUSES: Final = frozenset(HTTPStatus)


def _head(first: str, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    lines = [first.encode("latin-1", "replace"), *(name + b": " + value for name, value in headers)]
    return b"".join(b" ".join(line.splitlines()) + b"\r\n" for line in lines) + b"\r\n"
