"""The values that rooms exchange. Frozen; every total is derived from item outcomes."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from percenty_batch.errors import FailureKind


class ItemOutcome(StrEnum):
    """What became of one item. An item without an outcome was not attempted."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"  # interrupted, or the site never told whether the change was taken


class JobStatus(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StopReason(StrEnum):
    """Why a job ended."""

    QUANTITY_REACHED = "quantity_reached"
    SOURCE_EMPTY = "source_empty"
    BUDGET_REACHED = "budget_reached"
    QUOTA_REACHED = "quota_reached"
    DEADLINE = "deadline"
    CANCELLED = "cancelled"
    SITE_DOWN = "site_down"
    HALTED = "halted"
    EARLIER_STEP = "earlier_step"  # of the same account, after which this one was not begun
    ERROR = "error"


class OnFailure(StrEnum):
    """What becomes of an account's later steps when one has failed."""

    STOP = "stop"
    CONTINUE = "continue"


class Verdict(StrEnum):
    """The batch in one word; the rule is in `BatchResult.verdict` and in the README."""

    SUCCESS = "success"
    PARTIAL = "partial"
    FAILED = "failed"


_CLEAN_STOPS = frozenset(
    {
        StopReason.QUANTITY_REACHED,
        StopReason.SOURCE_EMPTY,
        StopReason.BUDGET_REACHED,
        StopReason.QUOTA_REACHED,
    }
)

# Somebody decided that the job should go no further; nothing went wrong in it.
_GIVEN_UP = frozenset(
    {
        StopReason.CANCELLED,
        StopReason.SITE_DOWN,
        StopReason.HALTED,
        StopReason.DEADLINE,
        StopReason.EARLIER_STEP,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One Percenty login. `password` never appears in its repr."""

    id: str
    password: str = field(repr=False)


def account_key(account_id: str) -> str:
    """Fold the spellings of an id that a person, or a site, takes for the same."""
    return unicodedata.normalize("NFC", account_id).casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What went wrong and the text that a person reads."""

    kind: FailureKind
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemResult:
    """One item's outcome. `key` is the site's own (a product: its 24-hex row key).

    `amount` is how many products were moved or uploaded with the item (None: the item is a
    product itself). `evidence` are files of the log folder, by their paths in it. `recorded_at`
    is when the ledger took it, known only of what was read there.
    """

    key: str
    outcome: ItemOutcome
    reason: str | None = None
    kind: FailureKind | None = None
    moved_to: str | None = None
    duration_s: float = 0.0
    evidence: tuple[str, ...] = ()
    amount: int | None = None
    recorded_at: datetime | None = field(default=None, compare=False)

    @property
    def products(self) -> int:
        """How many products were done with the item."""
        if self.amount is not None:
            return self.amount
        return int(self.outcome is ItemOutcome.DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Counts of items. requested = done + failed + skipped + unknown + not_attempted."""

    requested: int
    done: int
    failed: int
    skipped: int
    unknown: int

    @property
    def not_attempted(self) -> int:
        return self.requested - self.done - self.failed - self.skipped - self.unknown

    @classmethod
    def of_items(cls, requested: int, items: Iterable[ItemResult]) -> "Totals":
        outcomes = [item.outcome for item in items]
        if len(outcomes) > requested:
            raise ValueError(f"{len(outcomes)} items attempted, but only {requested} requested")
        return cls(
            requested=requested,
            done=outcomes.count(ItemOutcome.DONE),
            failed=outcomes.count(ItemOutcome.FAILED),
            skipped=outcomes.count(ItemOutcome.SKIPPED),
            unknown=outcomes.count(ItemOutcome.UNKNOWN),
        )

    @classmethod
    def sum(cls, parts: Iterable["Totals"]) -> "Totals":
        rows = list(parts)
        return cls(
            requested=sum(row.requested for row in rows),
            done=sum(row.done for row in rows),
            failed=sum(row.failed for row in rows),
            skipped=sum(row.skipped for row in rows),
            unknown=sum(row.unknown for row in rows),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobResult:
    """One account in one batch, after its last attempt.

    `attempts` is 0 when the account was never opened. `source_before` and `source_after` are
    the list's own product counts (None: not read).
    """

    account: str
    step: str
    requested: int
    items: tuple[ItemResult, ...] = field(repr=False)
    stop_reason: StopReason
    failure: Failure | None
    attempts: int
    started_at: datetime | None
    finished_at: datetime | None
    duration_s: float
    source_before: int | None = None
    source_after: int | None = None
    evidence: tuple[str, ...] = ()

    @classmethod
    def not_begun(
        cls,
        account: str,
        step: str,
        requested: int,
        *,
        reason: StopReason,
        failure: Failure | None = None,
    ) -> "JobResult":
        """Give the result of an account that was never opened."""
        return cls(
            account=account,
            step=step,
            requested=requested,
            items=(),
            stop_reason=reason,
            failure=failure,
            attempts=0,
            started_at=None,
            finished_at=None,
            duration_s=0.0,
        )

    @property
    def totals(self) -> Totals:
        return Totals.of_items(self.requested, self.items)

    @property
    def products(self) -> int:
        """How many products were done with the items."""
        return sum(item.products for item in self.items)

    @property
    def counts_products(self) -> bool:
        """Whether the items are products themselves."""
        return all(item.amount is None for item in self.items)

    @property
    def status(self) -> JobStatus:
        return job_status(self.totals, self.stop_reason, self.failure)

    @property
    def has_failed(self) -> bool:
        """True when nothing was finished, or the work broke off in an error.

        One that only has failed items besides finished ones has not failed.
        """
        if self.status is JobStatus.PARTIAL:
            return self.failure is not None
        return self.status is JobStatus.FAILED


def job_status(totals: Totals, stop_reason: StopReason, failure: Failure | None) -> JobStatus:
    """Judge a job that has ended; the rule is in the README."""
    if stop_reason in _GIVEN_UP and failure is None:
        return JobStatus.CANCELLED
    clean = failure is None and totals.failed == totals.unknown == 0
    if clean and stop_reason in _CLEAN_STOPS:
        return JobStatus.SUCCEEDED
    return JobStatus.PARTIAL if totals.done else JobStatus.FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOutline:
    """One account in one batch, as `JobResult` tells it, without its items."""

    account: str
    step: str
    totals: Totals
    stop_reason: StopReason
    failure: Failure | None
    attempts: int

    @classmethod
    def of(cls, job: JobResult) -> "JobOutline":
        return cls(
            account=job.account,
            step=job.step,
            totals=job.totals,
            stop_reason=job.stop_reason,
            failure=job.failure,
            attempts=job.attempts,
        )

    @property
    def status(self) -> JobStatus:
        return job_status(self.totals, self.stop_reason, self.failure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What one run came to for each account, in the order of its batches."""

    run_id: str
    stamp: str
    jobs: tuple[JobOutline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """One step over a list of accounts inside a run. `jobs` keeps the order of the accounts.

    `started_at` and `finished_at` are aware; `duration_s` is monotonic.
    `interrupted_by` is the signal's number when the batch was stopped by one, `halted` says why
    the rest was given up. `is_cut_off`: the program died, and the ledger tells what is known.
    `resumptions` counts how often the batch was taken up again.
    """

    job_id: str
    step: str
    stamp: str
    jobs: tuple[JobResult, ...] = field(repr=False)
    started_at: datetime
    finished_at: datetime
    duration_s: float
    interrupted_by: int | None = None
    halted: str | None = None
    is_cut_off: bool = False
    resumptions: int = 0

    @property
    def totals(self) -> Totals:
        return Totals.sum(job.totals for job in self.jobs)

    @property
    def products(self) -> int:
        """How many products were done with the items."""
        return sum(job.products for job in self.jobs)

    @property
    def counts_products(self) -> bool:
        """Whether the items are products themselves."""
        return all(job.counts_products for job in self.jobs)

    @property
    def verdict(self) -> Verdict:
        """Success only when every account succeeded; failed when nothing at all was achieved."""
        return batch_verdict([job.status for job in self.jobs], self.totals.done)

    @property
    def could_run(self) -> bool:
        """False when not one account could even be opened, or needed to be."""
        return any(
            job.attempts
            or job.status is JobStatus.SUCCEEDED
            or job.stop_reason is StopReason.EARLIER_STEP
            for job in self.jobs
        )


def batch_verdict(statuses: Sequence[JobStatus], done: int) -> Verdict:
    """Judge a batch by its jobs' statuses and by how many items were done."""
    if all(status is JobStatus.SUCCEEDED for status in statuses):
        return Verdict.SUCCESS
    if JobStatus.SUCCEEDED in statuses or done:
        return Verdict.PARTIAL
    return Verdict.FAILED


def verdict_of_batches(batches: Iterable[Verdict]) -> Verdict:
    """Judge a run by its batches: all succeeded, nothing achieved (or no batch), else partial."""
    verdicts = set(batches)
    if verdicts == {Verdict.SUCCESS}:
        return Verdict.SUCCESS
    return Verdict.PARTIAL if verdicts - {Verdict.FAILED} else Verdict.FAILED


class Missing(StrEnum):
    """What is not in the logs although it should be."""

    TRACES = "traces"
    EVIDENCE = "evidence"  # screenshots and HTML
    DEBUG = "debug"  # lines of that level
    INFO = "info"
    LINES = "lines"  # of any level: the files could not be written, or were deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class LogGap:
    """One thing that is missing. `cause` is Korean; `until` is None while it goes on.

    `count`: how many lines (`LINES`: once for each file that lacks one), or failures without a
    trace or evidence; 0 when nobody knows.
    """

    missing: Missing
    cause: str
    since: datetime
    until: datetime | None
    count: int
