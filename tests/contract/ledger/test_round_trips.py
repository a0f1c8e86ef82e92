"""Whatever is written is read back as it was, from every ledger."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from percenty_batch.errors import FailureKind
from percenty_batch.ledger import (
    AttemptRecord,
    BatchEnd,
    BatchPlan,
    BatchRecord,
    Edit,
    ItemRecord,
    JobEnd,
    JobRecord,
    JobRef,
    Json,
    Ledger,
    Owner,
    RunPlan,
    RunRecord,
    Start,
    run_results,
)
from percenty_batch.models import (
    Failure,
    ItemOutcome,
    ItemResult,
    JobOutline,
    LogGap,
    Missing,
    Night,
    OnFailure,
    StopReason,
)
from tests.contract.ledger.conftest import OpenLedger
from tests.contract.ledger.examples import begun_job, taken

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
numbers = st.integers(0, 2**40)
seconds = st.floats(0, 1e7)
zones = st.sampled_from([UTC, timezone(timedelta(hours=9)), timezone(timedelta(hours=-3.5))])
times = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=zones)  # noqa: DTZ001
evidence = st.lists(texts, max_size=2).map(tuple)
jsons: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(texts, parts, max_size=3),
    max_leaves=5,
)


failures = st.builds(Failure, kind=st.sampled_from(FailureKind), message=texts)
owners = st.builds(Owner, place=texts, host=texts, pid=numbers, born=seconds, run_id=texts)
results = st.builds(
    ItemResult,
    key=texts,
    outcome=st.sampled_from(ItemOutcome),
    reason=st.none() | texts,
    kind=st.none() | st.sampled_from(FailureKind),
    moved_to=st.none() | texts,
    duration_s=seconds,
    evidence=evidence,
    amount=st.none() | numbers,
)
ends = st.builds(
    JobEnd,
    stop_reason=st.sampled_from(StopReason),
    failure=st.none() | failures,
    finished_at=times,
    duration_s=seconds,
    source_before=st.none() | numbers,
    source_after=st.none() | numbers,
    evidence=evidence,
)
gaps = st.builds(
    LogGap,
    missing=st.sampled_from(Missing),
    cause=texts,
    since=times,
    until=st.none() | times,
    count=numbers,
)
attempts = st.lists(
    st.tuples(times, st.none() | st.tuples(times, st.none() | failures)), max_size=3
)
items = st.lists(
    st.tuples(times, results, st.none() | times), max_size=4, unique_by=lambda each: each[1].key
)


@st.composite
def jobs(draw: st.DrawFn, account: str, requested: int) -> JobRecord:
    tried = tuple(
        AttemptRecord(
            number=number,
            started_at=begin,
            finished_at=end[0] if end else None,
            failure=end[1] if end else None,
        )
        for number, (begin, end) in enumerate(draw(attempts), 1)
    )
    worked = tuple(
        ItemRecord(
            key=result.key,
            claimed_at=claimed_at,
            result=result if recorded_at else None,
            recorded_at=recorded_at,
        )
        for claimed_at, result, recorded_at in draw(items)
    )
    return JobRecord(
        account=account,
        requested=requested,
        attempts=tried,
        items=worked,
        end=draw(st.none() | ends),
    )


@st.composite
def batches(draw: st.DrawFn, run_id: str, job_id: str) -> BatchRecord:
    requested = draw(st.dictionaries(texts, numbers, max_size=3))
    plan = BatchPlan(
        run_id=run_id,
        job_id=job_id,
        step=draw(texts),
        quantity=draw(st.none() | numbers),
        requested=requested,
        started_at=draw(times),
        round_number=draw(st.integers(1, 99)),
        on_failure=draw(st.sampled_from(OnFailure)),
    )
    end = st.builds(
        BatchEnd,
        finished_at=times,
        duration_s=seconds,
        interrupted_by=st.none() | st.integers(1, 64),
        halted=st.none() | texts,
        gaps=st.lists(gaps, max_size=2).map(tuple),
    )
    return BatchRecord(
        plan=plan,
        jobs=tuple(draw(jobs(account, count)) for account, count in requested.items()),
        end=draw(st.none() | end),
    )


@st.composite
def runs(draw: st.DrawFn) -> RunRecord:
    run_id = draw(texts)
    starts = tuple(
        Start(
            number=number,
            owner=draw(owners),
            version=draw(texts),
            started_at=draw(times),
            finished_at=draw(st.none() | times),
        )
        for number in range(1, draw(st.integers(1, 3)) + 1)
    )
    job_ids = draw(st.lists(texts, max_size=2, unique=True))
    return RunRecord(
        plan=RunPlan(
            run_id=run_id,
            stamp=draw(texts),
            host=draw(texts),
            logs_folder=draw(texts),
            site=draw(texts),
        ),
        starts=starts,
        batches=tuple(draw(batches(run_id, job_id)) for job_id in job_ids),
    )


async def write(ledger: Ledger, run: RunRecord) -> None:
    first, *later = run.starts
    await ledger.begin_run(run.plan, first)
    for start in later:
        await ledger.begin_start(run.plan.run_id, start)
    for batch in run.batches:
        await ledger.begin_batches([batch.plan])
        for job in batch.jobs:
            await write_job(ledger, batch.plan, job)
        if batch.end:
            await ledger.end_batch(batch.plan.run_id, batch.plan.job_id, batch.end)


async def write_job(ledger: Ledger, plan: BatchPlan, job: JobRecord) -> None:
    lease = await taken(ledger, job.account)
    ref = JobRef(
        run_id=plan.run_id, job_id=plan.job_id, step=plan.step, account=job.account, lease=lease
    )
    for attempt in job.attempts:
        await ledger.begin_attempt(ref, attempt.number, attempt.started_at)
        if attempt.finished_at:
            await ledger.end_attempt(ref, attempt.number, attempt.finished_at, attempt.failure)
    for item in job.items:
        await ledger.claim_item(ref, item.key, item.claimed_at)
        if item.result and item.recorded_at:
            await ledger.record_item(ref, item.result, item.recorded_at)
    if job.end:
        await ledger.end_job(ref, job.end)


def has_room(run: RunRecord) -> bool:
    """Whether every job was asked for as many items as it has."""
    return all(len(job.items) <= job.requested for batch in run.batches for job in batch.jobs)


def night_of(run: RunRecord) -> Night:
    """The night as the results with all items tell it."""
    jobs = (JobOutline.of(job) for result in run_results(run) for job in result.jobs)
    return Night(run_id=run.plan.run_id, stamp=run.plan.stamp, jobs=tuple(jobs))


several = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@several
@given(histories=st.lists(runs(), max_size=2, unique_by=lambda run: run.plan.run_id))
async def test_runs_are_read_back_as_they_were_written(
    open_new: OpenLedger, histories: list[RunRecord]
) -> None:
    async with open_new() as ledger:
        for run in histories:
            await write(ledger, run)
        for run in histories:
            assert await ledger.run(run.plan.run_id) == run
            for batch in run.batches:
                assert await ledger.batch(run.plan.run_id, batch.plan.job_id) == batch
            if has_room(run):
                assert await ledger.night(run.plan.run_id) == night_of(run)


@several
@given(made=st.lists(st.tuples(texts, jsons, st.booleans()), unique_by=lambda edit: edit[0]))
async def test_edits_are_read_back_as_they_were_written(
    open_new: OpenLedger, made: list[tuple[str, Json, bool]]
) -> None:
    edits = [Edit(action=name, intended=json, is_done=is_done) for name, json, is_done in made]
    async with open_new() as ledger:
        job = await begun_job(ledger)
        for edit in edits:
            await ledger.intend(job, "k", edit)
        assert list(await ledger.edits(job, "k")) == edits
