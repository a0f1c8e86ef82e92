"""Results of accounts that were never opened, and the exit code's facts."""

from collections.abc import Iterable

from percenty_batch.engines import JobSpec
from percenty_batch.errors import FailureKind
from percenty_batch.models import Failure, JobResult, StopReason


def not_run(specs: Iterable[JobSpec], kind: FailureKind, message: str) -> tuple[JobResult, ...]:
    """Nothing could run: every account is failed with the same reason, nothing attempted."""
    return tuple(
        JobResult(
            account=spec.account,
            step=spec.step,
            requested=spec.quantity,
            items=(),
            stop_reason=StopReason.ERROR,
            failure=Failure(kind=kind, message=message),
            attempts=0,
            started_at=None,
            finished_at=None,
            duration_s=0.0,
        )
        for spec in specs
    )
