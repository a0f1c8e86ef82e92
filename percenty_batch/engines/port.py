"""What the manager asks of whatever runs jobs, here or elsewhere."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from percenty_batch.events import Events
from percenty_batch.models import JobResult, OnFailure, StopReason


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
    on_failure: OnFailure = OnFailure.CONTINUE


OnResult: TypeAlias = Callable[[JobSpec, JobResult], None]
"""Hears of each job's end as soon as it has come."""

OnBegin: TypeAlias = Callable[[JobSpec], None]
"""Hears of each job that is begun, before anything of it is done."""


class Engine(Protocol):
    """Runs chains of jobs. Every submitted job ends in a result; `stop` makes it end sooner."""

    @property
    def events(self) -> Events:
        """Where the jobs tell how they are getting on."""

    @property
    def halted(self) -> str | None:
        """Why the engine gave up the rest of its own accord, in Korean; None: it did not."""

    def submit(
        self, chain: Sequence[JobSpec], on_result: OnResult, on_begin: OnBegin | None = None
    ) -> Awaitable[None]:
        """Begin an account's jobs, in their order, as soon as there is room for the account.

        Every result is told once; await the answer for the end of the last one.
        """

    def stop(self, *, at_once: bool, reason: StopReason = StopReason.CANCELLED) -> None:
        """Begin nothing new; with `at_once`, also leave what runs."""
