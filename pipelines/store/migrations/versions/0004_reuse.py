"""Text reuse: texts, what they share, their relations and origins; every article is yet to be compared."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ARTICLES: Final = sa.table("articles", sa.column("compared", sa.Boolean()))


def upgrade() -> None:
    """Make the tables of texts, and let articles name theirs."""
    _drop_early_tables()
    _make_texts()
    _make_indexes_of_texts()
    _make_findings()
    op.add_column("articles", sa.Column("text_id", sa.Integer()))
    op.add_column("articles", sa.Column("compared", sa.Boolean()))
    op.execute(sa.update(_ARTICLES).values(compared=sa.false()))
    with op.batch_alter_table("articles") as batch:
        batch.alter_column("compared", existing_type=sa.Boolean(), nullable=False)
        batch.create_foreign_key(op.f("fk_articles_text_id_texts"), "texts", ["text_id"], ["id"])
    op.create_index(op.f("ix_articles_text_id"), "articles", ["text_id"])
    op.create_index(
        "ix_articles_uncompared",
        "articles",
        ["id"],
        sqlite_where=sa.text("compared = 0"),
        postgresql_where=sa.text("NOT compared"),
    )


def _drop_early_tables() -> None:
    """The last program without migrations made these tables in another shape, and never filled them."""
    inspector = sa.inspect(op.get_bind())
    if "compared" in {column["name"] for column in inspector.get_columns("articles")}:
        op.drop_index("ix_articles_uncompared", "articles")
        op.drop_index("ix_articles_text_id", "articles")
        with op.batch_alter_table("articles") as batch:
            batch.drop_constraint("fk_articles_text_id_texts", type_="foreignkey")
            batch.drop_column("text_id")
            batch.drop_column("compared")
    for table in ("origins", "relations", "facts", "bands", "texts", "clusters"):
        op.drop_table(table, if_exists=True)


def _make_texts() -> None:
    op.create_table(
        "clusters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clusters")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_clusters_unsettled",
        "clusters",
        ["id"],
        sqlite_where=sa.text("settled = 0"),
        postgresql_where=sa.text("NOT settled"),
    )
    op.create_index(
        "ix_clusters_undecided",
        "clusters",
        ["id"],
        sqlite_where=sa.text("decided = 0"),
        postgresql_where=sa.text("NOT decided"),
    )
    op.create_table(
        "texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("key_count", sa.Integer(), nullable=False),
        sa.Column("published", sa.DateTime(timezone=True)),
        sa.Column("cluster_id", sa.Integer()),
        sa.ForeignKeyConstraint(["cluster_id"], ["clusters.id"], name=op.f("fk_texts_cluster_id_clusters")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_texts")),
        sa.UniqueConstraint("digest", name=op.f("uq_texts_digest")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_texts_cluster_id"), "texts", ["cluster_id"])


def _make_indexes_of_texts() -> None:
    op.create_table(
        "bands",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "text_id", name=op.f("pk_bands")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "facts",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "text_id", name=op.f("pk_facts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "common_facts",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_common_facts")),
        sqlite_with_rowid=False,
    )


def _make_findings() -> None:
    op.create_table(
        "relations",
        sa.Column("later_id", sa.Integer(), nullable=False),
        sa.Column("earlier_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["earlier_id"], ["texts.id"], name=op.f("fk_relations_earlier_id_texts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["later_id"], ["texts.id"], name=op.f("fk_relations_later_id_texts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("later_id", "earlier_id", name=op.f("pk_relations")),
    )
    op.create_index(op.f("ix_relations_earlier_id"), "relations", ["earlier_id"])
    op.create_index(op.f("ix_relations_relation"), "relations", ["relation"])
    op.create_table(
        "origins",
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("origin_id", sa.Integer()),
        sa.Column("rival_id", sa.Integer()),
        sa.Column("origin_site", sa.Text()),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_origins_article_id_articles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["cluster_id"], ["clusters.id"], name=op.f("fk_origins_cluster_id_clusters")),
        sa.ForeignKeyConstraint(["origin_id"], ["articles.id"], name=op.f("fk_origins_origin_id_articles")),
        sa.ForeignKeyConstraint(["rival_id"], ["articles.id"], name=op.f("fk_origins_rival_id_articles")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_origins")),
    )
    op.create_index(op.f("ix_origins_cluster_id"), "origins", ["cluster_id"])
    op.create_index(op.f("ix_origins_origin_id"), "origins", ["origin_id"])
    op.create_index(op.f("ix_origins_origin_site"), "origins", ["origin_site"])
    op.create_index(op.f("ix_origins_relation"), "origins", ["relation"])
