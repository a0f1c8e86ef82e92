"""Who asked a run to stop."""

import sqlalchemy as sa
from alembic import op

from percenty_batch.ledger.sql.types import Moment, Words

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "stop_requests",
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("start_number", sa.Integer, nullable=False),
        sa.Column("who", Words, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "start_number"),
        sa.ForeignKeyConstraint(["run_id", "start_number"], ["starts.run_id", "starts.number"]),
    )
