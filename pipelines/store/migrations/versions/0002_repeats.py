"""Blocks say which earlier block of the article they repeat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; of blocks that were there it is not known."""
    op.add_column("blocks", sa.Column("repeats", sa.Integer()))
