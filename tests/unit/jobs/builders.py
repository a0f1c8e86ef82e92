"""Values that many tests need."""

from collections.abc import Sequence
from datetime import UTC, datetime

from percenty_batch.models import Failure, ItemOutcome, ItemResult, JobResult, StopReason

NOON = datetime(2024, 12, 1, 12, 0, tzinfo=UTC)


def product_key(number: int) -> str:
    return f"{number:024x}"


def job_result(
    outcomes: Sequence[ItemOutcome] = (),
    *,
    account: str = "a@example.com",
    stop: StopReason = StopReason.QUANTITY_REACHED,
    failure: Failure | None = None,
    attempts: int = 1,
) -> JobResult:
    """A job that was asked for as many items as it has outcomes."""
    return JobResult(
        account=account,
        step="1",
        requested=len(outcomes),
        items=tuple(
            ItemResult(key=product_key(number), outcome=outcome)
            for number, outcome in enumerate(outcomes)
        ),
        stop_reason=stop,
        failure=failure,
        attempts=attempts,
        started_at=NOON,
        finished_at=NOON,
        duration_s=1.0,
    )
