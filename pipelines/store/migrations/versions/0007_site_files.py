"""Files that tell of a site as a whole, `ads.txt` and favicons; they are asked for when that is wanted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables of the files and of what they tell."""
    op.create_table(
        "site_files",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("site", "kind", name=op.f("pk_site_files")),
    )
    op.create_table(
        "site_fingerprints",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("fingerprint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["fingerprint_id"],
            ["fingerprints.id"],
            name=op.f("fk_site_fingerprints_fingerprint_id_fingerprints"),
        ),
        sa.ForeignKeyConstraint(
            ["site", "file"],
            ["site_files.site", "site_files.kind"],
            name="fk_site_fingerprints_site_site_files",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site", "file", "fingerprint_id", name=op.f("pk_site_fingerprints")),
    )
    op.create_index(op.f("ix_site_fingerprints_fingerprint_id"), "site_fingerprints", ["fingerprint_id"])
