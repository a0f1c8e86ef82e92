"""Run by Alembic: migrates over the connection, and in the transaction, of the caller."""

from alembic import context

from percenty_batch.ledger.sql.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    transactional_ddl=True,  # SQLite too: the caller began the transaction by hand
)
context.run_migrations()
