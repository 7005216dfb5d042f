"""The corpus as tables: articles, their blocks and revisions, rejects, and the runs that wrote them.

The tables of the crawl itself (the frontier of each site) are in `crawl_schema.py`. The columns of articles
mirror the documented record. Times are kept in UTC. PostgreSQL holds neither NUL nor lone
surrogates in text, SQLite no lone surrogates; both become U+FFFD here.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Constraint,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

MAX_INDEXED_BYTES: Final = 2_000
"""Bytes of a text that an index holds in any case: an entry of PostgreSQL's B-trees may have 2,704."""

_BEGINNING: Final = 400
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def storable(value: Any) -> Any:
    """`value` with every character that a database cannot hold replaced, in nested lists and dicts too."""
    if isinstance(value, str):
        if value.isascii() and "\0" not in value:  # nearly always, and told at once
            return value
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [storable(entry) for entry in value]
    if isinstance(value, dict):
        return {storable(key): storable(entry) for key, entry in value.items()}
    return value


class SafeText(TypeDecorator[str]):
    """Text of any length, with the characters that a database cannot hold replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Replace what cannot be stored."""
        return None if value is None else str(storable(value))


class SafeJson(TypeDecorator[Any]):
    """Plain data as JSON, with the characters that a database cannot hold replaced."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> Any:
        """Replace what cannot be stored."""
        return storable(value)


class Moment(TypeDecorator[datetime]):
    """A point in time, kept in UTC and given back as aware UTC; a time without a zone is taken as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """To UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """SQLite drops the zone; put it back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables; named constraints, so that migrations can alter them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: SafeText,
        datetime: Moment,
        float: Double,
        dict[str, Any]: SafeJson,
        list[str]: SafeJson,
        list[dict[str, Any]]: SafeJson,
    }


def table_of(mapped: type[Base]) -> Table:
    """The table of a class, for statements about many rows, which objects would make slow."""
    table = mapped.__table__
    assert isinstance(table, Table)
    return table


def indexable(text: str) -> str:
    """`text`; where it is longer than PostgreSQL's usual indexes can hold, its beginning and a digest."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= MAX_INDEXED_BYTES:
        return text
    return f"{text[:_BEGINNING]}… {hashlib.sha256(raw).hexdigest()}"


def one_row_per_url(table: str) -> tuple[Constraint, Constraint]:
    """The constraint that a table's `url` stands in one row only, in either database's words.

    PostgreSQL's B-trees hold no entry of more than 2,704 bytes, and addresses in archives and of files can be
    longer; a hash index holds them all.
    """
    name = f"uq_{table}_url"
    return (
        UniqueConstraint("url", name=name).ddl_if(dialect="sqlite"),
        ExcludeConstraint(("url", "="), name=name, using="hash").ddl_if(dialect="postgresql"),
    )


class Run(Base):
    """One crawl: which spider ran with which arguments, when, and how it ended.

    `job` is its name in `thresher.toml`. `outcome` is Scrapy's reason of the end ("finished", "shutdown" …);
    a run without one was killed or is under way.
    """

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str | None] = mapped_column(index=True)
    spider: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    started: Mapped[datetime]
    finished: Mapped[datetime | None]
    outcome: Mapped[str | None]


class StoredArticle(Base):
    """An article as it is now; `run_id` is the run that wrote this revision of it.

    `revision` counts from 1, and `revised_at` is when this one was fetched; the ones before are in
    `revisions`. `checked_at` is when the page was last known to say the same. `gone_at` is when the page was
    found removed. `digest` tells two revisions apart. `text_id` is the text (`StoredText`) that was compared
    with the others; `compared` is false for an article whose present text still has to be.
    """

    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"), index=True)
    schema_version: Mapped[int]
    url: Mapped[str | None]
    canonical_url: Mapped[str | None]
    site: Mapped[str | None] = mapped_column(index=True)
    title: Mapped[str | None]
    authors: Mapped[list[str]]
    published: Mapped[datetime | None] = mapped_column(index=True)
    modified: Mapped[datetime | None]
    language: Mapped[str | None]
    text: Mapped[str]
    markdown: Mapped[str]
    categories: Mapped[list[str]]
    claimed_domain: Mapped[str | None] = mapped_column(index=True)
    claimed_name: Mapped[str | None]
    claimed_kind: Mapped[str | None]
    claimed_evidence: Mapped[str | None]
    boilerplate: Mapped[dict[str, Any]]
    warnings: Mapped[list[str]]
    fetched_at: Mapped[datetime | None]
    discovered_by: Mapped[str | None]
    lastmod: Mapped[datetime | None]
    revision: Mapped[int]
    revised_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    digest: Mapped[str]
    text_id: Mapped[int | None] = mapped_column(ForeignKey("texts.id"), index=True)
    compared: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        *one_row_per_url("articles"),
        Index(
            "ix_articles_uncompared",
            "id",
            sqlite_where=sql("compared = 0"),
            postgresql_where=sql("NOT compared"),
        ),
    )

    blocks: Mapped[list[StoredBlock]] = relationship(
        back_populates="article", cascade="all, delete-orphan", order_by="StoredBlock.position"
    )
    fingerprints: Mapped[list[StoredFingerprint]] = relationship(
        secondary="article_fingerprints", viewonly=True
    )


class StoredFingerprint(Base):
    """An id in the markup of pages that ties their sites to one operator."""

    __tablename__ = "fingerprints"
    __table_args__ = (UniqueConstraint("kind", "value", name="uq_fingerprints_kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    value: Mapped[str]


class ArticleFingerprint(Base):
    """That an article's page, as it is now, carries a fingerprint."""

    __tablename__ = "article_fingerprints"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    fingerprint_id: Mapped[int] = mapped_column(
        ForeignKey("fingerprints.id"), primary_key=True, autoincrement=False, index=True
    )


class StoredBlock(Base):
    """A block of an article; `position` counts from 0 in page order."""

    __tablename__ = "blocks"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    type: Mapped[str] = mapped_column(index=True)
    confidence: Mapped[float]
    reason: Mapped[str]
    markup: Mapped[str]
    path: Mapped[str]
    hidden_in: Mapped[str | None]
    repeats: Mapped[int | None]
    kept: Mapped[bool]

    article: Mapped[StoredArticle] = relationship(back_populates="blocks")


class StoredRevision(Base):
    """An earlier revision of an article, as its record; `replaced_at` is when it was superseded."""

    __tablename__ = "revisions"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"), index=True)
    revised_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime]
    record: Mapped[dict[str, Any]]


class StoredRejection(Base):
    """A URL that gave no article when it was last tried, and why."""

    __tablename__ = "rejections"
    __table_args__ = one_row_per_url("rejections")

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"), index=True)
    url: Mapped[str | None]
    reason: Mapped[str] = mapped_column(index=True)
    detail: Mapped[str]
    status: Mapped[int | None]
    fetched_at: Mapped[datetime | None]
    discovered_by: Mapped[str | None]
