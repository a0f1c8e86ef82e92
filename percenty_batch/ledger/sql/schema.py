"""The tables. `number` counts up and keeps the order in which rows were first written.

A change here needs a new file in `ledger/migrations/versions` and its name in `VERSION`.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from percenty_batch.ledger.sql.types import JsonText, Moment, Number, Words

VERSION = "0005"  # rounds
VERSION_TABLE = "ledger_version"

metadata = MetaData()


def _number() -> Column[int]:
    return Column("number", Number, primary_key=True, autoincrement=True)


def _owner(*, nullable: bool) -> tuple[Column[str] | Column[int] | Column[float], ...]:
    return (
        Column("owner_place", Text, nullable=nullable),
        Column("owner_host", Text, nullable=nullable),
        Column("owner_pid", Number, nullable=nullable),
        Column("owner_born", Double, nullable=nullable),
        Column("owner_run_id", Text, nullable=nullable),
    )


runs = Table(
    "runs",
    metadata,
    _number(),
    Column("run_id", Text, nullable=False, unique=True),
    Column("stamp", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("logs_folder", Words, nullable=False),
    Column("site", Words, nullable=False),
)

starts = Table(
    "starts",
    metadata,
    Column("run_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    *_owner(nullable=False),
    Column("version", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    PrimaryKeyConstraint("run_id", "number"),
    ForeignKeyConstraint(["run_id"], ["runs.run_id"]),
)

batches = Table(
    "batches",
    metadata,
    _number(),
    Column("run_id", Text, nullable=False),
    Column("job_id", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("quantity", Number),
    Column("started_at", Moment, nullable=False),
    Column("round_number", Integer, nullable=False),
    Column("on_failure", Text, nullable=False),
    Column("finished_at", Moment),
    Column("duration_s", Double),
    Column("interrupted_by", Integer),
    Column("halted", Words),
    Column("gaps", JsonText),
    UniqueConstraint("run_id", "job_id"),
    ForeignKeyConstraint(["run_id"], ["runs.run_id"]),
)

jobs = Table(
    "jobs",
    metadata,
    _number(),
    Column("run_id", Text, nullable=False),
    Column("job_id", Text, nullable=False),
    Column("account", Words, nullable=False),
    Column("requested", Number, nullable=False),
    Column("stop_reason", Text),
    Column("failure_kind", Text),
    Column("failure_message", Words),
    Column("finished_at", Moment),
    Column("duration_s", Double),
    Column("source_before", Number),
    Column("source_after", Number),
    Column("evidence", JsonText),
    UniqueConstraint("run_id", "job_id", "account"),
    ForeignKeyConstraint(["run_id", "job_id"], ["batches.run_id", "batches.job_id"]),
)


def _of_job() -> ForeignKeyConstraint:
    names = ("run_id", "job_id", "account")
    return ForeignKeyConstraint(names, [f"jobs.{name}" for name in names])


attempts = Table(
    "attempts",
    metadata,
    Column("run_id", Text, nullable=False),
    Column("job_id", Text, nullable=False),
    Column("account", Words, nullable=False),
    Column("number", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("failure_kind", Text),
    Column("failure_message", Words),
    PrimaryKeyConstraint("run_id", "job_id", "account", "number"),
    _of_job(),
)

items = Table(
    "items",
    metadata,
    _number(),
    Column("run_id", Text, nullable=False),
    Column("job_id", Text, nullable=False),
    Column("account", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("recorded_at", Moment),
    Column("outcome", Text),
    Column("reason", Words),
    Column("kind", Text),
    Column("moved_to", Words),
    Column("amount", Number),
    Column("duration_s", Double),
    Column("evidence", JsonText),
    UniqueConstraint("run_id", "job_id", "account", "key"),
    _of_job(),
)

edits = Table(
    "edits",
    metadata,
    _number(),
    Column("account", Words, nullable=False),
    Column("step", Text, nullable=False),
    Column("key", Words, nullable=False),
    Column("action", Words, nullable=False),
    Column("intended", JsonText, nullable=False),
    Column("is_done", Boolean, nullable=False),
    Column("run_id", Text, nullable=False),  # the run that wrote last
    Column("closed_at", Moment),
)
is_open = edits.c.closed_at.is_(None)
Index(
    "open_edits",
    *(edits.c.account, edits.c.step, edits.c.key, edits.c.action),
    unique=True,
    sqlite_where=is_open,
    postgresql_where=is_open,
)

notices = Table(
    "notices",
    metadata,
    _number(),
    Column("run_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("name", Words, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("why", Words),
    UniqueConstraint("run_id", "kind", "about", "channel"),
    ForeignKeyConstraint(["run_id"], ["runs.run_id"]),
)

stop_requests = Table(
    "stop_requests",
    metadata,
    Column("run_id", Text, nullable=False),
    Column("start_number", Integer, nullable=False),
    Column("who", Words, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("run_id", "start_number"),
    ForeignKeyConstraint(["run_id", "start_number"], ["starts.run_id", "starts.number"]),
)

turns = Table(
    "turns",
    metadata,
    Column("account", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("position", Number, nullable=False),
    PrimaryKeyConstraint("account", "name"),
)

spendings = Table(
    "spendings",
    metadata,
    Column("account", Words, nullable=False),
    Column("budget", Words, nullable=False),
    Column("day", Date, nullable=False),
    Column("what", Words, nullable=False),
    Column("amount", Number, nullable=False),
    PrimaryKeyConstraint("account", "budget", "day", "what"),
)

leases = Table(
    "leases",
    metadata,
    Column("resource", Words, primary_key=True),
    Column("token", Number, nullable=False),
    *_owner(nullable=True),
    Column("since", Moment),
    Column("renewed_at", Moment),
    Column("expires_at", Moment),
)
