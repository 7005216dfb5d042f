"""The memory of what sites repeat; it is filled when a site is crawled next."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables of texts that are counted, and of what the memory made of articles."""
    op.create_table(
        "site_memories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_memories")),
        sa.UniqueConstraint("site", name=op.f("uq_site_memories_site")),
    )
    _make_counts()
    _make_findings()
    op.create_index("ix_articles_site_revision", "articles", ["site", "revision"])


def _make_counts() -> None:
    op.create_table(
        "remembered_pages",
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("memory_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["memory_id"], ["site_memories.id"], name=op.f("fk_remembered_pages_memory_id_site_memories")
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_remembered_pages")),
    )
    op.create_index("ix_remembered_pages_page", "remembered_pages", ["memory_id", "page"])
    op.create_index(
        "ix_remembered_pages_unsettled",
        "remembered_pages",
        ["memory_id", "article_id"],
        sqlite_where=sa.text("settled = 0"),
        postgresql_where=sa.text("NOT settled"),
    )
    op.create_table(
        "passages",
        sa.Column("memory_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("page", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("memory_id", "key", "page", "article_id", name=op.f("pk_passages")),
        sqlite_with_rowid=False,
    )


def _make_findings() -> None:
    op.create_table(
        "repeated_texts",
        sa.Column("memory_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("site_pages", sa.Integer(), nullable=False),
        sa.Column("witnesses", sa.Integer(), nullable=False),
        sa.Column("beside", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["memory_id"], ["site_memories.id"], name=op.f("fk_repeated_texts_memory_id_site_memories")
        ),
        sa.PrimaryKeyConstraint("memory_id", "key", name=op.f("pk_repeated_texts")),
    )
    op.create_table(
        "first_verdicts",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_first_verdicts_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name=op.f("pk_first_verdicts")),
    )
