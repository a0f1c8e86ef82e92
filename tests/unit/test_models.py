from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from percenty_batch.errors import FailureKind
from percenty_batch.models import (
    Account,
    BatchResult,
    Failure,
    ItemOutcome,
    ItemResult,
    JobResult,
    JobStatus,
    StopReason,
    Totals,
    Verdict,
)
from tests.unit.jobs.builders import NOON, job_result, product_key

DONE, FAILED, SKIPPED, UNKNOWN = ItemOutcome
FAILURE = Failure(kind=FailureKind.TIMEOUT, message="늦음")
CLEAN_STOPS = (
    StopReason.QUANTITY_REACHED,
    StopReason.SOURCE_EMPTY,
    StopReason.BUDGET_REACHED,
    StopReason.QUOTA_REACHED,
)
GIVEN_UP = (
    StopReason.CANCELLED,
    StopReason.SITE_DOWN,
    StopReason.HALTED,
    StopReason.DEADLINE,
    StopReason.EARLIER_STEP,
)
TROUBLED_STOPS = (StopReason.ERROR,)
outcomes_of_items = st.lists(st.sampled_from(ItemOutcome), max_size=20)


def items_with(outcomes: Iterable[ItemOutcome]) -> tuple[ItemResult, ...]:
    return tuple(
        ItemResult(key=product_key(number), outcome=outcome)
        for number, outcome in enumerate(outcomes)
    )


def add_up(totals: Totals) -> int:
    attempted = totals.done + totals.failed + totals.skipped + totals.unknown
    return attempted + totals.not_attempted


@given(outcomes=outcomes_of_items, spare=st.integers(0, 1000))
def test_every_requested_item_is_counted_exactly_once(
    outcomes: list[ItemOutcome], spare: int
) -> None:
    totals = Totals.of_items(len(outcomes) + spare, items_with(outcomes))

    assert totals.requested == add_up(totals) == len(outcomes) + spare
    assert totals.not_attempted == spare
    assert [totals.done, totals.failed, totals.skipped, totals.unknown] == [
        outcomes.count(outcome) for outcome in (DONE, FAILED, SKIPPED, UNKNOWN)
    ]


@given(parts=st.lists(outcomes_of_items, max_size=5))
def test_totals_of_parts_are_the_totals_of_the_whole(parts: list[list[ItemOutcome]]) -> None:
    whole = [outcome for part in parts for outcome in part]

    summed = Totals.sum(Totals.of_items(len(part) + 1, items_with(part)) for part in parts)

    assert summed == Totals.of_items(len(whole) + len(parts), items_with(whole))


def test_more_outcomes_than_requested_items_are_refused() -> None:
    with pytest.raises(ValueError, match="2 items attempted, but only 1 requested"):
        Totals.of_items(1, items_with([DONE, DONE]))


@pytest.mark.parametrize("stop", CLEAN_STOPS)
@pytest.mark.parametrize(
    ("outcomes", "failure", "status"),
    [
        ([], None, JobStatus.SUCCEEDED),
        ([DONE, SKIPPED], None, JobStatus.SUCCEEDED),
        ([DONE, FAILED], None, JobStatus.PARTIAL),
        ([DONE, UNKNOWN], None, JobStatus.PARTIAL),
        ([DONE], FAILURE, JobStatus.PARTIAL),
        ([FAILED], None, JobStatus.FAILED),
        ([UNKNOWN, SKIPPED], None, JobStatus.FAILED),
        ([], FAILURE, JobStatus.FAILED),
    ],
)
def test_a_job_that_came_to_its_end_is_judged_by_its_items(
    stop: StopReason, outcomes: list[ItemOutcome], failure: Failure | None, status: JobStatus
) -> None:
    assert job_result(outcomes, stop=stop, failure=failure).status is status


@pytest.mark.parametrize("stop", TROUBLED_STOPS)
@pytest.mark.parametrize(
    ("outcomes", "status"),
    [([DONE], JobStatus.PARTIAL), ([FAILED], JobStatus.FAILED), ([], JobStatus.FAILED)],
)
def test_a_job_that_was_cut_short_never_succeeds(
    stop: StopReason, outcomes: list[ItemOutcome], status: JobStatus
) -> None:
    assert job_result(outcomes, stop=stop).status is status


@pytest.mark.parametrize("stop", GIVEN_UP)
@pytest.mark.parametrize("outcomes", [[], [DONE], [DONE, FAILED], [UNKNOWN]])
def test_a_job_that_was_given_up_is_cancelled_whatever_it_did(
    stop: StopReason, outcomes: list[ItemOutcome]
) -> None:
    assert job_result(outcomes, stop=stop).status is JobStatus.CANCELLED


@pytest.mark.parametrize("stop", GIVEN_UP)
@pytest.mark.parametrize(
    ("outcomes", "status"), [([DONE], JobStatus.PARTIAL), ([UNKNOWN], JobStatus.FAILED)]
)
def test_a_job_that_was_given_up_for_its_own_failure_is_none_of_the_cancelled(
    stop: StopReason, outcomes: list[ItemOutcome], status: JobStatus
) -> None:
    assert job_result(outcomes, stop=stop, failure=FAILURE).status is status


def test_every_stop_reason_is_in_one_of_the_tables_above() -> None:
    tables = (*CLEAN_STOPS, *GIVEN_UP, *TROUBLED_STOPS)
    assert sorted(tables) == sorted(StopReason)


def test_an_account_that_was_never_opened_has_attempted_nothing() -> None:
    job = JobResult.not_begun("a@example.com", "1", 7, reason=StopReason.SITE_DOWN)

    assert (job.attempts, job.started_at, job.finished_at) == (0, None, None)
    assert (job.status, job.totals.not_attempted) == (JobStatus.CANCELLED, 7)


SUCCEEDED_JOB = job_result([DONE])
EMPTY_JOB = job_result([], stop=StopReason.SOURCE_EMPTY)
PARTIAL_JOB = job_result([DONE, FAILED])
FAILED_JOB = job_result([FAILED])
NEVER_OPENED = job_result([], stop=StopReason.ERROR, failure=FAILURE, attempts=0)
STOPPED_JOB = job_result([], stop=StopReason.CANCELLED)
STOPPED_AFTER_ONE = job_result([DONE], stop=StopReason.CANCELLED)


@pytest.mark.parametrize(
    ("jobs", "verdict"),
    [
        ([SUCCEEDED_JOB, EMPTY_JOB], Verdict.SUCCESS),
        ([SUCCEEDED_JOB, FAILED_JOB], Verdict.PARTIAL),
        ([EMPTY_JOB, NEVER_OPENED], Verdict.PARTIAL),
        ([PARTIAL_JOB], Verdict.PARTIAL),
        ([STOPPED_AFTER_ONE], Verdict.PARTIAL),
        ([FAILED_JOB, NEVER_OPENED], Verdict.FAILED),
        ([STOPPED_JOB], Verdict.FAILED),
    ],
)
def test_the_verdict_is_success_only_when_every_account_succeeded(
    jobs: list[JobResult], verdict: Verdict
) -> None:
    assert batch(jobs).verdict is verdict


def test_a_batch_could_run_when_at_least_one_account_was_opened() -> None:
    assert batch([NEVER_OPENED, FAILED_JOB]).could_run
    assert not batch([NEVER_OPENED]).could_run


def test_a_batch_adds_up_its_jobs() -> None:
    totals = batch([SUCCEEDED_JOB, PARTIAL_JOB]).totals
    assert (totals.requested, totals.done, totals.failed) == (3, 2, 1)


def test_a_password_is_not_in_an_accounts_repr() -> None:
    assert "canary" not in repr(Account(id="a@example.com", password="canary"))


def batch(jobs: list[JobResult]) -> BatchResult:
    return BatchResult(
        job_id="single_step_1_20241201_120000",
        step="1",
        stamp="20241201_120000",
        jobs=tuple(jobs),
        started_at=NOON,
        finished_at=NOON,
        duration_s=1.0,
    )
