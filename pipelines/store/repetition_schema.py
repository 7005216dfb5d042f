"""The memory of what sites repeat, as tables: texts of articles by key, and those that are boilerplate.

A text is a number of 64 bits (`cleaners.passages.text_key`), and its type the one that the cleaner gave its
block, whatever was made of it since. But for `first_verdicts` nothing here is lost if it is emptied: the next
crawls make it anew.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from pipelines.store.schema import Base, SafeJson, StoredArticle


class StoredSiteMemory(Base):
    """What is remembered of a site. `changes` counts the times that articles of it were counted, and `judged`
    is what it was when its texts were last judged."""

    __tablename__ = "site_memories"

    id: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[str] = mapped_column(unique=True)
    changes: Mapped[int] = mapped_column(default=0)
    judged: Mapped[int] = mapped_column(default=0)


class RememberedPage(Base):
    """An article whose texts are counted: which revision of it, and their keys, 8 bytes each.

    `page` is a number made of its address. `settled` is false while the article has to be compared with what
    is known of its site. An article that was deleted still has its row, until its site is crawled again.
    """

    __tablename__ = "remembered_pages"
    __table_args__ = (
        Index("ix_remembered_pages_page", "memory_id", "page"),
        Index(
            "ix_remembered_pages_unsettled",
            "memory_id",
            "article_id",
            sqlite_where=text("settled = 0"),
            postgresql_where=text("NOT settled"),
        ),
    )

    article_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    memory_id: Mapped[int] = mapped_column(ForeignKey("site_memories.id"))
    page: Mapped[int] = mapped_column(BigInteger)
    revision: Mapped[int]
    keys: Mapped[bytes] = mapped_column(LargeBinary)
    settled: Mapped[bool]


Index("ix_articles_site_revision", StoredArticle.site, StoredArticle.revision)
# What changed is told by this alone: behind the texts in its row a revision takes a hundred times as long.


class StoredPassage(Base):
    """A text of an article and the type that the cleaner gave it; in the order in which they are counted."""

    __tablename__ = "passages"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class

    memory_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    page: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    type: Mapped[str]


class StoredRepetition(Base):
    """A text that is boilerplate on its site (`cleaners.repetition_evidence.RepeatedText`)."""

    __tablename__ = "repeated_texts"

    memory_id: Mapped[int] = mapped_column(ForeignKey("site_memories.id"), primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    type: Mapped[str]
    pages: Mapped[int]
    site_pages: Mapped[int]
    witnesses: Mapped[int]
    beside: Mapped[list[int]] = mapped_column(SafeJson)


class StoredFirstVerdict(Base):
    """What the cleaner said of a block that the site's memory typed."""

    __tablename__ = "first_verdicts"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    type: Mapped[str]
    confidence: Mapped[float]
    reason: Mapped[str]
