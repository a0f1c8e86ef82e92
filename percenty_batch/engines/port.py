"""What the manager asks of whatever runs jobs, here or elsewhere."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Protocol

from percenty_batch.events import Events
from percenty_batch.models import JobResult, StopReason


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSpec:
    """One job as plain values, so that it can also be sent to another machine.

    `account` is the id: where the job runs, the engine knows the account's password and rows.
    """

    run_id: str
    job_id: str
    account: str
    step: str
    requested: int


class Engine(Protocol):
    """Runs jobs. A submitted job always ends in a result; `stop` makes it end sooner."""

    @property
    def events(self) -> Events:
        """Where the jobs tell how they are getting on."""

    @property
    def halted(self) -> str | None:
        """Why the engine gave up the rest of its own accord, in Korean; None: it did not."""

    def submit(self, job: JobSpec) -> Awaitable[JobResult]:
        """Begin the job as soon as there is room for it; await the answer for its result."""

    def stop(self, *, at_once: bool, reason: StopReason = StopReason.CANCELLED) -> None:
        """Begin nothing new; with `at_once`, also leave what runs."""
