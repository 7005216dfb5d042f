"""The crawl in the database: frontiers, leases, cursors, figures of runs; articles have revisions.

An article that was there becomes its own first revision, and its digest is computed, so that the next crawl
can tell whether its page says something else.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_AT_ONCE: Final = 500  # articles in memory

_ARTICLES: Final = sa.table(
    "articles",
    sa.column("id", sa.Integer()),
    sa.column("title", sa.Text()),
    sa.column("authors", sa.JSON()),
    sa.column("text", sa.Text()),
    sa.column("claimed_domain", sa.Text()),
    sa.column("fetched_at", sa.DateTime(timezone=True)),
    sa.column("revision", sa.Integer()),
    sa.column("revised_at", sa.DateTime(timezone=True)),
    sa.column("checked_at", sa.DateTime(timezone=True)),
    sa.column("digest", sa.Text()),
)


def upgrade() -> None:
    """Make the tables of the crawl, and give articles and runs their new columns."""
    # Before there were migrations, a newer program made the tables that were missing, and no columns.
    _make_frontier()
    _make_figures()
    _make_revisions()
    op.add_column("runs", sa.Column("job", sa.Text()))
    op.add_column("runs", sa.Column("outcome", sa.Text()))
    op.create_index(op.f("ix_runs_job"), "runs", ["job"])
    _add_article_columns()


def _add_article_columns() -> None:
    for name in ("revised_at", "checked_at", "gone_at"):
        op.add_column("articles", sa.Column(name, sa.DateTime(timezone=True)))
    op.add_column("articles", sa.Column("revision", sa.Integer()))
    op.add_column("articles", sa.Column("digest", sa.Text()))
    fetched = _ARTICLES.c.fetched_at
    op.execute(sa.update(_ARTICLES).values(revision=1, revised_at=fetched, checked_at=fetched))
    _compute_digests()
    with op.batch_alter_table("articles") as batch:
        batch.alter_column("revision", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("digest", existing_type=sa.Text(), nullable=False)


def _compute_digests() -> None:
    connection = op.get_bind()
    columns = _ARTICLES.c
    said = (columns.id, columns.title, columns.authors, columns.text, columns.claimed_domain)
    page = sa.select(*said).order_by(columns.id).limit(_AT_ONCE)
    update = (
        sa.update(_ARTICLES).where(columns.id == sa.bindparam("article")).values(digest=sa.bindparam("new"))
    )
    last = -1
    while rows := connection.execute(page.where(columns.id > last)).all():
        connection.execute(update, [{"article": row.id, "new": _digest(*row[1:])} for row in rows])
        last = rows[-1].id


def _digest(title: str | None, authors: list[Any], text: str, claimed_domain: str | None) -> str:
    """As the program of this step computes it."""
    said = json.dumps([title, authors, text, claimed_domain])
    return hashlib.sha256(said.encode("ascii")).hexdigest()


def _make_frontier() -> None:
    op.create_table(
        "pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("discovered_by", sa.Text(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("lastmod", sa.DateTime(timezone=True)),
        sa.Column("via", sa.Text()),
        sa.Column("pass_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True)),
        sa.Column("changed_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pages")),
        sa.UniqueConstraint("key", name=op.f("uq_pages_key")),
        if_not_exists=True,
    )
    op.create_index(
        "ix_pages_frontier",
        "pages",
        ["site", "state", sa.literal_column("rank DESC"), "id"],
        if_not_exists=True,
    )
    op.create_index(op.f("ix_pages_via"), "pages", ["via"], if_not_exists=True)
    op.create_table(
        "sites",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("pass_id", sa.Integer(), nullable=False),
        sa.Column("pass_began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pass_open", sa.Boolean(), nullable=False),
        sa.Column("holder", sa.Text()),
        sa.Column("held_until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("site", name=op.f("pk_sites")),
        if_not_exists=True,
    )
    op.create_table(
        "cursors",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("site", "name", name=op.f("pk_cursors")),
        if_not_exists=True,
    )


def _make_figures() -> None:
    op.create_table(
        "site_runs",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("discovered", sa.Integer(), nullable=False),
        sa.Column("fetched", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("unchanged_articles", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("rejects", sa.Integer(), nullable=False),
        sa.Column("received_bytes", sa.Integer(), nullable=False),
        sa.Column("median_words", sa.Integer()),
        sa.Column("statuses", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("alarms", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_site_runs_run_id_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "site", name=op.f("pk_site_runs")),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_site_runs_site"), "site_runs", ["site"], if_not_exists=True)


def _make_revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_id", sa.Integer()),
        sa.Column("revised_at", sa.DateTime(timezone=True)),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_revisions_article_id_articles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_revisions_run_id_runs")),
        sa.PrimaryKeyConstraint("article_id", "revision", name=op.f("pk_revisions")),
        if_not_exists=True,
    )
    op.create_index(op.f("ix_revisions_run_id"), "revisions", ["run_id"], if_not_exists=True)
