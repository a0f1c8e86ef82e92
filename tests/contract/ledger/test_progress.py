"""How far a run is, and wishes to stop it, from every ledger."""

import pytest

from percenty_batch.errors import LedgerError
from percenty_batch.ledger import JobProgress, Ledger, StopRequest
from percenty_batch.models import ItemOutcome
from tests.contract.ledger.examples import (
    BEGIN,
    END,
    FAILURE,
    JOB,
    RUN,
    STEP,
    A,
    B,
    after,
    begun_job,
    item,
    run_plan,
    start,
)

REQUEST = StopRequest(number=1, who="대시보드", at=after(5))


async def jobs(ledger: Ledger, since: float = 0) -> dict[str, JobProgress]:
    progress = await ledger.progress(RUN, after(since))
    assert progress is not None
    assert progress.plan == run_plan()
    assert progress.starts == (start(),)
    assert [(batch.job_id, batch.step) for batch in progress.batches] == [(JOB, STEP)]
    return {job.outline.account: job for job in progress.jobs}


async def test_a_job_that_was_not_begun_has_no_times(ledger: Ledger) -> None:
    await begun_job(ledger)
    found = await jobs(ledger)
    assert [*found] == [B, A]
    assert (found[B].begun_at, found[B].last_at, found[B].ended_at) == (None, None, None)
    assert (found[B].outline.attempts, found[B].outline.totals.requested) == (0, 5)


async def test_a_job_at_work_tells_its_items_and_its_last_sign_of_life(ledger: Ledger) -> None:
    job = await begun_job(ledger)
    await ledger.begin_attempt(job, 1, after(1))
    await ledger.end_attempt(job, 1, after(2), FAILURE)
    await ledger.begin_attempt(job, 2, after(3))
    await ledger.record_item(job, item("1"), after(4))
    await ledger.record_item(job, item("2", ItemOutcome.FAILED), after(6))
    await ledger.claim_item(job, "3", after(7))

    at_work = (await jobs(ledger, since=5))[A]

    totals = at_work.outline.totals
    assert (totals.done, totals.failed, totals.unknown, totals.not_attempted) == (1, 1, 1, 0)
    assert at_work.outline.attempts == 2
    assert (at_work.begun_at, at_work.last_at, at_work.ended_at) == (after(1), after(7), None)
    assert at_work.recent == 1


async def test_a_job_that_has_ended_tells_when_and_why(ledger: Ledger) -> None:
    job = await begun_job(ledger)
    await ledger.begin_attempt(job, 1, after(1))
    await ledger.end_job(job, END)

    ended = (await jobs(ledger))[A]

    assert (ended.ended_at, ended.outline.failure) == (END.finished_at, FAILURE)


async def test_what_is_known_is_not_told_when_it_has_changed(ledger: Ledger) -> None:
    """Whatever was known, the answer is that of a first look; also of jobs that began or ended."""
    job = await begun_job(ledger)
    known = [None, await ledger.progress(RUN, BEGIN)]
    await ledger.begin_attempt(job, 1, after(1))
    await ledger.record_item(job, item("1"), after(2))
    known.append(await ledger.progress(RUN, BEGIN))
    await ledger.end_job(job, END)
    known.append(await ledger.progress(RUN, BEGIN))
    await ledger.begin_attempt(job, 2, after(5000))  # it is resumed
    known.append(await ledger.progress(RUN, after(5001)))
    await ledger.record_item(job, item("2"), after(5002))
    await ledger.end_job(job, END)

    for since in (BEGIN, after(5000), after(9000)):
        first = await ledger.progress(RUN, since)
        for each in known:
            assert await ledger.progress(RUN, since, each) == first


async def test_a_run_that_is_not_there_has_no_progress(ledger: Ledger) -> None:
    assert await ledger.progress(RUN, BEGIN) is None


async def test_runs_are_listed_from_any_place_on(ledger: Ledger) -> None:
    for run_id in ("2", "3", "1"):
        await ledger.begin_run(run_plan(run_id), start())

    assert [plan.run_id for plan, _ in await ledger.runs(2)] == ["1", "3"]
    assert [plan.run_id for plan, _ in await ledger.runs(2, before="3")] == ["2"]
    assert await ledger.runs(2, before="unheard of") == ()


async def test_who_asked_first_is_remembered(ledger: Ledger) -> None:
    await ledger.begin_run(run_plan(), start())
    assert await ledger.stop_request(RUN, 1) is None

    await ledger.ask_to_stop(RUN, REQUEST)
    await ledger.ask_to_stop(RUN, StopRequest(number=1, who="later", at=after(9)))

    assert await ledger.stop_request(RUN, 1) == REQUEST


async def test_a_wish_is_for_one_start_of_the_run(ledger: Ledger) -> None:
    await ledger.begin_run(run_plan(), start())
    await ledger.ask_to_stop(RUN, REQUEST)
    await ledger.begin_start(RUN, start(2))
    assert await ledger.stop_request(RUN, 2) is None


async def test_a_start_that_is_not_there_cannot_be_asked(ledger: Ledger) -> None:
    await ledger.begin_run(run_plan(), start())
    with pytest.raises(LedgerError):
        await ledger.ask_to_stop(RUN, StopRequest(number=2, who="x", at=BEGIN))
