"""What the rest of the program asks of a ledger, whichever database is behind it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from percenty_batch.ledger.records import (
    BatchEnd,
    BatchPlan,
    BatchRecord,
    Edit,
    Holder,
    JobEnd,
    JobRecord,
    JobRef,
    Lease,
    Notice,
    Owner,
    RunPlan,
    RunProgress,
    RunRecord,
    Start,
    StopRequest,
    Turn,
)
from percenty_batch.models import Failure, ItemResult, Night


class Ledger(Protocol):
    """Durable and atomic: a call that has returned is on the disk, one that raised changed nothing.

    Each call may be repeated with the same values without another effect. Calls with a `JobRef`
    raise LeaseLostError when its lease belongs to somebody else by now; every call may raise
    LedgerError. No password ever comes here.
    """

    # Runs and batches

    async def begin_run(self, plan: RunPlan, start: Start) -> None:
        """Write the run and its first start. Raises RunTakenError when the id is taken."""

    async def begin_start(self, run_id: str, start: Start) -> None:
        """Write another start of the run: it is being resumed.

        Raises RunTakenError when another process made the start of that number.
        """

    async def end_start(self, run_id: str, number: int, at: datetime) -> None:
        """Note that the start ended in order."""

    async def begin_batches(self, plans: Sequence[BatchPlan]) -> None:
        """Write the batches of a round, each with one pending job per account; all or none."""

    async def reopen_batch(self, run_id: str, job_id: str) -> None:
        """Forget the end of the batch: it goes on. Its jobs keep theirs until they do."""

    async def end_batch(self, run_id: str, job_id: str, end: BatchEnd) -> None:
        """Write how the batch ended."""

    async def run(self, run_id: str, account: str | None = None) -> RunRecord | None:
        """Read a run as a whole; None when there is none of that id.

        With an account, only its jobs and the batches that it is in.
        """

    async def runs(
        self, limit: int, *, before: str | None = None
    ) -> tuple[tuple[RunPlan, tuple[Start, ...]], ...]:
        """List the latest runs, newest first; `before`: only those begun before that run."""

    async def outcomes(self, run_id: str) -> Mapping[str, bool]:
        """Tell of each account of the run whether it succeeded in every batch. Light: no items."""

    async def batch(self, run_id: str, job_id: str) -> BatchRecord | None:
        """Read one batch."""

    async def find_runs(
        self,
        limit: int,
        *,
        before: str | None = None,
        site: str | None = None,
        steps: Collection[str] = (),
        account: str | None = None,
    ) -> tuple[RunPlan, ...]:
        """List the latest runs, newest first: begun before that run, on that site, with a batch of
        one of the steps and a job of the account. What is not given does not matter.
        """

    async def night(self, run_id: str, account: str | None = None) -> Night | None:
        """Read a run without its items, of all accounts or of one; None when it is not there."""

    async def progress(
        self, run_id: str, since: datetime, known: RunProgress | None = None
    ) -> RunProgress | None:
        """Read how far a run is, counted by the ledger: no items. None when it is not there.

        `known` is what was read of it before; what cannot have changed is not counted again.
        """

    # Wishes to stop

    async def ask_to_stop(self, run_id: str, request: StopRequest) -> None:
        """Write that a start of the run is to stop. Who asked first is remembered."""

    async def stop_request(self, run_id: str, number: int) -> StopRequest | None:
        """Tell whether that start of the run was asked to stop."""

    # Jobs and items

    async def job(self, run_id: str, job_id: str, account: str) -> JobRecord | None:
        """Read one account's job with its attempts and items."""

    async def begin_attempt(self, job: JobRef, number: int, at: datetime) -> None:
        """Write that the attempt (from 1, counted over all starts) begins.

        An end that the job had is forgotten.
        """

    async def end_attempt(
        self, job: JobRef, number: int, at: datetime, failure: Failure | None
    ) -> None:
        """Write how the attempt ended."""

    async def end_job(self, job: JobRef, end: JobEnd) -> None:
        """Write how the job ended."""

    async def park_jobs(self, run_id: str, job_id: str, ends: Mapping[str, JobEnd]) -> None:
        """Write the ends of jobs without a lease of theirs, by account.

        For who has the run's own lease: the jobs were never begun, or could not write their ends.
        All of them or none. A job that has attempts or items keeps what it has.
        """

    async def claim_item(self, job: JobRef, key: str, at: datetime) -> None:
        """Write that the work on the item begins; an earlier result of it is forgotten."""

    async def record_item(self, job: JobRef, item: ItemResult, at: datetime) -> None:
        """Write the item's outcome. Done or skipped: its edits are history from now on."""

    # Edits and what goes on from run to run; kept per account and step, whichever run it was

    async def edits(self, job: JobRef, key: str) -> tuple[Edit, ...]:
        """Read what was intended for, and done to, an item since it was last finished.

        In the order in which the actions were first intended.
        """

    async def intend(self, job: JobRef, key: str, edit: Edit, turn: Turn | None = None) -> None:
        """Write an edit before it is made, or again with another value, or as done.

        `turn`, when given, is written in the same transaction.
        """

    async def turn(self, account: str, name: str) -> Turn:
        """Read a sequence's place; position 0 when it was never written."""

    async def spend(self, job: JobRef, budget: str, day: date, *, what: str, amount: int) -> None:
        """Count `amount` of the account's daily budget as spent on `what` (an item's key).

        The same `what` again replaces the amount.
        """

    async def spent(self, account: str, budget: str, day: date) -> int:
        """Add up what the account spent of a budget on a day."""

    # Messages to people

    async def claim_notice(self, run_id: str, notice: Notice) -> bool:
        """Write that a message is about to be sent to a channel.

        False when it was before: sent, or perhaps sent. One that was refused may be claimed again.
        """

    async def end_notice(self, run_id: str, notice: Notice) -> None:
        """Write what became of a message that was claimed."""

    async def durations(self, account: str, step: str, limit: int) -> tuple[float, ...]:
        """Read how many seconds the account's latest done items of a step took, newest first."""

    # Leases

    async def acquire(self, resource: str, owner: Owner, ttl_s: float) -> Lease | Holder:
        """Take the lease when it is free or has lapsed, or its owner is known to be dead.

        Else return who holds it. The owner who holds it already gets a new token.
        """

    async def renew(self, lease: Lease) -> bool:
        """Prolong the lease by its ttl. False when somebody else has taken it meanwhile.

        One that has lapsed and that nobody took is prolonged.
        """

    async def release(self, lease: Lease) -> None:
        """Give the lease back, if it is still ours."""

    async def holder(self, resource: str) -> Holder | None:
        """Tell who holds the lease; None when it is free or has lapsed."""

    def hurry(self) -> None:
        """Wait for the database no longer than a second from now on, with each call."""

    async def close(self) -> None:
        """Give back connections and threads."""
