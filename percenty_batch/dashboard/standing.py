"""How a run stands, from the ledger's counts: states, sums, speed and what is left. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from percenty_batch.ledger import BatchProgress, Holder, JobProgress, RunProgress, StopRequest
from percenty_batch.models import JobStatus, Totals, Verdict, batch_verdict, verdict_of_batches

STATUS_ORDER = (
    JobStatus.RUNNING,
    JobStatus.PENDING,
    JobStatus.FAILED,
    JobStatus.PARTIAL,
    JobStatus.CANCELLED,
    JobStatus.SUCCEEDED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A run as the ledger had it at `read_at`. `holder` is who works at it just now."""

    progress: RunProgress
    holder: Holder | None
    stop: StopRequest | None
    read_at: datetime

    @property
    def is_running(self) -> bool:
        return self.holder is not None

    @property
    def run_id(self) -> str:
        return self.progress.plan.run_id

    def status(self, job: JobProgress) -> JobStatus:
        """Tell a job's status; one without an end runs or waits only while somebody works."""
        if job.ended_at is None and self.is_running:
            return JobStatus.RUNNING if job.outline.attempts else JobStatus.PENDING
        return job.outline.status

    def in_flight(self, job: JobProgress) -> int:
        """Count the items of a running job whose outcome is still to come."""
        return job.outline.totals.unknown if self.status(job) is JobStatus.RUNNING else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutline:
    """A run in few words. `verdict` is None while it runs, and when it has planned nothing."""

    run_id: str
    stamp: str
    steps: tuple[str, ...]
    started_at: datetime
    is_running: bool
    is_cut_off: bool
    verdict: Verdict | None
    jobs: int
    statuses: dict[JobStatus, int]
    totals: Totals
    in_flight: int
    duration_s: float


def outline_of(standing: Standing) -> RunOutline:
    """Sum a run up."""
    progress, start = standing.progress, standing.progress.starts[0]
    statuses = Counter(standing.status(job) for job in progress.jobs)
    is_cut_off = not standing.is_running and any(batch.end is None for batch in progress.batches)
    return RunOutline(
        run_id=standing.run_id,
        stamp=progress.plan.stamp,
        steps=tuple(dict.fromkeys(batch.step for batch in progress.batches)),
        started_at=start.started_at,
        is_running=standing.is_running,
        is_cut_off=is_cut_off,
        verdict=verdict_of(standing),
        jobs=len(progress.jobs),
        statuses={status: statuses[status] for status in STATUS_ORDER if statuses[status]},
        totals=Totals.sum(job.outline.totals for job in progress.jobs),
        in_flight=sum(map(standing.in_flight, progress.jobs)),
        duration_s=duration_s(standing),
    )


def verdict_of(standing: Standing) -> Verdict | None:
    """Judge a run that has ended as its reports do."""
    progress = standing.progress
    if standing.is_running or not progress.batches:
        return None
    jobs: dict[str, list[JobProgress]] = {batch.job_id: [] for batch in progress.batches}
    for job in progress.jobs:
        jobs[job.job_id].append(job)
    return verdict_of_batches(
        batch_verdict(
            [job.outline.status for job in of_batch],
            sum(job.outline.totals.done for job in of_batch),
        )
        for of_batch in jobs.values()
    )


def duration_s(standing: Standing) -> float:
    """Tell how long the run worked: by its batches' ends, and since the last start began.

    Batches that were planned together began together, and are worked side by side.
    """
    together: dict[datetime, list[BatchProgress]] = {}
    for batch in standing.progress.batches:
        together.setdefault(batch.started_at, []).append(batch)
    return sum(_round_s(standing, begun, batches) for begun, batches in together.items())


def _round_s(standing: Standing, begun: datetime, batches: Sequence[BatchProgress]) -> float:
    progress = standing.progress
    ends = [batch.end for batch in batches if batch.end]
    if len(ends) == len(batches):
        whole_s = (max(end.finished_at for end in ends) - begun).total_seconds()
        return min(sum(end.duration_s for end in ends), max(whole_s, 0.0))
    begun = max(begun, progress.starts[-1].started_at)
    until = standing.read_at if standing.is_running else _last_sign(progress.jobs, begun)
    return max((until - begun).total_seconds(), 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a run is now, and what is left of it. `left_s` is None while nobody can know."""

    per_minute: float
    left_items: int
    left_s: float | None


def pace_of(standing: Standing, window: timedelta) -> Pace:
    """Take the speed over `window`, or since the last start began; a list that is short of what
    was asked for ends sooner.
    """
    progress = standing.progress
    since_s = (standing.read_at - progress.starts[-1].started_at).total_seconds()
    taken_s = min(max(since_s, 1.0), window.total_seconds())
    per_second = sum(job.recent for job in progress.jobs) / taken_s
    left = sum(job.outline.totals.not_attempted for job in progress.jobs if job.ended_at is None)
    return Pace(
        per_minute=per_second * 60,
        left_items=left,
        left_s=left / per_second if per_second else None,
    )


def _last_sign(jobs: Iterable[JobProgress], begun: datetime) -> datetime:
    return max((job.last_at for job in jobs if job.last_at), default=begun)
