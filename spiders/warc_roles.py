"""What our own archives say of their records: which of them the crawl took for articles, and what it knew.

`pipelines.warc` writes a metadata record for each page that went to the cleaner. It refers to the record that
holds the page's body and tells the rest of the page, so that reading the archive gives the same `Page` again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cleaners.article import Page
from spiders.warc_records import Record, read_records

MAX_ROLES_SIZE: Final = 256 * 1024 * 1024
"""Bytes of all roles of an archive that are read: half a million pages, which no archive of ours holds."""

_ROLES: Final = "thresher-roles"
_PREFIX: Final = "thresher-"
_MAX_FIELDS: Final = 256 * 1024  # bytes of one record of fields; addresses and headers are the long ones


@dataclass(frozen=True, slots=True)
class Role:
    """A page as the crawl gave it to the cleaner, without its body; `is_text` says that this was text."""

    page: Page
    is_text: bool

    def with_body(self, body: bytes) -> Page:
        """The page."""
        whole: bytes | str = body.decode("utf-8", "surrogatepass") if self.is_text else body
        page = self.page
        return Page(
            url=page.url,
            body=whole,
            content_type=page.content_type,
            fetched_at=page.fetched_at,
            status=page.status,
            headers=page.headers,
            discovered_by=page.discovered_by,
            lastmod=page.lastmod,
        )


def tells_roles(warcinfo: Record) -> bool:
    """Whether what follows in an archive was written by a crawl of ours."""
    return (_ROLES, "1") in _fields(warcinfo.read(_MAX_FIELDS))


def read_roles(path: Path) -> dict[str, Role]:
    """The roles that an archive of ours tells, by the ids of the records that hold the bodies.

    Raises `OSError` where the file cannot be read. Damaged parts are passed over.
    """
    roles: dict[str, Role] = {}
    size = 0
    with path.open("rb") as stream:
        for record in read_records(stream):
            if not isinstance(record, Record) or record.kind != "metadata":
                continue
            target, block = record.get("WARC-Refers-To"), record.read(_MAX_FIELDS)
            role = _role(block) if record.whole else None
            if target and role and (size := size + len(block)) <= MAX_ROLES_SIZE:
                roles[target] = role
    return roles


def _role(block: bytes) -> Role | None:
    """The role that a block of fields tells; `None` where it tells none, or no sense."""
    fields = {name.removeprefix(_PREFIX): value for name, value in _fields(block) if name.startswith(_PREFIX)}
    headers = (value.partition(": ") for name, value in _fields(block) if name == f"{_PREFIX}header")
    if fields.get("role") != "article":
        return None
    try:
        page = Page(
            url=fields.get("url"),
            body=b"",
            content_type=fields.get("content-type"),
            fetched_at=_moment(fields.get("fetched-at")),
            status=int(fields["status"]) if "status" in fields else None,
            headers={name: value for name, _, value in headers},
            discovered_by=fields.get("discovered-by"),
            lastmod=_moment(fields.get("lastmod")),
        )
    except ValueError:
        return None
    return Role(page, fields.get("body") == "text")


def _fields(block: bytes) -> Iterator[tuple[str, str]]:
    """The fields of a block of the type application/warc-fields.

    A value that a line cannot hold as it is stands there as a JSON string.
    """
    for line in block.split(b"\r\n"):
        name, colon, value = line.decode("utf-8", "replace").partition(": ")
        if not colon:
            continue
        if value.startswith('"'):
            try:
                value = str(json.loads(value))
            except ValueError:
                continue
        yield name.lower(), value


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
