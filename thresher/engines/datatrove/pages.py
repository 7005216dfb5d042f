"""Pages as datatrove's documents, before they are cleaned, and back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from datatrove.data import Document, Media, MediaType

from cleaners import Page, Rejection
from thresher.engines.datatrove.maker import valid

REJECTED: Final = "rejected"
"""Key of a document's metadata that holds the reject's record, where the reader has found no page."""

PAGE_KEYS: Final = ("url", "content_type", "status", "fetched_at", "discovered_by", "lastmod")
"""What a document's metadata say of the page; those that are not known are left out."""


def document_of(found: Page | Rejection, identifier: str, path: str | None = None) -> Document:
    """The document that carries a page, or the reason why there is none, to the step that cleans it.

    Bytes, whose encoding the cleaning tells, travel as the document's medium, text as its text.
    """
    if isinstance(found, Rejection):
        record = valid(found.to_record())
        return Document(text="", id=identifier, metadata={"url": record["url"], REJECTED: record})
    values = ((name, getattr(found, name)) for name in PAGE_KEYS)
    metadata = {name: valid(_plain(value)) for name, value in values if value is not None}
    if isinstance(found.body, str):
        return Document(text=valid(found.body), id=identifier, metadata=metadata)
    medium = Media(
        id=identifier,
        type=MediaType.DOCUMENT,
        url=metadata.get("url", ""),
        path=path,
        length=len(found.body),
        media_bytes=found.body,
    )
    return Document(text="", id=identifier, media=[medium], metadata=metadata)


def found_in(document: Document, *, url_key: str, fetched_at_key: str) -> Page | Rejection:
    """The page, or the rejection, that a document carries; of any reader's, the text is the page.

    Values of the metadata that are of another type than theirs count as unknown.
    """
    told = document.metadata
    if isinstance(record := told.get(REJECTED), dict):
        return Rejection(
            url=record["url"],
            reason=record["reason"],
            detail=record["detail"],
            status=record["status"],
            fetched_at=_moment(record["fetched_at"]),
            discovered_by=record["discovered_by"],
        )
    medium = page_medium(document)
    return Page(
        url=_text(told.get(url_key)),
        body=document.text if medium is None else medium.media_bytes,
        content_type=_text(told.get("content_type")),
        fetched_at=_moment(told.get(fetched_at_key)),
        status=status if isinstance(status := told.get("status"), int) else None,
        discovered_by=_text(told.get("discovered_by")),
        lastmod=_moment(told.get("lastmod")),
    )


def page_medium(document: Document) -> Media | None:
    """The medium that is the document's page: the first of the type "document" that has its bytes."""
    media = (medium for medium in document.media if medium.type == MediaType.DOCUMENT)
    return next((medium for medium in media if medium.media_bytes is not None), None)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
