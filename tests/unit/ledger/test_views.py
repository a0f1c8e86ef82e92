from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from percenty_batch.errors import FailureKind
from percenty_batch.ledger import (
    AttemptRecord,
    BatchEnd,
    BatchPlan,
    BatchRecord,
    ItemRecord,
    JobEnd,
    JobRecord,
    RunRecord,
    Start,
    batch_result,
    job_result,
    log_gaps,
    run_results,
    worked_s,
)
from percenty_batch.models import (
    Failure,
    ItemOutcome,
    ItemResult,
    JobStatus,
    LogGap,
    Missing,
    StopReason,
    Totals,
    Verdict,
)
from tests.unit.jobs.builders import NOON, product_key
from tests.unit.jobs.ledgers import OURS, RUN

CUT_OFF = "프로그램이 도중에 종료되었습니다"
FAILURE = Failure(kind=FailureKind.TIMEOUT, message="응답이 없습니다")

moments = st.integers(0, 100_000).map(lambda seconds: NOON + timedelta(seconds=seconds))
failures = st.none() | st.builds(Failure, kind=st.sampled_from(FailureKind), message=st.text())
durations = st.floats(0, 1e6)


@st.composite
def item_records(draw: st.DrawFn, number: int) -> ItemRecord:
    """An item in flight, or with an outcome."""
    key = product_key(number)
    result = draw(
        st.none() | st.builds(ItemResult, key=st.just(key), outcome=st.sampled_from(ItemOutcome))
    )
    recorded_at = None if result is None else draw(moments)
    return ItemRecord(key=key, claimed_at=draw(moments), result=result, recorded_at=recorded_at)


@st.composite
def attempt_records(draw: st.DrawFn, number: int) -> AttemptRecord:
    started_at = draw(moments)
    return AttemptRecord(
        number=number,
        started_at=started_at,
        finished_at=draw(st.none() | st.just(started_at + timedelta(seconds=7))),
        failure=draw(failures),
    )


@st.composite
def job_records(draw: st.DrawFn) -> JobRecord:
    """Any history of a job: never begun, in any number of attempts, with or without an end."""
    requested = draw(st.integers(1, 8))
    attempts = draw(st.integers(0, 3))
    items = draw(st.integers(0, requested)) if attempts else 0
    return JobRecord(
        account=draw(st.sampled_from(["a@example.com", "b@example.com"])),
        requested=requested,
        attempts=tuple(draw(attempt_records(number + 1)) for number in range(attempts)),
        items=tuple(draw(item_records(number)) for number in range(items)),
        end=draw(
            st.none()
            | st.builds(
                JobEnd,
                stop_reason=st.sampled_from(StopReason),
                failure=failures,
                finished_at=moments,
                duration_s=durations,
            )
        ),
    )


ends = st.none() | st.builds(
    BatchEnd, finished_at=moments, duration_s=durations, halted=st.none() | st.text()
)


@st.composite
def batch_records(draw: st.DrawFn) -> BatchRecord:
    drawn = draw(st.lists(job_records(), min_size=1, max_size=3))
    jobs = tuple(replace(job, account=f"{n}@example.com") for n, job in enumerate(drawn))
    plan = BatchPlan(
        run_id=RUN.run_id,
        job_id="single_step_1_x",
        step="1",
        quantity=9,
        requested={job.account: job.requested for job in jobs},
        started_at=NOON,
    )
    return BatchRecord(plan=plan, jobs=jobs, end=draw(ends))


def adds_up(totals: Totals) -> bool:
    attempted = totals.done + totals.failed + totals.skipped + totals.unknown
    return totals.requested == attempted + totals.not_attempted and totals.not_attempted >= 0


@given(job=job_records())
def test_of_any_job_the_counts_add_up_to_what_was_requested(job: JobRecord) -> None:
    result = job_result(job, "1")
    assert result.requested == job.requested
    assert adds_up(result.totals)
    assert result.totals.not_attempted == job.requested - len(job.items)


@given(batch=batch_records())
def test_of_any_batch_the_counts_add_up_to_what_was_requested(batch: BatchRecord) -> None:
    result = batch_result(RUN, batch)
    assert adds_up(result.totals)
    assert result.totals == Totals.sum(job.totals for job in result.jobs)
    assert result.totals.requested == sum(job.requested for job in batch.jobs)
    assert [job.account for job in result.jobs] == list(batch.plan.accounts)


@given(job=job_records())
def test_every_item_is_told_with_its_own_outcome_and_one_in_flight_is_unknown(
    job: JobRecord,
) -> None:
    for record, item in zip(job.items, job_result(job, "1").items, strict=True):
        if record.result is not None:
            assert item == record.result
        else:
            assert (item.key, item.outcome) == (record.key, ItemOutcome.UNKNOWN)
            assert item.reason is not None


@given(job=job_records())
def test_a_job_that_was_begun_and_has_no_end_never_succeeded(job: JobRecord) -> None:
    result = job_result(job, "1")
    assert result.attempts == len(job.attempts)
    if job.end is not None:
        assert (result.stop_reason, result.failure) == (job.end.stop_reason, job.end.failure)
    elif job.attempts:
        assert result.failure == Failure(kind=FailureKind.UNKNOWN, message=CUT_OFF)
        assert result.status in {JobStatus.FAILED, JobStatus.PARTIAL}
    else:
        assert (result.status, result.failure) == (JobStatus.CANCELLED, None)


@given(batch=batch_records())
def test_a_batch_is_cut_off_exactly_when_it_has_no_end(batch: BatchRecord) -> None:
    result = batch_result(RUN, batch, resumptions=2)
    assert (result.is_cut_off, result.resumptions) == (batch.end is None, 2)
    assert result.stamp == RUN.stamp
    if batch.end is None:
        assert (result.interrupted_by, result.halted) == (None, None)
    else:
        assert result.finished_at == batch.end.finished_at
        assert (result.duration_s, result.halted) == (batch.end.duration_s, batch.end.halted)


@given(batch=batch_records())
def test_times_never_run_backwards(batch: BatchRecord) -> None:
    result = batch_result(RUN, batch)
    assert result.started_at <= result.finished_at
    assert result.duration_s >= 0
    assert all(job.duration_s >= 0 for job in result.jobs)


def at(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def cut_off_job() -> JobRecord:
    """Died 70 s after its first attempt began, in the middle of its second item."""
    done = ItemResult(key="a", outcome=ItemOutcome.DONE, moved_to="신규수집")
    return JobRecord(
        account="a@example.com",
        requested=5,
        attempts=(
            AttemptRecord(number=1, started_at=NOON, finished_at=NOON + at(20), failure=FAILURE),
            AttemptRecord(number=2, started_at=NOON + at(30)),
        ),
        items=(
            ItemRecord(key="a", claimed_at=NOON + at(40), result=done, recorded_at=NOON + at(60)),
            ItemRecord(key="b", claimed_at=NOON + at(70)),
        ),
    )


def test_a_job_that_was_cut_off_was_worked_on_until_its_last_sign_of_life() -> None:
    result = job_result(cut_off_job(), "1")

    assert (result.started_at, result.finished_at) == (NOON, NOON + at(70))
    assert (result.duration_s, result.attempts) == (20 + 40, 2)
    assert result.totals == Totals(requested=5, done=1, failed=0, skipped=0, unknown=1)
    assert result.items[1].reason == CUT_OFF
    assert (result.stop_reason, result.status) == (StopReason.ERROR, JobStatus.PARTIAL)


def test_the_time_between_a_death_and_the_next_attempt_is_not_counted() -> None:
    hours_later = AttemptRecord(number=3, started_at=NOON + at(9999), finished_at=NOON + at(10004))
    job = cut_off_job()

    assert worked_s(replace(job, attempts=(*job.attempts, hours_later))) == 20 + 40 + 5


def test_a_job_that_ended_tells_its_own_end() -> None:
    end = JobEnd(
        stop_reason=StopReason.DEADLINE,
        failure=FAILURE,
        finished_at=NOON + at(99),
        duration_s=50,
        source_before=9,
        source_after=7,
        evidence=("evidence/b.png",),
    )

    result = job_result(replace(cut_off_job(), end=end), "1")

    assert (result.finished_at, result.duration_s) == (NOON + at(99), 50)
    assert (result.source_before, result.source_after) == (9, 7)
    assert (result.stop_reason, result.failure) == (StopReason.DEADLINE, FAILURE)
    assert result.evidence == ("evidence/b.png",)
    assert result.items[1].reason == FAILURE.message


@pytest.mark.parametrize("has_end", [True, False])
def test_a_job_that_never_began_has_no_times(*, has_end: bool) -> None:
    end = JobEnd(stop_reason=StopReason.SITE_DOWN, failure=None, finished_at=NOON, duration_s=0)
    job = JobRecord(account="a@example.com", requested=3, end=end if has_end else None)

    result = job_result(job, "1")

    assert (result.attempts, result.started_at, result.finished_at) == (0, None, None)
    assert (result.status, result.totals.not_attempted) == (JobStatus.CANCELLED, 3)


PLAN = BatchPlan(
    run_id=RUN.run_id,
    job_id="single_step_1_x",
    step="1",
    quantity=5,
    requested={"a@example.com": 5},
    started_at=NOON - at(10),
)


def start(number: int, seconds: float) -> Start:
    return Start(number=number, owner=OURS, version="1", started_at=NOON + at(seconds))


def test_a_batch_that_was_cut_off_lasted_as_long_as_is_known() -> None:
    result = batch_result(RUN, BatchRecord(plan=PLAN, jobs=(cut_off_job(),)))

    assert (result.finished_at, result.duration_s) == (NOON + at(70), 80)
    assert (result.is_cut_off, result.verdict) == (True, Verdict.PARTIAL)


def test_the_hours_between_the_starts_of_a_run_are_no_time_of_its_batch() -> None:
    job = cut_off_job()
    later = AttemptRecord(number=3, started_at=NOON + at(9999), finished_at=NOON + at(10004))
    job = replace(job, attempts=(*job.attempts, later))
    batch = BatchRecord(plan=PLAN, jobs=(job,))

    (result,) = run_results(
        RunRecord(plan=RUN, starts=(start(1, -11), start(2, 9990)), batches=(batch,))
    )

    assert (result.duration_s, result.resumptions) == (80 + 5, 1)


def test_a_gap_in_the_logs_is_told_as_it_was_known_last() -> None:
    going_on = LogGap(missing=Missing.DEBUG, cause="가득", since=NOON, until=None, count=3)
    over = replace(going_on, until=NOON + at(60), count=9)
    other = replace(going_on, missing=Missing.TRACES)
    ends = [
        BatchEnd(finished_at=NOON, duration_s=1, gaps=gaps) for gaps in [(going_on, other), (over,)]
    ]
    batches = tuple(BatchRecord(plan=PLAN, jobs=(), end=end) for end in [*ends, None])

    assert log_gaps(RunRecord(plan=RUN, starts=(), batches=batches)) == (over, other)


def test_a_large_night_is_named_in_a_few_words() -> None:
    items = tuple(ItemRecord(key=product_key(n), claimed_at=NOON) for n in range(100))
    jobs = (JobRecord(account="a", requested=100, items=items),)
    record = RunRecord(plan=RUN, starts=(), batches=(BatchRecord(plan=PLAN, jobs=jobs),))

    for each in (record, run_results(record), jobs):
        assert product_key(1) not in repr(each)
