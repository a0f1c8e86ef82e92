"""How many products an item stands for; a quantity that nobody asked for."""

import sqlalchemy as sa
from alembic import op

from percenty_batch.ledger.sql.types import Number

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("items", sa.Column("amount", Number))
    _allow_no_quantity()


def _allow_no_quantity() -> None:
    # SQLite cannot take NOT NULL from a column.
    op.alter_column("batches", "quantity", new_column_name="old_quantity")
    op.add_column("batches", sa.Column("quantity", Number))
    op.execute("UPDATE batches SET quantity = old_quantity")
    op.drop_column("batches", "old_quantity")
