"""Operator fingerprints; addresses and received bytes of any size in PostgreSQL.

Fingerprints are known of the pages that are fetched from now on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables of fingerprints, and widen what PostgreSQL holds too narrowly."""
    op.create_table(
        "fingerprints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fingerprints")),
        sa.UniqueConstraint("kind", "value", name=op.f("uq_fingerprints_kind")),
    )
    op.create_table(
        "article_fingerprints",
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fingerprint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_article_fingerprints_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["fingerprint_id"],
            ["fingerprints.id"],
            name=op.f("fk_article_fingerprints_fingerprint_id_fingerprints"),
        ),
        sa.PrimaryKeyConstraint("article_id", "fingerprint_id", name=op.f("pk_article_fingerprints")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_article_fingerprints_fingerprint_id"), "article_fingerprints", ["fingerprint_id"]
    )
    with op.batch_alter_table("site_runs") as batch:
        batch.alter_column(
            "received_bytes", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False
        )
    if op.get_bind().dialect.name == "postgresql":
        for table in ("articles", "rejections"):
            op.drop_constraint(f"uq_{table}_url", table)
            op.create_exclude_constraint(f"uq_{table}_url", table, ("url", "="), using="hash")
