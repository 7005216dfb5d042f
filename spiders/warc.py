"""WARC archives -> pages: those of other crawlers (Common Crawl, CC-NEWS), and our own.

Of others' archives every answer that holds a document is a page. Our own say themselves which answers the
crawl took for articles (`spiders.warc_roles`), and only those are pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cleaners.article import Page, Rejection
from cleaners.sniff import SourceKind, sniff
from cleaners.wordpress import parse_post
from spiders.http_answers import MAX_HEAD, HttpHead, TooLargeError, read_document, read_head
from spiders.saved_posts import posts_in
from spiders.warc_records import Damage, Record, read_records
from spiders.warc_roles import Role, read_roles, tells_roles

KEPT_HEADERS: Final = ("Content-Type", "Content-Language", "ETag", "Last-Modified", "Date", "Link")
"""Response headers that matter later: those of `spiders.outcomes`, which needs Scrapy."""

BY: Final = "archive"
"""What `Page.discovered_by` says of pages from others' archives."""

_DOCUMENT_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_SERVICE_PATHS: Final = frozenset({"/robots.txt", "/ads.txt", "/app-ads.txt", "/humans.txt", "/llms.txt"})
_POST_MARKS: Final = (b'"content"', b'"title"')  # in the JSON of every WordPress post
_SNIFFED: Final = 4_096  # bytes of a document without a content type that tell whether it is HTML


def read_archive(
    path: Path,
    *,
    address: str | None = None,
    wanted: Callable[[str], bool] = lambda _: True,
    max_size: int,
) -> Iterator[Page | Rejection]:
    """The pages of an archive, in the order of its records, and a rejection for each part that is damaged.

    `address` names the archive in rejections, in place of the file. Pages whose address is not `wanted` are
    passed over. An answer that holds more than `max_size` bytes, packed or not, is rejected ("too-large").
    Raises `OSError` where the file cannot be read.
    """
    reader = _Reader(path, address or path.absolute().as_uri(), wanted, max_size)
    with path.open("rb") as stream:
        for found in read_records(stream):
            if isinstance(found, Damage):
                yield reader.damaged(found)
            else:
                yield from reader.pages(found)
    if reader.found_nothing:
        yield reader.no_pages()


@dataclass(slots=True)
class _Reader:
    """Reads the records of one archive. `roles` is `None` as long as they are those of another crawler."""

    path: Path
    address: str
    wanted: Callable[[str], bool]
    max_size: int
    roles: dict[str, Role] | None = None
    is_ours: bool = False
    seen: Counter[str] = field(default_factory=Counter)
    answers: int = 0

    @property
    def found_nothing(self) -> bool:
        return not self.answers and self.roles is None

    def pages(self, record: Record) -> Iterator[Page | Rejection]:
        self.seen[record.kind or "nameless"] += 1
        if record.kind == "warcinfo":
            self._begin_part(record)
        elif self.is_ours:
            yield from self._own(record)
        elif record.kind == "response" and _is_web_answer(record):
            yield from self._others(record)

    def _begin_part(self, warcinfo: Record) -> None:
        """Archives can be joined, so each header of one says anew whose records follow."""
        self.is_ours = tells_roles(warcinfo)
        if self.is_ours and self.roles is None:
            self.roles = read_roles(self.path)

    def _own(self, record: Record) -> Iterator[Page | Rejection]:
        role = (self.roles or {}).get(record.get("WARC-Record-ID") or "")
        if role is None or not self.wanted(role.page.url or ""):
            return
        if record.length > self.max_size + MAX_HEAD:
            yield self._too_large(record)
            return
        block = record.read(record.length)
        if not record.whole:
            return  # which the reader of records says next
        try:
            yield role.with_body(block if record.kind == "conversion" else self._body(block))
        except TooLargeError:
            yield self._too_large(record)
        except ValueError as error:
            yield self._refused(record, "damaged-record", f"the record does not hold the page: {error}")

    def _body(self, block: bytes) -> bytes:
        """The document in a block that holds an answer. Raises `ValueError` where it holds none."""
        found = read_head(block)
        if found is None:
            raise ValueError("no HTTP answer is in it")
        head, at = found
        return read_document(head, block[at:], self.max_size)[0]

    def _others(self, record: Record) -> Iterator[Page | Rejection]:
        self.answers += 1
        url = record.url or ""
        if not self.wanted(url) or _path(url) in _SERVICE_PATHS:
            return
        start = record.read(MAX_HEAD)
        found = read_head(start)
        if found is None:
            if record.whole:
                yield self._refused(record, "damaged-record", "the record holds no HTTP answer")
            return
        head, at = found
        if head.status != 200 or not _may_be_document(head, start[at:]):
            return
        cut = _cut_by_crawler(record)
        if cut:
            yield self._refused(record, "truncated", cut)
        elif record.length > self.max_size + MAX_HEAD:
            yield self._too_large(record)
        else:
            body = start[at:] + record.read(record.length)
            if record.whole:
                yield from self._document(record, head, body)

    def _document(self, record: Record, head: HttpHead, coded: bytes) -> Iterator[Page | Rejection]:
        try:
            body, whole = read_document(head, coded, self.max_size)
        except TooLargeError:
            yield self._too_large(record)
            return
        if not whole:
            yield self._refused(record, "truncated", "the answer in the record ends too early")
            return
        page = Page(
            url=record.url,
            body=body,
            content_type=head.get("Content-Type"),
            fetched_at=_moment(record.get("WARC-Date")),
            status=head.status,
            headers={name: value for name in KEPT_HEADERS if (value := head.get(name))},
            discovered_by=BY,
        )
        if _is_json(head):
            yield from _posts(page)
        else:
            yield page

    def damaged(self, damage: Damage) -> Rejection:
        """The rejection of a part that cannot be read."""
        return Rejection(
            url=damage.url or f"{self.address}#{damage.offset}",
            reason=damage.reason,
            detail=f"{damage.detail} (in {self.address} at byte {damage.offset})",
            discovered_by=BY,
        )

    def no_pages(self) -> Rejection:
        """The rejection of an archive without any answer of the web, such as one of extracted texts."""
        kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(self.seen.items())) or "none"
        detail = f"the archive holds no answers of web servers; its records: {kinds}"
        return Rejection(url=self.address, reason="no-pages", detail=detail, discovered_by=BY)

    def _refused(self, record: Record, reason: str, detail: str) -> Rejection:
        return self.damaged(Damage(reason, detail, record.offset, record.url))

    def _too_large(self, record: Record) -> Rejection:
        return self._refused(record, "too-large", f"the answer holds more than {self.max_size >> 20} MiB")


def _is_web_answer(record: Record) -> bool:
    kind = (record.get("Content-Type") or "").partition(";")[0].strip().lower()
    return kind == "application/http" and (record.url or "").lower().startswith(("http://", "https://"))


def _path(url: str) -> str:
    # A hostile address may be one that `urlsplit` refuses.
    return "/" + url.partition("://")[2].partition("?")[0].partition("/")[2]


def _may_be_document(head: HttpHead, body: bytes) -> bool:
    if not head.media_type:
        return sniff(body[:_SNIFFED].decode("latin-1"), None) is SourceKind.HTML
    return head.media_type in _DOCUMENT_TYPES or _is_json(head)


def _is_json(head: HttpHead) -> bool:
    return head.media_type == "application/json"


def _posts(page: Page) -> Iterator[Page]:
    """The posts in an answer of the WordPress API; other data is no page."""
    assert isinstance(page.body, bytes)
    if all(mark in page.body for mark in _POST_MARKS):
        posts = posts_in(page)
        yield from posts or ([page] if parse_post(page.body) else [])


def _cut_by_crawler(record: Record) -> str | None:
    """Why the crawler that wrote the archive did not write all of an answer."""
    if why := record.get("WARC-Truncated"):
        return f"the crawler that wrote the archive cut the answer short ({why})"
    return "the answer goes on in another record" if record.get("WARC-Segment-Number") else None


def _moment(value: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
