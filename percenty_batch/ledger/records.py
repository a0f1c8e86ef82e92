"""What the ledger keeps, as values. Every report is a pure function of a `RunRecord`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from percenty_batch.models import (
    Failure,
    ItemResult,
    JobOutline,
    JobResult,
    LogGap,
    OnFailure,
    StopReason,
)

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A process that works: `place` names host, boot and PID namespace, `pid` is valid there.

    `born` is the process's own start time, so that a later process of the same id is not taken
    for it.
    """

    place: str
    host: str
    pid: int
    born: float
    run_id: str

    def __str__(self) -> str:
        return f"{self.host} (pid {self.pid}, 실행 {self.run_id})"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """One run. `run_id` is unique in the ledger: the stamp, or stamp and host where that is taken.

    `logs_folder` is where the run's files stand, as an absolute path on `host`; `site` is the
    site's address.
    """

    run_id: str
    stamp: str
    host: str
    logs_folder: str
    site: str

    @property
    def place(self) -> str:
        """Where the run's files stand."""
        return f"{self.host}:{self.logs_folder}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One start of the program for a run: the first, or a resumption.

    Without `finished_at` the program still runs, or died.
    """

    number: int
    owner: Owner
    version: str
    started_at: datetime
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """What was asked for: one step over accounts.

    `quantity` is what the user asked for, if anything; `requested` how many items that means for
    each account, in the accounts' order. Batches of one `round_number` are worked together,
    account by account in the order of the batches; `on_failure` says what becomes of an account's
    later ones when this one has failed.
    """

    run_id: str
    job_id: str
    step: str
    quantity: int | None
    requested: Mapping[str, int]
    started_at: datetime
    round_number: int = 1
    on_failure: OnFailure = OnFailure.CONTINUE

    @property
    def accounts(self) -> tuple[str, ...]:
        return tuple(self.requested)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchEnd:
    """How a batch ended. `duration_s` is monotonic and counts all starts; `halted` says why the
    rest was given up (None: it was not). `gaps`: what was missing from the run's logs by then."""

    finished_at: datetime
    duration_s: float
    interrupted_by: int | None = None
    halted: str | None = None
    gaps: tuple[LogGap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecord:
    """One attempt; without `finished_at` it was cut off."""

    number: int
    started_at: datetime
    finished_at: datetime | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRecord:
    """One item that was claimed. `result` is None while it is in flight, or was when we died."""

    key: str
    claimed_at: datetime
    result: ItemResult | None = None
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEnd:
    """How a job ended. Counts and durations are of all its attempts in all starts."""

    stop_reason: StopReason
    failure: Failure | None
    finished_at: datetime
    duration_s: float
    source_before: int | None = None
    source_after: int | None = None
    evidence: tuple[str, ...] = ()

    @classmethod
    def of(cls, result: JobResult, at: datetime) -> "JobEnd":
        """Give the end of a job that told `result`; one that was never opened ends at `at`."""
        return cls(
            stop_reason=result.stop_reason,
            failure=result.failure,
            finished_at=result.finished_at or at,
            duration_s=result.duration_s,
            source_before=result.source_before,
            source_after=result.source_after,
            evidence=result.evidence,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """One account in one batch. Without `end` it is pending, runs, or was cut off."""

    account: str
    requested: int
    attempts: tuple[AttemptRecord, ...] = ()
    items: tuple[ItemRecord, ...] = field(default=(), repr=False)
    end: JobEnd | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRecord:
    """A batch with its jobs, in the order of the accounts."""

    plan: BatchPlan
    jobs: tuple[JobRecord, ...] = field(repr=False)
    end: BatchEnd | None = None


class NoticeState(StrEnum):
    """What became of a message. CLAIMED: it was about to be sent, and nobody saw its end."""

    CLAIMED = "claimed"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message to one channel. `about` tells the run's outcomes apart, `channel` is no address.

    `name` may be shown; `why` says what went wrong.
    """

    kind: str
    about: str
    channel: str
    name: str
    state: NoticeState
    at: datetime
    why: str | None = None

    def ended(self, state: NoticeState, at: datetime, why: str | None) -> "Notice":
        return replace(self, state=state, at=at, why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRequest:
    """Somebody wants the start `number` of a run to stop in order. `who` may be shown."""

    number: int
    who: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchProgress:
    """A batch without its jobs."""

    job_id: str
    step: str
    started_at: datetime
    end: BatchEnd | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobProgress:
    """One job as it stands, without its items.

    Without `ended_at` it is pending, runs, or was cut off. `last_at` is the last sign of life in
    it, `recent` how many of its items were recorded since the time that was asked for.
    """

    job_id: str
    outline: JobOutline
    begun_at: datetime | None
    last_at: datetime | None
    ended_at: datetime | None
    recent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProgress:
    """A run as it stands: its jobs in the order of its batches."""

    plan: RunPlan
    starts: tuple[Start, ...]
    batches: tuple[BatchProgress, ...]
    jobs: tuple[JobProgress, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run with everything that is known of it.

    Its text is short: `asyncio.run` writes out what it returns, which of a large night took
    longer than reading it, and three times the memory.
    """

    plan: RunPlan
    starts: tuple[Start, ...]
    batches: tuple[BatchRecord, ...]
    notices: tuple[Notice, ...] = ()

    @property
    def rounds(self) -> tuple[tuple[BatchRecord, ...], ...]:
        """The batches as they were worked together, in the order in which they were begun."""
        numbers = dict.fromkeys(batch.plan.round_number for batch in self.batches)
        return tuple(
            tuple(batch for batch in self.batches if batch.plan.round_number == number)
            for number in numbers
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One edit of one item: what was intended, and whether it was seen to be done."""

    action: str
    intended: Json
    is_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A place in a sequence that goes on from run to run (the letters A–Z, the discounts).

    `position` is the next one to be used, from 0.
    """

    name: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to drive `resource`. `token` grows with every new holder and fences the old ones.

    `ttl_s` is how long it lasts after each renewal.
    """

    resource: str
    owner: Owner
    token: int
    ttl_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds a lease: since when, when it was renewed last and until when it lasts."""

    owner: Owner
    since: datetime
    renewed_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRef:
    """Names one job in the ledger, and the lease under which it is written to."""

    run_id: str
    job_id: str
    step: str
    account: str
    lease: Lease
