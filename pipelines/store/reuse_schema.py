"""Text reuse as tables: which articles say the same, what each pair shares, and who took it from whom.

Articles with the same words share a `StoredText`, so that a thousand verbatim copies are compared once. Texts
that one was made from another, directly or through others, share a `StoredCluster`. What is compared comes
from two inverted indexes: bands of MinHash values, which near copies share, and facts (names and numbers that
stand together), which rewrites and translations share.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from pipelines.store.schema import Base


class StoredCluster(Base):
    """Texts made from one another. `settled` is false while its origin is to be found (again)."""

    __tablename__ = "clusters"

    id: Mapped[int] = mapped_column(primary_key=True)
    settled: Mapped[bool]

    __table_args__ = (
        Index(
            "ix_clusters_unsettled",
            "id",
            sqlite_where=text("settled = 0"),
            postgresql_where=text("NOT settled"),
        ),
    )


class StoredText(Base):
    """The words of one article or of several that agree in every word.

    `digest` is of the words, without case and punctuation. `cluster_id` is empty while nothing was made from
    it, nor it from anything.
    """

    __tablename__ = "texts"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    words: Mapped[int]
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("clusters.id"), index=True)


class StoredBand(Base):
    """A band of a text's MinHash signature: near copies share at least one."""

    __tablename__ = "bands"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    text_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class StoredFact(Base):
    """A fact that a text states, as a hash: names and numbers that stand together."""

    __tablename__ = "facts"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    text_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class StoredRelation(Base):
    """How a text relates to an earlier one, with the figures that say so (`docs/reuse.md`)."""

    __tablename__ = "relations"

    later_id: Mapped[int] = mapped_column(ForeignKey("texts.id", ondelete="CASCADE"), primary_key=True)
    earlier_id: Mapped[int] = mapped_column(
        ForeignKey("texts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    relation: Mapped[str] = mapped_column(index=True)
    figures: Mapped[dict[str, Any]]


class StoredOrigin(Base):
    """Where an article of a cluster came from; articles without copies have no row.

    `relation` is "original" for the cluster's origin, whose `origin_id` is its own; for a copy it is the
    relation to its origin ("verbatim", "edited", "excerpt", "rewritten", "translated"); "unknown" where the
    evidence disagrees, with the two candidates in `origin_id` and `rival_id`. `evidence` is a list of
    findings, each with its tier, in the order of their weight.
    """

    __tablename__ = "origins"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.id"), index=True)
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"), index=True)
    rival_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    relation: Mapped[str] = mapped_column(index=True)
    evidence: Mapped[list[dict[str, Any]]]
