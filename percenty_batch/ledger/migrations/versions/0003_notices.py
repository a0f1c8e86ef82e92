"""Which messages of a run were sent."""

import sqlalchemy as sa
from alembic import op

from percenty_batch.ledger.sql.types import Moment, Number, Words

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("number", Number, primary_key=True, autoincrement=True),
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("why", Words),
        sa.UniqueConstraint("run_id", "kind", "about", "channel"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"]),
    )
