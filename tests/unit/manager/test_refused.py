"""An account that the site refused needs a person before it is tried again."""

import pytest

from percenty_batch.errors import FailureKind
from percenty_batch.jobs import SIGN_IN_REFUSED
from percenty_batch.ledger import AttemptRecord, BatchPlan, BatchRecord, JobEnd, JobRecord
from percenty_batch.manager import refused_accounts
from percenty_batch.manager.resumption import batches_to_resume
from percenty_batch.models import Failure, StopReason
from tests.unit.jobs.builders import NOON
from tests.unit.jobs.ledgers import JOB_ID, RUN_ID

ONE = "user1@example.com"


def batch(kind: FailureKind) -> BatchRecord:
    """A batch whose only account ended in this failure."""
    end = job_end(StopReason.ERROR, Failure(kind=kind, message="이유"))
    attempt = AttemptRecord(number=1, started_at=NOON, finished_at=NOON)
    job = JobRecord(account=ONE, requested=3, attempts=(attempt,), end=end)
    return BatchRecord(plan=plan(JOB_ID), jobs=(job,))


def next_batch() -> BatchRecord:
    """The next step of the same round, which was not begun."""
    job = JobRecord(account=ONE, requested=3, end=job_end(StopReason.EARLIER_STEP, None))
    return BatchRecord(plan=plan("the next"), jobs=(job,))


def plan(job_id: str) -> BatchPlan:
    return BatchPlan(
        run_id=RUN_ID, job_id=job_id, step="1", quantity=3, requested={ONE: 3}, started_at=NOON
    )


def job_end(reason: StopReason, failure: Failure | None) -> JobEnd:
    return JobEnd(stop_reason=reason, failure=failure, finished_at=NOON, duration_s=1.0)


def accounts(*batches: BatchRecord, retry_refused: bool = False) -> list[tuple[str, ...]]:
    left = batches_to_resume(batches, retry_refused=retry_refused)
    return [each.accounts for each in left]


@pytest.mark.parametrize("kind", sorted(SIGN_IN_REFUSED))
def test_a_refused_account_is_resumed_only_when_a_person_says_so(kind: FailureKind) -> None:
    round_of_two = [batch(kind), next_batch()]

    assert refused_accounts(round_of_two) == (ONE,)
    assert accounts(*round_of_two) == [(), ()]  # only their own ends are missing
    assert accounts(*round_of_two, retry_refused=True) == [(ONE,), (ONE,)]


@pytest.mark.parametrize("kind", sorted(set(FailureKind) - SIGN_IN_REFUSED))
def test_every_other_failed_account_is_resumed_with_the_steps_after_it(kind: FailureKind) -> None:
    assert refused_accounts([batch(kind)]) == ()
    assert accounts(batch(kind), next_batch()) == [(ONE,), (ONE,)]
