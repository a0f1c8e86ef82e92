"""What is to be worked: batches, and the rounds in which they are worked together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from percenty_batch.engines import JobSpec
from percenty_batch.errors import FailureKind
from percenty_batch.ledger import RunPlan
from percenty_batch.models import BatchResult, Failure, JobResult, OnFailure, StopReason


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOrder:
    """A batch as planned, or taken up again with some of its accounts.

    `quantity` is what the user asked for, `requested` what that means for each account.
    `before` is what it had come to by then (None: it is begun now). One batch `opens_round`, when
    it was first begun: the others wait for the accounts to come to them.
    """

    job_id: str
    step: str
    quantity: int | None
    requested: Mapping[str, int]
    on_failure: OnFailure = OnFailure.CONTINUE
    opens_round: bool = True
    before: BatchResult | None = None

    @property
    def accounts(self) -> tuple[str, ...]:
        return tuple(self.requested)

    def not_run(self, stamp: str, message: str) -> BatchResult:
        """Nothing could run: every account failed for the same reason, nothing was attempted."""
        now = datetime.now().astimezone()
        failure = Failure(kind=FailureKind.UNKNOWN, message=message)
        return BatchResult(
            job_id=self.job_id,
            step=self.step,
            stamp=stamp,
            jobs=tuple(
                JobResult.not_begun(
                    each, self.step, count, reason=StopReason.ERROR, failure=failure
                )
                for each, count in self.requested.items()
            ),
            started_at=now,
            finished_at=now,
            duration_s=0.0,
        )

    def spec(self, run: RunPlan, account: str) -> JobSpec:
        """Give one account's job."""
        return JobSpec(
            run_id=run.run_id,
            job_id=self.job_id,
            account=account,
            step=self.step,
            requested=self.requested[account],
            on_failure=self.on_failure,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundOrder:
    """Batches that are worked together: each account's jobs one after the other."""

    number: int
    batches: tuple[BatchOrder, ...]
    concurrent: bool = True

    @property
    def accounts(self) -> tuple[str, ...]:
        """Every account of any batch, once."""
        named = (account for batch in self.batches for account in batch.accounts)
        return tuple(dict.fromkeys(named))

    def chains(self, run: RunPlan) -> Iterator[tuple[JobSpec, ...]]:
        """Give each account's jobs in the order of the batches."""
        for account in self.accounts:
            yield tuple(
                batch.spec(run, account) for batch in self.batches if account in batch.accounts
            )
