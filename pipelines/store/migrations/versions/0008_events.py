"""Names by which reports of one event are found; they are yet to be searched for every text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the index of names, and the columns that say what was searched and found by it."""
    op.create_table(
        "text_names",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "text_id", name=op.f("pk_text_names")),
        sqlite_with_rowid=False,
    )
    op.add_column("texts", sa.Column("names", sa.LargeBinary(length=48)))
    op.add_column("texts", sa.Column("period", sa.Integer()))
    op.add_column("texts", sa.Column("sought", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(
        "ix_texts_unsought",
        "texts",
        ["id"],
        sqlite_where=sa.text("sought = 0"),
        postgresql_where=sa.text("NOT sought"),
    )
    op.add_column("relations", sa.Column("by_names", sa.Boolean(), server_default=sa.false(), nullable=False))
