"""An account that the site refused needs a person before it is tried again."""

import pytest

from percenty_batch.errors import FailureKind
from percenty_batch.jobs import SIGN_IN_REFUSED
from percenty_batch.ledger import AttemptRecord, BatchPlan, BatchRecord, JobEnd, JobRecord
from percenty_batch.manager import accounts_to_resume, has_open_ends, refused_accounts
from percenty_batch.models import Failure, StopReason
from tests.unit.jobs.builders import NOON
from tests.unit.jobs.ledgers import JOB_ID, RUN_ID

ONE = "user1@example.com"


def batch(kind: FailureKind) -> BatchRecord:
    """A batch that is over, whose only account ended in this failure."""
    job = JobRecord(
        account=ONE,
        requested=3,
        attempts=(AttemptRecord(number=1, started_at=NOON, finished_at=NOON),),
        end=JobEnd(
            stop_reason=StopReason.ERROR,
            failure=Failure(kind=kind, message="이유"),
            finished_at=NOON,
            duration_s=1.0,
        ),
    )
    plan = BatchPlan(
        run_id=RUN_ID, job_id=JOB_ID, step="1", quantity=3, requested={ONE: 3}, started_at=NOON
    )
    return BatchRecord(plan=plan, jobs=(job,))


@pytest.mark.parametrize("kind", sorted(SIGN_IN_REFUSED))
def test_a_refused_account_is_resumed_only_when_a_person_says_so(kind: FailureKind) -> None:
    ended = batch(kind)

    assert refused_accounts(ended) == (ONE,)
    assert accounts_to_resume(ended) == ()
    assert accounts_to_resume(ended, retry_refused=True) == (ONE,)
    assert has_open_ends(ended)  # the batch's own end is missing


@pytest.mark.parametrize("kind", sorted(set(FailureKind) - SIGN_IN_REFUSED))
def test_every_other_failed_account_is_resumed(kind: FailureKind) -> None:
    assert refused_accounts(batch(kind)) == ()
    assert accounts_to_resume(batch(kind)) == (ONE,)
