"""Text reuse as tables: which articles say the same, what each pair shares, and who took it from whom.

Articles with the same words share a `StoredText`, so that a thousand verbatim copies are compared once. Texts
that one was made from another, directly or through others, share a `StoredCluster`. What is compared comes
from two inverted indexes: bands of MinHash values, which near copies share, and facts (names and numbers that
stand together), which rewrites and translations share.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, false, text
from sqlalchemy.orm import Mapped, mapped_column

from pipelines.store.schema import Base


class StoredCluster(Base):
    """Texts made from one another.

    `settled` is false while its origin is to be found (again). `decided` is false where its own evidence
    tells no origin; what is known of the sites then may, and changes with the corpus.
    """

    __tablename__ = "clusters"

    id: Mapped[int] = mapped_column(primary_key=True)
    settled: Mapped[bool]
    decided: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (
        Index(
            "ix_clusters_unsettled",
            "id",
            sqlite_where=text("settled = 0"),
            postgresql_where=text("NOT settled"),
        ),
        Index(
            "ix_clusters_undecided",
            "id",
            sqlite_where=text("decided = 0"),
            postgresql_where=text("NOT decided"),
        ),
        {"sqlite_autoincrement": True},
    )


class StoredText(Base):
    """The words of one article or of several that agree in every word.

    `digest` is of the words, without case and punctuation; `key_count` is how many keys it has, bands left
    out, those included that are common; `published` is the earliest date of its articles. `cluster_id` is
    empty while it has no copy. `names` are the names that it is about, packed (`pipelines.reuse.names`);
    `period` is the fortnight under which they are entered, empty where they are not. `sought` is false while
    reports of its event are to be searched (again).
    """

    __tablename__ = "texts"
    __table_args__ = (
        Index(
            "ix_texts_unsought", "id", sqlite_where=text("sought = 0"), postgresql_where=text("NOT sought")
        ),
        # A number is never given again: keys of a text that was removed must not find another one.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    words: Mapped[int]
    key_count: Mapped[int] = mapped_column(default=0)
    published: Mapped[datetime | None]
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("clusters.id"), index=True)
    names: Mapped[bytes | None] = mapped_column(LargeBinary(48))
    period: Mapped[int | None]
    sought: Mapped[bool] = mapped_column(default=False, server_default=false())


class StoredBand(Base):
    """A band of a text's MinHash signature: near copies share at least one."""

    __tablename__ = "bands"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    text_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class StoredFact(Base):
    """A hash of a word sequence that a text has, or of a fact: names and numbers that stand together.

    Of those that very many texts share no row is kept: `StoredCommonFact`.
    """

    __tablename__ = "facts"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    text_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class StoredCommonFact(Base):
    """A fact or word sequence that so many texts share that it tells nothing of any two."""

    __tablename__ = "common_facts"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class StoredTextName(Base):
    """A name that a text is about, in the fortnight of its date: reports of one event share some."""

    __tablename__ = "text_names"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    text_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class StoredRelation(Base):
    """How a text relates to an earlier one, with the figures that say so (`docs/reuse.md`).

    Between the texts of a cluster: to the origin, and what joined them; between others: where two tell of one
    event, each in its own words. `by_names` is true where only their names brought the two together
    (`StoredTextName`); of a cluster one text is then compared for all.
    """

    __tablename__ = "relations"

    later_id: Mapped[int] = mapped_column(ForeignKey("texts.id", ondelete="CASCADE"), primary_key=True)
    earlier_id: Mapped[int] = mapped_column(
        ForeignKey("texts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    relation: Mapped[str] = mapped_column(index=True)
    figures: Mapped[dict[str, Any]]
    by_names: Mapped[bool] = mapped_column(default=False, server_default=false())


class StoredOrigin(Base):
    """Where an article of a cluster came from; articles without copies have no row.

    `relation` is "original" for the cluster's origin, whose `origin_id` is its own; for a copy it is the
    relation to its origin ("verbatim", "edited", "excerpt", "rewritten", "translated"); "unknown" where the
    evidence disagrees, with the two candidates in `origin_id` and `rival_id`. Where copies name a site that
    the corpus has no article of, `origin_id` is empty, `origin_site` is that site, and the relation is to the
    one of them that stands nearest to it, whose own is "unknown". `evidence` is a list of findings, each with
    its tier, in the order of their weight.
    """

    __tablename__ = "origins"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.id"), index=True)
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"), index=True)
    rival_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    origin_site: Mapped[str | None] = mapped_column(index=True)
    relation: Mapped[str] = mapped_column(index=True)
    evidence: Mapped[list[dict[str, Any]]]
