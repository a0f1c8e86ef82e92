"""The first tables.

Written out instead of taken from the schema, which goes on changing.
"""

import sqlalchemy as sa
from alembic import op

from percenty_batch.ledger.sql.types import JsonText, Moment, Number, Words

revision = "0001"
down_revision = None


def upgrade() -> None:
    _runs_and_batches()
    _jobs()
    _edits()
    _what_goes_on()


def _number() -> sa.Column[int]:
    return sa.Column("number", Number, primary_key=True, autoincrement=True)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, Words, nullable=False) for name in names]


def _owner(*, nullable: bool) -> list[sa.Column[object]]:
    return [
        sa.Column("owner_place", sa.Text, nullable=nullable),
        sa.Column("owner_host", sa.Text, nullable=nullable),
        sa.Column("owner_pid", Number, nullable=nullable),
        sa.Column("owner_born", sa.Double, nullable=nullable),
        sa.Column("owner_run_id", sa.Text, nullable=nullable),
    ]


def _runs_and_batches() -> None:
    op.create_table(
        "runs",
        _number(),
        *_texts("run_id", "stamp", "host"),
        *_words("logs_folder", "site"),
        sa.UniqueConstraint("run_id"),
    )
    op.create_table(
        "starts",
        *_texts("run_id"),
        sa.Column("number", sa.Integer, nullable=False),
        *_owner(nullable=False),
        *_texts("version"),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("finished_at", Moment),
        sa.PrimaryKeyConstraint("run_id", "number"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"]),
    )
    op.create_table(
        "batches",
        _number(),
        *_texts("run_id", "job_id", "step"),
        sa.Column("quantity", Number, nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("finished_at", Moment),
        sa.Column("duration_s", sa.Double),
        sa.Column("interrupted_by", sa.Integer),
        sa.Column("halted", Words),
        sa.Column("gaps", JsonText),
        sa.UniqueConstraint("run_id", "job_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"]),
    )


def _jobs() -> None:
    job = ["run_id", "job_id", "account"]
    op.create_table(
        "jobs",
        _number(),
        *_texts("run_id", "job_id"),
        *_words("account"),
        sa.Column("requested", Number, nullable=False),
        sa.Column("stop_reason", sa.Text),
        sa.Column("failure_kind", sa.Text),
        sa.Column("failure_message", Words),
        sa.Column("finished_at", Moment),
        sa.Column("duration_s", sa.Double),
        sa.Column("source_before", Number),
        sa.Column("source_after", Number),
        sa.Column("evidence", JsonText),
        sa.UniqueConstraint(*job),
        sa.ForeignKeyConstraint(job[:2], ["batches.run_id", "batches.job_id"]),
    )
    op.create_table(
        "attempts",
        *_texts("run_id", "job_id"),
        *_words("account"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("finished_at", Moment),
        sa.Column("failure_kind", sa.Text),
        sa.Column("failure_message", Words),
        sa.PrimaryKeyConstraint(*job, "number"),
        sa.ForeignKeyConstraint(job, [f"jobs.{name}" for name in job]),
    )
    op.create_table(
        "items",
        _number(),
        *_texts("run_id", "job_id"),
        *_words("account", "key"),
        sa.Column("claimed_at", Moment, nullable=False),
        sa.Column("recorded_at", Moment),
        sa.Column("outcome", sa.Text),
        sa.Column("reason", Words),
        sa.Column("kind", sa.Text),
        sa.Column("moved_to", Words),
        sa.Column("duration_s", sa.Double),
        sa.Column("evidence", JsonText),
        sa.UniqueConstraint(*job, "key"),
        sa.ForeignKeyConstraint(job, [f"jobs.{name}" for name in job]),
    )


def _edits() -> None:
    op.create_table(
        "edits",
        _number(),
        *_words("account"),
        *_texts("step"),
        *_words("key", "action"),
        sa.Column("intended", JsonText, nullable=False),
        sa.Column("is_done", sa.Boolean, nullable=False),
        *_texts("run_id"),
        sa.Column("closed_at", Moment),
    )
    is_open = sa.text("closed_at IS NULL")
    op.create_index(
        "open_edits",
        "edits",
        ["account", "step", "key", "action"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _what_goes_on() -> None:
    op.create_table(
        "turns",
        *_words("account", "name"),
        sa.Column("position", Number, nullable=False),
        sa.PrimaryKeyConstraint("account", "name"),
    )
    op.create_table(
        "spendings",
        *_words("account", "budget"),
        sa.Column("day", sa.Date, nullable=False),
        *_words("what"),
        sa.Column("amount", Number, nullable=False),
        sa.PrimaryKeyConstraint("account", "budget", "day", "what"),
    )
    op.create_table(
        "leases",
        *_words("resource"),
        sa.Column("token", Number, nullable=False),
        *_owner(nullable=True),
        sa.Column("since", Moment),
        sa.Column("renewed_at", Moment),
        sa.Column("expires_at", Moment),
        sa.PrimaryKeyConstraint("resource"),
    )
