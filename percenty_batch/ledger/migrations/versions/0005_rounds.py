"""Batches of one round are worked together; those of older runs had each a round of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column(
        "batches", sa.Column("round_number", sa.Integer, nullable=False, server_default="1")
    )
    op.add_column(
        "batches", sa.Column("on_failure", sa.Text, nullable=False, server_default="continue")
    )
    op.execute("UPDATE batches SET round_number = number")
