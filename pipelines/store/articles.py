"""Articles and rejections into the database, each with what the frontier remembers of its page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from cleaners.article import (
    SCHEMA_VERSION,
    Article,
    Block,
    BlockType,
    ClaimedSource,
    Fingerprint,
    Rejection,
)
from cleaners.frontier import Ended, Outcome
from pipelines.store.fingerprints import save_fingerprints
from pipelines.store.first_verdicts import keep_first_verdicts
from pipelines.store.frontier import end
from pipelines.store.repetition_schema import StoredFirstVerdict
from pipelines.store.schema import (
    ArticleFingerprint,
    Run,
    StoredArticle,
    StoredBlock,
    StoredRejection,
    StoredRevision,
    storable,
)

_COLUMNS: Final = (
    "url", "canonical_url", "site", "title", "authors", "published", "modified", "language", "text",
    "markdown", "categories", "warnings", "fetched_at", "discovered_by", "lastmod",
)  # fmt: skip
_FROM_FILES: Final = frozenset({"archive", "file"})  # what other runs read while this one crawls
_GONE: Final = frozenset({"http-404", "http-410"})
_TRANSIENT: Final = frozenset(
    {
        "connection-failed", "connection-refused", "dns", "download-error", "http-202", "http-408",
        "http-425", "http-429", "http-500", "http-502", "http-503", "http-504", "http-522", "http-524",
        "page-limit", "retry-later", "robots-unreachable", "spider-error", "timeout", "truncated",
        "worker-died", "worker-stopped",
    }
)  # fmt: skip
"""Reasons that may be gone at the next run, so that the next run asks again."""


class Saved(StrEnum):
    """What saving an article or a rejection did."""

    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    GONE = "gone"


class Recovered(Article):
    """An article that a run stored before it was killed, and with it the files that it was writing."""


def take_over(session: Session, sites: Collection[str], run_id: int, limit: int) -> list[Recovered]:
    """Articles of sites that killed runs stored, which from now on are this run's; at most `limit`.

    For the run that holds the sites: all other runs over them have ended, or were killed.
    """
    rows = session.scalars(
        select(StoredArticle)
        .join(Run, Run.id == StoredArticle.run_id)
        .where(Run.finished.is_(None), Run.id != run_id, StoredArticle.site.in_(sites))
        .where(StoredArticle.discovered_by.not_in(_FROM_FILES))
        .order_by(StoredArticle.id)
        .limit(limit)
    ).all()
    for row in rows:
        row.run_id = run_id
    return [
        Recovered(**{entry.name: getattr(item, entry.name) for entry in fields(item)})
        for item in map(article_of, rows)
    ]


def save_article(session: Session, article: Article, run_id: int | None) -> Saved:
    """Write an article: as a new one, as the next revision of one that says something else, or not at all.

    Sets `article.revision`. What its page's validators were is kept in the same transaction, so that a page
    can be "not modified" only when its article is here.
    """
    now = datetime.now(UTC)
    stored = _stored(session, article.url)
    same = stored is not None and stored.digest == _digest(article) and stored.gone_at is None
    if article.key is not None:
        end(session, page_end(article), now, changed=not same)
    if stored is not None and same:
        stored.checked_at = article.fetched_at or now
        article.revision = stored.revision
        return Saved.UNCHANGED
    if article.url is not None:
        session.execute(delete(StoredRejection).where(StoredRejection.url == storable(article.url)))
    if stored is None:
        stored, saved = StoredArticle(revision=1), Saved.NEW
        session.add(stored)
    else:
        saved = Saved.REVISED
        _keep_revision(session, stored, now)
        stored.revision += 1
    article.revision = stored.revision
    for name, value in new_article_row(article, run_id, now).items():
        setattr(stored, name, value)
    session.flush()
    if article.blocks:
        session.execute(insert(StoredBlock), block_rows(article, stored.id))
    keep_first_verdicts(session.connection(), {stored.id: article})
    save_fingerprints(session.connection(), {stored.id: article.fingerprints})
    return saved


def rewrite_article(session: Session, stored: StoredArticle, article: Article, run_id: int | None) -> bool:
    """Write what was made of an article that is held: its blocks typed otherwise, and the text of these.

    One that says something else now becomes the next revision, to be written by the run; then it is true.
    When its page was fetched, and known to say the same, stays as it was.
    """
    now, digest = datetime.now(UTC), _digest(article)
    changed = digest != stored.digest
    if changed:
        _keep_revision(session, stored, now)
        stored.revision += 1
        stored.digest, stored.revised_at, stored.compared = digest, now, False
        stored.run_id = stored.run_id if run_id is None else run_id
    else:
        _drop_parts(session, stored)
    article.revision = stored.revision
    columns = _columns(article)
    for name in ("language", "text", "markdown", "boilerplate"):
        setattr(stored, name, columns[name])
    session.flush()
    session.execute(insert(StoredBlock), block_rows(article, stored.id))
    keep_first_verdicts(session.connection(), {stored.id: article})
    save_fingerprints(session.connection(), {stored.id: article.fingerprints})
    return changed


def new_article_row(article: Article, run_id: int | None, now: datetime) -> dict[str, Any]:
    """The columns of an article that is written now."""
    return {
        **_columns(article),
        "digest": _digest(article),
        "run_id": run_id,
        "revision": article.revision,
        "revised_at": article.fetched_at or now,
        "checked_at": article.fetched_at or now,
        "gone_at": None,
        "compared": False,
    }


def block_rows(article: Article, article_id: int) -> list[dict[str, Any]]:
    """The columns of an article's blocks."""
    return [
        {"article_id": article_id, "position": position, **block.to_record()}
        for position, block in enumerate(article.blocks)
    ]


def save_rejection(session: Session, rejection: Rejection, run_id: int | None) -> Saved:
    """Write a rejection; the article of an earlier run stays, and is marked where its page is gone."""
    now = datetime.now(UTC)
    known = None
    if rejection.key is not None:
        outcome = Outcome.FAILED if rejection.reason in _TRANSIENT else Outcome.REJECTED
        if rejection.reason in _GONE:
            outcome = Outcome.GONE
        known = end(session, Ended(key=rejection.key, outcome=outcome, reason=rejection.reason), now)
    stored: StoredRejection | None = None
    if rejection.url is not None:
        url = storable(rejection.url)
        stored = session.scalar(select(StoredRejection).where(StoredRejection.url == url))
    if stored is None:
        stored = StoredRejection()
        session.add(stored)
    for name in ("url", "reason", "detail", "status", "fetched_at", "discovered_by"):
        setattr(stored, name, getattr(rejection, name))
    stored.run_id = run_id
    if rejection.reason in _GONE and mark_gone(session, known.url if known else rejection.url, now):
        return Saved.GONE
    return Saved.REJECTED


def mark_gone(session: Session, url: str | None, now: datetime) -> bool:
    """Note that an article's page was removed; false where none is held, or it was gone already."""
    stored = _stored(session, url)
    if stored is None or stored.gone_at is not None:
        return False
    stored.gone_at = now
    return True


def mark_checked(session: Session, url: str, now: datetime) -> None:
    """Note that an article's page still says the same."""
    stored = _stored(session, url)
    if stored is not None:
        stored.checked_at = now


def record_of(stored: StoredArticle) -> dict[str, Any]:
    """The documented record of a stored article."""
    return article_of(stored).to_record()


def article_of(stored: StoredArticle) -> Article:
    """A stored article as the object that was stored."""
    fields = {name: getattr(stored, name) for name in _COLUMNS}
    names = ("text", "confidence", "reason", "markup", "path", "hidden_in", "repeats")
    blocks = [
        Block(type=BlockType(block.type), **{name: getattr(block, name) for name in names})
        for block in stored.blocks
    ]
    claim = None
    if stored.claimed_kind is not None:
        claim = ClaimedSource(
            stored.claimed_domain, stored.claimed_name, stored.claimed_kind, stored.claimed_evidence or ""
        )
    return Article(
        **fields,
        blocks=blocks,
        claimed_source=claim,
        fingerprints=sorted(Fingerprint(one.kind, one.value) for one in stored.fingerprints),
        revision=stored.revision,
    )


def _stored(session: Session, url: str | None) -> StoredArticle | None:
    if url is None:
        return None
    return session.scalar(select(StoredArticle).where(StoredArticle.url == storable(url)))


def page_end(article: Article) -> Ended:
    """How the request of an article's page ended. Raises `ValueError` for an article that has no key."""
    if article.key is None:
        raise ValueError(f"{article.url} came from no frontier")
    return Ended(
        key=article.key,
        outcome=Outcome.ARTICLE,
        etag=article.headers.get("ETag"),
        last_modified=article.headers.get("Last-Modified"),
    )


def _keep_revision(session: Session, stored: StoredArticle, now: datetime) -> None:
    session.add(
        StoredRevision(
            article_id=stored.id,
            revision=stored.revision,
            run_id=stored.run_id,
            revised_at=stored.revised_at,
            replaced_at=now,
            record=record_of(stored),
        )
    )
    _drop_parts(session, stored)


def _drop_parts(session: Session, stored: StoredArticle) -> None:
    """Delete what an article has in other tables."""
    for part in (StoredBlock, ArticleFingerprint, StoredFirstVerdict):
        session.execute(delete(part).where(part.article_id == stored.id))
    session.expire(stored, ["blocks", "fingerprints"])


def _digest(article: Article) -> str:
    """What makes an article another one: its words, its title, its authors, and whom it names as its source.

    Not its boilerplate, nor times, which pages print as "3 hours ago".
    """
    claim = article.claimed_source.domain if article.claimed_source else None
    said = json.dumps([article.title, article.authors, article.text, claim])  # escapes lone surrogates
    return hashlib.sha256(said.encode("ascii")).hexdigest()


def _columns(article: Article) -> dict[str, Any]:
    claim = article.claimed_source
    return {
        **{name: getattr(article, name) for name in _COLUMNS},
        "schema_version": SCHEMA_VERSION,
        "boilerplate": {
            kind.value: {"blocks": count.blocks, "words": count.words}
            for kind, count in article.boilerplate.items()
        },
        "claimed_domain": claim.domain if claim else None,
        "claimed_name": claim.name if claim else None,
        "claimed_kind": claim.kind if claim else None,
        "claimed_evidence": claim.evidence if claim else None,
    }
