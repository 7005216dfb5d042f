"""What Alembic runs to migrate a database; the connection, with its transaction, comes from the caller."""

from __future__ import annotations

from alembic import context

from pipelines.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,  # in SQLite too, as the caller has begun the transaction
    render_as_batch=True,  # SQLite cannot alter a column: Alembic copies the table
)
with context.begin_transaction():
    context.run_migrations()
